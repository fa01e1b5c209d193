"""The pack of a month: three pages, exceptions first, that say what the full documents say and nothing else."""

import datetime as dt
import json
import re
from types import SimpleNamespace as Only

import numpy as np
import pytest
from click.testing import CliRunner

from simulator import load, simulate
from simulator.engine.money.accounts import CASH
from simulator.faces.cli import main
from simulator.faces.cli.cycle import DOCUMENT_WIDTH, document_lines
from simulator.faces.documents import cycle_tables, pack, pack_of
from simulator.faces.documents.actions import LOAD, Action
from simulator.faces.documents.paper import Point
from simulator.kernel.messages import msg, speaking
from simulator.results.money import Money
from simulator.results.reading.last_month import LastMonth

PAGES = ["what_happened", "what_must_be_decided", "what_was_decided"]
MONTH = 14
NEW = ("Open issues, as numbered above", "Actions that stand again, with other figures", "Actions")
"""Sections in words of their own."""


@pytest.fixture(
    scope="module",
    params=[
        ("giftware", "sop", 0),
        ("switchgear-capacity-cut", "sop", 4),
        ("trading", "sop", 0),
        ("giftware", "siloed", 0),
    ],
    ids=lambda case: "-".join(map(str, case)),
)
def run(request):
    """A run of a company in plenty or in shortage, with or without a plan of families, with or without meetings."""
    company, policy, replication = request.param
    shorter = {} if "cut" in company else {"experiment.months": MONTH}
    return simulate(load(company, shorter), policy, [replication])


def lines(run, month=MONTH):
    """The pack as it is read on the screen."""
    return "\n".join(line for page in pack_of(run, month) for line in document_lines(page)).splitlines()


def test_three_pages_of_a_screen_each(run):
    """Some hundred lines in all and a screen for what happened, none wider than the screen, no figure that does not exist."""
    assert [page.name for page in pack_of(run, MONTH)] == PAGES
    text = lines(run)
    assert len(text) <= 110  # giftware: nearly every family has an issue
    assert text.index("2. WHAT MUST BE DECIDED") <= 32
    assert max(map(len, text)) <= DOCUMENT_WIDTH
    assert not [line for line in text if re.search(r"\bnan\b|\binf\b|-0 ", line)]


def test_sentences_and_figures_are_those_of_the_documents(run):
    """What was said and decided, each option, and what is expected of all together stand in the full documents too."""
    full = cycle_tables(run, MONTH)
    said = set().union(*(table["text"] for table in full.values()))
    figures = {(r.figure, r.column, r.name, r.unit, r.value) for table in full.values() for r in table.itertuples()}
    for page in pack_of(run, MONTH):
        for row in page.table().itertuples():
            if row.figure and row.section != "Families off plan":
                assert (row.figure, row.column, row.name, row.unit, row.value) in figures
            elif row.text and row.section not in NEW:
                assert row.text in said


def test_families_off_plan_stand_there_with_the_figures_of_the_report(run):
    """Production against plan, service and backlog of each."""
    report = cycle_tables(run, MONTH)["sales_report"]
    page = pack_of(run, MONTH)[0].table().query("section == 'Families off plan' and figure != ''")
    for row in page.query("figure == 'served on the day'").itertuples():
        same = report.query("name == @row.name and figure == 'served on the day'")["value"].iloc[0]
        np.testing.assert_equal(row.value, same)


def test_the_pack_in_chinese_fits_the_screen(run):
    """A Chinese sign takes two places."""
    from rich.cells import cell_len

    with speaking("zh"):
        text = lines(run)
    assert max(map(cell_len, text)) <= DOCUMENT_WIDTH
    assert any("需要决定什么" in line for line in text)


def test_the_account_overdrawn_is_an_exception():
    """The least of the month's evenings in the books of money, beside what the bank allows."""
    run = simulate(load("giftware-cash-squeeze", {"experiment.months": MONTH}), "level", [0])
    books = next(run.books())
    start = books.scenario.days.month_start
    for month in range(2, MONTH + 1):
        least = Money(books).closing(CASH)[start[month - 2] : start[month - 1], 0].min()
        text = f"Overdrawn by {-least:,.0f} GBP at the most; the bank allows 5,000 GBP."
        assert (text in "\n".join(lines(run, month))) == (least < -0.5)


def test_a_family_is_off_plan_by_production_service_safety_stock_or_backlog():
    """Of six families the second made too little, the third served too little, the fourth is short of stock, the fifth owes."""
    last = Only(
        production_kept=np.array([0.05, -0.06, np.nan, 0.0, 0.0, np.nan]),
        fill_rate=np.array([0.95, 1.0, 0.94, np.nan, 1.0, 1.0]),
        stock=np.array([91.0, 100.0, 100.0, 89.0, 100.0, 0.0]),
        safety_stock_of_family=np.array([100.0, 100.0, 100.0, 100.0, 100.0, 0.0]),
        owed=np.array([0.4, 0.0, 0.0, 0.0, 1.0, 0.0]),
        now=Only(experiment=Only(service_target=0.95)),
    )
    assert LastMonth.missed.fget(last) == [1, 2, 3, 4]


def test_actions_of_last_month_are_counted_and_routine_is_left_out(monkeypatch):
    """Bags were short three times in a row and lights once before a gap; to load the plan is done every month."""
    bags, lights, line = (msg("{k}", k=name) for name in ("bags", "lights", "line"))
    had = {0: [bags], 1: [bags, lights], 2: [bags], 3: [LOAD, bags, lights, line]}
    point = Point(msg("do"), msg("owner"), dt.date(2025, 1, 2), dt.date(2025, 1, 2))
    monkeypatch.setattr(pack, "Month", lambda _books, made, _lane: made)
    monkeypatch.setattr(pack, "tasks", lambda month: [Action(n, point) for n in had[getattr(month, "index", month)]])
    month = Only(index=3, books=None, lane=0, plans=Only(made_in=[0, 1, 2, 3]))
    new, again = pack._due(month)
    assert len(new.points) == 2
    assert [str(each.text) for each in again.points] == ["bags (due 2025-01-02, 4 times in a row)."]


def test_the_first_month_and_a_process_without_cycle_have_a_pack():
    """Nothing lies behind the first; who holds no cycle has one page."""
    first = pack_of(simulate(load("trading", {"experiment.months": 14}), "sop", [0]), 1)
    assert "no month to look back on" in "\n".join(document_lines(first[0]))
    (only,) = pack_of(simulate(load("trading", {"experiment.months": 14}), "pull", [0]), 14)
    assert "holds no cycle" in "\n".join(document_lines(only))


def test_the_command_gives_the_pack_in_every_form(tmp_path):
    """On the screen, as JSON, as a page; a page of another name is refused in a sentence."""
    asked = ["cycle", "trading", "--months", "14", "--month", "14", "--pack"]

    def call(*words):
        return CliRunner().invoke(main, [*asked, *map(str, words)])

    assert "1. WHAT HAPPENED AND WHY" in call().stdout
    assert list(json.loads(call("--json").stdout)["documents"]) == PAGES
    assert call("--out", tmp_path / "pack.html").exit_code == 0
    assert all(f'id="{name}"' in (tmp_path / "pack.html").read_text(encoding="utf-8") for name in PAGES)
    refused = call("--document", "pre_meeting")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "there is no document 'pre_meeting'" in refused.stderr
