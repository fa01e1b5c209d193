"""One run read by four service levels that disagree, and why they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine.books import Books
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Message, Text, inside, msg, number, percent
from simulator.results.kpis.registry import MEASURES
from simulator.results.kpis.service import replenishments
from simulator.results.kpis.tables import in_company
from simulator.results.reading.score import Score

if TYPE_CHECKING:
    import pandas as pd

LEVELS = ("cycle_service", "ready_rate", "fill_rate", "otif")
"""Cycles, days, units and order lines: what each service level counts."""

SCORED = "scored months"


@dataclass(frozen=True)
class Counted:
    """Counts behind the four levels, of one run over some months."""

    due: float
    short: float  # units not served on the day
    lines: float
    missed: float  # lines that lacked a unit or more
    lacking: float  # units that the missed lines asked for
    received: float  # replenishments
    owed_at: float  # of them, to which something was owed
    days: float  # of products
    bare: float  # that closed with nothing on hand or something owed
    quiet: float  # days of products without any demand
    shipped: float


def counted(books: Books, months: tuple[int, int]) -> Counted:
    """Count one replication, the only one of the books, over months from one until before another."""
    s = Score(in_company(books), "total", months)
    due, new = s.flow("due")[..., 0], s.new_shortage[..., 0]
    missed = new > TINY
    in_time, received = (float(each[:, 0].sum()) for each in replenishments(s))
    owed, on_hand = s.level("backlog").sum(axis=1)[..., 0], s.level("on_hand")[:, s.network.sold, 0]
    return Counted(
        due=float(due.sum()),
        short=float(new.sum()),
        lines=float((due > 0).sum()),
        missed=float(missed.sum()),
        lacking=float(due[missed].sum()),
        received=received,
        owed_at=received - in_time,
        days=float(on_hand.size),
        bare=float(((on_hand <= TINY) | (owed > TINY)).sum()),
        quiet=float((due.sum(axis=1) <= TINY).sum()),
        shipped=float(s.served[..., 0].sum()),
    )


def level_table(books: Books) -> pd.DataFrame:
    """The four service levels of one replication by month, and over the scored months together: a row a period."""
    import pandas as pd

    days, scored = books.scenario.days, books.scenario.experiment.warm_up
    periods = [(days.month_name(month), (month, month + 1)) for month in range(days.months)]
    rows = [
        {"period": name, **levels_of(books, months)} for name, months in [*periods, (SCORED, (scored, days.months))]
    ]
    return pd.DataFrame(rows)


def levels_of(books: Books, months: tuple[int, int]) -> dict[str, float]:
    """Each level of one replication over some months."""
    score = Score(in_company(books), "total", months)
    return {name: float(MEASURES[name].function(score)[0, 0]) for name in LEVELS}


def level_sentences(books: Books) -> list[Message]:
    """Explain from the figures of one replication, over the scored months, why its service levels differ."""
    months = (books.scenario.experiment.warm_up, books.scenario.days.months)
    levels, seen = levels_of(books, months), counted(books, months)
    known = {name: level for name, level in levels.items() if np.isfinite(level)}
    if seen.due > TINY >= seen.short:
        return [msg("nothing was short: all {due} units of demand were served on the day", due=number(seen.due))]
    return [*_widest(known), *_counts(known, seen)]


def _widest(levels: dict[str, float]) -> Iterator[Message]:
    """The highest and the lowest of one run."""
    if len(levels) < 2:
        return
    best, worst = (pick(levels, key=lambda name: levels[name]) for pick in (max, min))
    if levels[best] - levels[worst] > TINY:
        yield msg(
            "one run, {share} by {best} and {least} by {worst}: none of them is wrong, each counts something else",
            share=percent(levels[best]),
            best=_called(best),
            least=percent(levels[worst]),
            worst=_called(worst),
        )


def _counts(levels: dict[str, float], seen: Counted) -> Iterator[Message]:
    """Say of each level the figures that it counts, and their effect."""
    if "fill_rate" in levels:
        yield msg(
            "fill rate {level} counts units: {short} of {due} were not served on the day; {shipped} were shipped sooner or later, which "
            "would read {hidden} and hides every delay",
            level=percent(levels["fill_rate"]),
            short=number(seen.short),
            due=number(seen.due),
            shipped=number(seen.shipped),
            hidden=percent(seen.shipped / seen.due),
        )
    if "otif" in levels:
        yield msg(
            "lines on time in full {level} counts order lines: {missed} of {lines} lacked something; such a line was {times} times as "
            "large as the mean line and lacked {share} of it, but is missed in full",
            level=percent(levels["otif"]),
            missed=number(seen.missed),
            lines=number(seen.lines),
            times=number(_over(_over(seen.lacking, seen.missed), _over(seen.due, seen.lines)), 1),
            share=percent(_over(seen.short, seen.lacking), 0),
        )
    if "cycle_service" in levels:
        yield msg(
            "cycle service level {level} counts replenishments: {late} of {all} came to something owed, however little; between two lay "
            "{units} units of demand, and one that came late had {short} units of new shortage before it",
            level=percent(levels["cycle_service"]),
            late=number(seen.owed_at),
            all=number(seen.received),
            units=number(_over(seen.due, seen.received), 1),
            short=number(_over(seen.short, seen.owed_at), 1),
        )
    if "ready_rate" in levels:
        yield msg(
            "ready rate {level} counts days of products: {bare} of {days} closed with nothing on hand or something owed; {quiet} had no "
            "demand at all and count like the others",
            level=percent(levels["ready_rate"]),
            bare=number(seen.bare),
            days=number(seen.days),
            quiet=number(seen.quiet),
        )


def _called(name: str) -> Text:
    return inside(msg(MEASURES[name].title))


def _over(part: float, whole: float) -> float:
    return part / whole if whole > TINY else 0.0
