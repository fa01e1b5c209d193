"""A few figures that change a whole company: what they stand for, worked by hand, and what is refused."""

from __future__ import annotations

import copy
import datetime as dt

import pytest

from simulator import load, simulate
from simulator.engine.settings import changed_scenario
from simulator.kernel.units import ScenarioError

SHOP = {
    "name": "shop",
    "calendar": {"start": "2025-01-01"},
    "products": {
        "lamp": {
            "price": 10.0,
            "elasticity": 2.0,
            "buy": {"supplier": "works", "lead_time": {"law": "constant", "mean": 6}},
        }
    },
    "components": {"bulb": {"buy": {"supplier": "works", "lead_time": {"law": "empirical", "values": [3, 9]}}}},
    "suppliers": {"works": {}},
    "resources": {"bench": {"hours": 8.0, "people": {"heads": 2, "hours": 4.0}}},
    "demand": {"everyday": [{"product": "lamp", "segment": "customers", "daily": {"law": "constant", "mean": 100}}]},
    "experiment": {"months": 4, "warm_up": 1},
}


def shop(**figures: object) -> object:
    return load(copy.deepcopy(SHOP), {f"what_if.{name}": value for name, value in figures.items()})


def due(scenario: object) -> float:
    """Units that fall due on each day, which is always the same number."""
    found = simulate(scenario, policy="chase", replications=2, seed=1).daily("due")
    assert found.min() == found.max()
    return float(found.max())


def test_demand_is_a_factor_on_every_day() -> None:
    """100 a day, and 120 with a fifth more."""
    assert due(shop()) == 100
    assert due(shop(demand=1.2)) == 120


def test_price_moves_demand_by_its_elasticity() -> None:
    """A tenth more at elasticity 2: 1.1 to the power -2 is .826446, so 83 whole lamps a day at most and 82 at least."""
    found = simulate(shop(price=1.1), policy="chase", replications=1, seed=1).daily("due")
    assert found.mean() == pytest.approx(100 * 1.1**-2, abs=0.5)


def test_lead_times_move_by_days_whatever_their_law() -> None:
    company = shop(lead_time_days=4).company
    assert company.products["lamp"].buy.lead_time.mean == 10
    assert company.components["bulb"].buy.lead_time.values == (7, 13)


def test_hours_are_those_of_the_people_too() -> None:
    bench = shop(capacity=1.5, overtime=0.25).company.resources["bench"]
    assert (bench.hours, bench.people.hours, bench.overtime) == (12.0, 6.0, 0.25)


def test_suppliers_are_out_from_the_first_scored_day() -> None:
    (out,) = shop(supplier_out={"works": 6}).company.disruptions
    assert (out.supplier, out.start, out.length.mean, out.warning) == ("works", dt.date(2025, 2, 1), 42, 0)
    (later,) = shop(supplier_out={"works": 1}, out_from="2025-03-04").company.disruptions
    assert later.start == dt.date(2025, 3, 4)


def test_a_supplier_that_is_out_takes_no_order() -> None:
    """Goods of an order of the last well day, 31 January, come six days later; then nothing comes for six weeks and six days."""
    received = simulate(shop(supplier_out={"works": 6}), policy="chase", replications=1, seed=1).daily("received")[0]
    first_of_february, back = 31, 31 + 42
    assert received[:first_of_february].sum() > 0
    assert received[first_of_february + 7 : back].sum() == 0
    assert received[back : back + 14].sum() > 0


def test_a_further_change_does_not_apply_it_twice() -> None:
    again = changed_scenario(shop(demand=1.2, capacity=2.0), {"resources.bench.overtime": 0.1})
    assert again.company.resources["bench"].hours == 16.0
    assert len(again.company.market.shocks) == 1
    fitted = changed_scenario(load("giftware", {"what_if.capacity": 2.0}), {"finance.holding_rate": 0.3})
    assert fitted.company.resources["sewing"].hours == 2 * load("giftware").company.resources["sewing"].hours


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"lead_time_days": -6}, "leaves products.lamp.buy 0 days; goods take at least 1 day to come"),
        (
            {"supplier_out": {"work": 2}},
            "what_if.supplier_out names 'work', which is not a supplier; did you mean works",
        ),
        ({"supplier_out": {"works": 0}}, "what_if.supplier_out.works is 0 weeks; it must be from 1 to 104"),
        ({"capacity": 0}, "what_if.capacity is 0 (factor); it must be above 0 and at most 10"),
        ({"supplier_out": {"works": 1}, "out_from": "2031-01-01"}, "what_if.out_from is 2031-01-01, outside the run"),
    ],
)
def test_what_cannot_be_is_one_sentence(figures: dict[str, object], said: str) -> None:
    with pytest.raises(ScenarioError, match=said.replace("(", r"\(").replace(")", r"\)")):
        shop(**figures)
