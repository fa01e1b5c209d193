"""Orders reckon with what will expire before it is used: on shelves that are worked out by hand, and in a small shop."""

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.planning.capacity import RoughCut
from simulator.planning.requirement import sold_within_life
from simulator.results.run import simulate
from tests.engine.small import SALT, at, holding, tonight

TEN = {"bread": 0.0, "cake": 0.0, "salt": 10.0}


def shelf(received, life=5, owed=0.0, use=4.0, today=9):
    """The evening of a day, 3 days before an order would come: salt by the days ago on which it was received, used at 4 a day."""
    firm = holding(at(day=today, products__salt__shelf_life=life), SALT, on_hand=sum(received.values()), owed=owed)
    firm.over[:] = True
    firm.ledger.book["due"][: today + 1, 0, SALT] = use
    firm.env.run(until=17)
    for ago, units in received.items():
        firm.ledger.book["received"][today - ago, SALT] = units
    firm.quality.freshness.fresh[:] = sum(units for ago, units in received.items() if ago < life - 1)
    return firm


@pytest.mark.parametrize(
    ("received", "owed", "waste"),
    [
        ({4: 7.0}, 0.0, 7.0),  # on its last day
        ({3: 10.0}, 0.0, 6.0),  # tomorrow takes 4
        ({1: 10.0}, 0.0, 0.0),  # of three days 12 would be taken
        ({1: 15.0}, 0.0, 3.0),
        ({0: 30.0}, 0.0, 0.0),  # its last day comes after the order
        ({3: 6.0, 2: 3.0}, 0.0, 2.0),  # 2 tomorrow; the other 3 the day after are taken then
        ({3: 6.0, 2: 6.0}, 0.0, 4.0),  # 2 tomorrow and 2 the day after
        ({3: 10.0}, 5.0, 1.0),  # what is owed goes first
    ],
)
def test_what_will_expire_does_not_count(received, owed, waste):
    """The oldest goes out first, 4 a day; what is left of a lot on its last day is lost."""
    firm = shelf(received, owed=owed)
    there = sum(received.values()) - owed
    assert firm.view.waste_until(firm.view.lead_time)[SALT, 0] == pytest.approx(waste)
    assert firm.view.stock_position[SALT, 0] == pytest.approx(there - waste)
    assert tonight(firm, "order-up-to", level={**TEN, "salt": 50.0, "flour": 0.0})[SALT] == pytest.approx(
        50 - there + waste
    )


def test_what_is_on_order_can_expire_too():
    """With a life of 2 days, 20 that come tomorrow are to be sold within two days: 12 are lost before an order of next week is there."""
    firm = shelf({}, life=2)
    firm.ledger.level["on_order"][SALT] = 20
    firm.ledger.book["released"][7, SALT] = 20
    assert firm.view.waste_until(firm.view.lead_time)[SALT, 0] == pytest.approx(20 - 2 * 4)
    assert firm.view.position_over(1)[SALT, 0] == pytest.approx(8)


SHOP = {
    "suppliers": {"works": {}},
    "products": {
        "p": {
            "shelf_life": 20,
            "opening_stock": 100,
            "buy": {"supplier": "works", "lead_time": {"law": "constant", "mean": 5.0}},
        }
    },
    "segments": {"customers": {}},
    "demand": {"everyday": [{"product": "p", "segment": "customers", "daily": {"law": "constant", "mean": 10.0}}]},
    "experiment": {"months": 12, "warm_up": 3, "history": 24, "replications": 2},
}


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "reorder-point", "point": {"p": 60.0}, "lot": {"p": 1000.0}},
        {"rule": "reorder-point", "point": {"p": 60.0}, "lot": {"p": 210.0}},
        {"rule": "min-max", "minimum": {"p": 60.0}, "maximum": {"p": 400.0}},
        {"rule": "order-up-to", "days": 30, "level": {"p": 360.0}},
        {"rule": "kanban", "container_days": 40, "slack": 0.0},
    ],
    ids=lambda rule: f"{rule['rule']}-{len(str(rule))}",
)
def test_where_expiry_is_certain_the_next_order_is_there_before_it(rule):
    """Ten a day, twenty days of life: of a lot that lasts longer the rest is lost, on a day that is known when the next is ordered."""
    how = {"supply_plan": "none", "products": rule}
    books = next(iter(simulate(load({**SHOP, "policies": {"shop": how}}), "shop").books()))
    expired = books.flows["expired"][60:].sum()
    if rule.get("days") != 30:
        assert books.closing["backlog"][60:].max() == 0
    assert expired > 0 or rule["rule"] == "kanban"
    if rule["rule"] == "min-max":
        assert (books.closing["on_hand"] + books.closing["on_order"]).max() <= 400


def test_nothing_is_pulled_ahead_that_cannot_be_sold_in_time():
    """A season beyond capacity is made ahead, but of cakes that keep for ten days no more than ten days take."""
    looked: list[float] = []

    class Looking(RoughCut):
        def __call__(self, view):
            options = super().__call__(view)
            looked.extend(float(np.abs(sold_within_life(view, option[1]) - option[1]).max()) for option in options)
            return options

    season = [0.5, 0.5, 0.5, 0.5, 0.5, 1.0, 1.5, 2.0, 2.0, 1.5, 1.0, 0.5]
    words = {
        "company": {"whole_units": False},
        "resources": {"line": {"hours": 100.0}},
        "products": {"cake": {"shelf_life": 10, "make": {"hours": {"line": 1.0}, "lead_time": 2}}},
        "segments": {"customers": {}},
        "demand": {
            "everyday": [
                {
                    "product": "cake",
                    "segment": "customers",
                    "daily": {"law": "poisson", "mean": 75.0},
                    "pattern": {"season": [level / (sum(season) / 12) for level in season]},
                }
            ]
        },
        "experiment": {"months": 12, "history": 24, "replications": 2},
    }
    scenario = load(words)
    sop = scenario.policy("sop")
    simulate(scenario, sop.model_copy(update={"capacity": Looking()}))
    assert len(looked) >= 12
    assert max(looked) < 1e-6
