"""Goods in money: everything in stock and on the floor is valued at standard cost, and what differs from it is told apart."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import Array
from simulator.results.money.customers import paid_later
from simulator.results.money.expectation import Expectation
from simulator.results.money.terms import Terms
from simulator.results.reading.valued import Valued


def goods_flows(read: Valued, terms: Terms, expected: Expectation) -> dict[str, Array]:
    """Every flow of stock and of the floor, (days, lanes)."""
    cost, made = terms.cost, terms.is_made
    started = read.goods("released", terms.material)
    used = read.goods("consumed", cost)
    return {
        **purchase_flows(read, terms, expected),
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


def purchase_flows(read: Valued, terms: Terms, expected: Expectation) -> dict[str, Array]:
    """Return accepted purchases, at standard and at real prices, and their payments."""
    delivered = read.delivered(terms)
    standard = read.goods("received", terms.cost * (1 - terms.is_made))
    varies = "delivered_value" in read.books.memos  # else the same sums in another order would differ by a hair
    before = np.array([expected.purchases[terms.days_to_suppliers == days].sum() for days in terms.supplier_terms])
    return {
        "purchases": standard,
        "price_variance": delivered.sum(axis=1) - standard if varies else read.nothing,
        "paid_suppliers": paid_later(delivered, terms.supplier_terms, before),
    }
