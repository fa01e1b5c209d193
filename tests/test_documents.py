"""The documents of a month: their tables add up, their words follow from the numbers, and every form says the same."""

import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

from simulator import load, simulate
from simulator.engine.day import meet
from simulator.engine.day.meet import take_effect
from simulator.faces.cli import main
from simulator.faces.cli.cycle import document_lines
from simulator.faces.documents import Month, cycle_tables, documents_of
from simulator.faces.documents.layout import shown
from simulator.faces.documents.markdown import as_markdown
from simulator.faces.documents.paper import SHARE, UNITS
from simulator.faces.documents.web import as_page
from simulator.kernel.messages import written
from simulator.kernel.units import ScenarioError
from simulator.planning.demand_plan import FourPart
from simulator.results.reading.capacity import Load, Needs
from simulator.results.reading.last_month import last_month
from simulator.results.reading.meeting import SHORTAGE, balances

MONTHS = 14
STEPS = ["sales_report", "demand_plan", "supply_plan", "pre_meeting", "executive_meeting"]
PLANS = [
    "sales_plan", "production_plan", "inventory_plan", "backlog_plan", "purchase_plan", "workforce_plan",
    "new_product_plan", "financial_plan",
]  # fmt: skip
FLAT = [1.0] * 12
PEAK = [0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 1.0, 1.6, 1.6, 1.4]


def workshop(hours, opening=60.0, season=FLAT):
    """One product, one part, one line, two segments: ten kettles a working day."""
    streams = [
        {
            "product": "kettle",
            "segment": segment,
            "daily": {"law": "constant", "mean": each},
            "pattern": {"season": season},
        }
        for segment, each in (("dealers", 4.0), ("shop", 6.0))
    ]
    return {
        "name": "workshop",
        "company": {"whole_units": False},
        "calendar": {"start": "2024-01-01", "working_days": ["mon", "tue", "wed", "thu", "fri"]},
        "products": {
            "kettle": {
                "family": "kettles",
                "price": 50.0,
                "unit_cost": 20.0,
                "opening_stock": opening,
                "make": {"bill": {"body": 1.0}, "hours": {"line": 0.5}, "lead_time": 2},
            }
        },
        "components": {
            "body": {
                "unit_cost": 8.0,
                "opening_stock": 400.0,
                "buy": {"supplier": "foundry", "lead_time": {"law": "constant", "mean": 4}},
            }
        },
        "suppliers": {"foundry": {}},
        "resources": {"line": {"hours": hours, "overtime": 0.2, "overtime_premium": 3.0}},
        "segments": {"dealers": {"rank": 1}, "shop": {"rank": 2}},
        "demand": {"everyday": streams},
        "experiment": {"months": 12, "history": 24, "replications": 1},
    }


@pytest.fixture(scope="module", params=["giftware", "switchgear"])
def run(request):
    """A short run of a reference company under S&OP by the rules."""
    return simulate(load(request.param, {"experiment.months": MONTHS}), "sop", [3])


@pytest.fixture(scope="module")
def months(run):
    """Some of its months, as their planners saw them."""
    books = next(run.books())
    return [Month(books, index, 0) for index in (0, 1, 5, 12)]


def texts(documents, name):
    """All that a document says, in one line."""
    lines = [line for document in documents if document.name == name for line in document_lines(document)]
    return " ".join(" ".join(lines).split())


# --- tables add up ---------------------------------------------------------------------------------------------------


def test_every_document_is_there_and_tidy(run):
    """Five steps and eight plans; a line is something said, or one number."""
    tables = cycle_tables(run, month=13)
    assert list(tables) == STEPS + PLANS
    for table in tables.values():
        assert ((table["text"] != "") ^ table["figure"].ne("")).all()
        assert table.loc[table["text"] != "", "value"].isna().all()


