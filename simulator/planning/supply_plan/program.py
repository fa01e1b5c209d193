"""The linear program of a month's supply plan: rows and columns once, figures by lane, each lane solved by itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from simulator.kernel.lanes import total
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import DAYS_A_MONTH, Array, Mask, PolicyError, Whole
from simulator.world.view import Desk

if TYPE_CHECKING:
    from highspy import Highs, HighsBasis


@dataclass(frozen=True)
class FamilyCosts:
    """Money for a unit of each family, (families, 1 or lanes)."""

    unit: Array  # standard cost
    holding: Array  # a unit held beyond safety stock for a month
    owed: Array  # a unit owed for a month: the margin that is at stake, and the penalty


def family_costs(view: Desk, mix: Array) -> FamilyCosts:
    """Costs of a family as a mean over its products: `mix` is (months or 1, products, 1 or lanes)."""
    n, finance = view.network, view.finance
    share = total(mix) / len(mix)
    unit, price = (n.by_family(share * figure) for figure in (n.unit_cost[n.sold], n.price))
    owed = np.maximum(price - unit, 0.0) + finance.late_penalty * DAYS_A_MONTH * price
    return FamilyCosts(unit, unit * finance.holding_rate / 12, owed)


def insist(rule: str, cost: Array, families: list[str], what: Message, remedy: Message) -> None:
    """Refuse to optimise without a cost above 0."""
    for family, figure in zip(families, cost, strict=True):
        if not np.min(figure) > 0:
            raise PolicyError(
                msg(
                    "the rule {rule} needs {what} above 0, and family {family} has none; {remedy}",
                    rule=repr(rule),
                    what=what,
                    family=repr(family),
                    remedy=remedy,
                )
            )


# --- the program ---


EATEN = ("first eaten", "then eaten", "last eaten")
"""Safety stock in equal parts: the less there is left, the dearer it is to take from it."""
BY_FAMILY = ("make", "outside", "stock", *EATEN, "owed", "more", "less")
"""Units: started, bought from a subcontractor, kept beyond safety stock, taken from it, owed beyond it; more and
fewer made a working day than in the month before, as units of a mean month."""
BY_RESOURCE = ("overtime", "missing")
"""Hours: overtime, and those that only the search for what is missing may use."""
TIE = 1e-6
"""Of what owing a unit costs: by so much it is dearer to make early, for each family more than for those before it, to have others
make, and to have people. So one plan alone is cheapest, whichever way the solver takes; of plans that cost the same it is the one
that makes as late as can be, ahead of time what comes first in the file, itself, and with as few people as will do."""
LATER = 1e-4  # how much dearer a missing hour is in the first month than in the last: what lacks shows where it hurts


@dataclass(frozen=True)
class Staffed:
    """People of a cycle's programs, where they can be hired and dismissed."""

    settled: Array  # (months, resources, lanes): as far as it is decided
    least: Array  # (resources, 1)
    most: Array
    can_come: Mask  # (months, resources)
    can_go: Mask


@dataclass(frozen=True)
class Figures:
    """Hold the input figures of a cycle's programs; lanes last, months first."""

    required: Array  # (months, families, lanes): what must be there in addition by each month's end
    load: Array  # (months, families, resources, lanes): hours a unit
    days: Array  # (months,): working days
    hours: Array  # (months, resources, 1): regular hours
    overtime: Array  # (months, resources, 1): most overtime
    before: Array  # (families, lanes): units a working day made now; not a number where nothing is planned yet
    safety_stock: Array  # (families, lanes)
    prices: dict[str, Array]  # by column, broadcast against (months, families or resources, lanes)
    catch_up: int  # months after which nothing may be owed
    outside: Array | float = 0.0  # most that subcontractors make, against (months, families, lanes)
    people: Staffed | None = None


