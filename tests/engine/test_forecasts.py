"""Forecasts, each against a series that is worked out by hand."""

import numpy as np
import pytest

from simulator.planning.rules import Forecast
from simulator.world.view import Accuracy, Heard, Past

WORKED = np.array([20.0, 19, 21, 22, 20, 21, 23, 20, 22, 21, 20, 22])
"""Working days of the months ahead."""


def past(*rates, first_month=0, **more):
    """A past of these demands a working day, of one product in two lanes, the second ten times the first."""
    table = np.array(rates, dtype=float).reshape(-1, 1, 1) * np.array([1.0, 10.0])
    season = (first_month + np.arange(len(rates))) % 12
    ahead = (first_month + len(rates) + np.arange(12)) % 12
    return Past(table, season, ahead, WORKED, **more)


def rates_ahead(rule, known, lane=0, **settings):
    """What a rule expects a working day, month by month."""
    return (Forecast.known[rule](**settings)(known)[:, 0, lane] / WORKED).tolist()


@pytest.mark.parametrize("rule", Forecast.known)
def test_nothing_is_forecast_from_nothing(rule):
    """Without a past every rule expects nothing, in its full shape."""
    forecast = Forecast.known[rule]()(past())
    assert forecast.shape == (12, 1, 2)
    assert not forecast.any()


@pytest.mark.parametrize("rule", Forecast.known)
def test_steady_demand_is_expected_to_go_on(rule):
    """After two years of 8 a day every rule expects 8 times the working days, but for what a sales team adds."""
    added = {"optimistic": {"optimism": 0.0}, "sales-team": {"optimism": 0.0, "push": 0.0}}
    steady = (
        {"sales": Forecast.known["sales-team"](optimism=0.0, push=0.0)} if rule == "consensus" else added.get(rule, {})
    )
    assert rates_ahead(rule, past(*[8.0] * 24), **steady) == pytest.approx([8.0] * 12)
    assert rates_ahead(rule, past(*[8.0] * 24), lane=1, **steady) == pytest.approx([80.0] * 12)


def test_naive_repeats_the_last_month():
    """Next month will be like last month."""
    assert rates_ahead("naive", past(3, 9, 4)) == pytest.approx([4.0] * 12)


