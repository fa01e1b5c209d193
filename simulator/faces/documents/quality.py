"""Report the quality of last month's lots, the returns of customers, and the goods gone bad: for the report and the key figures."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.faces.documents.phrases import units
from simulator.kernel.messages import Message, msg, percent
from simulator.results.reading.last_month import LastMonth


def quality(last: LastMonth) -> Iterator[Message]:
    """Last month's quality in sentences; none where the company does not describe it."""
    finished, repaired = last.lots("finished"), last.lots("repaired")
    if finished.sum():
        done, planned = yields(last)
        yield msg(
            "Of {units} finished {good} were good at first; with {repaired} repaired the yield was {done}, "
            "the plan counts on {planned}.",
            units=units(finished.sum()),
            good=percent(last.measured("first_pass_yield")),
            repaired=units(repaired.sum()),
            done=percent(done),
            planned=percent(planned),
        )
    back = last.now.memo("sent_back", *last.span)
    if back is not None and back.sum():
        yield msg(
            "Customers sent back {units}, which is {share} of what was shipped.",
            units=units(back.sum()),
            share=percent(last.measured("return_rate")),
        )
    if "expired" in last.now.books.flows and last.now.n.perishable.size:
        expired = last.now.flow("expired", *last.span).sum()
        yield msg("{units} were past their shelf life and thrown away.", units=units(expired))


def yields(last: LastMonth) -> tuple[float, float]:
    """Yield of products whose yield is not always the same, as the measure has it; and what is planned with."""
    return last.measured("final_yield"), last.planned_yield
