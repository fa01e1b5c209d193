"""Your data: tables that a reader brings become a company of theirs; harmful names and files, and others' data, stay out."""

import pytest
from reader import open_page, texts

from dashboard import own_data
from dashboard.case import BROUGHT_LINES, HOME, Case, brought, files_of, scenario_of
from dashboard.look import company_name
from simulator import simulate
from simulator.company.intake.mapping import Wishes
from simulator.kernel.units import ScenarioError

ROWS = [
    f"{1 + day % 28:02}.{1 + day // 28 % 12:02}.{2023 + day // 336};{'AB'[day % 2]};{10 + day % 7},00"
    for day in range(672)
]
SALES = "\r\n".join(["Auftragsdatum;Artikelnr;Menge", *ROWS]).encode("cp1252")
UNITS = sum(10 + day % 7 for day in range(672))


def read(*files, **wishes):
    return own_data.read_tables([*files], Wishes(**wishes), "mine")


def test_tables_become_a_company_that_runs_on_every_page():
    """A German export to the unit; planners know its real months; the scenario names no folder of this machine."""
    found = read(("Absatz 2024.csv", SALES))
    assert any(f"{UNITS:,} units" in str(line) for line in found.counts)
    assert found.preview["quantity"].iloc[0] == 10
    case = own_data.use(found)
    scenario = scenario_of(case)
    assert sorted(scenario.company.products) == ["A", "B"]
    assert scenario.past.sum() == UNITS
    assert [path.is_file() for path in files_of(case.base)] == [True, True]
    again = Case(case.base, (("experiment.months", "2"), ("experiment.history", "12")))
    run = simulate(scenario_of(again), policy="order-up-to", replications=2)
    assert run.measures().query("measure == 'fill_rate'").value.min() > 0.5
    assert own_data.use(found) == case


def test_remarks_and_corrections():
    """A wrong cell is listed; a column that nobody knows is chosen by hand."""
    odd = SALES.replace(b"Artikelnr", b"Wasdenn").replace(b"Menge", b"Wieviel") + b"\r\n31.02.2024;A;5,00"
    assert own_data.heads_in([("odd.csv", odd)]) == ["Auftragsdatum", "Wasdenn", "Wieviel"]
    found = read(("odd.csv", odd), columns={"product": "Wasdenn", "quantity": "Wieviel"})
    assert len(found.listed) == 1
    assert "31.02.2024" in found.listed.iloc[0].tolist()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "..\\..\\x.csv", "/tmp/x.csv", "a\0b.csv", ".csv", "x" * 300 + ".csv", ""]
)
def test_names_of_files_lead_nowhere(name):
    plain = own_data.safe_name(name)
    assert plain
    assert not {*"/\\\0"} & {*plain}
    assert not plain.startswith(".")
    assert len(plain) <= 80


def test_a_file_that_is_no_table_is_refused_without_a_folder_in_the_sentence():
    with pytest.raises(ScenarioError) as error:
        read(("paper.csv", b"%PDF-1.7\n"))
    assert str(error.value) == "paper.csv: it is no table; give CSV, .xlsx, .xls, .ods or Parquet"
    short = "Datum;Artikel;Menge\n01.02.2024;A;1\n02.02.2024;A;1\n"
    with pytest.raises(ScenarioError) as error:
        read(("short.csv", short.encode()))
    assert "/" not in str(error.value).replace("2024-02-01", "")


def test_nobody_names_demand_that_was_not_brought():
    """Neither by a path, nor by a name as those that are kept have."""
    buy = 'supplier = "s"\nlead_time = { law = "constant", mean = 5 }'
    for name in ("orders.csv", "../x.csv", "0" * 32 + ".csv"):
        text = f'[products.a.buy]\n{buy}\n[suppliers.s]\n[demand.history]\nfile = "{name}"\n'
        with pytest.raises(ScenarioError, match="names order lines"):
            brought(text.encode())
    assert not (HOME / "scenarios" / "orders.csv").exists()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_opens_with_what_to_bring(language):
    at = open_page("data", lang=language)
    assert not at.exception
    assert ("您的数据" if language == "zh" else "Your data") in at.title[0].value
    assert ("Parquet" in texts(at)) is True


