"""The commands on small companies: what they print, what they write, how they end."""

import io
import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simulator import __version__, compare, load, simulate
from simulator.faces.cli import main, options
from simulator.faces.report.figures import aligned, in_strips, with_half_width, with_interval
from simulator.kernel.messages import msg

BAKERY = """
[company]
note = "bakes bread"
currency = "CHF"

[products.bread]
family = "oven"
price = 4.0
unit_cost = 2.0
opening_stock = 40
[products.bread.make]
bill = { dough = 2 }
hours = { oven = 0.1 }
lead_time = 2

[products."=rolls"]
family = "shelf"
price = 1.0
unit_cost = 0.5
opening_stock = 60
[products."=rolls".buy]
supplier = "mill"
lead_time = { law = "constant", mean = 4 }

[components.dough]
unit_cost = 0.5
opening_stock = 90
[components.dough.buy]
supplier = "mill"
lead_time = { law = "gamma", mean = 6, sd = 2 }

[resources.oven]
hours = 1.1

[suppliers.mill]

[segments.hotels]
rank = 1
[segments."@shops"]
rank = 2
patience = 5

[[demand.everyday]]
product = "bread"
segment = "hotels"
daily = { law = "poisson", mean = 6 }
[[demand.everyday]]
product = "bread"
segment = "@shops"
daily = { law = "poisson", mean = 4 }
[[demand.everyday]]
product = "=rolls"
segment = "@shops"
daily = { law = "poisson", mean = 8 }

[experiment]
months = 4
warm_up = 1
replications = 5
seed = 3
policies = ["chase", "mine"]

[policies.mine]
supply_plan = "none"
products = { rule = "order-up-to", days = 3 }
components = { rule = "order-up-to", days = 7 }
"""


@pytest.fixture
def bakery(tmp_path, monkeypatch):
    """A scenario file in a folder to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "bakery.toml").write_text(BAKERY)
    return tmp_path


def sop(*words):
    """Run a command that must end well, and take what it prints."""
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    return result.stdout


# --- compare ---------------------------------------------------------------------------------------------------------


def test_compare_says_the_same_as_the_library(bakery):
    """Same words, same defaults, same numbers."""
    answer = json.loads(sop("compare", "bakery.toml", "--json"))
    result = compare("bakery.toml")
    assert answer["sentences"] == [*map(str, result.sentences())]
    assert answer["inputs"]["seed"] == 3
    assert answer["inputs"]["replications"] == [0, 1, 2, 3, 4]
    assert [policy["name"] for policy in answer["inputs"]["policies"]] == ["chase", "mine"]
    told = pd.DataFrame(answer["summary"])
    expected = result.summary()
    assert list(told.columns) == list(expected.columns)
    np.testing.assert_array_equal(told["mean"].astype(float), expected["mean"])


def test_compare_shows_means_differences_and_a_verdict(bakery):
    """A table by policy, one against the first, then sentences."""
    printed = sop("compare", "bakery.toml", "--measure", "fill_rate", "--measure", "stock_value")
    head, means, differences, legend, verdict = printed.strip().split("\n\n")
    assert head == "bakery: 5 replications of 4 months, months 2 to 4 scored, seed 3"
    assert [line.split("  ")[0] for line in means.splitlines()[1:]] == ["Fill rate, %", "Stock of products, CHF"]
    assert means.splitlines()[0].split()[-2:] == ["chase", "mine"]
    assert " ± " in means
    assert differences.splitlines()[0].split()[0] == "against"
    assert differences.splitlines()[1].startswith("Fill rate, points")
    assert "Of 2 comparisons, 0.1 would be called different by chance alone" in legend
    assert verdict.startswith("mine ")


def test_options_change_the_scenario(bakery):
    """By name, by dotted entry, or by a file of one's own."""
    (bakery / "own.toml").write_text('note = "mine"\nforecast = "naive"\n')
    words = ("--months", "3", "--warm-up", "2", "--replications", "2", "--seed", "9", "--measure", "fill_rate")
    sets = ("--set", "company.currency=USD", "--set", "resources.oven.hours=9.5", "--set", "segments.hotels.rank=3")
    asked = json.loads(sop("compare", "bakery.toml", "--policy", "own.toml", *words, *sets, "--json"))
    inputs = asked["inputs"]
    assert (inputs["seed"], inputs["replications"]) == (9, [0, 1])
    assert (inputs["experiment"]["months"], inputs["experiment"]["warm_up"]) == (3, 2)
    assert [p["name"] for p in inputs["policies"]] == ["own"]
    assert {row["measure"] for row in asked["summary"]} == {"fill_rate"}


