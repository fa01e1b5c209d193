"""Rules by which rows of a file count as demand or are left out, each counted and said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.company.buckets import (
    BUCKETS,
    Dates,
    bucket_of,
    period_end,
    period_start,
    quiet_days,
    stray,
    working_rules,
)
from simulator.company.calendar import Calendar
from simulator.company.order_file import MINUTES, OrderFile
from simulator.kernel.messages import Message, listed, msg, number, percent
from simulator.kernel.units import Array, Mask, ScenarioError, Whole, in_file, nearest

SEGMENTS = ("key-accounts", "retailers", "walk-in")
"""Segments into which customers are sorted where the file does not name any."""

LARGE_LINE = 100  # times the median line: kept, and pointed out
QUIET_WEEK = 3  # days by which the first week of totals may be late, or the last one early


@dataclass(frozen=True)
class LineRules:
    """State how the rows of a file are taken."""

    key_account_units: float = 2_000.0
    bucket: str | None = None  # told from the dates where it is not said
    equal_lines: str | None = None  # keep or drop; dropped where a column numbers the lines of an order
    cancelled: str = ""  # with which the number of an order begins that cancels another
    unpriced: str = "keep"  # or drop
    segments: tuple[str, ...] | None = None  # of the company; those of the file or SEGMENTS without one


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
    afar: int
    cut: int
    kept: int
    moved: int
    large: int
    large_units: float
    units: float
    months: Message
    mark: str = ""
    bucket: str = "line"
    told: bool = False  # the bucket, from the dates
    equal: int = 0  # lines kept that repeat another
    free: int = 0  # lines kept without a price

    def sentences(self) -> list[Message]:
        """The treatment in words, a rule a sentence; rules that met no line are left out."""
        share = percent(self.large_units / max(self.units, 1.0))
        large = msg(
            "Kept, above {n} times the median line (such orders come; {share} of units)", n=LARGE_LINE, share=share
        )
        returns = (
            msg("Left out, cancellations and returns (invoice starts with {mark}, or no units)", mark=self.mark)
            if self.mark
            else msg("Left out, returns (no units, or fewer)")
        )
        rules = (
            (msg("Left out, repeating another line in every column"), self.duplicates),
            (msg("Left out, of products that the company does not have"), self.other_products),
            (msg("Left out, without a price above zero (they adjust stock, nobody ordered them)"), self.unpriced),
            (returns, self.returns),
            (msg("Left out, orders that the same customer cancelled or sent back whole"), self.cancelled),
            (msg("Left out, dated far from the other lines"), self.afar),
            (
                msg("Left out, outside the whole months {months} (half a month looks weak)", months=self.months),
                self.cut,
            ),
            (msg("Moved from a day on which nobody works to the next working day"), self.moved),
            (msg("Kept, repeating another line in every column"), self.equal),
            (msg("Kept, without a price above zero"), self.free),
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

    def remarks(self) -> list[Message]:
        """Tell the assumptions about the file that it does not state itself."""
        found = []
        if self.told and self.bucket != "line":
            found.append(
                msg(
                    "{file}: its dates are those of {bucket}, and it is taken so; demand.history.bucket says it.",
                    file=self.file,
                    bucket=BUCKETS[self.bucket],
                )
            )
        if self.equal:
            found.append(
                msg(
                    "{file}: {n} lines repeat another in every column and are kept; demand.history.equal_lines says so or "
                    "drops them.",
                    file=self.file,
                    n=number(self.equal),
                )
            )
        if self.afar:
            found.append(
                msg(
                    "{file}: {n} lines dated far from the others are left out; the others are of {months}.",
                    file=self.file,
                    n=number(self.afar),
                    months=self.months,
                )
            )
        return found


@dataclass(frozen=True)
class Treated:
    """Hold the rows that are demand, and what was done with the others."""

    date: Dates  # of a total: the first day of its period
    product: Whole
    segment: Whole
    quantity: Array
    start: np.datetime64
    months: int
    bucket: str
    segments: tuple[str, ...]
    treatment: Treatment


def treated(file: OrderFile, calendar: Calendar, products: tuple[str, ...], rules: LineRules) -> Treated:
    """Put each line into the first rule that it meets; what meets none is demand."""
    product = _places(file.product, products)
    written = (file.minute // MINUTES).astype("datetime64[D]")
    bucket = rules.bucket or _bucket(file, written, product)
    total = bucket != "line"
    returned = (file.quantity < 0) if total else (file.quantity <= 0)
    if rules.cancelled:
        marked = np.char.upper(np.array(file.invoice, dtype=np.str_))
        returned |= np.char.startswith(marked, rules.cancelled.upper())
    free = np.zeros(len(product), dtype=bool) if file.unit_price is None else file.unit_price <= 0
    unpriced = free & (rules.unpriced == "drop")
    sold = ~returned & ~unpriced
    counts = period_start(written, bucket) if total else written
    worked = (
        np.busday_offset(counts, 0, roll="forward", **working_rules(calendar)) if bucket in ("line", "day") else counts
    )
    known = sold & (product >= 0)
    _refuse_nothing(file, known, product, returned, unpriced)
    afar = np.zeros(len(product), dtype=bool)
    afar[known] = stray(counts[known])
    spanned = counts[known & ~afar]
    start, months = _whole_months(file.path, spanned, bucket, calendar)
    end = (start + months).astype("datetime64[D]")
    begins, ends = worked, (period_end(counts, bucket) - 1 if bucket == "week" else worked)
    outside = (ends < start.astype("datetime64[D]")) | (begins >= end)
    cancelled = _cancelled(file, sold, returned) if not total else np.zeros(len(product), dtype=bool)
    met = (product < 0, unpriced, returned, cancelled, afar, outside)
    rule = np.select(met, range(len(met)), default=len(met))
    kept = rule == len(met)
    if not kept.any():
        raise ScenarioError(
            in_file(file.path, msg("the rules leave no order of the company's products; check its columns"))
        )
    segment, segments = _segments(file, kept, rules)
    says = msg("{first} to {last}", first=f"{start}", last=f"{start + months - 1}")
    done = _counted(
        file, rule, kept, (counts != worked) if not total else np.zeros_like(kept), free, says, rules, bucket
    )
    date, quantity, product = worked[kept], file.quantity[kept], product[kept]
    if total:
        date, product, segment, quantity = _summed(date, product, segment, quantity)
    return Treated(date, product, segment, quantity, start, months, bucket, segments, done)


def _places(codes: Sequence[str], names: Sequence[str]) -> Whole:
    """The place of each code among the names, -1 for one that is not there."""
    place = {code: k for k, code in enumerate(names)}
    return np.array([place.get(code, -1) for code in codes], dtype=np.int64)


def _bucket(file: OrderFile, written: Dates, product: Whole) -> str:
    """Tell what the rows are: of each product and customer, or segment, once a period."""
    told = (product >= 0) & (file.quantity >= 0)
    names = file.segment if file.segment is not None else file.customer
    _, who = np.unique(np.array(names, dtype=np.str_), return_inverse=True)
    return bucket_of(written[told], (product * (who.max(initial=0) + 1) + who)[told])


def _summed(date: Dates, product: Whole, segment: Whole, quantity: Array) -> tuple[Dates, Whole, Whole, Array]:
    """Add up the totals of a period, product and segment: several customers', or several files'."""
    keys, place = np.unique(np.stack([date.astype(np.int64), segment, product]), axis=1, return_inverse=True)
    units = np.bincount(place.ravel(), weights=quantity, minlength=keys.shape[1])
    some = units > 0
    days = keys[0, some].astype("datetime64[D]")
    return days, keys[2, some], keys[1, some], units[some].astype(np.float64)


def _refuse_nothing(file: OrderFile, known: Mask, product: Whole, returned: Mask, unpriced: Mask) -> None:
    """Say why no row is an order of the company's products, where none is."""
    if known.any():
        return
    if not (product >= 0).any():
        why = msg("it holds no order of the company's products; its column product must name them")
    elif (returned | (product < 0)).all():
        why = msg("it holds no order of the company's products: all of their lines are cancellations or returns")
    elif (unpriced | returned | (product < 0)).all():
        why = msg(
            "it holds no order of the company's products: none of their lines has a price above zero; keep such lines "
            'by demand.history.unpriced = "keep"'
        )
    raise ScenarioError(in_file(file.path, why))


