"""The record of past plans against what happened, and the range that it gives the figures of a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simulator.engine.money.accounts import CASH, EBIT, NET_SALES
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Message, msg
from simulator.kernel.plans import DEMAND_AHEAD, HORIZON, STOCK_AHEAD
from simulator.kernel.units import Array
from simulator.results.kpis import in_company
from simulator.results.money import Money
from simulator.results.reading.month import Month
from simulator.results.reading.planned_money import PlannedMoney
from simulator.results.reading.record import Reading, with_total
from simulator.theory.statistics import range_of_next

FAR = 6
"""Months ahead that are held against what happened."""

CYCLES = 12
"""Past cycles whose errors are told."""

ENOUGH = 6
"""Past cycles without which no range is given."""

EACH_TAIL = 0.1
"""The share of figures that is to fall below a range, and above it."""

FADE = 0.9
"""What is left a month later of the weight that an error has for a range."""

NOBODY = 0.5
"""Units below which nobody is owed anything."""


class Range(NamedTuple):
    """A figure as it is likely to come: one of ten falls below the low one, one of ten above the high one."""

    low: Array
    expected: Array
    high: Array


@dataclass(frozen=True)
class PlanFigure:
    """A figure that plans state by month: planned, (cycles, months ahead, rows, lanes), and what came, (months, rows, lanes)."""

    name: Message
    planned: Callable[[PlanRecord], Array]
    actual: Callable[[PlanRecord], Array]


class PlanRecord:
    """Every plan of a block of replications against what happened.

    The error of each of the last twelve plans at the same distance is one way in which today's plan may go wrong, larger or
    smaller by the square root of the demand that is planned. For a range recent errors weigh more, and those in money are in
    proportion to planned net sales. Rows are families and all of them together.
    """

    def __init__(self, read: Reading, until: int | None = None) -> None:
        """Open the record of all cycles, or of those until a cycle; of these the last ones are worked out, on which it may look back."""
        self.read, self.plans, self.months = read, read.plans, read.days.months
        self.held = [made for made in self.plans.made_in if until is None or made <= until]
        self.worked_out = self.held if until is None else self.held[-CYCLES - FAR :]
        self._found: dict[str, tuple[Array, Array]] = {}

    def by_family(self, products: Array) -> Array:
        """Sum (..., products, lanes) into (..., families and all of them, lanes)."""
        return with_total(self.read.by_family(products), axis=-2)

    def both(self, figure: PlanFigure) -> tuple[Array, Array]:
        """A figure as planned and as it came."""
        key = str(figure.name)
        if key not in self._found:
            self._found[key] = figure.planned(self), figure.actual(self)
        return self._found[key]

    def each_month(self, figure: Callable[[int], Array]) -> Array:
        """A figure of every month of the run."""
        return np.stack([figure(month) for month in range(self.months)])

    # --- past errors ---

    def cycles_before(self, made: int, ahead: int) -> list[int]:
        """The last cycles whose month that far ahead was over when a cycle was held; the first of all is not among them."""
        return [k for k in self.held if k != self.plans.made_in[0] and k + ahead < made][-CYCLES:]

    @cached_property
    def reference(self) -> Array:
        """Demand from the supply plan through each month's end as it was planned, (cycles, months ahead, rows, lanes)."""
        return self.by_family(self.plans.tables[DEMAND_AHEAD][:, :FAR])

    def scale(self, made: int, ahead: int) -> Array | None:
        """Multipliers of the errors of earlier cycles, (cycles, rows, lanes); None before there are enough of them."""
        cycles = self.cycles_before(made, ahead)
        if len(cycles) < ENOUGH:
            return None
        return np.asarray(np.sqrt(self.reference[made, ahead] / np.maximum(self.reference[cycles, ahead], TINY)))

    def errors(self, figure: PlanFigure, made: int, ahead: int) -> Array:
        """Take from what came the plans of earlier cycles, (cycles, rows, lanes)."""
        cycles, (planned, came) = self.cycles_before(made, ahead), self.both(figure)
        return np.asarray(came[[k + ahead for k in cycles]] - planned[cycles, ahead])

    def scenarios(self, figure: PlanFigure, made: int, ahead: int) -> Array | None:
        """A figure of a plan as it would come with the error of each earlier one, (cycles, rows, lanes)."""
        scale = self.scale(made, ahead)
        if scale is None:
            return None
        errors = self.errors(figure, made, ahead)
        return np.asarray(
            self.both(figure)[0][made, ahead] + errors * (scale if errors.shape[1] > 1 else scale[:, -1:])
        )

    def in_proportion(self, figure: PlanFigure, made: int, ahead: int) -> Array:
        """A figure in money as it would come with errors in proportion to net sales planned through the month, (cycles, 1, lanes)."""
        planned = np.maximum(self.both(PLANNED_SALES)[0][:, : ahead + 1].sum(axis=1), 0.0)
        now, then = planned[made], planned[self.cycles_before(made, ahead)]
        size = np.where(then > TINY, now / np.maximum(then, TINY), 1.0)
        return np.asarray(self.both(figure)[0][made, ahead] + self.errors(figure, made, ahead) * size)

    def likely(self, figure: PlanFigure, made: int, ahead: int) -> Range | None:
        """The range of a figure, (rows, lanes) each; None before there is a record."""
        found = self.scenarios(figure, made, ahead)
        if found is None:
            return None
        ways = self.in_proportion(figure, made, ahead) if figure in MONEY_FIGURES else found
        age = made - np.array(self.cycles_before(made, ahead))
        low, high = range_of_next(ways, FADE**age, EACH_TAIL)
        return Range(low, found.mean(axis=0), high)

    # --- backlog ---

    @cached_property
    def products(self) -> tuple[Array, Array]:
        """Stock less backlog of each product at each month's end, as projected and as it was."""
        last = [self.read.span_of(month)[1] - 1 for month in range(self.months)]
        return self.plans.tables[STOCK_AHEAD][:, :FAR], np.stack(
            [self.read.on_hand(d) - self.read.owed(d) for d in last]
        )

    def backlogs_of_products(self, made: int, ahead: int) -> Array | None:
        """The backlog of a plan as it would come with the error of each earlier one: (cycles, products, lanes)."""
        cycles, scale = self.cycles_before(made, ahead), self.scale(made, ahead)
        if scale is None:
            return None
        planned, came = self.products
        errors = came[[k + ahead for k in cycles]] - planned[cycles, ahead]
        of_product = scale[:, self.read.network.family_of]
        return np.asarray(np.maximum(-(planned[made, ahead] + errors * of_product), 0.0))

    def backlogs(self, made: int, ahead: int) -> Array | None:
        """The backlog of a plan by family and of all, (cycles, rows, lanes); one product's stock serves no other's orders."""
        found = self.backlogs_of_products(made, ahead)
        return None if found is None else self.by_family(found)

    def chance_of_none(self, made: int, ahead: int) -> Array | None:
        """The probability that a month ends without any backlog, (rows, lanes)."""
        found = self.backlogs(made, ahead)
        return None if found is None else np.asarray((found < NOBODY).mean(axis=0))

    # --- money ---

    @cached_property
    def money(self) -> Money:
        """The books in money."""
        return Money(in_company(self.read.books))

    def in_money(self, made: int, lane: int = 0) -> PlannedMoney:
        """The plan of a cycle in money, lateness by the backlog that is to be expected with the errors of earlier ones."""
        return PlannedMoney(Month(self.read.books, made, lane), self.money, lane, self._expected_owed(made, lane))

    def _expected_owed(self, made: int, lane: int) -> Array | None:
        """The backlog to be expected at each month's end at list price, (months ahead,); None before there is a record.

        Months further ahead than the record tells stand as its last one.
        """
        price, found = self.read.network.price[:, 0], [self.backlogs_of_products(made, ahead) for ahead in range(FAR)]
        told = [float(amount[..., lane].mean(axis=0) @ price) for amount in found if amount is not None]
        return np.array([*told, *[told[-1]] * (HORIZON - len(told))]) if told else None

    @cached_property
    def planned_money(self) -> dict[str, Array]:
        """Net sales and EBIT of each month ahead and cash at its end as planned, (cycles, months ahead, 1, lanes) each."""
        lanes = self.plans.forecast.shape[-1]
        planned = {name: np.full((self.months, FAR, 1, lanes), np.nan) for name in ("sales", "ebit", "cash")}
        for lane in range(lanes):
            for made in self.worked_out:
                plan = self.in_money(made, lane)
                planned["sales"][made, :, 0, lane] = plan.of_months(NET_SALES)[:FAR]
                planned["ebit"][made, :, 0, lane] = plan.of_months(EBIT)[:FAR]
                planned["cash"][made, :, 0, lane] = plan.at_month_ends(CASH)[:FAR]
        return planned

    def earned(self, lines: tuple[str, ...]) -> Array:
        """Income less expense of some lines by month of the run, (months, 1, lanes)."""
        lanes = self.plans.forecast.shape[-1]
        return self.each_month(lambda month: self.money.total(lines, slice(*self.read.span_of(month)))[None, :lanes])

    def cash_at_end(self) -> Array:
        """Cash on the last evening of each month, (months, 1, lanes)."""
        lanes = self.plans.forecast.shape[-1]
        return self.each_month(lambda month: self.money.balance(CASH, self.read.span_of(month)[1] - 1)[None, :lanes])


