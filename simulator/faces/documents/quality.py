"""What last month's lots were worth, what customers sent back, and what went bad: for the report and the key figures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.faces.documents.last_month import LastMonth
from simulator.faces.documents.phrases import units
from simulator.kernel.messages import Message, msg, percent
from simulator.kernel.units import Array


def quality(last: LastMonth) -> Iterator[Message]:
    """Last month's quality in sentences; none where the company does not describe it."""
    finished, faulty, repaired = (_counted(last, name) for name in ("finished", "faulty", "repaired"))
    if finished.sum():
        done, planned = yields(last)
        yield msg(
            "Of {units} finished {good} were good at first; with {repaired} repaired the yield was {done}, "
            "the plan counts on {planned}.",
            units=units(finished.sum()),
            good=percent(1 - faulty.sum() / finished.sum()),
            repaired=units(repaired.sum()),
            done=percent(done),
            planned=percent(planned),
        )
    back = _counted(last, "sent_back")
    if back.sum():
        value = (back.sum(axis=0) * last.now.n.price[:, 0]).sum()
        yield msg(
            "Customers sent back {units}, which is {share} of what was shipped.",
            units=units(back.sum()),
            share=percent(value / _shipped_value(last)),
        )
    if "expired" in last.now.books.flows and last.now.n.perishable.size:
        expired = last.now.flow("expired", *last.span).sum()
        yield msg("{units} were past their shelf life and thrown away.", units=units(expired))


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
