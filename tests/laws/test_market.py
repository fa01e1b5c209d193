"""The market, customers who react, a sales team that pushes, deals in stages: laws on the tight company with all of them."""

from pathlib import Path

import numpy as np
import pytest

from simulator.company.market import price_factors
from simulator.engine.play import play, weather_for
from simulator.engine.scenario import load
from simulator.results.kpis import values
from simulator.results.run import simulate
from tests.laws import tight

PATH = Path(__file__).with_name("market.toml")
POLICIES = ("siloed", "sop", "pull")
WITHOUT_LOYALTY = {f"segments.{name}.loyalty.sensitivity": 0.0 for name in ("walk-in", "key")}


@tight.once
def company(*changes):
    """The company in its market; changes as pairs."""
    return load(PATH, dict(changes))


@tight.once
def books(policy="sop", *changes):
    """All that one policy did."""
    return next(simulate(company(*changes), policy).books())


def luck(scenario):
    """Its weather."""
    return weather_for(scenario, scenario.experiment.seed, range(scenario.experiment.replications))


def product(b, name):
    """Where a product stands."""
    return b.scenario.network.products.index(name)


def segment(b, name):
    """Where a segment stands."""
    return b.scenario.network.segments.index(name)


def day_of(scenario, date):
    """The number of a day."""
    return int((np.datetime64(date) - scenario.days.first).astype(int))


# --- conservation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", POLICIES)
def test_goods_and_orders_are_conserved(policy):
    """Stock, order book and backlog are what was there and came less what went; nothing is below nothing, units are whole."""
    b = books(policy)
    flows, closing, n = b.flows, b.closing, b.scenario.network
    issued = flows["consumed"].copy()
    issued[:, n.sold] += flows["shipped"]
    stock = tight.before(closing["on_hand"], n.opening_stock) + flows["received"] - issued
    np.testing.assert_array_equal(closing["on_hand"], stock)
    book = tight.before(closing["order_book"]) + flows["signed"] - flows["due"]
    np.testing.assert_array_equal(closing["order_book"], book)
    owed = tight.before(closing["backlog"]) + flows["due"] - flows["served"] - flows["lost"]
    np.testing.assert_array_equal(closing["backlog"], owed)
    for name, table in {**flows, **closing}.items():
        assert table.min() >= 0, name
        np.testing.assert_array_equal(table, np.rint(table), err_msg=name)


def test_every_part_does_something():
    """The laws below can fail: loyalty falls and rises, orders are pulled, alerts are raised, deals are won and lost."""
    b = books()
    level = np.diff(b.memos["loyalty"], axis=0)
    assert level.min() < 0 < level.max()
    assert all(b.memos[name].sum() > 0 for name in ("pushed", "push_discount", "alerts", "target", "won"))
    assert b.memos["won"].sum() < b.memos["decided"].sum()


# --- neutral parts change nothing -----------------------------------------------------------------------------------------

