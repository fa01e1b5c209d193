"""Step 3, supply plan: production against demand and stock, by family and month, and whether it can be done."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import roles, suppliers
from simulator.faces.documents.paper import (
    COMPONENT,
    DAYS,
    FAMILY,
    HOURS,
    RESOURCE,
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
from simulator.faces.documents.phrases import hours, months, rule_name, units
from simulator.faces.documents.process import meets
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Message, Value, listed, msg, percent
from simulator.planning.supply_plan.cost_optimal import MISSING, missing_in_words
from simulator.results.reading import ratio
from simulator.results.reading.capacity import Load, Needs
from simulator.results.reading.month import SUPPLY, Month


def supply_plan(month: Month) -> Document:
    """The document of step 3."""
    sections = [_balance(month), _safety_stock(month), _rough_cut(month), _long_lead(month), suppliers.record(month)]
    kept = [section for section in sections if section]
    present = roles.AT_SUPPLY_PLAN if meets(month) else ()
    return Document("supply_plan", msg("Supply plan"), kept, month.date(SUPPLY), present)


def no_family_plan(month: Month) -> Message:
    """Give the reason for a missing production plan."""
    if not month.n.made.size:
        return msg("The company makes nothing itself: what it plans to buy is its supply plan.")
    return msg(
        "This process has no production plan of families: every item is replenished by its own rule ({rule}).",
        rule=rule_name(month.policy.products.name),
    )


def _balance(month: Month) -> Section:
    heading = msg("Production, demand and stock")
    if not month.has_family_plan:
        return Section(heading, roles.SCHEDULER, said(no_family_plan(month)))
    return Section(heading, roles.SCHEDULER, said(*_strategy(month)), [balance_grid(month)])


def _strategy(month: Month) -> Iterator[Message]:
    plan, near = month.projected, MEETING_MONTHS
    made, asked = plan.to_make[:near].sum(), plan.to_come[:near].sum()
    yield msg(
        "Strategy: {strategy}. Over {months} the plan makes {production} for a demand of {demand}, "
        "from an opening stock of {stock}.",
        strategy=rule_name(month.policy.supply_plan.name),
        months=months(month.ahead[:near]),
        production=units(made),
        demand=units(asked),
        stock=units(plan.opening.sum()),
    )
    yield msg(
        "Stock is what is on hand and in process less the backlog, of products made here, on the morning of {date}; "
        "of {month} only what is still to be made and to come counts from there on.",
        date=month.date(SUPPLY),
        month=month.ahead[0],
    )


def balance_grid(month: Month) -> Grid:
    """Wished and planned production, demand and stock by family, rolled forward."""
    plan, wished = month.projected, month.noted("wished")
    opening = np.concatenate([plan.opening[None], plan.closing[:-1]])
    safety = np.where(month.is_made, month.of(month.plans.safety_stock)[month.n.sold], 0.0)
    figures = {
        Figure(msg("wished production")): month.production if wished is None else wished,
        Figure(msg("approved production")): month.production,
        Figure(msg("opening stock")): opening,
        Figure(msg("+ still to be made")): plan.to_make,
        Figure(msg("- demand to come")): plan.to_come,
        Figure(msg("= closing stock")): plan.closing,
        Figure(msg("safety stock")): np.repeat(month.by_family(safety)[None], len(opening), axis=0),
    }
    totals = {figure: with_total(amount) for figure, amount in figures.items()}
    return by_month(msg("Family"), FAMILY, and_total(month.families), month.ahead, totals)


def _safety_stock(month: Month) -> Section:
    held = month.of(month.plans.safety_stock)[month.n.sold]
    daily = with_total(month.by_family(month.demand[:2].sum(axis=0))) / max(
        1.0, float(np.diff(month.days.month_start[[month.index, month.index + 2]])[0])
    )
    stock = with_total(month.by_family(held))
    figures = {
        Figure(msg("safety stock")): stock,
        Figure(msg("of demand"), DAYS): ratio(stock, daily),
        Figure(msg("at cost"), month.currency): with_total(month.by_family(held * month.n.unit_cost[month.n.sold, 0])),
    }
    grid = beside(msg("Safety stock of products"), FAMILY, and_total(month.families), figures, month.name)
    rule = msg("Rule: {rule}.", rule=rule_name(month.policy.safety_stock.name))
    return Section(msg("Safety stock"), roles.SCHEDULER, said(rule), [grid])


# --- capacity ---


def _rough_cut(month: Month) -> Section | None:
    if not (month.has_family_plan and month.n.resources):
        return None
    load = Load(month)
    share = ratio(load.approved, month.regular)
    figures = {
        Figure(msg("load of the wished plan"), HOURS): load.wished,
        Figure(msg("load of the approved plan"), HOURS): load.approved,
        Figure(msg("regular hours"), HOURS, names_unit=True): month.regular,
        Figure(msg("overtime possible"), HOURS): month.overtime_limit,
        Figure(msg("overtime authorised"), HOURS): month.overtime,
        Figure(msg("load of regular hours"), SHARE): share,
    }
    grid = by_month(msg("Resource"), RESOURCE, month.n.resources, month.ahead, figures)
    left = msg(
        "Of {month} the hours that are left on {date}, and the load of what is still to be made.",
        month=month.name,
        date=month.date(SUPPLY),
    )
    points = said(*_checked(month), *overloads(month, len(month.ahead)), left)
    return Section(msg("Rough-cut capacity"), roles.MANUFACTURING, points, [grid])


def _checked(month: Month) -> Iterator[Message]:
    missing = month.noted(MISSING)
    if missing is not None:
        yield missing_in_words(month.ahead, month.n.resources, missing)
    if month.policy.capacity.name == "none":
        yield msg("This process does not check capacity: the plan is passed on as it is, and the floor finds out.")


def overloads(month: Month, look: int) -> list[Message]:
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


def _overload(month: Month, load: Load, name: str, r: int, k: int, count: int) -> Message:
    """One overloaded resource in its worst month."""
    needed, regular, limit = load.wished[k, r], month.regular[k, r], load.limit[k, r]
    when: Value = month.ahead[k]
    if count == 2:
        when = msg("{month} and one other month", month=when)
    elif count > 2:
        when = msg("{month} and {n} other months", month=when, n=count - 1)
    return msg(
        "{resource} is overloaded in {months}: the wished plan needs {needed}, {share} of {regular} regular; {overtime}.",
        resource=name,
        months=when,
        needed=hours(needed),
        share=percent(needed / max(regular, TINY)),
        regular=hours(regular),
        overtime=_with_overtime(needed, regular, limit),
    )


def _with_overtime(needed: float, regular: float, limit: float) -> Message:
    """Say how far all overtime would go."""
    if limit <= regular:
        return msg("no overtime can be worked")
    if needed <= limit + 0.5:
        return msg("with all overtime there are {hours}, which is enough", hours=hours(limit))
    return msg(
        "with all overtime there are {hours}, {missing} too few", hours=hours(limit), missing=hours(needed - limit)
    )


def _long_lead(month: Month) -> Section | None:
    if not month.has_family_plan or not month.n.bill:
        return None
    short = shortest(month)
    if not short:
        text = msg("Parts on hand and on order feed the wished plan until new orders can come in.")
        return Section(msg("Long-lead parts"), roles.PURCHASING, said(text))
    names, first, most = zip(*short, strict=True)
    n = month.n
    lead = [n.lead_time[n.names.index(name), 0] for name in names]
    figures = {Figure(msg("lead time"), DAYS): np.array(lead), Figure(msg("short at most")): np.array(most)}
    texts = [
        msg("{item} is short from {month} on: {units} at most.", item=name, month=when, units=units(amount))
        for name, when, amount in short
    ]
    checked = "" if getattr(month.policy.capacity, "parts", False) else msg("This process does not check parts.")
    when_short = msg("{months}", months=listed(sorted(set(first))))
    grid = beside(msg("Parts that cannot come sooner"), COMPONENT, names, figures, when_short)
    return Section(msg("Long-lead parts"), roles.PURCHASING, said(checked, *texts), [grid])


def shortest(month: Month) -> list[tuple[str, str, float]]:
    """Long-lead parts that the wished plan lacks: name, first month, units at most; the largest first."""
    needs = Needs(month)
    found: dict[int, tuple[str, float]] = {}
    for k, item, amount in needs.short():
        first, most = found.get(item, (month.ahead[k], 0.0))
        found[item] = (first, max(most, amount))
    ordered = sorted(found.items(), key=lambda each: -each[1][1] * needs.cost[each[0]])
    return [(needs.names[item], first, most) for item, (first, most) in ordered]
