"""Step 1, sales forecast report: last month against plan, how forecasts did, and what is expected."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.faces.documents import roles
from simulator.faces.documents.assumed import failed_assumptions
from simulator.faces.documents.causes import plan_not_kept
from simulator.faces.documents.paper import (
    DAYS,
    FAMILY,
    PRODUCT,
    RATIO,
    SHARE,
    Document,
    Figure,
    Grid,
    Section,
    and_total,
    beside,
    by_month,
    said,
)
from simulator.faces.documents.phrases import BUDGET, TARGET, against, units
from simulator.kernel.messages import Message, Value, capital, listed, msg, number, percent
from simulator.kernel.units import Array
from simulator.results.reading import LITTLE, AgainstPlan, with_total
from simulator.results.reading.accuracy import FINAL, Record, biased, next_month, records
from simulator.results.reading.demand import loyalty, targets
from simulator.results.reading.last_month import LastMonth, last_month
from simulator.results.reading.month import REPORT, Month
from simulator.theory.tracking import ALARM

ACTUAL, PLANNED, BUDGETED = msg("actual"), msg("plan"), msg("budget")
ERROR = msg("Error (WMAPE)")
STAGES = {
    "naive": msg("naive"),
    "statistical": msg("statistical"),
    "sales": msg("sales team"),
    "marketing": msg("marketing"),
    "finance": msg("business plan"),
    "final": msg("agreed"),
}
"""Stages of the forecast chain, in order, and what the documents call them."""


def sales_report(month: Month) -> Document:
    """The document of step 1."""
    last = last_month(month)
    sections = [
        plan_not_kept(last) if last else None,
        _last_month(month),
        _targets_and_customers(month),
        failed_assumptions(month),
        _accuracy(month),
        _next_month(month),
        _year_ahead(month),
    ]
    return Document(
        "sales_report",
        msg("Sales forecast report"),
        [section for section in sections if section],
        month.date(REPORT),
        roles.AT_REPORT if month.has_meetings else (),
    )


# --- last month ---


def _last_month(month: Month) -> Section:
    last = last_month(month)
    if last is None:
        nothing = msg("The run begins here: there is no month to look back on.")
        return Section(msg("Last month against plan"), roles.SOP, said(nothing))
    heading = msg("Last month against plan: {month}", month=last.name)
    return Section(heading, roles.SOP, said(*performance(last)), list(_grids(last)))


def performance(last: LastMonth) -> Iterator[Message]:
    """Last month in sentences."""
    shipped = last.shipments.sum()
    yield sold(last)
    planned = last.planned_shipments.sum() if last.now.is_planned else np.nan
    values: dict[str, Value] = {"units": units(shipped), "service": _service(last)}
    if np.isfinite(planned):
        yield msg("{units} were shipped, {plan}; {service}.", plan=against(shipped, planned), **values)
    else:
        yield msg("{units} were shipped; {service}.", **values)
    if last.now.has_family_plan:
        yield _production(last)
    yield closed(last)
    yield from quality(last)


def sold(last: LastMonth) -> Message:
    """Hold last month's sales against plan and budget."""
    amount = last.sales.sum()
    return msg(
        "Sales (orders due) were {units}, {plan} and {budget}.",
        units=units(amount),
        plan=against(amount, last.planned_sales.sum()),
        budget=against(amount, last.budget.sum(), BUDGET),
    )


def closed(last: LastMonth) -> Message:
    """Say what was on hand and owed at last month's end."""
    return msg(
        "The month closed with {stock} on hand and {owed} owed to customers.",
        stock=units(last.on_hand.sum()),
        owed=units(last.open_orders.sum()),
    )


def _production(last: LastMonth) -> Message:
    made, kept = last.production.sum(), last.attainment
    values: dict[str, Value] = {"units": units(made), "plan": against(made, last.planned_production.sum())}
    if not np.isfinite(kept):
        return msg("Production started {units}, {plan}.", **values)
    return msg(
        "Production started {units}, {plan}; by family {share} of the plan was kept.", share=percent(kept), **values
    )


