"""The state of today beside stock: purchase orders on their way, customer orders and frame contracts that are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

from simulator.company.demand import Notice, Slip
from simulator.company.entries import dotted, not_known
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Record, quantity

if TYPE_CHECKING:
    from simulator.company.company import Company
    from simulator.company.staff import People


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


class OpenFrame(Record):
    """A frame contract of which something is still to be called off on the first day."""

    product: Annotated[str, quantity("name", "the product that was agreed")]
    segment: Annotated[str, quantity("name", "who agreed it")]
    quantity: Annotated[float, quantity("units", "that are still to be called off", gt=0, luck=False)]
    first: Annotated[
        dt.date,
        quantity("date", "in the month of the next call-off; in the first month where that is over", luck=False),
    ]
    call_offs: Annotated[int, quantity("months", "number of monthly call-offs that are left", ge=1, le=36)] = 1
    notice: Notice = 10
    slip: Slip = 0.0

    def months_ahead(self, start: dt.date) -> int:
        """Months from that of the first day to that of the next call-off; none where it is over."""
        return max(12 * (self.first.year - start.year) + self.first.month - start.month, 0)

    def portions(self, whole: bool) -> list[float]:
        """Units of each call-off, all alike; in whole units they add up to the whole."""
        shares = [self.quantity * k / self.call_offs for k in range(self.call_offs + 1)]
        steps = [float(round(share)) for share in shares] if whole else shares
        return [after - before for before, after in pairwise(steps)]


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
    for table in ("open_orders", "open_frames"):
        for k, order in enumerate(getattr(company, table)):
            for entry, name, known, what in (
                ("product", order.product, list(company.products), msg("a product")),
                ("segment", order.segment, list(company.segments), msg("a segment")),
            ):
                if name not in known:
                    yield not_known(f"{table}[{k}].{entry}", name, what, known)
    for name, resource in company.resources.items():
        if resource.people and (fault := _of_people(dotted("resources", name, "people"), resource.people)):
            yield fault


def _of_people(where: str, people: People) -> Message | None:
    """Say if more people leave than there are."""
    heads = people.heads
    for change in sorted(people.changes, key=lambda each: each.on):
        heads += change.heads
        if heads < 0:
            return msg(
                "{entry} let {heads} people leave by {day}, more than there are; correct heads or changes",
                entry=f"{where}.changes",
                heads=f"{people.heads - heads:g}",
                day=change.on,
            )
    return None