@dataclass(frozen=True)
class Solution:
    """Hold the solutions of the programs, by lane."""

    make: Array  # (months, families, lanes)
    outside: Array
    found: Mask  # (lanes,): whether there was a plan
    missing: Array  # (months, resources, lanes): hours that would just make one possible
    cost: Array  # (lanes,)
    heads: Array | None = None  # (months, resources, lanes): people, where they can be hired and dismissed


OPTIONS: dict[str, bool | str | int] = {
    "output_flag": False,
    "presolve": "off",  # costs more than it saves on programs of this size
    "parallel": "off",
    "threads": 1,  # helpers of HiGHS's own have nothing to do and look for work all the same
    "simplex_dual_edge_weight_strategy": 1,  # Devex: exact weights save fewer steps than they cost
}


def new_solver() -> Highs:
    """HiGHS as programs of this size want it."""
    from highspy import Highs

    solver = Highs.__new__(Highs)
    super(Highs, solver).__init__()  # its own also starts callbacks, and prints a line while it does
    for option, value in OPTIONS.items():
        solver.setOptionValue(option, value)
    return solver


def side_by_side(solved: Callable[[Whole], list[Array | None]], lanes: Whole) -> list[Array | None]:
    """Share lanes out to threads, which are new: how many helpers HiGHS has is settled in a thread when it first solves there."""
    threads = max(1, min(os.cpu_count() or 1, 8, len(lanes)))
    with ThreadPoolExecutor(threads) as pool:
        return [*chain.from_iterable(pool.map(solved, np.array_split(lanes, threads)))]


Place = Callable[..., None]
"""Enter coefficients: row, column, a constant, and which hours a unit it is times."""


