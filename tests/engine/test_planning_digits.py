"""Classes, levels, what a replenishment serves, requirements and shelf life, with digits worked by hand."""

from types import SimpleNamespace as Only

import numpy as np
import pytest

from simulator.kernel.lanes import TINY
from simulator.kernel.units import DAYS_A_MONTH
from simulator.planning import batches, requirement, rules
from simulator.planning.classes import ByValue, expected_month, streams
from simulator.planning.replenishment import CRUMB, listed_levels
from simulator.planning.requirement import (
    demand_until,
    made_this_month,
    never_falling,
    shared_by_need,
    sold_within_life,
    with_made,
)
from tests.engine.small import BREAD, CAKE, FIRST, SALT, SECOND, at, company, expecting, holding, tonight

MONTH = 365.25 / 12


# --- what is used in a month, and its variance ---


def wanted(**kinds):
    """The mean and variance of a month of each stream of demand."""
    return list(streams(company(demand=kinds).company))


def every(daily, **pattern):
    """Bread for the first segment, day by day."""
    return {"product": "bread", "segment": "first", "daily": daily, "pattern": pattern}


def test_a_month_of_everyday_demand():
    """A mean of 10 and a deviation of 3 on 30.4375 days; a month that swings by .2 of its mean adds the square of that."""
    [(product, mean, variance)] = wanted(everyday=[every({"law": "normal", "mean": 10.0, "sd": 3.0}, swing=0.2)])
    assert product == "bread"
    assert mean == pytest.approx(304.375)
    assert variance == pytest.approx(MONTH * 9 + 60.875**2)


def test_a_month_of_order_lines():
    """4 lines a day of 1, 2 or 6 units: mean 3, mean square 41/3. Lines that vary 1.5 times as much add .5 x 9."""
    orders = {"law": "orders", "lines": 4.0, "dispersion": 1.5, "sizes": [1.0, 2.0, 6.0]}
    [(_, mean, variance)] = wanted(everyday=[every(orders)])
    assert mean == pytest.approx(MONTH * 12)
    assert variance == pytest.approx(MONTH * 4 * (41 / 3 + 0.5 * 9))


def test_a_month_of_deals():
    """Contracts of 20 (8), two a month; frames of 40 (10), six a year in four parts; projects of 30 (10), of which .5 are won."""
    of, days = {"product": "cake", "segment": "first"}, {"law": "constant", "mean": 20.0}
    found = wanted(
        contracts=[{**of, "per_month": 2.0, "size": gamma(20, 8), "lead_time": days}],
        frames=[{**of, "per_year": 6.0, "size": gamma(40, 10), "call_offs": 4}],
        projects=[{**of, "per_month": 3.0, "size": gamma(30, 10), "lead_time": days}],
    )
    assert [product for product, *_ in found] == ["cake"] * 3
    assert [mean for _, mean, _ in found] == pytest.approx([40, 20, 45])
    assert [variance for *_, variance in found] == pytest.approx([2 * 464, 0.5 * 1700 / 4, 1.5 * 1000])


def gamma(mean, sd):
    """A quantity."""
    return {"law": "gamma", "mean": float(mean), "sd": float(sd)}


def test_streams_of_a_product_add_up_and_reach_its_parts():
    """Bread twice 10 a day with deviations of 3 and 4, cake 1 with none: flour 2 x 20 + 1, by squares 4 x 25."""
    steady = {**every({"law": "constant", "mean": 1.0}), "product": "cake"}
    one, other = (every({"law": "normal", "mean": 10.0, "sd": sd}) for sd in (3.0, 4.0))
    scenario = company(demand={"everyday": [one, {**other, "segment": "second"}, steady]})
    mean, variance = expected_month(scenario.company, scenario.network)
    assert mean[:, 0].tolist() == pytest.approx([20 * MONTH, MONTH, 0, 41 * MONTH])
    assert variance[:, 0].tolist() == pytest.approx([25 * MONTH, 0, 0, 100 * MONTH])