def test_seasonal_naive_repeats_the_last_year():
    """The same month a year ago; the last month, until there is a year."""
    year = [5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert rates_ahead("naive", past(*year), seasonal=True) == pytest.approx(year[1:])
    assert rates_ahead("naive", past(*year[:11]), seasonal=True) == pytest.approx([10.0] * 12)


def test_moving_average_is_the_mean_of_the_last_months():
    """Of 2, 4, 9 and 11 over three months: 8; over more than there are: all of them."""
    assert rates_ahead("moving-average", past(2, 4, 9, 11), months=3) == pytest.approx([8.0] * 12)
    assert rates_ahead("moving-average", past(2, 4, 9, 11), months=36) == pytest.approx([6.5] * 12)


def test_simple_smoothing_moves_a_share_of_the_error():
    """10, then half way to 20 is 15, then half way to 40 is 27.5."""
    assert rates_ahead("simple-smoothing", past(10, 20, 40), level=0.5) == pytest.approx([27.5] * 12)


def test_holt_carries_the_trend():
    """Undamped, constants of a half: 10; 11 and .5; 13.25 and 1.375, and so on for ever."""
    expected = [13.25 + 1.375 * k for k in range(1, 13)]
    assert rates_ahead("holt", past(10, 12, 15), level=0.5, trend=0.5, damping=1.0) == pytest.approx(expected)


def test_a_damped_trend_dies_out():
    """Damped by .8: level 13.2 and trend 1.3, of which .8, 1.44, 1.952 ... are ahead."""
    found = rates_ahead("holt", past(10, 12, 15), level=0.5, trend=0.5, damping=0.8)
    assert found[:3] == pytest.approx([13.2 + 1.3 * 0.8, 13.2 + 1.3 * 1.44, 13.2 + 1.3 * 1.952])
    assert found[-1] < 13.2 + 1.3 * 4


def test_a_falling_trend_ends_at_nothing():
    """Demand is never expected to be negative."""
    assert rates_ahead("holt", past(50, 20, 0), level=0.9, trend=0.9, damping=1.0)[-1] == 0.0


YEAR = [0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.5, 1.5, 1.5]


def test_holt_winters_repeats_a_pure_season():
    """Two equal years in a pattern: the same again, month for month, wherever the year begins."""
    years = [10 * factor for factor in YEAR] * 2
    for first in (0, 5):
        assert rates_ahead("holt-winters", past(*years, first_month=first), first_year=1.0) == pytest.approx(years[:12])


def test_holt_winters_takes_part_of_the_first_year_for_season():
    """Of one year's pattern the stated share; the rest was luck."""
    found = rates_ahead("holt-winters", past(*[10 * factor for factor in YEAR]), first_year=0.4)
    assert found == pytest.approx([10 * (1 + 0.4 * (factor - 1)) for factor in YEAR])


def test_holt_winters_follows_a_month_by_hand():
    """A flat year of 10, then 16: level 11.2, trend .06, and January's factor a fifth of the way to 16 / 11.2."""
    found = rates_ahead("holt-winters", past(*[10] * 12, 16), level=0.2, trend=0.05, season=0.2, damping=0.9)
    ahead = [11.2 + 0.06 * sum(0.9**j for j in range(1, k + 1)) for k in range(1, 13)]
    assert found[:11] == pytest.approx(ahead[:11])
    assert found[11] == pytest.approx(ahead[11] * (1 + 0.2 * (16 / 11.2 - 1)))


def test_holt_winters_learns_little_from_a_weak_month():
    """A factor of .5 is weighed by .5: an error of 3 moves the level by .2 x .5 x 3."""
    year = [5, 15, *[10] * 10]
    found = rates_ahead("holt-winters", past(*year, 8), level=0.2, trend=0.05, season=0.2, first_year=1.0)
    level, trend = 10 + 0.2 * 0.5 * 3, 0.05 * 0.3
    assert found[0] == pytest.approx((level + 0.9 * trend) * 1.5)
    assert found[1] == pytest.approx(level + (0.9 + 0.81) * trend)


@pytest.mark.parametrize("fitted", [False, True])
def test_holt_winters_goes_on_where_it_was_as_if_it_began_anew(fitted):
    """A month later it forecasts, to the last bit, what it would from a past it has not seen yet."""
    known = np.random.default_rng(3).integers(0, 9, 40) / 7
    rule, learnt = Forecast.known["holt-winters"](fitted=fitted), {}
    for months in (14, 15, 19, 40):
        found = rule(past(*known[:months], carried=learnt))
        (so_far,) = learnt.values()
        assert len(so_far.rates) == months
        np.testing.assert_array_equal(found, rule(past(*known[:months])))


def test_holt_winters_begins_anew_where_the_past_is_another_one():
    """A past that ends sooner, began otherwise, or that another rule has learnt from, is none to go on from."""
    known = np.arange(1.0, 31.0)
    rule, other, learnt = Forecast.known["holt-winters"](), Forecast.known["holt-winters"](level=0.9), {}
    rule(past(*known, carried=learnt))
    for rates in (known[:20], np.append(known[:19] + 1, known[19:])):
        np.testing.assert_array_equal(rule(past(*rates, carried=learnt)), rule(past(*rates)))
    rule(past(*known, carried=learnt))
    learnt[id(other)] = learnt[id(rule)]  # whose number another rule had before it
    np.testing.assert_array_equal(other(past(*known, carried=learnt)), other(past(*known)))


def test_holt_winters_is_holt_until_a_year_is_known():
    """Eleven months make no season."""
    known = past(*range(3, 14))
    holt = rates_ahead("holt", known, level=0.2, trend=0.05, damping=0.9)
    assert rates_ahead("holt-winters", known) == pytest.approx(holt)


def test_the_optimist_adds_his_share():
    """The mean of 6 and 10, and a quarter more."""
    assert rates_ahead("optimistic", past(2, 6, 10), months=2, optimism=0.25) == pytest.approx([10.0] * 12)


def test_a_sales_team_anchors_hopes_and_pushes():
    """Believed 8; half budget of 12 makes 10; a tenth of optimism 11; a fifth more in March, a fifth less in April."""
    budget = np.full((12, 1, 2), 12.0) * WORKED[:, None, None]
    settings = {"months": 2, "optimism": 0.1, "anchor": 0.5, "push": 0.2, "noise": 0.5}
    found = rates_ahead("sales-team", past(3, 6, 10, first_month=10, budget=budget), **settings)
    assert found[:5] == pytest.approx([11.0, 11 * 1.2, 11 * 0.8, 11.0, 11 * 1.2])  # from February to June
    glad = rates_ahead(
        "sales-team", past(3, 6, 10, first_month=10, budget=budget, mood=np.full((1, 2), 0.4)), **settings
    )
    assert glad == pytest.approx([1.2 * rate for rate in found])


def test_a_sales_team_never_reports_less_than_is_in_sight():
    """What is known of a month is believed where it is more."""
    known = np.zeros((12, 1, 2))
    known[1] = 20 * WORKED[1]
    found = rates_ahead("sales-team", past(6, 6, 6, known=known), optimism=0.0, push=0.0)
    assert found == pytest.approx([6.0, 20.0, *[6.0] * 10])


def test_a_sales_team_remembers_last_years_season():
    """Last year's months, half as much again, as the last three months were against theirs."""
    first, second = [10.0 * factor for factor in YEAR], [15.0 * factor for factor in YEAR]
    found = rates_ahead("sales-team", past(*first, *second), optimism=0.0, push=0.0)
    assert found == pytest.approx([1.5 * rate for rate in second])


def test_a_sales_team_cleans_the_past_of_what_it_was_told_and_puts_on_what_it_hears():
    """9 of which half as much again was told is 6, as the month before: 6 as usual, a third more where it hears of it."""
    heard = Heard(np.ones((12, 1, 2)), np.array([1.0, 1.5])[:, None, None] * np.ones((2, 1, 2)))
    heard.ahead[2] = 4 / 3
    found = Forecast.known["sales-team"](optimism=0.0, push=0.0, noise=0.0)(past(6, 9, heard=heard))
    assert (found[:, 0, 0] / WORKED).tolist() == pytest.approx([6.0, 6.0, 8.0, *[6.0] * 9])


def test_consensus_puts_what_is_heard_on_the_statistical_forecast():
    """Statistics say 9; without what was told 6, and in the third month 8, is the informed forecast that sales' own is blended with."""
    heard = Heard(np.ones((12, 1, 2)), np.array([1.0, 1.5])[:, None, None] * np.ones((2, 1, 2)))
    heard.ahead[2] = 4 / 3
    rule = Forecast.known["consensus"](
        statistical=Forecast.known["naive"](), sales=Forecast.known["optimistic"](months=1, optimism=1 / 3)
    )
    known = past(6, 9, heard=heard)
    stages = rule.stages(known)
    assert (stages["statistical"][:3, 0, 0] / WORKED[:3]).tolist() == pytest.approx([9.0, 9.0, 9.0])
    assert (stages["informed"][:3, 0, 0] / WORKED[:3]).tolist() == pytest.approx([6.0, 6.0, 8.0])
    assert (rule(known)[:3, 0, 0] / WORKED[:3]).tolist() == pytest.approx([9.0, 9.0, 10.0])  # with 12 of sales


def record(forecast, actual, squared_error, months=6):
    """How a stage did, for one product in two lanes."""
    return Accuracy(months, *(np.full((1, 2), float(number)) for number in (forecast, actual, squared_error)))


def test_consensus_is_the_mean_until_a_record_is_known():
    """Statistics says 8 and sales 12: 10."""
    rules = {"statistical": Forecast.known["naive"](), "sales": Forecast.known["optimistic"](months=1, optimism=0.5)}
    assert rates_ahead("consensus", past(3, 8), **rules) == pytest.approx([10.0] * 12)


def test_consensus_takes_bias_out_and_weighs_by_error():
    """Sales over-forecast by half and is scattered twice as far: its number is cut and weighs a quarter.

    In six months 60 came; statistics said 60 with squared errors of 10 a month, sales 90 with 40 a month after its bias
    of 5. Credit for three months makes sales' factor (60 + 30) / (90 + 30) = .75.
    """
    rules = {"statistical": Forecast.known["naive"](), "sales": Forecast.known["optimistic"](months=1, optimism=0.5)}
    known = past(3, 8, record={"statistical": record(60, 60, 60), "sales": record(90, 60, 6 * (40 + 25))})
    expected = (1 / 10 * 8 + 1 / 40 * 0.75 * 12) / (1 / 10 + 1 / 40)
    assert rates_ahead("consensus", known, **rules) == pytest.approx([expected] * 12)


def test_who_has_no_record_counts_as_one():
    """Statistics with a squared error of 10 a month weigh a tenth, sales without a record 1."""
    rules = {"statistical": Forecast.known["naive"](), "sales": Forecast.known["optimistic"](months=1, optimism=0.5)}
    found = rates_ahead("consensus", past(3, 8, record={"statistical": record(60, 60, 60)}), **rules)
    assert found == pytest.approx([(0.1 * 8 + 12) / 1.1] * 12)


def test_what_was_not_sold_yet_says_nothing_of_a_bias():
    """Nothing came where 12 were forecast in six months: the numbers of both stay as they are."""
    rules = {"statistical": Forecast.known["naive"](), "sales": Forecast.known["optimistic"](months=1, optimism=0.5)}
    known = past(3, 8, record={"statistical": record(12, 0, 60), "sales": record(12, 0, 60)})
    assert rates_ahead("consensus", known, **rules) == pytest.approx([10.0] * 12)


@pytest.mark.parametrize("rule", ["holt", "holt-winters"])
def test_a_product_that_nobody_asks_for_is_forecast_at_nothing(rule):
    """Two years without an order: nothing, rather than a least amount."""
    assert rates_ahead(rule, past(*[0.0] * 24)) == [0.0] * 12


@pytest.mark.parametrize("rule", ["holt", "holt-winters"])
def test_demand_that_falls_away_is_never_forecast_below_nothing(rule):
    """A year of 100 a day, then 20 less every month: the trend, undamped, crosses nothing within the year ahead."""
    falling = past(*[100.0] * 12, 80.0, 60.0, 40.0, 20.0, 0.0)
    ahead = rates_ahead(rule, falling, level=1.0, trend=1.0, damping=1.0)
    assert ahead == [0.0] * 12


def test_an_optimist_thinks_of_three_months_and_adds_fifteen_percent():
    """Of 2, 4, 9 and 11: the mean of the last three is 8, told as 9.2."""
    assert rates_ahead("optimistic", past(2, 4, 9, 11)) == pytest.approx([9.2] * 12)
