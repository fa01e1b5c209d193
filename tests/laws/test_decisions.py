"""Decisions beside the rules: each enters its own plan, changes nothing before its day, and is refused where nobody could take it."""

import json
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from click.testing import CliRunner

from simulator.engine import widening
from simulator.engine.decided import decisions_of, first_day
from simulator.engine.forking import fork_of
from simulator.engine.from_there import common_past
from simulator.engine.play import play, weather_for
from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.planning.workforce import FixedPeople
from simulator.results.ghost import ghost
from simulator.results.kpis import values
from simulator.results.run import simulate
from tests.laws.tight import PATH

MONTHS, MONTH, LANES = 8, 5, 3


@cache
def scenario(name):
    """A company of the laws for some months, that with a market for all of its events."""
    return load(PATH.with_name(f"{name}.toml"), {"experiment.months": 12 if name == "market" else MONTHS})


@cache
def cut_short(name):
    """A company for so few months that its dates may lie after them."""
    found = load(PATH.with_name(f"{name}.toml") if PATH.with_name(f"{name}.toml").exists() else name)
    return replace(found, experiment=found.experiment.model_copy(update={"months": MONTH + 1, "warm_up": 0}))


@cache
def luck(name):
    """Its luck."""
    return weather_for(scenario(name), 1, range(LANES))


@cache
def books(name, words="", policy="sop"):
    """What comes of decisions in a month, and of none; shared, so nobody may write into it."""
    company = scenario(name)
    taken = decisions_of(words, company, company.policy(policy), MONTH - 1) if words else ()
    return play(company, company.policy(policy), luck(name), decisions=taken)


EVERY = [
    ("tight", "forecast:turned=-40"),
    ("tight", "safety-stock:turned=70"),
    ("tight", "production:turned=300"),
    ("tight", "overtime:line=9"),
    ("staffed", "people:line=1"),
    ("staffed", "subcontract:turned=15"),
    ("supply", "expedite:chip=50"),
    ("supply", "order-ahead:chip=70"),
    ("tight", "purchases:all=90"),
    ("tight", "reserve:key@7=6"),
    ("tight", "promise:key@7=6"),
    ("tight", "promise:shop@6=4"),
    ("market", "decline:turned=5"),
    ("market", "promotion:turned@6=0.5"),
    ("market", "price:heavy@6=0.1"),
]


@pytest.mark.parametrize(("name", "words"), EVERY)
def test_a_decision_changes_nothing_before_its_day_and_something_after(name, words):
    """All that is written before the day of the step in which it enters is as without it."""
    company, policy = scenario(name), scenario(name).policy("sop")
    was, now = books(name), books(name, words)
    taken = decisions_of(words, company, policy, MONTH - 1)
    day = first_day([taken], company, policy, MONTH - 1)
    mine, theirs = ({**found.flows, **found.closing, **found.memos} for found in (was, now))
    for book, table in mine.items():
        np.testing.assert_array_equal(table[:day], theirs[book][:day], err_msg=book)
    assert any((table[day:] != theirs[book][day:]).any() for book, table in mine.items())


def decided(name, words, table, policy="sop"):
    """A plan of the cycle in which is decided, and of the same cycle without."""
    return [getattr(books(name, said, policy).plans, table)[MONTH - 1] for said in (words, "")]


def test_a_forecast_is_corrected_by_family_and_month():
    """Each month's demand plan of the family moves by the units decided, or to nothing; the others stay."""
    n, rows = scenario("tight").network, scenario("tight").network.by_family
    mine, was = decided("tight", "forecast:turned=-40", "demand")
    family = n.families.index("turned")
    np.testing.assert_allclose(rows(mine)[:, family], np.maximum(rows(was)[:, family] - 40, 0), atol=1e-9)
    others = n.family_of != family
    np.testing.assert_array_equal(mine[:, others], was[:, others])


def test_safety_stock_is_held_for_a_family_even_in_shortage():
    """The family's safety stock is what was decided, though the shortage rule would release it; the rule's draft stays."""
    company, month = scenario("tight"), MONTH
    n, policy = company.network, company.policy("sop")
    family = n.families.index("heavy")
    plans = play(
        company, policy, luck("tight"), decisions=decisions_of("safety-stock:heavy=5", company, policy, month)
    ).plans
    assert (plans.tables["shortage"][month, :2, family].max(axis=0) > 1).all()
    np.testing.assert_allclose(n.by_family(plans.safety_stock[month, n.sold])[family], 5.0)
    drafted, was = (found.tables["safety stock drafted"] for found in (plans, books("tight").plans))
    np.testing.assert_array_equal(drafted[: month + 1], was[: month + 1])


