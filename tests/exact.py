"""Answers worked out by convolutions and Markov chains, for stocks that share parts, capacity or a forecast.

Nothing here knows the simulator: chances of a day's demand go in, service and stock at day's end come out. Days are counted
as everywhere: ordered in the evening of day t, on the shelf in the morning of day t + L.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.kernel.units import Array


@dataclass(frozen=True)
class Service:
    """Share of demand served on its day; units at day's end; share of evenings on which something is ordered."""

    fill_rate: float
    on_hand: float
    backlog: float
    orders: float = 1.0


def days_of(demand: Array, days: int) -> Array:
    """Chances of the demand of so many days together."""
    together = np.ones(1)
    for _ in range(days):
        together = np.convolve(together, demand)
    return together


def above(chances: Array, level: int) -> float:
    """Mean of what is above a level."""
    return float((np.maximum(np.arange(chances.size) - level, 0) * chances).sum())


def mean_of(chances: Array) -> float:
    """Mean of what has these chances of 0, 1, 2, ..."""
    return float((np.arange(chances.size) * chances).sum())


def of_positions(positions: Array, chances: Array, demand: Array, lead_time: int, orders: float) -> Service:
    """Service where the position after ordering has these chances: stock is that less the demand of the lead time."""
    until, before = days_of(demand, lead_time), days_of(demand, lead_time - 1)
    owed = sum(p * above(until, int(y)) for y, p in zip(positions.tolist(), chances, strict=True))
    owed_before = sum(p * above(before, int(y)) for y, p in zip(positions.tolist(), chances, strict=True))
    held = float((positions * chances).sum()) - mean_of(until) + owed
    return Service(float(1 - (owed - owed_before) / mean_of(demand)), held, float(owed), orders)


def lots(point: int, lot: int, demand: Array, lead_time: int) -> Service:
    """(s,Q), looked at every evening: the position is uniform on s+1..s+Q (Hadley & Whitin 1963; Zheng & Chen 1992)."""
    positions = np.arange(point + 1.0, point + lot + 1.0)
    reach = np.array([1 - demand[:j].sum() for j in range(1, lot + 1)])  # as much as brings the position down to s
    return of_positions(positions, np.full(lot, 1 / lot), demand, lead_time, float(reach.mean()))


def min_max(low: int, high: int, demand: Array, lead_time: int) -> Service:
    """(s,S), looked at every evening: the chain of positions from S down to s + 1 and back to S (Arrow, Harris & Marschak 1951)."""
    states = high - low
    chain = np.zeros((states, states))  # of what the position lacks of S
    for lacks in range(states):
        steps = demand[: states - lacks]
        chain[lacks, lacks : lacks + steps.size] += steps
        chain[lacks, 0] += 1 - steps.sum()
    share = stationary(chain)
    orders = sum(share[lacks] * (1 - demand[: states - lacks].sum()) for lacks in range(states))
    return of_positions(high - np.arange(float(states)), share, demand, lead_time, float(orders))


def stationary(chain: Array) -> Array:
    """Long-run chances of the states of a Markov chain."""
    balance = chain.T - np.eye(len(chain))
    balance[0] = 1.0
    return np.asarray(np.linalg.solve(balance, np.eye(len(chain))[0]))


def two_parts(product: int, parts: tuple[int, int], demand: Array, lead_times: tuple[int, int]) -> Service:
    """A product put together overnight from two parts, base stocks all three, the second part's lead time the longer one.

    What cannot be put together lacks the scarcer part: max(0, X - S1, X + Y - S2), where X is the demand of the first
    part's lead time and Y that of the days by which the second one's is longer (Rosling 1989).
    """
    short, longer = days_of(demand, lead_times[0]), days_of(demand, lead_times[1] - lead_times[0])
    x, y = np.arange(short.size)[:, None], np.arange(longer.size)[None, :]
    missing = np.maximum(np.maximum(x - parts[0], x + y - parts[1]), 0)
    waiting = np.bincount(missing.ravel(), weights=np.outer(short, longer).ravel()).astype(np.float64)
    evening = np.convolve(waiting, demand)
    owed, owed_before = above(evening, product), above(waiting, product)
    held = product - mean_of(evening) + owed
    return Service(1 - (owed - owed_before) / mean_of(demand), held, owed)


