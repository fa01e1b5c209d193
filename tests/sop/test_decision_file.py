"""Decisions in a file: read, refused in a sentence, written, and taken in runs as they are when typed."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from simulator.engine.decided import decisions_of
from simulator.engine.decision_file import decisions_brought, decisions_in, decisions_text, one_option, read_decisions
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.results.ghost import ghost
from simulator.results.run import simulate
from tests.sop.test_new_decisions import FOLLOW, shop

AHEAD = {"month": "2025-02", "kind": "order-ahead", "of": "mug", "amount": 50.0}
LATER = {
    "month": 2,
    "kind": "purchases",
    "of": "all",
    "amount": 130.0,
    "for_month": "2025-03",
    "reason": "the bank",
    "option": "hold",
}


def test_a_file_holds_options_as_they_are_typed():
    """Two that belong together, and one with a name; numbers and names of months are the same."""
    again = {"month": "3", "kind": "order-ahead", "of": "mug", "amount": 20.0}
    found = decisions_in({"decisions": [AHEAD, LATER, again]}, "x.toml", shop(), FOLLOW)
    typed = [
        decisions_of(words, shop(), FOLLOW, month)[0]
        for words, month in (("order-ahead:mug=50", 1), ("order-ahead:mug=20", 2))
    ]
    assert found[""] == tuple(typed)
    assert found["hold"] == decisions_of("purchases:all@3=130 because the bank", shop(), FOLLOW, 1)


def test_what_is_written_is_read_again():
    """With a note at the head, and names that need quotes."""
    found = decisions_in({"decisions": [LATER, AHEAD]}, "x.toml", shop(), FOLLOW)
    text = decisions_text(found, shop(), "of a shop,\nby hand")
    assert text.startswith("# of a shop,\n# by hand\n")
    assert decisions_brought(text.encode(), shop(), FOLLOW) == found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"kind": "order-behind"},
            r"x\.toml: decisions\[0\]: there is no decision 'order-behind'; did you mean order-ahead",
        ),
        ({"of": "cup"}, r"x\.toml: decisions\[0\]: order-ahead:cup=50: there is no part 'cup'"),
        ({"month": "2031-02"}, r"x\.toml: decisions\[0\]: month is 2031-02; it must be one of 1 to 4"),
        ({"for_month": 1}, r"x\.toml: decisions\[0\]: .* holds from 2025-02 on; take @2025-02 or later"),
        ({"amount": -1.0}, r"x\.toml: decisions\[0\]: .*it must be at least 0"),
        ({"amount": "much"}, r"x\.toml: decisions\[0\]\.amount"),
        ({"ammount": 2.0}, r"x\.toml: .*ammount"),
    ],
)
def test_what_nobody_could_decide_is_refused_with_file_and_place(change, said):
    with pytest.raises(ScenarioError, match=said):
        decisions_in({"decisions": [{**AHEAD, **change}]}, "x.toml", shop(), FOLLOW)


def test_a_thing_is_decided_once_and_a_run_takes_one_option():
    """And a file that is not there, or says nothing, is told."""
    with pytest.raises(ScenarioError, match=r"decisions\[1\]: order-ahead:mug=50 is decided twice"):
        decisions_in({"decisions": [AHEAD, AHEAD]}, "x.toml", shop(), FOLLOW)
    both = decisions_in({"decisions": [AHEAD, LATER]}, "x.toml", shop(), FOLLOW)
    with pytest.raises(ScenarioError, match=r"x\.toml holds the options '', 'hold'; a run takes one"):
        one_option(both, "x.toml")
    with pytest.raises(ScenarioError, match=r"there is no file nowhere\.toml"):
        read_decisions("nowhere.toml", shop(), FOLLOW)
    with pytest.raises(ScenarioError, match=r"x\.toml: decisions"):
        decisions_in({}, "x.toml", shop(), FOLLOW)
    with pytest.raises(ScenarioError, match=r"x\.toml: there are 0 decisions; a file holds 1 to 500"):
        decisions_in({"decisions": []}, "x.toml", shop(), FOLLOW)


def test_a_run_and_a_ghost_take_what_the_file_decides():
    """Fifty more in February are ordered in the run, and make the difference of the ghost."""
    found = decisions_in({"decisions": [AHEAD]}, "x.toml", shop(), FOLLOW)
    books = next(simulate(shop(), FOLLOW, [0], decisions=found[""]).books())
    np.testing.assert_allclose(books.flows["released"][31:38, 0, 0], [60, 0, 0, 0, 0, 0, 10])
    told = ghost(
        shop(),
        FOLLOW,
        None,
        {**found, "hold": (*found[""], *decisions_in({"decisions": [LATER]}, "x", shop(), FOLLOW)["hold"])},
        [0],
    )
    typed = ghost(shop(), FOLLOW, 2, ["order-ahead:mug=50"], [0])
    assert told.columns == ["as it was", "order-ahead:mug=50", "hold"]
    np.testing.assert_array_equal(told.found["order-ahead:mug=50"], typed.found["order-ahead:mug=50"])
    assert (told.found["hold"] != told.found["order-ahead:mug=50"]).any()
    with pytest.raises(ScenarioError, match="something is decided in 2025-02"):
        ghost(shop(), FOLLOW, 3, found, [0])


def test_the_commands_read_the_file(tmp_path):
    """`sop run` and `sop ghost`; without any decision, or with both ways, one sentence."""
    file = tmp_path / "mine.toml"
    file.write_text('[[decisions]]\nmonth = 3\nkind = "safety-stock"\nof = "drills"\namount = 900\n')
    short = ["trading", "--months", "5", "--set", "experiment.warm_up=0", "--policy", "sop"]
    run = CliRunner().invoke(main, ["run", *short, "--decisions", str(file), "--json"])
    told = CliRunner().invoke(main, ["ghost", *short, "--decisions", str(file), "--replications", "2", "--json"])
    assert (run.exit_code, told.exit_code) == (0, 0), run.output + told.output
    assert json.loads(told.stdout)["inputs"]["decisions"] == ["safety-stock:drills=900"]
    both = ["ghost", "trading", "--month", "3", "--decision", "safety-stock:drills=900", "--decisions", str(file)]
    for words, said in (
        (both, "not both"),
        (both[:-4], "not both"),
        (["ghost", "trading", *both[4:6]], "needs --month"),
    ):
        wrong = CliRunner().invoke(main, words)
        assert wrong.exit_code == 2
        assert said in wrong.output