@pytest.mark.parametrize(
    ("shares", "classes"),
    [((0.5, 0.9), "AABC"), ((0.4, 0.8), "ABCC"), ((0.39, 0.81), "ABBC"), ((0.95, 1.0), "AAAA")],
)
def test_the_item_that_crosses_the_line_belongs_to_the_better_class(monkeypatch, shares, classes):
    """Values of 40, 40, 10 and 10 of 100, in another order than the items; 40 and 80 are reached, not passed."""
    value = np.array([[10.0], [40.0], [10.0], [40.0]])
    monkeypatch.setattr("simulator.planning.classes.expected_month", lambda *_: (value, value))
    network = Only(unit_cost=np.ones((4, 1)), products=["w", "x", "y", "z"], names=["w", "x", "y", "z"])
    found = ByValue(shares=shares)(None, network)
    assert "".join(found[name] for name in "xzwy") == classes


def test_products_and_parts_are_ranked_among_themselves_at_cost(monkeypatch):
    """80 and 20 of the products, 3 x 20 and 1 x 40 of the parts; what nobody uses is no later than any share."""
    network = Only(unit_cost=np.array([[1.0], [1.0], [3.0], [1.0]]), products=["x", "y"], names=["x", "y", "p", "q"])
    value = np.array([[20.0], [80.0], [20.0], [40.0]])
    monkeypatch.setattr("simulator.planning.classes.expected_month", lambda *_: (value, value))
    assert ByValue(shares=(0.5, 0.7))(None, network) == {"x": "C", "y": "A", "p": "A", "q": "B"}
    value[:] = 0.0
    assert set(ByValue()(None, network).values()) == {"A"}


# --- levels ---


def test_listed_levels_stand_and_the_others_are_computed():
    """Two of four are listed; where all are, nothing is computed, and all replications have the same."""
    names = ["bread", "cake", "salt", "flour"]
    view = Only(network=Only(names=names), listed=lambda table: np.array([[table[name]] for name in names]))
    computed = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]])
    found = listed_levels({"cake": 30.0, "flour": 70.0}, view, lambda: computed)
    assert found.tolist() == [[1, 2], [30, 30], [5, 6], [70, 70]]
    assert computed[1, 0] == 3
    whole = listed_levels(dict.fromkeys(view.network.names, 9.0), view, lambda: 1 / 0)
    assert whole.tolist() == [[9]] * 4
    assert listed_levels(None, view, lambda: computed).tolist() == computed.tolist()


def by_name(rule, **settings):
    """A rule of replenishment."""
    return rules.Replenishment.known[rule](**settings)


ITEMS = ["bread", "cake", "salt"]
ALL = dict.fromkeys(ITEMS, 9.0)
SOME = {"bread": 9.0}
PAST = {"rule": "recent-mean", "days": 9}


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        (by_name("order-up-to"), True),
        (by_name("order-up-to", level=SOME), True),
        (by_name("order-up-to", level=ALL), False),
        (by_name("order-up-to", usage=PAST), False),
        (by_name("reorder-point", point=ALL), True),
        (by_name("reorder-point", point=ALL, lot=SOME), True),
        (by_name("reorder-point", point=ALL, lot=ALL), False),
        (by_name("reorder-point", usage=PAST), False),
        (by_name("min-max"), True),
        (by_name("min-max", minimum=ALL, maximum=ALL), False),
        (by_name("min-max", usage=PAST), False),
        (by_name("kanban"), False),
        (by_name("kanban", usage={"rule": "planned", "days": 20}), True),
        (by_name("master-schedule"), True),
    ],
)
def test_plans_are_asked_for_where_a_level_follows_them(rule, asks):
    """Not where all is listed, nor where use is taken from the past."""
    assert rule.asks_for_plans(ITEMS) == asks


