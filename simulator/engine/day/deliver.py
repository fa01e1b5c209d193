"""Deliver: stock goes to customers; who waits too long is lost."""

from __future__ import annotations

import numpy as np

from simulator.engine.firm import Firm
from simulator.kernel.lanes import TINY, ranked, total
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, PolicyError
from simulator.world.view import read_only


def ship(firm: Firm) -> None:
    """Each afternoon serve the backlog, today's orders among it, from stock on hand."""
    ledger, sold = firm.ledger, firm.network.sold
    if firm.works_today:
        # Sums of broken units may end a hair below nothing.
        wanted, available = np.maximum(ledger.level["backlog"], 0.0), np.maximum(ledger.level["on_hand"][sold], 0.0)
        wanted = firm.commitments.within(firm.view.month, wanted, available)
        wanted = firm.mandates.leave_reserved(wanted, available)
        shipped = firm.checked(
            firm.policy.allocation(firm.view, read_only(wanted), read_only(available)),
            wanted.shape,
            firm.policy.allocation,
        )
        refuse_more_than_there_is(firm, shipped, wanted, available)
        if firm.company.whole_units:
            shipped = in_whole_units(shipped, wanted, available)
        if firm.stockroom:
            firm.stockroom.put_right(total(wanted) > available, sold)
        if firm.quality:
            firm.quality.sendings.expect(shipped)
        firm.commitments.take(firm.view.month, shipped)
        ledger.move("served", shipped)
        ledger.move("shipped", total(shipped), sold)
    lose_the_impatient(firm)


def refuse_more_than_there_is(firm: Firm, shipped: Array, wanted: Array, available: Array) -> None:
    """A rule may not hand out what is not there, nor more than was asked for; rounding is forgiven."""
    for asked, limit, what in ((total(shipped), available, msg("there is")), (shipped, wanted, msg("is wanted"))):
        if not (asked > limit).any():
            continue
        excess = asked > limit * (1 + TINY) + TINY
        if excess.any():
            bad = tuple(np.argwhere(excess)[0])
            raise PolicyError(
                msg(
                    "the rule {rule} of policy {policy} hands out {units} on day {day} in replication "
                    "{replication}, which is more than {what} ({limit})",
                    rule=repr(firm.policy.allocation.name),
                    policy=repr(firm.policy.name),
                    units=f"{asked[bad]:g}",
                    day=firm.today,
                    replication=f"{firm.weather.replications[bad[-1]]}",
                    what=what,
                    limit=f"{limit[bad]:g}",
                )
            )


def in_whole_units(shipped: Array, wanted: Array, available: Array) -> Array:
    """Cut fractions of units off; units left go to the first in rank that still wants a whole one."""
    whole = np.floor(shipped + TINY)
    if (whole == shipped).all():
        return shipped
    left = np.minimum(available, np.floor(total(shipped) + TINY)) - total(whole)
    return whole + ranked(wanted - whole, np.maximum(left, 0.0))


def lose_the_impatient(firm: Firm) -> None:
    """Lose orders that have been open longer than their segment's patience."""
    ledger, day = firm.ledger, firm.today
    due, backlog = ledger.book["due"], ledger.level["backlog"]
    sooner = firm.promises.out_of_patience()
    for segment, days in enumerate(firm.patience):
        if days is None:
            continue
        firm.recent[segment] += due[day, segment]
        if day >= days:
            firm.recent[segment] -= due[day - days, segment]
        if sooner is not None:
            firm.recent[segment] += sooner[segment]
        ledger.move("lost", np.maximum(backlog[segment] - firm.recent[segment], 0.0), segment)
