"""The template: every head is understood in every language, and a workbook that is filled in becomes a company with all that it says."""

import datetime as dt

import pytest
import python_calamine
import xlsxwriter
from click.testing import CliRunner

from simulator.company.intake.mapping import Wishes
from simulator.company.intake.roles import EXAMPLE, NEEDED_ROLES, SHEET_WORDS, head_word, role_of
from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.faces.report.data_report import imported
from simulator.faces.report.template import TEMPLATE_SHEETS, write_template
from simulator.kernel.messages import LANGUAGES, speaking, written


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_head_and_sheet_of_the_template_is_understood(language):
    for table, (name, _, columns) in TEMPLATE_SHEETS.items():
        assert head_word(written(name, language)) in SHEET_WORDS[table]
        assert [role_of(written(column.head, language)) for column in columns] == [column.role for column in columns]
        assert set(NEEDED_ROLES[table]) <= {column.role for column in columns}


def filled(path, empty):
    """The template's sheets with rows of a small company below the examples."""
    made = {
        0: [("K1", dt.datetime(2024, month, 1), 30 + month) for month in range(1, 13)]
        + [("B1", dt.datetime(2024, month, 1), 10) for month in range(1, 13)],
        1: [
            ("K1", "kettle", "kitchen", 40, 22, 2, None, None, None, None, None, 75, "yes", 0.5, "bench", None),
            ("B1", "bowl", "kitchen", 12, 6, 30, 6, "Weber", 48, 12, None, 20, "no", None, None, 90),
        ],
        2: [("B1", dt.datetime(2025, 1, 20), 48, "Weber")],
        3: [("K1", dt.datetime(2025, 1, 5), 4, "shops")],
        4: [("bench", 8, 0.1)],
        5: [
            ("bench", 1, None, 7),
            ("bench", 2, dt.datetime(2025, 2, 3), None),
            ("bench", -1, dt.datetime(2025, 3, 3), None),
            ("press", 3, None, None),
        ],
        6: [("B1", dt.datetime(2025, 2, 10), 60, 3, None)],
        7: [("K1", "handle", 2), ("K1", "B1", 1)],
    }
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, name in enumerate(empty.sheet_names[1:]):
            sheet = book.add_worksheet(name)
            rows = [*empty.get_sheet_by_name(name).to_python(), *made[place]]
            for r, row in enumerate(rows):
                for k, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(r, k, cell, day)
                    elif cell is not None:
                        sheet.write(r, k, cell)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_in_workbook_becomes_a_company_with_all_its_sheets(tmp_path, language):
    with speaking(language):
        write_template(tmp_path / "empty.xlsx")
        empty = python_calamine.CalamineWorkbook.from_path(tmp_path / "empty.xlsx")
        book = filled(tmp_path / "items.xlsx", empty)
        done = imported([book], Wishes(), tmp_path / "mine", "mine", 500)
    assert dict(done.reader.remarks.counts) == {"example": 8}
    assert [remark.value for remark in done.reader.remarks.found] == [EXAMPLE] * 8
    company = done.scenario.company
    assert (done.found.bucket, company.calendar.start) == ("month", dt.date(2025, 1, 1))
    kettle, bowl = company.products["K1"], company.products["B1"]
    assert (kettle.price, kettle.unit_cost, kettle.opening_stock, kettle.family) == (40, 22, 75, "kitchen")
    assert (kettle.make.hours, kettle.make.bill, kettle.make.lead_time) == ({"bench": 0.5}, {"handle": 2, "B1": 1}, 2)
    assert (bowl.buy.supplier, bowl.buy.minimum_order, bowl.buy.multiple, bowl.shelf_life) == ("Weber", 48, 12, 90)
    assert (bowl.buy.lead_time.mean, bowl.buy.lead_time.sd) == (30, 6)
    bench = company.resources["bench"]
    assert (bench.hours, bench.people.heads, bench.people.hours, bench.people.least) == (8, 1, 7, 0)
    assert [(each.on, each.heads) for each in bench.people.changes] == [
        (dt.date(2025, 2, 3), 2),
        (dt.date(2025, 3, 3), -1),
    ]
    assert "people of resources that no table has: press" in " ".join(map(str, done.found.assumed)) or language == "zh"
    (frame,) = company.open_frames
    assert (frame.product, frame.segment, frame.quantity, frame.first, frame.call_offs) == (
        "B1", "customers", 60, dt.date(2025, 2, 10), 3,
    )  # fmt: skip
    assert "handle" in company.components
    (purchase,), (order,) = company.open_purchases, company.open_orders
    assert (purchase.item, purchase.due, purchase.quantity) == ("B1", dt.date(2025, 1, 20), 48)
    assert (order.product, order.segment, order.due, order.quantity) == ("K1", "customers", dt.date(2025, 1, 5), 4)


def test_the_template_is_no_company_and_writes_over_nothing(tmp_path):
    path = tmp_path / "items.xlsx"
    assert CliRunner().invoke(main, ["template", str(path)]).exit_code == 0
    again = CliRunner().invoke(main, ["template", str(path)])
    assert again.exit_code == 2
    assert "it is there already; name another file" in again.output
    assert "must end in .xlsx" in CliRunner().invoke(main, ["template", str(tmp_path / "items.csv")]).output
    empty = CliRunner().invoke(main, ["import", str(path), "--out", str(tmp_path / "mine")])
    assert empty.exit_code == 2
    assert "no row of demand can be read" in empty.output


def test_what_the_user_writes_stays_when_tables_are_imported_again(tmp_path):
    sales, folder = tmp_path / "sales.csv", tmp_path / "mine"
    rows = [f"2024-{month:02}-01,cup,{100 + month}" for month in range(1, 13)]
    sales.write_text("\n".join(["date,product,quantity", *rows]), encoding="utf-8")
    imported([sales], Wishes(), folder, "mine", 500)
    own = folder / "company.toml"
    own.write_text(own.read_text(encoding="utf-8") + "\n[products.cup]\nprice = 9.0\n", encoding="utf-8")
    sales.write_text("\n".join(["date,product,quantity", *rows, "2025-01-01,cup,140"]), encoding="utf-8")
    again = imported([sales], Wishes(), folder, "mine", 500)
    assert again.scenario.company.products["cup"].price == 9.0
    assert again.scenario.company.calendar.start == dt.date(2025, 2, 1)
    assert load(own).company == again.scenario.company
    own.write_text('[company]\nname = "mine alone"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="was not made by sop import; name another folder"):
        imported([sales], Wishes(), folder, "mine", 500)


def test_the_folder_stands_for_its_company(tmp_path, monkeypatch):
    sales = tmp_path / "sales.csv"
    sales.write_text(
        "\n".join(["date,product,quantity", *(f"2024-{m:02}-01,cup,9" for m in range(1, 13))]), encoding="utf-8"
    )
    imported([sales], Wishes(), tmp_path / "mine", "mine", 500)
    monkeypatch.chdir(tmp_path)
    assert load("mine").company == load("mine/company.toml").company
    assert load("mine").name == "mine"
    assert "12 months of totals tell no season from luck" in f"{load('mine').assumed[0]}"
    with pytest.raises(ValueError, match="there is no scenario 'theirs'"):
        load("theirs")
