"""The roster: who is there today, who comes and who goes on days to come, and how many shifts there are."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import Array
from simulator.world.staffing import Staffing

Posts = list[tuple[int, Array]]
"""People or shifts by the day on which they come or go, (resources, lanes)."""


class Roster:
    """People and shifts of every resource, (resources, lanes)."""

    def __init__(self, staffing: Staffing, lanes: int) -> None:
        self.staffing, self.today = staffing, -1
        self.heads: Array = np.repeat(staffing.heads, lanes, axis=1)
        self.shifts: Array = np.repeat(staffing.shifts, lanes, axis=1)
        self.starts: Posts = []  # kept until the new ones are as fast as the others
        self.ends: Posts = []
        self.changes: Posts = []  # of shifts, up or down
        self._nobody: Array = np.zeros_like(self.heads)
        self._ramp_days = int(staffing.ramp_days.max())
        self._ramp = np.maximum(staffing.ramp_days, 1.0)
        self._slowness = staffing.slowness * (staffing.ramp_days > 0)

    def turn(self, day: int) -> tuple[Array, Array]:
        """Start and end the employments and shifts that are due, and return how many people start and leave."""
        before, self.today = self.today, day
        started = self._sum(self.starts, before, day)
        left = np.minimum(self._sum(self.ends, before, day), self.heads + started)
        self.heads = self.heads + started - left
        self.shifts = self.shifts + self._sum(self.changes, before, day)
        self.starts = [post for post in self.starts if post[0] + self._ramp_days > day]
        self.ends, self.changes = ([post for post in posts if post[0] > day] for posts in (self.ends, self.changes))
        return started, left

    def _sum(self, posts: Posts, after: int, until: int) -> Array:
        """All that fall on the days after one and until another."""
        result = self._nobody
        for day, amount in posts:
            if after < day <= until:
                result = result + amount
        return result

    def people_on(self, day: int) -> Array:
        """People on a day to come, as far as it is settled."""
        come, gone = self._sum(self.starts, self.today, day), self._sum(self.ends, self.today, day)
        return np.maximum(self.heads + come - gone, 0.0)

    def shifts_on(self, day: int) -> Array:
        """Shifts on a day to come, as far as it is settled."""
        return self.shifts + self._sum(self.changes, self.today, day)

    def slow_on(self, day: int) -> Array:
        """Return the output that new people still lack on a day, counted in people."""
        lacking = self._nobody
        for start, amount in self.starts:
            if start <= day:
                still = np.maximum(1.0 - (day - start) / self._ramp, 0.0)
                lacking = lacking + amount * (self._slowness * still)
        return lacking

    @property
    def settled(self) -> Array:
        """People once everybody has come and gone for whom that is decided."""
        return self.people_on(self.today + 10_000)

    @property
    def settled_shifts(self) -> Array:
        """Shifts once all that is decided of them has come."""
        return self.shifts_on(self.today + 10_000)

    @property
    def moves(self) -> bool:
        """Tell if people are to come or go, or are still in ramp-up."""
        return bool(self.starts or self.ends or self.changes)