def test_computed_levels_of_min_max():
    """Salt of .5 a day: s .5 x 3 + 6 = 7.5, and 5 days more, at least one unit and one order: S 10; bread has no use, s = S = 2.

    A minimum order of 8 is the least between s and S, one of 8 in kegs of 6 two kegs; half of a batch of bread is good.
    """
    firm = expecting(at(), salt=0.5)
    firm.plans.force_safety_stock[SALT], firm.plans.force_safety_stock[BREAD] = 6, 2
    low, high = by_name("min-max", lot_days=5)._levels(firm.view)
    assert (low[SALT, 0], high[SALT, 0]) == pytest.approx((7.5, 10.0))
    assert (low[BREAD, 0], high[BREAD, 0]) == pytest.approx((2, 2))
    assert (low[CAKE, 0], high[CAKE, 0]) == (-TINY, -TINY)
    for entries, apart in (
        ({"minimum_order": 8.0}, 8),
        ({"minimum_order": 8.0, "multiple": 6.0}, 12),
        ({"multiple": 2.0}, 2.5),
    ):
        some = at(**{f"products__salt__buy__{entry}": value for entry, value in entries.items()})
        low, high = by_name("min-max", lot_days=5)._levels(expecting(some, salt=0.5).view)
        assert (high - low)[SALT, 0] == pytest.approx(apart), entries
    baked = expecting(at(products__bread__make__good=0.5, products__bread__make__batch=30.0), bread=1)
    low, high = by_name("min-max", lot_days=5)._levels(baked.view)
    assert (high - low)[BREAD, 0] == pytest.approx(15)


def test_listed_levels_of_min_max():
    """What is not listed has none."""
    low, high = by_name("min-max", minimum={"salt": 3.0}, maximum={"salt": 7.0})._levels(at().view)
    assert (low[:, 0].tolist(), high[:, 0].tolist()) == ([0, 0, 3, 0], [0, 0, 7, 0])


@pytest.mark.parametrize(("life", "lot"), [(None, 70), (5, 25), (30, 70)])
def test_a_computed_lot_is_used_before_it_goes_bad(life, lot):
    """Salt of 5 a day for 14 days, or for its life; a unit at least."""
    firm = expecting(at(**({"products__salt__shelf_life": life} if life else {})), salt=5)
    assert by_name("reorder-point")._lot(firm.view)[:, 0].tolist() == pytest.approx([1, 1, lot, 1])


def test_an_order_that_goes_part_of_the_way_knows_what_is_used_where_levels_are_listed():
    """10 loaves a day, review of 7: 70 + .5 (90 - 40 - 70) = 60."""
    level = {"bread": 90.0, "cake": 0.0, "salt": 0.0, "flour": 0.0}
    firm = holding(expecting(at(), bread=10), BREAD, on_hand=40)
    assert tonight(firm, "order-up-to", days=7, fraction=0.5, level=level)[BREAD] == pytest.approx(60)


def test_people_think_of_good_units_that_are_still_to_start():
    """Of 8 to start half will be good: 10 + .5 (50 - 10 - .25 x 4) = 29.5 good ones, twice as many to start.

    Left out, the desired stock is safety stock and beta of what the days before the receipt use: salt 6 + .25 x 4 x 2 = 8.
    """
    entries = {"products__bread__make__good": 0.5}
    firm = holding(expecting(at(**entries), bread=10, salt=4), BREAD, on_hand=10, to_start=8)
    how = {"alpha": 0.5, "beta": 0.25, "theta": 0.0}
    assert tonight(firm, "anchor-and-adjust", **how, desired={"bread": 50.0})[BREAD] == pytest.approx(59)
    firm.plans.force_safety_stock[SALT] = 6
    assert tonight(firm, "anchor-and-adjust", **how)[SALT] == pytest.approx(4 + 0.5 * 8)
    rule = by_name("anchor-and-adjust", **how)
    assert rule.asks_for_plans([])
    assert not by_name("anchor-and-adjust").asks_for_plans([])
    assert by_name("anchor-and-adjust", days=7).review(30) == 7


# --- what one replenishment serves ---


def served(rule, firm=None, cycle=30, **settings):
    """The days before and until a receipt, those served, width, top and held, by item in the first lane."""
    firm = expecting(at(), bread=10, salt=4) if firm is None else firm
    found = by_name(rule, **settings).serving(firm.desk, cycle)

    def of(name):
        return np.broadcast_to(getattr(found, name), (4, 2))[:, 0].tolist()

    return {name: of(name) for name in ("days", "before", "until", "width", "from_top", "held", "rounded")}


