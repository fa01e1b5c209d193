"""A company's own order lines: what of them is demand, by rules that are stated, and the real days again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.company.calendar import DAY_NAMES, Calendar, Days
from simulator.company.order_file import MINUTES, OrderFile, content_of, read_order_file
from simulator.kernel.messages import Message, msg, number, percent
from simulator.kernel.units import Array, Mask, ScenarioError, Whole, in_file
from simulator.kernel.watching import under_way

SEGMENTS = ("key-accounts", "retailers", "walk-in")

LARGE_LINE = 100  # times the median line: kept, and pointed out
QUIET_DAYS = 7  # a week without an order is quiet; a longer gap at an end means that the file was drawn in mid-month


@dataclass(frozen=True)
class Treatment:
    """Count the lines of a file by their treatment; each line read is in exactly one count from other_products to kept."""

    file: str
    read: int
    other_products: int
    duplicates: int
    unpriced: int
    returns: int
    cancelled: int
    cut: int
    kept: int
    moved: int
    large: int
    large_units: float
    units: float
    months: Message

    def sentences(self) -> list[Message]:
        """The treatment in words, a rule a sentence; rules that met no line are left out."""
        share = percent(self.large_units / max(self.units, 1.0))
        large = msg(
            "Kept, above {n} times the median line (such orders come; {share} of units)", n=LARGE_LINE, share=share
        )
        rules = (
            (msg("Left out, repeating another line in every column"), self.duplicates),
            (msg("Left out, of products that the company does not have"), self.other_products),
            (msg("Left out, without a price above zero (they adjust stock, nobody ordered them)"), self.unpriced),
            (msg("Left out, cancellations and returns (invoice starts with C, or no units)"), self.returns),
            (msg("Left out, orders that the same customer cancelled or sent back whole"), self.cancelled),
            (
                msg("Left out, outside the whole months {months} (half a month looks weak)", months=self.months),
                self.cut,
            ),
            (msg("Moved from a day on which nobody works to the next working day"), self.moved),
            (large, self.large),
        )
        read = msg("{file}: {n} lines read.", file=self.file, n=number(self.read))
        said = [msg("{rule}: {n}.", rule=rule, n=number(count)) for rule, count in rules if count]
        units = number(self.units)
        kept = msg(
            "Kept as demand: {n} lines of {units} units in {months}.",
            n=number(self.kept),
            units=units,
            months=self.months,
        )
        return [read, *said, kept]


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

    def days(self, calendar: Calendar) -> Days:
        """The days of the history, by the company's calendar."""
        return Days(calendar.model_copy(update={"start": self.start}), self.months)

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
        """Units ordered: (days of the history, segments, products)."""
        return self._per_day(self.quantity)

    @cached_property
    def lines_per_day(self) -> Array:
        """Order lines: (days of the history, segments, products)."""
        return self._per_day(np.ones_like(self.quantity))

    def _per_day(self, amounts: Array) -> Array:
        shape = (Days(Calendar(start=self.start), self.months).count, len(self.segments), len(self.products))
        day = (self.date - np.datetime64(self.start, "D")).astype(np.int64)
        place = np.ravel_multi_index((day, self.segment, self.product), shape)
        totals = np.bincount(place, weights=amounts, minlength=int(np.prod(shape)))
        amount_a_day = totals.astype(np.float64).reshape(shape)
        amount_a_day.flags.writeable = False
        return amount_a_day


def read_lines(
    path: str | Path,
    calendar: Calendar | None = None,
    products: Sequence[str] | None = None,
    key_account_units: float = 2_000.0,
) -> OrderLines:
    """Read a file of order lines and keep what is demand; `treatment` says what was left out and why.

    Only `products` are kept, in their order; without them all of the file's, sorted. A customer whose lines kept come
    to more than `key_account_units` is a key account: over the whole file, because this says who the customers are and
    foretells no quantity.
    """
    path = Path(path)
    content = content_of(path)
    asked = (
        path,
        hashlib.sha256(content).digest(),
        calendar or Calendar(),
        None if products is None else tuple(products),
        key_account_units,
    )
    with _ONE_AT_A_TIME:
        if asked not in _REMEMBERED:
            with under_way(msg("reading {file}", file=path.name)) as tell:
                file = read_order_file(path, content, tell)
                named = tuple(sorted(set(file.product)) if products is None else products)
                _REMEMBERED[asked] = _treat(file, calendar or Calendar(), named, key_account_units)
        _REMEMBERED.move_to_end(asked)
        while len(_REMEMBERED) > MOST_REMEMBERED:
            _REMEMBERED.popitem(last=False)
        return _REMEMBERED[asked]


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