def test_the_template_is_in_the_readers_language():
    assert own_data.template_bytes("en") != own_data.template_bytes("zh")


MORE = "\r\n".join(
    ["Auftragsdatum;Artikelnr;Menge", "02.12.2024;A;99,00", *(f"{day:02}.01.2025;A;7,00" for day in range(1, 32))]
).encode("cp1252")


def test_a_further_month_counts_what_comes_after_what_was_there():
    """31 days of seven units are added; a row of an earlier month would count twice, and is set aside with a remark."""
    first = read(("Absatz.csv", SALES))
    kept = own_data.Kept("mine", [("Absatz.csv", SALES)], first.mapping)
    found = own_data.read_tables([("Absatz.csv", MORE)], Wishes(), "mine", kept)
    assert any(f"{UNITS + 31 * 7:,} units" in str(line) for line in found.counts)
    assert [row["rule"] for _, row in found.listed.iterrows()] == [
        "dated within what was there before the file was added"
    ]


def test_every_column_can_be_given_a_meaning_or_none_and_wrong_cells_are_red():
    """A price that was told from its head means nothing once it is said so; the cell that is no date is marked, and no other."""
    lines = SALES.decode("cp1252").split("\r\n")
    odd = "\r\n".join([f"{lines[0]};Preis", *(f"{line};2,00" for line in lines[1:]), "31.02.2024;A;5,00;2,00"]).encode(
        "cp1252"
    )
    found = read(("odd.csv", odd))
    (table,) = found.tables
    assert [(head, role) for head, role, _ in table.columns] == [
        ("Auftragsdatum", "date"), ("Artikelnr", "product"), ("Menge", "quantity"), ("Preis", "price"),
    ]  # fmt: skip
    red = table.red.to_numpy()
    assert red.sum() == 1
    assert table.rows.to_numpy()[red].tolist() == ["31.02.2024"]
    assert "price = 2.0" in found.text
    without = own_data.read_tables([("odd.csv", odd)], own_data.wishes_of({"Preis": ""}), "mine")
    assert "price = 1.0" in without.text
    assert {head: role for head, role, _ in without.tables[0].columns}["Preis"] == ""
    assert 'ignored = ["Preis"]' in without.mapping


def test_a_loaded_company_is_called_by_its_own_name():
    case = own_data.use(own_data.read_tables([("Absatz.csv", SALES)], Wishes(), "Müller & Söhne"))
    assert company_name(case.base) == "Müller & Söhne"
    assert scenario_of(case).name == "Müller & Söhne"
    assert any("demand.csv" in str(note) for note in scenario_of(case).notes)
    assert not any(BROUGHT_LINES.search(str(note)) for note in (*scenario_of(case).notes, *scenario_of(case).assumed))
    at = open_page("scenario", company=case.base)
    assert not at.exception
    assert "Müller & Söhne" in texts(at)
    assert "Your own file" not in texts(at)


def test_a_company_is_offered_in_its_own_session_alone():
    case = own_data.use(own_data.read_tables([("Absatz.csv", SALES)], Wishes(), "ours"))
    mine, other = open_page("methods"), open_page("methods")
    mine.session_state["own companies"] = [case.base]
    mine.run()
    assert "ours" in mine.selectbox(key="company").options
    assert "ours" not in other.run().selectbox(key="company").options


def test_a_pasted_range_is_read_as_a_table():
    text = SALES.decode("cp1252").replace(";", "\t")
    found = read((own_data.pasted_name(text), text.encode()))
    assert any(f"{UNITS:,} units" in str(line) for line in found.counts)
    at = open_page("data")
    at.text_area(key="own pasted").set_value(text).run()
    assert not at.exception
    assert f"{UNITS:,} units" in texts(at)
    assert at.text_input(key="own name").value == "pasted"
