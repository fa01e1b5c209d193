"""Step 3, supply plan: production against demand and stock, by family and month, and whether it can be done."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import roles, suppliers
from simulator.faces.documents.capacity import Load, Needs
from simulator.faces.documents.month import SUPPLY, Month
from simulator.faces.documents.paper import TOTAL, Document, Figure, Grid, Section, beside, by_month, said, with_total
from simulator.faces.documents.phrases import hours, listed, months, percent, sentence, units
from simulator.faces.documents.process import meets
from simulator.kernel.lanes import TINY
from simulator.planning.supply_plan.cost_optimal import MISSING, missing_in_words
from simulator.results.reading import ratio


def supply_plan(month: Month) -> Document:
    """The document of step 3."""
    sections = [_balance(month), _safety_stock(month), _rough_cut(month), _long_lead(month), suppliers.record(month)]
    kept = [section for section in sections if section]
    return Document(
        "supply_plan", "Supply plan", kept, month.date(SUPPLY), roles.AT_SUPPLY_PLAN if meets(month) else ()
    )


def no_family_plan(month: Month) -> str:
    """Why there is no production plan, where there is none."""
    if not month.n.made.size:
        return "The company makes nothing itself: what it plans to buy is its supply plan."
    return (
        "This process has no production plan of families: every item is replenished by its own rule "
        f"({month.policy.products.name.replace('-', ' ')})."
    )


def _balance(month: Month) -> Section:
    heading = "Production, demand and stock"
    if not month.has_family_plan:
        return Section(heading, roles.SCHEDULER, said(no_family_plan(month)))
    return Section(heading, roles.SCHEDULER, said(*_strategy(month)), [balance_grid(month)])


def _strategy(month: Month) -> Iterator[str]:
    strategy = month.policy.supply_plan.name.replace("-", " ")
    plan, near = month.projected, MEETING_MONTHS
    made, asked = plan.to_make[:near].sum(), plan.to_come[:near].sum()
    yield (
        f"Strategy: {strategy}. Over {months(month.ahead[:near])} the plan makes {units(made)} for a demand of {units(asked)}, "
        f"from an opening stock of {units(plan.opening.sum())}."
    )
    yield (
        "Stock is what is on hand and in process less the backlog, of products made here, on the morning of "
        f"{month.date(SUPPLY)}; of {month.ahead[0]} only what is still to be made and to come counts from there on."
    )


def balance_grid(month: Month) -> Grid:
    """Wished and planned production, demand and stock by family, rolled forward."""
    plan, wished = month.projected, month.noted("wished")
    opening = np.concatenate([plan.opening[None], plan.closing[:-1]])
    safety = np.where(month.is_made, month.of(month.plans.safety_stock)[month.n.sold], 0.0)
    figures = {
        Figure("wished production"): month.production if wished is None else wished,
        Figure("approved production"): month.production,
        Figure("opening stock"): opening,
        Figure("+ still to be made"): plan.to_make,
        Figure("- demand to come"): plan.to_come,
        Figure("= closing stock"): plan.closing,
        Figure("safety stock"): np.repeat(month.by_family(safety)[None], len(opening), axis=0),
    }
    totals = {figure: with_total(amount) for figure, amount in figures.items()}
    return by_month("Family", "family", [*month.families, TOTAL], month.ahead, totals)


def _safety_stock(month: Month) -> Section:
    rule = month.policy.safety_stock.name.replace("-", " ")
    held = month.of(month.plans.safety_stock)[month.n.sold]
    daily = with_total(month.by_family(month.demand[:2].sum(axis=0))) / max(
        1.0, float(np.diff(month.days.month_start[[month.index, month.index + 2]])[0])
    )
    stock = with_total(month.by_family(held))
    figures = {
        Figure("safety stock"): stock,
        Figure("of demand", "days"): ratio(stock, daily),
        Figure("at cost", month.currency): with_total(month.by_family(held * month.n.unit_cost[month.n.sold, 0])),
    }
    grid = beside("Safety stock of products", "family", [*month.families, TOTAL], figures, month.name)
    return Section("Safety stock", roles.SCHEDULER, said(f"Rule: {rule}."), [grid])


# --- capacity ---


def _rough_cut(month: Month) -> Section | None:
    if not (month.has_family_plan and month.n.resources):
        return None
    load = Load(month)
    share = ratio(load.approved, month.regular)
    figures = {
        Figure("load of the wished plan", "hours"): load.wished,
        Figure("load of the approved plan", "hours"): load.approved,
        Figure("regular hours", "hours"): month.regular,
        Figure("overtime possible", "hours"): month.overtime_limit,
        Figure("overtime authorised", "hours"): month.overtime,
        Figure("load of regular hours", "share"): share,
    }
    grid = by_month("Resource", "resource", month.n.resources, month.ahead, figures)
    left = f"Of {month.name} the hours that are left on {month.date(SUPPLY)}, and the load of what is still to be made."
    points = said(*_checked(month), *overloads(month, len(month.ahead)), left)
    return Section("Rough-cut capacity", roles.MANUFACTURING, points, [grid])


def _checked(month: Month) -> Iterator[str]:
    missing = month.noted(MISSING)
    if missing is not None:
        yield sentence(missing_in_words(month.ahead, month.n.resources, missing))
    if month.policy.capacity.name == "none":
        yield "This process does not check capacity: the plan is passed on as it is, and the floor finds out."


def overloads(month: Month, look: int) -> list[str]:
    """Each resource that the wished plan overloads, in words, in its worst month; first where most hours lack after all overtime."""
    load, told = Load(month), []
    over = load.overloaded(look)
    for r, name in enumerate(month.n.resources):
        mine = [k for k, resource in over if resource == r]
        if mine:
            k = max(mine, key=lambda k: float(load.wished[k, r] - month.regular[k, r]))
            lacking = max(float(load.wished[k, r] - load.limit[k, r]) for k in mine)
            told.append((lacking, _overload(month, load, name, r, k, len(mine))))
    return [text for _, text in sorted(told, key=lambda each: -each[0])]


def _overload(month: Month, load: Load, name: str, r: int, k: int, count: int) -> str:
    """One overloaded resource in its worst month."""
    needed, regular, limit = load.wished[k, r], month.regular[k, r], load.limit[k, r]
    others = f" and {count - 1} other months" if count > 2 else " and one other month" if count == 2 else ""
    enough = f"{hours(needed - limit)} too few" if needed > limit + 0.5 else "which is enough"
    extra = f"with all overtime there are {hours(limit)}, {enough}" if limit > regular else "no overtime can be worked"
    return (
        f"{sentence(name)} is overloaded in {month.ahead[k]}{others}: the wished plan needs {hours(needed)}, "
        f"{percent(needed / max(regular, TINY))} of {hours(regular)} regular; {extra}."
    )


def _long_lead(month: Month) -> Section | None:
    if not month.has_family_plan or not month.n.bill:
        return None
    short = shortest(month)
    if not short:
        text = "Parts on hand and on order feed the wished plan until new orders can come in."
        return Section("Long-lead parts", roles.PURCHASING, said(text))
    names, first, most = zip(*short, strict=True)
    n = month.n
    lead = [n.lead_time[n.names.index(name), 0] for name in names]
    figures = {Figure("lead time", "days"): np.array(lead), Figure("short at most"): np.array(most)}
    texts = [f"{sentence(name)} is short from {when} on: {units(u)} at most." for name, when, u in short]
    checked = "" if getattr(month.policy.capacity, "parts", False) else "This process does not check parts."
    grid = beside("Parts that cannot come sooner", "component", names, figures, listed(sorted(set(first))))
    return Section("Long-lead parts", roles.PURCHASING, said(checked, *texts), [grid])


def shortest(month: Month) -> list[tuple[str, str, float]]:
    """Long-lead parts that the wished plan lacks: name, first month, units at most; the largest first."""
    needs = Needs(month)
    found: dict[int, tuple[str, float]] = {}
    for k, item, amount in needs.short():
        first, most = found.get(item, (month.ahead[k], 0.0))
        found[item] = (first, max(most, amount))
    ordered = sorted(found.items(), key=lambda each: -each[1][1] * needs.cost[each[0]])
    return [(needs.names[item], first, most) for item, (first, most) in ordered]
