"""Deals that go through the stages of a pipeline: each is passed, slips or ends the deal."""

from __future__ import annotations

import numpy as np

from simulator.company import Projects
from simulator.kernel.units import Array, Mask, Whole
from simulator.world.luck.deal_table import UNIFORMS_A_DEAL, DealTable
from simulator.world.luck.events import Events, joined_events

LOST, WON = 0, 1


def through_stages(t: DealTable, stream: Projects) -> tuple[Events, Events, Events]:
    """Deals as they come into sight at the chance that is stated, move on, slip, and are lost or signed; what was decided.

    At the end of a stage a deal that does not slip moves on or is lost; each slip moves its date a month on.
    Every change is told in pairs: out of the month, the stage and the chance at which it stood, and into the next.
    """
    size, lead = t.size(stream.size), t.lead(stream.lead_time)
    t.more(2 * len(stream.stages))
    place = _Place(t, size, lead, t.month + stream.sight)
    alive, end, first_said = np.ones(len(size), dtype=bool), t.month, stream.stages[0].says
    decided: list[Events] = []
    when = t.day()
    for k, stage in enumerate(stream.stages):
        place.enter(when, alive, k, stage.says)
        end = end + stage.months
        late = t.slips(UNIFORMS_A_DEAL + 2 * k, end, stream.slip, t.month_start)
        for slip in range(int(late.max(initial=0))):
            place.slip(t.month_start(end + slip), alive & (late > slip), k, stage.says)
        end = end + late
        when = t.working(t.month_start(end))
        place.leave(when, alive, k, stage.says)
        passes = t.still_open(UNIFORMS_A_DEAL + 2 * k + 1, when) < stage.passes
        decided.append(_decided(t, when, alive & ~passes, first_said, LOST))
        alive = alive & passes
    decided.append(_decided(t, when, alive, first_said, WON))
    won = t.events(when, t.working(when + lead), np.where(alive, size, 0.0))
    return won, joined_events(place.told), joined_events(decided)


def _decided(t: DealTable, day: Whole, deals: Mask, stated: float, how: int) -> Events:
    """One for each deal that is decided in the run, with the chance at which it came into sight; `stage` is 1 where it is won."""
    count = np.where(deals & (day >= t.offset), 1.0, 0.0)
    return t.events(day, None, count, weight=np.full(len(count), stated), stage=how)


class _Place:
    """Hold the state of each deal: the month in which it is expected to fall due, and the news of it so far."""

    def __init__(self, t: DealTable, size: Array, lead: Whole, signing: Whole) -> None:
        self.t, self.size, self.lead, self.signing = t, size, lead, signing
        self.told: list[Events] = []

    def _tell(self, day: Whole, units: Array, stage: int, says: float) -> None:
        month = self.t.month_of(self.t.month_start(self.signing) + self.lead)
        weight = np.full(len(units), says)
        self.told.append(self.t.events(day, None, units, month=month, weight=weight, stage=stage))

    def enter(self, day: Whole, alive: Mask, stage: int, says: float) -> None:
        self._tell(day, np.where(alive, self.size, 0.0), stage, says)

    def leave(self, day: Whole, alive: Mask, stage: int, says: float) -> None:
        self._tell(day, np.where(alive, -self.size, 0.0), stage, says)

    def slip(self, day: Whole, slipping: Mask, stage: int, says: float) -> None:
        self.leave(day, slipping, stage, says)
        self.signing = self.signing + slipping
        self.enter(day, slipping, stage, says)