def test_the_four_parts_are_the_plan(run):
    """For the near months, family by family and in total."""
    table = cycle_tables(run, month=13)["demand_plan"]
    parts = table[table["table"] == "The four parts"]
    wide = parts.pivot_table(index=["name", "column"], columns="figure", values="value")
    assert len(wide) == (len(run.scenario.network.families) + 1) * FourPart().months
    four = wide[["small contracts", "large contracts", "imminent projects", "not yet signed"]].sum(axis=1)
    np.testing.assert_allclose(four, wide["demand plan"], rtol=1e-9)
    families = wide.drop("total").groupby("column")["demand plan"].sum()
    np.testing.assert_allclose(families, wide.loc["total", "demand plan"], rtol=1e-9)


def test_stock_is_rolled_forward_without_gaps(run, months):
    """Closing is opening, and what comes in, less what is asked for; no unit comes in that was not there to come."""
    table = cycle_tables(run, month=13)["supply_plan"]
    wide = table[table["kind"] == "family"].pivot_table(index=["name", "column"], columns="figure", values="value")
    wide = wide.dropna(subset=["opening stock"])
    rolled = wide["opening stock"] + wide["+ receipts"] - wide["- demand to come"]
    np.testing.assert_allclose(rolled, wide["= closing stock"], atol=1e-6)
    for month in months:
        made = month.by_family(1.0 * month.is_made) == month.by_family(np.ones(len(month.is_made)))
        on_order = month.by_family(month.morning("on_order", month.supply_day)[month.n.sold])
        most = on_order + np.cumsum(month.projected.to_make + month.still_outside, axis=0)
        assert (np.cumsum(month.projected.receipts, axis=0) <= most + 1e-6)[:, made].all()


def test_shipments_are_demand_and_the_change_of_the_backlog(months):
    """What customers get is what went before the supply plan, what they want from then on, and what they are not owed any more."""
    for month in months:
        plan, day = month.projected, month.held[2]
        before = month.by_family(month.flow("shipped", month.span(month.index)[0], day)[month.n.sold])
        owed = month.by_family(month.morning("backlog", day).sum(axis=0))
        wanted = before + owed + plan.to_come.sum(axis=0) - plan.backlog[-1]
        np.testing.assert_allclose(plan.shipments.sum(axis=0), wanted, rtol=1e-9, atol=1e-6)


def test_load_is_the_explosion_of_the_plan(months):
    """Hours of the approved plan: each product's share of its family times its hours, parts included; within the limit."""
    for month in months:
        hours = month.n.total_load.matrix.toarray()
        products = month.projected.to_make[:, month.n.family_of] * month.mix
        load = Load(month).approved
        np.testing.assert_allclose(load, products @ hours.T, rtol=1e-9)
        np.testing.assert_allclose(month.by_family(month.by_product(month.production))[:, 0], month.production[:, 0])
        if month.is_made.all():
            assert (load <= Load(month).limit + 1e-6).all()


def test_purchases_are_the_explosion_of_the_plan(months):
    """What is still to be ordered, with what is there, covers need and safety stock."""
    for month in months:
        needs = Needs(month)
        covered = needs.there + needs.to_buy.sum(axis=0)
        assert (needs.to_buy >= 0).all()
        assert (covered >= needs.approved.sum(axis=0) + needs.safety_stock - 1e-6).all()


def test_the_plan_in_force_is_the_one_that_the_floor_worked_to(monkeypatch):
    """Read from the versions and the days on which they took effect, also where decisions slip."""
    floor = {}

    def noting(firm):
        take_effect(firm)
        if firm.today == firm.days.first_worked[firm.view.month]:
            floor[firm.view.month] = firm.plans.force_production[firm.view.month].copy()

    monkeypatch.setattr(meet, "take_effect", noting)
    case = load("switchgear", {"experiment.months": 8, "experiment.warm_up": 0})
    policy = {**case.policy("sop").model_dump(mode="json"), "decision_delay": 8, "slip_probability": 0.5}
    run = simulate(case, {**policy, "name": "slow"}, [0, 1, 2])
    books, slipped = next(run.books()), 0
    for lane in range(3):
        for index in range(8):
            month = Month(books, index, lane)
            kept = month.in_force(month.plans.production, int(month.days.first_worked[index]) + 1)[0]
            np.testing.assert_array_equal(kept, floor[index][:, lane])
            np.testing.assert_array_equal(month.read.planned(month.plans.production, index)[:, 0], kept)
            slipped += month.effective > month.due
    assert 0 < slipped < 24
    said = " ".join(
        " ".join(cycle_tables(run, k, r)["executive_meeting"]["text"]) for k in range(2, 9) for r in (0, 1, 2)
    )
    assert "it slipped by 5 working days" in said


