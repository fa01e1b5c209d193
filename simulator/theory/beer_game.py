"""The Beer Game: four stages in a row, each seeing only the orders of the next, and its benchmark.

Board, week by week (Sterman 1989): a delivery comes in; old backlog and the order just read are served from stock; what
is left or owed is charged; every stage orders. An order is read two weeks after it was placed, and what is shipped
arrives two weeks later. The factory has no supplier: production requested last week starts this week and is in stock
two weeks later.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

__all__ = ["STAGES", "BeerGame", "order_up_to_rule", "play"]

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

    def __post_init__(self) -> None:
        self.orders.extend([OLD_DEMAND] * self.order_weeks)

    def serve(self, ordered: int) -> int:
        """Serve old backlog and this week's order from stock; what cannot be served is owed."""
        wanted = self.backlog + ordered
        shipped = min(wanted, self.stock)
        self.stock -= shipped
        self.backlog = wanted - shipped
        self.cost += HOLDING * self.stock + BACKLOG * self.backlog
        return shipped


@dataclass(frozen=True)
class BeerGame:
    """Cost of a game by stage, customer's side first, and in total."""

    cost: tuple[float, ...]

    @property
    def total(self) -> float:
        """Cost of the team."""
        return sum(self.cost)


Rule = Callable[[int, int, int], int]
"""A stage's order from the week, its net stock (stock less backlog) and what it has ordered and not received."""


def order_up_to_rule(order_up_to: int, first_week: int = LAST_OLD_WEEK + 1) -> Rule:
    """Order what lifts net stock and orders under way to a level; before it acts, order the old demand."""

    def order(week: int, net_stock: int, on_order: int) -> int:
        return OLD_DEMAND if week < first_week else max(0, order_up_to - net_stock - on_order)

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
    stages = [_Stage(order_weeks) for order_weeks in ORDER_WEEKS]
    for week in range(1, weeks + 1):
        _week(stages, week)
        owed = (*(stage.backlog for stage in stages[1:]), 0)
        placed = [
            rule(week, stage.stock - stage.backlog, sum(stage.orders) + sum(stage.deliveries) + owed_above)
            for rule, stage, owed_above in zip(rules, stages, owed, strict=True)
        ]
        for stage, order in zip(stages, placed, strict=True):
            stage.orders.append(order)
    return BeerGame(tuple(stage.cost for stage in stages))