def limited(level: int, capacity: int, demand: Array) -> Service:
    """A base stock that is made again overnight, at most `capacity` a day: the shortfall is carried on until it stays."""
    shortfall = np.ones(1)
    while True:
        after = np.convolve(shortfall, demand)
        after = np.concatenate([[after[: capacity + 1].sum()], after[capacity + 1 :]])
        after = after[: max(int(np.flatnonzero(after > 1e-18)[-1]) + 1, 1)]
        moved = np.abs(after - np.pad(shortfall, (0, max(after.size - shortfall.size, 0)))[: after.size]).sum()
        shortfall = after
        if moved < 1e-11:
            break
    evening = np.convolve(shortfall, demand)
    owed, owed_before = above(evening, level), above(shortfall, level)
    return Service(1 - (owed - owed_before) / mean_of(demand), level - mean_of(evening) + owed, owed)


def limited_classes(level: int, capacity: int, classes: tuple[Array, Array], states: tuple[int, int]) -> Array:
    """Share of demand served on its day, of the class that is served first and of the other; who is short waits.

    A chain of two: what lacks of the base stock, and what the first class is owed, both at day's end and each below its
    number of states. Within a class the oldest order is served first.
    """
    from scipy.sparse import coo_array, eye_array
    from scipy.sparse.linalg import spsolve

    lack, owed, one, two = np.ogrid[: states[0], : states[1], : classes[0].size, : classes[1].size]
    weight = classes[0][:, None] * classes[1]
    made = np.minimum(capacity, lack)
    stock = np.maximum(level - lack, 0) + made
    left_one = np.maximum(owed + one - stock, 0)
    left_two = np.maximum(np.maximum(lack - level - owed, 0) + two - np.maximum(stock - owed - one, 0), 0)
    after = np.minimum(lack - made + one + two, states[0] - 1) * states[1] + np.minimum(left_one, states[1] - 1)
    before, shape = lack * states[1] + owed, (*states, *weight.shape)
    links = [np.broadcast_to(part, shape).ravel() for part in (weight, after, before)]
    number = states[0] * states[1]
    balance = coo_array((links[0], (links[1], links[2])), shape=(number, number)).tocsc() - eye_array(number)
    rest = balance.tocsc()[1:, :]
    share = np.concatenate([[1.0], spsolve(rest[:, 1:].tocsc(), -rest[:, [0]].toarray()[:, 0])])
    share = (share / share.sum()).reshape(states)
    late = [(np.minimum(left, new) * weight).sum(axis=(2, 3)) for left, new in ((left_one, one), (left_two, two))]
    return np.array([1 - (share * short).sum() / mean_of(of) for short, of in zip(late, classes, strict=True)])


def forecast_level(mean: float, sd: float, lead_time: int, averaged: int, held: float) -> Service:
    """Ordered up to the lead time's demand as the mean of the last days has it, and so much more.

    What is there then is normal, with variance sd^2 (L + L^2/p): demand of L days to come, and L times the error of a mean of
    p days (Silver, Pyke & Thomas 2017, ch. 6).
    """
    from scipy.special import ndtr

    def short(days: int) -> float:
        deviation, rest = sd * np.sqrt(days + lead_time**2 / averaged), held + mean * (lead_time - days)
        k = rest / deviation
        return float(deviation * (np.exp(-k * k / 2) / np.sqrt(2 * np.pi) - k * (1 - ndtr(k))))

    owed, owed_before = short(lead_time), short(lead_time - 1)
    return Service(1 - (owed - owed_before) / mean, held + owed, owed)
