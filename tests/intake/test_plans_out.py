"""Plans leave by item and month in the columns in which tables came in, and load back to the unit."""

import datetime as dt
import io
import zipfile

import numpy as np
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from simulator.company.intake.facts import read_facts
from simulator.company.intake.mapping import Wishes, read_mapping
from simulator.company.intake.reading import Reader, understood
from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.faces.report.data_report import imported
from simulator.faces.report.plan_files import write_plans
from simulator.results.reading.item_plans import item_plans, plan_rows, plans_of_rows
from simulator.results.reading.month import Month
from simulator.results.run import simulate

HISTORY = [dt.date(2023, 1, 2) + dt.timedelta(day) for day in range(730) if (day + 1) % 7 < 5]
SALES = "\r\n".join(
    [
        "Auftragsdatum;Artikelnr;Menge",
        *(f"{day:%d.%m.%Y};{'A-1' if k % 2 else '007'};{10 + k % 7},5" for k, day in enumerate(HISTORY)),
    ]
).encode("cp1252")
OPEN = "Artikelnr;Liefertermin;Menge;Lieferant\r\nA-1;15.01.2025;40,0;Müller\r\n".encode("cp1252")
ITEMS = "Artikelnr;Bestand;Lieferant\r\nA-1;300;Müller\r\n007;200;Weber\r\n".encode("cp1252")


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    place = tmp_path_factory.mktemp("plans")
    for name, content in (("Absatz.csv", SALES), ("Bestellungen.csv", OPEN), ("Artikel.csv", ITEMS)):
        (place / name).write_bytes(content)
    imported(
        [place / name for name in ("Absatz.csv", "Bestellungen.csv", "Artikel.csv")],
        Wishes(),
        place / "mine",
        "mine",
        10,
    )
    return place / "mine"


@pytest.fixture(scope="module")
def plans(company):
    scenario = load(str(company), {"experiment.months": 3, "experiment.warm_up": 1})
    found = item_plans(Month(simulate(scenario, "sop", [0]).books_of(0)[0], 1, 0))
    return {plan.kind: plan for plan in found}, scenario


def read_back(path, company):
    """The rows of a file as the next import reads them."""
    tables, _ = understood([path], read_mapping(company / "mapping.toml", Wishes()))
    reader = Reader(tables, Wishes())
    return reader, {(p, f"{d:%Y-%m}"): q for p, d, q in zip(*rows_of(reader), strict=True)}


def rows_of(reader):
    reader.demand()
    return reader.rows.product, reader.rows.date, reader.rows.quantity


def as_told(plan):
    return {(item, m): plan.units[k, i] for i, item in enumerate(plan.items) for k, m in enumerate(plan.months)}


def test_a_sales_plan_loads_back_in_the_columns_it_came_in(company, plans, tmp_path):
    kept, scenario = plans
    write_plans(tmp_path, [*kept.values()], scenario)
    head = (tmp_path / "sales-plan.csv").read_text(encoding="utf-8-sig").splitlines()[:2]
    assert head[0] == "Artikelnr;Auftragsdatum;Menge"
    assert head[1].split(";")[1] == "01.02.2025"
    assert "," in head[1]
    reader, back = read_back(tmp_path / "sales-plan.csv", company)
    told = as_told(kept["sales"])
    assert sum(told.values()) > 1_000
    assert back == pytest.approx(told, rel=1e-9)
    assert not reader.remarks.found
    assert read_back(tmp_path / "inventory-plan.csv", company)[1] == pytest.approx(as_told(kept["inventory"]), rel=1e-9)