def test_must_meet_quantities_go_by_rank():
    """The first segment in full, then the next; what is met is what supply allows."""
    run = simulate(workshop(hours=3.5, opening=0.0), "sop", [0])
    (balance,) = balances(Month(next(run.books()), 10, 0))
    met, wanted = balance.must_be_met, balance.wanted
    assert balance.rule == SHORTAGE
    np.testing.assert_allclose(met.sum(), balance.available)
    np.testing.assert_allclose(balance.available, wanted.sum() - balance.short[balance.worst])
    assert met[0] == wanted[0]
    assert met[1] < wanted[1]


# --- what planners could know ------------------------------------------------------------------------------------------


def test_documents_know_no_tomorrow():
    """A longer run, or other replications beside it, change no word of a month; a year tells what was owed on the first morning."""
    short, long = (load("switchgear", {"experiment.months": k, "experiment.warm_up": 0}) for k in (12, 14))
    alone = cycle_tables(simulate(short, "sop-smoothed", [3]), 8)
    later = cycle_tables(simulate(long, "sop-smoothed", [1, 3]), 8, replication=3)
    for name, table in alone.items():
        assert table.equals(later[name]), name


# --- words ---------------------------------------------------------------------------------------------------------------


def test_the_minutes_follow_the_agenda(run):
    """Each item has its owner."""
    minutes = texts(documents_of(run, 13), "pre_meeting")
    items = [
        "Performance review (S&OP manager)",
        "Demand review (demand manager)",
        "Assumptions and risks (S&OP manager)",
        "Constrained resources (manufacturing manager, purchasing manager)",
        "Capacity and purchase recommendations (master scheduler, purchasing manager)",
        "Business impact (finance, customer service)",
        "Options (S&OP manager)",
        "Recommendation (S&OP manager)",
        "Executive agenda: open issues (S&OP manager)",
    ]
    places = [minutes.index(item) for item in items]
    assert places == sorted(places)
    assert "in the forecast as well and would be counted twice" in minutes


def test_the_decision_has_a_reason_and_actions_have_owner_and_date(run):
    """Approved, why, from when; every action with owner, due date and effective date, all on working days."""
    table = cycle_tables(run, 13)["executive_meeting"]
    decision = " ".join(table.loc[table["section"] == "Decision", "text"])
    assert "Approved, as recommended: '" in decision or "Approved in the place of '" in decision
    assert "The executives weigh expected cost 50" in decision or "nothing more is needed" in decision
    actions = table[table["section"] == "Actions"]
    assert len(actions) >= 2
    assert (actions["owner"] != "").all()
    month = Month(next(run.books()), 12, 0)
    for date in [*actions["due"], *actions["effective"]]:
        day = int((np.datetime64(date) - month.days.first).astype(int))
        assert month.days.working[day]
        assert day >= month.held[4]


def said(company, policy="sop", month=9):
    """The minutes of a month of the workshop."""
    return texts(documents_of(simulate(company, policy, [0]), month), "pre_meeting")


def test_a_surplus_month():
    """The unconstrained demand is the plan."""
    minutes = said(workshop(hours=8.0), month=6)
    assert "kettles: supply exceeds demand. The executable plan is the unconstrained demand" in minutes
    assert "is kept and absorbs the error" in minutes
    assert "No resource is overloaded" in minutes
    assert "demand exceeds supply" not in minutes
    assert "comes in waves" not in minutes