def test_a_level_serves_from_one_review_to_the_next():
    """Lead times of 1, 1, 3 and 2 less the day of the order, and 7 days more."""
    found = served("order-up-to", days=7)
    assert found == {
        "days": [7] * 4, "before": [0, 0, 2, 1], "until": [7, 7, 9, 8], "width": [0] * 4, "from_top": [0] * 4, "held": [0] * 4,
        "rounded": [1] * 4,
    }  # fmt: skip


def test_lots_and_ranges_let_the_position_differ():
    """Lots of five days; from s to S the same, which begins at S."""
    lots, between = served("reorder-point", lot_days=5), served("min-max", lot_days=5, days=7)
    assert lots["width"] == pytest.approx([50, 1, 20, 100])
    assert (lots["until"], lots["from_top"]) == ([1, 1, 3, 2], [0] * 4)
    assert between["width"] == pytest.approx([50, 0, 20, 100])
    assert (between["until"], between["from_top"]) == ([7, 7, 9, 8], [1] * 4)


def test_cards_hold_stock_beyond_what_lead_time_needs():
    """Bread in containers of 25: 10 x 3.5 x .2 + 10 x 2.5 - 25 = 7; salt of 4 in containers of 10: 4 x 5.5 x .2 = 4.4.

    Flour of 20 in containers of 50: 20 x 4.5 x .2 = 18. Cake has a container of one, and no use.
    """
    found = served("kanban", container_days=2.5, slack=0.2, usage={"rule": "planned", "days": 20})
    assert found["width"] == pytest.approx([25, 1, 10, 50])
    assert found["held"] == pytest.approx([7, -1, 4.4, 18])
    odd = served("kanban", container_days=2.25, slack=0.0, usage={"rule": "planned", "days": 20})
    assert odd["width"] == pytest.approx([23, 1, 9, 45])
    assert odd["held"] == pytest.approx([22.5 - 23, -1, 0, 0])


def test_a_crumb_asks_for_no_further_container():
    """A millionth of a container more is none; two are one."""
    firm = expecting(at(), bread=10 * (1 + 0.9 * CRUMB / 20))
    usage = {"rule": "planned", "days": 20}
    assert served("kanban", firm, container_days=2, usage=usage)["width"][BREAD] == 20
    firm = expecting(at(), bread=10 * (1 + 2 * CRUMB / 20))
    assert served("kanban", firm, container_days=2, usage=usage)["width"][BREAD] == 21


def test_a_loop_holds_safety_stock_and_no_card_for_a_crumb():
    """Ten loaves a day, containers of 20: 36 and safety stock of 4 are two of them, 5 three; a crumb of a container is none."""
    for safety, cards in ((4.0, 2), (5.0, 3), (4.0 + 10 * CRUMB, 2), (4.0 + 40 * CRUMB, 3)):
        firm = holding(expecting(at(), bread=10), BREAD, on_hand=0)
        firm.plans.force_safety_stock[BREAD] = safety
        usage = {"rule": "planned", "days": 20}
        found = tonight(firm, "kanban", container_days=2, slack=0.2, usage=usage)[BREAD]
        assert found == pytest.approx(20 * cards), safety


def test_a_master_schedule_serves_weeks_in_which_months_begin():
    """A week holds 7 / 30.4375 x 6 / 7 of a month's turn: made items are served for 7 / 1.197 days, bought ones 7 / .803.

    Errors of what is made stay for a cycle of 30 days; salt of three days covers the six days after tomorrow as well.
    """
    turn = 6 / DAYS_A_MONTH
    found = served("master-schedule")
    assert found["days"][:3] == pytest.approx([7 / (1 + turn)] * 2 + [7 / (1 - turn)])
    assert found["until"][:3] == [30, 30, 9]
    assert found["before"][:3] == [23, 23, 2]
    assert found["rounded"][:3] == [1, 1, 1]
    batches = served("master-schedule", expecting(at(products__bread__make__batch=8.0), bread=10))
    assert batches["rounded"] == [0, 0, 1, 1]


