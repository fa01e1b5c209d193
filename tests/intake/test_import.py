"""From an export to a company: any dialect to the unit, all remarks at once, nothing silently, nothing harmful."""

import csv
import datetime as dt
import gzip
import io
import os
import tomllib
import zipfile

import numpy as np
import pytest
import python_calamine
import xlsxwriter
from click.testing import CliRunner

from simulator.company.intake.mapping import Wishes
from simulator.company.intake.sheets import delimiter_of
from simulator.company.intake.values import date_of, date_order, decimal_mark, number_of
from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.faces.report.data_report import imported
from simulator.kernel.units import ScenarioError
from tests.intake.dialects import ROWS, UNITS, dialects, german, text

DIALECTS = dialects()


@pytest.fixture
def shelf(tmp_path):
    """Write a file and give its path."""

    def put(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


def run(tmp_path, *files, **wishes):
    """Import files into a folder beside them."""
    return imported(list(files), Wishes(**wishes), tmp_path / "company", "company", 500)


def written(tmp_path):
    """The rows of the demand that was written."""
    with (tmp_path / "company" / "demand.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def units(tmp_path):
    return sum(float(row["quantity"]) for row in written(tmp_path))


# ---- Dialects --------------------------------------------------------------------------------------------------------


def test_every_dialect_in_one_go_with_one_list_of_remarks(tmp_path, shelf):
    """All files at once: the units of each to the unit, and of two of them the row of totals set aside."""
    done = run(tmp_path, *(shelf(name, content) for name, content in DIALECTS.items()))
    assert units(tmp_path) == len(DIALECTS) * UNITS
    assert dict(done.reader.remarks.counts) == {"total": 2}
    found = {}
    for row in written(tmp_path):
        found[row["date"][:10], row["product"]] = found.get((row["date"][:10], row["product"]), 0) + float(
            row["quantity"]
        )
    real = {}
    for _, day, product, quantity, *_ in ROWS:
        real[str(day), product] = real.get((str(day), product), 0) + len(DIALECTS) * quantity
    assert found == real


@pytest.mark.parametrize("name", DIALECTS)
def test_each_dialect_alone_is_a_company_that_runs(tmp_path, shelf, name):
    done = run(tmp_path, shelf(name, DIALECTS[name]))
    assert units(tmp_path) == UNITS
    assert sorted(done.scenario.company.products) == ["001205", "001310", "004711", "009002"]
    assert done.scenario.company.calendar.start == dt.date(2025, 1, 1)
    assert done.scenario.company.calendar.working_days == ("mon", "tue", "wed", "thu", "fri")
    assert load(tmp_path / "company" / "company.toml").company == done.scenario.company


def test_what_was_understood_is_said_and_used_again(tmp_path, shelf):
    """Heads that nobody knows are named once; the next month's file needs no word."""
    strange = german(("Nr", "Wann", "Was", "Wieviel", "Preis", "Wer")).encode("cp1252")
    columns = {"date": "Wann", "product": "Was", "quantity": "Wieviel"}
    done = run(tmp_path, shelf("march.csv", strange), columns=columns)
    said = [str(line) for line in done.understood()]
    assert said[0] == "march.csv: table demand; columns date = Wann, product = Was, quantity = Wieviel, price = Preis."
    assert said[1:3] == ["  text in utf-8, delimiter semicolon, decimal comma", "  dates as dmy"]
    assert said[3] == f"  read as: {ROWS[0][1]}, product {ROWS[0][2]}, {ROWS[0][3]:,} units"
    kept = tomllib.loads((tmp_path / "company" / "mapping.toml").read_text(encoding="utf-8"))
    assert kept["files"][0]["columns"] == columns | {"price": "Preis"}
    again = run(tmp_path, shelf("april.csv", strange))
    assert [table.columns for table in again.reader.tables] == [table.columns for table in done.reader.tables]


def test_a_mapping_of_last_month_says_only_what_the_next_file_leaves_open(tmp_path, shelf):
    """Another code, delimiter and decimal mark are told anew; open dates are read as before; a new head is found by its word."""
    first = "Wann;Was;Menge\n" + "\n".join(f"{1 + day % 28}.{1 + day // 28}.2024;cup;1,5" for day in range(84))
    run(
        tmp_path,
        shelf("march.csv", first.encode("cp1252")),
        columns={"date": "Wann", "product": "Was"},
        dates="dmy",
        equal_lines="drop",
    )
    second = "Wann,Was,Quantity\n" + "\n".join(f"{1 + day % 12}/{1 + day // 12}/2024,cüp,2.5" for day in range(84))
    done = run(tmp_path, shelf("april.csv", second.encode()))
    assert {row["product"] for row in written(tmp_path)} == {"cüp"}
    assert units(tmp_path) == 84 * 2.5
    assert written(tmp_path)[12]["date"] == "2024-02-01"
    assert done.reader.wishes.equal_lines == "drop"
    with pytest.raises(ScenarioError, match="--map names the column 'Wan', which no table has; did you mean wann"):
        run(tmp_path, shelf("may.csv", second.encode()), columns={"date": "Wan"})


@pytest.mark.parametrize(
    ("heads", "bucket", "step"),
    [
        (["2023-01", "2023-02", "2023-03", "2023-04"], "month", 30),
        (["Jan 2023", "Feb 2023", "Mrz 2023", "Apr 2023"], "month", 30),
        (["2023年1月", "2023年2月", "2023年3月", "2023年4月"], "month", 30),
        (["01/2023", "02/2023", "03/2023", "04/2023"], "month", 30),
        (["KW 1/2023", "KW 2/2023", "KW 3/2023", "KW 4/2023"], "week", 7),
        (["2023-W01", "2023-W02", "2023-W03", "2023-W04"], "week", 7),
    ],
)
def test_a_column_for_each_period(tmp_path, shelf, heads, bucket, step):
    """Empty cells are no demand; the bucket is told from the periods."""
    sheet = [["Artikel", "Bezeichnung", *heads], ["A", "cup", 10, 20, "", 40], ["B", "pan", "1.000", 0, 3, "x"]]
    done = run(tmp_path, shelf("wide.csv", "\n".join(";".join(map(str, row)) for row in sheet)))
    assert done.found.bucket == bucket
    assert units(tmp_path) == 10 + 20 + 40 + 1000 + 3
    assert [(r.row, r.column, r.value, r.rule) for r in done.reader.remarks.found] == [
        (3, heads[3], "x", "bad-quantity")
    ]
    days = np.unique([np.datetime64(row["date"]) for row in written(tmp_path)])
    assert np.median(np.diff(days).astype(int)) == pytest.approx(step, abs=1)


def test_year_and_month_in_columns_of_their_own(tmp_path, shelf):
    rows = [f"{2022 + k // 12},{k % 12 + 1},cup,{100 + k}" for k in range(24)]
    done = run(tmp_path, shelf("months.csv", "\n".join(["Jahr,Monat,Artikel,Menge", *rows])))
    assert done.found.bucket == "month"
    assert [row["date"] for row in written(tmp_path)][:2] == ["2022-01-01", "2022-02-01"]
    assert done.scenario.company.calendar.start == dt.date(2024, 1, 1)


def test_a_table_without_heads_is_told_by_what_it_holds(tmp_path, shelf):
    rows = [f"2024-01-{day:02},cup{day % 2},{day}" for day in range(1, 32)]
    done = run(tmp_path, shelf("bare.csv", "\n".join(rows)))
    assert units(tmp_path) == sum(range(1, 32))
    assert any("told by what the columns hold" in str(line) for line in done.understood())


# ---- Remarks ---------------------------------------------------------------------------------------------------------

MESS = """Order;Date;Product;Quantity
1;2024-01-02;cup;10
2;31.02.2024;cup;10
3;;cup;10
4;2024-01-04;;10
5;2024-01-05;cup;few
6;2024-01-08;cup;
7;2024-01-09;cup;5
7;2024-01-09;cup;5
8;2091-01-09;cup;7
9;2024-01-10;=1+1;7
10;2024-01-30;cup;-3
11;2024-01-31;cup;4
Summe;;;61
"""


def test_all_remarks_come_at_once_by_row_column_value_and_rule(tmp_path, shelf):
    done = run(tmp_path, shelf("mess.csv", MESS), as_of="2024-12-31")
    assert [(r.row, r.column, r.value, r.rule) for r in done.reader.remarks.found] == [
        (3, "Date", "31.02.2024", "bad-date"),
        (4, "Date", "", "no-date"),
        (5, "Product", "", "no-product"),
        (6, "Quantity", "few", "bad-quantity"),
        (7, "Quantity", "", "no-quantity"),
        (11, "Product", "=1+1", "bad-product"),
        (14, "", "Summe", "total"),
        (10, "Date", "2091-01-09", "future"),
        (9, "", "cup", "equal"),
    ]
    assert [row["quantity"] for row in written(tmp_path)] == ["10", "5", "5", "-3", "4"]
    counts = [str(line) for line in done.counts()]
    assert counts[0] == "13 rows of demand read, 8 set aside, 5 kept with 21 units."
    assert "Left out, returns (no units, or fewer): 1." in counts
    said = [str(line) for line in done.reader.remarks.sentences()]
    assert "Set aside, not a date: 1 (first: mess.csv, row 3, column Date, '31.02.2024')." in said
    assert not any("kept: 1" in line for line in said)
    assert any(line.startswith("Kept, repeats another row in every column: 1") for line in said)
    with (tmp_path / "company" / "remarks.csv").open(encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 9
    assert "'=1+1" in [line["value"] for line in lines]  # no spreadsheet takes it for a formula
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "company" / "remarks.xlsx")
    marked = book.get_sheet_by_name("1 mess.csv").to_python()
    assert [row[0] for row in marked[1:]] == [3, 4, 5, 6, 7, 9, 10, 11, 14]


def test_a_price_that_cannot_be_read_is_remarked_on_and_its_row_kept(tmp_path, shelf):
    rows = [f"2024-01-{day:02};cup;1,5;{'dear' if day == 9 else '2,25'}" for day in range(1, 32)]
    done = run(tmp_path, shelf("prices.csv", "\n".join(["date;product;quantity;price", *rows])))
    assert [(r.row, r.value, r.rule, r.aside) for r in done.reader.remarks.found] == [(10, "dear", "bad-fact", False)]
    assert units(tmp_path) == 31 * 1.5
    assert done.scenario.company.products["cup"].price == 2.25


def test_equal_rows_are_dropped_when_asked_or_when_lines_are_numbered(tmp_path, shelf):
    done = run(tmp_path, shelf("mess.csv", MESS), as_of="2024-12-31", equal_lines="drop")
    assert [row["quantity"] for row in written(tmp_path)] == ["10", "5", "-3", "4"]
    assert done.reader.remarks.counts["equal-dropped"] == 1


def test_a_wrong_year_makes_one_remark_and_moves_nothing(tmp_path, shelf):
    """In a file of two years, and without an as-of date."""
    clean = text(("Order", "Order date", "Product", "Quantity", "Unit price", "Customer"))
    run(tmp_path, shelf("clean.csv", clean))
    before = (tmp_path / "company" / "demand.csv").read_text(encoding="utf-8")
    done = run(tmp_path, shelf("slip.csv", clean + "9,2019-12-31,001205,500,1.00,101\n"))
    assert [(r.row, r.value, r.rule) for r in done.reader.remarks.found] == [(len(ROWS) + 2, "2019-12-31", "stray")]
    assert (tmp_path / "company" / "demand.csv").read_text(encoding="utf-8") == before


def test_lost_leading_zeros_are_found_again_and_said(tmp_path, shelf):
    sales = "date,product,quantity\n" + "\n".join(
        f"2024-01-{day:02},{'1205' if day < 20 else '88'},{day}" for day in range(1, 32)
    )
    items = "Artikel;Bezeichnung;Preis;Bestand;Lieferzeit (Wochen)\n001205;Becher;4,50;-3;2\n"
    done = run(tmp_path, shelf("sales.csv", sales), shelf("items.csv", items))
    assert {row["product"] for row in written(tmp_path)} == {"001205", "88"}
    assert dict(done.reader.remarks.counts) == {"zeros": 1, "no-facts": 1, "negative-stock": 1}
    cup = done.scenario.company.products["001205"]
    assert (cup.price, cup.unit_cost, cup.opening_stock, cup.note, cup.buy.lead_time.mean) == (
        4.5,
        2.7,
        0.0,
        "Becher",
        14.0,
    )


def test_only_the_largest_products_are_taken_and_the_others_counted(tmp_path, shelf):
    rows = [f"2024-01-{day:02},p{p},{p + 1}" for p in range(5) for day in (2, 15, 30)]
    done = imported(
        [shelf("many.csv", "\n".join(["date,product,quantity", *rows]))], Wishes(), tmp_path / "company", "many", 2
    )
    assert sorted(done.scenario.company.products) == ["p3", "p4"]
    assert done.reader.remarks.counts["small-product"] == 9


def test_the_command_says_all_and_ends_with_what_comes_next(tmp_path, shelf):
    path = shelf("german.csv", DIALECTS["german-1252.csv"])
    result = CliRunner().invoke(main, ["import", str(path), "--out", str(tmp_path / "mine"), "--map", "order=Belegnr"])
    assert result.exit_code == 0, result.output
    assert f"{len(ROWS):,} rows of demand read, 0 set aside, {len(ROWS):,} kept with {UNITS:,} units." in result.output
    for name in ("company.toml", "demand.csv", "mapping.toml", "data-report.html"):
        assert (tmp_path / "mine" / name).is_file()
    for words, told in (
        (["--map", "quantity"], "--map is 'quantity'; it must be ROLE=COLUMN"),
        (["--map", "amount=Menge"], "--map: there is no such role of a column: 'amount'"),
        (["--as-of", "soon"], "--as-of is 'soon'; it must be a date such as 2024-12-31"),
        (["--dates", "ydm"], "--dates is 'ydm'; it must be one of ymd, dmy, mdy"),
        (["--encoding", "klingon"], "german.csv: there is no encoding 'klingon'"),
    ):
        refused = CliRunner().invoke(main, ["import", str(path), "--out", str(tmp_path / "other"), *words])
        assert refused.exit_code == 2
        assert told in refused.output


def test_a_table_without_what_it_needs_is_refused_with_its_heads(tmp_path, shelf):
    path = shelf("odd.csv", "Datum;Foo;Bar\n01.02.2024;1;2\n02.02.2024;3;4\n")
    with pytest.raises(
        ScenarioError, match=r"odd.csv: no column is known for product, quantity; its heads are Datum, Foo, Bar; name"
    ):
        run(tmp_path, path)


# ---- Files that mean harm --------------------------------------------------------------------------------------------


def book(fill):
    """A workbook, filled by a function."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        fill(made.add_worksheet())
    return out.getvalue()


def with_sheet(change):
    """A small workbook, the text of its sheet changed."""
    content = book(lambda sheet: sheet.write_row(0, 0, ["date", "product", "quantity"]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            text_of = old.read(part)
            new.writestr(part, change(text_of) if part.endswith("sheet1.xml") else text_of)
    return out.getvalue()


def packed(name, content):
    """A packed folder with one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


LONG = b"<row r='9'><c r='A9' t='inlineStr'><is><t>" + b"A" * 60_000_000 + b"</t></is></c></row></sheetData>"

HARMFUL = {
    "far.xlsx": (
        book(lambda sheet: (sheet.write(0, 0, 1), sheet.write(1_048_575, 16_383, 1))),
        "more memory or time|far outside all",
    ),
    "bomb.xlsx": (with_sheet(lambda xml: xml.replace(b"</sheetData>", LONG)), "packed 400 times smaller"),
    "laugh.xlsx": (with_sheet(lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml), "declares entities"),
    "cut.xlsx": (book(lambda sheet: sheet.write(0, 0, 1))[:900], "cannot be unpacked"),
    "plain.zip": (packed("a.csv", b"date"), "packed folder; unpack it"),
    "nested.zip": (packed("b.zip", packed("a.csv", b"date")), "packed folder; unpack it"),
    "twice.csv.gz": (gzip.compress(gzip.compress(b"a,b\n")), "packed twice"),
    "bomb.csv.gz": (gzip.compress(b"a,b\n" * 17_000_000, 1), "unpacks to more than 64 MB"),
    "short.csv.gz": (gzip.compress(b"a,b\n" * 99)[:-9], "cannot be unpacked"),
    "page.xls": (b"<html><table></table></html>", "web page"),
    "paper.csv": (b"%PDF-1.7\n", "no table"),
    "empty.csv": (b" \n", "it is empty"),
    "zeros.csv": (b"\0" * 999, "no table"),
    "quote.csv": (b'date,product,quantity\n2024-01-01,a,1\n"' + b"x" * 400_000, "line 3 is no CSV"),
    "longer.csv": (b'date,product,quantity\n2024-01-01,a,1\n"' + b"x," * 9_000, "a quote that is never closed"),
    "wide.csv": (
        b",".join([b"1"] * 3_000) + b"\n" + b",".join([b"2"] * 3_000),
        "more than 1,000,000 rows, 2,000 columns",
    ),
    "long.csv": (b"1,2\n" * 1_100_000, "more than 1,000,000 rows"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "no workbook that can be read"),
    "torn.parquet": (b"PAR1" + b"\0" * 99 + b"PAR1", "no Parquet file"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_files_are_refused_in_one_sentence(tmp_path, shelf, name):
    content, told = HARMFUL[name]
    with pytest.raises(ScenarioError, match=told) as error:
        run(tmp_path, shelf(name, content))
    assert str(error.value).startswith(f"{name}: ")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "company").exists()


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(
        ScenarioError, match=r"pipe.csv is no regular file; give the path of a table that lies on a disk"
    ):
        run(tmp_path, tmp_path / "pipe.csv")


def test_formulas_are_read_as_their_last_value_and_written_as_text(tmp_path, shelf):
    def fill(sheet):
        sheet.write_row(0, 0, ["date", "product", "quantity", "customer"])
        for day in range(1, 32):
            sheet.write_row(day, 0, [f"2024-01-{day:02}", "cup"])
            sheet.write_formula(day, 2, "=1+1", None, day)
            sheet.write_string(day, 3, "=cmd|' /C calc'!A0")

    run(tmp_path, shelf("formula.xlsx", book(fill)))
    assert units(tmp_path) == sum(range(1, 32))
    assert written(tmp_path)[0]["customer"] == "'=cmd|' /C calc'!A0"


# ---- Numbers and dates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,5", "20"], ","),
        (["1.5", "20"], "."),
        (["1.200", "12,50"], ","),
        (["1,200", "12.50"], "."),
        (["1,200", "156"], "."),
        (["1,000", "156,000"], ","),
        (["1.234.567"], ","),
        (["1,234,567"], "."),
        (["0,125"], ","),
        (["156", "7"], "."),
    ],
)
def test_decimals_are_told_from_all_numbers_of_a_table(texts, mark):
    assert decimal_mark(texts) == mark


@pytest.mark.parametrize(
    ("cell", "mark", "value"),
    [
        ("1.234,50", ",", 1234.5),
        ("1,234.50", ".", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1\u00a0234", ".", 1234),
        ("1'234.5", ".", 1234.5),
        ("12-", ".", -12),
        ("(12)", ".", -12),
        ("€ 4,50", ",", 4.5),
        ("12 ST", ".", 12),
        ("１２件", ".", 12),
        ("1,23", ".", None),
        ("12,34,567", ".", None),
        ("1.2.3", ".", None),
        ("few", ".", None),
        ("nan", ".", None),
        ("1e400", ".", None),
        (7.5, ",", 7.5),
    ],
)
def test_numbers_are_read_as_people_write_them(cell, mark, value):
    assert number_of(cell, mark) == value


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("31.12.2024", "dmy", "2024-12-31"),
        ("12/31/2024", "mdy", "2024-12-31"),
        ("2024/1/5", "dmy", "2024-01-05"),
        ("20241231", "ymd", "2024-12-31"),
        ("45657", "ymd", "2024-12-31"),
        (45657.0, "ymd", "2024-12-31"),
        ("2024-12-31T23:59:00+01:00", "ymd", "2024-12-31"),
        ("31-Dec-24", "ymd", "2024-12-31"),
        ("Dezember 2024", "ymd", "2024-12-01"),
        ("2024年12月31日", "ymd", "2024-12-31"),
        ("2024-W01", "ymd", "2024-01-01"),
        ("KW 1/2024", "ymd", "2024-01-01"),
        ("31.02.2024", "dmy", None),
        ("1875-01-01", "ymd", None),
        ("soon", "ymd", None),
    ],
)
def test_dates_are_read_as_people_write_them(cell, order, day):
    found = date_of(cell, order)
    assert (found and str(found.date())) == day