def test_a_purchase_plan_loads_back_as_open_purchases(company, plans, tmp_path):
    kept, scenario = plans
    write_plans(tmp_path, [*kept.values()], scenario)
    assert (
        (tmp_path / "purchase-plan.csv")
        .read_text(encoding="cp1252")
        .startswith("Artikelnr;Liefertermin;Menge;Lieferant\n")
    )
    (tmp_path / "Absatz.csv").write_bytes(SALES)
    tables, _ = understood(
        [tmp_path / "Absatz.csv", tmp_path / "purchase-plan.csv"], read_mapping(company / "mapping.toml", Wishes())
    )
    assert [table.table for table in tables] == ["demand", "open_purchases"]
    facts = read_facts(Reader(tables, Wishes()))
    plan = kept["purchase"]
    assert sum(each["quantity"] for each in facts.open_purchases) == pytest.approx(plan.units.sum())
    assert len(facts.open_purchases) == np.count_nonzero(plan.units > 0)
    assert {each["due"].day for each in facts.open_purchases} <= {28, 29, 30, 31}


def test_the_workbook_holds_all_plans_and_loads_back_as_sales_alone(company, plans, tmp_path):
    kept, scenario = plans
    write_plans(tmp_path, [*kept.values()], scenario)
    book = CalamineWorkbook.from_path(tmp_path / "plans.xlsx")
    sheet = book.get_sheet_by_name("Inventory plan").to_python()
    assert sheet[0][:3] == ["Artikelnr", "Family", "2025-02"]
    stock = kept["inventory"]
    told = dict(zip(stock.items, stock.units[0], strict=True))
    assert {row[0]: row[2] for row in sheet[1:]} == pytest.approx(told)
    _, back = read_back(tmp_path / "plans.xlsx", company)
    assert back == pytest.approx(as_told(kept["sales"]))


def test_a_plan_that_came_in_with_a_column_a_month_leaves_so(company, plans, tmp_path):
    kept, scenario = plans
    (tmp_path / "wide.toml").write_text('[[files]]\ntable = "demand"\nfile = "x"\ncolumns = { product = "Teil" }\n')
    write_plans(tmp_path, [kept["sales"]], scenario, tmp_path / "wide.toml")
    head, *rows = (tmp_path / "sales-plan.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head == "Teil," + ",".join(kept["sales"].months)
    assert [row.split(",")[0] for row in rows] == list(kept["sales"].items)
    assert float(rows[0].split(",")[3]) == pytest.approx(kept["sales"].units[2, 0])


def test_the_command_writes_what_the_company_plans(company, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    short = ["--months", "3", "--warm-up", "1", "--out", "out"]
    told = CliRunner().invoke(main, ["plans", str(company), "--month", "2", *short])
    assert told.exit_code == 0, told.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "inventory-plan.csv", "plans.xlsx", "purchase-plan.csv", "sales-plan.csv",
    ]  # fmt: skip
    told = CliRunner().invoke(main, ["plans", "trading", "--policy", "pull", *short])
    assert told.exit_code == 2
    assert "holds no cycle" in told.output


def test_plans_that_a_page_keeps_come_back_as_they_were(plans, company, monkeypatch):
    """Row by row, and in the columns of the mapping of the company that a reader brought."""
    from dashboard import downloads
    from dashboard.asks import Ask
    from dashboard.case import Case

    kept, scenario = plans
    rows = plan_rows({"1": [kept["sales"]], "2": [*kept.values()]})
    for plan in plans_of_rows(rows, "2"):
        assert (list(plan.items), list(plan.months)) == (list(kept[plan.kind].items), list(kept[plan.kind].months))
        assert plan.units.tolist() == kept[plan.kind].units.tolist()
    monkeypatch.setattr(downloads.results, "table", lambda ask, name: rows)
    monkeypatch.setattr(downloads, "scenario_of", lambda case: scenario)
    ask = Ask("months", Case("trading"), ("sop",), 1, 1, (("replication", 0),))
    made = downloads.plans_file(ask, "2", (company / "mapping.toml").read_text(encoding="utf-8"))
    archive = zipfile.ZipFile(io.BytesIO(made))
    assert "plans.xlsx" in archive.namelist()
    assert archive.read("sales-plan.csv").decode("utf-8-sig").startswith("Artikelnr;Auftragsdatum;Menge")
