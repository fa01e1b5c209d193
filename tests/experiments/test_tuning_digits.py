"""Safety stock product by product and the length of a start, with digits worked by hand on made-up runs."""

from types import SimpleNamespace as Only

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.kernel.units import DAYS_A_MONTH
from simulator.planning import Policy
from simulator.results.binding import Binding
from simulator.results.reading.lost import Cause
from simulator.studies import tuning, warmup
from simulator.studies.stock_runs import with_listed
from simulator.studies.tuning import Bench, Scores, Tuning, _tuned, runs_of_tuning
from simulator.studies.warmup import Course, WarmUp, opening_share, opening_stock_of
from tests.engine.small import WORDS

NETWORK = Only(products=["cup", "mug"], names=["cup", "mug", "clay"])
SCENARIO = Only(network=NETWORK, name="works", company=Only(currency="EUR"))
PLAN = Policy(name="plan")


class Made:
    """A bench on which cups come to the target with 100 units or more, and mugs never."""

    scenario = SCENARIO

    seed, crew = 1, None

    def __init__(self):
        self.asked = []

    def usual(self, policy, numbers):
        """30 cups, 5,000 mugs and 7.2 clay are held; 10 cups and 2 mugs are used a day."""
        assert numbers == range(4)
        return np.array([30.0, 5000.0, 7.2]), np.array([10.0, 2.0])

    def scores(self, policy, numbers):
        """Full service or half of it, as much worse in half of the runs."""
        units = getattr(policy.safety_stock, "units", {"cup": 0.0})
        self.asked.append((units, numbers))
        rates = np.array([1.0 if units["cup"] >= 100 else 0.5, 0.5])
        return Scores(rates[:, None] + np.array([0.0, -0.1, -0.1, 0.0]), np.zeros((4, 4)))


def test_the_interval_of_every_product_is_halved_nine_times(monkeypatch):
    """Cups from 0 to 180 days of 10: 30 are too few, 915 enough, 472.5, 251.25, 140.6; 85.3 not, 112.97, 99.14; 92.2 not.

    Mugs stay at 180 days of 2, which do not bring them to their target. Trials are in whole units, rounded up.
    """
    bench, told = Made(), []
    monkeypatch.setattr(tuning, "outcome_of", lambda *_, **__: None)
    monkeypatch.setattr(tuning, "causes_of", lambda *_: [(), KILN])
    found = _tuned(bench, PLAN, 0.95, 4, lambda done, total: told.append((done, total)))
    tried = [units["cup"] for units, numbers in bench.asked[:9]]
    assert tried == [30, 915, 473, 252, 141, 86, 113, 100, 93]
    assert {(units["mug"], units["clay"]) for units, _ in bench.asked[:9]} == {(360, 8)}
    assert {numbers for _, numbers in bench.asked[:9]} == {range(4)}
    assert found.units == {"cup": 100, "mug": 360, "clay": 8}
    assert found.days.tolist() == pytest.approx([9.9140625, 180])
    assert [numbers for _, numbers in bench.asked[9:]] == [range(4, 12)] * 2
    assert bench.asked[9][0] == found.units
    assert bench.asked[10][0] == {"cup": 0.0}  # the policy as it was
    assert told == [*((step, 11) for step in range(1, 10)), (11, 11)]
    assert found.missed == [1]
    assert found.binds == ((), KILN)
    assert (found.target, found.fresh.fill_rate[0, 0], found.before.fill_rate[0, 0]) == (0.95, 1.0, 0.5)


def test_a_service_at_the_target_is_enough():
    """A mean of .95 of .9 and 1 with any stock: the interval is closed from above down to nothing."""
    bench = Made()
    bench.scores = lambda policy, numbers: Scores(np.array([[0.9, 1.0]] * 2), np.zeros((4, 2)))
    found = _tuned(bench, PLAN, 0.95, 4, lambda *_: None)
    assert found.days.tolist() == pytest.approx([30 / 2**8 / 10, 360 / 2**8 / 2])


def test_runs_are_nine_rounds_one_look_and_two_scores_of_twice_as_many():
    """As many as are asked for, 14 times."""
    assert runs_of_tuning(60) == (60, 14)