def test_the_order_of_dates_is_told_or_said_to_be_open():
    assert date_order(["01/02/2024", "13/02/2024"]) == ("dmy", True)
    assert date_order(["01/02/2024", "01/13/2024"]) == ("mdy", True)
    assert date_order(["01/01/2024", "02/01/2024", "03/01/2024"]) == ("mdy", False)
    assert date_order(["01.02.2024"]) == ("dmy", True)
    assert date_order(["03/02/2024", "04/05/2024"]) == ("dmy", False)


def test_the_delimiter_is_the_one_that_cuts_lines_alike():
    assert delimiter_of("a;b;c\n1,5;2,5;3\n1,5;2,5;3\n") == ";"
    assert delimiter_of('a,b\n"x;y;z",1\n"x;y;z",2\n') == ","


def test_a_month_is_added_to_what_the_folder_holds(tmp_path):
    """Without the old files: demand, prices and the mapping are those of both files read together; stock of the old day is gone."""
    head = "Artikelnr;Datum;Menge"
    old = [f"K{k};01.{month:02}.2023;{10 * k + month},5" for k in (1, 2) for month in range(1, 13)]
    first = tmp_path / "alt.csv"
    first.write_text("\n".join([head, *old]), encoding="cp1252")
    items = tmp_path / "stamm.csv"
    items.write_text("Artikelnr;Preis;Lieferzeit;Bestand\nK1;9,50;21;40\nK2;4,00;7;30\n", encoding="cp1252")
    new = tmp_path / "januar.csv"
    new.write_text("\n".join([head, old[-1], "K1;01.01.2024;99,5"]), encoding="cp1252")
    folder = tmp_path / "mine"
    before = imported([first, items], Wishes(), folder, "mine", 500)
    assert before.scenario.company.products["K1"].opening_stock == 40
    after = imported([], Wishes(), folder, "mine", 500, [new])
    both = imported([first, items], Wishes(), tmp_path / "both", "mine", 500, [new])
    assert (folder / "demand.csv").read_text() == (tmp_path / "both" / "demand.csv").read_text()
    assert after.scenario.company.products == both.scenario.company.products
    k1 = after.scenario.company.products["K1"]
    assert (k1.price, k1.buy.lead_time.mean, k1.opening_stock) == (9.5, 21, None)
    assert after.reader.remarks.counts["known"] == 1
    kept = tomllib.loads((folder / "mapping.toml").read_text(encoding="utf-8"))
    assert [(each["file"], each["columns"]["product"]) for each in kept["files"]] == [
        ("alt.csv", "Artikelnr"), ("stamm.csv", "Artikelnr"), ("januar.csv", "Artikelnr"),
    ]  # fmt: skip
    again = imported([], Wishes(), folder, "mine", 500, [new])
    assert again.reader.remarks.counts["known"] == 2
    assert len(tomllib.loads((folder / "mapping.toml").read_text(encoding="utf-8"))["files"]) == 3
    with pytest.raises(
        ScenarioError, match=r"nothing was imported into .* yet; give the files themselves, not by --add"
    ):
        imported([], Wishes(), tmp_path / "none", "none", 500, [new])


def test_a_sheet_of_too_many_cells_is_refused_before_it_is_read(tmp_path, monkeypatch):
    """By their number in the packed sheet: no process is begun for it. A line of too many entries is not cut at all."""
    from simulator.company.intake import bounds, sheets

    with xlsxwriter.Workbook(tmp_path / "large.xlsx") as book:
        sheet = book.add_worksheet()
        for k in range(12):
            sheet.write_row(k, 0, ["cup", k, k])
    monkeypatch.setattr(bounds, "WORKBOOK_CELLS", 30)
    monkeypatch.setattr(sheets.subprocess, "run", None)
    with pytest.raises(ScenarioError, match="it has a sheet of more than"):
        sheets.sheets_of(tmp_path / "large.xlsx")
    (tmp_path / "wide.csv").write_text("a," * 20_001 + "\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="2,000 columns"):
        sheets.sheets_of(tmp_path / "wide.csv")
