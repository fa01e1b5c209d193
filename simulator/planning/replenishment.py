"""Release what to make and buy by stock: by reorder point, up to a level, or by cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import model_validator

from simulator.company.entries import dotted_below
from simulator.kernel.lanes import TINY, column, lots, lots_within
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, Whole, quantity
from simulator.planning.buffer import Buffer, listed_times, of_listed
from simulator.planning.fit import Misfits, omissions, refuse_wrong_figures, unknown_items
from simulator.planning.rules import ChosenUsage, Replenishment
from simulator.planning.usage import Planned, RecentMean
from simulator.world.view import Desk, Serving, View

if TYPE_CHECKING:
    from simulator.company import Company

Levels = Annotated[
    dict[str, float] | None, quantity("units", "by item; leave an item out to have it computed", by_lane=True)
]


Review = Annotated[int, quantity("days", "R, from one review to the next", ge=1, le=90)]
LotDays = Annotated[float, quantity("days", "of use in a computed Q, or from s to S", by_lane=True, gt=0, le=365)]


Norms = tuple[Array, ...]
"""Levels, points, lots, uses: what a rule holds positions against, (items, 1 or lanes) each."""


def by_level(
    view: View,
    rows: Whole,
    released: Array,
    norms: Callable[[View], Norms],
    order: Callable[..., Array],
    looks_back: bool,
    days: int = 1,
    rounded: Callable[[Array, Array, Array], Array] = lots,
) -> Array:
    """Decide from the top of the bills down, so that parts see tonight's releases of what they go into.

    `order` turns positions and norms into quantities, row by row; norms that look back at use are set for every level of the
    bills anew, once that is known which goes on top of it.
    """
    n, total, found = view.network, released.copy(), norms(view)
    position = view.with_the_floor(view.position_over(days))
    for level, mine in enumerate(n.levels_of(rows)):
        if level and looks_back:
            found = norms(view.once_called(n.bill.flow(total - released), mine))
        there = position[mine]
        if n.is_part[mine].any():
            there = there - n.bill.flow(total)[mine]
        wanted = order(there, *(norm[mine] for norm in found))
        total[mine] = rounded(wanted / n.good[mine], n.minimum[mine], n.multiple[mine])
    return total[rows]


def listed_levels(levels: dict[str, float] | None, view: View, computed: Callable[[], Array]) -> Array:
    """The listed level of each item, computed for those that are not listed: (items, lanes), or one column if all are listed alike."""
    names, levels = view.network.names, levels or {}
    if len(levels) == len(names):
        return view.listed(levels)
    result = computed().copy()
    for name, level in levels.items():
        result[names.index(name)] = level
    return result


class OrderUpTo(Replenishment, name="order-up-to"):
    """(R,S): at every review, order what the inventory position lacks of a level S.

    With a fraction below one, order what is used between reviews and that fraction of what lacks beyond it:
    orders are calmer, at a price in stock (Disney & Towill 2003; `PeakShaving` states it).
    """

    days: Review = 1
    level: Levels = None
    usage: ChosenUsage = Planned()
    fraction: Annotated[
        float, quantity("share", "of what the position lacks beyond usual use that is ordered at a review", gt=0, le=1)
    ] = 1.0

    def buffer(self) -> Buffer | None:
        """Times the levels listed; computed ones hold the safety stock."""
        return of_listed(self, "level")

    def with_buffer(self, amount: float) -> OrderUpTo:
        """Hold so many times what is listed."""
        return listed_times(self, amount, "level")

    def review(self, cycle: int) -> int:
        """R days."""
        return self.days

    def asks_for_plans(self, items: list[str]) -> bool:
        """Not where every level is listed, or use is taken from the past."""
        return isinstance(self.usage, Planned) and any(item not in (self.level or {}) for item in items)

    def misfits(self, company: Company, mine: Sequence[str]) -> Misfits:
        """Levels of what the company does not stock."""
        return unknown_items(self, company, "level")

    @model_validator(mode="after")
    def _sound(self) -> OrderUpTo:
        refuse_wrong_figures(self, level=0.0)
        return self

    def __call__(self, view: View, rows: Whole, released: Array) -> Array | None:
        """S - inventory position; S covers review and lead time, and holds the safety stock."""
        if not view.review_due(self.days):
            return None
        order = self._lacking if self.fraction == 1 else self._part_of_lacking
        return by_level(view, rows, released, self._norms, order, self.usage.looks_back, self.days)

    def _norms(self, view: View) -> Norms:
        """S, and with a fraction what is used from one review to the next."""
        use: list[Array] = []

        def level() -> Array:
            use.append(self.usage(view))
            return view.at_most_to_come(use[0] * (view.lead_time + self.days - 1) + view.safety_stock)

        found = listed_levels(self.level, view, level)
        if self.fraction == 1:
            return (found,)
        return found, (use[0] if use else self.usage(view)) * self.days

    @staticmethod
    def _lacking(position: Array, level: Array) -> Array:
        return np.maximum(level - position, 0.0)

    def _part_of_lacking(self, position: Array, level: Array, used: Array) -> Array:
        return np.maximum(used + self.fraction * (level - position - used), 0.0)


class ReorderPoint(Replenishment, name="reorder-point"):
    """(s,Q) or (R,s,Q): when the inventory position is at or below s at a review, order multiples of Q until it is above."""

    days: Review = 1
    point: Levels = None
    lot: Levels = None
    lot_days: LotDays = 14.0
    usage: ChosenUsage = Planned()

    def buffer(self) -> Buffer | None:
        """Times the points listed; computed ones hold the safety stock."""
        return of_listed(self, "point")

    def with_buffer(self, amount: float) -> ReorderPoint:
        """Hold so many times what is listed."""
        return listed_times(self, amount, "point")

    def review(self, cycle: int) -> int:
        """R days."""
        return self.days

    def asks_for_plans(self, items: list[str]) -> bool:
        """Not where every point and lot is listed, or use is taken from the past."""
        tables = (self.point or {}, self.lot or {})
        return isinstance(self.usage, Planned) and any(item not in table for table in tables for item in items)

    def serving(self, view: Desk, cycle: int) -> Serving:
        """A lot beyond s."""
        served = super().serving(view, cycle)
        return replace(served, width=self._lot(view))

    def misfits(self, company: Company, mine: Sequence[str]) -> Misfits:
        """Points and lots of what the company does not stock."""
        return unknown_items(self, company, "point", "lot")

    @model_validator(mode="after")
    def _sound(self) -> ReorderPoint:
        refuse_wrong_figures(self, point=0.0, lot=None)
        return self

    def __call__(self, view: View, rows: Whole, released: Array) -> Array | None:
        """s covers the days until the receipt of the next review's order, and holds the safety stock."""
        if not view.review_due(self.days):
            return None
        return by_level(view, rows, released, self._norms, self._in_lots, self.usage.looks_back, self.days)

    def _norms(self, view: View) -> Norms:
        """s and Q."""
        return listed_levels(self.point, view, lambda: reorder_level(view, self.usage(view), self.days)), self._lot(
            view
        )

    @staticmethod
    def _in_lots(position: Array, point: Array, lot: Array) -> Array:
        below = point - position
        return np.where(below >= 0, (np.floor(below / lot) + 1) * lot, 0.0)

    def _lot(self, view: View) -> Array:
        """Q of each item."""
        return listed_levels(self.lot, view, lambda: computed_lot(view, self.usage(view), self.lot_days))


