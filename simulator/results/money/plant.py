"""People and plant in money: hours that are paid whether they are worked or not, and all that the month costs beside goods."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import Array
from simulator.results.money.terms import Terms
from simulator.results.reading.valued import Valued


def plant_flows(read: Valued, terms: Terms) -> dict[str, Array]:
    """Every flow to people and for the plant, (days, lanes)."""
    overtime = read.books.overtime_hours * (terms.wage + read.network.overtime_premium[:, 0])[:, None]
    accrued = {
        "wages": wages(read, terms),
        "overtime": np.asarray(overtime.sum(axis=1)),
        "fixed_cost": read.nothing + _a_day(read, terms.finance.fixed_cost),
    }
    return {
        **accrued,
        "paid_month": at_month_end(read, sum(accrued.values(), read.nothing)),
        "hiring": read.memo("hired", terms.hire_cost),
        "dismissal": read.memo("dismissed", terms.dismiss_cost),
        "drawings": at_month_end(read, read.nothing + _a_day(read, terms.finance.drawings)),
    }


def wages(read: Valued, terms: Terms) -> Array:
    """Regular hours that are paid, as counted where people come and go, with the premium of shifts beyond the first."""
    if "paid_hours" not in read.books.memos:
        return read.nothing + (read.days.working * float(terms.paid_hours @ terms.wage))[:, None]
    counted = read.memo("paid_hours", terms.wage * terms.paid_for)
    return counted + read.memo("shift_hours", terms.shift_premium)


def _a_day(read: Valued, a_month: float) -> Array:
    """A monthly amount in equal parts over the days of each month, (days, 1)."""
    lengths = np.diff(read.days.month_start)
    return np.asarray((a_month / lengths)[read.days.month][:, None])


def at_month_end(read: Valued, accrued: Array) -> Array:
    """Pay the amounts accrued in a month on its last day."""
    start, paid = read.days.month_start, read.nothing
    paid[start[1:] - 1] = np.add.reduceat(accrued, start[:-1], axis=0)
    return paid