def test_a_static_safety_stock_is_no_longer_than_decided():
    """A rule that keeps the first cycle's stock keeps what it drafted, not what was decided in between."""
    company = scenario("tight")
    policy = company.policy("sop").model_copy(
        update={"safety_stock_static": True, "shortage": company.policy("chase").shortage}
    )
    taken = decisions_of("safety-stock:turned=70", company, policy, MONTH - 1)
    was, now = (play(company, policy, luck("tight"), decisions=d).plans.safety_stock for d in ((), taken))
    assert (was[MONTH - 1] != now[MONTH - 1]).any()
    np.testing.assert_array_equal(was[MONTH:], now[MONTH:])


def test_production_and_overtime_of_a_month_are_those_decided():
    """Units of the month, this one or a later one; hours are spread over the working days that are left."""
    company, plans = scenario("tight"), books("tight", "production:turned@7=300 + overtime:line=9").plans
    family, line = (company.network.families.index("turned"), company.network.resources.index("line"))
    for cycle in (4, 5, 6):
        assert (plans.production[cycle, 6 - cycle, family] == 300).all()
    days, day = company.days, plans.effective[MONTH - 1]
    first = company.days.working_days_from(days.working_day(MONTH - 1, 6), 1)
    assert (day == first).all()
    left = days.worked_so_far[days.month_start[MONTH]] - days.worked_so_far[first]
    np.testing.assert_allclose(plans.overtime[MONTH - 1, 0, line] * left, 9.0)


def test_people_stay_who_were_hired():
    """One more is hired in that cycle, and with a fixed workforce nobody is told to go for it later."""
    company = scenario("staffed")
    policy = company.policy("sop").model_copy(update={"workforce": FixedPeople()})
    taken = decisions_of("people:line=2", company, policy, MONTH - 1)
    was, now = (play(company, policy, luck("staffed"), decisions=d).memos for d in ((), taken))
    line = company.network.resources.index("line")
    more = (now["hired"] - was["hired"]).sum(axis=0)[line], (now["dismissed"] - was["dismissed"]).sum(axis=0)[line]
    assert (more[0] == 2).all()
    assert (more[1] == 0).all()
    assert (now["heads"][-1, line] - was["heads"][-1, line] == 2).all()


def test_units_made_outside_and_express_are_those_decided():
    """What subcontractors make of a family in a month, and at most so many units of a part express in it."""
    n = scenario("staffed").network
    mine, _ = decided("staffed", "subcontract:turned=15", "outside")
    assert (mine[0, n.families.index("turned")] == 15).all()
    company = scenario("supply")
    row = list(company.network.bought).index(company.network.names.index("chip"))
    start, end = company.days.month_start[MONTH - 1 : MONTH + 1]
    sent = books("supply", "expedite:chip=50").memos["expedited"][start:end, row].sum(axis=0)
    assert (books("supply").memos["expedited"][:, row] == 0).all()
    assert ((sent > 0) & (sent <= 50)).all()


@pytest.mark.parametrize("words", [words for name, words in EVERY if name == "tight"])
def test_a_decision_at_the_fork_is_the_same_in_every_lane(words):
    """No lane's decided plans know of its own future, and the past is that of the run."""
    run = simulate(scenario("tight"), "sop", [1])
    futures = run.fork(MONTH, LANES, ahead=2, decisions=words)
    mine, theirs = next(run.books()), next(futures.books())
    for book, table in mine.flows.items():
        past = table[: futures.fork_of.day]
        np.testing.assert_array_equal(np.repeat(past, LANES, -1), theirs.flows[book][: len(past)], err_msg=book)
    step = decisions_of(words, scenario("tight"), run.policy, MONTH - 1)[0].step
    for table, written_in in (("demand", 2), ("safety_stock", 4), ("production", 5), ("overtime", 5)):
        plan = getattr(theirs.plans, table)[MONTH - 1]
        if written_in <= step:
            np.testing.assert_array_equal(plan, np.repeat(plan[..., :1], LANES, -1), err_msg=table)
    same = next(run.fork(MONTH, LANES, redrawn=False, decisions=words).books())
    taken = decisions_of(words, scenario("tight"), run.policy, MONTH - 1)
    alone = play(
        scenario("tight"),
        run.policy,
        weather_for(scenario("tight"), scenario("tight").experiment.seed, [1]),
        decisions=taken,
    )
    for book, table in alone.flows.items():
        np.testing.assert_array_equal(table[..., 0], same.flows[book][..., 2], err_msg=book)


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("tight", "overtime line 9", "a decision is 'overtime line 9'; it must be KIND:NAME=AMOUNT, such as"),
        ("tight", "overtime:line=much", "it must be KIND:NAME=AMOUNT"),
        ("tight", "overtme:line=9", "there is no decision 'overtme'; did you mean overtime"),
        ("tight", "overtime:lime=9", "there is no resource 'lime'; did you mean line"),
        ("tight", "production:turnd=9", "there is no family 'turnd'; did you mean turned"),
        ("tight", "expedite:hub=9", "there is no part 'hub'"),
        ("tight", "overtime:line=900", "900 hours cannot be decided in 2024-05; it must be 0 to"),
        ("tight", "safety-stock:turned=-1", "-1 units cannot be decided in 2024-05; it must be at least 0"),
        ("tight", "overtime:line@3=1", "what is decided in 2024-05 holds from 2024-05 on"),
        ("tight", "overtime:line@40=1", "month is 40; it must be one of 1 to 8"),
        ("tight", "subcontract:turned=5", "no subcontractor makes any product of the family"),
        ("tight", "people:line=1", "no people are described at the resource"),
        ("staffed", "people:line=90", "90 people cannot be decided in 2024-05; it must be -8 to 5"),
        ("staffed", "people:line@7=1", "leave the later month out"),
        ("staffed", "subcontract:turned=900", "it must be 0 to 19"),
        ("supply", "expedite:steel=9", "no source of the part delivers express"),
        ("tight", "overtime:line=1 + overtime:line=2", "is decided twice"),
    ],
)
def test_what_nobody_could_decide_is_refused_in_a_sentence(name, words, said):
    with pytest.raises(ScenarioError, match=said.replace("(", ".")):
        decisions_of(words, scenario(name), scenario(name).policy("sop"), MONTH - 1)


