"""The real past of a company that has a file: the months before its first simulated day, as planners know them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.company.calendar import Calendar
from simulator.company.history import OrderLines
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Array

MONTHS_WITH_SEASON = 24
"""Months of totals from which a season can be told from luck."""

FEWEST_MONTHS_FITTED = 12
"""Months before the run from which the generator is fitted to them alone; fewer tell no season."""


@dataclass(frozen=True)
class Past:
    """Hold the lines of a file, and how many of its months lie before the run."""

    lines: OrderLines
    months: int  # that end where the run begins; 0 where the file ends earlier, or begins with the run or later
    begins: str  # month in which the run begins

    @classmethod
    def of(cls, lines: OrderLines, calendar: Calendar) -> Past:
        """Count the months of the file before the run."""
        start = np.datetime64(calendar.start, "M")
        before = int((start - np.datetime64(lines.start, "M")).astype(np.int64))
        return cls(lines, before if 0 < before <= lines.months else 0, f"{start}")

    @property
    def fitted(self) -> OrderLines:
        """The lines that the generator is fitted to: those before the run where they are a year and more, else all."""
        alone = FEWEST_MONTHS_FITTED <= self.months < self.lines.months
        return self.lines.until(self.months) if alone else self.lines

    def units(self, history: int) -> Array | None:
        """Units of the last months before the run, as many as planners look back: (months, products)."""
        known = min(history, self.months)
        if not known:
            return None
        days = self.lines.days(self.lines.calendar)
        by_month = np.add.reduceat(self.lines.units_per_day.sum(axis=1), days.month_start[:-1], axis=0)
        return np.asarray(by_month[self.months - known : self.months])

    def sentences(self, mode: str) -> list[Message]:
        """Say which months are the past, and to which the generator is fitted."""
        first = np.datetime64(self.lines.start, "M")
        said = []
        if self.months:
            said.append(
                msg(
                    "The months {first} to {last} before the run are the past that planners know.",
                    first=f"{first}",
                    last=f"{first + self.months - 1}",
                )
            )
        if mode == "fitted" and self.fitted is not self.lines:
            said.append(
                msg(
                    "Fitted to the months before the run; the {n} later ones are not used.",
                    n=self.lines.months - self.months,
                )
            )
        return said

    def remarks(self, mode: str) -> list[Message]:
        """Say where the file leaves planners without a past, tells no season, or was made long before the run."""
        if mode == "fitted" and self.fitted.bucket == "month" and self.fitted.months < MONTHS_WITH_SEASON:
            return [
                msg(
                    "{file}: {n} months of totals tell no season from luck; all of their variation is taken for luck. Two "
                    "years would tell.",
                    file=self.lines.treatment.file,
                    n=self.fitted.months,
                ),
                *self._remarks(mode),
            ]
        return self._remarks(mode)

    def _remarks(self, mode: str) -> list[Message]:
        first = np.datetime64(self.lines.start, "M")
        end = first + self.lines.months
        begins = np.datetime64(self.begins, "M")
        if mode == "replay" and not self.months:
            return [
                msg(
                    "{file} begins with the run: planners replay it without a past; start in a later month, or take the mode fitted.",
                    file=self.lines.treatment.file,
                )
            ]
        if begins > end:
            return [
                msg(
                    "{file} ends in {last}, {n} months before the run: the past of planners is drawn, and growth has faded.",
                    file=self.lines.treatment.file,
                    last=f"{end - 1}",
                    n=int((begins - end).astype(np.int64)),
                )
            ]
        return []
