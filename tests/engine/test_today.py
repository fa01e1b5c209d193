"""Start from today: what is on its way arrives on its day, what is owed falls due, and nothing is made or lost by it."""

import datetime as dt

import numpy as np
import pytest

from simulator import load, simulate

PURCHASES = [
    {"item": "k", "due": dt.date(2024, 3, 11), "quantity": 400.0},
    {"item": "k", "due": dt.date(2024, 4, 10), "quantity": 450.0},
]
POLICY = {
    "supply_plan": "none",
    "safety_stock": "none",
    "products": {"rule": "order-up-to", "days": 7},
    "forecast": "moving-average",
}


def shop(purchases=(), orders=(), buy=(), **more):
    """A shop with 100 units, 10 wanted a day, a lead time of 45 days."""
    return load(
        {
            "name": "shop",
            "calendar": {"start": dt.date(2024, 3, 1)},
            "products": {
                "k": {
                    "price": 40.0,
                    "unit_cost": 20.0,
                    "opening_stock": 100,
                    "buy": {"supplier": "far", "lead_time": {"law": "constant", "mean": 45}, **dict(buy)},
                }
            },
            "suppliers": {"far": {}},
            "segments": {"s": {"lead_time": 0}},
            "demand": {"everyday": [{"product": "k", "segment": "s", "daily": {"law": "constant", "mean": 10}}]},
            "open_purchases": list(purchases),
            "open_orders": list(orders),
            "experiment": {"months": 3, "warm_up": 0, "history": 12, "replications": 2},
            **more,
        }
    )


def on_hand(scenario):
    return simulate(scenario, policy=POLICY, replications=2).daily("on_hand")[0, :, 0]


def fill_rate(scenario):
    return simulate(scenario, policy=POLICY, replications=2).measures().query("measure == 'fill_rate'").value.iloc[0]


def test_what_is_on_its_way_arrives_on_its_day():
    """By hand: 100 last for ten days, 400 come on the eleventh, 450 on the forty-first, before the first order of the run."""
    stock = on_hand(shop(PURCHASES))
    assert stock[:11].tolist() == [90, 80, 70, 60, 50, 40, 30, 20, 10, 0, 390]
    assert stock[39:41].tolist() == [100, 540]
    assert fill_rate(shop(PURCHASES)) == 1.0
    assert fill_rate(shop()) < 0.65


def test_an_outage_of_the_supplier_leaves_goods_on_their_way():
    """Where sources are told apart, goods come to the dock and into stock on the same days."""
    out = [{"supplier": "far", "start": dt.date(2024, 5, 1), "length": {"law": "constant", "mean": 3}}]
    np.testing.assert_array_equal(on_hand(shop(PURCHASES, disruptions=out))[:45], on_hand(shop(PURCHASES))[:45])


def test_what_is_owed_falls_due_and_what_is_overdue_at_once():
    """30 were due in February and 20 are on the fifth of March; both are demand of those days."""
    owed = [
        {"product": "k", "segment": "s", "due": dt.date(2024, 2, 20), "quantity": 30.0},
        {"product": "k", "segment": "s", "due": dt.date(2024, 3, 5), "quantity": 20.0},
    ]
    run = simulate(shop(PURCHASES, owed), policy=POLICY, replications=2)
    assert run.daily("due")[0, :6, 0, 0].tolist() == [40, 10, 10, 10, 30, 10]
    assert run.daily("on_hand")[0, :6, 0].tolist() == [60, 50, 40, 30, 0, 0]


def test_overdue_purchases_come_on_the_first_day():
    late = [{"item": "k", "due": dt.date(2024, 1, 15), "quantity": 50.0}]
    assert on_hand(shop(late))[:2].tolist() == [140, 130]


@pytest.mark.parametrize(
    ("purchase", "more", "told"),
    [
        ({"item": "z"}, {}, r"open_purchases\[0\].item names 'z'"),
        ({}, {"buy": {"inspection_days": 2}}, "which has several sources, inspection or express"),
        ({"quantity": 0.0}, {}, "must be above 0"),
    ],
)
def test_what_cannot_be_is_refused(purchase, more, told):
    with pytest.raises(ValueError, match=told):
        shop([{**PURCHASES[0], **purchase}], **more)


def test_a_running_company_has_its_own_on_the_way():
    words = shop().words
    del words["products"]["k"]["opening_stock"]
    with pytest.raises(ValueError, match="whose opening_stock is left out: it begins with what a running company"):
        load({"name": "shop", **words, "open_purchases": PURCHASES})


def test_orders_name_what_the_company_has():
    with pytest.raises(ValueError, match=r"open_orders\[0\].segment names 'x'"):
        shop(orders=[{"product": "k", "segment": "x", "due": dt.date(2024, 3, 5), "quantity": 1.0}])
