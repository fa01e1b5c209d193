"""The state of today beside stock: purchase orders on their way, customer orders that are not delivered yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from simulator.company.entries import not_known
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Record, quantity

if TYPE_CHECKING:
    from simulator.company.company import Company


class OpenPurchase(Record):
    """A purchase order that is on its way on the first day."""

    item: Annotated[str, quantity("name", "the item that was ordered; its opening stock must be stated")]
    due: Annotated[dt.date, quantity("date", "on which it arrives; on the first day where that is over", luck=False)]
    quantity: Annotated[float, quantity("units", "that arrive", gt=0, luck=False)]


class OpenOrder(Record):
    """A customer order that was signed before the first day and is not delivered yet."""

    product: Annotated[str, quantity("name", "the product that was ordered")]
    segment: Annotated[str, quantity("name", "who ordered it")]
    due: Annotated[dt.date, quantity("date", "on which it is wanted; on the first day where that is over", luck=False)]
    quantity: Annotated[float, quantity("units", "that are owed", gt=0, luck=False)]


def faults_of_today(company: Company) -> Iterator[Message]:
    """Say what of the open purchases and orders names something that the company does not have or cannot begin with."""
    for k, purchase in enumerate(company.open_purchases):
        where = f"open_purchases[{k}].item"
        item = company.items.get(purchase.item)
        if item is None:
            yield not_known(where, purchase.item, msg("an item"), list(company.items))
        elif item.buy is None:
            yield msg(
                "{entry} is {item}, which is made; name an item that is bought", entry=where, item=repr(purchase.item)
            )
        elif item.opening_stock is None:
            yield msg(
                "{entry} is {item}, whose opening_stock is left out: it begins with what a running company has on its way; "
                "state the stock",
                entry=where,
                item=repr(purchase.item),
            )
        elif not item.buy.is_plain:
            yield msg(
                "{entry} is {item}, which has several sources, inspection or express; name an item with one plain source",
                entry=where,
                item=repr(purchase.item),
            )
    for k, order in enumerate(company.open_orders):
        for entry, name, known, what in (
            ("product", order.product, list(company.products), msg("a product")),
            ("segment", order.segment, list(company.segments), msg("a segment")),
        ):
            if name not in known:
                yield not_known(f"open_orders[{k}].{entry}", name, what, known)