def test_stock_is_listed_in_whole_units():
    """Of products as tuned, of parts as the policy holds them."""
    rule = with_listed(PLAN, SCENARIO, np.array([1.2, 3.0]), np.array([9.0, 9.0, 4.5])).safety_stock
    assert rule.units == {"cup": 2, "mug": 3, "clay": 5}


def test_what_is_usual_is_the_mean_of_the_scored_plans_and_days(monkeypatch):
    """Held 2 and 4 in the plans of February and March, of which each counts after one month; due 3 and 5 a day from then on."""
    plans = Only(made_in=[0, 1, 2], safety_stock=np.zeros((3, 3, 2)))
    plans.safety_stock[0], plans.safety_stock[1, 0], plans.safety_stock[2, 0] = 99, (1, 3), (3, 5)
    due = np.zeros((4, 2, 2, 2))  # of two segments, of which the second wants one a day
    due[:2], due[2, 0, 0], due[3, 0, 0], due[2:, 1, 0] = 99, (1, 3), (3, 5), 1
    days = Only(month_start=np.array([0, 2, 3, 4]))
    scenario = Only(experiment=Only(warm_up=1), days=days, network=NETWORK)
    books = Only(plans=plans, flows={"due": due})
    monkeypatch.setattr(tuning, "replication_blocks", lambda scenario, numbers: iter([[0, 1]]))
    monkeypatch.setattr(tuning, "weather_for", lambda *_: None)
    monkeypatch.setattr(tuning, "_played", lambda *_: books)
    held, use = Bench(scenario, 1, None).usual(PLAN, range(2))
    assert held.tolist() == [3, 0, 0]
    assert use.tolist() == [4, 0]
    plans.made_in = [0]
    assert Bench(scenario, 1, None).usual(PLAN, range(2))[0].tolist() == [0, 0, 0]


def tuned(now, then):
    """Tuned stock with these fill rates by product, and company figures that end 4 above the former ones."""
    figures = np.array([[0.9, 0.92], [7, 9], [100, 104], [50, 58]])
    fresh, before = Scores(np.array(now), figures + 4), Scores(np.array(then), figures - [[0], [0], [0], [1]])
    return Tuning(
        SCENARIO, PLAN, 0.95, {"cup": 3.0, "mug": 8.0, "clay": 1.0}, np.array([1.5, 4.0]), fresh, before, (KILN, KILN)
    )


KILN = (Binding(Cause.HOURS, "kiln", 0.75), Binding(Cause.DEMAND, "", 0.25))
"""Of what is short, three quarters are for want of hours, the rest is demand above plan."""


def test_the_table_tells_service_after_and_before():
    """.96 and .98 are .97 with Student's 12.706 x .01; before .9 and .94."""
    found = tuned([[0.96, 0.98], [0.5, 0.5]], [[0.9, 0.94], [0.4, 0.4]])
    cup, mug = found.table().to_dict("records")
    assert [cup[name] for name in ("product", "units", "days")] == ["cup", 3, 1.5]
    assert [cup[name] for name in ("fill_rate", "fill_rate_half", "before", "before_half")] == pytest.approx(
        [0.97, 0.12706, 0.92, 0.25412], abs=1e-5
    )
    assert [mug[name] for name in ("product", "units", "days", "fill_rate", "before")] == ["mug", 8, 4, 0.5, 0.4]


def test_the_effect_on_the_company_is_told_in_pairs():
    """All stock, fill rate and profit 4, 4 and 5 higher in each run, to a level of 4.91; one product stays short."""
    found = tuned([[0.96, 0.98], [0.5, 0.5]], [[0.9, 0.94], [0.4, 0.4]])
    assert [float(found.change(name).mean) for name in tuning.COMPANY] == pytest.approx([4, 4, 4, 5])
    said = [str(sentence) for sentence in found.sentences()]
    assert said[0] == (
        "Against plan as it is: fill rate +400.0 ± 0.0 points to 491.0 %, all stock +4 ± 0 EUR, economic profit +5 ± 0 EUR a year."
    )
    assert said[1] == (
        "On luck that the search never met 1 product is below the target, 1 of these by more than luck explains."
    )
    assert said[2] == "mug misses it; of what is short: lost to hours (kiln) 75 %, lost to demand 25 %."
    assert "least safety stock of each product that brings its fill rate to 95 %; 2 fresh" in str(found.asked())
    assert found.policy_words() == {"safety_stock": {"rule": "listed", "units": found.units}}


