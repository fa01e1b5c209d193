"""Four service levels of one run, worked out by hand, and the sentences made of their figures."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from simulator.faces.cli import main
from simulator.results.kpis import values
from simulator.results.kpis.levels import LEVELS, level_sentences, level_table
from simulator.results.run import simulate
from tests.engine.small import BREAD, DAYS, FIRST, SALT, SECOND, blank
from tests.laws.tight import scenario

PRODUCT_DAYS = 3 * DAYS


@pytest.fixture
def books():
    """Forty loaves and four bags of salt in four lines; one line of twenty loaves lacks five for a day."""
    b = blank(lanes=1)
    b.flows["due"][[0, 2], FIRST, BREAD] = b.flows["due"][[0, 2], FIRST, BREAD] + 10
    b.flows["due"][1, SECOND, BREAD] = 20
    b.flows["due"][3, FIRST, SALT] = 4
    b.closing["backlog"][1, SECOND, BREAD] = 5
    b.flows["received"][2, BREAD] = 15  # five are owed
    b.flows["received"][5, BREAD] = 10  # nothing is
    b.closing["on_hand"][:] = 1
    b.closing["on_hand"][1, BREAD] = 0
    return b


def test_four_levels_by_hand(books):
    """Replenishments 1 of 2, product-days all but one, units 39 of 44, lines 3 of 4; March has no demand."""
    table = level_table(books).set_index("period")
    scored = table.loc["scored months"]
    assert [scored[name] for name in LEVELS] == pytest.approx([1 / 2, 1 - 1 / PRODUCT_DAYS, 39 / 44, 3 / 4])
    assert table.index.tolist() == ["2026-02", "2026-03", "scored months"]
    assert table.loc["2026-02", "ready_rate"] == pytest.approx(1 - 1 / (3 * 28))
    assert np.isnan(table.loc["2026-03", ["fill_rate", "otif", "cycle_service"]].astype(float)).all()


def test_the_sentences_say_what_each_level_counts(books):
    """Twenty of a mean line of eleven, five of twenty lacking; 22 units a replenishment; 173 product-days without demand."""
    told = [*map(str, level_sentences(books))]
    assert told == [
        "one run, 99.4 % by ready rate and 50.0 % by cycle service level: none of them is wrong, each counts something else",
        "fill rate 88.6 % counts units: 5 of 44 were not served on the day; 44 were shipped sooner or later, which would read 100.0 % "
        "and hides every delay",
        "lines on time in full 75.0 % counts order lines: 1 of 4 lacked something; such a line was 1.8 times as large as the mean line "
        "and lacked 25 % of it, but is missed in full",
        "cycle service level 50.0 % counts replenishments: 1 of 2 came to something owed, however little; between two lay 22.0 units of "
        "demand, and one that came late had 5.0 units of new shortage before it",
        f"ready rate 99.4 % counts days of products: 1 of {PRODUCT_DAYS} closed with nothing on hand or something owed; "
        f"{PRODUCT_DAYS - 4} had no demand at all and count like the others",
    ]


def test_a_run_without_demand_has_little_to_say():
    """Only the days are counted: nothing to disagree with."""
    (told,) = level_sentences(blank(lanes=1))
    assert str(told).startswith("ready rate 0.0 % counts days of products: 177 of 177 closed")


def test_where_nothing_is_short_nothing_is_explained(books):
    """One sentence."""
    books.closing["backlog"][:] = 0
    assert [*map(str, level_sentences(books))] == ["nothing was short: all 44 units of demand were served on the day"]


def test_levels_are_the_measures_of_the_run():
    """Over the scored months each column is its measure, to the last bit."""
    run = simulate(scenario(experiment__months=4, experiment__warm_up=1), "sop", [3])
    books = next(run.books())
    scored = level_table(books).iloc[-1]
    _, found = values(books, LEVELS)
    assert [scored[name] for name in LEVELS] == found[:, 0].tolist()


def test_the_command_shows_table_and_sentences():
    """A line a month, the scored months last, then a sentence a level; JSON holds both."""
    words = ["run", "giftware", "--policy", "sop", "--months", "6", "--warm-up", "0", "--service-levels"]
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    assert sum(line.startswith("20") for line in lines) == 6
    assert len(next(line for line in lines if line.startswith("scored months")).split()) == 6
    assert any(line.startswith("Cycle service level ") for line in lines)
    told = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert len(told["rows"]) == 7
    assert len(told["sentences"]) == 5
    refused = CliRunner().invoke(main, [*words, "--lost"])
    assert refused.exit_code == 2
    assert "with --service-levels" in refused.output