# --- the figures ---


def _shipments(record: PlanRecord) -> Array:
    """Shipments of a month, the first one's before the supply plan among them."""
    planned = np.full((record.months, FAR, len(record.read.network.families), record.plans.forecast.shape[-1]), np.nan)
    for lane in range(planned.shape[-1]):
        for made in record.worked_out:
            planned[made, ..., lane] = Month(record.read.books, made, lane).projected.shipments[:FAR]
    return with_total(planned, axis=-2)


PLANNED_DEMAND = PlanFigure(
    msg("demand"),
    lambda record: record.by_family(record.plans.demand[:, :FAR]),
    lambda record: record.by_family(record.each_month(record.read.demand_of)),
)
PLANNED_PRODUCTION = PlanFigure(
    msg("production"),
    lambda record: with_total(record.plans.production[:, :FAR], axis=-2),
    lambda record: record.by_family(record.each_month(lambda month: record.read.started(*record.read.span_of(month)))),
)
PLANNED_SHIPMENTS = PlanFigure(
    msg("shipments"),
    _shipments,
    lambda record: record.by_family(record.each_month(lambda month: record.read.shipped(*record.read.span_of(month)))),
)
PLANNED_STOCK = PlanFigure(
    msg("stock less backlog"),
    lambda record: record.by_family(record.products[0]),
    lambda record: record.by_family(record.products[1]),
)
PLANNED_SALES = PlanFigure(
    msg("net sales"), lambda record: record.planned_money["sales"], lambda record: record.earned(NET_SALES)
)
PLANNED_EBIT = PlanFigure(msg("EBIT"), lambda record: record.planned_money["ebit"], lambda record: record.earned(EBIT))
PLANNED_CASH = PlanFigure(msg("cash"), lambda record: record.planned_money["cash"], PlanRecord.cash_at_end)