def test_a_product_is_short_only_where_that_is_sure():
    """.94 with .1 to either side may reach .95, .93 with nothing to either side does not."""
    perhaps, surely = (
        tuned(rates, [[1, 1]] * 2) for rates in ([[0.93, 0.95], [0.95, 0.95]], [[0.93, 0.93], [0.949, 0.949]])
    )
    assert (perhaps.missed, surely.missed) == ([], [0, 1])
    assert "1 product is below the target, 0 of these by more" in str(perhaps.sentences()[1])
    assert "2 products are below the target, 2 of these by more" in str(surely.sentences()[1])


# --- the length of a start ---


def flat(*levels, days=80):
    """Two runs alike, at each level until its day: pairs of a level and the day on which it ends."""
    curve, first = np.zeros(days), 0
    for level, end in levels:
        curve[first:end], first = level, end
    return np.repeat(curve[:, None], 2, axis=1)


def course(half, twice, given=None, window=0, name="on_hand"):
    """A level of 100 from each start."""
    given = flat((100, 80)) if given is None else given
    return Course(name, name, {"as given": given, "half": half, "twice": twice}, window)


def test_a_start_is_forgotten_on_the_last_day_that_is_surely_apart():
    """Half the stock is 50 off until day 20 and 4 off later, twice 5 off until day 40 and 6 until day 45: 5 in 100 is near."""
    found = course(flat((50, 20), (96, 80)), flat((105, 40), (106, 45), (100, 80)))
    assert found.level == 100
    assert found.forgotten == 45
    assert [found.apart(day) for day in (10, 30, 42, 50)] == pytest.approx([0.5, 0.05, 0.06, 0.04])
    assert course(flat((50, 80)), flat((100, 80))).forgotten is None
    assert course(flat((50, 79), (100, 80)), flat((100, 80))).forgotten == 79
    assert course(flat((100, 80)), flat((100, 80))).forgotten == 0


def test_a_difference_that_luck_may_have_made_is_no_difference():
    """0 and 20 apart are 10 with 127 to either side; 19 and 21 are 20 with 12.7: 7.3 apart for sure."""
    doubtful, sure = flat((100, 80)), flat((100, 80))
    doubtful[:60, 1] += 20
    sure[:30] += [19, 21]
    assert course(doubtful, flat((100, 80))).forgotten == 0
    assert course(doubtful, sure).forgotten == 30


def test_curves_are_means_over_runs_smoothed():
    """1, 2, 6 and so on with one day to either side: 1, 3, 4, 3 and on."""
    given = flat((100, 80))
    given[:4] = np.array([[0, 2], [1, 3], [5, 7], [4, 4]])
    curve = course(given, given, given, window=1).curve("as given")
    assert curve[:3].tolist() == pytest.approx([1, 3, 4])
    assert len(curve) == 79


def whole(on_hand, position=(100, 80), warm_up=0):
    """The stock on hand from half its opening differs until a day; the position until another."""
    stocks = {
        name: course(
            flat((50, days), (100, 160), days=160), flat((100, 160), days=160), flat((100, 160), days=160), name=name
        )
        for name, days in (("on_hand", on_hand), ("position", position))
    }
    owed = course(flat((9, 160), days=160), flat((0, 160), days=160), flat((1, 160), days=160), name="backlog")
    scenario = Only(experiment=Only(warm_up=warm_up))
    return WarmUp(scenario, PLAN, 1, 2, {**stocks, "backlog": owed})


@pytest.mark.parametrize(
    ("days", "months"), [((30, 20), 1), ((31, 20), 2), ((20, 61), 3), ((0, 0), 0), ((60, 160), None), ((160, 9), None)]
)
def test_a_warm_up_is_whole_months_until_stock_has_forgotten(days, months):
    """A month is 30.4375 days; a backlog has no level and does not count."""
    found = whole(*days)
    assert found.months == months
    assert found.apart(0) == 0.5 or months == 0
    assert found.apart(2) == (0.5 if max(days) > int(2 * DAYS_A_MONTH) else 0)