def test_the_time_fence_and_months_without_a_cycle_are_kept():
    """A frozen month is settled; a policy that plans every other month decides in the others only."""
    company = scenario("tight")
    frozen = company.policy("sop").model_copy(update={"frozen_months": 2})
    with pytest.raises(ScenarioError, match="what is decided in 2024-05 holds from 2024-07 on; take @2024-07 or later"):
        decisions_of("production:turned=9", company, frozen, MONTH - 1)
    assert decisions_of("production:turned@7=9", company, frozen, MONTH - 1)[0].month == 6
    rarely = company.policy("sop").model_copy(update={"cycle_months": 2})
    with pytest.raises(ScenarioError, match="decides nothing in 2024-06; it decides in"):
        decisions_of("production:turned=9", company, rarely, MONTH)


def test_a_ghost_run_is_worth_the_difference_on_the_same_luck():
    """Means, and paired differences, are those of two runs; an option that decides what was planned is worth nothing."""
    company = scenario("tight")
    found = ghost(company, "sop", MONTH, ["production:turned=300"], 4, measures=["fill_rate", "ebit"])
    row = found.summary(["ebit"]).to_dict("records")[1]
    gaps = found.found["production:turned=300"][1] - found.found["as it was"][1]
    assert gaps.any()
    assert row["difference"] == pytest.approx(gaps.mean())
    half = 3.1824463 * gaps.std(ddof=1) / 2
    assert row["difference_high"] == pytest.approx(gaps.mean() + half, rel=1e-5)
    planned = next(simulate(company, "sop", [0]).books()).plans.production[
        MONTH - 1, 0, company.network.families.index("heavy"), 0
    ]
    same = ghost(company, "sop", MONTH, [f"production:heavy={float(planned)!r}"], [0], measures=["ebit"])
    assert same.found["as it was"] == pytest.approx(same.found[same.columns[1]])


EVERYWHERE = ("tight", "supply", "quality", "staffed", "switchgear", "giftware-everything")


def bit_for_bit(one, other):
    """Assert that two books hold the same, plans among them."""
    for kind in ("flows", "closing", "memos"):
        for book, table in getattr(one, kind).items():
            np.testing.assert_array_equal(table, getattr(other, kind)[book], err_msg=book)
    for plan in ("forecast", "demand", "production", "overtime", "safety_stock", "outside"):
        np.testing.assert_array_equal(getattr(one.plans, plan), getattr(other.plans, plan), err_msg=plan)
    for name, table in one.plans.tables.items():
        np.testing.assert_array_equal(table, other.plans.tables[name], err_msg=name)


@pytest.mark.parametrize(
    ("name", "forked"),
    [*((name, False) for name in EVERYWHERE), ("tight", True), ("staffed", True), ("switchgear", True)],
)
def test_options_that_share_their_past_are_each_as_by_itself(name, forked):
    """The days before are simulated once; what each option then does is to the last bit what it does alone, and leaves the next."""
    company = cut_short(name)
    policy = company.policy("sop")
    words = f"safety-stock:{company.network.families[1]}=50"
    options = [(), decisions_of(words, company, policy, MONTH - 1), ()]
    day = first_day(options, company, policy, MONTH - 1)
    weather = weather_for(company, fork_of(company, 3, 1, day) if forked else 1, range(LANES))
    alone = [play(company, policy, weather, decisions=taken) for taken in options]
    assert (alone[0].flows["released"] != alone[1].flows["released"]).any()
    with common_past(company, policy, weather, day) as go_on:
        for one, taken in zip(alone, options, strict=True):
            bit_for_bit(one, go_on(taken))


