"""The stock for a service: by formula, by simulation, in the whole company; and the workbook that it leaves in."""

import json
from dataclasses import replace
from types import SimpleNamespace as Only

import numpy as np
import pypdfium2
import pytest
from click.testing import CliRunner
from newsstand import WORDS, WORKSHOP, kiosk
from python_calamine import CalamineWorkbook

from simulator.engine.scenario import load
from simulator.faces.answer.of_stock import answer_of_stock
from simulator.faces.answer.writing import answer_bytes
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.results.compare import compare
from simulator.studies.stock_answer import CLOSE, Says, Settling, stock_answer
from simulator.studies.stock_cost import ServiceThatPays, paying_targets
from simulator.studies.stock_runs import COMPANY_MEASURES, Formula, InCompany, settled, surely
from simulator.studies.stock_words import stock_sentences
from simulator.theory.inventory import order_up_to_for_fill_rate, standard_loss


@pytest.fixture(scope="module")
def found():
    """The kiosk at 95 % on ten replications, scored on twenty."""
    return stock_answer(kiosk(), "order-up-to", 0.95, replications=10, workers=1)


def searched(fill, target, least=-5.0):
    """A search whose simulation is a known function of the deviations added."""
    group = Settling(np.array([0]), target, least)
    for _ in range(20):
        if group.done:
            return group
        group.told(fill(group.place))
    raise AssertionError("the search does not end")


@pytest.mark.parametrize("formula", [-1.0, 0.0, 0.4, 2.0])
def test_a_search_comes_to_the_factor_of_the_loss_function(formula):
    """Short G(k) of four deviations a cycle: 3 % is G(k) = .12, k = .799 (Silver, Pyke & Thomas, table B.1: G(.80) = .1202)."""
    group = searched(lambda k: 1 - float(standard_loss(formula + k)) / 4, 0.97)
    assert abs(1 - float(standard_loss(formula + group.place)) / 4 - 0.97) <= CLOSE
    assert formula + group.place == pytest.approx(0.799, abs=0.08)
    assert group.reached


def test_a_search_stops_where_more_stock_is_in_vain():
    """Hours serve 90 %, whatever is held: no more is held than brings that."""
    group = searched(lambda k: min(0.9, 0.8 + 0.1 * k), 0.97)
    assert not group.reached
    assert 0.9 <= group.place <= 1.6


def test_a_search_leaves_the_formula_where_it_is_right():
    """And goes no lower than a level of nothing."""
    assert searched(lambda k: 0.972, 0.97).place == 0.0
    assert searched(lambda k: 0.999, 0.97, least=-1.5).place == -1.5


def test_fill_rates_are_ratios_of_sums():
    """Products of 100 and 300 in two runs, short 5 and 15, and 0 and 12: 1 - 20/200, 1 - 12/600; together 1 - 32/800."""
    due, short = np.array([[100.0, 100.0], [300.0, 300.0]]), np.array([[5.0, 15.0], [0.0, 12.0]])
    one = InCompany(due, short, due, np.zeros((4, 2)), np.zeros((0, 2, 2)))
    assert one.fill_rate.tolist() == pytest.approx([0.9, 0.98])
    assert one.fill_of(np.array([0, 1])) == pytest.approx(0.96)
    assert one.half_width[0] == pytest.approx(1.96 * np.sqrt(50) / np.sqrt(2) / 100)  # off by -5 and 5


def test_many_products_are_not_blamed_for_luck():
    """One in a hundred for one product, 2.576 deviations; the same for 500 together takes 4.265; times sqrt(3) over 1.96."""
    assert surely(1) == pytest.approx(2.5758 / 1.96 * np.sqrt(3), abs=1e-3)
    assert surely(500) == pytest.approx(4.2649 / 1.96 * np.sqrt(3), abs=1e-3)


def test_settings_reach_their_target_in_the_whole_company(found):
    """Each product within what luck leaves, on luck by which nothing was set."""
    assert (np.abs(found.after.fill_rate - 0.95) < 0.015).all()
    assert not found.missed
    assert found.after.company[0].mean() == pytest.approx(0.95, abs=0.01)
    assert any("Nothing binds" in str(line) for line in stock_sentences(found))


