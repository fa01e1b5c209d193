"""The working calendar: which days are worked, and where months and weeks begin."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Annotated

import numpy as np
from pydantic import model_validator

from simulator.kernel.messages import listed, msg
from simulator.kernel.units import Array, Mask, Record, ScenarioError, Whole, quantity

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Calendar(Record):
    """State the working calendar: the first simulated day, the days of the week, the holidays."""

    start: Annotated[
        dt.date, quantity("date", "first simulated day; within a month, its first month is what is left of it")
    ] = dt.date(2024, 1, 1)
    working_days: Annotated[
        tuple[str, ...], quantity("days of week", "days of the week that are worked", min_length=1)
    ] = DAY_NAMES
    holidays: Annotated[tuple[dt.date, ...], quantity("list", "days on which nothing is worked or due")] = ()

    @property
    def days_a_month(self) -> float:
        """Working days of a mean month, holidays aside."""
        return len(self.working_days) * 365.25 / 12 / 7

    @model_validator(mode="after")
    def _sensible(self) -> Calendar:
        wrong = [day for day in self.working_days if day not in DAY_NAMES]
        if wrong:
            raise ValueError(
                msg(
                    "{entry} has {value}; allowed are {names}",
                    entry="working_days",
                    value=repr(wrong[0]),
                    names=listed(DAY_NAMES, ", "),
                )
            )
        return self

    @property
    def from_the_first(self) -> Calendar:
        """This calendar from the first of the month of its start."""
        return self if self.start.day == 1 else self.model_copy(update={"start": self.start.replace(day=1)})


class Days:
    """The days of one run: month of each day, working or not, and the working day on which things fall due.

    The month in which a run starts within a month is what is left of it. Where months `before` the run are put in front, the days
    of that month before the start are days of the last month before; they are not among the days that it counts as worked.
    """

    def __init__(self, calendar: Calendar, months: int, before: int = 0) -> None:
        starts = np.datetime64(calendar.start, "M") + np.arange(-before, months + 1)
        begins = starts.astype("datetime64[D]")
        begins[before] = np.datetime64(calendar.start, "D")
        self.first = begins[0]
        self.month_start: Whole = (begins - self.first).astype(np.int64)
        self.first_of_month: Whole = (starts.astype("datetime64[D]") - self.first).astype(np.int64)
        self.count = int(self.month_start[-1])
        self.months = months = before + months
        dates = self.first + np.arange(self.count)
        self.month: Whole = np.searchsorted(self.month_start, np.arange(self.count), side="right") - 1
        self.month_of_year: Whole = (starts.astype(np.int64) % 12)[:months]
        self.weekday: Whole = (dates.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
        worked = np.isin(self.weekday, [DAY_NAMES.index(day) for day in calendar.working_days])
        self._worked_as: dict[tuple[int, int], int] = {}  # days looked up so far, by month and number
        self.working: Mask = worked & ~np.isin(dates, np.array(calendar.holidays, dtype="datetime64[D]"))

    @cached_property
    def next_working(self) -> Whole:
        """For each day the same day if it is worked, else the next one that is (the count of days if none follows)."""
        ahead = np.where(self.working, np.arange(self.count), self.count)
        return np.minimum.accumulate(ahead[::-1])[::-1]

    @cached_property
    def month_of_day(self) -> list[int]:
        """The month of each day, as plain numbers: looked up many times a day."""
        return [int(month) for month in self.month]

    @cached_property
    def last_worked(self) -> list[int]:
        """For each day the last working day before it, -1 for none."""
        so_far = np.maximum.accumulate(np.where(self.working, np.arange(self.count), -1))
        return [-1, *so_far.tolist()]

    @cached_property
    def worked_so_far(self) -> Array:
        """Working days before each day; one longer than the days, so that a span is a difference of two."""
        return np.concatenate([[0.0], np.cumsum(self.working)])

    @cached_property
    def first_worked(self) -> Whole:
        """The first working day of each month."""
        return self.next_working[np.minimum(self.month_start[:-1], self.count - 1)]

    @cached_property
    def worked(self) -> Array:
        """Working days of each month, of the first one from the start on."""
        return self.worked_so_far[self.first_of_month[1:]] - self.worked_so_far[self.month_start[:-1]]

    @cached_property
    def lengths(self) -> Whole:
        """Days of each whole month of the calendar, also of the one in which a run starts."""
        return np.diff(self.first_of_month)

    @cached_property
    def left(self) -> Array:
        """The share of each month that lies in the run: 1 but for the one in which it starts."""
        return (self.first_of_month[1:] - self.month_start[:-1]) / self.lengths

    @cached_property
    def rated_so_far(self) -> Whole:
        """Days before each day of months in which somebody works; one longer than the days."""
        return np.concatenate([[0], np.cumsum(self.worked[self.month] > 0)])

    def rated_days(self, day: int | Whole, ahead: Whole) -> Whole:
        """Days from a day on among which so many are of months in which somebody works."""
        return np.asarray(np.searchsorted(self.rated_so_far, self.rated_so_far[day] + ahead) - day)

    def working_day(self, month: int, number: int) -> int:
        """The so-many-th working day of a month, which must have one; its last one where it has fewer."""
        if (month, number) not in self._worked_as:
            so_far, start = self.worked_so_far, self.month_start[month]
            day = int(np.searchsorted(so_far, so_far[start] + min(number, self.worked[month]))) - 1
            self._worked_as[month, number] = day
        return self._worked_as[month, number]

    def working_days_from(self, day: int, ahead: int) -> int:
        """The day that is so many working days later."""
        worked = self.worked_so_far
        return int(np.searchsorted(worked, worked[day] + ahead + 1)) - 1 if ahead else day

    def holds_cycle(self, month: int, every: int) -> bool:
        """Tell if a cycle of several months is held in this one: the first of them with a working day."""
        begins = month - month % every
        return bool(self.worked[month] > 0 and not self.worked[begins:month].any())

    def next_cycle(self, month: int, every: int) -> int:
        """The month of the cycle that follows that of a month."""
        later = month - month % every + every
        while not self.holds_cycle(later, every):
            later += 1
        return later

    def date(self, day: int) -> dt.date:
        """The date of a day of the run."""
        return (self.first + day).astype(dt.date)  # type: ignore[no-any-return]

    def month_name(self, month: int) -> str:
        """The month in words of the calendar, as 2011-03."""
        return str(self.first.astype("datetime64[M]") + month)


def with_history(calendar: Calendar, history: int, months: int) -> Days:
    """Return the days of the months before the run and of the run together."""
    return Days(calendar, months, before=history)


def month_of(days: Days, month: int | str) -> int:
    """The index of a month of the run, numbered from 1 or as 2011-03."""
    names = {days.month_name(k): k for k in range(days.months)}
    numbers = {str(k + 1): k for k in range(days.months)}
    index = {**names, **numbers}.get(str(month))
    if index is None:
        first, last = days.month_name(0), days.month_name(days.months - 1)
        raise ScenarioError(
            msg(
                "month is {month}; it must be one of 1 to {months}, or {first} to {last}",
                month=f"{month}",
                months=days.months,
                first=first,
                last=last,
            )
        )
    return index