def test_groups_are_measured_by_themselves(bakery):
    """By product, family or segment."""
    by_family = json.loads(sop("compare", "bakery.toml", "--by", "family", "--measure", "fill_rate", "--json"))
    assert {row["family"] for row in by_family["summary"]} == {"oven", "shelf"}
    assert "Fill rate, %, oven" in sop("compare", "bakery.toml", "--by", "family", "--measure", "fill_rate")


def test_one_policy_in_two_scenarios(bakery):
    """The reference first; what --set changes is changed in the second alone; one policy only."""
    words = ("compare", "bakery.toml", "--set", "experiment.service_target=0.9", "--against", "bakery.toml")
    answer = json.loads(sop(*words, "--policy", "chase", "--measure", "fill_rate", "--months", "3", "--json"))
    assert [line["scenario"] for line in answer["summary"]] == [
        "bakery (experiment.months=3)",
        "bakery (experiment.months=3; experiment.service_target=0.9)",
    ]
    assert answer["inputs"]["experiment"]["months"] == 3
    assert len(set(answer["inputs"]["scenarios"].values())) == 2
    assert "against bakery (experiment.months=3) (95 %)" in sop(
        *words, "--policy", "chase", "--measure", "fill_rate", "--months", "3"
    )
    result = CliRunner().invoke(main, [*words, "--policy", "chase", "--policy", "level"])
    assert result.exit_code == 2
    assert "--against compares one policy in two scenarios; 2 are named, name one" in result.stderr


def test_nothing_but_the_answer_goes_to_stdout(bakery):
    """Progress is for people; a pipe gets the table alone."""
    result = CliRunner().invoke(main, ["compare", "bakery.toml", "--csv"])
    assert result.stdout.startswith("measure,title,scenario,policy,unit,")
    assert result.stderr.splitlines()[0] == "comparing policies on bakery ..."
    assert result.stderr.splitlines()[-1].startswith("comparing policies on bakery: done in ")


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_same_call_writes_the_same_bytes(bakery, form):
    """Also into a folder that holds its own earlier results."""
    contents = []
    for folder in ("one", "two", "one"):
        sop("compare", "bakery.toml", "--out", folder, "--format", form)
        contents.append({path.name: path.read_bytes() for path in (bakery / folder).iterdir()})
    assert contents[0] == contents[1] == contents[2]
    assert set(contents[0]) == {"inputs.json", f"measures.{form}", f"summary.{form}"}


def test_results_say_what_made_them(bakery):
    """Scenario in full, policies, seed, replications, versions: enough to make them again."""
    sop("compare", "bakery.toml", "--out", "out", "--set", "experiment.seed=8")
    inputs = json.loads((bakery / "out" / "inputs.json").read_text())
    assert inputs["seed"] == inputs["words"]["experiment"]["seed"] == 8
    assert inputs["versions"]["sop-sandbox"] == __version__
    assert {"python", "numpy", "scipy"} <= inputs["versions"].keys()
    assert inputs["changes"] == {"experiment.seed": 8}
    again, written = (
        compare({"name": "bakery", **inputs["words"]}).table,
        pd.read_parquet(bakery / "out" / "measures.parquet"),
    )
    assert set(written.pop("scenario")) == {"bakery (experiment.seed=8)"}
    pd.testing.assert_frame_equal(written, again.drop(columns="scenario"), check_dtype=False)


def test_the_tidy_table_has_a_row_for_each_replication_and_measure(bakery):
    """scenario, policy, replication, measure, unit, value."""
    sop("compare", "bakery.toml", "--out", "out", "--format", "csv", "--measure", "fill_rate")
    table = pd.read_csv(bakery / "out" / "measures.csv")
    assert list(table.columns) == ["scenario", "policy", "replication", "measure", "unit", "value"]
    assert len(table) == 2 * 5
    assert table["value"].between(0, 1).all()


