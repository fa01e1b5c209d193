"""Tell order lines from totals by day, week or month, and the months that a file is about from stray dates."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.company.calendar import DAY_NAMES, Calendar
from simulator.kernel.messages import msg
from simulator.kernel.units import Mask, Whole

Dates = NDArray[np.datetime64]

BUCKETS = {
    "line": msg("order lines"),
    "day": msg("totals by day"),
    "week": msg("totals by week"),
    "month": msg("totals by month"),
}
"""Kinds of rows, and how a sentence names them."""

NEARLY_ALL = 0.98  # of the rows: one wrong date must not turn totals into order lines
FEWEST_ROWS, FEWEST_PERIODS = 6, 4
DAILY_ROWS, DAILY_SHARE = 60, 0.5  # order lines as frequent as this would fall on one day now and then

MANY_ROWS, STRAY, LONELY = 20, 0.05, 0.02
"""Rows a month from which a month of less than a share of them is stray; rows of an end that a gap separates."""

GAP, LONG_GAP = 3, 12  # empty months, where there are many rows a month, and where there are few

QUIET_DAYS = 7  # a week without an order is quiet; a longer gap at an end means that the file was drawn in mid-month
GAPS_IN_A_ROW, FEWEST_DATES = 3, 24  # gaps between dates that are quiet where orders are rarer; dates that tell a gap
MOST_QUIET = 14  # days: half a month without a row is not a whole one

MONDAY = np.datetime64("1970-01-05", "D")


def bucket_of(dates: Dates, key: Whole) -> str:
    """Tell what rows are from their dates: totals come once a period for each key, on one day of the week or month."""
    if len(dates) < FEWEST_ROWS:
        return "line"
    month = dates.astype("datetime64[M]")
    first = month.astype("datetime64[D]")
    of_month = (dates - first).astype(np.int64)
    left = ((month + 1).astype("datetime64[D]") - dates).astype(np.int64)
    months, weeks = month.astype(np.int64), _weeks(dates)
    if max(_most_common(of_month), _most_common(left)) >= NEARLY_ALL and _single(key, months):
        return "month"
    if _most_common((dates - MONDAY).astype(np.int64) % 7) >= NEARLY_ALL and _single(key, weeks):
        return "week"
    days = dates.astype(np.int64)
    busy = len(days) / max(len(np.unique(key)) * (int(days.max() - days.min()) + 1), 1)
    if len(days) >= DAILY_ROWS and busy >= DAILY_SHARE and _single(key, days):
        return "day"
    return "line"


def _weeks(dates: Dates) -> Whole:
    return np.asarray((dates - MONDAY).astype(np.int64) // 7)


def _most_common(values: Whole) -> float:
    """The share of the most frequent value."""
    return float(np.unique(values, return_counts=True)[1].max() / len(values))


def _single(key: Whole, period: Whole) -> bool:
    """Tell if nearly every key comes once a period at most, over several periods."""
    if len(np.unique(period)) < FEWEST_PERIODS:
        return False
    different = len(np.unique(np.stack([key, period]), axis=1).T)
    return different >= NEARLY_ALL * len(key)


def period_start(dates: Dates, bucket: str) -> Dates:
    """The first day of the period that each date lies in."""
    if bucket == "month":
        return dates.astype("datetime64[M]").astype("datetime64[D]")
    return MONDAY + 7 * _weeks(dates) if bucket == "week" else dates


def period_end(starts: Dates, bucket: str) -> Dates:
    """The first day after each period."""
    if bucket == "month":
        return (starts.astype("datetime64[M]") + 1).astype("datetime64[D]")
    return starts + (7 if bucket == "week" else 1)


def stray(dates: Dates) -> Mask:
    """Find dates before or after the months that a file is about: alone beyond a gap, or far fewer than in any month of it.

    A wrong year, open orders of the coming months, the first rows of a new system: they would stretch the history.
    """
    if not len(dates):
        return np.zeros(0, dtype=bool)
    month = dates.astype("datetime64[M]").astype(np.int64)
    first = int(month.min())
    rows = np.bincount(month - first)
    start, end = _trimmed(rows)
    return np.asarray((month < first + start) | (month > first + end))


def _trimmed(rows: Whole) -> tuple[int, int]:
    """The first and last month of the rows that belong together."""
    usual = float(np.median(rows[rows > 0]))
    start, end = 0, len(rows) - 1
    gap = GAP if usual >= MANY_ROWS else LONG_GAP
    few = max(LONELY * rows.sum(), 1.0)
    while start < end:
        busy = np.flatnonzero(rows[start : end + 1]) + start
        steps = np.diff(busy)
        early = int(np.argmax(steps > gap)) if (steps > gap).any() else -1
        late = len(steps) - 1 - int(np.argmax(steps[::-1] > gap)) if (steps > gap).any() else -1
        if rows[busy[0]] < STRAY * usual and usual >= MANY_ROWS and len(busy) > 1:
            start = int(busy[1])
        elif rows[busy[-1]] < STRAY * usual and usual >= MANY_ROWS and len(busy) > 1:
            end = int(busy[-2])
        elif early >= 0 and rows[: busy[early] + 1].sum() <= few:
            start = int(busy[early + 1])
        elif late >= 0 and rows[busy[late + 1] :].sum() <= few:
            end = int(busy[late])
        else:
            return int(busy[0]), int(busy[-1])
    return start, end


def quiet_days(dates: Dates) -> int:
    """Days without a row that say nothing yet: a week, or three mean gaps where rows are rarer."""
    different = np.unique(dates)
    if len(different) < FEWEST_DATES:
        return QUIET_DAYS
    gap = float((different[-1] - different[0]).astype(np.int64)) / (len(different) - 1)
    return min(max(QUIET_DAYS, ceil(GAPS_IN_A_ROW * gap)), MOST_QUIET)


def working_rules(calendar: Calendar) -> dict[str, Any]:
    """The working days in the words of NumPy's business-day functions."""
    mask = [day in calendar.working_days for day in DAY_NAMES]
    return {"weekmask": mask, "holidays": np.array(calendar.holidays, dtype="datetime64[D]")}
