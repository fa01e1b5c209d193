"""A fork: the past of one replication as it was, and the luck of all that comes drawn anew in every lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias
from zlib import crc32

import numpy as np

from simulator.company import Company, Days
from simulator.kernel.clock import WEEK

ALWAYS = 1 << 60
"""As many numbers as no stream has."""


@dataclass(frozen=True)
class Fork:
    """The morning of a day in one replication, whose orders are the first that nobody knows.

    What is known that morning stays: a machine in repair, a supplier who is out, an outage that was announced, deals in
    sight, how often each has slipped, frames that are signed, orders that a sales team has pulled forward. What is still
    open of these, and when purchase orders on their way come, is drawn from its law as far as it agrees with what is
    known. Whatever holds for a whole month (the level of demand, the mood of the sales team, who resigns) or week (errors
    of booking) stays until that one is over; what the sales team has been told of months ahead stays told.
    """

    seed: int  # of the run
    replication: int
    day: int
    month: int  # in which the day lies
    orders: int  # the day from which on customers' orders are drawn anew
    anew: int  # the seed of all that is
    told: int = 0  # months of whose demand the sales team has been told something

    def known(self, per: str) -> int:
        """Count the numbers that are known of a stream that has one for each day, order day, month, meeting or week."""
        known = {
            "day": self.day,
            "orders": self.orders,
            "month": self.month + 1,
            "told": self.told,
            "meeting": self.month,
            "week": -(-self.day // WEEK),
            "past": ALWAYS,
        }
        return known[per]


Seed: TypeAlias = int | Fork
"""From which all luck follows: a number, or a run up to a day and a number from then on."""


def forked(company: Company, days: Days, seed: int, replication: int, day: int, anew: int | None = None) -> Fork:
    """Fork a replication on the morning of a day; luck from then on has a seed of its own, unless one is given.

    On the day after the last one all is known.
    """
    month = int(days.month[day]) if day < days.count else days.months
    key = (crc32(b"fork"), replication, day)
    drawn = np.random.SeedSequence(seed, spawn_key=key).generate_state(1, np.uint64)[0] >> np.uint64(1)
    orders, told = _orders_known(company, days, day), month + 1 + company.demand.sight
    return Fork(seed, replication, day, month, orders, int(drawn) if anew is None else anew, told)


def _orders_known(company: Company, days: Days, day: int) -> int:
    """Find the first day whose orders are open: those that a sales team could have pulled forward by now are known."""
    if day == days.count:
        return ALWAYS
    if company.sales is None or not company.sales.takes_ahead:
        return day
    month, long = int(days.month[day]), Days(company.calendar, days.months + 2)
    worked, start, known = long.worked_so_far, long.month_start, day
    for end in start[[month, month + 1]]:
        begun = worked[end] - worked[day] < company.sales.push_days and worked[day] > worked[start[month]]
        begun = begun or company.sales.mends > 0  # an alert is acted on in the course of a month
        if end <= day or begun:  # the push at the end of that month
            known = max(known, int(np.searchsorted(worked, worked[end] + company.sales.window)))
    return known
