"""The plans of all roles in one picture: demand, hours, parts and cash, and where two of them cannot both come true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from simulator.classroom.fields import LOOK_AHEAD
from simulator.classroom.playing import Morning
from simulator.classroom.roles import Cell, Sheet
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Text, msg
from simulator.kernel.plans import PARTS_DUE
from simulator.kernel.units import Array, Mask
from simulator.results.reading.capacity import Needs
from simulator.results.reading.month import Month
from simulator.results.reading.planned_cash import planned_cash

FAR_APART = 0.10
"""Two departments that are further apart than this share stand in red."""

PARTS_SHOWN = 6
"""Parts that the picture names: those that last the shortest."""

ROUNDING = 1.005
"""Hours that are exceeded by less than this factor are enough."""


class Together:
    """The plans of all roles as they were submitted, each by itself."""

    def __init__(self, morning: Morning, values: Mapping[str, float]) -> None:
        self.month, self.values = Month(morning.books, morning.month, morning.lane), values
        self.n, self.index, self.look = self.month.n, morning.month, range(LOOK_AHEAD)
        self.names = self.month.ahead[:LOOK_AHEAD]

    def _of(self, kind: str, name: str, ahead: int) -> float | None:
        """A value that somebody filled in for a month ahead."""
        keys = [f"{kind}:{name}@{self.index + ahead + 1}", *([f"{kind}:{name}"] if not ahead else [])]
        return next((self.values[key] for key in keys if key in self.values), None)

    def _table(self, kind: str, names: Sequence[str], recommended: Array) -> Array:
        """A plan with what was filled in, (months ahead, rows)."""
        plan = recommended[:LOOK_AHEAD].copy()
        for ahead in self.look:
            for row, name in enumerate(names):
                told = self._of(kind, name, ahead)
                plan[ahead, row] = plan[ahead, row] if told is None else told
        return plan

    # --- the plans, (months ahead, families, resources or parts) ---

    @cached_property
    def agreed(self) -> Array:
        """The demand plan as the demand planner corrects it."""
        plan = self.month.by_family(self.month.demand[:LOOK_AHEAD])
        more = np.array([self.values.get(f"forecast:{family}", 0.0) for family in self.n.families])
        return np.asarray(np.maximum(plan + more, 0.0))

    @cached_property
    def expected(self) -> Array:
        """Demand as sales expect it."""
        return self._table("~expects", self.n.families, self.month.by_family(self.month.demand))

    @cached_property
    def made(self) -> Array:
        """Production as operations plan it."""
        return self._table("production", self.n.families, self.month.production)

    @cached_property
    def _still_made(self) -> Array:
        """Production of all months ahead, of this month what is still to be started."""
        return np.asarray(self.month.still(np.concatenate([self.made, self.month.production[LOOK_AHEAD:]])))

    @cached_property
    def left(self) -> Array:
        """Stock less orders owed at the end of each month, if all plans come true."""
        stock = self.month.by_family(
            self.month.morning("on_hand", self.month.supply_day)[self.n.sold]
            - self.month.morning("backlog", self.month.supply_day).sum(axis=0)
        )
        due, made = self.agreed.copy(), self.made.copy()
        due[0] *= self.month.share_left
        made[0] = self._still_made[0]
        return np.asarray(stock + np.cumsum(made - due, axis=0))

    @cached_property
    def hours(self) -> tuple[Array, Array, Array]:
        """Hours that the production takes, regular hours, and the overtime that is asked for."""
        needed = self.month.load(self._still_made)[:LOOK_AHEAD]
        regular = np.asarray(self.month.regular)[:LOOK_AHEAD]
        return needed, regular, self._table("overtime", self.n.resources, np.asarray(self.month.overtime)[:LOOK_AHEAD])

    @cached_property
    def parts(self) -> tuple[Array, Array, Mask]:
        """Parts needed until each month's end, parts there by then, and whether no new order can come by then."""
        m, needs = self.month, Needs(self.month)
        need = np.cumsum(needs.gross(self._still_made, np.zeros_like(m.demand)), axis=0)[:LOOK_AHEAD]
        due = m.noted(PARTS_DUE)
        there = m.morning("on_hand", m.supply_day)[m.n.bought] + (0.0 if due is None else due[:LOOK_AHEAD])
        ends = m.days.month_start[m.index + 1 : m.index + 1 + LOOK_AHEAD] - m.supply_day
        settled = ends[:, None] <= np.maximum(m.n.lead_time[m.n.bought, 0], 1.0)
        return need, np.broadcast_to(there, need.shape), settled

    @cached_property
    def part_names(self) -> list[str]:
        """The parts in the order of their columns."""
        return [*Needs(self.month).names]

    # --- the clashes ---

    @cached_property
    def apart(self) -> Mask:
        """Months and families of which sales and the demand planner expect different demand."""
        return np.asarray(np.abs(self.expected - self.agreed) > FAR_APART * np.maximum(self.agreed, TINY))

    @cached_property
    def is_made(self) -> Mask:
        """Families of which something is made here; the others are bought."""
        return np.array([self.month.is_made[self.n.family_of == row].any() for row in range(len(self.n.families))])

    @cached_property
    def short(self) -> Mask:
        """Months and families that are made of which less is made than is promised."""
        return np.asarray((self.left < -TINY) & self.is_made)

    @cached_property
    def overloaded(self) -> Mask:
        """Months and resources whose hours do not suffice for the production."""
        needed, regular, overtime = self.hours
        return np.asarray(needed > (regular + overtime) * ROUNDING)

    @cached_property
    def late(self) -> Mask:
        """Months and parts that are missing by then, since no order placed today comes in time."""
        need, there, settled = self.parts
        return np.asarray(settled & (need > there + TINY))

    # --- the tables ---

    def _in_month(self, name: str, ahead: int) -> Text:
        """A row's title: on a phone a column of its own for the month leaves no room for figures."""
        return msg("{name}, {month}", name=name, month=self.names[ahead])

    def demand_table(self) -> Sheet:
        """Sales, demand plan and production by family, and the stock that they leave; goods that are bought come by the rules' orders."""
        rows: list[tuple[Text, Sequence[Cell]]] = []
        for row, family in enumerate(self.n.families):
            for ahead in self.look:
                apart, short = bool(self.apart[ahead, row]), bool(self.short[ahead, row])
                cells = [
                    Cell(float(self.expected[ahead, row]), apart), Cell(float(self.agreed[ahead, row]), apart),
                    Cell(float(self.made[ahead, row]) if self.is_made[row] else None),
                    Cell(float(self.left[ahead, row]) if self.is_made[row] else None, short),
                ]  # fmt: skip
                rows.append((self._in_month(family, ahead), cells))
        columns: list[Text] = [
            msg("Sales expect"),
            msg("Demand plan"),
            msg("Production plan"),
            msg("Stock less orders owed"),
        ]
        return Sheet(msg("Demand against supply"), columns, rows, msg("units"))

    def hours_table(self) -> Sheet:
        """Hours that the production takes, and those that are there with the overtime that is asked for."""
        needed, regular, overtime = self.hours
        rows: list[tuple[Text, Sequence[Cell]]] = []
        for row, name in enumerate(self.n.resources):
            for ahead in self.look:
                cells = [
                    Cell(float(needed[ahead, row]), bool(self.overloaded[ahead, row])), Cell(float(regular[ahead, row])),
                    Cell(float(overtime[ahead, row])),
                ]  # fmt: skip
                rows.append((self._in_month(name, ahead), cells))
        columns = [msg("Hours needed"), msg("Regular hours"), msg("Overtime")]
        return Sheet(msg("Hours against capacity"), columns, rows, msg("hours"))

    def parts_table(self) -> Sheet:
        """Parts that the production takes until each month's end, and those that are there by then."""
        need, there, settled = self.parts
        cover = np.where(settled & (need > TINY), there / np.maximum(need, TINY), np.inf).min(axis=0)
        rows = []
        for item in np.argsort(cover, kind="stable")[:PARTS_SHOWN]:
            if not np.isfinite(cover[item]):
                continue
            cells: list[Cell] = []
            for ahead in self.look:
                cells += [
                    Cell(float(need[ahead, item]), bool(self.late[ahead, item])), Cell(float(there[ahead, item])),
                ]  # fmt: skip
            more = self.values.get(f"order-ahead:{self.part_names[item]}", 0.0)
            lead = float(self.n.lead_time[self.n.bought[item], 0])
            rows.append((self.part_names[item], [*cells, Cell(more), Cell(lead)]))
        columns: list[Text] = []
        for name in self.names:
            columns += [msg("Needed by the end of {month}", month=name), msg("There by then")]
        columns += [msg("Bought ahead"), msg("Days on the way")]
        return Sheet(msg("Parts against needs"), columns, rows, msg("units"))

    def cash_table(self) -> Sheet:
        """Cash on the lowest evening of each month, as planned, with what is bought ahead, against the credit line."""
        cash, needs = planned_cash(self.month), Needs(self.month)
        cost = dict(zip(needs.names, needs.cost, strict=True))
        ahead = sum(
            amount * float(cost[key.split(":", 1)[1]])
            for key, amount in self.values.items()
            if key.startswith("order-ahead:")
        )
        rows = []
        for k, figure in enumerate(cash.lowest[:LOOK_AHEAD]):
            left = float(figure) - ahead
            broken = cash.line is not None and left < -cash.line
            line = None if cash.line is None else -float(cash.line)
            rows.append((self.names[k], [Cell(float(figure)), Cell(left, broken), Cell(line)]))
        columns = [msg("Lowest cash"), msg("With what is bought ahead"), msg("May fall to")]
        return Sheet(msg("Cash against the credit line"), columns, rows, self.month.currency)