def test_what_is_told_is_what_compare_finds(found):
    """The settings as a policy file says them, on the replications numbered 10 to 29."""
    policy = {**kiosk().policy("order-up-to").model_dump(mode="json"), **found.policy_words(), "name": "set"}
    told = compare(kiosk(), [policy, "order-up-to"], range(10, 30), measures=["fill_rate", "all_stock_value"]).found
    for outcome, name in ((found.after, "set"), (found.before, "order-up-to")):
        for row, measure in enumerate(("fill_rate", "all_stock_value")):
            np.testing.assert_array_equal(outcome.company[COMPANY_MEASURES.index(measure)], told[name][row])


def test_the_level_is_use_until_the_next_receipt_and_the_stock(found):
    """Lead time and a week's review less a day; nothing is held in lots."""
    table = found.table().set_index("product")
    level = table["use_a_day"] * table["protection_days"] + table["safety_stock"]
    np.testing.assert_allclose(table["order_point"], level)
    lead = found.scenario.network.lead_time[found.scenario.network.sold, 0]
    assert sorted(table["protection_days"]) == sorted(lead + 7 - 1)
    np.testing.assert_allclose(table["order_quantity"], table["use_a_day"] * 7)


def test_a_replay_says_that_its_history_is_one(found):
    """No replication brings demand that the settings did not know."""
    replayed = replace(found, scenario=replace(found.scenario, replayed=np.zeros((1, 1, 1))))
    assert "scored on the same history" in " ".join(map(str, stock_sentences(replayed)))
    assert "scored on the same history" not in " ".join(map(str, stock_sentences(found)))


def test_where_the_plant_binds_it_is_named():
    """Ten a day are wanted and nine can be made: no stock serves 97 %, and hours of the bench are the cause."""
    told = stock_answer(load(WORKSHOP), "order-up-to", 0.97, replications=4, workers=1)
    assert told.says == (Says.BOUND,)
    assert told.missed == [0]
    words = " ".join(map(str, stock_sentences(told)))
    assert "chair reaches" in words
    assert "(bench)" in words


def test_stock_of_today_is_used_up_before_anything_is_scored():
    """Two days of way take a month, and two more until orders show; a company that runs already needs none."""
    base = {**WORKSHOP, "experiment": {"months": 6, "warm_up": 0}}
    assert (settled(load(base)).experiment.warm_up, settled(load(base)).experiment.months) == (3, 9)
    running = load({**base, "products": {"chair": {**WORKSHOP["products"]["chair"], "opening_stock": None}}})
    assert settled(running) is running
    assert settled(load(WORKSHOP)).experiment == load(WORKSHOP).experiment


@pytest.mark.parametrize(
    ("service", "by", "words"),
    [
        (97, "product", "the service target is 97; it must be a share"),
        ({"A": 0.9}, "product", "a target by class must be given for each of A, B, C"),
        ({"D": 0.9}, "product", "the class 'D' is none of A, B, C"),
        (0.9, "family", "by is 'family'; it must be one of product, class"),
    ],
)
def test_targets_that_cannot_be_are_refused(service, by, words):
    """In a sentence."""
    with pytest.raises(ScenarioError, match=words):
        stock_answer(kiosk(), "order-up-to", service, by)


def test_listed_levels_hold_no_safety_stock():
    """Nothing would move."""
    rule = {"rule": "order-up-to", "level": {"paper": 900, "sweets": 60}}
    with pytest.raises(ScenarioError, match="lists its levels"):
        stock_answer(kiosk(), {"name": "mine", "supply_plan": "none", "products": rule}, 0.9)


def test_the_command_writes_a_workbook_that_says_the_same(tmp_path):
    """A sentence, a row a product, the columns; read back as a spreadsheet reads it. By class, each with a target."""
    file = tmp_path / "answer.xlsx"
    words = ["stock", "trading", "--service", "A=0.97", "--service", "B=0.9", "--service", "C=0.8", "--by", "class"]
    words += ["--replications", "4", "--workers", "1", "--out", str(file), "--json"]
    words += ["--set", "experiment.months=10", "--set", "experiment.warm_up=4"]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 0, told.output
    record = json.loads(told.stdout)
    book = CalamineWorkbook.from_path(file)
    assert book.sheet_names == ["Cover", "Charts", "All figures", "Products", "Definitions"]
    heads, *rows = book.get_sheet_by_name("All figures").to_python()
    assert [row[0] for row in rows] == [each["product"] for each in record["products"]]
    place = heads.index("Safety stock to hold")
    assert [row[place] for row in rows] == pytest.approx([each["safety_stock"] for each in record["products"]])
    text = " ".join(str(row[0]) for row in book.get_sheet_by_name("Cover").to_python())
    assert record["sentences"][0] in text


