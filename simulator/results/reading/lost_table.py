"""Units not served and not made by month and cause, laid out for a reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine.books import Books
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.reading.lost import Cause, Lost
from simulator.results.reading.record import Reading, ratio

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["lost_in_lines", "lost_table"]

NOT_SERVED, NOT_MADE = "not served on the day", "not made"
"""New shortage, and production below the plan in force at the month's start."""

SCORED_MONTHS = "scored months"
"""The period in which a table sums up."""


def lost_table(books: Books) -> pd.DataFrame:
    """Units not served and not made of one replication by month and cause, and of the scored months together.

    A share is of what fell due, and of what was planned to be made.
    """
    import pandas as pd

    days, scored = books.scenario.days, books.scenario.experiment.warm_up
    lost = Lost(Reading(books), 0, days.months)
    lines, names = [], [days.month_name(month) for month in range(days.months)]
    for what, by_month in ((NOT_SERVED, _not_served(lost)), (NOT_MADE, _not_made(lost))):
        units, whole = (np.stack(each) for each in zip(*by_month, strict=True))
        told = [
            *zip(names, units, whole, strict=True),
            (SCORED_MONTHS, units[scored:].sum(axis=0), whole[scored:].sum()),
        ]
        for period, by_cause, of in told:
            for row in np.flatnonzero(by_cause > TINY):
                cause, name = lost.cause_of(int(row))
                share = float(ratio(by_cause[row], of))
                lines.append((period, what, str(cause), name, float(by_cause[row]), share))
    return pd.DataFrame(lines, columns=["period", "lost", "cause", "name", "units", "share"])


def _not_served(lost: Lost) -> Iterator[tuple[Array, Array]]:
    """Each month's new shortage by cause, (causes,), and demand, all of the first lane."""
    for month in lost.months:
        yield lost.not_served(month).sum(axis=1)[:, 0], lost.read.due(*lost.read.span_of(month)).sum(axis=(0, 1))[0]


def _not_made(lost: Lost) -> Iterator[tuple[Array, Array]]:
    """Each month's production below plan by cause, (causes,), and that plan, all of the first lane."""
    for month in lost.months:
        planned = lost.read.planned(lost.read.plans.production, month)
        yield lost.not_made(month).sum(axis=1)[:, 0], planned.sum(axis=0)[0]


def lost_in_lines(table: pd.DataFrame) -> Iterator[tuple[str, str, Array, float, str]]:
    """Of each part and period the units in all and by cause, their share, and the part or resource that held most back."""
    for (what, period), lines in table.groupby(["lost", "period"], sort=False):
        by_cause = [float(lines["units"][lines["cause"] == cause].sum()) for cause in Cause]
        held = lines[lines["name"] != ""].sort_values("units", ascending=False, kind="stable")
        name = str(held["name"].iloc[0]) if len(held) else ""
        yield str(what), str(period), np.array([sum(by_cause), *by_cause]), float(lines["share"].sum()), name
