"""The Beer Game: four stages in a row, each seeing only the orders of the next, its benchmark, and how people play it.

Board, week by week (Sterman 1989): a delivery comes in; old backlog and the order just read are served from stock; what
is left or owed is charged; every stage orders. An order is read two weeks after it was placed, and what is shipped
arrives two weeks later. The factory has no supplier: production requested last week starts this week and is in stock
two weeks later.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats

__all__ = [
    "HUMAN",
    "STAGES",
    "BeerGame",
    "Human",
    "Seen",
    "anchored_order",
    "expected_orders",
    "human_rule",
    "order_up_to_rule",
    "play",
]

STAGES = ("retailer", "wholesaler", "distributor", "factory")
WEEKS = 36
OLD_DEMAND, NEW_DEMAND, LAST_OLD_WEEK = 4, 8, 4
FIRST_STOCK = 12
SHIPPING_WEEKS = 2
ORDER_WEEKS = (2, 2, 2, 1)  # from placing to serving; the factory's request only waits for the next week's start
HOLDING, BACKLOG = 0.5, 1.0


@dataclass
class _Stage:
    order_weeks: int
    stock: int = FIRST_STOCK
    backlog: int = 0
    cost: float = 0.0
    orders: deque[int] = field(default_factory=deque)
    deliveries: deque[int] = field(default_factory=lambda: deque([OLD_DEMAND] * SHIPPING_WEEKS))
    given: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.orders.extend([OLD_DEMAND] * self.order_weeks)

    def serve(self, ordered: int) -> int:
        """Serve old backlog and this week's order from stock; what cannot be served is owed."""
        self.given.append(ordered)
        wanted = self.backlog + ordered
        shipped = min(wanted, self.stock)
        self.stock -= shipped
        self.backlog = wanted - shipped
        self.cost += HOLDING * self.stock + BACKLOG * self.backlog
        return shipped


@dataclass(frozen=True)
class BeerGame:
    """Cost of a game by stage, customer's side first, and in total; and what each stage ordered week by week."""

    cost: tuple[float, ...]
    placed: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> float:
        """Cost of the team."""
        return sum(self.cost)


@dataclass(frozen=True)
class Seen:
    """State the view of a stage when it orders: week, net stock, orders not yet received, and all orders that it was given."""

    week: int
    net_stock: int  # stock less backlog
    on_order: int
    orders: Sequence[int]  # week by week, this week's last


Rule = Callable[[Seen], int]
"""A stage's order from what it sees."""


def order_up_to_rule(order_up_to: int, first_week: int = LAST_OLD_WEEK + 1) -> Rule:
    """Order what lifts net stock and orders under way to a level; before it acts, order the old demand."""

    def order(seen: Seen) -> int:
        return OLD_DEMAND if seen.week < first_week else max(0, order_up_to - seen.net_stock - seen.on_order)

    return order


@dataclass(frozen=True)
class Human:
    """Order as people do: close alpha_S of the gap in stock, count beta of what is on order, weigh the latest order by theta."""

    alpha: float
    beta: float
    theta: float
    desired: float  # S' = S* + beta SL*, the stock wanted and what is wanted on order


HUMAN = Human(alpha=0.26, beta=0.34, theta=0.36, desired=17.0)
"""The means of Sterman's (1989) 44 players."""


def expected_orders(orders: Sequence[int], theta: float, first: float = OLD_DEMAND) -> float:
    """Expect theta of the latest order and the rest of the expectation before it; the old demand at first."""
    expected = first
    for order in orders:
        expected = theta * order + (1.0 - theta) * expected
    return expected


def anchored_order(
    expected: ArrayLike,
    net_stock: ArrayLike,
    on_order: ArrayLike,
    alpha: ArrayLike,
    beta: ArrayLike,
    desired: ArrayLike,
) -> Array:
    """Order what is expected to be used, adjusted towards the stock that is wanted: max(0, L + alpha_S (S' - S - beta SL)).

    Sterman (1989), Management Science 35:3, equations 3 to 6.
    """
    gap = as_floats(desired) - as_floats(net_stock) - as_floats(beta) * as_floats(on_order)
    return np.maximum(as_floats(expected) + as_floats(alpha) * gap, 0.0)


def human_rule(human: Human = HUMAN, first_week: int = 1) -> Rule:
    """Order as people do, in whole cases; before the rule acts, order the old demand."""

    def order(seen: Seen) -> int:
        if seen.week < first_week:
            return OLD_DEMAND
        expected = expected_orders(seen.orders, human.theta)
        wanted = anchored_order(expected, seen.net_stock, seen.on_order, human.alpha, human.beta, human.desired)
        return int(np.floor(float(wanted) + 0.5))

    return order


def _week(stages: Sequence[_Stage], week: int) -> None:
    """Deliver, serve and start production: all that the board moves before the week's orders."""
    for stage in stages:
        stage.stock += stage.deliveries.popleft()
    ordered = OLD_DEMAND if week <= LAST_OLD_WEEK else NEW_DEMAND
    for stage, below in zip(stages, (None, *stages[:-1]), strict=True):
        shipped = stage.serve(ordered)
        if below is not None:
            below.deliveries.append(shipped)
        ordered = stage.orders.popleft()
    stages[-1].deliveries.append(ordered)


def play(rules: Sequence[Rule], weeks: int = WEEKS) -> BeerGame:
    """Play the game, one rule a stage, the retailer first.

    Sterman (1989): order-up-to 32, 32, 32, 24 from week 5 costs 46 + 50 + 54 + 54 = 204.
    """
    stages, placed = [_Stage(order_weeks) for order_weeks in ORDER_WEEKS], []
    for week in range(1, weeks + 1):
        _week(stages, week)
        owed = (*(stage.backlog for stage in stages[1:]), 0)
        seen = [
            Seen(
                week, stage.stock - stage.backlog, sum(stage.orders) + sum(stage.deliveries) + above, tuple(stage.given)
            )
            for stage, above in zip(stages, owed, strict=True)
        ]
        placed.append([rule(sight) for rule, sight in zip(rules, seen, strict=True)])
        for stage, order in zip(stages, placed[-1], strict=True):
            stage.orders.append(order)
    return BeerGame(tuple(stage.cost for stage in stages), tuple(zip(*placed, strict=True)))
