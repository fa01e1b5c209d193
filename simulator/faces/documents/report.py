"""Step 1, sales forecast report: last month against plan, how forecasts did, and what is expected."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.faces.documents import accuracy, market, roles
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
    with_total,
)
from simulator.faces.documents.phrases import BUDGET, against, units
from simulator.faces.documents.process import meets
from simulator.faces.documents.quality import quality
from simulator.kernel.messages import Message, Value, capital, listed, msg, number, percent
from simulator.kernel.units import Array
from simulator.results.reading import ratio
from simulator.results.reading.last_month import LastMonth, last_month
from simulator.results.reading.month import REPORT, Month

ACTUAL, PLANNED, BUDGETED = msg("actual"), msg("plan"), msg("budget")
ERROR = msg("Error (WMAPE)")

LEAST = 0.5
"""Units below which a plan is none, and nothing is held against it in percent."""


def sales_report(month: Month) -> Document:
    """The document of step 1."""
    sections = [
        _last_month(month),
        market.sales_and_customers(month),
        _accuracy(month),
        _next_month(month),
        _year_ahead(month),
    ]
    return Document(
        "sales_report",
        msg("Sales forecast report"),
        [section for section in sections if section],
        month.date(REPORT),
        roles.AT_REPORT if meets(month) else (),
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
    sold, shipped = last.sales.sum(), last.shipments.sum()
    yield msg(
        "Sales (orders due) were {units}, {plan} and {budget}.",
        units=units(sold),
        plan=against(sold, last.planned_sales.sum()),
        budget=against(sold, last.budget.sum(), BUDGET),
    )
    planned = last.plan.projected.shipments[last.ahead].sum() if last.now.has_family_plan else np.nan
    values: dict[str, Value] = {"units": units(shipped), "service": _service(last)}
    if np.isfinite(planned):
        yield msg("{units} were shipped, {plan}; {service}.", plan=against(shipped, planned), **values)
    else:
        yield msg("{units} were shipped; {service}.", **values)
    if last.now.has_family_plan:
        yield _production(last)
    yield msg(
        "The month closed with {stock} on hand and {owed} owed to customers.",
        stock=units(last.on_hand.sum()),
        owed=units(last.open_orders.sum()),
    )
    yield from quality(last)


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
    sold, planned = with_total(last.sales), with_total(last.planned_sales)
    yield beside(msg("Sales (orders due)"), FAMILY, names, {**_held(sold, planned), **budget}, last.name)
    shipped = with_total(last.shipments)
    service = {Figure(msg("served on the day"), SHARE): np.append(last.fill_rate, last.total_fill_rate)}
    if not month.has_family_plan:
        yield beside(msg("Shipments"), FAMILY, names, {Figure(ACTUAL): shipped, **service}, last.name)
        yield beside(msg("Stock and backlog"), FAMILY, names, {**_stock(last), **_owed(last)}, last.name)
        return
    plan = last.plan.projected
    shipments = {**_held(shipped, with_total(plan.shipments[last.ahead])), **service}
    yield beside(msg("Shipments"), FAMILY, names, shipments, last.name)
    made, asked = with_total(last.production), with_total(last.planned_production)
    yield beside(msg("Production (good units started)"), FAMILY, names, _held(made, asked), last.name)
    position = _held(with_total(last.position), with_total(plan.closing[last.ahead]))
    yield beside(msg("Stock of all products on hand at the end"), FAMILY, names, _stock(last), last.name)
    title = msg("Stock of made products, in process included and backlog taken off")
    yield beside(title, FAMILY, names, position, last.name)
    owed = _held(with_total(month.by_family(last.open_orders)), with_total(plan.backlog[last.ahead]))
    yield beside(msg("Backlog at the end"), FAMILY, names, {**owed, **_value(last, last.open_orders)}, last.name)


def _held(actual: Array, plan: Array) -> dict[Figure, Array]:
    """A quantity beside its plan."""
    share = np.where(plan > LEAST, ratio(actual, plan) - 1, np.nan)
    return {
        Figure(ACTUAL): actual,
        Figure(PLANNED): plan,
        Figure(msg("difference"), signed=True): actual - plan,
        Figure(msg("deviation"), SHARE, signed=True): share,
    }


def _stock(last: LastMonth) -> dict[Figure, Array]:
    month = last.now
    on_hand = with_total(month.by_family(last.on_hand))
    cost = with_total(month.by_family(last.on_hand * month.n.unit_cost[month.n.sold, 0]))
    return {
        Figure(msg("on hand")): on_hand,
        Figure(msg("at cost"), month.currency): cost,
        Figure(msg("lasts for at the demand plan"), DAYS): last.cover,
    }


def _owed(last: LastMonth) -> dict[Figure, Array]:
    return {Figure(msg("owed")): with_total(last.now.by_family(last.open_orders)), **_value(last, last.open_orders)}


def _value(last: LastMonth, products: Array) -> dict[Figure, Array]:
    month = last.now
    return {Figure(msg("at price"), month.currency): with_total(month.by_family(products * month.n.price[:, 0]))}


# --- forecasts ---


def _accuracy(month: Month) -> Section:
    heading, found = msg("Forecast accuracy, made at the start of the month before"), accuracy.records(month)
    if not found:
        return Section(heading, roles.DEMAND, said(msg("No forecast can be held against what came yet.")))
    names = and_total(month.families)
    grids = [
        beside(title, FAMILY, names, {Figure(stage, unit, signed): figure(r) for stage, r in found.items()})
        for title, unit, signed, figure in (
            (ERROR, SHARE, False, accuracy.Record.wmape),
            (msg("Bias, forecast less demand"), SHARE, True, accuracy.Record.bias),
            (msg("Tracking signal"), RATIO, True, accuracy.Record.tracking_signal),
        )
    ]
    return Section(heading, roles.DEMAND, said(*judged(month, found)), grids)


def judged(month: Month, found: dict[Message, accuracy.Record]) -> Iterator[Message]:
    """The record of the forecasts in sentences."""
    agreed = found[accuracy.AGREED]
    error, bias = agreed.wmape()[-1], agreed.bias()[-1]
    if not np.isfinite(error):
        yield msg(
            "Nothing fell due in the months that were forecast ({units}): there is no error to be told in percent.",
            units=units(agreed.by_family[0][:, -1].sum()),
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
    yield _other_stages(month, found)
    beyond = biased(month, found)
    if beyond:
        yield msg(
            "Biased beyond a tracking signal of {limit}: {families}.",
            limit=number(accuracy.ALARM),
            families=listed(
                msg("{family} ({signal})", family=name, signal=number(signal, 1, signed=True))
                for name, signal in beyond
            ),
        )


def _other_stages(month: Month, found: dict[Message, accuracy.Record]) -> Message:
    """By how much the forecasts missed that were not agreed on."""
    others = [
        msg("the {stage} one by {error}", stage=name, error=percent(r.wmape()[-1]))
        for name, r in found.items()
        if name != accuracy.AGREED
    ]
    if not others:
        return msg("The process keeps one forecast only: no sales team's own, nothing is blended.")
    first, *rest = others
    return msg("{stages}.", stages=listed([capital(first), *rest]))


def biased(month: Month, found: dict[Message, accuracy.Record]) -> list[tuple[str, float]]:
    """Families whose agreed forecast has a tracking signal beyond the alarm, with the signal."""
    if accuracy.AGREED not in found:
        return []
    signals = found[accuracy.AGREED].tracking_signal()
    return [(n, float(s)) for n, s in zip(month.families, signals, strict=False) if abs(s) > accuracy.ALARM]


def _next_month(month: Month) -> Section | None:
    stages = accuracy.next_month(month)
    if len(stages) < 2:
        return None
    names = and_total(month.families)
    figures = {Figure(stage): with_total(month.by_family(products)) for stage, products in stages.items()}
    title = msg("Forecast of {month} by stage", month=month.ahead[1])
    grid = beside(title, FAMILY, names, figures, month.ahead[1])
    return Section(msg("What is expected of next month, and by whom"), roles.DEMAND, (), [grid])


def _year_ahead(month: Month) -> Section:
    forecast = month.of(month.plans.forecast)
    names, figures = and_total(month.n.products), {Figure(msg("forecast")): with_total(forecast)}
    grid = by_month(msg("Agreed forecast by product"), PRODUCT, names, month.ahead, figures)
    return Section(msg("Sales plan, 12 months ahead"), roles.SALES, (), [grid])