class Program:
    """Rows and columns: which figure stands where is the same in all lanes.

    A row for each month and family says units in, units out; one for each month and resource hours; and again
    one for each month and family what is made a working day, against the month before.
    """

    by_resource: ClassVar[tuple[str, ...]] = BY_RESOURCE

    def __init__(self, days: Array, uses: Mask) -> None:
        """`days` are the working days of each month, `uses` says which family needs which resource."""
        self.months, self.families, self.resources = len(days), len(uses), int(np.size(uses, 1))
        self.worked = np.flatnonzero(days > 0)
        self.mean_month = max(float(days[self.worked].mean()), 1.0) if self.worked.size else 1.0
        sizes = [self.months * self.families] * len(BY_FAMILY) + [self.months * self.resources] * len(self.by_resource)
        starts = np.cumsum([0, *sizes]).tolist()
        self.at = {
            name: slice(a, b) for name, a, b in zip(BY_FAMILY + self.by_resource, starts, starts[1:], strict=False)
        }
        self.columns: int = starts[-1]
        self._place(days, uses)

    def _column(self, name: str) -> Whole:
        span = self.at[name]
        return np.arange(span.start, span.stop).reshape(self.months, -1)

    def _place(self, days: Array, uses: Mask) -> None:
        """Entries as row, column, a constant, and which hours a unit it is times: (month, family, resource) or none."""
        entries: list[tuple[Array, ...]] = []

        def put(row: Whole, column: Whole, constant: ArrayLike, load: ArrayLike = -1) -> None:
            entries.append(tuple(np.ravel(a) for a in np.broadcast_arrays(row, column, constant, load)))

        self._enter(days, uses, put)
        self._sort(*(np.concatenate(part) for part in zip(*entries, strict=True)))

    def _enter(self, days: Array, uses: Mask, put: Place) -> None:
        """Row by row: units, hours, changes."""
        units = np.arange(self.months * self.families).reshape(self.months, -1)
        for name in ("make", "outside"):
            put(units, self._column(name), 1.0)
        for name in ("stock", *EATEN, "owed"):
            sign = 1.0 if name == "stock" else -1.0
            put(units, self._column(name), -sign)
            put(units[1:], self._column(name)[:-1], sign)

        family, resource = np.nonzero(uses)
        loads = np.arange(self.months * uses.size).reshape(self.months, *uses.shape)
        hours = units.size + np.arange(self.months * self.resources).reshape(self.months, -1)
        put(hours[:, resource], self._column("make")[:, family], 1.0, loads[:, family, resource])
        for name in BY_RESOURCE:
            put(hours, self._column(name), -1.0)

        work, change, made = self.worked, units.size + hours.size + units, self._column("make")
        rate = (self.mean_month / np.maximum(days, 1.0))[:, None]
        put(change[work], made[work], rate[work])
        put(change[work[1:]], made[work[:-1]], -rate[work[:-1]])
        put(change[work], self._column("more")[work], -1.0)
        put(change[work], self._column("less")[work], 1.0)
        self.rows = 2 * units.size + hours.size

    def _sort(self, rows: Array, columns: Array, constants: Array, held: Array) -> None:
        """Column by column, as the solver wants them."""
        order = np.lexsort((rows, columns))
        self.index = rows[order].astype(np.int32)
        self.constants, self.held = constants[order, None], held[order]
        self.pointer = np.searchsorted(columns[order], np.arange(self.columns + 1)).astype(np.int32)

    def solve(self, figures: Figures) -> Solution:
        """Every lane by itself, side by side in threads; a lane's plan knows nothing of the others."""
        f, lanes = figures, figures.required.shape[-1]
        load = f.load.reshape(-1, lanes)[self.held]
        values = np.where(self.held[:, None] >= 0, self.constants * load, self.constants)
        (least, most), low = self._rows(f), self._least(f)
        true_prices, high = self._prices(f), self._most(f)
        prices, start = true_prices + self._preferred(true_prices), self._chase()

        def solved(mine: Whole) -> list[Array | None]:
            solver = new_solver()
            tables = [np.ascontiguousarray(each.T[mine]) for each in (values, prices, low, high, least, most)]
            return [self._solve(solver, start, *own) for own in zip(*tables, strict=True)]

        plans = side_by_side(solved, np.arange(lanes))
        found = np.array([plan is not None for plan in plans])
        amounts = np.stack([np.zeros(self.columns) if plan is None else plan for plan in plans], axis=-1)
        cost = np.add.reduce(true_prices * amounts, axis=0)
        missing = np.zeros((self.months, self.resources, lanes))
        if not found.all():
            prices, high = self._rescue(lanes), self._most(f, rescued=True)
            lacking = np.flatnonzero(~found)
            for lane, rescued in zip(lacking, side_by_side(solved, lacking), strict=True):
                if rescued is not None:
                    missing[..., lane] = rescued[self.at["missing"]].reshape(self.months, -1)
        by_family = (self.months, self.families, lanes)
        make, outside = (amounts[self.at[name]].reshape(by_family) for name in ("make", "outside"))
        heads = amounts[self.at["heads"]].reshape(missing.shape) if "heads" in self.at else None
        return Solution(make, outside, found, missing, cost, heads)

    def _solve(
        self,
        solver: Highs,
        start: HighsBasis,
        values: Array,
        prices: Array,
        low: Array,
        high: Array,
        least: Array,
        most: Array,
    ) -> Array | None:
        """Cheapest amounts; None if there is no plan."""
        from highspy import HighsModelStatus, MatrixFormat, ObjSense

        kind, whole = int(MatrixFormat.kColwise), np.zeros(self.columns, dtype=np.int32)  # no column need be whole
        shape = (self.columns, self.rows, values.size, kind, int(ObjSense.kMinimize), 0.0)
        solver.passModel(*shape, prices, low, high, least, most, self.pointer, self.index, values, whole)
        solver.setBasis(start)
        solver.run()
        if solver.getModelStatus() != HighsModelStatus.kOptimal:
            return None
        amounts = np.maximum(solver.getSolution().col_value, low)  # it may pass a bound by rounding
        return np.minimum(amounts, high)

    def _chase(self) -> HighsBasis:
        """Begin in every lane where each month makes what it requires, and changes are what follows from that.

        It is near the cheapest plan as a rule, and no figure of any lane is in it.
        """
        from highspy import HighsBasis, HighsBasisStatus

        lower, basic = HighsBasisStatus.kLower, HighsBasisStatus.kBasic
        columns, rows = [lower] * self.columns, [basic] * self.rows
        units = np.arange(self.months * self.families).reshape(self.months, -1)
        change = (self.months * self.resources + units.size + units)[self.worked]
        for column, row in ((self._column("make"), units), (self._column("less")[self.worked], change)):
            for chosen, tight in zip(column.ravel().tolist(), row.ravel().tolist(), strict=True):
                columns[chosen], rows[tight] = basic, lower
        start = HighsBasis()
        start.col_status, start.row_status, start.valid, start.alien = columns, rows, True, False
        return start

    def _rows(self, f: Figures) -> tuple[Array, Array]:
        """The least and most of each row: units as required, hours within the regular ones, change as it is."""
        lanes = f.required.shape[-1]
        units = f.required.reshape(-1, lanes)
        hours = np.broadcast_to(f.hours, (self.months, self.resources, lanes)).reshape(-1, lanes)
        level: Array = np.zeros_like(f.required)
        level[self.worked[:1]] = np.where(np.isnan(f.before), 0.0, f.before) * self.mean_month
        change = level.reshape(-1, lanes)
        return np.concatenate([units, np.full_like(hours, -np.inf), change]), np.concatenate([units, hours, change])

    def _prices(self, f: Figures) -> Array:
        """Price of each column; where nothing is planned yet, the first month changes nothing."""
        lanes, table = int(f.required.shape[-1]), []
        for name in self.at:
            rows = self.families if name in BY_FAMILY else self.resources
            prices = np.broadcast_to(f.prices.get(name, np.zeros(1)), (self.months, rows, lanes)).copy()
            if name in ("more", "less"):
                prices[self.worked[:1]] *= ~np.isnan(f.before)
            table.append(prices.reshape(-1, lanes))
        return np.concatenate(table)

    def _preferred(self, prices: Array) -> Array:
        """Prices so small that they decide only between plans that cost the same."""
        early = np.arange(self.months, 0, -1)[:, None] / self.months
        late_in_file = 1 + np.arange(self.families) / self.families
        told = np.zeros((self.columns, 1))
        told[self.at["make"], 0] = np.ravel(early * late_in_file)
        told[self.at["outside"]] = told[self.at["make"]] + 1
        told[self.at.get("heads", slice(0))] = 1
        ties: Array = TIE * told * prices[self.at["owed"]].mean(axis=0)
        return ties

    def _rescue(self, lanes: int) -> Array:
        """Only missing hours cost anything, and a little less where they are late."""
        prices = np.zeros((self.columns, lanes))
        later = 1.0 + LATER * np.arange(self.months)[::-1] / self.months
        prices[self.at["missing"]] = np.repeat(later, self.resources)[:, None]
        return prices

    def _least(self, f: Figures) -> Array:
        """The least of each column."""
        return np.zeros((self.columns, f.required.shape[-1]))

    def _most(self, f: Figures, rescued: bool = False) -> Array:
        """The most of each column."""
        high = np.full((self.columns, f.required.shape[-1]), np.inf)
        for part in EATEN:
            high[self.at[part]] = np.tile(f.safety_stock / len(EATEN), (self.months, 1))
        high[self._column("owed")[f.catch_up - 1 :].ravel()] = 0.0
        by_resource = (self.months, self.resources, high.shape[-1])
        high[self.at["overtime"]] = np.broadcast_to(f.overtime, by_resource).reshape(-1, high.shape[-1])
        high[self.at["outside"]] = np.broadcast_to(f.outside, f.required.shape).reshape(-1, high.shape[-1])
        if not rescued:
            high[self.at["missing"]] = 0.0
        return high
