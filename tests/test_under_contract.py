"""The decision under the contract, and the sources of profit, with figures worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simulator import compare, load
from simulator.faces.cli import main
from simulator.results.comparison import Comparison
from simulator.results.kpis import MEASURES
from simulator.results.kpis.sources import SOURCES
from simulator.results.under_contract import sources_of, under_contract, verdict_sentences


def compared(**columns: tuple[list[float], list[float]]) -> Comparison:
    """A comparison of which fill rates and EBIT before absorption of each column are given."""
    scenario = load("trading")
    rows = [(MEASURES["fill_rate"], "total"), (MEASURES["ebit_before_absorption"], "total")]
    found = {name: np.array([fill, profit], dtype=float) for name, (fill, profit) in columns.items()}
    policies = [scenario.policy("chase").model_copy(update={"name": name}) for name in columns]
    return Comparison(scenario, policies, [0, 1, 2, 3], 1, "total", rows, found, pd.DataFrame())


HIGH, LOW = [0.96, 0.97, 0.96, 0.97], [0.90, 0.91, 0.90, 0.91]
POOR, FAIR, RICH = [1e6, 1.1e6, 1e6, 1.1e6], [2e6, 2.1e6, 2e6, 2.1e6], [3e6, 3.1e6, 3e6, 3.1e6]


def test_of_those_that_meet_the_contract_the_one_that_earns_most_is_taken() -> None:
    """Trading asks for 95 %: c earns most and fills 90.5 %, so that b is taken."""
    told = under_contract(compared(a=(HIGH, POOR), b=(HIGH, FAIR), c=(LOW, RICH)))
    assert told is not None
    assert (told.contract, told.meets, told.take, told.alike, told.reference) == (0.95, ("a", "b"), "b", (), "a")


def test_where_nobody_meets_it_the_one_that_serves_best_is_taken() -> None:
    found = compared(a=(LOW, RICH), b=([0.92, 0.93, 0.92, 0.93], POOR))
    told = under_contract(found)
    assert told is not None
    assert (told.meets, told.take) == ((), "b")
    assert (
        str(next(verdict_sentences(found)))
        == "No policy meets the contract of 95.0 % fill rate; b comes nearest with 92.5 %."
    )


def test_a_policy_that_may_be_at_the_contract_meets_it() -> None:
    """A mean of 94.5 % with an interval of 1.6 points above it is not surely below 95 %."""
    told = under_contract(compared(a=(LOW, POOR), b=([0.94, 0.95, 0.94, 0.95], FAIR)))
    assert told is not None
    assert told.meets == ("b",)


def test_the_verdict_says_what_it_earns_and_how_often() -> None:
    """b earns 1,000,000 more in each of four runs: an interval of nothing, and more in all of them."""
    said = [str(sentence) for sentence in verdict_sentences(compared(a=(HIGH, POOR), b=(HIGH, FAIR)))]
    assert said == [
        "Under the contract of 95.0 % fill rate, take b: of those that meet it, it earns most.",
        "Against a it earns +1,000,000 [+1,000,000, +1,000,000] EUR a year before absorption, and more in 100 % of the runs.",
    ]


def test_those_that_cannot_be_told_from_it_are_named() -> None:
    told = under_contract(compared(a=(HIGH, FAIR), b=(HIGH, [2.1e6, 2e6, 2.1e6, 2e6]), c=(HIGH, POOR)))
    assert told is not None
    assert (told.take, told.alike) == ("a", ("b",))


@pytest.mark.parametrize("company", ["trading", "switchgear", "giftware-everything"])
def test_sources_add_up_to_profit_before_absorption(company: str) -> None:
    """To the cent, in every run."""
    found = compare(load(company), ["chase", "sop"], 2, 1, [*SOURCES, "ebit_before_absorption"]).found
    for figures in found.values():
        np.testing.assert_allclose(figures[:-1].sum(axis=0), figures[-1], rtol=0, atol=0.01)


def test_sources_of_a_difference_are_told_the_largest_first() -> None:
    found = compare(load("trading"), ["chase", "level"], 2, 1, [*SOURCES, "ebit_before_absorption", "fill_rate"])
    sizes = [abs(part.mean) for _, part in sources_of(found, "level", "chase")]
    assert sizes == sorted(sizes, reverse=True)
    assert sources_of(compared(a=(HIGH, POOR), b=(HIGH, FAIR)), "b", "a") == []


def test_the_command_ends_in_one_screen() -> None:
    """A line a policy, the verdict, what to type next; --full gives the tables."""
    common = ["compare", "trading", "--policy", "siloed", "--policy", "sop", "--replications", "3"]
    short, full = (CliRunner().invoke(main, [*common, *more]) for more in ([], ["--full"]))
    assert short.exit_code == 0, short.output
    assert len(short.output.splitlines()) < 30
    assert "Under the contract of 95.0 % fill rate" in short.output or "No policy meets the contract" in short.output
    assert "sop cycle trading --policy sop" in short.output
    assert len(full.output.splitlines()) > 45
    assert "against siloed (95 %)" in full.output


def test_the_contract_is_a_target() -> None:
    common = ["compare", "trading", "--policy", "chase", "--policy", "sop", "--replications", "3", "--at", "contract"]
    told = CliRunner().invoke(main, [*common, "--workers", "1"])
    assert told.exit_code == 0, told.output
    assert "safety_stock.z=" in told.output
    both = CliRunner().invoke(main, [*common, "--as-run"])
    assert both.exit_code == 2
    assert "--at and --as-run exclude each other" in both.output