def reorder_level(view: View, use: Array, days: int) -> Array:
    """Return use until the receipt of the next review's order, and safety stock; an item without use is not reordered."""
    point = view.at_most_to_come(use * (view.lead_time + days - 1) + view.safety_stock)
    return np.where(point == 0.0, -TINY, point)


def computed_lot(view: View, use: Array, lot_days: float) -> Array:
    """So many days of use, as far as they can be used before they go bad."""
    return np.maximum(use * np.minimum(lot_days, view.network.shelf_life), 1.0)


class MinMax(Replenishment, name="min-max"):
    """(s,S) or (R,s,S): when the inventory position is at or below s at a review, order up to S, and never beyond it.

    Multiples are rounded down under S; what is left to S and less than a minimum order waits until it is one.
    """

    days: Review = 1
    minimum: Annotated[
        dict[str, float] | None, quantity("units", "s, by item; leave out to have it computed", by_lane=True)
    ] = None
    maximum: Annotated[
        dict[str, float] | None, quantity("units", "S, by item; leave out to have it computed", by_lane=True)
    ] = None
    lot_days: LotDays = 14.0
    usage: ChosenUsage = Planned()

    def buffer(self) -> Buffer | None:
        """Times s and S where they are listed; computed ones hold the safety stock."""
        return of_listed(self, "minimum", "maximum")

    def with_buffer(self, amount: float) -> MinMax:
        """Hold so many times what is listed."""
        return listed_times(self, amount, "minimum", "maximum")

    def review(self, cycle: int) -> int:
        """R days."""
        return self.days

    def asks_for_plans(self, items: list[str]) -> bool:
        """Not where everything is listed, or use is taken from the past."""
        return self.minimum is None and isinstance(self.usage, Planned)

    def serving(self, view: Desk, cycle: int) -> Serving:
        """S at first, then anything down to s."""
        low, high = self._levels(view)
        return replace(super().serving(view, cycle), width=high - low, from_top=np.ones((len(low), 1)))

    def misfits(self, company: Company, mine: Sequence[str]) -> Misfits:
        """Levels of what the company does not stock, and items without any."""
        yield from unknown_items(self, company, "minimum", "maximum")
        remedy = msg("list them too, or leave minimum and maximum out to have them computed")
        yield from omissions("minimum", self.minimum, mine, remedy)
        for name, most in (self.maximum or {}).items():
            least = company.items[name].least_order if name in company.items else 0.0
            if np.max(most) < least:
                yield msg(
                    "{entry} is {value} units, and the least order of it is {least}, by its minimum order and multiple or batch; "
                    "a maximum is never exceeded, so it must be at least {least}, or the order smaller",
                    entry=dotted_below("maximum", name),
                    value=f"{np.max(most):g}",
                    least=f"{least:g}",
                )

    @model_validator(mode="after")
    def _sound(self) -> MinMax:
        refuse_wrong_figures(self, minimum=0.0, maximum=0.0)
        low, high = self.minimum or {}, self.maximum or {}
        for one, other, table in (("minimum", "maximum", high), ("maximum", "minimum", low)):
            for name in getattr(self, one) or ():
                if name not in table:
                    listed_one, missing = dotted_below(one, name), dotted_below(other, name)
                    raise ValueError(
                        msg(
                            "{entry} is missing, and {other} is listed; list both, or neither",
                            entry=missing,
                            other=listed_one,
                        )
                    )
        for name, least in low.items():
            if least > high[name]:
                raise ValueError(
                    msg(
                        "{entry} is {least} units and {other} {most}; the minimum (s) must not be above the maximum (S)",
                        entry=dotted_below("minimum", name),
                        least=f"{least:g}",
                        other=dotted_below("maximum", name),
                        most=f"{high[name]:g}",
                    )
                )
        return self

    def __call__(self, view: View, rows: Whole, released: Array) -> Array | None:
        """S - inventory position, or nothing."""
        if not view.review_due(self.days):
            return None

        def order(position: Array, low: Array, high: Array, waste: Array) -> Array:
            room = np.maximum(high - (position + waste), 0.0)  # what will expire is there until it does
            return np.where(position <= low, np.floor(room + TINY) if view.network.whole_units else room, 0.0)

        def norms(now: View) -> Norms:
            return *self._levels(now), now.waste_until(now.lead_time + self.days - 1)

        return by_level(view, rows, released, norms, order, self.usage.looks_back, self.days, lots_within)

    def _levels(self, view: View) -> tuple[Array, Array]:
        """Return s and S of each item, as listed; or use until the next receipt with safety stock, and a lot's days of use more."""
        names = view.network.names
        if self.minimum is not None and self.maximum is not None:
            s, most = self.minimum, self.maximum
            return column(s.get(name, 0.0) for name in names), column(most.get(name, 0.0) for name in names)
        use = self.usage(view)
        n, low = view.network, reorder_level(view, use, self.days)
        least = lots(np.ones_like(n.good), n.minimum, n.multiple) * n.good
        return low, np.where(use > 0, low + np.maximum(computed_lot(view, use, self.lot_days), least), low)