def test_requirements_are_planned_by_the_week():
    """Whatever the planning cycle is."""
    assert (by_name("mrp").review(30), by_name("master-schedule").review(30)) == (7, 30)
    assert served("mrp")["until"] == [7, 7, 9, 8]


# --- requirements ---


def test_demand_until_days_beyond_each_month():
    """Ten loaves a day from the tenth of February: 18 days left and 3 more, then March's 31 more."""
    firm = expecting(at(day=10), bread=10, salt=4)
    found = demand_until(firm.desk, np.array([3, 0, 5]))
    assert found[0, :, 0].tolist() == pytest.approx([210, 0, 92])
    assert found[1, :, 0].tolist() == pytest.approx([520, 0, 216])


def begun_in_february(*due):
    """The third of March, after a February of 140 loaves and 56 cakes, of which 28 loaves were signed on its third morning.

    Two of 28 days were over: of 112 loaves and 56 cakes 8 and 4 if each day has its part. `due` is what had fallen due.
    """
    firm = at(day=30, experiment__months=4)
    firm.demand_by_month[0, : CAKE + 1] = [[140.0], [56.0]]
    signed, fallen = np.zeros((2, 3, 2))
    signed[BREAD] = 28.0
    fallen[: CAKE + 1] = due
    firm.begun_months = [(0, 2 / 28, signed, fallen)]
    return firm


def test_how_much_sooner_than_evenly_months_fall_due_is_at_list_price():
    """16 loaves of 5 and 2 cakes of 10 over 8 and 4: 100 over 80. In the other lane 4 loaves and 2 cakes, 40 over 80.

    A month that is not over tells nothing, and neither does one of whose days none was.
    """
    firm = begun_in_february([16.0, 4.0], [2.0, 2.0])
    np.testing.assert_allclose(firm.front_load(), [[1.25, 0.5]])
    nothing = np.zeros((3, 2))
    firm.begun_months += [(1, 2 / 31, nothing, nothing + 9.0), (0, 0.0, nothing, nothing + 9.0)]
    np.testing.assert_allclose(firm.front_load(), [[1.25, 0.5]])
    firm.begun_months = []
    assert firm.front_load() is None


def test_of_a_month_that_has_begun_comes_what_is_signed_and_what_by_experience_is_not_due_yet():
    """Ten loaves a day are 310, of which 60 are signed for the rest of March; of 250 others 2/31 evenly, 1.25 times that: 229.8.

    In the other lane half of it, 241.9. April has 300. Where more had fallen due than a whole month, what is signed comes.
    """
    firm = expecting(begun_in_february([16.0, 4.0], [2.0, 2.0]), bread=10)
    firm.falling_due[31 % len(firm.falling_due), FIRST, BREAD] = 60.0
    found = demand_until(firm.desk, np.zeros(3))[:2, BREAD]
    rest = [60 + (1 - 1.25 * 2 / 31) * 250, 60 + (1 - 0.5 * 2 / 31) * 250]
    np.testing.assert_allclose(found, [rest, [rest[0] + 300, rest[1] + 300]])
    firm.begun_months[0][-1][BREAD] = 400.0
    np.testing.assert_allclose(demand_until(firm.desk, np.zeros(3))[0, BREAD], 60.0)


@pytest.mark.parametrize(("signed", "comes"), [(60.0, 290.0), (300.0, 300.0)])
def test_before_any_experience_a_month_goes_on_by_working_days(signed, comes):
    """29 of 31 days are left of 310 loaves, and no less comes than is signed."""
    firm = expecting(at(day=30, experiment__months=4), bread=10)
    firm.falling_due[31 % len(firm.falling_due), FIRST, BREAD] = signed
    np.testing.assert_allclose(demand_until(firm.desk, np.zeros(3))[0, BREAD], comes)


