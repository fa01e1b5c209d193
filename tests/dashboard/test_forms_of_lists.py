"""Forms with labels for the lists of a company: one definition from the records' fields, on the page and beside the answer."""

import datetime as dt

import pytest
from reader import open_page, texts

from dashboard.alternatives import code_for
from dashboard.asks import case_of
from dashboard.case import Case, scenario_of
from dashboard.look import policy_name
from dashboard.parts.lists import tables_of, with_list, with_record
from simulator import load
from simulator.company.lists import labelled, list_of, record_lists
from simulator.kernel.messages import catalogue
from simulator.kernel.units import ScenarioError

TRADING = Case("trading")
PROMOTIONS, DISRUPTIONS = list_of("market.promotions"), list_of("disruptions[3]")
LIFT = {"start": "2026-05-01", "products": ["drill"], "lift": 0.4}


def test_every_list_of_records_is_found():
    """Of the company and of the tables in it, by their entries."""
    entries = {each.entry for each in record_lists()}
    assert {
        "disruptions",
        "market.promotions",
        "market.shocks",
        "market.prices",
        "demand.frames",
        "open_orders",
    } <= entries
    assert [each.title for each in record_lists()[:3]] == ["disruption", "promotion", "price change"]
    assert list_of("products.drill.price") is None


def test_every_label_has_a_chinese_word():
    """Titles of lists and labels of fields, those of laws and patterns included."""
    known = catalogue("zh").texts
    words = {each.title for each in record_lists()} | {
        label for each in record_lists() for label in labelled(each.kind)
    }
    assert not [word for word in sorted(words) if word not in known]


def test_a_record_is_added_changed_and_taken_out():
    """The first is an entry of its own, two are the whole list; without them the company is as it comes."""
    one, entry, said = with_record(TRADING, PROMOTIONS, LIFT)
    assert (entry, said) == ("market.promotions", [LIFT])
    two, _, _ = with_record(one, PROMOTIONS, {**LIFT, "lift": 0.1})
    assert [each.lift for each in scenario_of(two).company.market.promotions] == [0.4, 0.1]
    other, _, _ = with_record(two, PROMOTIONS, {**LIFT, "lift": 0.2}, at=0)
    assert [each["lift"] for each in tables_of(other, PROMOTIONS)] == [0.2, 0.1]
    assert with_list(other, PROMOTIONS, []) == TRADING


def test_a_table_after_the_last_is_one_more():
    """Also on the command line: the next place of a list takes a table, a place beyond it does not."""
    stream = {"product": "drill", "segment": "web-shop", "daily": {"law": "poisson", "mean": 1.0}}
    held = len(load("trading").words["demand"]["everyday"])
    with pytest.raises(ScenarioError, match="picks none of them"):
        load("trading", {f"demand.everyday[{held + 1}]": stream})
    with pytest.raises(ScenarioError, match="a second time"):
        load("trading", {f"demand.everyday[{held}]": stream})


def press(at, key):
    """Press a button by its key."""
    return next(each for each in at.button if each.key == key).click().run()


def test_a_promotion_is_added_on_the_page():
    """Labels with units, a sentence beside the input that is wrong, then the company has it; undo takes it back."""
    at = open_page("scenario", company="trading")
    at.button_group(key="scenario list").set_value("market.promotions").run()
    key = "scenario market.promotions"
    assert at.number_input(key=f"{key} lift").label == "Lift, share"
    at.multiselect(key=f"{key} products").set_value(["drill"]).run()
    press(at, f"button {key} take")
    assert any(each.value.startswith("Lift is missing") for each in at.error)
    at.number_input(key=f"{key} lift").set_value(30.0).run()
    press(at, f"button {key} take")
    assert any(each.value.startswith("Lift is 30") and "20" in each.value for each in at.error)
    at.number_input(key=f"{key} lift").set_value(0.3).run()
    press(at, f"button {key} take")
    assert not at.exception
    assert not at.error
    (made,) = scenario_of(at.session_state["case"]).company.market.promotions
    assert (made.products, made.lift, made.days) == (("drill",), 0.3, 14)
    press(at, "undo list")
    assert at.session_state["case"] == TRADING


def test_a_disruption_is_changed_and_taken_out_on_the_page():
    """A law within the record has inputs of its own."""
    at = open_page("scenario", company="trading")
    key = "scenario disruptions"
    at.selectbox(key=f"{key} supplier").set_value("overseas")
    at.number_input(key=f"{key} length mean").set_value(42.0).run()
    press(at, f"button {key} take")
    assert not at.error, [each.value for each in at.error]
    (made,) = scenario_of(at.session_state["case"]).company.disruptions
    assert (made.supplier, made.length.mean) == ("overseas", 42.0)
    press(at, f"button {key} change 0")
    assert at.number_input(key=f"{key} length mean").value == 42.0
    assert at.date_input(key=f"{key} start").value == made.start
    at.date_input(key=f"{key} start").set_value(made.start + dt.timedelta(days=7)).run()
    press(at, f"button {key} take")
    assert scenario_of(at.session_state["case"]).company.disruptions[0].start == made.start + dt.timedelta(days=7)
    press(at, f"button {key} out 0")
    assert at.session_state["case"] == TRADING


def test_every_list_has_a_form():
    """In Chinese too, and without a fault; what is missing is said."""
    at = open_page("scenario", company="trading", lang="zh")
    for each in record_lists():
        at.button_group(key="scenario list").set_value(each.entry).run()
        assert not at.exception, each.entry
        press(at, f"button scenario {each.entry} take")
        assert not at.exception, each.entry
        assert at.error, each.entry


def test_an_event_is_an_alternative_by_name():
    """It changes the situation and nothing else; the page offers the form beside the answer."""
    code = code_for("sop", {"market.promotions": [LIFT]})
    assert policy_name(code) == "S&OP by the rules, promotion of drill from 2026-05-01"
    situation, _ = case_of(scenario_of(TRADING), code)
    assert situation.company.market.promotions[0].lift == 0.4
    at = open_page("compare", company="trading", n="3")
    at.session_state["something happens"] = True  # opened
    at.run()
    assert "Add as an alternative" in texts(at)
