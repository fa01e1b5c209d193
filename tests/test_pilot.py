"""One company for a year: a pilot is read off the same runs as a comparison."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import stats

from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.planning import Policy
from simulator.results.compare import Comparison, compare
from simulator.results.kpis import MEASURES
from simulator.results.pilot import pilot
from tests.engine.small import company
from tests.laws.tight import scenario

RUN = {"replications": [1, 5, 9, 11]}


@pytest.fixture(scope="module")
def short():
    return scenario(experiment__months=7, experiment__warm_up=1)


@pytest.fixture(scope="module")
def found(short):
    return pilot(short, "siloed", "sop", **RUN)


def test_a_pilot_reads_the_runs_of_a_comparison(short, found):
    """Difference, luck of the whole window, contract and penalties are those of `sop compare`."""
    told = compare(short, ["siloed", "sop"], measures=["fill_rate", "contract_missed", "penalties"], **RUN)
    fill, missed, paid = (np.array([told.found[name][row] for name in ("siloed", "sop")]) for row in range(3))
    assert found.gap == told.gap("fill_rate", "sop", "siloed")
    assert found.spread[6] == pytest.approx(fill.var(axis=1, ddof=1), rel=1e-12)
    assert [each.mean for each in found.contract] == pytest.approx(missed.mean(axis=1))
    assert [each.mean for each in found.penalties] == pytest.approx(paid.mean(axis=1))
    assert found.contract_months == 6
    assert [*found.spread] == [1, 2, 3, 4, 6]


def test_the_luck_of_single_months_is_that_between_runs(short, found):
    """Six scored months, each compared with itself in the other runs."""
    monthly = [
        compare(scenario(experiment__months=m + 1, experiment__warm_up=m), ["sop"], measures=["fill_rate"], **RUN)
        for m in range(1, 7)
    ]
    each = [month.found["sop"][0].var(ddof=1) for month in monthly]
    assert found.spread[1][1] == pytest.approx(np.mean(each), rel=1e-9)


def test_lengths_between_follow_the_shorter_one(found):
    """Five months are luck of four, evened out over one more; a year is six months twice."""
    assert found.variance(5) == pytest.approx(sum(found.spread[4]) * 4 / 5)
    assert found.variance(12) == pytest.approx(sum(found.spread[6]) / 2)
    assert found.seen(12) == pytest.approx(2.801585 * np.sqrt(found.variance(12)), rel=1e-6)
    assert found.sites(6, found.seen(6)) == 1
    assert found.sites(6, found.seen(6) / 3) == 9


def test_the_command_says_what_one_company_sees():
    """A difference that is asked for, months, sites and the contract under both."""
    words = ["pilot", "giftware", "--policy", "chase", "--policy", "sop", "--replications", "5", "--months", "8"]
    shown = CliRunner().invoke(main, [*words, "--warm-up", "2", "--difference", "0.02"])
    assert shown.exit_code == 0, shown.output
    assert "One company that changes over sees a difference of 2.0 with " in shown.output
    assert shown.output.count("is missed in 6 months with a chance of") == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--policy", "sop"], "--policy names 1 policies; a pilot changes from one to another"),
        (["--policy", "sop", "--policy", "chase", "--difference", "0"], "--difference is 0; it must not be 0"),
        (["--policy", "sop", "--policy", "chase", "--measure", "filling"], "there is no measure 'filling'"),
    ],
)
def test_bad_input_is_named(words, sentence):
    told = CliRunner().invoke(main, ["pilot", "giftware", *words])
    assert told.exit_code == 2
    assert sentence in told.output


def test_a_comparison_tells_what_one_company_would_see():
    """The best against the first: both variances of twelve months, and the months that take the luck out."""
    told = compare(load("giftware"), ["siloed", "level"], 12, measures=["fill_rate", "stock_value"])
    fill = {name: sample[0] for name, sample in told.found.items()}
    gap, variance = (fill["level"] - fill["siloed"]).mean(), sum(each.var(ddof=1) for each in fill.values())
    months = int(np.ceil(7.848879734 * variance * 12 / gap**2))
    said = f"they are better by {100 * gap:.1f} points; to see that takes {max(12, months)} months before"
    assert said in str(told.horizon())
    assert compare(load("giftware"), ["level", "siloed"], 12, measures=["fill_rate"]).horizon() is None


def test_where_service_is_alike_one_company_looks_for_the_money():
    """Twelve months in ten runs: 1,000 a year more with a deviation of 2,000 on either side, on the same luck but for 30."""
    rows = [(MEASURES[name], "total") for name in ("fill_rate", "ebit_before_absorption")]
    luck = np.resize([1.0, -1.0], 10)
    found = {
        "old": np.array([np.full(10, 0.9), 50_000 + 2_000 * luck]),
        "new": np.array([np.full(10, 0.9), 51_000 + 2_000 * luck + np.roll(30 * luck, 5)]),
    }
    policies = [Policy(name=name) for name in found]
    told = Comparison(company(), policies, list(range(10)), 1, "total", rows, found, pd.DataFrame())
    variance = sum(sample[1].var(ddof=1) for sample in found.values())
    months = int(np.ceil(7.848879734 * variance * 2 / 1_000**2))  # the small company is scored for two months
    assert months > 2
    assert (
        f"look worse in EBIT before absorption than the 2 before with a chance of {100 * stats.norm.cdf(-1_000 / variance**0.5):.0f} %, "
        f"though on average they are better by 1,000 EUR a year; to see that takes {months} months before"
    ) in str(told.horizon())