def test_what_has_fallen_due_this_month_is_of_all_customers():
    """Four loaves of the first and one of the second on each of two days of March; February's nine are over, today's not yet due."""
    firm = at(day=30, experiment__months=4)
    due = firm.ledger.book["due"]
    due[28:30, FIRST, BREAD], due[28:30, SECOND, BREAD], due[27, FIRST, BREAD], due[30, FIRST, BREAD] = 4, 1, 9, 7
    assert firm.desk.due_so_far[:, 0].tolist() == [10, 0, 0]
    assert firm.desk.share_over == pytest.approx(2 / 31)


def test_days_beyond_the_plan_have_its_mean():
    """Twelve months end on day 365: of the last month's 40 days beyond it 40 are out of the plan, of the one before 9.

    Ten loaves a day are 3,650 in a year of twelve months of 30.4375 days.
    """
    firm = expecting(at(), bread=10)
    found = requirement._beyond_horizon(firm.desk, np.array([40.0, 0, 0]))
    assert found.shape == (12, 3, 2)
    mean = 3650 / (12 * DAYS_A_MONTH)
    assert found[:, BREAD, 0].tolist() == pytest.approx([0] * 10 + [9 * mean, 40 * mean])
    np.testing.assert_array_equal(found[:, CAKE:], 0)


def test_requirements_and_what_expires_are_of_the_months_ahead():
    """On the 40th day 19 of March are left. 600 loaves are there, of which after 2 days none is good, 250 asked by then.

    Needed by March's end: 190, a day to bake and 25 of safety stock, 500; by April's 300 more. Half of it is lost each month.
    """
    firm = expecting(at(day=40, experiment__months=4), bread=10)
    firm.plans.safety_stock[1, BREAD] = 25
    holding(firm, BREAD, on_hand=600)
    found = requirement.net_requirement(firm.desk)[:3, BREAD, 0]
    assert found.tolist() == pytest.approx([200 + 25 - 600, 500 + 25 - 600, 810 + 25 - 600])
    beyond = requirement._beyond_horizon(firm.desk, np.array([40.0, 0, 0]))[:, BREAD, 0]
    assert np.flatnonzero(beyond).tolist() == [10, 11]
    seen = []

    class Perishable(type(firm.desk)):
        """A desk that says until which day stock is looked at."""

        def position_until(self, days):
            seen.append(days[:3, 0].tolist())
            return np.full((4, 2), float(len(seen)))

    some = expecting(at(day=40, experiment__months=4, products__bread__shelf_life=9), bread=10)
    left = requirement.left_at_ends(Perishable(some))
    assert seen[:2] == [[20, 20, 22], [50, 50, 52]]
    assert left[:2, 0, 0].tolist() == [1, 2]


def keeping(life, made=0.0, **more):
    """Bread of a shelf life, ten a day, with 30 on hand on the tenth of February; cake keeps as long."""
    firm = expecting(at(day=10, products__bread__shelf_life=life, products__cake__shelf_life=life, **more), bread=10)
    firm.ledger.book["released"][3, BREAD] = made
    return holding(firm, BREAD, on_hand=30)


def test_nothing_is_made_that_is_not_sold_within_its_life(monkeypatch):
    """By February's end at most what is sold in 18 days and 1 + 5 more, less 30 there: 210, and 15 made; by March's 310 more.

    Of 400, 200, 0 and 300 planned, 225 may be made in February, 310 in March, and the 65 left over later.
    """
    firm = keeping(5, made=15)
    monkeypatch.setattr(type(firm.desk), "stock_position", np.repeat([[30.0], [0], [0], [0]], 2, axis=1))
    plan = np.zeros((12, 2, 2))
    plan[:4, 0] = np.array([400.0, 200.0, 0.0, 300.0])[:, None]
    found = sold_within_life(firm.desk, plan)
    assert found[:4, 0, 0].tolist() == pytest.approx([225, 310, 65, 300])