def test_the_experiments_warm_up_is_enough_from_its_month_on(monkeypatch):
    """31 days are two months: one is too short, and 50 % are left by then; two are enough."""
    monkeypatch.setattr(Course, "cut", Only(found=True, periods=5))
    assert [len(whole(31, 20, has).sentences()) for has in (1, 2, 3)] == [2, 1, 1]
    short, enough = (str(whole(31, 20, has).sentences()[0]) for has in (1, 2))
    assert "warm_up is 1 months, which is too short" in short
    assert "warm_up is 2 months, which is enough" in enough
    assert "still moves stock by 50 %" in str(whole(31, 20, 1).sentences()[1])
    assert len(whole(160, 20).sentences()) == 2
    assert "after 3 years" in str(whole(160, 20).finding)
    monkeypatch.setattr(Course, "cut", Only(found=False, periods=5))
    assert "drifts with demand" in str(whole(31, 20, 2).sentences()[1])


def test_opening_stocks_are_cut_to_a_share_in_whole_units():
    """Seven loaves by a half are 3, three of flour 1; cake opens with nothing."""
    opening = {"products.bread.opening_stock": 7.0, "components.flour.opening_stock": 3.0}
    scenario = load(WORDS, {**opening, "products.cake.opening_stock": 0.0, "products.salt.opening_stock": 8.0})
    assert opening_share(scenario, 0.5) == {
        "products.bread.opening_stock": 3, "products.cake.opening_stock": 0, "products.salt.opening_stock": 4,
        "components.flour.opening_stock": 1,
    }  # fmt: skip
    assert opening_share(scenario, 2.0)["products.bread.opening_stock"] == 14
    assert opening_stock_of(scenario, "salt") == 8


def test_days_are_valued_at_cost_and_price(monkeypatch):
    """Two loaves at 2 and flour at .5 on hand, one cake at 4 on its way, three loaves owed at 5."""
    scenario = load(WORDS)
    level = {name: np.zeros((3, 4, 2)) for name in ("on_hand", "on_order")}
    level["on_hand"][1, 0], level["on_hand"][1, 3], level["on_order"][1, 1] = 2, 4, 1
    owed = np.zeros((3, 2, 3, 2))
    owed[1, 0, 0], owed[1, 1, 0] = 1, 2
    books = Only(closing={**level, "backlog": owed})
    monkeypatch.setattr(warmup, "play", lambda *_: books)
    monkeypatch.setattr(warmup, "trimmed", lambda found, lanes: found)
    found = warmup._by_day(scenario, PLAN, None, 2)
    assert {name: days[:, 0].tolist() for name, days in found.items()} == {
        "on_hand": [0, 6, 0], "position": [0, 10, 0], "backlog": [0, 15, 0],
    }  # fmt: skip


def test_three_starts_run_for_three_years_on_the_same_luck(monkeypatch):
    """Two blocks of replications, one after the other; stock is what each start opens with."""
    scenario, met, told = load(WORDS, {"products.bread.opening_stock": 8.0}), [], []
    monkeypatch.setattr(warmup, "replication_blocks", lambda scenario, numbers: iter([[0, 1], [2]]))
    monkeypatch.setattr(warmup, "weather_for", lambda case, seed, block: (seed, tuple(block)))

    def by_day(case, policy, weather, lanes):
        met.append((case.experiment.months, case.experiment.warm_up, weather))
        return {name: np.full((9, lanes), case.company.items["bread"].opening_stock) for name in warmup.QUANTITIES}

    monkeypatch.setattr(warmup, "_by_day", by_day)
    found = warmup.warm_up(scenario, scenario.policy("chase"), 3, 2, 7, lambda done, total: told.append((done, total)))
    days = found.courses["position"].days
    assert {start: (table.shape, table[0, 0]) for start, table in days.items()} == {
        "as given": ((9, 3), 8), "half": ((9, 3), 4), "twice": ((9, 3), 16),
    }  # fmt: skip
    assert met == [(36, 0, (7, (0, 1)))] * 3 + [(36, 0, (7, (2,)))] * 3
    assert told == [(1, 2), (2, 2)]
    assert (found.seed, found.replications, found.courses["backlog"].window) == (7, 3, 2)
