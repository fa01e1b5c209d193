"""A measure has one figure of a month of a lone replication, whoever shows it: one reader, one definition.

On the tight company under departments whose decisions take effect ten working days late, so that the plan in force when
a month begins is another one than the latest that was approved.
"""

import io
import json
import re
import zipfile

import numpy as np
import pytest
from click.testing import CliRunner

from dashboard.export import workbook
from simulator.faces.cli import main
from simulator.faces.documents import cycle_tables, documents_of
from simulator.faces.documents.layout import shown
from simulator.faces.documents.paper import SHARE, UNITS
from simulator.faces.documents.web import as_page
from simulator.results.kpis import measure_values
from simulator.results.run import simulate
from simulator.results.story import by_day, story
from tests.laws.tight import PATH, scenario

POLICY, REPLICATION, MONTH = "siloed", 0, 8
NOW = MONTH + 1
"""The cycle whose documents look back on the month."""

ASKED = (str(PATH), "--policy", POLICY, "--replication", str(REPLICATION))


@pytest.fixture(scope="module")
def run():
    """The replication alone."""
    return simulate(scenario(), POLICY, [REPLICATION])


@pytest.fixture(scope="module")
def books(run):
    """Its books."""
    return next(run.books())


@pytest.fixture(scope="module")
def told(run):
    """The sales report of the cycle after the month, as a table of figures."""
    return cycle_tables(run, NOW + 1)["sales_report"]


@pytest.fixture(scope="module")
def rows():
    """What `sop run --json` shows of every month."""
    answer = CliRunner().invoke(main, ["run", *ASKED, "--json"])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)["rows"]


@pytest.fixture(scope="module")
def opened(rows):
    """What it shows of the month, all families together."""
    return [row for row in rows if row["family"] == "all families"][MONTH]


@pytest.fixture(scope="module")
def narrated():
    """What a comparison keeps of the month for its pages."""
    company = scenario()
    months = story(company, [company.policy(POLICY)], [REPLICATION], company.experiment.seed).months()
    month = months[months["month"] == company.days.month_name(MONTH)]
    return dict(zip(month["series"], month["mean"], strict=True))


@pytest.fixture(scope="module")
def followed():
    """What the page of one possible year follows: the days of the month, all families together."""
    company = scenario()
    days = by_day(company, company.policy(POLICY), [REPLICATION], company.experiment.seed)
    days = days[(days["family"] == "total") & days["day"].str.startswith(company.days.month_name(MONTH))]
    return {name: part[f"run {REPLICATION}"].to_numpy() for name, part in days.groupby("series")}


def written(told, table, name, figure="actual"):
    """One number of a document, of all families together."""
    (value,) = told[(told["table"] == table) & (told["figure"] == figure) & (told["name"] == name)]["value"]
    return value


def measured(books, name, months=(MONTH, MONTH + 1)):
    """A measure of the month."""
    return float(measure_values(books, name, months)[0, 0])


SALES, SENT, MADE = "Sales (orders due)", "Shipments", "Production (good units started)"
STOCK, OWED = "Stock of all products on hand at the end", "Backlog at the end"


def test_units_of_a_month_are_the_same_everywhere(told, opened, narrated, followed):
    """Demand, shipments, production, plan, stock and backlog in the report, `sop run`, the story and the days."""
    each = {
        "demand": (written(told, SALES, "total"), opened["demand"], narrated["demand"], followed["demand"].sum()),
        "shipped": (written(told, SENT, "total"), opened["shipped"], narrated["shipped"], followed["shipped"].sum()),
        "made": (written(told, MADE, "total"), opened["made"], narrated["production"], followed["production"].sum()),
        "plan": (written(told, MADE, "total", "plan"), opened["plan"]),
        "on hand": (written(told, STOCK, "total", "on hand"), opened["on_hand"], followed["stock"][-1]),
        "stock at cost": (written(told, STOCK, "total", "at cost"), narrated["stock"]),
        "owed": (written(told, OWED, "total"), opened["backlog"], followed["backlog"][-1]),
        "owed at price": (written(told, OWED, "total", "at price"), narrated["backlog"]),
    }
    for name, figures in each.items():
        assert figures[0] > 0, name  # what is nothing everywhere proves nothing
        np.testing.assert_allclose(figures, figures[0], rtol=1e-9, err_msg=name)


def test_plan_attainment_of_a_month_is_the_same_everywhere(run, books, told, opened):
    """The measure, `sop run`, and the sentence of the report; and it is what the plan in force and production come to."""
    kept = measured(books, "plan_attainment")
    made, plan = (told[(told["table"] == MADE) & (told["figure"] == each)] for each in ("actual", "plan"))
    made, plan = (each[each["name"] != "total"]["value"].to_numpy() for each in (made, plan))
    assert kept == pytest.approx(1 - np.abs(made - plan).sum() / plan.sum())
    assert opened["attainment"] == pytest.approx(kept)
    (said,) = [text for text in told["text"] if "of the plan was kept" in text]
    assert re.search(r"by family (-?[\d.]+ %) of the plan was kept", said)[1] == str(shown(kept, SHARE))
    latest = books.plans.production[MONTH, 0, :, 0]
    assert np.abs(latest - plan).sum() > 1  # else any version would do


