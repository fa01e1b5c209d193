"""Step 4, pre-S&OP meeting: the minutes, item by item, each with its owner."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import accuracy, demand, report, roles, supply
from simulator.faces.documents.balance import SHORTAGE, balances
from simulator.faces.documents.capacity import Load, Needs
from simulator.faces.documents.issues import open_issues
from simulator.faces.documents.last_month import last_month
from simulator.faces.documents.month import PRE_MEETING, Month
from simulator.faces.documents.options import CRITERION, Options
from simulator.faces.documents.paper import Document, Figure, Grid, Point, Section, beside, said
from simulator.faces.documents.phrases import against, largest, listed, money, months, percent, sentence, units
from simulator.faces.documents.process import does_without, meets

LOOK = 3
"""Months ahead that the discussion is about."""


def pre_meeting(month: Month) -> Document:
    """The document of step 4."""
    items = (
        _performance, _demand, _risks, _constraints, _recommendations, _impact, _options, _recommendation, _agenda,
    )  # fmt: skip
    missing = does_without(month)
    before = [Section("The process", roles.SOP, said(missing))] if missing else []
    sections = [*before, *(item(month) for item in items)]
    present = roles.AT_PRE_MEETING if meets(month) else ()
    return Document("pre_meeting", "Pre-S&OP meeting", sections, month.date(PRE_MEETING), present)


def _performance(month: Month) -> Section:
    last = last_month(month)
    points = said(*report.performance(last)) if last else said("The run begins here: nothing to review.")
    return Section("Performance review", roles.SOP, points)


def _demand(month: Month) -> Section:
    near = months(month.ahead[:LOOK])
    plan = float(month.demand[:LOOK].sum())
    budget = float(month.budget[:LOOK].sum())
    points = said(
        f"Unconstrained demand for {near} is {units(plan)}, {against(plan, budget, 'the business plan')}.",
        demand.in_sight(month),
        demand.twice(month),
        *_moved(month),
    )
    return Section("Demand review", roles.DEMAND, points)


def _moved(month: Month) -> Iterator[str]:
    """Families whose demand plan moved most against the plan in force before."""
    day = month.held[PRE_MEETING]
    before = month.by_family(month.in_force(month.plans.demand, day)[:LOOK]).sum(axis=0)
    if not before.any():
        return
    change = month.by_family(month.demand[:LOOK]).sum(axis=0) - before
    moved = [f"{month.families[k]} {change[k]:+,.0f}" for k in largest(month.families, change)]
    if moved:
        yield f"Against the plan in force the demand plan moved by {change.sum():+,.0f} units: {listed(moved)}."


def _risks(month: Month) -> Section:
    return Section("Assumptions and risks", roles.SOP, said(*_assumed(month), *_risky(month)))


def _assumed(month: Month) -> Iterator[str]:
    over = (
        1
        - float(month.days.worked_so_far[month.span(month.index)[1]] - month.days.worked_so_far[month.due])
        / month.working[0]
    )
    yield (
        f"What is decided is to hold from {month.days.date(month.due)}, when {percent(over)} of {month.name} is over; "
        "suppliers are taken to deliver at their mean lead times."
    )
    kept = float(np.where(month.is_made, month.of(month.plans.safety_stock)[month.n.sold], 0.0).sum())
    rule = month.policy.safety_stock.name.replace("-", " ")
    yield f"Safety stock of products made here is {units(kept)}, by the rule {rule}."


def _risky(month: Month) -> Iterator[str]:
    found = accuracy.records(month)
    if "agreed" in found:
        error = float(found["agreed"].wmape(month)[-1])
        if np.isfinite(error):
            yield (
                f"Forecasts missed by {percent(error)} lately: of next month's {units(month.demand[1].sum())} some "
                f"{units(error * month.demand[1].sum())} may fall elsewhere among the products."
            )
    parts = demand.parts(month)
    if parts and parts["imminent projects"].sum() > 0.5:
        weighted = float(parts["imminent projects"].sum())
        yield f"Projects stand in the plan with {units(weighted)}, weighted by their chance: each is won whole or lost whole."


def _constraints(month: Month) -> Section:
    heading, owner = "Constrained resources", f"{roles.MANUFACTURING}, {roles.PURCHASING}"
    if not month.has_family_plan:
        return Section(heading, owner, said(supply.no_family_plan(month)))
    over = supply.overloads(month, MEETING_MONTHS)
    points = [Point(text, roles.MANUFACTURING) for text in over or [_slack(month)]]
    short = supply.shortest(month)
    points += [
        Point(f"{sentence(name)} is short from {when} on, by {units(most)} at most.", roles.PURCHASING)
        for name, when, most in short
    ]
    if not short:
        points.append(Point("No long-lead part holds the plan up.", roles.PURCHASING))
    return Section(heading, owner, points)


def _slack(month: Month) -> str:
    """Nothing is overloaded: how near the fullest resource comes."""
    if not month.n.resources:
        return "No resource limits production."
    share = Load(month).wished[:MEETING_MONTHS] / np.maximum(month.regular[:MEETING_MONTHS], 1e-9)
    k, r = np.unravel_index(int(np.argmax(share)), share.shape)
    fullest, when = month.n.resources[int(r)], month.ahead[int(k)]
    return f"No resource is overloaded; the fullest is {fullest} with {percent(float(share[k, r]))} of its regular hours in {when}."


def _recommendations(month: Month) -> Section:
    found = balances(month)
    points = [Point(" ".join(balance.sentences()), roles.SCHEDULER) for balance in found]
    points += [Point(text, roles.PURCHASING) for text in _purchases(month)]
    short = [balance for balance in found if balance.rule == SHORTAGE]
    grids = [balance.must_meet_grid() for balance in short]
    points += [Point(balance.ranking(), roles.SERVICE) for balance in short]
    return Section("Capacity and purchase recommendations", f"{roles.SCHEDULER}, {roles.PURCHASING}", points, grids)


def _purchases(month: Month) -> Iterator[str]:
    needs = Needs(month)
    if not needs.names:
        return
    near = needs.to_buy[:LOOK].sum(axis=0)
    value = near * needs.cost
    top = [f"{needs.names[k]} {near[k]:,.0f}" for k in largest(needs.names, value)]
    detail = f": above all {listed(top)}" if top else ""
    yield (
        f"What must still be ordered to come in by the end of {month.ahead[LOOK - 1]} is worth "
        f"{money(float(value.sum()), month.currency)}{detail}."
    )


def _impact(month: Month) -> Section:
    return Section("Business impact", f"{roles.FINANCE}, {roles.SERVICE}", [*_money(month), *_service(month)])


def _money(month: Month) -> Iterator[Point]:
    n, near = month.n, slice(0, LOOK)
    price, cost = n.price[:, 0], n.unit_cost[n.sold, 0]
    sales = float((month.demand[near] * price).sum())
    margin = sales - float((month.demand[near] * cost).sum())
    budget = float((month.budget[near] * price).sum())
    yield Point(
        f"Demand of {months(month.ahead[near])} is worth {money(sales, month.currency)} in sales, "
        f"{against(sales, budget, 'the business plan')}, and {money(margin, month.currency)} in margin.",
        roles.FINANCE,
    )
    if month.has_family_plan:
        value = month.projected.stock @ month.unit_cost
        yield Point(
            f"Stock of made products goes from {money(float(np.maximum(month.projected.opening, 0) @ month.unit_cost), month.currency)} "
            f"to {money(float(value[LOOK - 1]), month.currency)} at cost by the end of {month.ahead[LOOK - 1]}.",
            roles.FINANCE,
        )


def _service(month: Month) -> Iterator[Point]:
    day = month.held[PRE_MEETING]
    owed = month.morning("backlog", day).sum(axis=1)
    who = [f"{name} {amount:,.0f}" for name, amount in zip(month.n.segments, owed, strict=True) if amount > 0.5]
    yield Point(f"Customers are owed {units(owed.sum())} today{': ' + listed(who) if who else ''}.", roles.SERVICE)
    if month.has_family_plan:
        ahead = month.projected.backlog[:LOOK].sum(axis=1)
        worst = int(np.argmax(ahead))
        owed = f"{units(ahead[worst])} owed at the end of {month.ahead[worst]}"
        expected = owed if ahead[worst] > 0.5 else "no backlog"
        if month.policy.capacity.name == "none" and Load(month).overloaded(LOOK):
            expected += ", but nobody asked whether it can be made"
        yield Point(f"The recommended plan is expected to leave {expected}.", roles.SERVICE)


def _options(month: Month) -> Section:
    options = Options(month)
    if not month.has_family_plan:
        return Section("Options", roles.SOP, said("There is no plan of families to choose from."))
    points = said(*(f"{sentence(name)}: {options.impact(k)}." for k, name in enumerate(options.names)))
    return Section("Options", roles.SOP, points, [options.grid()])


def _recommendation(month: Month) -> Section:
    if not month.has_family_plan:
        return Section("Recommendation", roles.SOP, said("Every item goes on by its own rule."))
    options = Options(month)
    by = CRITERION if len(options.names) > 1 else "there is no other"
    text = f"'{sentence(options.names[options.chosen])}' goes to the executive meeting: {by}."
    return Section("Recommendation", roles.SOP, said(text))


def _agenda(month: Month) -> Section:
    issues = open_issues(month)
    texts = [f"{k}. {each.what} {each.alternative}" for k, each in enumerate(issues, start=1)]
    texts = texts or ["No open issue: the meeting confirms the plan."]
    return Section("Executive agenda: open issues", roles.SOP, said(*texts), _issue_grids(month))


def _issue_grids(month: Month) -> list[Grid]:
    """What each option would owe, by family, where any is short."""
    if not month.has_family_plan:
        return []
    options = Options(month)
    short = [f for f in range(len(month.families)) if (options.shortage[:, f] > 0.5).any()]
    if not short or len(options.names) < 2:
        return []
    figures = {Figure(name): options.shortage[k, short] for k, name in enumerate(options.names)}
    return [beside("Owed at most, by option", "family", [month.families[f] for f in short], figures, month.name)]
