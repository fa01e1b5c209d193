"""Fixed costs of ordering: order in lots (r, Q), or up to a maximum when the stock is low (s, S)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats
from simulator.theory.inventory.loss import normal_shortage, poisson_shortage, second_order_loss
from simulator.theory.inventory.order_up_to import Performance

__all__ = [
    "LotRule",
    "MinMaxRule",
    "best_min_max",
    "best_poisson_lot",
    "min_max_cost",
    "normal_lot_performance",
    "poisson_lot",
]


@dataclass(frozen=True)
class LotRule:
    """Order a lot when the inventory position falls to the reorder point (r, Q): cost a unit of time, share served."""

    reorder_point: int
    lot_size: int
    cost: float
    fill_rate: float


@dataclass(frozen=True)
class MinMaxRule:
    """Order up to S when the inventory position is s or lower at a review (s, S): cost a period."""

    reorder_point: int
    order_up_to: int
    cost: float


def _poisson_cost_rate(position: Array, demand_at_risk: float, holding: float, backlog: float) -> Array:
    short = poisson_shortage(position, demand_at_risk)
    return holding * (position - demand_at_risk + short) + backlog * short


def poisson_lot(
    reorder_point: int, lot_size: int, rate: float, lead_time: float, fixed: float, holding: float, backlog: float
) -> LotRule:
    """Cost and service of ordering lots under continuous review, Poisson demand of `rate` a unit of time.

    The inventory position is uniform on r+1..r+Q, and stock is that less the demand of a lead time. A unit finds stock
    when the position exceeds that demand. Hadley & Whitin (1963), chapter 4; Snyder & Shen (2019), chapter 5.
    """
    from scipy.special import pdtr

    position = np.arange(reorder_point + 1, reorder_point + lot_size + 1, dtype=np.float64)
    at_risk = rate * lead_time
    cost = (fixed * rate + _poisson_cost_rate(position, at_risk, holding, backlog).sum()) / lot_size
    served = np.where(position > 0.0, pdtr(np.maximum(position - 1.0, 0.0), at_risk), 0.0)
    return LotRule(reorder_point, lot_size, float(cost), float(served.mean()))


def best_poisson_lot(rate: float, lead_time: float, fixed: float, holding: float, backlog: float) -> LotRule:
    """Least-cost lots and reorder point, exactly: widen the set of positions while the next one is below average cost.

    Federgruen & Zheng (1992): the cost of a position is convex, so the best Q positions are neighbours of the best one.
    """
    at_risk = rate * lead_time

    def cost_of(position: int) -> float:
        return float(_poisson_cost_rate(as_floats(position), at_risk, holding, backlog))

    low = int(np.floor(at_risk))
    while cost_of(low - 1) < cost_of(low):
        low -= 1
    while cost_of(low + 1) < cost_of(low):
        low += 1
    high, summed = low, fixed * rate + cost_of(low)
    while min(cost_of(low - 1), cost_of(high + 1)) < summed / (high - low + 1):
        if cost_of(low - 1) <= cost_of(high + 1):
            low -= 1
            summed += cost_of(low)
        else:
            high += 1
            summed += cost_of(high)
    return poisson_lot(low - 1, high - low + 1, rate, lead_time, fixed, holding, backlog)


def normal_lot_performance(
    reorder_point: ArrayLike, lot_size: ArrayLike, mean_at_risk: ArrayLike, sd_at_risk: ArrayLike
) -> Performance:
    """Service and stock of ordering lots under continuous review, demand over the lead time normal.

    beta = 1 - sd [G(k) - G(k + Q/sd)] / Q; backlog sd^2 [J(k) - J(k + Q/sd)] / Q. Hadley & Whitin (1963), chapter 4.
    """
    from scipy.special import ndtr

    point, lot, mean, sd = (as_floats(x) for x in (reorder_point, lot_size, mean_at_risk, sd_at_risk))
    new = normal_shortage(point, mean, sd) - normal_shortage(point + lot, mean, sd)
    k, top = (point - mean) / sd, (point + lot - mean) / sd
    backlog = sd * sd * (second_order_loss(k) - second_order_loss(top)) / lot
    return Performance(1.0 - new / lot, ndtr(k), point + 0.5 * lot - mean + backlog, backlog)


class _MinMaxCosts:
    """Costs of min-max rules for one demand: period cost G(y) and the renewal sums that weigh it."""

    def __init__(self, probabilities: Array, fixed: float, holding: float, backlog: float, days_at_risk: int) -> None:
        self.probabilities: list[float] = probabilities.tolist()  # read one by one, where lists are quicker
        self.fixed = fixed
        self.holding, self.backlog = holding, backlog
        at_risk = np.ones(1)
        for _ in range(days_at_risk):
            at_risk = np.convolve(at_risk, probabilities)
        self.mean_at_risk = float((np.arange(at_risk.size) * at_risk).sum())
        self.leftover: list[float] = [0.0, *np.cumsum(np.cumsum(at_risk)).tolist()]  # E(y - D)^+ for y = 0, 1, 2, ...
        self.visits: list[float] = []  # m(j): mean number of periods that start j below S

    def period(self, level: int) -> float:
        """Expected cost at the end of the last day at risk, from this inventory position."""
        known = min(max(level, 0), len(self.leftover) - 1)
        held = self.leftover[known] + max(level - known, 0)
        return self.holding * held + self.backlog * (held - level + self.mean_at_risk)

    def _visit(self, depth: int) -> float:
        while len(self.visits) <= depth:
            j, p = len(self.visits), self.probabilities
            reached = sum(p[i] * self.visits[j - i] for i in range(1, min(j, len(p) - 1) + 1))
            self.visits.append((reached + (j == 0)) / (1.0 - p[0]))
        return self.visits[depth]

    def rule(self, reorder_point: int, order_up_to: int) -> float:
        """Long-run cost a period: one order and the periods until the next, over their mean number."""
        depths = range(order_up_to - reorder_point)
        periods = sum(self._visit(j) for j in depths)
        return (self.fixed + sum(self._visit(j) * self.period(order_up_to - j) for j in depths)) / periods


def min_max_cost(
    reorder_point: int,
    order_up_to: int,
    probabilities: ArrayLike,
    fixed: float,
    holding: float,
    backlog: float,
    days_at_risk: int = 1,
) -> float:
    """Long-run cost a period of one (s, S) rule; demand of a period has these probabilities of 0, 1, 2, ..."""
    return _MinMaxCosts(as_floats(probabilities), fixed, holding, backlog, days_at_risk).rule(
        reorder_point, order_up_to
    )


def best_min_max(
    probabilities: ArrayLike, fixed: float, holding: float, backlog: float, days_at_risk: int = 1
) -> MinMaxRule:
    """Least-cost (s, S) rule under periodic review, exactly; probabilities of a period's demand 0, 1, 2, ...

    Zheng & Federgruen (1991). `days_at_risk` is one more than the paper's lead time: 1 when an order placed before the
    period's demand serves it.
    """
    costs = _MinMaxCosts(as_floats(probabilities), fixed, holding, backlog, days_at_risk)
    cheapest = max(0, int(costs.mean_at_risk))
    while costs.period(cheapest + 1) <= costs.period(cheapest):
        cheapest += 1
    while costs.period(cheapest - 1) < costs.period(cheapest):
        cheapest -= 1
    s, best = cheapest - 1, cheapest
    while costs.rule(s, best) > costs.period(s):
        s -= 1
    least, candidate = costs.rule(s, best), best + 1
    while costs.period(candidate) <= least:
        if costs.rule(s, candidate) < least:
            best = candidate
            while costs.rule(s, best) <= costs.period(s + 1):
                s += 1
            least = costs.rule(s, best)
        candidate += 1
    return MinMaxRule(s, best, least)
