"""Last month against plan, and how it was served, in words."""

from __future__ import annotations

import numpy as np

from simulator.faces.documents.month import Month
from simulator.kernel.messages import Message, msg, percent
from simulator.results.reading.last_month import LastMonth as Figures
from simulator.results.reading.last_month import last_month as figures_of


class LastMonth(Figures):
    """What came of the month before, beside what was planned."""

    @property
    def service(self) -> Message:
        """How it was served; what nobody asked for has no service."""
        if not self.now.days.worked[self.index]:
            return msg("nobody worked, and nothing fell due")
        if not np.isfinite(self.total_fill_rate):
            return msg("nothing fell due")
        target = percent(self.now.experiment.service_target)
        served = percent(self.total_fill_rate)
        return msg("{served} of demand was served on the day, the target is {target}", served=served, target=target)


def last_month(month: Month) -> LastMonth | None:
    """The month before, where there was one with a plan."""
    found = figures_of(month)
    return LastMonth(found.now, found.plan) if found else None