def _service(last: LastMonth) -> Message:
    """State the fill rate of last month; without demand there is none."""
    if not last.now.days.worked[last.index]:
        return msg("nobody worked, and nothing fell due")
    if not np.isfinite(last.total_fill_rate):
        return msg("nothing fell due")
    return msg(
        "{share} of demand was served on the day, the target is {target}",
        share=percent(last.total_fill_rate),
        target=percent(last.now.experiment.service_target),
    )


def _grids(last: LastMonth) -> Iterator[Grid]:
    month = last.now
    names = and_total(month.families)
    budget = {Figure(BUDGETED): with_total(last.budget)} if np.isfinite(last.budget).all() else {}
    sales = _held(last.sales, last.planned_sales)
    yield beside(msg("Sales (orders due)"), FAMILY, names, {**sales, **budget}, last.name)
    service = {Figure(msg("served on the day"), SHARE): last.fill_rates}
    if not month.is_planned:
        yield beside(
            msg("Shipments"), FAMILY, names, {Figure(ACTUAL): with_total(last.shipments), **service}, last.name
        )
        yield beside(msg("Stock and backlog"), FAMILY, names, {**_stock(last), **_owed(last)}, last.name)
        return
    shipments = {**_held(last.shipments, last.planned_shipments), **service}
    yield beside(msg("Shipments"), FAMILY, names, shipments, last.name)
    if month.has_family_plan:
        production = _held(last.production, last.planned_production)
        yield beside(msg("Production (good units started)"), FAMILY, names, production, last.name)
    yield beside(msg("Stock of all products on hand at the end"), FAMILY, names, _stock(last), last.name)
    title = msg("Stock of all products less what is owed")
    position = _held(last.position, last.planned_position)
    yield beside(title, FAMILY, names, position, last.name)
    owed = _held(last.owed, last.planned_backlog)
    yield beside(msg("Backlog at the end"), FAMILY, names, {**owed, **_value(last)}, last.name)


def _held(actual: Array, plan: Array) -> dict[Figure, Array]:
    """A quantity beside its plan, family by family and in total."""
    held = AgainstPlan(with_total(actual), with_total(plan))
    return {
        Figure(ACTUAL): held.actual,
        Figure(PLANNED): held.plan,
        Figure(msg("difference"), signed=True): held.difference,
        Figure(msg("deviation"), SHARE, signed=True): held.deviation,
    }


def _stock(last: LastMonth) -> dict[Figure, Array]:
    return {
        Figure(msg("on hand")): with_total(last.stock),
        Figure(msg("at cost"), last.now.currency): with_total(last.stock_at_cost),
        Figure(msg("lasts for at the demand plan"), DAYS): last.cover,
    }


def _owed(last: LastMonth) -> dict[Figure, Array]:
    return {Figure(msg("owed")): with_total(last.owed), **_value(last)}


def _value(last: LastMonth) -> dict[Figure, Array]:
    return {Figure(msg("at price"), last.now.currency): with_total(last.owed_at_price)}


def quality(last: LastMonth) -> Iterator[Message]:
    """Last month's quality in sentences; none where the company does not describe it."""
    finished, repaired = last.lots("finished"), last.lots("repaired")
    if finished.sum():
        done, planned = last.yields
        yield msg(
            "Of {units} finished {good} were good at first; with {repaired} repaired the yield was {done}, "
            "the plan counts on {planned}.",
            units=units(finished.sum()),
            good=percent(last.measured("first_pass_yield")),
            repaired=units(repaired.sum()),
            done=percent(done),
            planned=percent(planned),
        )
    back = last.now.memo("sent_back", *last.span)
    if back is not None and back.sum():
        yield msg(
            "Customers sent back {units}, which is {share} of what was shipped.",
            units=units(back.sum()),
            share=percent(last.measured("return_rate")),
        )
    if "expired" in last.now.books.flows and last.now.n.perishable.size:
        expired = last.now.flow("expired", *last.span).sum()
        yield msg("{units} were past their shelf life and thrown away.", units=units(expired))


def _targets_and_customers(month: Month) -> Section | None:
    """Report how the sales team stood against its targets last month, and how loyal customers are."""
    if month.index == 0:
        return None
    texts = [*_targets(month), *_loyalty(month)]
    return Section(msg("Targets and customers"), roles.SALES, said(*texts)) if texts else None


