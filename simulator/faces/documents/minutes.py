"""Step 4, pre-S&OP meeting: the minutes, item by item, each with its owner."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import accuracy, demand, report, roles, supply
from simulator.faces.documents.balance import SHORTAGE, balances
from simulator.faces.documents.issues import open_issues
from simulator.faces.documents.options import CRITERION, Options
from simulator.faces.documents.paper import FAMILY, Document, Figure, Grid, Point, Section, beside, said
from simulator.faces.documents.phrases import (
    BUSINESS_PLAN,
    against,
    beside_name,
    largest,
    money,
    months,
    rule_name,
    units,
)
from simulator.faces.documents.process import does_without, meets
from simulator.kernel.messages import Message, Text, capital, listed, msg, number, percent
from simulator.results.reading.capacity import Load, Needs
from simulator.results.reading.last_month import last_month
from simulator.results.reading.month import PRE_MEETING, Month

LOOK = 3
"""Months ahead that the discussion is about."""


def pre_meeting(month: Month) -> Document:
    """The document of step 4."""
    items = (
        _performance, _demand, _risks, _constraints, _recommendations, _impact, _options, _recommendation, _agenda,
    )  # fmt: skip
    missing = does_without(month)
    before = [Section(msg("The process"), roles.SOP, said(missing))] if missing else []
    sections = [*before, *(item(month) for item in items)]
    present = roles.AT_PRE_MEETING if meets(month) else ()
    return Document("pre_meeting", msg("Pre-S&OP meeting"), sections, month.date(PRE_MEETING), present)


def _performance(month: Month) -> Section:
    last = last_month(month)
    points = said(*report.performance(last)) if last else said(msg("The run begins here: nothing to review."))
    return Section(msg("Performance review"), roles.SOP, points)


def _demand(month: Month) -> Section:
    plan = float(month.demand[:LOOK].sum())
    budget = float(month.budget[:LOOK].sum())
    points = said(
        msg(
            "Unconstrained demand for {months} is {units}, {against}.",
            months=months(month.ahead[:LOOK]),
            units=units(plan),
            against=against(plan, budget, BUSINESS_PLAN),
        ),
        demand.in_sight(month),
        demand.twice(month),
        *_moved(month),
    )
    return Section(msg("Demand review"), roles.DEMAND, points)


def _moved(month: Month) -> Iterator[Message]:
    """Families whose demand plan moved most against the plan in force before."""
    day = month.held[PRE_MEETING]
    before = month.by_family(month.in_force(month.plans.demand, day)[:LOOK]).sum(axis=0)
    if not before.any():
        return
    change = month.by_family(month.demand[:LOOK]).sum(axis=0) - before
    moved = [beside_name(month.families[k], number(change[k], signed=True)) for k in largest(change)]
    if moved:
        yield msg(
            "Against the plan in force the demand plan moved by {n} units: {families}.",
            n=number(change.sum(), signed=True),
            families=listed(moved),
        )


def _risks(month: Month) -> Section:
    return Section(msg("Assumptions and risks"), roles.SOP, said(*_assumed(month), *_risky(month)))


def _assumed(month: Month) -> Iterator[Message]:
    over = (
        1
        - float(month.days.worked_so_far[month.span(month.index)[1]] - month.days.worked_so_far[month.due])
        / month.working[0]
    )
    yield msg(
        "What is decided is to hold from {date}, when {share} of {month} is over; "
        "suppliers are taken to deliver at their mean lead times.",
        date=month.days.date(month.due),
        share=percent(over),
        month=month.name,
    )
    kept = float(np.where(month.is_made, month.of(month.plans.safety_stock)[month.n.sold], 0.0).sum())
    yield msg(
        "Safety stock of products made here is {units}, by the rule {rule}.",
        units=units(kept),
        rule=rule_name(month.policy.safety_stock.name),
    )


def _risky(month: Month) -> Iterator[Message]:
    found = accuracy.records(month)
    if accuracy.AGREED in found:
        error = float(found[accuracy.AGREED].wmape()[-1])
        if np.isfinite(error):
            yield msg(
                "Forecasts missed by {share} lately: of next month's {units} some {missed} may fall elsewhere "
                "among the products.",
                share=percent(error),
                units=units(month.demand[1].sum()),
                missed=units(error * month.demand[1].sum()),
            )
    parts = demand.parts(month)
    if parts and parts[demand.PROJECTS].sum() > 0.5:
        yield msg(
            "Projects stand in the plan with {units}, weighted by their chance: each is won whole or lost whole.",
            units=units(float(parts[demand.PROJECTS].sum())),
        )


def _constraints(month: Month) -> Section:
    heading, owner = msg("Constrained resources"), roles.both(roles.MANUFACTURING, roles.PURCHASING)
    if not month.has_family_plan:
        return Section(heading, owner, said(supply.no_family_plan(month)))
    over = supply.overloads(month, MEETING_MONTHS)
    points = [Point(text, roles.MANUFACTURING) for text in over or [_slack(month)]]
    short = supply.shortest(month)
    points += [
        Point(
            msg("{item} is short from {month} on, by {units} at most.", item=name, month=when, units=units(most)),
            roles.PURCHASING,
        )
        for name, when, most in short
    ]
    if not short:
        points.append(Point(msg("No long-lead part holds the plan up."), roles.PURCHASING))
    return Section(heading, owner, points)


def _slack(month: Month) -> Message:
    """Nothing is overloaded: how near the fullest resource comes."""
    if not month.n.resources:
        return msg("No resource limits production.")
    share = Load(month).wished[:MEETING_MONTHS] / np.maximum(month.regular[:MEETING_MONTHS], 1e-9)
    k, r = np.unravel_index(int(np.argmax(share)), share.shape)
    return msg(
        "No resource is overloaded; the fullest is {resource} with {share} of its regular hours in {month}.",
        resource=month.n.resources[int(r)],
        share=percent(float(share[k, r])),
        month=month.ahead[int(k)],
    )


def _recommendations(month: Month) -> Section:
    found = balances(month)
    points = [Point(balance.sentences(), roles.SCHEDULER) for balance in found]
    points += [Point(text, roles.PURCHASING) for text in _purchases(month)]
    short = [balance for balance in found if balance.rule == SHORTAGE]
    grids = [balance.must_meet_grid() for balance in short]
    points += [Point(balance.ranking(), roles.SERVICE) for balance in short]
    owner = roles.both(roles.SCHEDULER, roles.PURCHASING)
    return Section(msg("Capacity and purchase recommendations"), owner, points, grids)


def _purchases(month: Month) -> Iterator[Message]:
    needs = Needs(month)
    if not needs.names:
        return
    near = needs.to_buy[:LOOK].sum(axis=0)
    value = near * needs.cost
    top = [beside_name(needs.names[k], number(near[k])) for k in largest(value)]
    end, worth = month.ahead[LOOK - 1], money(float(value.sum()), month.currency)
    if top:
        yield msg(
            "What must still be ordered to come in by the end of {month} is worth {money}: above all {items}.",
            month=end,
            money=worth,
            items=listed(top),
        )
    else:
        yield msg(
            "What must still be ordered to come in by the end of {month} is worth {money}.", month=end, money=worth
        )


def _impact(month: Month) -> Section:
    return Section(msg("Business impact"), roles.both(roles.FINANCE, roles.SERVICE), [*_money(month), *_service(month)])


def _money(month: Month) -> Iterator[Point]:
    n, near = month.n, slice(0, LOOK)
    price, cost = n.price[:, 0], n.unit_cost[n.sold, 0]
    sales = float((month.demand[near] * price).sum())
    margin = sales - float((month.demand[near] * cost).sum())
    budget = float((month.budget[near] * price).sum())
    text = msg(
        "Demand of {months} is worth {sales} in sales, {against}, and {margin} in margin.",
        months=months(month.ahead[near]),
        sales=money(sales, month.currency),
        against=against(sales, budget, BUSINESS_PLAN),
        margin=money(margin, month.currency),
    )
    yield Point(text, roles.FINANCE)
    if month.has_family_plan:
        opening = float(np.maximum(month.projected.opening, 0) @ month.unit_cost)
        closing = float((month.projected.stock @ month.unit_cost)[LOOK - 1])
        text = msg(
            "Stock of made products goes from {opening} to {closing} at cost by the end of {month}.",
            opening=money(opening, month.currency),
            closing=money(closing, month.currency),
            month=month.ahead[LOOK - 1],
        )
        yield Point(text, roles.FINANCE)


def _service(month: Month) -> Iterator[Point]:
    day = month.held[PRE_MEETING]
    owed = month.morning("backlog", day).sum(axis=1)
    each = zip(month.n.segments, owed, strict=True)
    who = [beside_name(name, number(amount)) for name, amount in each if amount > 0.5]
    if who:
        text = msg("Customers are owed {units} today: {segments}.", units=units(owed.sum()), segments=listed(who))
    else:
        text = msg("Customers are owed {units} today.", units=units(owed.sum()))
    yield Point(text, roles.SERVICE)
    if month.has_family_plan:
        yield Point(_expected(month), roles.SERVICE)


def _expected(month: Month) -> Message:
    """State the backlog that the recommended plan leaves, and if nobody asked whether the plan can be made."""
    ahead = month.projected.backlog[:LOOK].sum(axis=1)
    worst = int(np.argmax(ahead))
    owed = msg("{units} owed at the end of {month}", units=units(ahead[worst]), month=month.ahead[worst])
    left = owed if ahead[worst] > 0.5 else msg("no backlog")
    if month.policy.capacity.name == "none" and Load(month).overloaded(LOOK):
        return msg(
            "The recommended plan is expected to leave {backlog}, but nobody asked whether it can be made.",
            backlog=left,
        )
    return msg("The recommended plan is expected to leave {backlog}.", backlog=left)


def _options(month: Month) -> Section:
    options = Options(month)
    if not month.has_family_plan:
        return Section(msg("Options"), roles.SOP, said(msg("There is no plan of families to choose from.")))
    points = said(*(options.impact(k) for k in range(len(options.names))))
    return Section(msg("Options"), roles.SOP, points, [options.grid()])


def _recommendation(month: Month) -> Section:
    if not month.has_family_plan:
        return Section(msg("Recommendation"), roles.SOP, said(msg("Every item goes on by its own rule.")))
    options = Options(month)
    by = CRITERION if len(options.names) > 1 else msg("there is no other")
    name: Text = capital(options.names[options.chosen])
    text = msg("'{option}' goes to the executive meeting: {reason}.", option=name, reason=by)
    return Section(msg("Recommendation"), roles.SOP, said(text))


def _agenda(month: Month) -> Section:
    issues = open_issues(month)
    texts = [
        msg("{k}. {issue} {alternative}", k=k, issue=each.what, alternative=each.alternative)
        for k, each in enumerate(issues, start=1)
    ]
    texts = texts or [msg("No open issue: the meeting confirms the plan.")]
    return Section(msg("Executive agenda: open issues"), roles.SOP, said(*texts), _issue_grids(month))


def _issue_grids(month: Month) -> list[Grid]:
    """Tabulate the backlog of each option by family, where any is short."""
    if not month.has_family_plan:
        return []
    options = Options(month)
    short = [f for f in range(len(month.families)) if (options.shortage[:, f] > 0.5).any()]
    if not short or len(options.names) < 2:
        return []
    figures = {Figure(name): options.shortage[k, short] for k, name in enumerate(options.names)}
    return [beside(msg("Owed at most, by option"), FAMILY, [month.families[f] for f in short], figures, month.name)]