def test_a_family_of_which_a_part_keeps_is_left_as_it_is():
    """Surplus can be made of that; so is a plan of what all keeps, or what is only bought and goes bad."""
    plan = np.full((12, 2, 2), 900.0)
    for entries in ({"products__bread__shelf_life": 5}, {}, {"products__salt__shelf_life": 5}):
        firm = expecting(at(day=10, **entries), bread=10)
        assert (sold_within_life(firm.desk, plan)[:, 0] == 900).all(), entries


def test_the_end_of_the_plan_is_sold_beyond_it(monkeypatch):
    """All of a year's demand made in its last month, and 6 days beyond it at the mean of 9.99 a day."""
    firm = keeping(5)
    monkeypatch.setattr(type(firm.desk), "stock_position", np.zeros((4, 2)))
    plan = np.zeros((12, 2, 2))
    plan[11, 0] = 9_000
    sold = 10 * (365 - 10) + 6 * 3650 / (12 * DAYS_A_MONTH)
    reached = sold_within_life(firm.desk, plan)[:, 0, 0]
    assert reached.tolist() == pytest.approx([0] * 11 + [sold])


def test_what_is_over_of_a_product_is_used_up_later(monkeypatch):
    """Cumulative needs of -20, 50, 30 and 90 never fall and never are below nothing: 0, 50, 50 and 90."""
    need = np.array([-20.0, 50.0, 30.0, 90.0])[:, None, None]
    monkeypatch.setattr(requirement, "net_requirement", lambda view: need)
    assert never_falling(None)[:, 0, 0].tolist() == [0, 50, 50, 90]


def test_this_months_plan_holds_what_was_made_of_it():
    """Seven loaves and three cakes since the first; salt is bought, and January's loaves are over."""
    firm = at(day=30)
    for day, item, units in ((27, BREAD, 99), (28, BREAD, 7), (29, CAKE, 3), (29, SALT, 50)):
        firm.ledger.book["released"][day, item] = units
    assert made_this_month(firm.desk)[:, 0].tolist() == [10, 0]
    plan = np.full((3, 2, 2), 5.0)
    assert with_made(firm.desk, plan)[:, :, 0].tolist() == [[15, 5], [5, 5], [5, 5]]
    assert (plan == 5).all()


@pytest.mark.parametrize(
    ("quantity", "need", "usual", "shares"),
    [
        (30, (20, 40), (1, 1), (10, 20)),  # half of what each needs
        (90, (20, 40), (1, 2), (20 + 10, 40 + 20)),  # all of it, and 30 more as usual
        (90, (0, 0), (1, 2), (30, 60)),
        (90, (0, 0), (0, 0), (0, 0)),
        (60, (0, 60), (5, 5), (0, 60)),
    ],
)
def test_a_familys_quantity_is_shared_by_need(quantity, need, usual, shares):
    """And beyond all need as usual; the other family is not touched."""
    network = at().network
    asked, common = (np.repeat([[float(a)], [float(b)], [4.0]], 2, axis=1) for a, b in (need, usual))
    found = shared_by_need(network, np.repeat([[float(quantity)], [8.0]], 2, axis=1), asked, common)
    assert found[:, 0].tolist() == pytest.approx([*shares, 8])


# --- peak shaving ---


def shaved(force=None, until=12, **settings):
    """The plan of peak-shaving on ten a day from nothing, with so much a day in force for the first months."""
    firm = expecting(at(), bread=10)
    if force is not None:
        firm.plans.force_production[:until, 0] = force
    return rules.SupplyPlan.known["peak-shaving"](**settings)(firm.desk)[:, 0, 0]


def test_a_plan_goes_part_of_the_way_from_the_one_in_force():
    """A quarter from 200 a month to the new plan; months that no plan reached go all the way; below nothing never."""
    whole = shaved()
    assert shaved(200.0, fraction=0.25)[:12] == pytest.approx(200 + 0.25 * (whole - 200))
    part = shaved(200.0, until=3, fraction=0.25)
    assert part[:3] == pytest.approx(200 + 0.25 * (whole[:3] - 200))
    assert part[3:] == pytest.approx(whole[3:])
    assert shaved(200.0, fraction=1.0) == pytest.approx(whole)
    assert shaved(fraction=0.25) == pytest.approx(whole)


