"""Meet: the monthly planning cycle, on its day."""

from __future__ import annotations

from simulator.clock import Hour, upcoming
from simulator.firm import Firm
from simulator.processes import Steps
from simulator.sop import STEPS


def hold_cycle(firm: Firm) -> Steps:
    """On the first working day of a planning month go through the steps in order."""
    while True:
        yield upcoming(firm.env, Hour.MEET)
        month = firm.view.month
        if firm.today == firm.days.first_worked[month] and month % firm.policy.cycle_months == 0:
            for step in STEPS:
                step(firm)
