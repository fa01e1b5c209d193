"""Deals in a fork: those in sight that morning stay, and what is still open of them is drawn from what can still come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulator.kernel.units import Array, Mask, Whole
from simulator.world.luck.fork import Fork
from simulator.world.luck.stream import Stream

if TYPE_CHECKING:
    from simulator.world.luck.deal_table import DealTable


DealFigure = TypeVar("DealFigure", bound=np.generic)


class KnownDeals:
    """Hold the deals of one stream that are in sight when a run is forked, and the luck of what is still open of them."""

    def __init__(self, run: DealTable, fork: Fork, lanes: int) -> None:
        self.run, self.fork, self.lanes = run, fork, lanes
        self.day = fork.day + run.offset  # by the calendar of the deals
        worked = np.flatnonzero(run.long.working[: self.day])
        self.open_from = int(worked[-1]) + 1 if worked.size else 0  # days on which a deal appears that nobody has seen
        self.rows: Whole = np.flatnonzero(run.day() < self.day)
        self.mask: Mask = np.zeros(0, dtype=bool)
        self.order: Whole = np.zeros(0, dtype=np.int64)
        self.again: Array = np.zeros((0, 0))

    def share_over(self, months: int) -> Array:
        """Return the share of each month in which no further deal can appear, (months,)."""
        starts = self.run.long.first_of_month[: months + 1]
        return np.clip((self.open_from - starts[:-1]) / np.diff(starts), 0.0, 1.0)

    def join(self, lane: Whole) -> Whole:
        """Place these deals before the new ones of each lane, whose lanes are given: the lane of every deal."""
        lanes = np.concatenate([np.repeat(np.arange(self.lanes), len(self.rows)), lane])
        self.order = np.argsort(lanes, kind="stable")
        self.mask = (np.arange(len(lanes)) < self.lanes * len(self.rows))[self.order]
        return np.asarray(lanes[self.order])

    def before(self, mine: NDArray[DealFigure], new: NDArray[DealFigure]) -> NDArray[DealFigure]:
        """Figures of the run's deals in each lane, and of the new ones, in their places."""
        return np.concatenate([*[mine[self.rows]] * self.lanes, new])[self.order]

    def draw_again(self, lane: Whole, width: int, source: str, replications: Sequence[int]) -> None:
        """Draw further numbers for each deal, of which those are used that are still open."""
        stream = Stream(self.fork.anew, source, self.run.name)
        rows = np.bincount(lane, minlength=self.lanes)
        drawn = [stream.fill(r, np.empty((int(n), width))) for r, n in zip(replications, rows, strict=True)]
        fresh = np.concatenate(drawn)
        self.again = np.concatenate([self.again, fresh], axis=1) if self.again.size else fresh

    def still_open(self, u: Array, column: int, day: Whole) -> Array:
        """Numbers that decide something on a day, new where that day is still to come."""
        return np.where(self.mask & (day >= self.day), self.again[:, column], u)

    def slipped(
        self, u: Array, column: int, months: tuple[Whole, Whole], repeat: float, told: Callable[[Whole], Whole]
    ) -> Array:
        """Numbers that decide how often a deal slips: new where it may slip again, and no less often than it has.

        `months` are the first month in which it could have happened and the slips of the run; each slip is as likely
        as the one before (`repeat`); what happens in a month is known from the day that `told` says.
        """
        first, late = months
        over = int((told(np.arange(self.run.long.months)) < self.day).sum())  # months of which it is known
        so_far = np.power(repeat, np.maximum(over - first, 0))
        open_now = self.mask & (first + late >= over)
        return np.where(open_now, 1 - so_far + so_far * self.again[:, column], u)