def test_another_format_leaves_no_stale_tables(bakery):
    """A folder never holds the results of two runs."""
    sop("compare", "bakery.toml", "--out", "out", "--format", "csv")
    sop("compare", "bakery.toml", "--out", "out", "--format", "parquet")
    assert {p.suffix for p in (bakery / "out").iterdir()} == {".json", ".parquet"}


def test_a_folder_of_somebody_else_is_left_alone(bakery):
    """Even if its files have the names of ours."""
    (bakery / "theirs").mkdir()
    (bakery / "theirs" / "summary.csv").write_text("precious")
    result = CliRunner().invoke(main, ["compare", "bakery.toml", "--out", "theirs"])
    assert result.exit_code == 2
    assert result.stderr == "sop: --out is 'theirs', which holds 'summary.csv'; name a new or an empty folder\n"
    assert (bakery / "theirs" / "summary.csv").read_text() == "precious"


@pytest.mark.parametrize("out", [("--out", "out", "--format", "csv"), ("--csv",)])
def test_csv_carries_no_live_formula(bakery, out):
    """A product's name may look like one."""
    printed = sop("compare", "bakery.toml", "--by", "product", "--measure", "fill_rate", *out)
    text = printed if out == ("--csv",) else (bakery / "out" / "measures.csv").read_text()
    assert "'=rolls" in text
    assert ",=rolls" not in text


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_a_chart_is_drawn(bakery, ending):
    """Service against stock, a point a policy, to be looked at without a network."""
    sop(
        "compare",
        "bakery.toml",
        "--chart",
        f"picture.{ending}",
        "--measure",
        "fill_rate",
        "--measure",
        "days_of_supply",
    )
    content = (bakery / f"picture.{ending}").read_bytes()
    if ending == "png":
        assert content.startswith(b"\x89PNG")
    else:
        assert b"mine" in content
        assert b"https://cdn" not in content


def test_the_causes_of_what_was_lost_are_drawn(bakery):
    """Their measures are added to those that were asked for."""
    printed = sop("compare", "bakery.toml", "--view", "lost", "--chart", "lost.svg", "--measure", "fill_rate")
    assert "Lost to demand, %" in printed
    assert "Lost because of" in (bakery / "lost.svg").read_text()


def test_a_chart_needs_its_two_measures(bakery):
    """What is not measured cannot be drawn."""
    result = CliRunner().invoke(main, ["compare", "bakery.toml", "--chart", "x.svg", "--measure", "turns"])
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("sop: --chart needs the measures fill_rate and days_of_supply")
    assert not (bakery / "x.svg").exists()


# --- run -------------------------------------------------------------------------------------------------------------


def rows(*words):
    """The table that `sop run` gives to programs."""
    return pd.DataFrame(json.loads(sop("run", "bakery.toml", *words, "--json"))["rows"])


def test_a_months_table_balances(bakery):
    """Stock and backlog roll forward from month to month, family by family, and all families are their sum."""
    table = rows("--replication", "2")
    assert table["period"].unique().tolist() == ["2024-01", "2024-02", "2024-03", "2024-04"]
    for family, opening in (("oven", 40), ("shelf", 60), ("all families", 100)):
        one = table[table["family"] == family]
        moved = one["received"] - one["shipped"]
        np.testing.assert_allclose(one["on_hand"], opening + moved.cumsum())
        np.testing.assert_allclose(one["backlog"], (one["demand"] - one["shipped"] - one["lost"]).cumsum())
    parts = table[table["family"] != "all families"].groupby("period", sort=False)["demand"].sum()
    np.testing.assert_allclose(parts, table[table["family"] == "all families"]["demand"])
    assert "attainment" in table


def test_the_replication_shown_is_the_one_of_the_comparison(bakery):
    """It can be replayed alone: its books give the measures that the comparison had."""
    table = rows("--replication", "4", "--daily")
    total = table[table["family"] == "all families"]
    run = simulate("bakery.toml", "chase", 5)
    np.testing.assert_allclose(total["demand"], run.daily("due")[4].sum(axis=(1, 2)))