def test_a_shortage_month():
    """Safety stock is released, orders are ranked, the bottleneck is loaded to its maximum, all commit."""
    minutes = said(workshop(hours=3.5, opening=0.0), month=11)
    assert "kettles: demand exceeds supply" in minutes
    assert re.search(r"The bottleneck, line, is loaded to its maximum of [\d,]+ hours", minutes)
    assert "Sales and purchasing commit to" in minutes
    assert re.search(r"Orders for kettles are ranked; [\d,]+ units must be met: dealers 100.0 % and shop \d", minutes)
    assert "1. kettles owes up to" in minutes  # as the company writes its name
    assert "supply exceeds demand" not in minutes


def test_a_report_opens_with_why_the_plan_was_not_kept():
    """A line with too few hours is named; a plant with room for all makes less only of what was planned anew."""
    for hours, told in (
        (3.5, "because hours of line were missing"),
        (8.0, "because the plan was cut within the month"),
    ):
        first = documents_of(simulate(load(workshop(hours, opening=0.0 if hours < 8 else 60.0)), "sop", [0]), 11)[0]
        assert str(first.sections[0].heading).startswith("Why the plan was not kept")
        assert any(told in str(point.text) for point in first.sections[0].points)


def test_causes_add_up_in_the_report(months):
    """To the units not served, and to what families made less than planned."""
    month = months[-1]
    last = last_month(month)
    made, served = last.lost_units
    short = month.read.short(*last.span).sum()
    below = np.maximum(last.planned_production - last.production, 0).sum()
    np.testing.assert_allclose([made.sum(), served.sum()], [below, short], atol=1e-6)


def test_a_shortage_without_a_shortage_rule():
    """The process says what it lacks."""
    case = load(workshop(hours=3.5, opening=0.0))
    policy = {**case.policy("sop").model_dump(mode="json"), "name": "bare", "shortage": "none"}
    minutes = texts(documents_of(simulate(case, policy, [0]), 11), "pre_meeting")
    assert "This process has no shortage rule: safety stock" in minutes
    assert "Policy bare does without a shortage rule." in minutes


def test_a_wave_month():
    """The peak is cut and the valley filled, or chased."""
    wave = load(workshop(hours=14.0, season=PEAK))
    knowing = {"forecast": {"rule": "naive", "seasonal": True}, "demand_plan": {"rule": "four-part", "months": 12}}
    shaved, chased = (
        said(wave, {**wave.policy(policy).model_dump(mode="json"), **knowing}) for policy in ("sop-smoothed", "sop")
    )
    assert "kettles: demand comes in waves, from 8.0 to 16 units a working day" in shaved
    assert "The peak is cut and the valley filled" in shaved
    assert "Nothing is shaved, as the strategy is chase" in chased


def test_a_process_without_sop_says_what_it_lacks():
    """Documents as far as there are any."""
    run = simulate(load("giftware", {"experiment.months": 14}), "pull", [0])
    documents = documents_of(run, 14)
    assert [document.name for document in documents] == STEPS + PLANS
    for document in documents:
        assert "Policy pull holds no cycle: every item is replenished by its own rule (kanban)" in texts(
            documents, document.name
        )
    assert "of demand was served on the day" in texts(documents, "sales_report")


def test_a_process_with_a_plan_but_no_meetings_says_so():
    """Its documents are there, with what it does without; nobody sits there."""
    minutes = texts(
        documents_of(simulate(load("giftware", {"experiment.months": 14}), "siloed", [0]), 14), "pre_meeting"
    )
    assert "Policy siloed does without meetings of its own" in minutes
    assert "a capacity check" in minutes
    assert "Present:" not in minutes


# --- forms ---------------------------------------------------------------------------------------------------------------


