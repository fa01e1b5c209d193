"""Replenishment by position, on cases that are worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulator.engine.day.purchase import send_express
from simulator.engine.month.supply_plan import protection_interval
from simulator.engine.scenario import load
from simulator.kernel.lanes import lots, lots_within
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy, rules
from simulator.planning.replenishment import reorder_level
from tests.engine.small import BREAD, CAKE, FLOUR, PARTS, SALT, WORDS, at, expecting, holding, tonight

FIFTY = {"bread": 50.0, "cake": 0.0, "salt": 0.0, "flour": 0.0}


def test_order_up_to_orders_what_the_position_lacks():
    """10 on hand, 5 under way, 4 to start and 7 owed lack 38 of 50; a position beyond the level lacks nothing."""
    firm = holding(at(), BREAD, on_hand=10, on_order=5, to_start=4, owed=7)
    assert tonight(firm, "order-up-to", level=FIFTY) == [38.0, 0.0, 0.0]
    assert tonight(holding(firm, BREAD, on_hand=90), "order-up-to", level=FIFTY) == [0.0, 0.0, 0.0]


def test_yield_is_started_in_addition():
    """At a yield of a half, twice what is lacking is started, and what is to start counts half."""
    firm = holding(at(products__bread__make__good=0.5), BREAD, on_hand=10, to_start=8)
    assert tonight(firm, "order-up-to", level=FIFTY) == [2 * (50 - 10 - 4), 0.0, 0.0]


def test_parts_see_what_is_released_above_them():
    """100 flour less 2 for each of 38 loaves tonight and 1 for each of 3 cakes to start lacks 179 of 200."""
    firm = holding(holding(at(), FLOUR, on_hand=100), CAKE, to_start=3)
    released = np.zeros_like(firm.to_start)
    released[BREAD] = 38
    level = {**FIFTY, "flour": 200.0}
    assert tonight(firm, "order-up-to", PARTS, released, level=level) == [200 - (100 - 3 - 76)]


def test_a_computed_level_covers_review_and_lead_time():
    """10 a day over a review of 7 and a lead time of 1, less the day of review itself, and safety stock of 5: 75."""
    firm = expecting(at(), bread=10)
    firm.plans.force_safety_stock[BREAD] = 5
    assert tonight(firm, "order-up-to", days=7)[BREAD] == pytest.approx(75)
    assert tonight(firm, "order-up-to", PARTS, days=7)[0] == pytest.approx(2 * 10 * (2 + 7 - 1))


def test_a_smoothed_order_goes_part_of_the_way():
    """Use of 70 a week and a tenth of what the position lacks beyond it: 70 + (75 - 40 - 70) / 10."""
    firm = holding(expecting(at(), bread=10), BREAD, on_hand=40)
    firm.plans.force_safety_stock[BREAD] = 5
    assert tonight(firm, "order-up-to", days=7, fraction=0.1)[BREAD] == pytest.approx(70 + (75 - 40 - 70) / 10)


WORKWEEK = ["mon", "tue", "wed", "thu", "fri"]


def reviews(days, **calendar):
    """The days of six weeks on which a review is due that comes round every so many days."""
    firm, due = at(**calendar), []
    for day in np.flatnonzero(firm.days.working[:42]):
        firm.ledger.day = int(day)
        due += [int(day)] if firm.view.review_due(days) else []
    return due


def test_reviews_come_round():
    """Every seventh day from the first; every day where the review is daily."""
    assert reviews(7) == [0, 7, 14, 21, 28, 35]
    assert reviews(1) == list(range(42))


def test_a_review_on_a_day_off_is_held_on_the_next_working_day():
    """From a start on a Sunday weekly reviews are on Mondays, after a holiday on Tuesdays; none is left out."""
    assert reviews(7, calendar__working_days=WORKWEEK) == [1, 8, 15, 22, 29, 36]
    assert reviews(7, calendar__working_days=WORKWEEK, calendar__holidays=["2026-02-09"]) == [1, 9, 15, 22, 29, 36]
    assert reviews(3, calendar__working_days=WORKWEEK)[:6] == [1, 3, 8, 9, 12, 15]


@pytest.mark.parametrize(("position", "ordered"), [(13, 0), (12, 10), (3, 10), (2, 20), (-9, 30)])
def test_the_reorder_point_orders_multiples_until_the_position_is_above(position, ordered):
    """s = 12, Q = 10: nothing at 13; at 12 and below as many lots as bring it above 12."""
    firm = holding(at(), BREAD, on_hand=max(position, 0), owed=max(-position, 0))
    none = dict.fromkeys(("cake", "salt", "flour"), 0.0)
    listed = {"point": {"bread": 12.0, **none}, "lot": {"bread": 10.0, "cake": 1.0, "salt": 1.0, "flour": 1.0}}
    assert tonight(firm, "reorder-point", **listed)[BREAD] == ordered
    assert position + ordered > 12


def test_a_computed_reorder_point_covers_the_lead_time():
    """Salt of 4 a day: s is 3 days and safety stock of 6, Q 5 days; at 19 nothing, at 18 a lot of 20."""
    firm = expecting(at(), salt=4)
    firm.plans.force_safety_stock[SALT] = 6
    assert tonight(holding(firm, SALT, on_hand=18.5), "reorder-point", lot_days=5)[SALT] == 0
    assert tonight(holding(firm, SALT, on_hand=17.9), "reorder-point", lot_days=5)[SALT] == pytest.approx(20)


@pytest.mark.parametrize(("position", "ordered"), [(13, 0), (12, 48), (5, 55)])
def test_min_max_orders_up_to_the_maximum(position, ordered):
    """s = 12, S = 60: nothing above s, and what lacks of S at or below."""
    firm = holding(at(), BREAD, on_hand=position)
    assert tonight(firm, "min-max", minimum={"bread": 12.0}, maximum={"bread": 60.0})[BREAD] == ordered


@pytest.mark.parametrize(("position", "ordered"), [(40, 0), (21, 0), (20, 20), (1, 20), (0, 40)])
def test_kanban_sends_whole_containers(position, ordered):
    """10 a day, containers of two days: the loop holds ceil(10 x 3 x 1.3 / 20) = 2; only empty ones are sent back."""
    firm = holding(expecting(at(), bread=10), BREAD, on_hand=position)
    usage = {"rule": "planned", "days": 20}
    assert tonight(firm, "kanban", container_days=2, slack=0.3, usage=usage)[BREAD] == pytest.approx(ordered)


def test_orders_keep_minimum_multiple_and_batch():
    """38 wanted: at least 40 and in 25s makes 50; in batches of 12 makes 48; nothing stays nothing."""
    buy = {
        "products__salt__buy__minimum_order": 40.0,
        "products__salt__buy__multiple": 25.0,
        "products__bread__make__batch": 12.0,
    }
    firm = holding(holding(at(**buy), SALT, on_hand=12), BREAD, on_hand=12)
    level = {**FIFTY, "salt": 50.0}
    assert tonight(firm, "order-up-to", level=level) == [48.0, 0.0, 50.0]


def test_levels_are_looked_at_every_so_many_days():
    """(R,s,Q) and (R,s,S) with R 7: nothing between reviews; s computed covers lead time 3 and 6 days more."""
    firm = expecting(at(day=7), salt=4)
    firm.plans.force_safety_stock[SALT] = 6
    due, not_due = holding(firm, SALT, on_hand=42.0), {"lot_days": 5, "days": 6}
    assert tonight(due, "reorder-point", lot_days=5, days=7)[SALT] == pytest.approx(20)  # s = 4 x 9 + 6 = 42
    assert tonight(due, "min-max", lot_days=5, days=7)[SALT] == pytest.approx(20)  # S = 62
    assert tonight(due, "reorder-point", **not_due) is None
    assert tonight(due, "min-max", **not_due) is None
    assert tonight(holding(firm, SALT, on_hand=42.5), "reorder-point", lot_days=5, days=7)[SALT] == 0


def test_periodic_levels_protect_until_the_receipt_of_the_next_review():
    """Lead time 3 (salt), 1 (bread) and 2 (flour): with R 7 errors of 9, 7 and 8 days count; day by day of 3, 1 and 2."""
    for rule in ("order-up-to", "reorder-point", "min-max"):
        weekly, daily = (by_name(rule, days=days) for days in (7, 1))
        policy = Policy(name="p", products=weekly, components=weekly)
        assert protection_interval(at(policy=policy))[:, 0].tolist() == [7, 7, 9, 8]
        policy = Policy(name="p", products=daily, components=daily)
        assert protection_interval(at(policy=policy))[:, 0].tolist() == [1, 1, 3, 2]


def test_plans_protect_for_a_planning_cycle_and_requirements_for_a_week():
    """A month of 30 days less today: 1 + 29 for what is made in a day; parts of lead time 2 with a week: 2 + 6."""
    assert protection_interval(at())[:, 0].tolist() == [30, 30, 32, 8]
    assert protection_interval(at(policy=Policy(name="p", cycle_months=3)))[BREAD] == 1 + 91 - 1


def test_kanban_has_as_many_cards_as_the_book_says():
    """N = D (L + C)(1 + a) / C (Monden 1983), for 10 a day, L 1 and C so many days of use, rounded up.

    C 4, a .2: 60 / 40 = 1.5. C 2, a .2: 36 / 20 = 1.8. C 1, a .55: 31 / 10 = 3.1, and 2 without slack. C 3: 64 / 30 = 2.13 with
    a .6, 56 / 30 = 1.87 with a .4.
    """
    usage = {"rule": "planned", "days": 20}
    firm = holding(expecting(at(), bread=10), BREAD, on_hand=0)
    for days, slack, cards in ((4, 0.2, 2), (2, 0.2, 2), (1, 0.55, 4), (1, 0.0, 2), (3, 0.6, 3), (3, 0.4, 2)):
        settings = {"container_days": days, "slack": slack, "usage": usage}
        assert tonight(firm, "kanban", **settings)[BREAD] == pytest.approx(cards * 10 * days), (days, slack)


def test_people_order_from_what_they_expect_towards_what_they_want():
    """Stock 10 less 4 owed, 12 on order, use expected 5, S' 17: 5 + .5 (17 - 6 - .25 x 12) = 9 (Sterman 1989)."""
    firm = holding(at(day=3), SALT, on_hand=10, on_order=12, owed=4)
    for day, units in enumerate((4, 4, 8)):
        firm.ledger.book["due"][day, 0, SALT] = units
    how = {"alpha": 0.5, "beta": 0.25, "theta": 0.25, "desired": {"salt": 17.0}}
    assert tonight(firm, "anchor-and-adjust", **how)[SALT] == pytest.approx(9)
    assert tonight(holding(firm, SALT, on_hand=99), "anchor-and-adjust", **how)[SALT] == 0