def test_what_was_lost_adds_up(bakery):
    """By cause it is what the measures have; people see a line a month, and it goes with no other book."""
    table = rows("--lost")
    scored = table[(table["period"] == "scored months") & (table["lost"] == "not served on the day")]
    rate = simulate("bakery.toml", "chase", 1).measures(measures=["fill_rate"])["value"].iloc[0]
    assert scored["share"].sum() == pytest.approx(1 - rate)
    assert {*table["cause"]} <= {"parts", "hours", "purchases", "quality", "demand", "records", "plan"}
    told = sop("run", "bakery.toml", "--lost")
    assert "not served on the day\nperiod" in told
    assert "most held by" in told
    for other in (["--daily"], ["--month", "2"], ["--book", "stock"]):
        refused = CliRunner().invoke(main, ["run", "bakery.toml", "--lost", *other])
        assert refused.exit_code == 2
        assert "with --lost, which is told by month" in refused.stderr


def test_a_month_is_shown_day_by_day(bakery):
    """By number or by name."""
    by_number, by_name = rows("--month", "2"), rows("--month", "2024-02")
    pd.testing.assert_frame_equal(by_number, by_name)
    assert by_number["period"].nunique() == 29
    assert by_number["period"].iloc[0] == "2024-02-01 Thu"


def test_every_book_opens(bakery):
    """Stock, orders, production, purchase, plan: by month, and by day where there are days."""
    stock = rows("--book", "stock")
    assert stock["item"].unique().tolist() == ["bread", "=rolls", "dough"]
    for item, opening in (("bread", 40), ("=rolls", 60), ("dough", 90)):
        one = stock[stock["item"] == item]
        moved = one["received"] - one["shipped"] - one["used"]
        np.testing.assert_allclose(one["on_hand"], opening + moved.cumsum())
    orders = rows("--book", "orders")
    assert set(orders["segment"]) == {"hotels", "@shops"}
    production = rows("--book", "production")
    hours = production[production["resource"] == "oven"]
    assert (hours["hours_used"] <= hours["hours_there"] + 1e-9).all()
    assert set(rows("--book", "purchase")["item"]) == {"=rolls", "dough"}
    assert {"forecast", "demand_plan", "production_plan", "safety_stock"} <= set(rows("--book", "plan").columns)
    assert len(rows("--book", "stock", "--daily")) == 3 * 121


def test_a_planner_can_read_it(bakery):
    """A block for each family, columns under each other; what says nothing is left out."""
    printed = sop("run", "bakery.toml", "--policy", "mine")
    head, *blocks = printed.strip().split("\n\n")
    assert head == "bakery, policy mine, replication 0, seed 3"
    assert [block.splitlines()[0] for block in blocks] == ["all families", "oven", "shelf"]
    title = blocks[0].splitlines()[1]
    assert title.replace("on hand", "stock").split()[-3:] == ["received", "stock", "backlog"]
    assert len({len(line) for line in blocks[0].splitlines()[1:]}) == 1
    assert "plan" in sop("run", "bakery.toml", "--policy", "chase")


def test_run_gives_csv_without_formulas(bakery):
    """To be opened in a spreadsheet."""
    assert "'=rolls" in sop("run", "bakery.toml", "--book", "stock", "--csv")


# --- check, describe, policies ---------------------------------------------------------------------------------------


def test_check_describes_scenarios_and_policies_in_short(bakery):
    """What is right, and what deserves a look."""
    (bakery / "own.toml").write_text('note = "My own way."\nforecast = "naive"\n')
    printed = sop("check", "bakery.toml", "own.toml")
    expected = "2 products, 1 component, 1 resource, 1 supplier, 2 segments, 3 demand streams; 4 months"
    assert f"bakery.toml: ok: {expected}" in printed
    assert "own.toml: ok: a policy. My own way." in printed


def test_describe_tells_the_company_or_lists_what_there_is(bakery):
    """Profile, entries, rules, measures."""
    assert "bakery: bakes bread." in sop("describe", "bakery.toml")
    assert "products.<name>.price: net price paid by customers" in sop("describe", "--entries")
    assert 'rule = "holt-winters"' in sop("describe", "--rules")
    assert "fill_rate: Fill rate (share, higher is better)" in sop("describe", "--measures")


