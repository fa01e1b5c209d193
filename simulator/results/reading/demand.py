"""Demand as its planners saw it: the parts of the plan, deals in sight, announcements, targets and the loyalty of customers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulator.engine.departments.pipeline import stage_names
from simulator.kernel.units import Array
from simulator.planning.demand_plan import FourPart
from simulator.results.reading.month import DEMAND, Month
from simulator.results.reading.record import LITTLE, ratio

SMALL, LARGE, PROJECTS, UNSIGNED = "small contracts", "large contracts", "imminent projects", "not yet signed"
"""Parts of the demand plan by their tables."""

TWICE = "counted twice by a naive sum"

SEEN = 0.005
"""A smaller share of usual demand is not worth a word."""


def near_months(month: Month) -> int:
    """Months for which the four parts are summed; none where the process does not tell them apart."""
    rule = month.policy.demand_plan
    return rule.months if isinstance(rule, FourPart) else 0


def parts(month: Month) -> dict[str, Array]:
    """The four parts by family, (near months, families) each."""
    near = near_months(month)
    noted = {part: month.noted(part) for part in (SMALL, LARGE, PROJECTS, UNSIGNED)}
    return {part: month.by_family(a[:near]) for part, a in noted.items() if a is not None and near}


class InSight(NamedTuple):
    """The near months' plan in units, and the shares of it that are signed, projects and forecast."""

    plan: float
    signed: float
    projects: float
    forecast: float
    has_projects: bool


def in_sight(month: Month) -> InSight | None:
    """Split the near months into signed, in sight and forecast; None where the parts are not told apart."""
    found = {part: float(amount.sum()) for part, amount in parts(month).items()}
    plan = sum(found.values())
    if not plan:
        return None
    signed = (found[SMALL] + found[LARGE]) / plan
    return InSight(plan, signed, found[PROJECTS] / plan, found[UNSIGNED] / plan, found[PROJECTS] > LITTLE)


class Twice(NamedTuple):
    """Units that a naive sum of signed business, projects and the forecast counts twice."""

    units: float
    naive: float
    share: float  # of the plan


def counted_twice(month: Month) -> Twice | None:
    """Over the near months; None where the parts are not told apart."""
    near, noted = near_months(month), month.noted(TWICE)
    if noted is None or not near:
        return None
    double, plan = float(noted[:near].sum()), float(month.demand[:near].sum())
    return Twice(double, plan + double, double / plan if double >= LITTLE else 0.0)


class Pipeline(NamedTuple):
    """Deals in sight by stage: in full, as the sales team states them, and the chance that this comes to."""

    stages: list[str]
    full: Array
    stated: Array
    chance: Array


def pipeline(month: Month) -> Pipeline | None:
    """Deals in sight on the day of the demand plan; None in a company without deals."""
    full, stated = month.noted("in sight by stage"), month.noted("in sight by stage, as stated")
    if full is None or stated is None:
        return None
    amount, weighted = full.sum(axis=1), stated.sum(axis=1)
    chance = np.where(amount > LITTLE, ratio(weighted, amount), np.nan)
    return Pipeline(stage_names(month.company), amount, weighted, chance)


class Decided(NamedTuple):
    """Deals decided so far, the share of them won, and the chance that had been stated."""

    deals: float
    won: float
    stated: float


def decided(month: Month) -> Decided | None:
    """Over all that was decided before this month; None before the first deal."""
    end = month.span(month.index)[0]
    count, won, stated = (month.memo(name, 0, end) for name in ("decided", "won", "stated"))
    if count is None or won is None or stated is None or count.sum() < 1:
        return None
    deals = float(count.sum())
    return Decided(deals, won.sum() / deals, stated.sum() / deals)


def announced(month: Month) -> Iterator[tuple[str, dict[str, float]]]:
    """Each product whose demand is said to move, and by what share of the usual in which month ahead."""
    market = month.books.scenario.market
    if market is None:
        return
    course = market.told(month.held[DEMAND])[month.index : month.index + len(month.ahead)]
    for k in np.flatnonzero((np.abs(course - 1) > SEEN).any(axis=0)):
        moves = {name: float(f - 1) for name, f in zip(month.ahead, course[:, k], strict=False) if abs(f - 1) > SEEN}
        yield month.n.products[k], moves


class Target(NamedTuple):
    """A sales target of last month: what was signed, the alerts raised, and units pulled forward from this month, in a push or to mend."""

    segment: str
    asked: float
    signed: float
    alerts: float
    pulled: float
    mended: float = 0.0


def targets(month: Month) -> Iterator[Target]:
    """Each segment that had a target last month."""
    first, end = month.span(month.index - 1)
    target, alerts, pushed = (month.memo(name, first, end) for name in ("target", "alerts", "pushed"))
    if target is None or alerts is None or pushed is None:
        return
    signed = month.flow("signed", first, end).sum(axis=1)
    mended = month.memo("mended", first, end)
    mended = np.zeros_like(pushed) if mended is None else mended
    for each in zip(month.n.segments, target, signed, alerts, pushed.sum(axis=1), mended.sum(axis=1), strict=True):
        if each[1] > LITTLE:
            yield Target(*each)


class Loyalty(NamedTuple):
    """The loyalty of a segment: the share of its customers that is left, those lost, and all."""

    segment: str
    share: float
    lost: float
    customers: float


def loyalty(month: Month) -> Iterator[Loyalty]:
    """Each segment whose customers react, as this month begins."""
    level = month.books.memos.get("loyalty")
    if level is None:
        return
    now = level[month.span(month.index)[0] - 1, :, month.lane]
    for name, share in zip(month.n.segments, now, strict=True):
        record = month.company.segments[name].loyalty
        if record:
            yield Loyalty(name, float(share), float(record.customers * (1 - share)), record.customers)


class Ending(NamedTuple):
    """A product that is phased out: demand to come, what is there or under way, and bought parts that go with it."""

    to_come: float
    there: float
    parts: list[str]


def ending(month: Month, product: str) -> Ending:
    """State the demand still to come, the stock there for it, and the parts that nothing else needs."""
    n, k = month.n, month.n.products.index(product)
    gone = np.zeros((len(n.products), 1))
    gone[k] = 1.0
    only = (n.total_use.flow(gone) > 0) & (n.total_use.flow(1 - gone) <= 0)
    names = [n.names[row] for row in np.flatnonzero(only[:, 0]) if row != k]
    return Ending(float(month.demand[:, k].sum()), float(month.position(month.held[DEMAND])[k]), names)
