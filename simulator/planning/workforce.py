"""Set the hours that people are to give: unchanged, those of the plan, or the mean of the year."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.plans import PEOPLE_WANTED
from simulator.kernel.units import Array, quantity
from simulator.planning.capacity import working_days
from simulator.planning.rules import Workforce
from simulator.world.view import Desk

Band = Annotated[
    float,
    quantity(
        "share", "by which the need must differ from the hours there are before anybody comes or goes", ge=0, le=1
    ),
]
Load = Annotated[
    float, quantity("share", "of regular hours that a plan is to take; the rest is for set-ups and errors", gt=0, le=1)
]


class FixedPeople(Workforce, name="fixed"):
    """As many people as on the first day; who leaves is replaced."""

    changes = False

    def __call__(self, view: Desk, hours: Array) -> Array | None:
        """No hours are asked for."""
        return None


class FollowPlan(Workforce, name="follow-plan"):
    """Hire and dismiss for the approved plan, or as the supply plan itself says where it chooses people.

    The hours that a month's plan and the months after it take on average; inside a band nobody comes or goes,
    so that not every wave is hired and dismissed after.
    """

    months: Annotated[int, quantity("months", "over which the plan's hours are averaged", ge=1, le=12)] = 3
    band: Band = 0.1
    load: Load = 0.9

    def __call__(self, view: Desk, hours: Array) -> Array | None:
        """By month, the band seen from the people that were wanted the month before."""
        chosen = view.note.get(PEOPLE_WANTED)
        if chosen is not None:
            return chosen
        return outside_band(view, averaged(view, hours, self.months) / self.load, self.band)


class LevelPeople(Workforce, name="level"):
    """A constant workforce: the hours that the plan takes on average over all its months."""

    band: Band = 0.1
    load: Load = 0.9

    def __call__(self, view: Desk, hours: Array) -> Array | None:
        """The mean of the horizon, from now on."""
        mean = averaged(view, hours, len(hours))[:1].repeat(len(hours), axis=0)
        return outside_band(view, mean / self.load, self.band)


def averaged(view: Desk, hours: Array, months: int) -> Array:
    """Hours a working day over each month and those after it, (months ahead, resources, lanes)."""
    days = working_days(view)
    spans = [slice(k, k + months) for k in range(len(hours))]
    return np.stack([np.add.reduce(hours[span], axis=0) / max(float(days[span].sum()), TINY) for span in spans])


def outside_band(view: Desk, needed: Array, band: float) -> Array:
    """Hours month after month: those of the month before, unless the need differs by more than the band and can be met."""
    there, wanted = view.settled_hours, []
    for month, come, go in zip(needed, *view.people_reach, strict=True):
        reached = np.where(month > there, come[:, None], go[:, None])
        there = np.where(reached & (np.abs(month - there) > band * there), month, there)
        wanted.append(there)
    return np.stack(wanted)