def test_what_a_comparison_says_of_a_month_is_what_its_document_says(told, opened):
    """`sop compare --json`, with this month the only one that is scored."""
    changes = ["--set", f"experiment.warm_up={MONTH}", "--set", f"experiment.months={MONTH + 1}"]
    asked = ["compare", str(PATH), "--policy", POLICY, "--policy", "chase", *changes, "--replications", "1"]
    answer = CliRunner().invoke(main, [*asked, "--json"])
    assert answer.exit_code == 0, answer.output
    mine = {row["measure"]: row["mean"] for row in json.loads(answer.stdout)["summary"] if row["policy"] == POLICY}
    assert mine["plan_attainment"] == pytest.approx(opened["attainment"])
    assert mine["fill_rate"] == pytest.approx(written(told, SENT, "total", "served on the day"))


def test_scored_months_of_a_run_add_up_to_its_measure(run, rows):
    """Sums over the months that `sop run` shows, family by family: the ratio of sums that a comparison has."""
    first = scenario().days.month_name(scenario().experiment.warm_up)
    scored = [row for row in rows if row["family"] != "all families" and row["period"] >= first]
    off, planned = (sum(abs(row["made"] - row["plan"]) for row in scored), sum(row["plan"] for row in scored))
    (value,) = run.measures(measures=["plan_attainment"])["value"]
    assert value == pytest.approx(1 - off / planned)


def test_service_of_a_month_is_the_same_everywhere(books, told):
    """Fill rate of all and of each family, in the measure, the grid and the sentence."""
    rate = measured(books, "fill_rate")
    assert 0 < rate < 1
    assert written(told, SENT, "total", "served on the day") == pytest.approx(rate)
    by_family = measure_values(books, "fill_rate", (MONTH, MONTH + 1), "family")[:, 0]
    for name, share in zip(books.scenario.network.families, by_family, strict=True):
        np.testing.assert_allclose(written(told, SENT, name, "served on the day"), share)
    assert any(f"{shown(rate, SHARE)} of demand was served on the day" in text for text in told["text"])


@pytest.mark.parametrize(
    ("table", "measure"),
    [
        ("Error (WMAPE)", "wmape_final"),
        ("Error (WMAPE)", "forecast_wmape"),
        ("Bias, forecast less demand", "forecast_bias"),
    ],
)
def test_forecast_errors_are_the_same_everywhere(books, told, table, measure):
    """Over the months on which the report looks back, which begin with the first that was forecast."""
    window = (books.plans.forecast_in[0] + 1, NOW)
    assert written(told, table, "total", "agreed") == pytest.approx(measured(books, measure, window))


def test_load_is_the_same_everywhere(books):
    """The busiest resource of the month in `sop run --book production` and in the measure."""
    answer = CliRunner().invoke(main, ["run", *ASKED, "--book", "production", "--json"])
    month = scenario().days.month_name(MONTH)
    loads = [row["load"] for row in json.loads(answer.stdout)["rows"] if row["period"] == month and row["resource"]]
    assert max(loads) == pytest.approx(measured(books, "peak_utilisation"))


def test_workbook_page_and_text_show_what_the_document_says(run, told):
    """The same figures in the workbook and to the last bit in the JSON, and to the digits shown on the page and in the terminal."""
    sheet = zipfile.ZipFile(io.BytesIO(workbook({"sales_report": told}))).read("xl/worksheets/sheet1.xml").decode()
    values = [float(value) for value in re.findall(r'<c r="L\d+"><v>([^<]+)</v>', sheet)]
    np.testing.assert_allclose(values, told["value"].dropna(), rtol=1e-14)
    answer = CliRunner().invoke(main, ["cycle", *ASKED, "--month", str(NOW + 1), "--json"])
    rows = json.loads(answer.stdout)["documents"]["sales_report"]["rows"]
    np.testing.assert_array_equal(np.array([row["value"] for row in rows], dtype=float), told["value"].to_numpy())
    page = as_page("A month", documents_of(run, NOW + 1))
    text = CliRunner().invoke(main, ["cycle", *ASKED, "--month", str(NOW + 1)]).stdout
    for table, name in ((SALES, "actual"), (MADE, "actual"), (MADE, "plan"), (SENT, "served on the day")):
        unit = SHARE if "served" in name else UNITS
        digits = str(shown(written(told, table, "total", name), unit))
        assert digits in page
        assert digits in text


def test_days_of_stock_say_of_which_stock(run, told):
    """All products on hand, or those made here with what is under way: two stocks, and each says which it is."""
    days = [(row.table, row.figure) for row in told.itertuples() if row.unit == "days"]
    assert set(days) == {(STOCK, "lasts for at the demand plan")}
    minutes = cycle_tables(run, NOW + 1)["executive_meeting"]
    named = {row.figure for row in minutes.itertuples() if row.unit == "days"}
    assert named == {"Stock of all products less what is owed"}