def _targets(month: Month) -> Iterator[Message]:
    for each in targets(month):
        facts: list[Value] = [
            msg(
                "Customers {segment} signed {units}, {against}",
                segment=each.segment,
                units=units(each.signed),
                against=against(each.signed, each.asked, TARGET),
            )
        ]
        if each.alerts:
            facts.append(msg("{n} weekly alerts were raised", n=number(each.alerts)))
        if each.pulled > LITTLE:
            facts.append(msg("{units} of them were pulled forward from this month", units=units(each.pulled)))
        if each.mended > LITTLE:
            facts.append(
                msg("sales managers acted on them: {units} were given earlier than planned", units=units(each.mended))
            )
        yield msg("{facts}.", facts=listed(facts, "; "))


def _loyalty(month: Month) -> Iterator[Message]:
    for each in loyalty(month):
        yield msg(
            "Loyalty of {segment} stands at {share}: {lost} of {customers} customers are lost.",
            segment=each.segment,
            share=percent(each.share),
            lost=number(each.lost),
            customers=number(each.customers),
        )


# --- forecasts ---


def _accuracy(month: Month) -> Section:
    heading, found = msg("Forecast accuracy, made at the start of the month before"), records(month)
    if not found:
        return Section(heading, roles.DEMAND, said(msg("No forecast can be held against what came yet.")))
    names = and_total(month.families)
    grids = [
        beside(title, FAMILY, names, {Figure(STAGES[stage], unit, signed): figure(r) for stage, r in found.items()})
        for title, unit, signed, figure in (
            (ERROR, SHARE, False, Record.wmape),
            (msg("Bias, forecast less demand"), SHARE, True, Record.bias),
            (msg("Tracking signal"), RATIO, True, Record.tracking_signal),
        )
    ]
    return Section(heading, roles.DEMAND, said(*_judged(month, found)), grids)


def _judged(month: Month, found: dict[str, Record]) -> Iterator[Message]:
    """The record of the forecasts in sentences."""
    agreed = found[FINAL]
    error, bias = agreed.wmape()[-1], agreed.bias()[-1]
    if not np.isfinite(error):
        yield msg(
            "Nothing fell due in the months that were forecast ({units}): there is no error to be told in percent.",
            units=units(agreed.forecast),
        )
        return
    values: dict[str, Value] = {"n": agreed.months, "error": percent(error), "bias": percent(abs(bias))}
    if bias > 0:
        text = msg(
            "Over the last {n} months the agreed forecast missed by {error} (WMAPE) and was {bias} too high.", **values
        )
    else:
        text = msg(
            "Over the last {n} months the agreed forecast missed by {error} (WMAPE) and was {bias} too low.", **values
        )
    yield text
    yield _other_stages(found)
    beyond = biased(month)
    if beyond:
        yield msg(
            "Biased beyond a tracking signal of {limit}: {families}.",
            limit=number(ALARM),
            families=listed(
                msg("{family} ({signal})", family=name, signal=number(signal, 1, signed=True))
                for name, signal in beyond
            ),
        )


def _other_stages(found: dict[str, Record]) -> Message:
    """By how much the forecasts missed that were not agreed on."""
    others = [
        msg("the {stage} one by {error}", stage=STAGES[name], error=percent(r.wmape()[-1]))
        for name, r in found.items()
        if name != FINAL
    ]
    if not others:
        return msg("The process keeps one forecast only: no sales team's own, nothing is blended.")
    first, *rest = others
    return msg("{stages}.", stages=listed([capital(first), *rest]))


def _next_month(month: Month) -> Section | None:
    stages = next_month(month)
    if len(stages) < 2:
        return None
    names = and_total(month.families)
    figures = {Figure(STAGES[stage]): with_total(month.by_family(products)) for stage, products in stages.items()}
    title = msg("Forecast of {month} by stage", month=month.ahead[1])
    grid = beside(title, FAMILY, names, figures, month.ahead[1])
    return Section(msg("What is expected of next month, and by whom"), roles.DEMAND, (), [grid])


def _year_ahead(month: Month) -> Section:
    forecast = month.of(month.plans.forecast)
    names, figures = and_total(month.n.products), {Figure(msg("forecast")): with_total(forecast)}
    grid = by_month(msg("Agreed forecast by product"), PRODUCT, names, month.ahead, figures)
    return Section(msg("Sales plan, 12 months ahead"), roles.SALES, (), [grid])
