"""The documents of a process that holds no cycle at all: what the books tell of last month, and that there is no plan."""

from __future__ import annotations

import numpy as np

from simulator.faces.documents.last_month import LastMonth
from simulator.faces.documents.month import Month
from simulator.faces.documents.paper import TOTAL, Document, Figure, Grid, Section, beside, said, with_total
from simulator.faces.documents.phrases import percent, sentence, units
from simulator.faces.documents.quality import quality


def without_cycle(month: Month, titles: dict[str, str]) -> list[Document]:
    """Every document by name and title; the first one has what there is."""
    rules = {rule.name.replace("-", " ") for rule in (month.policy.products, month.policy.components)}
    nothing = (
        f"Policy {month.policy.name} holds no cycle: every item is replenished by its own rule ({', '.join(sorted(rules))}), "
        "and nobody forecasts, plans or meets."
    )
    documents = [Document(name, title, [Section("", "", said(nothing))]) for name, title in titles.items()]
    first = next(iter(titles))
    return [
        Document(d.name, d.title, [*d.sections, _facts(month)]) if d.name == first and month.index else d
        for d in documents
    ]


def _facts(month: Month) -> Section:
    last = LastMonth(month, month)
    texts = (
        f"Sales (orders due) were {units(last.sales.sum())}; {units(last.shipments.sum())} were shipped.",
        f"{percent(last.total_fill_rate)} of demand was served on the day." if last.sales.sum() > 0 else "",
        f"The month closed with {units(last.on_hand.sum())} on hand and {units(last.open_orders.sum())} owed to customers.",
        *quality(last),
    )
    return Section(f"Last month: {last.name}", "", said(*map(sentence, texts)), [_grid(last)])


def _grid(last: LastMonth) -> Grid:
    month = last.now
    figures = {
        Figure("orders due"): with_total(last.sales),
        Figure("shipped"): with_total(last.shipments),
        Figure("served on the day", "share"): np.append(last.fill_rate, last.total_fill_rate),
        Figure("made"): with_total(last.production),
        Figure("on hand"): with_total(month.by_family(last.on_hand)),
        Figure("owed"): with_total(month.by_family(last.open_orders)),
    }
    return beside("What the books tell", "family", [*month.families, TOTAL], figures, last.name)
