"""Read decisions as they are typed, and refuse what nobody could decide: unknown names, limits, what is settled already."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence

import numpy as np

from simulator.company.calendar import month_of
from simulator.engine.forking import day_of_step, months_with_cycle
from simulator.engine.month.impact import MOST_OPTIONS
from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, listed, msg
from simulator.kernel.units import ScenarioError, nearest
from simulator.planning import Policy
from simulator.planning.decisions import DECISION_KINDS, Decided, Decision
from simulator.planning.market_decisions import next_promotion
from simulator.planning.supply_plan import NoPlan

JOINED = " + "
"""Between decisions that are taken together."""

DECISION_WORDS = re.compile(
    r"(?P<kind>[^:=]+):(?P<name>.+?)(?:@(?P<month>[0-9-]+))?=(?P<amount>[^= ]+)(?: +because +(?P<reason>.+))?"
)
WHOLE_COMPANY = "all"
"""The name of what a decision about the whole company is about."""

MOST_DAYS_RESERVED = 92
"""Days of its demand that may be kept for a segment."""

MOST_DAYS_LATER = 31
"""Days by which orders may be promised later than asked for, by customers who wait for ever."""

CYCLES_NAMED = 4
"""Months that a sentence names."""


def decisions_of(words: str, scenario: Scenario, policy: Policy, month: int) -> tuple[Decision, ...]:
    """Read decisions of a month's cycle, such as `overtime:assembly=40 + forecast:Mugs@16=-300`; months as they are typed elsewhere.

    The reason may follow, as in `price:Mugs@16=-0.05 because the season ends`.
    Raises ScenarioError: one sentence that says what is allowed.
    """
    found = tuple(_decision(part.strip(), scenario, policy, month) for part in words.split(JOINED))
    refuse_twice(found)
    return found


def refuse_twice(decisions: Sequence[Decision]) -> None:
    """Refuse decisions of which two are about one thing in one month."""
    for k, decision in enumerate(decisions):
        same = ((d.kind, d.name, d.month, d.taken) for d in decisions[:k])
        if (decision.kind, decision.name, decision.month, decision.taken) in same:
            raise ScenarioError(msg("{decision} is decided twice; decide each thing once", decision=str(decision)))


def refuse_wrong(decision: Decision, words: str, scenario: Scenario, policy: Policy) -> None:
    """Refuse in a sentence a decision that nobody could take."""
    for problem in _problems(decision, scenario, policy):
        raise ScenarioError(msg("{decision}: {problem}", decision=words, problem=problem))


def _decision(words: str, scenario: Scenario, policy: Policy, month: int) -> Decision:
    """Read one decision, and check it."""
    parts = DECISION_WORDS.fullmatch(words)
    amount = _number(parts["amount"]) if parts else math.nan
    if parts is None or not math.isfinite(amount):
        raise ScenarioError(
            msg(
                "a decision is {words}; it must be KIND:NAME=AMOUNT, such as overtime:assembly=40, with @MONTH after "
                "the name for a later month",
                words=repr(words),
            )
        )
    if parts["kind"] not in DECISION_KINDS:
        raise ScenarioError(
            msg(
                "there is no decision {kind}; {hint}",
                kind=repr(parts["kind"]),
                hint=nearest(parts["kind"], [*DECISION_KINDS]),
            )
        )
    later = month if parts["month"] is None else month_of(scenario.days, parts["month"])
    reason = (parts["reason"] or "").strip()
    decision = Decision(parts["kind"], parts["name"].strip(), amount, month, later, reason)
    refuse_wrong(decision, words, scenario, policy)
    return decision


def _number(words: str) -> float:
    try:
        return float(words)
    except ValueError:
        return math.nan


def _problems(decision: Decision, scenario: Scenario, policy: Policy) -> Iterator[Message]:
    """Say what is wrong with a decision, a sentence each, the first thing first."""
    yield from _unknown(decision, scenario)
    yield from _out_of_place(decision, scenario, policy)
    yield from _too_late(decision, scenario, policy)
    low, high = _limits(decision, scenario, policy)
    if not low <= decision.amount <= high:
        yield msg(
            "{amount} {unit} cannot be decided in {month}; it must be {limits}",
            amount=f"{decision.amount:g}",
            unit=msg(DECISION_KINDS[decision.kind].unit),
            month=scenario.days.month_name(decision.month),
            limits=_range(low, high),
        )


def _range(low: float, high: float) -> Message:
    if math.isinf(low) and math.isinf(high):
        return msg("any number")
    if math.isinf(high):
        return msg("at least {low}", low=f"{low:g}")
    return msg("{low} to {high}", low=f"{low:g}", high=f"{math.floor(100 * high) / 100:g}")


def _unknown(decision: Decision, scenario: Scenario) -> Iterator[Message]:
    """Refuse a family, a resource or a part that is not there."""
    about, known = DECISION_KINDS[decision.kind].about, names_for(scenario, decision.kind)
    if decision.name not in known:
        yield msg(
            "there is no {about} {name}; {hint}",
            about=msg(about),
            name=repr(decision.name),
            hint=nearest(decision.name, known),
        )


def names_for(scenario: Scenario, kind: str) -> list[str]:
    """List what a kind of decision can be about in a company."""
    n, about = scenario.network, DECISION_KINDS[kind].about
    if about == "part":
        return [n.names[k] for k in n.bought]
    if about == "promotion":
        told = (promotion for promotion in scenario.company.market.promotions)
        return list(dict.fromkeys(name for each in told for name in ([each.family] if each.family else each.products)))
    known = {
        "family": n.families,
        "resource": n.resources,
        "segment": n.segments,
        "family or product": list(dict.fromkeys([*n.families, *n.products])),
        "company": [WHOLE_COMPANY],
    }
    return known[about]


def _out_of_place(decision: Decision, scenario: Scenario, policy: Policy) -> Iterator[Message]:
    """Refuse what this company or policy has no place for."""
    n, kind = scenario.network, decision.kind
    if kind in ("production", "subcontract"):
        mine = np.flatnonzero(n.family_of == n.families.index(decision.name))
        if not np.isin(mine, n.made).any():
            yield msg("the family is bought, not made; decide on its safety stock or forecast")
    if kind == "production" and isinstance(policy.supply_plan, NoPlan):
        yield msg("policy {policy} has no production plan; take another policy", policy=repr(policy.name))
    if kind == "subcontract" and not _offered(decision, scenario):
        yield msg("no subcontractor makes any product of the family; name one whose products have make.subcontract")
    if kind == "people" and scenario.company.resources[decision.name].people is None:
        yield msg("no people are described at the resource; name one that has people")
    if kind == "expedite":
        sources = n.sources
        row = Decided(n, scenario.days).bought_row(decision)
        if not sources.express_days[sources.item == row].any():
            yield msg("no source of the part delivers express; name a part with buy.express")
    if kind == "decline" and not _deals(decision, scenario):
        yield msg("no deals of the family come into sight; name a family with demand.projects")
    if kind == "option" and decision.month != decision.taken:
        yield msg("an option is approved in the month of the decision; leave the later month out")
    if kind == "option" and decision.amount != round(decision.amount):
        yield msg("an option has a whole number")
    if kind == "promise" and decision.amount != round(decision.amount):
        yield msg("orders are promised a whole number of days later")
    if kind == "promise" and not _new_orders(decision, scenario):
        yield msg("the segment orders by frame contract and deal alone, whose dates are fixed when they are signed")
    if kind == "promise" and scenario.company.segments[decision.name].patience == 0:
        yield msg("customers of the segment do not wait; name one that has patience")
    if kind == "reserve" and len(n.segments) < 2:
        yield msg("the company has one segment, so that stock would be kept back from nobody")
    yield from _not_offered(decision, scenario, policy)


def _new_orders(decision: Decision, scenario: Scenario) -> bool:
    """Tell if a segment orders day by day, drawn or replayed, or by small contracts."""
    demand = scenario.company.demand
    segments = {stream.segment for stream in demand.everyday} | {stream.segment for stream in demand.contracts}
    return demand.history is not None or decision.name in segments


def _deals(decision: Decision, scenario: Scenario) -> bool:
    """Tell if deals of a family come into sight."""
    company = scenario.company
    return any(company.products[deal.product].family == decision.name for deal in company.demand.projects)


def _not_offered(decision: Decision, scenario: Scenario, policy: Policy) -> Iterator[Message]:
    """Refuse promotions and prices that the company says nothing of, and a promotion that has begun or that nobody knows of."""
    market, kind = scenario.company.market, decision.kind
    if kind == "promotion" and market.offer is None:
        yield msg("the company does not say which promotions may be added; describe market.offer")
    if kind == "price" and not market.most_price_change:
        yield msg("the company does not say by how much prices may be changed; set market.most_price_change")
    if kind == "move-promotion" and _moved(decision, scenario, policy) is None:
        yield msg(
            "no promotion of it is to come that planners have been told of in {month}", month=_taken(decision, scenario)
        )


def can_be_decided(decision: Decision, scenario: Scenario, policy: Policy) -> bool:
    """Tell if a company, its policy and the calendar have a place for a decision, of whatever amount."""
    checks = (
        _unknown(decision, scenario),
        _out_of_place(decision, scenario, policy),
        _too_late(decision, scenario, policy),
    )
    return not any(True for check in checks for _ in check)


def limits_of(decision: Decision, scenario: Scenario, policy: Policy) -> tuple[float, float]:
    """The least and the most that can be decided, without end where nothing limits it."""
    return _limits(decision, scenario, policy)


def _taken(decision: Decision, scenario: Scenario) -> str:
    return scenario.days.month_name(decision.taken)


def _moved(decision: Decision, scenario: Scenario, policy: Policy) -> dt.date | None:
    """The first day of the promotion that a decision moves, as it was planned."""
    today = scenario.days.date(day_of_step(scenario, policy, decision.taken, decision.step))
    k = next_promotion(scenario.company, decision.name, today)
    return None if k is None else scenario.company.market.promotions[k].start


def _starts(decision: Decision, scenario: Scenario, policy: Policy) -> int:
    """The first month that a decision on the market can move: the one after it is taken, and behind the time fence."""
    return decision.taken + max(policy.frozen_months, 1)


def _days_to_move(decision: Decision, scenario: Scenario, policy: Policy) -> tuple[float, float]:
    """Days by which a promotion can be moved: not into the time fence, nor beyond the run."""
    days, start = scenario.days, _moved(decision, scenario, policy)
    assert start is not None
    planned = (start - days.date(0)).days
    fence = int(days.month_start[min(_starts(decision, scenario, policy), days.months)])
    return (float(fence - planned), float(days.count - 1 - planned)) if planned >= fence else (0.0, 0.0)


def _offered(decision: Decision, scenario: Scenario) -> float:
    """Units of a family that subcontractors make in a month at most."""
    n = scenario.network
    return float(n.by_family(n.outside.most)[n.families.index(decision.name), 0]) if n.outside else 0.0


def _too_late(decision: Decision, scenario: Scenario, policy: Policy) -> Iterator[Message]:
    """Refuse a month without a cycle, one that is over, and one that is settled by the time fence or the delay of decisions."""
    days, taken = scenario.days, decision.taken
    cycles = months_with_cycle(scenario, policy)
    kind = DECISION_KINDS[decision.kind]
    if taken not in cycles and not (kind.name == "expedite" and not cycles):
        near = sorted(sorted(cycles, key=lambda month: abs(month - taken))[:CYCLES_NAMED])
        yield msg(
            "policy {policy} decides nothing in {month}; it decides in {months}",
            policy=repr(policy.name),
            month=days.month_name(taken),
            months=listed((days.month_name(month) for month in near), ", ") if near else msg("no month"),
        )
    first = taken
    if not kind.repeats and kind.name not in ("people", "move-promotion") and cycles:
        fence = 0 if taken == cycles[0] else policy.frozen_months
        delay = 0 if taken == cycles[0] else policy.decision_delay
        effective = days.working_days_from(day_of_step(scenario, policy, taken), delay)
        over = taken + fence == taken and effective >= days.month_start[taken + 1]
        first = taken + fence + (1 if over else 0)
        if kind.name in ("promotion", "price"):
            first = _starts(decision, scenario, policy)
    if decision.month < first:
        yield msg(
            "what is decided in {month} holds from {first} on; take @{first} or later",
            month=days.month_name(taken),
            first=days.month_name(first) if first < days.months else msg("after the run"),
        )
    if kind.name == "people" and decision.month != taken:
        yield msg("people are hired and told to go in the month of the decision; leave the later month out")
    if kind.name == "move-promotion" and decision.month != taken:
        yield msg("the days say to when the promotion is moved; leave the later month out")


def _limits(decision: Decision, scenario: Scenario, policy: Policy) -> tuple[float, float]:
    """The least and the most that can be decided."""
    n, kind = scenario.network, decision.kind
    if kind == "forecast":
        return -math.inf, math.inf
    if kind == "subcontract":
        return 0.0, _offered(decision, scenario)
    if kind == "people" and n.staffing:
        row = n.resources.index(decision.name)
        heads = n.staffing.heads[row, 0]
        return float(n.staffing.least[row, 0] - heads), float(n.staffing.most[row, 0] - heads)
    if kind == "overtime":
        first = decision.taken == months_with_cycle(scenario, policy)[0]
        delay = 0 if first else policy.decision_delay
        effective = scenario.days.working_days_from(day_of_step(scenario, policy, decision.taken), delay)
        days = Decided(n, scenario.days).working_days(decision, effective)
        return 0.0, float(n.overtime_limit[n.resources.index(decision.name), 0]) * days
    if kind == "order-ahead":
        mine = n.sources.item == Decided(n, scenario.days).bought_row(decision)
        return 0.0, float(n.sources.capacity[mine].sum()) if mine.any() else math.inf
    return _limits_of_selling(decision, scenario, policy)


def _limits_of_selling(decision: Decision, scenario: Scenario, policy: Policy) -> tuple[float, float]:
    """The least and the most of what is decided on customers and the market; of all else any amount from nothing on."""
    kind, market = decision.kind, scenario.company.market
    if kind == "option":
        return 1.0, float(MOST_OPTIONS)
    if kind == "reserve":
        return 0.0, float(MOST_DAYS_RESERVED)
    if kind == "promise":
        patience = scenario.company.segments[decision.name].patience
        return 0.0, float(MOST_DAYS_LATER if patience is None else min(patience, MOST_DAYS_LATER))
    if kind == "promotion" and market.offer:
        return 0.0, market.offer.most_lift
    if kind == "price":
        return -market.most_price_change, market.most_price_change
    if kind == "move-promotion":
        return _days_to_move(decision, scenario, policy)
    return 0.0, math.inf


def first_day(decisions: Sequence[Sequence[Decision]], scenario: Scenario, policy: Policy, month: int) -> int:
    """The day of the month's cycle on which the first of these decisions enters."""
    steps = [decision.step for option in decisions for decision in option]
    return day_of_step(scenario, policy, month, min(steps, default=5))