def _whole_months(path: Path, sold: Dates, bucket: str, calendar: Calendar) -> tuple[np.datetime64, int]:
    """The first month that the lines cover from its first working day, and how many follow to the last covered."""
    rules = working_rules(calendar)
    begins, ends = sold.min(), period_end(sold.max(), bucket) - 1
    first, last = begins.astype("datetime64[M]"), ends.astype("datetime64[M]")
    opens = np.busday_offset(first.astype("datetime64[D]"), 0, roll="forward", **rules)
    closes = np.busday_offset((last + 1).astype("datetime64[D]"), -1, roll="forward", **rules)
    quiet = QUIET_WEEK if bucket == "week" else quiet_days(sold)
    first += int((begins - opens).astype(np.int64) > quiet)
    last -= int((closes - ends).astype(np.int64) > quiet)
    months = int((last - first).astype(np.int64)) + 1
    if months < 1:
        raise ScenarioError(
            in_file(
                path,
                msg(
                    "its orders run from {first} to {last}; give at least one whole month",
                    first=f"{begins}",
                    last=f"{ends}",
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


def _segments(file: OrderFile, kept: Mask, rules: LineRules) -> tuple[Whole, tuple[str, ...]]:
    """The place of each line's segment, and the segments: as the file names them, by customer, or the only one there is."""
    if file.segment is not None:
        names: NDArray[np.str_] = np.array(file.segment, dtype=np.str_)[kept]
        segments = rules.segments or tuple(np.unique(names).tolist())
        unknown = [name for name in np.unique(names).tolist() if name not in segments]
        if unknown:
            problem = msg("column segment names {name}, which the company does not have", name=repr(unknown[0]))
            hint = nearest(unknown[0], segments)
            raise ScenarioError(in_file(file.path, msg("{problem}; {hint}", problem=problem, hint=hint)))
        return _places(names.tolist(), segments), segments
    if rules.segments is None or set(SEGMENTS) <= set(rules.segments):
        customer = np.array(file.customer, dtype=np.str_)[kept]
        return _by_size(customer, file.quantity[kept], rules.key_account_units), SEGMENTS
    if len(rules.segments) == 1:
        return np.zeros(int(kept.sum()), dtype=np.int64), rules.segments
    raise ScenarioError(
        in_file(
            file.path,
            msg(
                "it has no column segment, and the company has {n} segments; give the column, one segment, or {names}, "
                "into which customers are sorted",
                n=len(rules.segments),
                names=listed(SEGMENTS, ", "),
            ),
        )
    )


def _by_size(customer: NDArray[np.str_], quantity: Array, key_account_units: float) -> Whole:
    """The place of each line's customer in SEGMENTS."""
    _, who = np.unique(customer, return_inverse=True)
    key_account = np.bincount(who, weights=quantity)[who] > key_account_units
    return np.where(customer == "", 2, np.where(key_account, 0, 1)).astype(np.int64)


def _counted(
    file: OrderFile, rule: Whole, kept: Mask, moved: Mask, free: Mask, months: Message, rules: LineRules, bucket: str
) -> Treatment:
    other_products, unpriced, returns, cancelled, afar, cut = np.bincount(rule, minlength=7)[:6].tolist()
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
        afar=afar,
        cut=cut,
        kept=int(kept.sum()),
        moved=int((moved & kept).sum()),
        large=int(large.sum()) if bucket == "line" else 0,
        large_units=float(quantity[large].sum()),
        units=float(quantity.sum()),
        months=months,
        mark=rules.cancelled,
        bucket=bucket,
        told=rules.bucket is None,
        equal=0 if file.dropped else file.equal,
        free=int((free & kept).sum()),
    )