MONEY_FIGURES = (PLANNED_SALES, PLANNED_EBIT, PLANNED_CASH)
"""Figures of the financial plan: of the whole company, and in one row."""

PLAN_FIGURES = (PLANNED_DEMAND, PLANNED_PRODUCTION, PLANNED_SHIPMENTS, PLANNED_STOCK, *MONEY_FIGURES)
"""Figures of plans that are held against what happened, in the order in which a company plans."""


@dataclass(frozen=True)
class Likely:
    """Figures of one month's plan as they are likely to come, (months ahead, families and all of them); money is (months ahead,)."""

    cycles: int
    stock: Range
    backlog: Array
    no_backlog: Array
    sales: Range
    ebit: Range
    cash: Range

    @property
    def months(self) -> int:
        """Months ahead that past plans tell something of."""
        return len(self.backlog)


def record_of(month: Month) -> PlanRecord:
    """The record on which a month may look back."""
    return month.once(_record)


def likely(month: Month) -> Likely | None:
    """The approved plan with the errors of past plans; None before there is a record of them."""
    return month.once(_likely)


def planned_money(month: Month) -> PlannedMoney:
    """The approved plan in money."""
    return month.once(_planned_money)


def _record(month: Month) -> PlanRecord:
    return PlanRecord(month.read, month.index)


def _planned_money(month: Month) -> PlannedMoney:
    return record_of(month).in_money(month.index)


def _likely(month: Month) -> Likely | None:
    record, made = record_of(month), month.index
    reach = [ahead for ahead in range(FAR) if record.scale(made, ahead) is not None]
    if not reach:
        return None
    backlogs = [record.backlogs(made, ahead) for ahead in reach]
    none = [record.chance_of_none(made, ahead) for ahead in reach]
    in_money = (_ranges(record, figure, made, reach) for figure in MONEY_FIGURES)
    return Likely(
        len(record.cycles_before(made, 0)),
        _ranges(record, PLANNED_STOCK, made, reach),
        np.stack([amount.mean(axis=0)[:, 0] for amount in backlogs if amount is not None]),
        np.stack([chance[:, 0] for chance in none if chance is not None]),
        *(Range(*(part[:, 0] for part in found)) for found in in_money),
    )


def _ranges(record: PlanRecord, figure: PlanFigure, made: int, reach: list[int]) -> Range:
    """The ranges of a figure month by month, of the first lane: (months ahead, rows) each."""
    found = [record.likely(figure, made, ahead) for ahead in reach]
    return Range(*(np.stack([part[k][:, 0] for part in found if part is not None]) for k in range(3)))
