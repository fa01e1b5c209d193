"""Step 4, pre-S&OP meeting: the minutes, item by item, each with its owner."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import roles
from simulator.faces.documents.actions import planner_of
from simulator.faces.documents.assumed import assumed_now
from simulator.faces.documents.cash import cash_told
from simulator.faces.documents.demand_plan import in_sight, twice
from simulator.faces.documents.issues import issues_put
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
from simulator.faces.documents.recommendation import (
    balanced,
    criteria_grid,
    impact,
    keeps_to_line,
    line_told,
    must_meet,
    option_grid,
    positions,
    ranking,
    weights_in_words,
)
from simulator.faces.documents.sales_report import performance
from simulator.faces.documents.supply_plan import no_family_plan, overloads, slack
from simulator.kernel.messages import Listed, Message, Text, capital, listed, msg, number, percent, sentences
from simulator.planning.demand_plan import FourPart
from simulator.planning.shortage import KeepSafetyStock
from simulator.results.reading import LITTLE
from simulator.results.reading.accuracy import expected_miss
from simulator.results.reading.business_plan import NextMonths
from simulator.results.reading.capacity import Load, Needs
from simulator.results.reading.demand import PROJECTS, parts
from simulator.results.reading.last_month import last_month
from simulator.results.reading.meeting import SHORTAGE, Options, balances, demand_change, share_over
from simulator.results.reading.month import LOOK, PRE_MEETING, Month
from simulator.results.reading.plan_record import likely


def pre_meeting(month: Month) -> Document:
    """The document of step 4."""
    items = (
        _performance, _demand, _risks, _constraints, _recommendations, _impact, _options, _recommendation, _agenda,
    )  # fmt: skip
    missing = _does_without(month)
    before = [Section(msg("The process"), roles.SOP, said(missing))] if missing else []
    sections = [*before, *(item(month) for item in items)]
    present = roles.AT_PRE_MEETING if month.has_meetings else ()
    return Document("pre_meeting", msg("Pre-S&OP meeting"), sections, month.date(PRE_MEETING), present)


def _does_without(month: Month) -> Listed | None:
    """Say so in a sentence; nothing where nothing is missing."""
    missing = list(_lacking(month))
    if not missing:
        return None
    shown = "" if month.has_meetings else msg("What follows is what the departments had before them, each on its own.")
    said = msg("Policy {policy} does without {elements}.", policy=month.policy.name, elements=listed(missing))
    return sentences([said, shown])


def _lacking(month: Month) -> Iterator[Message]:
    """The elements of S&OP that a policy does not have."""
    policy = month.policy
    if not month.has_meetings:
        yield msg("meetings of its own (all steps are one day's work)")
    if not isinstance(policy.demand_plan, FourPart):
        yield msg("a demand plan of four parts")
    if month.noted("forecast: sales") is None:
        yield msg("a forecast that is agreed between sales and statistics")
    if policy.supply_plan.name == "none":
        yield msg("a production plan of families")
    elif policy.capacity.name == "none":
        yield msg("a capacity check")
    if isinstance(policy.shortage, KeepSafetyStock):
        yield msg("a shortage rule")
    if policy.allocation.name != "ranked":
        yield msg("a ranking of orders")


def _performance(month: Month) -> Section:
    last = last_month(month)
    points = said(*performance(last)) if last else said(msg("The run begins here: nothing to review."))
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
        in_sight(month),
        twice(month),
        *_moved(month),
    )
    return Section(msg("Demand review"), roles.DEMAND, points)


def _moved(month: Month) -> Iterator[Message]:
    """Families whose demand plan moved most against the plan in force before."""
    plan = demand_change(month)
    if plan.is_first:
        return
    change = plan.soon
    moved = [beside_name(month.families[k], number(change[k], signed=True)) for k in largest(change)]
    if moved:
        yield msg(
            "Against the plan in force the demand plan moved by {n} units: {families}.",
            n=number(change.sum(), signed=True),
            families=listed(moved),
        )


def _risks(month: Month) -> Section:
    return Section(msg("Assumptions and risks"), roles.SOP, said(*_assumed(month), assumed_now(month), *_risky(month)))


def _assumed(month: Month) -> Iterator[Message]:
    yield msg(
        "What is decided is to hold from {date}, when {share} of {month} is over; "
        "suppliers are taken to deliver at their mean lead times.",
        date=month.days.date(month.due),
        share=percent(share_over(month)),
        month=month.name,
    )
    noted = month.noted("safety stock drafted")  # before any of it is released
    drafted = month.safety_stock.sum() if noted is None else noted[month.n.sold].sum()
    yield msg(
        "Safety stock of products is {units}, by the rule {rule}.",
        units=units(drafted),
        rule=rule_name(month.policy.safety_stock.name),
    )


def _risky(month: Month) -> Iterator[Message]:
    miss = expected_miss(month)
    if miss is not None:
        yield msg(
            "Forecasts missed by {share} lately: of next month's {units} some {missed} may fall elsewhere "
            "among the products.",
            share=percent(miss.share),
            units=units(miss.plan),
            missed=units(miss.units),
        )
    projects = parts(month).get(PROJECTS)
    if projects is not None and projects.sum() > LITTLE:
        yield msg(
            "Projects stand in the plan with {units}, weighted by their chance: each is won whole or lost whole.",
            units=units(float(projects.sum())),
        )


def _constraints(month: Month) -> Section:
    heading, owner = msg("Constrained resources"), roles.both(roles.MANUFACTURING, roles.PURCHASING)
    if not month.has_family_plan:
        return Section(heading, owner, said(no_family_plan(month)))
    over = overloads(month, MEETING_MONTHS)
    points = [Point(text, roles.MANUFACTURING) for text in over or [slack(month, MEETING_MONTHS)]]
    short = Needs(month).shortest()
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


def _recommendations(month: Month) -> Section:
    found = balances(month)
    points = [Point(balanced(balance), planner_of(balance)) for balance in found]
    points += [Point(text, roles.PURCHASING) for text in purchases(month)]
    short = [balance for balance in found if balance.rule == SHORTAGE]
    grids = [must_meet(balance) for balance in short]
    points += [Point(ranking(balance), roles.SERVICE) for balance in short]
    owner = roles.both(roles.SCHEDULER, roles.PURCHASING)
    return Section(msg("Capacity and purchase recommendations"), owner, points, grids)


def purchases(month: Month) -> Iterator[Message]:
    """Say what must still be ordered over the next months, and its value."""
    needs = Needs(month)
    if not needs.names:
        return
    value = needs.value_to_buy_soon
    top = [beside_name(needs.names[k], units(float(needs.to_buy_soon[k]))) for k in largest(value)]
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
    ahead = NextMonths(month)
    text = msg(
        "Demand of {months} is worth {sales} in sales, {against}, and {margin} in margin.",
        months=months(month.ahead[:LOOK]),
        sales=money(ahead.sales, month.currency),
        against=against(ahead.sales, ahead.budget, BUSINESS_PLAN),
        margin=money(ahead.margin, month.currency),
    )
    yield Point(text, roles.FINANCE)
    yield Point(stock_ahead(month), roles.FINANCE)
    for told in cash_told(month):
        yield Point(told, roles.FINANCE)


def stock_ahead(month: Month) -> Message:
    """Say where stock of products goes at cost."""
    ahead = NextMonths(month)
    return msg(
        "Stock of products goes from {opening} to {closing} at cost by the end of {month}.",
        opening=money(ahead.opening_stock, month.currency),
        closing=money(ahead.closing_stock, month.currency),
        month=month.ahead[LOOK - 1],
    )


def _service(month: Month) -> Iterator[Point]:
    day = month.held[PRE_MEETING]
    owed = month.morning("backlog", day).sum(axis=1)
    each = zip(month.n.segments, owed, strict=True)
    who = [beside_name(name, number(amount)) for name, amount in each if amount > LITTLE]
    if who:
        text = msg("Customers are owed {units} today: {segments}.", units=units(owed.sum()), segments=listed(who))
    else:
        text = msg("Customers are owed {units} today.", units=units(owed.sum()))
    yield Point(text, roles.SERVICE)
    yield Point(_expected(month), roles.SERVICE)


def _expected(month: Month) -> Message:
    """State the backlog that the recommended plan leaves, and if nobody asked whether the plan can be made."""
    ahead = month.projected.backlog[:LOOK].sum(axis=1)
    worst = int(np.argmax(ahead))
    owed = msg("{units} owed at the end of {month}", units=units(ahead[worst]), month=month.ahead[worst])
    left = owed if ahead[worst] > LITTLE else msg("no backlog")
    overruled = month.has_family_plan and Options(month).is_overruled
    plan = msg("The plan that the executives approved later") if overruled else msg("The recommended plan")
    if month.policy.capacity.name == "none" and Load(month).overloaded(LOOK):
        return msg(
            "{plan} is expected to leave {backlog}, but nobody asked whether it can be made.",
            plan=plan,
            backlog=left,
        )
    found = likely(month)
    if found is not None:
        return msg(
            "{plan} is expected to leave {backlog}; with the errors of past plans {month} ends without any backlog "
            "with a chance of {chance}.",
            plan=plan,
            backlog=left,
            month=month.ahead[0],
            chance=percent(float(found.no_backlog[0, -1])),
        )
    return msg("{plan} is expected to leave {backlog}.", plan=plan, backlog=left)


def _options(month: Month) -> Section:
    if not month.has_family_plan:
        return Section(msg("Options"), roles.SOP, said(_only_plan(month)))
    options = Options(month)
    points = said(*(impact(options, k) for k in options.put))
    if not options.others:
        return Section(msg("Options"), roles.SOP, points, [option_grid(options)])
    points += said(positions(options), line_told(options))
    return Section(msg("Options"), roles.SOP, points, [option_grid(options), criteria_grid(options)])


def _recommendation(month: Month) -> Section:
    if month.has_purchase_plan:
        return Section(msg("Recommendation"), roles.SOP, said(purchase_plan_recommended()))
    if not month.has_family_plan:
        return Section(msg("Recommendation"), roles.SOP, said(msg("Every item goes on by its own rule.")))
    options = Options(month)
    return Section(msg("Recommendation"), roles.SOP, said(recommended(options)))


def _only_plan(month: Month) -> Message:
    if month.has_purchase_plan:
        return msg("One plan lies before the meeting, the purchase and inventory plan.")
    return msg("There is no plan of families to choose from.")


def purchase_plan_recommended() -> Message:
    """Name the plan of a company that makes nothing."""
    return msg("The purchase and inventory plan goes to the executive meeting.")


def recommended(options: Options) -> Message:
    """Name the option that goes to the executives, and by what it was chosen."""
    criteria = weights_in_words(options.month.policy.pre_meeting_criteria)
    by = msg("it does best by {criteria}", criteria=criteria) if len(options.put) > 1 else msg("there is no other")
    if keeps_to_line(options):
        by = msg("it does best by {criteria} of those that the bank carries", criteria=criteria)
    name: Text = capital(options.names[options.recommended])
    return msg("'{option}' goes to the executive meeting: {reason}.", option=name, reason=by)


def _agenda(month: Month) -> Section:
    texts = issues_put(month) or [msg("No open issue: the meeting confirms the plan.")]
    return Section(msg("Executive agenda: open issues"), roles.SOP, said(*texts), _issue_grids(month))


def _issue_grids(month: Month) -> list[Grid]:
    """Tabulate the backlog of each option by family, where any is short."""
    if not month.has_family_plan:
        return []
    options = Options(month)
    short = options.short_families
    if not short or len(options.put) < 2:
        return []
    figures = {Figure(options.names[k]): options.shortage[k, short] for k in options.put}
    return [beside(msg("Owed at most, by option"), FAMILY, [month.families[f] for f in short], figures, month.name)]