# --- batches of a master schedule ---


def test_weeks_of_a_month_begin_on_its_first_day_and_on_every_seventh():
    """From day 30 to 61: 30 to 35, 42, 49, 56 and the rest."""
    assert batches._weeks(30, 61) == [(30, 35), (35, 42), (42, 49), (49, 56), (56, 61)]
    assert batches._weeks(28, 30) == [(28, 30)]
    assert batches._weeks(0, 8) == [(0, 7), (7, 8)]


def test_places_are_spread_evenly_and_otherwise_for_each_product_and_step():
    """Eighths from a sixteenth on in the first step, every third eighth later; products .618 apart, steps .755."""
    like = np.zeros((2, 16))
    first, third = batches._evenly(0, like), batches._evenly(2, like)
    eighths = (np.arange(8) + 0.5) / 8
    assert first[0].tolist() == pytest.approx(np.repeat(eighths, 2).tolist())
    assert first[1].tolist() == pytest.approx(np.repeat((eighths + 0.6180339887) % 1, 2).tolist())
    assert third[0].tolist() == pytest.approx(
        np.repeat(((np.arange(8) * 3 + 0.5) / 8 + 2 * 0.7548776662) % 1, 2).tolist()
    )
    assert batches._normal(np.array([0.5, 0.841345, 0.022750])).tolist() == pytest.approx([0, 1, -2], abs=1e-5)


def test_points_keep_the_mean_of_what_weeks_leave():
    """Thirty-two figures of bread, sorted, by twos; cake is not made in batches, salt is bought and flour no product."""
    n = at(products__bread__make__batch=8.0).network
    off = np.zeros((4, 8, 3, 1))
    off[..., 0, 0] = np.arange(31, -1, -1.0).reshape(4, 8)
    off[..., 1, 0] = 9.0
    points = batches._points(n, off)
    assert points.shape == (16, 4, 1)
    assert points[:, BREAD, 0].tolist() == pytest.approx(np.arange(0.5, 32, 2).tolist())
    assert not points[:, 1:].any()


def test_without_batches_a_rehearsal_leaves_nothing():
    """Months of 30 and 31 days in turn; of twelve the last six tell, five or six weeks each; stock is on its plan at each end.

    Nor does news: of what a month brings, the plan of its weeks has made up for as much as their part of the month.
    """
    n, use = at().network, np.array([[10.0] * 8, [0.0] * 8, [0.0] * 8])
    starts = [0, *np.cumsum([30 + month % 2 for month in range(12)]).tolist()]
    weeks = [week for month in range(6, 12) for week in batches._weeks(starts[month], starts[month + 1])]
    for surprise in (0.0, 0.5):
        found = list(batches.rehearsed(n, use, surprise * use, 28.0))
        assert [days for days, _ in found] == [end - start for start, end in weeks]
        assert np.abs(np.stack([off for _, off in found])).max() < 1e-9


def test_a_rehearsal_in_batches_by_hand():
    """A loaf a day in batches of 100: the first of eight places begins a sixteenth less a half of a batch off its plan.

    Month follows month, each from what the one before left; of twelve the last six are told.
    """
    n, use = at(products__bread__make__batch=100.0).network, np.array([[1.0], [0.0], [0.0]]).repeat(8, axis=1)
    for surprise in (0.0 * use, 4.0 * use):
        off, day, told = (batches._evenly(0, use) - 0.5) * np.array([[100.0], [0.0], [0.0]]), 0, []
        assert off[0, 0] == -43.75
        for month in range(12):
            first, day = day, day + 30 + month % 2
            news = surprise * batches._normal(batches._evenly(month + 1, use))  # comes in even parts over the month
            weeks = list(batches.month_of_weeks(n, use, off - news, 28 * use, (first, day)))
            off = weeks[-1][-1]
            told += [late + news * (day - end) / (day - first) for _, end, late in weeks] if month >= 6 else []
        found = [off for _, off in batches.rehearsed(n, use, surprise, 28.0)]
        np.testing.assert_allclose(np.stack(found), np.stack(told))