def test_policies_are_listed_with_what_they_stand_for(bakery):
    """Every preset has a note."""
    lines = sop("policies").splitlines()
    assert {line.split(":")[0] for line in lines} >= {
        "siloed",
        "chase",
        "level",
        "reorder-point",
        "order-up-to",
        "pull",
    }
    assert all(len(line.split(": ", 1)[1]) > 20 for line in lines)


def test_verify_holds_the_simulator_against_known_answers(monkeypatch):
    """A figure that does not come out is status 1."""
    printed = sop("verify", "--only", "paired t interval")
    assert printed.startswith("ok    paired t interval")
    assert printed.splitlines()[-1] == "1 of 1 as known"
    assert json.loads(sop("verify", "--only", "paired t interval", "--json"))[0]["ok"] is True
    monkeypatch.setattr("simulator.results.verify.case.Result.ok", False)
    wrong = CliRunner().invoke(main, ["verify", "--only", "paired t interval"])
    assert (wrong.exit_code, wrong.stdout[:5]) == (1, "WRONG")
    assert CliRunner().invoke(main, ["verify", "--only", "no such case"]).exit_code == 2


def test_help_and_version():
    """Bare `sop` helps."""
    assert sop("--version") == f"sop {__version__}\n"
    assert sop().startswith("Usage: sop")
    assert "--policy NAME|FILE" in sop("compare", "--help")


# --- how it ends -----------------------------------------------------------------------------------------------------

SOP = [sys.executable, "-m", "simulator.faces.cli"]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOME = {**os.environ, "PYTHONPATH": ROOT}


