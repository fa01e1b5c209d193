"""Measures of meetings: how often and why executives differ from the recommendation, and what becomes of actions."""

from __future__ import annotations

import numpy as np

from simulator.engine.register import RAISED, STATUS
from simulator.kernel.units import Array
from simulator.planning.criteria import CRITERIA
from simulator.planning.discipline import DONE, DROPPED
from simulator.results.kpis.registry import measure
from simulator.results.reading.assumptions import assumptions
from simulator.results.reading.record import ratio
from simulator.results.reading.score import Score


@measure("Executives differ", "share", "", "company")
def executives_differ(s: Score) -> Array:
    """Share of the cycles with several options in which the executives approve another one than was recommended."""
    return _differ(s, None)


@measure("Executives differ for the cost", "share", "", "company")
def differ_for_cost(s: Score) -> Array:
    """Share of the cycles with several options in which they differ, mostly as it costs less."""
    return _differ(s, "cost")


@measure("Executives differ for service", "share", "", "company")
def differ_for_service(s: Score) -> Array:
    """Share of the cycles with several options in which they differ, mostly as less is owed to customers."""
    return _differ(s, "service")


@measure("Executives differ for cash", "share", "", "company")
def differ_for_cash(s: Score) -> Array:
    """Share of the cycles with several options in which they differ, mostly as less money is tied up."""
    return _differ(s, "cash")


@measure("Executives differ for steadiness", "share", "", "company")
def differ_for_steadiness(s: Score) -> Array:
    """Share of the cycles with several options in which they differ, mostly as production changes less."""
    return _differ(s, "steadiness")


@measure("Executives differ for the business plan", "share", "", "company")
def differ_for_business_plan(s: Score) -> Array:
    """Share of the cycles with several options in which they differ, mostly as less is missing to the business plan."""
    return _differ(s, "business_plan")


@measure("Executives differ for the risk", "share", "", "company")
def differ_for_risk(s: Score) -> Array:
    """Share of the cycles with several options in which they differ, mostly as less can go wrong."""
    return _differ(s, "risk")


def _differ(s: Score, criterion: str | None) -> Array:
    """Share of the cycles with a choice in which another option is approved, for one criterion or for any."""
    plans, criteria = s.books.plans, s.books.policy.executive_criteria
    cycles = [m for m in plans.made_in if s.first_month <= m < s.end_month and len(plans.options.get(m, ())) > 1]
    if not cycles:
        return np.full((1, s.due.shape[-1]), np.nan)
    found = []
    for month in cycles:
        chosen, recommended = plans.chosen[month], plans.recommended[month]
        differs = chosen != recommended
        if criterion is not None:
            figures = plans.tables["option criteria"][month, : len(plans.options[month])]
            differs = differs & (criteria.speaks_for(figures, chosen, recommended) == CRITERIA.index(criterion))
        found.append(differs)
    return np.atleast_2d(np.mean(found, axis=0))


@measure("Actions overdue", "share", "lower", "company")
def actions_overdue(s: Score) -> Array:
    """Share of the meetings' actions with an effect, by owner, that are not done by their due day."""
    return _became(s, DONE + 1)


@measure("Actions dropped", "share", "lower", "company")
def actions_dropped(s: Score) -> Array:
    """Share of the meetings' actions with an effect, by owner, that are never done."""
    return _became(s, DROPPED)


def _became(s: Score, status: int) -> Array:
    """Share of the actions raised whose status is this or worse; not a number where none are kept or raised."""
    plans = s.books.plans
    made = [m for m in plans.made_in if s.first_month <= m < s.end_month]
    if STATUS not in plans.tables or not made:
        return np.full((1, s.due.shape[-1]), np.nan)
    raised, became = plans.tables[RAISED][made], plans.tables[STATUS][made]
    return ratio((raised * (became >= status)).sum(axis=(0, 1))[None], raised.sum(axis=(0, 1))[None])


@measure("Assumptions failed", "share", "lower", "company")
def assumptions_failed(s: Score) -> Array:
    """Share of the figures that cycles assumed of their month (deliveries, deals won, announced demand) that did not come about."""
    months = [m for m in s.books.plans.made_in if s.first_month <= m < s.end_month]
    found = [each for month in months for each in assumptions(s.books, month)]
    nothing = np.zeros(s.due.shape[-1])
    made, failed = (sum((mark.sum(axis=0) for mark in marks), nothing) for marks in (
        [each.made for each in found], [each.failed for each in found]
    ))  # fmt: skip
    return ratio(failed[None], made[None])
