"""A company's own order lines: what of them is demand, by rules that are stated, and the real days again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.company.buckets import period_end, working_rules
from simulator.company.calendar import Calendar, Days
from simulator.company.order_file import OrderFile, content_of, read_order_file
from simulator.company.treatment import SEGMENTS, LineRules, Treatment, treated
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, ScenarioError, Whole, in_file
from simulator.kernel.watching import under_way

EVERY_DAY = Calendar()


@dataclass(frozen=True)
class OrderLines:
    """Order lines that are demand: arrays of one entry a line, over whole months; nobody writes into them."""

    date: NDArray[np.datetime64]
    product: Whole
    segment: Whole
    quantity: Array
    products: tuple[str, ...]
    start: dt.date
    months: int
    treatment: Treatment
    segments: tuple[str, ...] = SEGMENTS
    bucket: str = "line"  # or totals by day, week or month, dated on the first day of their period
    calendar: Calendar = EVERY_DAY  # over whose working days totals are spread

    def days(self, calendar: Calendar) -> Days:
        """The days of the history, by the company's calendar."""
        return Days(calendar.model_copy(update={"start": self.start}), self.months)

    def until(self, months: int) -> OrderLines:
        """The lines of the first months alone."""
        end = np.datetime64(self.start, "M") + months
        inside = self.date < end.astype("datetime64[D]")
        kept = (each[inside] for each in (self.date, self.product, self.segment, self.quantity))
        names = ("date", "product", "segment", "quantity")
        return replace(self, months=months, **dict(zip(names, kept, strict=True)))

    def __post_init__(self) -> None:
        """Hold the arrays as they are, since many companies share them."""
        for array in (self.date, self.product, self.segment, self.quantity):
            array.flags.writeable = False

    @cached_property
    def fingerprint(self) -> str:
        """A short hash of the lines kept, for the record of what a result was made from."""
        arrays = (self.date, self.product, self.segment, self.quantity)
        words = ("/".join(self.products).encode(), *(array.tobytes() for array in arrays))
        return hashlib.sha256(b"/".join(words)).hexdigest()[:12]

    @cached_property
    def units_per_day(self) -> Array:
        """Units ordered: (days of the history, segments, products); totals are spread over the working days of their period."""
        return self._spread() if self.bucket in ("week", "month") else self._per_day(self.quantity)

    @cached_property
    def lines_per_day(self) -> Array:
        """Order lines: (days of the history, segments, products)."""
        return self._per_day(np.ones_like(self.quantity))

    @property
    def _shape(self) -> tuple[int, int, int]:
        count = Days(Calendar(start=self.start), self.months).count
        return count, len(self.segments), len(self.products)

    def _day(self) -> Whole:
        return np.asarray((self.date - np.datetime64(self.start, "D")).astype(np.int64))

    def _spread(self) -> Array:
        """Spread each total evenly over the working days of its period; whole units stay whole, on days as even as can be."""
        shape, first = self._shape, self._day()
        last = first + (period_end(self.date, self.bucket) - self.date).astype(np.int64)
        margin = 31  # a week of totals may begin before the first whole month, and end after the last
        begins = np.datetime64(self.start, "D") - margin
        open_on = np.is_busday(begins + np.arange(shape[0] + 2 * margin), **working_rules(self.calendar))
        units = np.zeros((len(open_on), *shape[1:]))
        for k, (start, end) in enumerate(zip(first + margin, last + margin, strict=True)):
            days = np.flatnonzero(open_on[start:end]) + start
            days = days if len(days) else np.array([start])
            running = np.arange(1, len(days) + 1) * (self.quantity[k] / len(days))
            whole = self.quantity[k] == np.rint(self.quantity[k])
            a_day = np.diff(np.floor(running + 0.5) if whole else running, prepend=0.0)
            units[days, self.segment[k], self.product[k]] += a_day
        held = units[margin:-margin]
        held.flags.writeable = False
        return held

    def _per_day(self, amounts: Array) -> Array:
        shape = self._shape
        place = np.ravel_multi_index((self._day(), self.segment, self.product), shape)
        totals = np.bincount(place, weights=amounts, minlength=int(np.prod(shape)))
        amount_a_day = totals.astype(np.float64).reshape(shape)
        amount_a_day.flags.writeable = False
        return amount_a_day


def read_lines(
    path: str | Path,
    calendar: Calendar | None = None,
    products: Sequence[str] | None = None,
    key_account_units: float = 2_000.0,
    rules: LineRules | None = None,
) -> OrderLines:
    """Read a file of order lines and keep what is demand; `treatment` says what was left out and why.

    Only `products` are kept, in their order; without them all of the file's, sorted. A customer whose lines kept come
    to more than `key_account_units` is a key account: over the whole file, because this says who the customers are and
    foretells no quantity.
    """
    path = Path(path)
    content = content_of(path)
    how = replace(rules or LineRules(), key_account_units=key_account_units)
    asked = (
        path,
        hashlib.sha256(content).digest(),
        calendar or Calendar(),
        None if products is None else tuple(products),
        how,
    )
    with _ONE_AT_A_TIME:
        if asked not in _REMEMBERED:
            with under_way(msg("reading {file}", file=path.name)) as tell:
                file = read_order_file(path, content, tell, how.equal_lines)
                named = tuple(sorted(set(file.product)) if products is None else products)
                _REMEMBERED[asked] = _order_lines(file, calendar or Calendar(), named, how)
        _REMEMBERED.move_to_end(asked)
        while len(_REMEMBERED) > MOST_REMEMBERED:
            _REMEMBERED.popitem(last=False)
        return _REMEMBERED[asked]


def _order_lines(file: OrderFile, calendar: Calendar, products: tuple[str, ...], rules: LineRules) -> OrderLines:
    done = treated(file, calendar, products, rules)
    return OrderLines(
        date=done.date,
        product=done.product,
        segment=done.segment,
        quantity=done.quantity,
        products=products,
        start=done.start.astype("datetime64[D]").astype(dt.date),
        months=done.months,
        treatment=done.treatment,
        segments=done.segments,
        bucket=done.bucket,
        calendar=calendar,
    )


MOST_REMEMBERED = 4
_REMEMBERED: OrderedDict[tuple[Any, ...], OrderLines] = OrderedDict()
_ONE_AT_A_TIME = Lock()
"""Lines that were read stay in memory, by the content of their file: a company is loaded again and again with other changes."""


def replay(lines: OrderLines, calendar: Calendar, months: int) -> Array:
    """The real quantities again: (days, segments, products) from the first day of the calendar."""
    asked, held = Days(calendar, months), lines.days(calendar)
    skipped = int((asked.first - held.first).astype(np.int64))
    if skipped < 0 or skipped + asked.count > held.count:
        raise ScenarioError(
            in_file(
                lines.treatment.file,
                msg(
                    "its whole months are {whole}, but {n} months from {first} are to be replayed; change "
                    "calendar.start or the months, or use the mode fitted",
                    whole=lines.treatment.months,
                    n=months,
                    first=asked.month_name(0),
                ),
            )
        )
    return lines.units_per_day[skipped : skipped + asked.count]