def test_a_reader_who_leaves_early_is_no_fault(bakery):
    """`sop describe --entries | head -1` ends without a word."""
    process = subprocess.Popen(
        [*SOP, "describe", "--entries"], env=HOME, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()


def test_the_command_line_starts_without_the_heavy_parts():
    """NumPy, pandas and pydantic are loaded by the command that needs them."""
    code = "import sys, simulator, simulator.faces.cli; print([m for m in ('numpy', 'pandas', 'pydantic') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], env=HOME, text=True) == "[]\n"


# --- public names and figures ----------------------------------------------------------------------------------------


def test_public_names_are_functions_whatever_was_imported_before():
    """`simulator.results.compare` is also a module: importing it does not take the function's place."""
    code = "import simulator.results.compare; from simulator import compare, load, simulate; print(callable(compare))"
    assert subprocess.check_output([sys.executable, "-c", code], env=HOME, text=True) == "True\n"
    assert all(callable(name) for name in (compare, load, simulate))


def test_an_unknown_public_name_is_an_attribute_error():
    """As of any module."""
    import simulator

    with pytest.raises(AttributeError, match="has no attribute 'forecast'"):
        _ = simulator.forecast


@pytest.mark.parametrize(
    ("unit", "mean", "half", "shown"),
    [
        ("share", 0.93456, 0.0123, "93.5 ± 1.2"),
        ("share", 0.93456, 0.0001, "93.5 ± 0.0"),
        ("share", 0.65, 0.23, "65 ± 23"),
        ("money", 19_614.5, 541.0, "19.61k ± 0.54k"),
        ("money", 3_993.6, 486.0, "3,994 ± 486"),
        ("money", 4_412_345.0, 12_345.0, "4.412M ± 0.012M"),
        ("days", 27.2655, 0.9222, "27.27 ± 0.92"),
        ("days", 27.2655, 0.0, "27.3 ± 0.0"),
        ("ratio", -0.0, 0.0, "0.0 ± 0.0"),
        ("days", 27.2655, np.nan, "27.3"),
        ("days", np.nan, np.nan, "–"),
    ],
)
def test_a_mean_has_no_more_digits_than_its_interval_supports(unit, mean, half, shown):
    """And never hides the interval."""
    assert with_half_width({"unit": unit, "mean": mean, "low": mean - half, "high": mean + half}) == shown


@pytest.mark.parametrize(
    ("unit", "gap", "half", "verdict", "shown"),
    [
        ("share", 0.144, 0.016, "better", "+14.4 [+12.8, +16.0] better"),
        ("share", -0.0001, 0.01, "not distinguishable", "+0.0 [-1.0, +1.0] unclear"),
        ("share", -0.0005, 0.0003, "worse", "-0.05 [-0.08, -0.02] worse"),
        ("money", 19_371.0, 1_054.0, "worse", "+19.4k [+18.3k, +20.4k] worse"),
        ("days", 0.0, 0.0, "equal", "+0.0 [+0.0, +0.0] equal"),
        ("days", 0.02, 0.01, "too small to matter", "+0.020 [+0.010, +0.030] too small"),
        ("days", 1.5, np.nan, "one replication", "+1.5"),
        ("days", np.nan, np.nan, "", "–"),
    ],
)
def test_a_difference_has_interval_and_verdict(unit, gap, half, verdict, shown):
    """The sign is always there."""
    row = {"unit": unit, "difference": gap, "difference_low": gap - half, "difference_high": gap + half}
    assert with_interval({**row, "verdict": verdict}) == shown


def test_columns_stand_under_each_other():
    """Chinese signs take two places; a table too wide is cut into strips that repeat the first column."""
    assert aligned([["安全库存", "1"], ["stock", "12,345"]]) == "安全库存       1\nstock     12,345"
    table = [["measure", "aaaa", "bbbb", "cccc"], ["fill", "1", "2", "3"]]
    assert [strip.splitlines()[0] for strip in in_strips(table, 20)] == ["measure  aaaa  bbbb", "measure  cccc"]
    assert [strip.splitlines()[0] for strip in in_strips(table, 5)] == [f"measure  {c * 4}" for c in "abc"]


def test_load_knows_the_bakery(bakery):
    """The scenario of this file is what its comments say."""
    assert load("bakery.toml").company.families == ["oven", "shelf"]


# --- what deserves a look, what it costs, what has no effect -----------------------------------------------------------

LOADED = ("--set", "resources.oven.hours=0.5")
SAID = "oven cannot keep up: expected demand needs "
TWO_ELEMENTS = ("--element", "consensus", "--element", "safety-stock")
HEADS = {
    "compare": ("compare", "bakery.toml"),
    "run": ("run", "bakery.toml"),
    "cycle": ("cycle", "bakery.toml", "--month", "2"),
    "bridge": (
        "bridge",
        "bakery.toml",
        "--full",
        "sop",
        *TWO_ELEMENTS,
        "--replications",
        "2",
        "--workers",
        "1",
        "--as-run",
    ),
    "fva": ("fva", "bakery.toml", "--replications", "2", "--workers", "1", "--as-run"),
    "warmup": ("warmup", "bakery.toml", "--replications", "2"),
    "optimise": ("optimise", "bakery.toml", "--service", "0.02", "--replications", "5", "--workers", "1"),
    "by product": (
        "optimise",
        "bakery.toml",
        "--service",
        "0.02",
        "--replications",
        "5",
        "--workers",
        "1",
        "--by-product",
    ),
}


@pytest.fixture
def two_years(monkeypatch):
    """The start of a run is looked at for two years instead of three."""
    monkeypatch.setattr("simulator.studies.warmup.YEARS", 2)


@pytest.mark.parametrize("name", HEADS)
def test_what_deserves_a_look_stands_at_the_head_of_every_answer(bakery, two_years, name):
    """For people below what was run; for programs in JSON, and beside a CSV, which has no room for it.

    No line of such a table passes for one of the company as its file has it.
    """
    text = sop(*HEADS[name], *LOADED).splitlines()
    assert text[1].startswith(f"look at: {SAID}"), text[:3]
    told = json.loads(sop(*HEADS[name], *LOADED, "--json"))
    assert told.get("inputs", told)["cautions"][0].startswith(SAID)
    if name != "cycle":
        result = CliRunner().invoke(main, [*HEADS[name], *LOADED, "--csv"])
        assert f"look at: {SAID}" in result.stderr
        assert SAID not in result.stdout
        assert set(pd.read_csv(io.StringIO(result.stdout))["scenario"]) == {"bakery (resources.oven.hours=0.5)"}


def test_papers_and_folders_hold_what_deserves_a_look(bakery):
    """Whoever gets them did not see the command."""
    for file in ("month.html", "month.md"):
        sop("cycle", "bakery.toml", "--month", "2", *LOADED, "--out", file)
        assert f"Look at: {SAID}" in (bakery / file).read_text(encoding="utf-8")
    sop("compare", "bakery.toml", *LOADED, "--out", "out")
    assert json.loads((bakery / "out" / "inputs.json").read_text())["cautions"][0].startswith(SAID)


LONG = ("--replications", "1000000")


@pytest.mark.parametrize("name", ["compare", "bridge", "fva", "warmup", "optimise", "by product"])
def test_long_work_is_told_before_and_asked_for(bakery, name, monkeypatch):
    """Seconds and memory, what deserves a look, and how to answer where nobody can be asked; nothing was run."""
    monkeypatch.setattr("simulator.studies.cost.timed", lambda *_: (1.0, 0.01))
    words = [word for word in HEADS[name] if word not in ("--replications", "2", "5")]
    result = CliRunner().invoke(main, [*words, *LONG, *LOADED])
    assert result.exit_code == 2
    look, cost, refused = result.stderr.splitlines()[-3:]
    assert look.startswith(f"look at: {SAID}")
    assert cost.startswith("this takes about ")
    assert cost.endswith(" of memory")
    assert "; give --yes to start it, or take fewer runs" in refused
    assert result.stdout == ""


def test_known_answers_tell_their_cost(monkeypatch):
    """An hour of them is asked for; a formula alone costs nothing."""
    monkeypatch.setattr("simulator.studies.cost.timed", lambda *_: (60.0, 1.0))
    result = CliRunner().invoke(main, ["verify"])
    assert result.exit_code == 2
    assert "give --yes to start it" in result.stderr
    assert CliRunner().invoke(main, ["verify", "--only", "paired t interval"]).exit_code == 0


IDLE = [
    ("compare bakery.toml --format csv", "--format has no effect without --out"),
    ("compare bakery.toml --json --csv", "--json and --csv exclude each other"),
    ("compare bakery.toml --out x.docx", "--out is 'x.docx', which ends like a file; it must name a folder, such as x"),
    ("compare bakery.toml --against bakery.toml", "--against is 'bakery.toml', the same scenario"),
    ("run bakery.toml --month 2 --daily", "--daily has no effect with --month"),
    ("run bakery.toml --book budget --daily", "--daily has no effect on the budget"),
    ("run bakery.toml --book budget --month 2", "--month has no effect on the budget"),
    ("cycle bakery.toml --json --out x.md", "--json has no effect with --out"),
    ("warmup bakery.toml --months 9", "--months has no effect on the start of a run"),
    ("optimise bakery.toml --service 0.9 --by-product --measure otif", "--measure has no effect with --by-product"),
    ("optimise bakery.toml --service 0.9 --by-product --budget 9", "--budget has no effect with --by-product"),
    ("optimise bakery.toml --service 0.9 --budget 9 --difference 2", "--difference has no effect with --budget"),
    ("results x --chart a.svg", "--chart has no effect without a view"),
    ("results x --service 0.9", "--service has no effect without a view"),
    ("results x --policy sop", "--policy has no effect without a view"),
    ("results x --effects --tornado", "--effects and --tornado exclude each other"),
    ("results x --effects --heat a,b", "--heat and --effects exclude each other"),
    ("results x --effects --export a.csv", "--export has no effect with --effects"),
    ("results x --effects --runs", "--runs has no effect with --effects"),
    ("results x --effects --service 0.9", "--service has no effect without --best"),
    ("results x --frontier --policy sop", "--policy has no effect with --frontier"),
    ("results x --frontier --measure otif", "--measure has no effect with --frontier"),
    ("results x --effects --measure otif --measure fill_rate", "--effects shows one measure; 2 are named"),
    ("results x --runs --check", "--runs and --check exclude each other"),
    ("results x --check --csv", "--csv has no effect with --check"),
    ("results x --export a.csv --json", "--json has no effect with --export"),
    ("sweep safety-stock --plan --yes", "--yes has no effect with --plan"),
    ("sweep safety-stock --out x.parquet", "ends like a file; it must name a folder"),
    *[
        (f"{words} y.{ending}", f"is 'y.{ending}', which ends like a file; it must name a folder, such as y, or one")
        for words in ("compare bakery.toml --out", "sweep safety-stock --out", "dashboard --results")
        for ending in ("docx", "odp", "feather", "DB")
    ],
    (
        "ghost bakery.toml --month 2 --decision forecast:bread=1 --out y.docx",
        "--out is 'y.docx', which ends like a file",
    ),
    (
        "compare bakery.toml --out bakery.toml/results",
        "--out is 'bakery.toml/results', but 'bakery.toml' is a file; name",
    ),
    ("dashboard --results notes", "--results is 'notes', but 'notes' is a file; name a folder"),
    ("compare bakery.toml --view lost", "--view has no effect without --chart"),
    ("compare bakery.toml --view lost --chart y.svg --by family", "--by has no effect with --view lost"),
    ("compare bakery.toml --chart y.docx", "--chart is 'y.docx'; it must end in .svg, .png, .html"),
    ("cycle bakery.toml --out y.docx", "--out is 'y.docx'; it must end in .html, .md, .xlsx, .pptx, .pdf"),
    (
        "ghost bakery.toml --month 2 --decision forecast:bread=1 --out .",
        "--out is '.', which holds 'bakery.toml'; name a",
    ),
    ("describe bakery.toml --rules", "scenario has no effect with --rules"),
    ("describe --rules --entries", "--entries and --rules exclude each other"),
    ("dashboard --examples --port 8888", "--port has no effect with --examples"),
]


@pytest.mark.parametrize(("words", "sentence"), IDLE, ids=[words for words, _ in IDLE])
def test_an_option_that_would_change_nothing_is_refused(bakery, words, sentence):
    """In one sentence, before any work."""
    (bakery / "notes").write_text("mine")
    before = sorted(bakery.rglob("*"))
    result = CliRunner().invoke(main, words.split())
    assert result.exit_code == 2, result.output
    assert sentence in result.stderr
    assert sorted(bakery.rglob("*")) == before
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


@pytest.mark.parametrize("folder", ["results", "study.v2", "run.2025", "2025.06.01", ".hidden", "there.docx"])
def test_a_folder_may_have_a_dot(bakery, folder):
    """A version, a date; and any name if it is there."""
    if folder == "there.docx":
        (bakery / folder).mkdir()
    sop("compare", "bakery.toml", "--policy", "chase", "--out", folder)
    assert (bakery / folder / "inputs.json").is_file()


def test_reading_is_shown_on_a_terminal_alone(monkeypatch, capfd):
    """A bar once it is heard of, nothing in a pipe."""
    for terminal in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda there=terminal: there)
        with options.bar(msg("reading {file}", file="orders.csv")) as tell:
            tell(1, 2)
        assert ("reading orders.csv" in capfd.readouterr().err) is terminal


