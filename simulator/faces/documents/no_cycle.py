"""The documents of a process that holds no cycle at all: what the books tell of last month, and that there is no plan."""

from __future__ import annotations

from simulator.faces.documents.paper import (
    FAMILY,
    SHARE,
    Document,
    Figure,
    Grid,
    Section,
    and_total,
    beside,
    said,
)
from simulator.faces.documents.phrases import rule_name, units
from simulator.faces.documents.sales_report import quality
from simulator.kernel.messages import Message, listed, msg, percent
from simulator.results.reading import with_total
from simulator.results.reading.last_month import LastMonth
from simulator.results.reading.month import Month


def without_cycle(month: Month, titles: dict[str, Message]) -> list[Document]:
    """Every document by name and title; the first one has what there is."""
    rules = sorted({rule.name for rule in (month.policy.products, month.policy.components)})
    nothing = msg(
        "Policy {policy} holds no cycle: every item is replenished by its own rule ({rules}), "
        "and nobody forecasts, plans or meets.",
        policy=month.policy.name,
        rules=listed(map(rule_name, rules), ", "),
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
        msg(
            "Sales (orders due) were {sales}; {shipped} were shipped.",
            sales=units(last.sales.sum()),
            shipped=units(last.shipments.sum()),
        ),
        msg("{share} of demand was served on the day.", share=percent(last.total_fill_rate))
        if last.sales.sum() > 0
        else "",
        msg(
            "The month closed with {stock} on hand and {owed} owed to customers.",
            stock=units(last.on_hand.sum()),
            owed=units(last.open_orders.sum()),
        ),
        *quality(last),
    )
    return Section(msg("Last month: {month}", month=last.name), "", said(*texts), [_grid(last)])


def _grid(last: LastMonth) -> Grid:
    month = last.now
    figures = {
        Figure(msg("orders due")): with_total(last.sales),
        Figure(msg("shipped")): with_total(last.shipments),
        Figure(msg("served on the day"), SHARE): last.fill_rates,
        Figure(msg("made")): with_total(last.production),
        Figure(msg("on hand")): with_total(last.stock),
        Figure(msg("owed")): with_total(last.owed),
    }
    return beside(msg("What the books tell"), FAMILY, and_total(month.families), figures, last.name)