def test_people_who_forget_nothing_order_up_to_a_level():
    """alpha_S = beta = 1: S' + use is the level, whatever lies on the shelf or is on its way."""
    firm = holding(expecting(at(), salt=4), SALT, on_hand=3, on_order=8, owed=1)
    how = {"alpha": 1.0, "beta": 1.0, "theta": 0.0, "desired": {"salt": 20.0}}
    level = {"salt": 24.0, "bread": 0.0, "cake": 0.0, "flour": 0.0}
    assert tonight(firm, "anchor-and-adjust", **how)[SALT] == pytest.approx(14)
    assert tonight(firm, "order-up-to", level=level)[SALT] == pytest.approx(14)


def by_name(rule, **settings):
    """A rule of replenishment."""
    return rules.Replenishment.known[rule](**settings)


@pytest.mark.parametrize(
    ("on_hand", "minimum", "multiple", "ordered"),
    [
        (5, 0, 30, 90),
        (5, 0, 0, 95),
        (41, 60, 0, 0),
        (41, 0, 60, 0),
        (5, 70, 30, 90),
        (5, 95, 30, 0),
        (5, 95, 0, 95),
        (10, 0, 45, 90),
    ],
)
def test_a_maximum_is_never_exceeded(on_hand, minimum, multiple, ordered):
    """Up to 100 from 5: 95, or three kegs of 30; what is left to the maximum and is no minimum order, or no keg, is not ordered."""
    entries = {"products__salt__buy__multiple": float(multiple), "products__salt__buy__minimum_order": float(minimum)}
    firm = holding(at(**entries), SALT, on_hand=on_hand)
    low = {"bread": 0.0, "cake": 0.0, "salt": 60.0}
    found = tonight(firm, "min-max", minimum=low, maximum={"bread": 0.0, "cake": 0.0, "salt": 100.0})
    assert found == [0.0, 0.0, ordered]
    assert on_hand + ordered <= 100