def _treat(file: OrderFile, calendar: Calendar, products: tuple[str, ...], key_account_units: float) -> OrderLines:
    """Put each line into the first rule that it meets; what meets none is demand."""
    product, customer = _places(file.product, products), np.array(file.customer)
    returned = np.char.startswith(np.char.upper(np.array(file.invoice)), "C") | (file.quantity <= 0)
    sold = ~returned & (file.unit_price > 0)
    written, worked = _days(file.minute, calendar)
    start, months = _whole_months(file.path, written[sold & (product >= 0)], calendar)
    outside = (worked < start) | (worked >= (start + months).astype("datetime64[D]"))
    rules = (product < 0, file.unit_price <= 0, returned, _cancelled(file, sold, returned), outside)
    rule = np.select(rules, range(len(rules)), default=len(rules))
    kept = rule == len(rules)
    if not kept.any():
        raise ScenarioError(
            in_file(file.path, msg("the rules leave no order of the company's products; check its columns"))
        )
    treatment = _counted(
        file, rule, kept, written != worked, msg("{first} to {last}", first=f"{start}", last=f"{start + months - 1}")
    )
    return OrderLines(
        date=worked[kept],
        product=product[kept],
        segment=_segments(customer[kept], file.quantity[kept], key_account_units),
        quantity=file.quantity[kept],
        products=products,
        start=start.astype("datetime64[D]").astype(dt.date),
        months=months,
        treatment=treatment,
    )


def _places(codes: Sequence[str], products: tuple[str, ...]) -> Whole:
    """The place of each line's product among the products, -1 for one that is not there."""
    place = {code: k for k, code in enumerate(products)}
    return np.array([place.get(code, -1) for code in codes], dtype=np.int64)


def _working(calendar: Calendar) -> dict[str, Any]:
    """The working days in the words of NumPy's business-day functions."""
    mask = [day in calendar.working_days for day in DAY_NAMES]
    return {"weekmask": mask, "holidays": np.array(calendar.holidays, dtype="datetime64[D]")}


def _days(minute: Whole, calendar: Calendar) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """The day that each line was written on, and the working day that it counts on."""
    written = (minute // MINUTES).astype("datetime64[D]")
    return written, np.busday_offset(written, 0, roll="forward", **_working(calendar))


def _whole_months(path: Path, sold: NDArray[np.datetime64], calendar: Calendar) -> tuple[np.datetime64, int]:
    """The first month that the lines cover from its first working day, and how many follow to the last covered."""
    if not len(sold):
        raise ScenarioError(
            in_file(path, msg("it holds no order of the company's products; its column product must name them"))
        )
    first, last = sold.min().astype("datetime64[M]"), sold.max().astype("datetime64[M]")
    opens = np.busday_offset(first.astype("datetime64[D]"), 0, roll="forward", **_working(calendar))
    closes = np.busday_offset((last + 1).astype("datetime64[D]"), -1, roll="forward", **_working(calendar))
    first += int((sold.min() - opens).astype(np.int64) > QUIET_DAYS)
    last -= int((closes - sold.max()).astype(np.int64) > QUIET_DAYS)
    months = int((last - first).astype(np.int64)) + 1
    if months < 1:
        raise ScenarioError(
            in_file(
                path,
                msg(
                    "its orders run from {first} to {last}; give at least one whole month",
                    first=f"{sold.min()}",
                    last=f"{sold.max()}",
                ),
            )
        )
    return first, months


def _cancelled(file: OrderFile, sold: Mask, returned: Mask) -> Mask:
    """Orders that came back whole: a return takes the same customer's latest order of that product and quantity.

    A return of another quantity takes nothing: most of what was ordered was wanted. Customers who are not known could
    be anybody, so their returns take nothing either.
    """
    cancelled, quantity = np.zeros(len(sold), dtype=bool), np.abs(file.quantity)
    concerned = np.flatnonzero(np.isin(quantity, quantity[returned]))  # most lines are like no return
    who = {(file.customer[k], file.product[k]) for k in np.flatnonzero(returned).tolist()}
    ordered: dict[tuple[str, str, float], list[int]] = {}
    for k in concerned[np.argsort(file.minute[concerned], kind="stable")]:
        if (file.customer[k], file.product[k]) not in who:
            continue
        order = (file.customer[k], file.product[k], float(quantity[k]))
        if sold[k] and file.customer[k]:
            ordered.setdefault(order, []).append(k)
        elif returned[k] and ordered.get(order):
            cancelled[ordered[order].pop()] = True
    return cancelled


def _segments(customer: NDArray[np.str_], quantity: Array, key_account_units: float) -> Whole:
    """The place of each line's customer in SEGMENTS."""
    _, who = np.unique(customer, return_inverse=True)
    key_account = np.bincount(who, weights=quantity)[who] > key_account_units
    return np.where(customer == "", 2, np.where(key_account, 0, 1)).astype(np.int64)


def _counted(file: OrderFile, rule: Whole, kept: Mask, moved: Mask, months: Message) -> Treatment:
    other_products, unpriced, returns, cancelled, cut = np.bincount(rule, minlength=6)[:5].tolist()
    quantity = file.quantity[kept]
    large = quantity > LARGE_LINE * np.median(quantity)
    return Treatment(
        file=file.path.name,
        read=file.read,
        other_products=other_products,
        duplicates=file.read - len(rule),
        unpriced=unpriced,
        returns=returns,
        cancelled=cancelled,
        cut=cut,
        kept=int(kept.sum()),
        moved=int((moved & kept).sum()),
        large=int(large.sum()),
        large_units=float(quantity[large].sum()),
        units=float(quantity.sum()),
        months=months,
    )
