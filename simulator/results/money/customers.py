"""Customers in money: what they are invoiced, what is deducted, when they pay."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import Array, Whole
from simulator.results.money.expectation import Expectation
from simulator.results.money.terms import Terms
from simulator.results.reading.valued import Valued


def customer_flows(read: Valued, terms: Terms, expected: Expectation) -> dict[str, Array]:
    """Every flow with customers, (days, lanes); what is invoiced and not deducted is paid when the segment pays."""
    by_segment = invoiced(read, terms)
    net = by_segment["sales"] - sum(amount for name, amount in by_segment.items() if name != "sales")
    flows = {name: _all(amount) for name, amount in by_segment.items()}
    flows["transport"] = _all(by_segment["sales"] * terms.transport[:, None])
    flows["selling"] = _all(by_segment["sales"] * terms.selling[:, None])
    flows["collected"] = paid_later(net, terms.days_to_pay, expected.invoiced)
    return flows


def invoiced(read: Valued, terms: Terms) -> dict[str, Array]:
    """Return sales invoiced and deductions from them, by segment: (days, segments, lanes) each."""
    sales = read.shipped
    changes = sales - read.shipped_at_price_of_day
    pushed = read.orders("push_discount", np.ones_like(read.price))
    return {
        "sales": sales,
        "price_changes": changes,
        "push_discounts": pushed,
        "credits": read.orders("sent_back", read.price_of_day),
        "penalties": read.owed * terms.penalty[:, None],
        "bad_debt": (sales - changes - pushed) * terms.bad_debt[:, None],
    }


def _all(by_segment: Array) -> Array:
    return np.asarray(by_segment.sum(axis=1))


def paid_later(amount: Array, days: Whole, before: Array) -> Array:
    """Amounts by row, (days, rows, lanes), paid so many days later; `before` is what each row ran to a day until then."""
    paid = np.zeros((len(amount), amount.shape[-1]))
    for wait in np.unique(days):
        mine = days == wait
        paid[:wait] += before[mine].sum()
        if wait < len(paid):
            paid[wait:] += amount[: len(paid) - wait, mine].sum(axis=1)
    return paid