def test_a_maximum_is_not_exceeded_by_a_part_of_a_unit():
    """To 62.5 there are 62 whole units; made in batches of 8, of which half is good, 15 batches are 60."""
    settings = {"minimum": {"bread": 10.0, "salt": 10.0}, "maximum": {"bread": 62.5, "salt": 62.5}}
    whole = tonight(at(company__whole_units=True, products__bread__make__batch=8.0), "min-max", **settings)
    assert (whole[BREAD], whole[SALT]) == (56, 62)
    half = at(products__bread__make__batch=8.0, products__bread__make__good=0.5)
    assert tonight(half, "min-max", **settings)[BREAD] == 120


@pytest.mark.parametrize(
    ("entry", "value", "least"),
    [("multiple", 150.0, 150), ("minimum_order", 120.0, 120), ("multiple", 60.0, 60)],
)
def test_a_maximum_that_no_order_fits_under_is_refused(entry, value, least):
    """Where the scenario is loaded, and where a policy is chosen, in words that say what is allowed."""
    others = {"bread": 1.0, "cake": 1.0}
    table = {"rule": "min-max", "minimum": {**others, "salt": 10.0}, "maximum": {**others, "salt": 100.0}}
    how = {"supply_plan": "none", "products": table}
    changes = {f"products.salt.buy.{entry}": value, "policies": {"stock": how}}
    if least <= 100:
        assert load(WORDS, changes).policy("stock").products.maximum["salt"] == 100.0
        return
    said = f"policies.stock.products.maximum.salt is 100 units, and the least order of it is {least}"
    with pytest.raises(ScenarioError, match=said):
        load(WORDS, changes)
    with pytest.raises(ScenarioError, match=f"policy.products.maximum.salt is 100 .* at least {least}"):
        load(WORDS, {f"products.salt.buy.{entry}": value}).policy(how)