CRUMB = 1e-6
"""So little of a unit, or of a container, asks for no further one."""


MOST_SLACK = 5.0
"""Share of cards beyond what lead time needs."""


class Kanban(Replenishment, name="kanban"):
    """Pull: cards in a loop; a container that is used up sends its card back for another."""

    container_days: Annotated[float, quantity("days", "of use in a container", by_lane=True, gt=0, le=90)] = 2.0
    slack: Annotated[
        float,
        quantity("share", "of cards beyond what lead time needs (Monden 1983)", by_lane=True, ge=0, le=MOST_SLACK),
    ] = 0.3
    usage: ChosenUsage = RecentMean(days=60)

    def buffer(self) -> Buffer:
        """Cards beyond what lead time needs."""
        return Buffer("slack", self.slack, MOST_SLACK)

    def with_buffer(self, amount: float) -> Kanban:
        """Keep such a share of cards beyond it."""
        return self.model_copy(update={"slack": amount})

    def asks_for_plans(self, items: list[str]) -> bool:
        """Not where cards follow past use."""
        return isinstance(self.usage, Planned)

    def serving(self, view: Desk, cycle: int) -> Serving:
        """A container below the loop at most; cards beyond what lead time needs hold stock as well."""
        use = self.usage(view)
        container = self._container(use)
        spare = (
            use * (view.network.lead_time + self.container_days) * self.slack + use * self.container_days - container
        )
        return replace(super().serving(view, cycle), width=container, held=spare)

    def _container(self, use: Array) -> Array:
        """Units in a container, whole ones."""
        return np.maximum(np.ceil(use * self.container_days - CRUMB), 1.0)

    def __call__(self, view: View, rows: Whole, released: Array) -> Array | None:
        """Whole containers, as many as the loop lacks."""
        return by_level(view, rows, released, self._norms, self._in_containers, self.usage.looks_back)

    def _norms(self, view: View) -> Norms:
        """Units in the loop, and in a container."""
        use = self.usage(view)
        container = self._container(use)
        need = use * (view.lead_time + self.container_days) * (1 + self.slack) + view.safety_stock
        return np.ceil(need / container - CRUMB) * container, container

    @staticmethod
    def _in_containers(position: Array, loop: Array, container: Array) -> Array:
        return np.asarray(np.floor(np.maximum(loop - position, 0.0) / container + CRUMB) * container)
