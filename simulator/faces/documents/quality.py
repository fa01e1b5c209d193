"""What last month's lots were worth, what customers sent back, and what went bad: for the report and the key figures."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.faces.documents.last_month import LastMonth
from simulator.faces.documents.phrases import percent, units


def quality(last: LastMonth) -> Iterator[str]:
    """Last month's quality in sentences; none where the company does not describe it."""
    finished, repaired = last.lots("finished"), last.lots("repaired")
    if finished.sum():
        done, planned = yields(last)
        yield (
            f"Of {units(finished.sum())} finished {percent(last.measured('first_pass_yield'))} were good at first; with "
            f"{units(repaired.sum())} repaired the yield was {percent(done)}, the plan counts on {percent(planned)}."
        )
    back = last.now.memo("sent_back", *last.span)
    if back is not None and back.sum():
        yield f"Customers sent back {units(back.sum())}, which is {percent(last.measured('return_rate'))} of what was shipped."
    if "expired" in last.now.books.flows and last.now.n.perishable.size:
        yield f"{units(last.now.flow('expired', *last.span).sum())} were past their shelf life and thrown away."


def yields(last: LastMonth) -> tuple[float, float]:
    """Yield of products whose yield is not always the same, as the measure has it; and what is planned with."""
    return last.measured("final_yield"), last.planned_yield
