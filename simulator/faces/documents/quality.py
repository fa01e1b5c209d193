"""What last month's lots were worth, what customers sent back, and what went bad: for the report and the key figures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.faces.documents.last_month import LastMonth
from simulator.faces.documents.phrases import percent, units
from simulator.kernel.units import Array


def quality(last: LastMonth) -> Iterator[str]:
    """Last month's quality in sentences; none where the company does not describe it."""
    finished, faulty, repaired = (_counted(last, name) for name in ("finished", "faulty", "repaired"))
    if finished.sum():
        done, planned = yields(last)
        yield (
            f"Of {units(finished.sum())} finished {percent(1 - faulty.sum() / finished.sum())} were good at first; with "
            f"{units(repaired.sum())} repaired the yield was {percent(done)}, the plan counts on {percent(planned)}."
        )
    back = _counted(last, "sent_back")
    if back.sum():
        value = (back.sum(axis=0) * last.now.n.price[:, 0]).sum()
        yield f"Customers sent back {units(back.sum())}, which is {percent(value / _shipped_value(last))} of what was shipped."
    if "expired" in last.now.books.flows and last.now.n.perishable.size:
        yield f"{units(last.now.flow('expired', *last.span).sum())} were past their shelf life and thrown away."


def yields(last: LastMonth) -> tuple[float, float]:
    """Good and repaired units over those finished, of the items whose yield is not always the same; and what is planned with."""
    finished, faulty, repaired = (_counted(last, name) for name in ("finished", "faulty", "repaired"))
    if not finished.sum():
        return np.nan, np.nan
    planned = (finished * last.now.n.good[last.now.n.uncertain, 0]).sum()
    return float(1 - (faulty - repaired).sum() / finished.sum()), float(planned / finished.sum())


def _counted(last: LastMonth, memo: str) -> Array:
    """What was counted last month; nothing where nobody counts."""
    book = last.now.books.memos.get(memo)
    return np.zeros(0) if book is None else np.asarray(book[slice(*last.span), ..., last.now.lane].sum(axis=0))


def _shipped_value(last: LastMonth) -> float:
    return max(float((last.now.flow("shipped", *last.span) * last.now.n.price[:, 0]).sum()), 1e-9)