def call(*words):
    """The command's exit status, what it printed, and what it complained of."""
    done = CliRunner().invoke(main, ["cycle", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


SHORT = ("switchgear", "--months", MONTHS, "--month", 13, "--replication", 3)


def test_the_command_gives_what_python_gives():
    """Every line of every document."""
    status, out, _ = call(*SHORT, "--json")
    assert status == 0
    told = json.loads(out, parse_constant=pytest.fail)
    assert (told["policy"], told["replication"]) == ("sop", 3)
    tables = cycle_tables(simulate(load("switchgear", {"experiment.months": MONTHS}), "sop", [3]), 13)
    assert list(told["documents"]) == list(tables)
    for name, table in tables.items():
        rows = told["documents"][name]["rows"]
        assert len(rows) == len(table)
        for row, line in zip(rows, table.to_dict("records"), strict=True):
            assert row == {key: None if value != value else value for key, value in line.items()}


def test_text_fits_a_hundred_columns(run):
    """No line is longer, and no number is missing in words."""
    for document in documents_of(run, 13):
        lines = "\n".join(document_lines(document)).splitlines()
        assert max(map(len, lines)) <= 100
        assert not [line for line in lines if re.search(r"\bnan\b|\binf\b|-0 ", line)]


def test_a_month_by_name_and_one_document():
    """2025-01 is month 13; --document picks."""
    picked = ("--document", "pre_meeting")
    by_number, by_name = call(*SHORT, *picked), call(*SHORT[:3], "--month", "2025-01", "--replication", 3, *picked)
    assert by_number == by_name
    assert "PRE-S&OP MEETING" in by_number[1]
    assert "DEMAND PLAN" not in by_number[1]


def test_pages_and_texts_stand_alone(run, tmp_path):
    """A page without script or address, with every document; the same tables as Markdown."""
    documents = documents_of(run, 13)
    page, text = as_page("a & b", documents), as_markdown("a & b", documents)
    assert "<title>a &amp; b</title>" in page
    assert not re.search(r"<script|https?:|src=|@import", page)
    for document in documents:
        assert f'<section id="{document.name}">' in page
        assert f"## {document.title}" in text
    tables = page.count("<table")
    assert tables == text.count("\n| :--- |") > 30
    out = tmp_path / "month.html"
    assert call(*SHORT, "--out", out)[0] == 0
    assert out.read_text(encoding="utf-8").endswith("</html>\n")
    assert [path.name for path in tmp_path.iterdir()] == ["month.html"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--month", 15), "month is 15; it must be one of 1 to 14, or 2024-01 to 2025-02"),
        (("--month", 0), "month is 0; it must be one of 1 to 14"),
        (("--month", "soon"), "month is soon; it must be one of"),
        (("--replication", -1), "-1 is not in the range"),
        (("--policy", "sopp"), "there is no policy 'sopp'; did you mean sop"),
        (("--document", "minuts"), "there is no document 'minuts'"),
        (("--out", "month.docx"), "--out is 'month.docx'; it must end in .html, .md, .xlsx, .pptx, .pdf"),
        (("--out", "no/such/month.md"), "there is no folder 'no/such'; make it first"),
    ],
)
def test_wrong_input_is_told_in_a_sentence(words, sentence):
    """One line, status 2."""
    status, out, complaint = call("switchgear", "--months", MONTHS, *words)
    assert (status, out) == (2, "")
    assert sentence in complaint
    assert complaint.count("\n") == 1


def test_a_month_without_a_cycle_is_told(tmp_path):
    """With the nearest ones that have one."""
    case = load("switchgear", {"experiment.months": 8, "experiment.warm_up": 0})
    policy = {**case.policy("sop").model_dump(mode="json"), "name": "quarterly", "cycle_months": 3}
    run = simulate(case, policy, [0])
    with pytest.raises(
        ScenarioError, match=r"month 6 \(2024-06\) has no cycle, .* take 4 \(2024-04\) or 7 \(2024-07\)"
    ):
        cycle_tables(run, 6)
    with pytest.raises(ScenarioError, match="replication is 4; this run holds 0"):
        cycle_tables(run, 4, replication=4)
    assert "2024-07-01" in " ".join(cycle_tables(run, 4)["executive_meeting"]["due"]) or cycle_tables(run, 4)


def test_numbers_are_shown_without_noise():
    """Units whole, shares with a decimal, differences with their sign, what is unknown as a dash."""
    assert written(shown(1234.4, UNITS)) == "1,234"
    assert written(shown(-0.2, UNITS, signed=True)) == "0"
    assert written(shown(0.1234, SHARE)) == "12.3 %"
    assert written(shown(float("nan"), UNITS)) == "–"