@pytest.mark.parametrize(
    "name",
    [
        "tight",
        "quality",
        "staffed",
        "switchgear",
        "trading",
        "giftware-month-end-push",
        "appliances",
        "giftware-supplier-loss",
    ],
)
def test_a_common_past_in_few_lanes_is_that_of_all_of_them(name, monkeypatch):
    """Lanes that are alike until the fork are simulated in a few, to the last bit of what all of them do."""
    monkeypatch.setattr(widening, "WORTH_IT", 2)
    company = cut_short(name)
    policy = company.policy("sop")
    day = first_day([], company, policy, MONTH - 1)
    weather = weather_for(company, fork_of(company, 3, 1, day), range(24))
    assert widening.may_be_narrow(company.company, weather)
    alone = play(company, policy, weather)
    measured = values(alone, "all")[1]
    with common_past(company, policy, weather, day, alike=True) as go_on:
        for _ in range(2):
            books_of_option = go_on(())
            bit_for_bit(alone, books_of_option)
            np.testing.assert_array_equal(values(books_of_option, "all")[1], measured)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
@pytest.mark.parametrize("ahead", [None, 2])
def test_options_side_by_side_are_those_one_after_the_other(ahead):
    """In processes that go on from the same past, to the last bit; what cannot be decided there is refused here; progress ends at all."""
    company, told = cut_short("tight"), []
    words = [f"safety-stock:{company.network.families[1]}=50", "overtime:line=1", "option:all=1"]
    one, other = (
        ghost(
            company,
            "sop",
            MONTH,
            words,
            [0, 1, 2],
            ahead=ahead,
            lanes=5,
            progress=lambda *at: told.append(at),
            workers=n,
        )
        for n in (1, 2)
    )
    assert (one.found[words[0]] != one.found["as it was"]).any()
    for name, figures in one.found.items():
        np.testing.assert_array_equal(figures, other.found[name])
    assert told.count((20, 20) if ahead else (12, 12)) == 2
    with pytest.raises(ScenarioError, match="option 8 cannot be approved"):
        ghost(company, "sop", MONTH, ["option:all=1", "option:all=8"], [0], workers=2)


def asked(*words):
    """What the command answers."""
    return CliRunner().invoke(main, ["ghost", str(PATH), "--months", "8", "--month", "5", *words])


def test_the_command_shows_what_a_decision_is_worth(tmp_path):
    """In words and tables, as JSON, as files; looking ahead too; in Chinese."""
    decision = ("--decision", "production:turned=300", "--measure", "ebit")
    told = asked(*decision, "--replications", "3")
    assert told.exit_code == 0, told.output
    assert "tight, policy sop: decided in 2024-05, measured until 2024-08 in 3 replications, seed" in told.stdout
    assert "production:turned=300" in told.stdout
    ahead = asked(
        *decision, "--replication", "2", "--ahead", "2", "--lanes", "4", "--json", "--out", str(tmp_path / "x")
    )
    content = json.loads(ahead.stdout)
    assert content["inputs"]["lanes"] == 4
    assert content["inputs"]["replication"] == 2
    assert [row["decision"] for row in content["summary"]] == ["as it was", "production:turned=300"]
    assert {file.name for file in (tmp_path / "x").iterdir()} >= {"measures.parquet", "summary.parquet"}
    chinese = CliRunner().invoke(
        main,
        ["--language", "zh", "ghost", str(PATH), "--months", "8", "--month", "5", *decision, "--replications", "2"],
    )
    assert "实际决定" in chinese.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--decision", "overtime:line=900"], "cannot be decided in 2024-05"),
        (["--decision", "production:turned=3", "--lanes", "3"], "--lanes has no effect without --ahead"),
        (
            ["--decision", "production:turned=3", "--ahead", "9"],
            "a look of 9 months ahead from month 5 is outside the run",
        ),
        (
            ["--decision", "production:turned=3", "--replication", "1", "--replications", "2"],
            "--replications has no effect",
        ),
        (["--decision", "production:turned=3", "--decision", "production:turned=3.0"], "is named twice"),
    ],
)
def test_a_wrong_option_is_refused_with_status_2(words, said):
    told = asked(*words)
    assert told.exit_code == 2
    assert said in told.stderr
