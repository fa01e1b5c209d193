"""The balance of families that are bought: what is short until when, from whom it comes and how soon, what else could be done."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.faces.documents.phrases import rate, units
from simulator.faces.documents.supply_plan import sources_named
from simulator.kernel.messages import Listed, Message, listed, msg, number
from simulator.results.reading.meeting import Bought


def _new_order(balance: Bought) -> Listed:
    each = balance.lead_times.items()
    return listed(msg("{n} days from {supplier}", n=number(days), supplier=name) for name, days in each)


def is_awaited(balance: Bought) -> Iterator[Message]:
    """Say how long a family is short, how long a new order takes, and the alternative."""
    yield msg(
        "It is short until the end of {month}; a new order takes {lead_times}.",
        month=balance.month.ahead[balance.last_short],
        lead_times=_new_order(balance),
    )
    yield other_supply(balance)


def comes_with_the_wave(balance: Bought) -> Message:
    """Say how receipts go with a wave of demand."""
    receipts = balance.daily[1]
    return msg(
        "What is bought comes in between {least} and {most} a day.",
        least=rate(receipts.min()),
        most=rate(receipts.max()),
    )


def is_below(balance: Bought) -> Iterator[Message]:
    """Say from when and by how much safety stock is missing, as it is expected."""
    first = balance.first_below
    if first is not None:
        yield msg(
            "At the end of {month} {units} of safety stock are missing; a new order takes {lead_times}.",
            month=balance.month.ahead[first],
            units=units(balance.below_safety_stock[first]),
            lead_times=_new_order(balance),
        )


def other_supply(balance: Bought) -> Message:
    """Suggest an alternative in a shortage of what is bought."""
    names = sources_named(balance.month)
    if balance.express:
        return msg("Alternative: order express {express}.", express=listed(names[k] for k in balance.express))
    return msg("Alternative: wait, and ration what is there.")
