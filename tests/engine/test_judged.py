"""Verdicts over a table: one family of tests, the smallest amount that matters, and what is equal."""

import numpy as np
import pandas as pd
import pytest

from simulator.engine.scenario import load
from simulator.planning import Policy
from simulator.results.compare import Comparison, estimate, verdict
from simulator.results.estimates import gap_of
from simulator.results.judged import judge
from simulator.results.kpis import MEASURES
from simulator.results.reading.score import expected_sales
from tests.engine.small import company

FILL, DAYS, BIAS = (MEASURES[name] for name in ("fill_rate", "days_of_supply", "forecast_bias"))


def apart(mean, error, count=10):
    """Differences with such a mean and standard error of it."""
    spread = np.resize([1.0, -1.0], count)
    return mean + spread * error * np.sqrt(count * (count - 1) / count)


def table(**samples):
    """Two policies, one measure a row: nothing, and these differences from it."""
    rows = [(MEASURES[name], "total") for name in samples]
    found = {"one": np.zeros((len(rows), 10)), "two": np.array([*samples.values()])}
    policies = [Policy(name=name) for name in found]
    return Comparison(company(), policies, list(range(10)), 1, "total", rows, found, pd.DataFrame())


def test_a_verdict_holds_with_all_others_of_its_table():
    """t of 9 degrees: 2.685 is .025, 2.398 is .04 (two-sided). Alone both are told; as a family of three 3 x .025 is above .05."""
    pairs = [(FILL, 2.685), (DAYS, -2.398), (BIAS, 0.5)]
    gaps = [(measure, gap_of(measure, apart(t, 1.0), np.zeros(10)), 0.0) for measure, t in pairs]
    assert [gap.p_value for _, gap, _ in gaps] == pytest.approx([0.025, 0.04, 0.629], abs=5e-4)
    assert [each.verdict for each in judge(gaps[:1])] == ["better"]
    assert [each.verdict for each in judge(gaps)] == ["perhaps better", "perhaps better", "not distinguishable"]
    both = [*gaps[:2], (FILL, gap_of(FILL, apart(8.0, 1.0), np.zeros(10)), 0.0)]
    assert [each.verdict for each in judge(both)] == ["perhaps better", "perhaps better", "better"]


def test_what_is_equal_is_no_test():
    """Ninety-nine identical rows beside one difference leave it as it is."""
    nothing = (FILL, gap_of(FILL, np.ones(10), np.ones(10)), 0.0)
    one = (FILL, gap_of(FILL, apart(-2.685, 1.0), np.zeros(10)), 0.0)
    assert [each.verdict for each in judge([*[nothing] * 99, one])] == ["equal"] * 99 + ["worse"]


@pytest.mark.parametrize(
    ("mean", "half", "word"),
    [
        (0.0030, 0.0010, "better"),
        (0.0021, 0.0010, "better"),
        (0.0020, 0.0010, "too small to matter"),  # sure, and two in a thousand at most
        (-0.0019, 0.0010, "too small to matter"),
        (0.0001, 0.0015, "too small to matter"),  # not told from 0, but surely within two in a thousand
        (0.0006, 0.0015, "not distinguishable"),
        (0.0030, 0.0040, "not distinguishable"),
        (-0.0030, 0.0010, "worse"),
    ],
)
def test_a_difference_must_be_sure_and_matter(mean, half, word):
    """The smallest difference of a fill rate that matters is .2 points; differences of two replications have no spread but their half."""
    gap = estimate(np.array([mean - half / 12.7062, mean + half / 12.7062]))  # t of one degree is 12.7062
    assert (gap.low, gap.high) == pytest.approx((mean - half, mean + half), rel=1e-4)
    assert verdict(FILL, gap, FILL.matters.in_unit(0.0, 0.0)) == word


def test_smallest_amounts_by_unit_sales_and_reference():
    """The toy sells 120 loaves at 5 and 60 tarts at 12 a day, of 365.25 days; .2 % of that is what matters in profit."""
    scenario = company()
    whole = expected_sales(scenario)["total"]
    assert sum(expected_sales(scenario, "product").values()) == pytest.approx(whole)
    assert MEASURES["ebit"].matters.in_unit(50_000.0, 7.0) == 100.0
    assert MEASURES["backlog_value"].matters.in_unit(50_000.0, 7.0) == 25.0
    assert MEASURES["stock_units"].matters.in_unit(50_000.0, -300.0) == 3.0
    assert DAYS.matters.in_unit(50_000.0, 300.0) == 0.5
    told = table(ebit=apart(1.0, 0.001), days_of_supply=apart(0.4, 0.001))
    assert told.smallest == [pytest.approx(0.002 * whole), 0.5]


@pytest.mark.parametrize("by", ["product", "family", "segment", "channel"])
def test_expected_sales_by_part_add_up(by):
    """Every part of giftware's sales is in one group."""
    scenario = load("giftware")
    parts = expected_sales(scenario, by)
    assert sum(parts.values()) == pytest.approx(expected_sales(scenario)["total"])
    assert len(parts) > 1
    names = {
        "product": scenario.network.products,
        "family": scenario.network.families,
        "segment": scenario.network.segments,
    }
    assert by == "channel" or [*parts] == [*names[by]]


def test_the_legend_says_what_chance_alone_does():
    """Two tests make a tenth of a false difference. t = 2.8 is p = .021 and survives twice that; 2.398 is .04 and does not."""
    told = [*map(str, table(fill_rate=apart(2.8, 1.0), days_of_supply=apart(0.1, 1.0)).legend())]
    assert told == [
        "not distinguishable: the interval holds 0, so luck alone may make the difference",
        "of 2 comparisons, 0.1 would be called different by chance alone if nothing differed; better, worse, higher and lower hold "
        "for all together (Holm), weak marks (perhaps) only for themselves: 0",
    ]
    weak = table(fill_rate=apart(2.398, 1.0), days_of_supply=apart(0.1, 1.0)).legend()
    assert str(weak[-1]).endswith("only for themselves: 1")
    assert table(fill_rate=np.zeros(10)).legend()[0].values[0][0] == "word"


def test_sentences_keep_to_the_verdicts():
    """A weak mark is no clause, what is equal is called so, and wages parked in stock are told where they matter."""
    rows = [(MEASURES[name], "total") for name in ("stock_value", "fill_rate", "ebit", "ebit_before_absorption")]
    level = np.full((4, 10), [[500.0], [0.9], [1e6], [1e6]])
    weak = level + np.array([apart(-50.0, 21.0), np.zeros(10), apart(0.0, 9.0), apart(0.0, 9.0)])
    parked = level + np.array([apart(50.0, 1.0), apart(0.0, 0.01), np.full(10, 9e5), np.zeros(10)])
    found = {"level": level, "weak": weak, "parked": parked}
    policies = [Policy(name=name) for name in found]
    told = Comparison(company(), policies, list(range(10)), 1, "total", rows, found, pd.DataFrame()).sentences()
    assert (
        str(told[0]) == "weak and level do not surely differ in stock by what matters; in fill rate the two are equal"
    )
    assert str(told[1]) == (
        "parked holds 10 % more stock [10, 10] than level; in fill rate no difference is sure and large enough to matter; EBIT of "
        "parked holds 900,000 [900,000, 900,000] EUR a year more of wages parked in stock, which nobody earned"
    )