def test_lots_are_rounded_up_and_fit_under_a_limit_by_rounding_down():
    """A level, a point or a plan says what is needed, so that lots are rounded up; a maximum says what there is room for."""
    amounts, minimum, multiple = np.array([0.0, 1.0, 29.0, 31.0, 61.0]), np.full(5, 30.0), np.full(5, 20.0)
    assert lots(amounts, minimum, multiple).tolist() == [0, 40, 40, 40, 80]
    assert lots_within(amounts, minimum, multiple).tolist() == [0, 0, 0, 0, 60]


def test_express_parcels_are_inspected_too():
    """Salt is out: what is asked for on day 4 goes express, is at the dock three days later and in stock two days after that."""
    buy = {
        "supplier": "mill",
        "lead_time": {"law": "constant", "mean": 30.0},
        "inspection_days": 2,
        "express": {"days": 3, "premium": 0.5},
    }
    firm = at(day=4, products__salt__buy=buy)
    ordered = np.zeros((len(firm.purchasing.sources.records), firm.lanes))
    salt = list(firm.network.bought).index(SALT)
    ordered[firm.purchasing.sources.item == salt] = 7.0
    send_express(firm, firm.purchasing, ordered)
    dock = firm.purchasing.dock[:, firm.purchasing.sources.item == salt, 0].sum(axis=1)
    assert {int(day): units for day, units in enumerate(dock) if units} == {4 + 3 + 2: 7.0}


def test_an_item_without_use_or_safety_stock_has_no_reorder_point():
    """10 a day over 4 + 7 - 1 days and 30 of safety: 130; nothing used and 5 held: 5; neither: below nothing, never reached."""
    stub = SimpleNamespace(
        lead_time=np.array([[4.0], [4.0], [4.0]]),
        safety_stock=np.array([[30.0], [5.0], [0.0]]),
        at_most_to_come=lambda level: level,
    )
    point = reorder_level(stub, np.array([[10.0], [0.0], [0.0]]), 7)
    np.testing.assert_allclose(point[:2, 0], [130.0, 5.0])
    assert point[2, 0] < 0.0
