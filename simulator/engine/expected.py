"""Work out the demand that a company must expect before any luck, and the load that follows from it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.company import FrameContracts, Projects, SmallContracts
from simulator.company.fit import expected_per_day
from simulator.company.today import OpenFrame
from simulator.company.whole import in_whole
from simulator.engine.scenario import Scenario
from simulator.kernel.units import Array


def expected_orders(scenario: Scenario) -> Array:
    """Mean demand as the streams say, or the real one where it is replayed: (months, segments, products)."""
    days, n = scenario.days, scenario.network
    daily = np.zeros((days.count, len(n.segments), len(n.products)))
    monthly = np.zeros((days.months, *daily.shape[1:]))
    if scenario.replayed is not None:
        daily += scenario.replayed[: days.count]
    else:
        for stream in scenario.company.demand.everyday:
            row = n.segments.index(stream.segment), n.products.index(stream.product)
            daily[:, *row] += expected_per_day(stream, days)
    if scenario.market:
        daily *= scenario.market.factors[: days.count]
    left = days.left
    for segment, product, units in _signed_ahead(scenario):
        monthly[:, n.segments.index(segment), n.products.index(product)] += units * left
    return np.asarray(monthly + np.add.reduceat(daily, days.month_start[:-1], axis=0))


def expected_units(scenario: Scenario) -> Array:
    """Sum expected demand over all segments, (months, products)."""
    return np.asarray(expected_orders(scenario).sum(axis=1))


def _signed_ahead(scenario: Scenario) -> Iterator[tuple[str, str, Array]]:
    """Units of contracts, frames and projects by the month in which they fall due, stream by stream."""
    demand, month = scenario.company.demand, 365.25 / 12
    for small in demand.contracts:
        signed = small.lead_time.mean / month
        level = _level(small, scenario, signed, signed)
        yield small.segment, small.product, small.per_month * size_of(small, scenario) * level
    for frame in demand.frames:
        levels = [_level(frame, scenario, 1.0 + call_off, 1.0 + call_off) for call_off in range(frame.call_offs)]
        if scenario.company.open_frames:  # those signed before the first day are stated
            levels = [np.where(np.arange(len(level)) < 1 + k, 0.0, level) for k, level in enumerate(levels)]
        yield frame.segment, frame.product, frame.per_year / 12 * size_of(frame, scenario) * np.mean(levels, axis=0)
    for open_frame in scenario.company.open_frames:
        yield open_frame.segment, open_frame.product, _called_off(open_frame, scenario)
    for deal in demand.projects:
        signed = deal.lead_time.mean / month
        won = deal.per_month * size_of(deal, scenario) * deal.win_rate
        yield deal.segment, deal.product, won * _level(deal, scenario, deal.sight + signed, signed)


def _called_off(frame: OpenFrame, scenario: Scenario) -> Array:
    """Expected units of an open contract by month: each call-off in its month, and as often later as it slips."""
    days, first = scenario.days, frame.months_ahead(scenario.company.calendar.start)
    found = np.zeros(days.months)
    for k in range(frame.call_offs):
        late = np.arange(days.months) - first - k
        chance = np.where(late >= 0, (1 - frame.slip) * frame.slip ** np.maximum(late, 0), 0.0)
        found += frame.quantity / frame.call_offs * chance
    return found / days.left  # a first month that is cut short has its call-off whole


def size_of(stream: SmallContracts | FrameContracts | Projects, scenario: Scenario) -> float:
    """Return the mean units of a deal; at least one if units are whole."""
    return in_whole(stream.size).mean if scenario.company.whole_units else stream.size.mean


def _level(
    stream: SmallContracts | FrameContracts | Projects, scenario: Scenario, months_before: float, signed: float
) -> Array:
    """Return the level of demand when each month's due amount was signed, some months before."""
    days, n, pattern = scenario.days, scenario.network, stream.pattern
    of_year = (days.month_of_year - round(months_before)) % 12
    level = pattern.grown(np.arange(float(days.months)) - months_before) * np.array(pattern.season)[of_year]
    if scenario.market is None:
        return np.asarray(level)
    row = n.segments.index(stream.segment), n.products.index(stream.product)
    month = np.arange(days.months) - round(signed)
    before = 0.0 if scenario.market.new[row[1]] else 1.0
    return np.asarray(level * np.where(month < 0, before, scenario.market.monthly[np.maximum(month, 0), *row]))


def planned_load(scenario: Scenario) -> Array:
    """Hours that expected demand takes over hours there are, by resource and month; the last column is all months."""
    n, days = scenario.network, scenario.days
    worked = np.diff(days.worked_so_far[days.month_start])
    hours = n.hours if n.staffing is None else n.staffing.hours(n.staffing.heads, n.staffing.shifts)
    needed, there = n.total_load.flow(expected_units(scenario).T), hours * worked
    totals = [np.column_stack([hours, hours.sum(axis=1)]) for hours in (needed, there)]
    return np.asarray(totals[0] / np.maximum(totals[1], 1e-9))