def test_the_answer_is_printed_with_every_product(found):
    """The question, the verdict and both products stand in the pages; stock now and then in the charts."""
    pages = pypdfium2.PdfDocument(answer_bytes(answer_of_stock(found), ".pdf"))
    text = " ".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", " ")
    for words in ("What to hold", "kiosk", "paper", "sweets", str(next(iter(stock_sentences(found))))):
        assert words in text
    exchange, moves = answer_of_stock(found).charts
    assert [each.up[0] for each in exchange.series] == [
        world.company[0].mean() for world in (found.before, found.by_formula, found.after)
    ]
    assert sorted(moves.series[0].across) == ["paper", "sweets"]


def test_a_file_of_another_kind_is_refused():
    """Before anything is run."""
    told = CliRunner().invoke(main, ["stock", "trading", "--service", "0.9", "--out", "answer.docx"])
    assert told.exit_code != 0


def test_the_answer_agrees_with_the_closed_form_where_that_holds():
    """Normal demand of 100 and 40 a day, five days of lead time, a review of seven, 97 %: 1100 + 84.7 (Silver, Pyke & Thomas 2017).

    The forecast hardly moves, so that a level is what the formula takes it for: within 2 %, on 12 replications.
    """
    words = {**WORDS, "policies": {}, "experiment": {"months": 15, "warm_up": 3, "history": 24, "seed": 3}}
    daily = {"law": "normal", "mean": 100, "sd": 40}
    words["demand"] = {"everyday": [{**WORDS["demand"]["everyday"][0], "daily": daily}]}
    case = load(words)
    calm = {"rule": "simple-smoothing", "level": 0.05}
    policy = {**case.policy("order-up-to").model_dump(mode="json"), "name": "calm", "forecast": calm}
    told = stock_answer(case, policy, 0.97, replications=12, workers=1)
    closed = float(order_up_to_for_fill_rate(0.97, 100, 40, 4, 7))
    assert closed == pytest.approx(1184.7, abs=0.1)
    assert told.order_point[0] == pytest.approx(closed, rel=0.02)
    assert told.after.fill_rate[0] == pytest.approx(0.97, abs=0.01)


def test_the_service_that_pays_weighs_holding_against_shortage():
    """A unit of 100 held a week at 26.09 % a year costs .5; short costs 10 % of a price of 100, 10: one cycle in twenty runs short.

    Demand of a cycle exponential with mean 10: the level is 10 ln 20, short 10/20 of 10 demanded: 95 %.
    """
    n = Only(products=["a"], sold=np.array([0]), price=np.array([[100.0]]), unit_cost=np.array([[100.0]]), names=["a"])
    company = Only(finance=Only(holding_rate=0.5 * 365.25 / 7 / 100))
    fed = {name: np.zeros(1) for name in Formula.__dataclass_fields__}
    week = {"use": 10 / 7, "error": 10.0, "protection": 7.0, "review": 7.0}
    formula = Formula(**{**fed, **{name: np.array([value]) for name, value in week.items()}})
    found = paying_targets(Only(network=n, company=company), formula, ServiceThatPays(0.1))
    assert found[0] == pytest.approx(0.95, abs=1e-6)
    with pytest.raises(ScenarioError, match="the cost of a unit short is 0"):
        ServiceThatPays(0.0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--service", "pays"], "needs --short-cost"),
        (["--service", "0.9", "--short-cost", "0.1"], "goes with --service pays"),
        (["--service", "pays", "--short-cost", "0.1", "--by", "class"], "differs by product"),
        (["--service", "much"], "--service is much"),
    ],
)
def test_what_the_command_cannot_do_is_said(words, said):
    """In a sentence, before anything is run."""
    told = CliRunner().invoke(main, ["stock", "trading", *words])
    assert told.exit_code == 2
    assert said in told.output
