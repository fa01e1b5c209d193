"""The status of the actions of a meeting, as the register has it."""

from __future__ import annotations

from simulator.engine.register import STATUS
from simulator.planning.discipline import DONE
from simulator.results.reading.month import Month
from simulator.world.luck.weather import ACTION_OWNERS


def status_of(month: Month, owner: str) -> int:
    """Done in time, late or dropped; all is done in time in books that keep nothing of it."""
    kept = month.noted(STATUS)
    return DONE if kept is None else int(kept[ACTION_OWNERS.index(owner)])