NEUTRAL = {
    "a market in which nothing moves": (
        ("market.shocks", [{"start": "2024-03-01", "factor": 1.0}]),
        ("market.prices", [{"start": "2024-03-01", "change": 0.5}]),
    ),
    "customers who forgive": (
        ("segments.shop.loyalty", {"sensitivity": 0.0}),
        ("segments.key.loyalty", {"sensitivity": 0.0}),
    ),
    "targets without a push": (
        ("channels.direct", {}),
        ("segments.key.channel", "direct"),
        ("sales", {"managed": "process", "targets": {"direct": {}}}),
    ),
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("part", NEUTRAL)
def test_a_part_that_does_nothing_moves_no_bit(part, policy):
    """The tight company with a neutral market, customers or sales team gives the books that it gives without."""
    with_part = next(simulate(load(tight.PATH, dict(NEUTRAL[part])), policy).books())
    without = tight.books(policy)
    for name, table in {**without.flows, **without.closing}.items():
        np.testing.assert_array_equal(table, {**with_part.flows, **with_part.closing}[name], err_msg=name)
    for name in ("forecast", "demand", "production", "safety_stock"):
        np.testing.assert_array_equal(getattr(without.plans, name), getattr(with_part.plans, name), err_msg=name)


def test_what_happens_moves_only_what_it_is_about():
    """An event leaves the luck of all other products and segments, and of its own before its first day."""
    one, other = luck(tight.scenario()), luck(load(tight.PATH, {"market.shocks": [SHOCK]}))
    n, first = tight.scenario().network, day_of(tight.scenario(), SHOCK["start"])
    p, s = n.products.index("bracket"), n.segments.index("shop")
    np.testing.assert_array_equal(one.signed[:first], other.signed[:first])
    assert (one.signed[first:, s, p] != other.signed[first:, s, p]).mean() > 0.3
    other.signed[:, s, p] = one.signed[:, s, p]
    np.testing.assert_array_equal(one.signed, other.signed)
    np.testing.assert_array_equal(one.past, other.past)


SHOCK = {"start": "2024-04-08", "factor": 1.7, "products": ["bracket"], "segments": ["shop"]}


# --- the market -----------------------------------------------------------------------------------------------------------


def test_demand_follows_its_factors_to_half_a_unit():
    """Drawn quantities times the day's factor, whole units whole: no running total is more than half a unit away."""
    moved, still = luck(company()), luck(load(tight.PATH, {"company.whole_units": False}))
    factors = company().market.factors[: tight.scenario().days.count]
    exact = np.cumsum(still.signed * factors[..., None], axis=0)
    assert (factors != 1).any(axis=0).sum() > 8
    assert np.abs(np.cumsum(moved.signed[: len(exact)], axis=0) - exact).max() <= 0.5 + 1e-6


def test_what_a_promotion_pulls_forward_is_missing_after_it():
    """Over promotion and the weeks after it, the factor's working days add up to the lift that is not pulled forward."""
    scenario = company()
    event = scenario.company.market.promotions[0]
    days, course = scenario.market.days, event.course(scenario.market.days)
    lifted = (event.lasts(days) * days.working).sum() * event.lift
    np.testing.assert_allclose(((course - 1) * days.working).sum(), lifted * (1 - event.pull_forward))
    assert course.min() < 1 < course.max()


def test_demand_answers_a_price_by_its_elasticity():
    """15 % dearer at an elasticity of 1.5 leaves 1.15 ** -1.5 of demand; a product without elasticity does not care."""
    scenario = company()
    day, n = day_of(scenario, "2024-12-10"), scenario.network
    factors = scenario.market.factors[day, n.segments.index("walk-in")]
    assert factors[n.products.index("axle")] == pytest.approx(1.15**-1.5)
    assert factors[n.products.index("drive")] == 1


def test_prices_are_those_of_the_day():
    """The list price over the product's: raised from its date on, given away while the promotion lasts."""
    scenario, p = company(), company().network.products
    factors = price_factors(scenario.company, scenario.days)[:, :, 0]
    rise, sale = day_of(scenario, "2024-07-03"), day_of(scenario, "2024-08-20")
    assert (factors[:rise] == 1).all()
    np.testing.assert_allclose(factors[rise:, [p.index("axle"), p.index("drive")]], 1.15)
    np.testing.assert_allclose(factors[sale : sale + 10, p.index("grip")], 0.8)
    assert factors[sale + 10, p.index("grip")] == factors[sale - 1, p.index("grip")] == 1
    assert price_factors(tight.scenario().company, scenario.days) is None


@pytest.mark.parametrize("policy", [*POLICIES, "order-up-to", "reorder-point", "level"])
def test_nobody_plans_makes_or_sells_before_the_launch_or_after_the_end(policy):
    """A new product has no demand, plan, safety stock or order before; one that is gone has none after."""
    b = books(policy)
    new, gone = product(b, "flange"), product(b, "engine-kit")
    launch, end = day_of(b.scenario, "2024-06-01"), day_of(b.scenario, "2024-10-01")
    assert not b.flows["signed"][:launch, :, new].any()
    assert not b.flows["signed"][end:, :, gone].any()
    assert b.flows["signed"][launch:, :, new].any()
    if b.plans.made_in:
        assert not b.plans.safety_stock[:5, new].any()
        assert not b.plans.safety_stock[8:, gone].any()
        assert not b.plans.forecast[9:, :, gone].any()
        for month in range(5):
            assert not b.plans.forecast[month, : 5 - month, new].any()


def test_parts_of_what_ends_are_bought_for_the_last_time(monkeypatch):
    """A part from far that goes only into a product that ends is ordered up to what is still to come: less is left over."""
    far = {"opening_stock": 300, "buy": {"supplier": "near", "lead_time": {"law": "constant", "mean": 120}}}
    bill = {"bracket": 1.0, "screw": 4.0, "label": 1.0}
    scenario = load(PATH, {"products.engine-kit.make.bill": bill, "components.label": far})
    label = scenario.network.names.index("label")

    def left_over():
        b = next(simulate(scenario, "order-up-to", 7).books())
        assert not b.flows["released"][day_of(scenario, "2024-10-15") :, label].any()
        return b.closing["on_hand"][-1, label] + b.closing["on_order"][-1, label]

    mindful = left_over()
    monkeypatch.setattr("simulator.world.view.View.at_most_to_come", lambda view, level: level)
    assert mindful.mean() < 0.9 * left_over().mean()


# --- what planners know -----------------------------------------------------------------------------------------------------


def forecasts(policy, known):
    """Forecasts of crank by month made, with a competitor that is announced so many days before."""
    event = {"start": "2024-07-01", "products": ["crank"], "lost": 0.9} | ({} if known is None else {"known": known})
    b = next(simulate(load(tight.PATH, {"market.competitors": [event]}), policy).books())
    return b.plans.forecast[:, :, product(b, "crank")]


def test_announced_events_reach_the_sales_team_and_the_consensus_but_not_statistics():
    """Told in April of what happens in July, sop plans for it from May on; without being told, and by statistics, nobody does."""
    plain = tight.books("sop").plans.forecast[:, :, tight.row(tight.books("sop"), "crank")]
    told = forecasts("sop", 70)
    np.testing.assert_array_equal(told[:4], plain[:4])  # nobody knows yet: April 22 is the day
    np.testing.assert_array_equal(told[4, :2], plain[4, :2])
    assert (told[4, 2:] < 0.3 * plain[4, 2:] + 1).all()
    np.testing.assert_array_equal(forecasts("sop", None)[:7], plain[:7])
    by_statistics = tight.books("chase").plans.forecast[:, :, tight.row(tight.books("chase"), "crank")]
    np.testing.assert_array_equal(forecasts("chase", 70)[:7], by_statistics[:7])


def test_what_is_known_to_have_happened_is_not_taken_for_usual():
    """A promotion that planners knew leaves the forecast of the months after it where it was, statistics are misled."""
    event = {"start": "2024-05-01", "days": 30, "products": ["bracket"], "lift": 3.0}
    far = {}
    for policy in ("sop", "chase"):
        b = next(simulate(load(tight.PATH, {"market.promotions": [event]}), policy).books())
        usual = tight.books(policy).plans.forecast
        k = product(b, "bracket")
        far[policy] = np.abs(b.plans.forecast[5, 1:4, k] / usual[5, 1:4, k] - 1).mean()
    assert far["sop"] < 0.1 < far["chase"]


CUT = day_of(company(), "2024-05-16")
"""In the middle of a month: no order of later days has been pulled forward yet."""


@pytest.mark.parametrize("policy", POLICIES)
def test_no_policy_sees_tomorrow(policy):
    """No plan and no movement before a day moves when all demand, deals and tempers of later days are others."""
    scenario = company(("experiment.months", 11))
    one = play(scenario, scenario.policy(policy), luck(scenario))
    other = play(scenario, scenario.policy(policy), tight.tampered(luck(scenario), CUT))
    for name, table in {**one.flows, **one.closing, **one.memos}.items():
        np.testing.assert_array_equal(
            table[:CUT], {**other.flows, **other.closing, **other.memos}[name][:CUT], err_msg=name
        )
    for name in ("forecast", "demand", "production", "safety_stock"):
        np.testing.assert_array_equal(getattr(one.plans, name)[:5], getattr(other.plans, name)[:5], err_msg=name)
    assert (one.flows["signed"][CUT:] != other.flows["signed"][CUT:]).any()


@pytest.mark.parametrize("policy", POLICIES)
def test_a_replication_is_the_same_alone_and_in_company(policy):
    """To the last bit, in all books, memos, plans and measures."""
    found = []
    for numbers in ([3, 11, 42], [11], [42, 11]):
        b = next(simulate(company(), policy, numbers).books())
        lane = numbers.index(11)
        tables = {**b.flows, **b.closing, **b.memos, **b.plans.tables, "measures": values(b, ["all"])[1]}
        found.append({name: table[..., lane] for name, table in tables.items()})
    for other in found[1:]:
        for name, table in found[0].items():
            np.testing.assert_array_equal(table, other[name], err_msg=name)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_longer_horizon_leaves_earlier_days_unchanged(policy):
    """Orders are pulled from beyond the end of a short run as from the months of a long one."""
    short, long = (next(simulate(company(("experiment.months", months)), policy, 5).books()) for months in (11, 13))
    for name, table in {**short.flows, **short.closing, **short.memos}.items():
        longer = {**long.flows, **long.closing, **long.memos}[name]
        np.testing.assert_array_equal(table, longer[: len(table)], err_msg=name)


# --- customers who react ------------------------------------------------------------------------------------------------------


def test_customers_order_what_their_loyalty_leaves():
    """What a segment signs is what was drawn times its loyalty of the evening before, to one unit of each product."""
    b, drawn = books("siloed"), luck(company())
    s = segment(b, "walk-in")  # no deals, and no channel with a target
    level = tight.before(b.memos["loyalty"][:, s], 1.0)
    exact = np.cumsum(drawn.signed[: len(level), s] * level[:, None], axis=0)
    assert np.abs(np.cumsum(b.flows["signed"][:, s], axis=0) - exact).max() <= 1.0
    assert level.min() < 0.95


def test_loyalty_is_judged_at_a_months_end_within_its_bounds():
    """It moves towards what the month's service deserves, faster down than up, and stays where it is between."""
    b = books("siloed")
    ends = np.zeros(b.scenario.days.count, dtype=bool)
    ends[b.scenario.days.month_start[1:] - 1] = True
    for name, segment_ in b.scenario.company.segments.items():
        level = tight.before(b.memos["loyalty"][:, segment(b, name)], 1.0), b.memos["loyalty"][:, segment(b, name)]
        assert (level[0][~ends] == level[1][~ends]).all()
        if segment_.loyalty is None:
            assert (level[1] == 1).all()
            continue
        due, late = month_service(b, segment(b, name))
        deserved = 1 - np.minimum(
            segment_.loyalty.sensitivity * np.maximum(segment_.loyalty.expects - 1 + late / np.maximum(due, 1), 0),
            segment_.loyalty.most_lost,
        )
        before, after = level[0][ends], level[1][ends]
        speed = np.where(deserved < before, segment_.loyalty.fall, segment_.loyalty.rise)
        np.testing.assert_allclose(after, np.where(due > 0, before + speed * (deserved - before), before), atol=1e-12)
        assert after.min() >= 1 - segment_.loyalty.most_lost
        assert after.max() <= 1


def month_service(b, s):
    """Units due and units that stock could not serve on the day, by month of a segment."""
    due = b.flows["due"][:, s]
    late = np.minimum(due, b.closing["backlog"][:, s] + b.flows["lost"][:, s])
    starts = b.scenario.days.month_start[:-1]
    return (np.add.reduceat(table.sum(axis=1), starts, axis=0) for table in (due, late))


def test_disloyal_customers_give_fewer_deals():
    """Deals are a part of those that loyal customers would give: each is there whole, or not at all."""
    loyal, lost = books("siloed", *WITHOUT_LOYALTY.items()), books("siloed")
    decided = [b.memos["decided"].sum(axis=(0, 1)) for b in (loyal, lost)]
    assert (decided[1] <= decided[0]).all()
    assert decided[1].sum() < 0.95 * decided[0].sum()


# --- the sales organisation ---------------------------------------------------------------------------------------------------

PUSHING = tuple(WITHOUT_LOYALTY.items())
CALM = (*PUSHING, ("sales.managed", "process"))


def test_orders_are_moved_never_made():
    """Pushed or not, customers sign the same in the end; on no day have they signed less with the push than without."""
    pushed, calm = books("sop", *PUSHING), books("sop", *CALM)
    ahead = np.cumsum(pushed.flows["signed"] - calm.flows["signed"], axis=0)
    assert ahead.min() == 0
    end = pushed.scenario.days.month_start[1:-1] + 21  # the window is over
    np.testing.assert_array_equal(ahead[end], 0)
    gone = np.maximum(-np.diff(ahead, axis=0), 0).sum()
    assert gone + ahead[-1].sum() == pushed.memos["pushed"].sum()
    assert not calm.memos["pushed"].any()
    year = pushed.scenario.days.month_start[12]  # the second year's targets are on what fell due in the first
    np.testing.assert_array_equal(pushed.memos["target"][:year], calm.memos["target"][:year])


def test_a_push_stays_within_its_days_its_limit_and_its_target():
    """Only on a month's last working days, only for a target that is missed, and never beyond the share of the window."""
    b, drawn = books("sop", *PUSHING), luck(company(*PUSHING)).signed
    days, force, pushed = b.scenario.market.days, b.scenario.company.sales, b.memos["pushed"]
    signed, target = b.flows["signed"].sum(axis=2), b.memos["target"]
    for month in range(b.scenario.days.months):
        start, end = days.month_start[month : month + 2]
        worked = start + np.flatnonzero(days.working[start:end])
        assert not pushed[start : worked[-force.push_days]].any()
        window = end + np.flatnonzero(days.working[end : len(drawn)])[: force.window]
        limit = force.push * (force.quarter_end if month % 3 == 2 else 1)
        mine = pushed[start:end].sum(axis=0)
        assert (mine.sum(axis=1) <= limit * drawn[window].sum(axis=(0, 2)) + 1e-6).all()
        assert (mine <= drawn[window].sum(axis=0)).all()
        for left, day in enumerate(worked[: -force.push_days - 1 : -1], start=1):
            lacking = target[start : day + 1].sum(axis=0) - signed[start:day].sum(axis=0)
            assert (pushed[day].sum(axis=1) <= np.maximum(lacking, 0) / left + 1e-6).all()


def test_the_discount_is_the_share_of_the_price_of_what_was_pulled():
    """What the push costs, in money."""
    b = books("sop", *PUSHING)
    price = b.scenario.network.price * price_factors(b.scenario.company, b.scenario.days)[:, None]
    np.testing.assert_allclose(b.memos["push_discount"], b.memos["pushed"] * price * 0.1)


def test_targets_are_last_year_and_the_growth_asked_for():
    """The year's target of a channel is last year's sales of its segments, grown by the channel's growth times the product's weight."""
    b = books("sop")
    past, n = b.demand_by_month[7:19], b.scenario.network  # the twelve months before the first day
    worked = np.diff(b.scenario.days.worked_so_far[b.scenario.days.month_start])[:12]
    long = load(PATH, {"experiment.months": 13}).days
    assert long.months == 13
    before = tight.scenario().company.calendar.model_copy(update={"start": np.datetime64("2023-01-01").astype(object)})
    last = np.diff(type(long)(before, 12).worked_so_far[type(long)(before, 12).month_start])
    from simulator.company.market import segment_mix

    share = segment_mix(b.scenario.company, n.segments)[segment(b, "shop")]
    expected = ((past / last[:, None, None] * worked[:, None, None]).sum(axis=0) * share[:, None] * 1.8).sum(axis=0)
    year = b.memos["target"][: b.scenario.days.month_start[12], segment(b, "shop")].sum(axis=0)
    np.testing.assert_allclose(year, expected)
    assert not b.memos["target"][:, segment(b, "walk-in")].any()


def test_an_alert_is_raised_weekly_where_sales_lag_and_can_be_mended():
    """At most one a week and segment, none in the days of the push, none where the target to date was reached."""
    b = books("sop")
    alerts, days = b.memos["alerts"], b.scenario.market.days
    assert set(np.unique(alerts)) == {0.0, 1.0}
    for month in range(b.scenario.days.months):
        start, end = days.month_start[month : month + 2]
        worked = start + np.flatnonzero(days.working[start:end])
        assert not alerts[worked[-b.scenario.company.sales.push_days] : end].any()
        sold = tight.before(np.cumsum(b.flows["signed"][start:end].sum(axis=2), axis=0))
        asked = tight.before(np.cumsum(b.memos["target"][start:end], axis=0))
        assert ((sold < 0.95 * asked) | (alerts[start:end] == 0)).all()


# --- the pipeline -------------------------------------------------------------------------------------------------------------


def test_the_pipeline_holds_what_came_in_and_was_not_decided():
    """By stage nothing is below nothing, and after all news of the run deals in sight are those that are seen as projects."""
    b = books("sop")
    by_stage = b.plans.tables["in sight by stage"]
    assert np.nanmin(by_stage) >= 0
    assert (np.nansum(by_stage, axis=(0, 2, 3)) > 0).all()
    weighted = b.plans.tables["in sight by stage, as stated"]
    says = np.array([stage.says for stage in b.scenario.company.demand.projects[0].stages])[:, None]
    crank = product(b, "crank")
    np.testing.assert_allclose(weighted[:, :, crank], by_stage[:, :, crank] * says, atol=1e-9)


def test_deals_are_won_as_often_as_their_stages_let_them():
    """The product of the chances of passing, within four standard errors; stated is what was said first."""
    b = next(simulate(company(("demand.projects.0.per_month", 60.0), *WITHOUT_LOYALTY.items()), "pull", 30).books())
    decided, won, stated = (b.memos[name].sum(axis=(0, 1)) for name in ("decided", "won", "stated"))
    rate = won.sum() / decided.sum()
    assert abs(rate - 0.7 * 0.6 * 0.8) < 4 * np.sqrt(0.336 * 0.664 / decided.sum())
    np.testing.assert_allclose(stated, 0.3 * decided)


# --- the way to the customer -----------------------------------------------------------------------------------------------------


def test_what_is_due_at_the_door_leaves_the_dock_before():
    """Orders fall due at the dock the way's days before the customer's date; the door's promise stays the same."""
    direct = (("channels.direct", {"transport_days": 3}), ("segments.key.channel", "direct"))
    far, near = load(tight.PATH, dict(direct)), load(tight.PATH, {"segments.key.lead_time": 2})
    a, b = (next(simulate(scenario, "chase").books()) for scenario in (far, near))
    s, everyday = segment(a, "key"), [product(a, "grip"), product(a, "engine-kit")]  # no contracts among them
    np.testing.assert_array_equal(a.flows["due"][:, s, everyday], b.flows["due"][:, s, everyday])
    times = [values(found, ["cycle_time"], "segment")[1][s] for found in (a, b)]
    assert (times[0] > times[1] + 2).all()
