"""Flows of money, day by day: what customers are invoiced and pay, goods at standard cost, people and plant."""

from __future__ import annotations

import numpy as np

from simulator.engine.money.expectation import Expectation
from simulator.engine.money.terms import Terms
from simulator.engine.money.valued import Valued
from simulator.kernel.units import Array, Whole


def customer_flows(
    by_segment: dict[str, Array], receivable: Array, read: Valued, terms: Terms, expected: Expectation
) -> dict[str, Array]:
    """Every flow with customers, (days, lanes); what is invoiced and not deducted is paid when the segment pays.

    What is receivable is told of all days, also of those before the first that is read.
    """
    flows = {name: read.all_segments(amount) for name, amount in by_segment.items()}
    flows["transport"] = read.all_segments(read.at_rate(by_segment["sales"], terms.transport))
    flows["selling"] = read.all_segments(read.at_rate(by_segment["sales"], terms.selling))
    flows["collected"] = paid_later(receivable, terms.days_to_pay, expected.invoiced, read.first)
    return flows


def to_be_paid(by_segment: dict[str, Array], nothing: Array | None = None) -> Array:
    """Sales less all deductions from them but those that are nothing: what customers will pay, (days, segments, lanes)."""
    deducted = [each for name, each in by_segment.items() if name != "sales" and each is not nothing]
    return np.asarray(by_segment["sales"] - sum(deducted))


def invoiced(read: Valued, terms: Terms) -> dict[str, Array]:
    """Return sales invoiced and deductions from them, by segment: (days, segments, lanes) each."""
    sales = read.shipped
    changes = read.no_orders if read.price_factors is None else sales - read.shipped_at_price_of_day
    pushed = read.orders("push_discount", np.ones_like(read.price))
    return {
        "sales": sales,
        "price_changes": changes,
        "push_discounts": pushed,
        "credits": read.orders("sent_back", read.price_of_day),
        "penalties": read.at_rate(read.owed, terms.penalty),
        "bad_debt": read.at_rate(sales - changes - pushed, terms.bad_debt),
    }


def paid_later(amount: Array, days: Whole, before: Array, first: int = 0) -> Array:
    """Amounts by row, (days, rows, lanes), paid so many days later, from a first day on.

    `before` is what each row ran to a day until the first of all.
    """
    paid = np.zeros((len(amount) - first, amount.shape[-1]))
    for wait in np.unique(days):
        mine = days == wait
        paid[: max(wait - first, 0)] += before[mine].sum()
        if wait < len(amount):
            rows = slice(None) if mine.all() else mine
            paid[max(wait - first, 0) :] += amount[max(first - wait, 0) : len(amount) - wait, rows].sum(axis=1)
    return paid


# --- goods ---


def goods_flows(read: Valued, delivered: Array, terms: Terms, expected: Expectation) -> dict[str, Array]:
    """Every flow of stock and of the floor, (days, lanes); what suppliers delivered is told of all days."""
    cost, made = terms.cost, terms.is_made
    started = read.goods("released", terms.material)
    used = read.goods("consumed", cost)
    return {
        **purchase_flows(read, delivered, terms, expected),
        "used": used,
        "absorbed": read.goods("released", terms.conversion),
        "usage_variance": used - started,
        "subcontracted": read.goods("subcontracted", cost),
        "subcontract_premium": read.goods("subcontracted", terms.premium_outside),
        "finished": read.goods("received", cost * made),
        "cost_of_goods": read.goods("shipped", cost[: len(read.network.products)]),
        "restocked": read.goods("returned", cost),
        "scrap": read.goods("scrapped", cost * made),
        "expiry": read.goods("expired", cost),
        "counting": read.memo("counted", np.full(len(cost), terms.count_cost)),
        "expediting": read.memo("expedite_value", np.ones(len(read.network.suppliers))),
        "shrinkage": read.goods("shrunk", cost),
    }


def purchase_flows(read: Valued, delivered: Array, terms: Terms, expected: Expectation) -> dict[str, Array]:
    """Return accepted purchases, at standard and at real prices, and their payments."""
    standard = read.goods("received", terms.cost * (1 - terms.is_made))
    varies = "delivered_value" in read.books.memos  # else the same sums in another order would differ by a hair
    return {
        "purchases": standard,
        "price_variance": delivered[read.first :].sum(axis=1) - standard if varies else read.nothing,
        "paid_suppliers": paid_later(delivered, terms.supplier_terms, expected.purchases_by_terms, read.first),
    }


# --- people and plant ---


def plant_flows(read: Valued, terms: Terms) -> dict[str, Array]:
    """Every flow to people and for the plant, (days, lanes)."""
    overtime = read.overtime_hours * (terms.wage + read.network.overtime_premium[:, 0])[:, None]
    accrued = {
        "wages": wages(read, terms),
        "overtime": np.asarray(overtime.sum(axis=1)),
        "fixed_cost": read.nothing + _a_day(read, terms.finance.fixed_cost),
    }
    return {
        **accrued,
        "paid_month": at_month_end(sum(accrued.values(), read.nothing), read.month_start),
        "hiring": read.memo("hired", terms.hire_cost),
        "dismissal": read.memo("dismissed", terms.dismiss_cost),
        "drawings": at_month_end(read.nothing + _a_day(read, terms.finance.drawings), read.month_start),
    }


def wages(read: Valued, terms: Terms) -> Array:
    """Regular hours that are paid, as counted where people come and go, with the premium of shifts beyond the first."""
    if "paid_hours" not in read.books.memos:
        return read.nothing + (read.days.working[read.first :] * float(terms.paid_hours @ terms.wage))[:, None]
    counted = read.memo("paid_hours", terms.wage * terms.paid_for)
    return counted + read.memo("shift_hours", terms.shift_premium)


def _a_day(read: Valued, a_month: float) -> Array:
    """A monthly amount in equal parts over the days of each month, (days, 1)."""
    return np.asarray((a_month / read.days.lengths)[read.days.month[read.first :]][:, None])


def at_month_end(accrued: Array, month_start: Whole) -> Array:
    """Pay the amounts accrued in a month on its last day."""
    paid = np.zeros_like(accrued)
    if not len(paid):
        return paid
    paid[month_start[1:] - 1] = np.add.reduceat(accrued, month_start[:-1], axis=0)
    return paid
