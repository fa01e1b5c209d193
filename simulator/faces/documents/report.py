"""Step 1, sales forecast report: last month against plan, how forecasts did, and what is expected."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.faces.documents import accuracy, market, roles
from simulator.faces.documents.last_month import LastMonth, last_month
from simulator.faces.documents.month import REPORT, Month
from simulator.faces.documents.paper import TOTAL, Document, Figure, Grid, Section, beside, by_month, said, with_total
from simulator.faces.documents.phrases import against, listed, percent, sentence, units
from simulator.faces.documents.process import meets
from simulator.faces.documents.quality import quality
from simulator.kernel.units import Array
from simulator.results.reading import ratio

SHARE = "share"

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
        "Sales forecast report",
        [section for section in sections if section],
        month.date(REPORT),
        roles.AT_REPORT if meets(month) else (),
    )


# --- last month ---


def _last_month(month: Month) -> Section:
    last, heading = last_month(month), "Last month against plan"
    if last is None:
        return Section(heading, roles.SOP, said("The run begins here: there is no month to look back on."))
    return Section(f"{heading}: {last.name}", roles.SOP, said(*performance(last)), list(_grids(last)))


def performance(last: LastMonth) -> Iterator[str]:
    """Last month in sentences."""
    sold, shipped = last.sales.sum(), last.shipments.sum()
    yield (
        f"Sales (orders due) were {units(sold)}, {against(sold, last.planned_sales.sum())} "
        f"and {against(sold, last.budget.sum(), 'budget')}."
    )
    planned = last.plan.projected.shipments[last.ahead].sum() if last.now.has_family_plan else np.nan
    plan = f", {against(shipped, planned)}" if np.isfinite(planned) else ""
    yield f"{sentence(units(shipped))} were shipped{plan}; {last.service}."
    if last.now.has_family_plan:
        made, kept = last.production.sum(), last.attainment
        by_family = f"; by family {percent(kept)} of the plan was kept" if np.isfinite(kept) else ""
        yield f"Production started {units(made)}, {against(made, last.planned_production.sum())}{by_family}."
    yield f"The month closed with {units(last.on_hand.sum())} on hand and {units(last.open_orders.sum())} owed to customers."
    yield from quality(last)


def _grids(last: LastMonth) -> Iterator[Grid]:
    month = last.now
    names = [*month.families, TOTAL]
    budget = {Figure("budget"): with_total(last.budget)} if np.isfinite(last.budget).all() else {}
    sold, planned = with_total(last.sales), with_total(last.planned_sales)
    yield beside("Sales (orders due)", "family", names, {**_held(sold, planned), **budget}, last.name)
    shipped = with_total(last.shipments)
    service = {Figure("served on the day", SHARE): np.append(last.fill_rate, last.total_fill_rate)}
    if not month.has_family_plan:
        yield beside("Shipments", "family", names, {Figure("actual"): shipped, **service}, last.name)
        yield beside("Stock and backlog", "family", names, {**_stock(last), **_owed(last)}, last.name)
        return
    plan = last.plan.projected
    yield beside(
        "Shipments", "family", names, {**_held(shipped, with_total(plan.shipments[last.ahead])), **service}, last.name
    )
    made, asked = with_total(last.production), with_total(last.planned_production)
    yield beside("Production (good units started)", "family", names, _held(made, asked), last.name)
    position = _held(with_total(last.position), with_total(plan.closing[last.ahead]))
    yield beside("Stock of all products on hand at the end", "family", names, _stock(last), last.name)
    title = "Stock of made products, in process included and backlog taken off"
    yield beside(title, "family", names, position, last.name)
    owed = _held(with_total(month.by_family(last.open_orders)), with_total(plan.backlog[last.ahead]))
    yield beside("Backlog at the end", "family", names, {**owed, **_value(last, last.open_orders)}, last.name)


def _held(actual: Array, plan: Array) -> dict[Figure, Array]:
    """A quantity beside its plan."""
    share = np.where(plan > LEAST, ratio(actual, plan) - 1, np.nan)
    return {
        Figure("actual"): actual,
        Figure("plan"): plan,
        Figure("difference", signed=True): actual - plan,
        Figure("deviation", SHARE, signed=True): share,
    }


def _stock(last: LastMonth) -> dict[Figure, Array]:
    month = last.now
    on_hand = with_total(month.by_family(last.on_hand))
    cost = with_total(month.by_family(last.on_hand * month.n.unit_cost[month.n.sold, 0]))
    return {
        Figure("on hand"): on_hand,
        Figure("at cost", month.currency): cost,
        Figure("lasts for at the demand plan", "days"): last.cover,
    }


def _owed(last: LastMonth) -> dict[Figure, Array]:
    return {Figure("owed"): with_total(last.now.by_family(last.open_orders)), **_value(last, last.open_orders)}


def _value(last: LastMonth, products: Array) -> dict[Figure, Array]:
    month = last.now
    return {Figure("at price", month.currency): with_total(month.by_family(products * month.n.price[:, 0]))}


# --- forecasts ---


def _accuracy(month: Month) -> Section:
    heading, found = "Forecast accuracy, made at the start of the month before", accuracy.records(month)
    if not found:
        return Section(heading, roles.DEMAND, said("No forecast can be held against what came yet."))
    names = [*month.families, TOTAL]
    grids = [
        beside(title, "family", names, {Figure(stage, unit, signed): figure(r) for stage, r in found.items()})
        for title, unit, signed, figure in (
            ("Error (WMAPE)", SHARE, False, lambda r: r.wmape(month)),
            ("Bias, forecast less demand", SHARE, True, accuracy.Record.bias),
            ("Tracking signal", "ratio", True, accuracy.Record.tracking_signal),
        )
    ]
    return Section(heading, roles.DEMAND, said(*judged(month, found)), grids)


def judged(month: Month, found: dict[str, accuracy.Record]) -> Iterator[str]:
    """The record of the forecasts in sentences."""
    agreed = found["agreed"]
    error, bias = agreed.wmape(month)[-1], agreed.bias()[-1]
    if not np.isfinite(error):
        foreseen = units(agreed.by_family[0][:, -1].sum())
        yield f"Nothing fell due in the months that were forecast ({foreseen}): there is no error to be told in percent."
        return
    yield (
        f"Over the last {agreed.months} months the agreed forecast missed by {percent(error)} (WMAPE) "
        f"and was {percent(abs(bias))} too {'high' if bias > 0 else 'low'}."
    )
    others = [f"the {name} one by {percent(r.wmape(month)[-1])}" for name, r in found.items() if name != "agreed"]
    if others:
        yield f"{sentence(listed(others))}."
    else:
        yield "The process keeps one forecast only: no sales team's own, nothing is blended."
    beyond = biased(month, found)
    if beyond:
        yield f"Biased beyond a tracking signal of {accuracy.ALARM:.0f}: {listed([f'{n} ({s:+.1f})' for n, s in beyond])}."


def biased(month: Month, found: dict[str, accuracy.Record]) -> list[tuple[str, float]]:
    """Families whose agreed forecast has a tracking signal beyond the alarm, with the signal."""
    if "agreed" not in found:
        return []
    signals = found["agreed"].tracking_signal()
    return [(n, float(s)) for n, s in zip(month.families, signals, strict=False) if abs(s) > accuracy.ALARM]


def _next_month(month: Month) -> Section | None:
    stages = accuracy.next_month(month)
    if len(stages) < 2:
        return None
    names = [*month.families, TOTAL]
    figures = {Figure(stage): with_total(month.by_family(products)) for stage, products in stages.items()}
    grid = beside(f"Forecast of {month.ahead[1]} by stage", "family", names, figures, month.ahead[1])
    return Section("What is expected of next month, and by whom", roles.DEMAND, (), [grid])


def _year_ahead(month: Month) -> Section:
    forecast = month.of(month.plans.forecast)
    grid = by_month(
        "Agreed forecast by product",
        "product",
        [*month.n.products, TOTAL],
        month.ahead,
        {Figure("forecast"): with_total(forecast)},
    )
    return Section("Sales plan, 12 months ahead", roles.SALES, (), [grid])
