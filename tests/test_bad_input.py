"""Whatever is wrong with what a user gives: one sentence that says what and where, status 2, nothing written."""

import numpy as np
import pytest
from click.testing import CliRunner

from simulator.faces.cli import main
from simulator.planning.rules import Forecast

GOOD = """
[products.choc]
price = 3.0
unit_cost = 1.0
opening_stock = 50
[products.choc.buy]
supplier = "mill"
lead_time = { law = "constant", mean = 5 }

[suppliers.mill]

[[demand.everyday]]
product = "choc"
segment = "customers"
daily = { law = "poisson", mean = 4 }

[experiment]
months = 2
replications = 2
policies = ["reorder-point"]
"""


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """An empty folder to work in, with one good scenario."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.toml").write_text(GOOD)
    return tmp_path


def sop(*words):
    """Run a command."""
    return CliRunner().invoke(main, words)


def refused(shelf, *words):
    """Run a command that must be refused: what it says, in one line and nothing else."""
    before = sorted(shelf.rglob("*"))
    result = sop(*words)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert sorted(shelf.rglob("*")) == before
    (line,) = result.stderr.splitlines()
    assert line.startswith("sop: ")
    assert "Traceback" not in line
    return line.removeprefix("sop: ")


def compared(shelf, text, *words):
    """What is said of a scenario with this text, by a command that was to write results."""
    (shelf / "bad.toml").write_text(text)
    said = refused(shelf, "compare", "bad.toml", "--out", "results", *words)
    assert refused(shelf, "check", "bad.toml") == said
    return said


def changed(old, new):
    """The good scenario with one thing wrong."""
    assert old in GOOD
    return GOOD.replace(old, new)


WRONG = [
    # unknown key, wrong type, numbers beyond their bounds
    (
        changed("price", "prise"),
        "bad.toml: products.choc.prise is 3.0, but there is no such entry; did you mean price or phase_out?",
    ),
    (
        changed("3.0", '"three"'),
        "bad.toml: products.choc.price is 'three'; it must be a number, at least 0 (EUR/unit)",
    ),
    (changed("3.0", "-3"), "bad.toml: products.choc.price is -3 EUR/unit; it must be at least 0"),
    (changed("3.0", "inf"), "bad.toml: products.choc.price is inf EUR/unit; it must be a finite number, at least 0"),
    (changed("3.0", "nan"), "bad.toml: products.choc.price is nan EUR/unit; it must be a finite number, at least 0"),
    (
        changed("mean = 4", "mean = -4"),
        "bad.toml: demand.everyday[0].daily.mean is -4 units/day; it must be above 0 and",
    ),
    (changed("= 2\nrep", "= 2.5\nrep"), "bad.toml: experiment.months is 2.5; it must be a whole number, from 1 to 240"),
    (
        changed("replications = 2", "replications = 1_000_000_000"),
        "bad.toml: experiment.replications is 1000000000 runs",
    ),
    # parts that do not fit together
    (
        changed("[products.choc.buy]", "[products.cake]\nmake = { bill = { chok = 1 } }\n[products.choc.buy]"),
        "bad.toml: products.cake.make.bill names 'chok', which is not an item; did you mean choc",
    ),
    (
        GOOD + "[components.a]\nmake = { bill = { b = 1 } }\n[components.b]\nmake = { bill = { a = 1 } }\n",
        "bad.toml: the bill of materials of ",
    ),
    (
        changed('"mill"', '"mil"'),
        "bad.toml: products.choc.buy.supplier names 'mil', which is not a supplier; did you mean",
    ),
    (
        changed('product = "choc"', 'product = "chok"'),
        "bad.toml: demand.everyday[0].product names 'chok', which is not",
    ),
    # suppliers, and what goes wrong with them
    (
        changed("mean = 5 }", "mean = 5 }\nshare = 0.7"),
        "bad.toml: products.choc.buy.share is 0.7; with one source it must be 1, or others be named",
    ),
    (
        changed(
            "mean = 5 }",
            'mean = 5 }\nshare = 0.7\n[[products.choc.buy.others]]\nsupplier = "moll"\nshare = 0.2\n'
            'lead_time = { law = "constant", mean = 9 }\n[suppliers.moll]',
        ),
        "bad.toml: products.choc.buy.share of its sources (mill, moll) is 0.7 + 0.2 = 0.9; shares must add up to 1",
    ),
    (GOOD + "[suppliers.moll]\n", "bad.toml: suppliers.moll delivers nothing; name it in a table buy, or take it out"),
    (
        changed("mean = 5 }", "mean = 5 }\nmultiple = 50\ncapacity = 20"),
        "bad.toml: products.choc.buy.capacity is 20 units/month; it must be at least the least order, 50",
    ),
    (
        changed("mean = 5 }", "mean = 5 }\nminimum_order = 90\nmultiple = 60\ncapacity = 100"),
        "bad.toml: products.choc.buy.capacity is 100 units/month; it must be at least the least order, 120",
    ),
    (
        changed("mean = 5 }", "mean = 5 }\nreject = 0.1\nreject_spread = 0.4"),
        "bad.toml: products.choc.buy.reject_spread is 0.4 with a mean of 0.1; it must be below 0.3",
    ),
    (
        GOOD + '[[disruptions]]\nsupplier = "mil"\nrate = 1.0\nlength = { law = "constant", mean = 9 }\n',
        "bad.toml: disruptions[0].supplier names 'mil', which is not a supplier; did you mean mill?",
    ),
    (
        GOOD + '[[disruptions]]\nsupplier = "mill"\nlength = { law = "constant", mean = 9 }\n',
        "bad.toml: disruptions[0]: it must name when it is out by one of start, rate; it has none of them",
    ),
    (
        GOOD + '[[disruptions]]\nsupplier = "mill"\nstart = 2031-01-01\nlength = { law = "constant", mean = 9 }\n',
        "bad.toml: disruptions[0].start is 2031-01-01, outside the run; it must be from 2024-01-01 to 2024-02-29",
    ),
    # a horizon that ends before anything is scored
    (changed("months = 2", "months = 2\nwarm_up = 2"), "bad.toml: experiment.warm_up is 2 months and months is 2; the"),
    # a law and a rule that do not exist
    (changed('law = "poisson"', 'law = "poison"'), "bad.toml: demand.everyday[0].daily.law is 'poison'; it must be"),
    (
        GOOD + '[policies.mine]\nforecast = "hol"\n',
        "bad.toml: policies.mine.forecast.rule is 'hol', which is no forecast",
    ),
    (
        GOOD + '[policies.mine]\nforecast = { rule = "holt", level = 2 }\n',
        "bad.toml: policies.mine.forecast.level is 2 (share); it must be above 0 and at most 1",
    ),
    # text that is no scenario
    ("products = [", "bad.toml is not valid TOML: "),
    ("a = " + "[" * 100_000, "bad.toml is not valid TOML: "),
    ("", "bad.toml: products is missing; give a table with at least 1 entry: what customers buy"),
    ("[products]\n" + "# " * 600_000, "bad.toml has 1,200,011 bytes; a scenario may have at most 1,048,576"),
    # files that are not there or not its own
    (
        changed("\n[experiment]", '\n[demand.history]\nfile = "no.csv"\n[experiment]'),
        "bad.toml: demand.history.file is 'no.csv', and",
    ),
    ('extends = "nothing"', "there is no scenario 'nothing'; "),
    ("extends = [3]", "bad.toml: extends is [3]; it must be the name of a scenario, or a list of names"),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said[10:70] for _, said in WRONG])
def test_a_wrong_scenario_is_refused_in_one_sentence(shelf, text, said):
    """File, entry, value, what is allowed."""
    assert compared(shelf, text).startswith(said)


def test_a_file_that_is_not_text_is_refused(shelf):
    """Not every file is a scenario."""
    (shelf / "bad.toml").write_bytes(b"name = 1\n\xfc")
    said = refused(shelf, "check", "bad.toml")
    assert said == "bad.toml cannot be read as text: line 2 is not UTF-8; save it as UTF-8"


def test_a_circle_of_extends_is_refused(shelf):
    """Whichever of them is asked for."""
    (shelf / "a.toml").write_text('extends = "b"\n')
    (shelf / "b.toml").write_text('extends = "a"\n')
    said = refused(shelf, "compare", "a.toml", "--out", "results")
    assert said == "b.toml: extends goes in a circle (a.toml -> b.toml -> a.toml); take one of them out"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compare", "nope.toml"), "there is no file nope.toml; give the path of a scenario, or one of the names "),
        (("compare", "giftwear"), "there is no scenario 'giftwear'; did you mean giftware"),
        (("run", "nope.toml"), "there is no file nope.toml; "),
        (("describe", "nope.toml"), "there is no file nope.toml; "),
        (("compare", "good.toml", "--policy", "levl"), "there is no policy 'levl'; did you mean level"),
        (("run", "good.toml", "--policy", "levl"), "there is no policy 'levl'; did you mean level"),
        (("compare", "good.toml", "--policy", "nope.toml"), "there is no file nope.toml"),
        (("compare", "good.toml", "--policy", "pull", "--policy", "pull"), "the policy 'pull' is named twice; "),
        (
            ("compare", "giftware", "--set", "market.shocks=[{start = 2011-13-01, factor = 1.2}]"),
            "giftware.toml: market.shocks is '[{start = 2011-13-01, factor = 1.2}]'; it must be a list; it cannot be read "
            "from '-13-01, factor = 1.2' on",
        ),
        (
            ("compare", "giftware", "--set", "calendar.holidays=[2011-01-01"),
            "giftware.toml: calendar.holidays is '[2011-01-01'; it must be a list of dates; it breaks off at its end",
        ),
        (("compare", "good.toml", "--measure", "fil_rate"), "there is no measure 'fil_rate'; did you mean fill_rate"),
        (("compare", "good.toml", "--by", "colour"), "there is no grouping 'colour'; allowed are total, product,"),
        (("compare", "good.toml", "--replications", "0"), "good.toml: experiment.replications is 0 runs; it must be "),
        (("compare", "good.toml", "--seed", "-1"), "good.toml: experiment.seed is -1; it must be from 0 to "),
        (("compare", "good.toml", "--months", "2", "--warm-up", "2"), "good.toml: experiment.warm_up is 2 months and"),
        (("compare", "good.toml", "--set", "products.choc.prise=3"), "good.toml: products.choc.prise is 3, but there"),
        (("compare", "good.toml", "--set", "products"), "--set is 'products'; it must be ENTRY=VALUE, such as "),
        (("compare", "good.toml", "--demand", "replay"), "good.toml: demand.history.file is missing; give text: CSV"),
        (("compare", "good.toml", "--chart", "picture.gif"), "--chart is 'picture.gif'; it must end in .svg, .png,"),
        (("compare", "good.toml", "--chart", "no/picture.svg"), "--chart is 'no/picture.svg', but there is no folder"),
        (("compare", "good.toml", "--out", "good.toml"), "--out is 'good.toml', which ends like a file; it must name"),
        (
            ("compare", "good.toml", "--out", "."),
            "--out is '.', which holds 'good.toml'; name a new or an empty folder",
        ),
        (("compare", "good.toml", "--seed", "x"), "Invalid value for '--seed': 'x' is not a valid integer."),
        (("compare", "good.toml", "more"), "Got unexpected extra argument (more)"),
        (("compare", "--polcy", "x"), "No such option '--polcy'"),
        (("compaer",), "there is no command 'compaer'; there are"),
        (("run", "good.toml", "--month", "7"), "--month is '7'; it must be one of 1 to 2, or 2024-01 to 2024-02"),
        (("run", "good.toml", "--book", "plan", "--daily"), "--book plan is kept by month; leave out --daily and"),
        (
            ("run", "good.toml", "--replication", "-1"),
            "Invalid value for '--replication': -1 is not in the range x>=0.",
        ),
        (("check",), "Missing argument 'FILES...'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_command_is_refused_in_one_sentence(shelf, words, said):
    """Options err like entries."""
    assert refused(shelf, *words).startswith(said)


@pytest.fixture
def broken_rule():
    """A rule that answers what is no number on its second day of planning."""

    class Broken(Forecast, name="broken"):
        def __call__(self, past):
            return np.full((12, *past.rates.shape[1:]), np.nan)

    yield
    del Forecast.known["broken"]


@pytest.mark.usefixtures("broken_rule")
def test_a_rule_that_answers_no_number_is_refused(shelf):
    """Rule, policy, day and replication are named."""
    (shelf / "bad.toml").write_text(GOOD + '[policies.mine]\nforecast = "broken"\n')
    said = refused(shelf, "compare", "bad.toml", "--policy", "mine", "--out", "results")
    expected = "the rule 'broken' of policy 'mine' answered nan on day 0 in replication 0; an answer must be finite"
    assert said.startswith(expected)


def test_every_file_is_checked_though_one_is_wrong(shelf):
    """The good ones are described, the wrong ones told, and the status says that something is wrong."""
    (shelf / "bad.toml").write_text(changed("3.0", "-3"))
    result = sop("check", "bad.toml", "good.toml", "nope.toml")
    assert result.exit_code == 2
    assert result.stdout.startswith("good.toml: ok: 1 product, 1 supplier, 1 segment, 1 demand stream; 2 months")
    assert [line[:30] for line in result.stderr.splitlines()] == [
        "sop: bad.toml: products.choc.p",
        "sop: there is no file nope.tom",
    ]


def test_a_fault_of_the_program_is_no_fault_of_the_user(shelf, monkeypatch):
    """Status 1 and a short message; the traceback only for who asks for it."""
    monkeypatch.setattr("simulator.engine.scenario.load", lambda *_: 1 / 0)
    result = sop("describe", "good.toml")
    assert result.exit_code == 1
    assert result.stderr.startswith("sop: ZeroDivisionError: division by zero; this is a fault of the program")
    assert isinstance(sop("describe", "good.toml", "--debug").exception, ZeroDivisionError)