def test_two_changes_of_one_scenario_are_told_apart_in_every_table(bakery):
    """Put under each other, no line of one passes for a line of the other."""
    for price in (4.5, 5.5):
        told = sop(
            "compare", "bakery.toml", "--measure", "fill_rate", "--set", f"products.bread.price={price}", "--csv"
        )
        assert set(pd.read_csv(io.StringIO(told))["scenario"]) == {f"bakery (products.bread.price={price})"}
    for form, read in (("csv", pd.read_csv), ("parquet", pd.read_parquet)):
        both = ("compare", "bakery.toml", "--against", "bakery.toml", "--policy", "chase", "--format", form)
        sop(*both, "--set", "products.bread.price=5.5", "--out", form)
        for table in ("measures", "summary"):
            found = read(bakery / form / f"{table}.{form}")
            assert set(found["scenario"]) == {"bakery", "bakery (products.bread.price=5.5)"}


def test_a_value_that_the_file_has_is_no_change(bakery):
    """And how often it is run changes no company."""
    told = sop("compare", "bakery.toml", "--set", "products.bread.price=4.0", "--replications", "3", "--csv")
    assert ",bakery," in told


@pytest.mark.parametrize("asked", ["--service -1", "--service 0.9 --confidence 3", "--service 2 --by-product"])
def test_what_is_wrong_is_said_before_what_it_would_cost(asked):
    """A search of trading takes half a minute; one that cannot be done takes none."""
    result = CliRunner().invoke(main, ["optimise", "trading", *asked.split()])
    assert result.exit_code == 2
    assert result.output.startswith("sop: the ")
    assert result.output.count("\n") == 1
