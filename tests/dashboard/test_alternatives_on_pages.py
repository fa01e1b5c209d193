"""What if, beside the answer: codes of alternatives, their names, what is simulated again and what is not."""

import time

import numpy as np
import pandas as pd
import pytest
from reader import open_page, texts

from dashboard import comparing, jobs, kinds, look, results
from dashboard.alternatives import code_for, is_situation, parted
from dashboard.asks import Ask, from_json, to_json
from dashboard.case import Case, scenario_of
from dashboard.downloads import command_line
from dashboard.look import policy_name
from dashboard.parts.comparison import in_names
from dashboard.parts.what_if import possible, ready
from dashboard.verdicts import policy_to_take, verdict_texts
from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError
from simulator.results.alternatives import alternatives_in, compare_alternatives

FEW = 3
SETTING = {"policy.safety_stock.z": 1.65, "what_if.supplier_out.overseas": 6}
CODE = "chase~policy.safety_stock.z=1.65;what_if.supplier_out.overseas=6"


def test_a_code_holds_policy_and_setting_and_no_comma():
    assert code_for("chase", SETTING) == CODE
    assert parted(CODE) == ("chase", SETTING)
    assert code_for("chase", {}) == "chase"
    odd = code_for("chase", {'what_if.supplier_out."a, b; c"': 2})
    assert "," not in odd
    assert parted(odd) == ("chase", {'what_if.supplier_out."a, b; c"': 2})
    with pytest.raises(ScenarioError):
        parted("chase~nonsense")


def test_alternatives_are_named_by_what_differs():
    assert policy_name(CODE) == "Chase, z 1.65, overseas out 6 weeks"
    assert policy_name("sop~what_if.demand=1.2") == "S&OP by the rules, demand +20 %"
    assert policy_name("sop~what_if.capacity=0.9") == "S&OP by the rules, capacity -10 %"
    assert policy_name("sop~what_if.lead_time_days=10") == "S&OP by the rules, lead times +10 days"


@pytest.mark.parametrize("company", ["giftware", "switchgear", "trading"])
def test_what_is_ready_can_be_on_the_company(company):
    scenario = scenario_of(Case(company))
    for policy in ("siloed", "sop"):
        offered = [code_for(policy, setting) for setting in ready(scenario, scenario.policy(policy))]
        assert len(offered) >= 4
        assert all(possible(scenario, code) for code in offered)
    assert not possible(scenario, "sop~what_if.demand=-1")


def test_the_answer_is_that_of_the_command_line_and_policies_are_simulated_once(tmp_path, monkeypatch):
    """The columns are those of `sop compare --case`; one more alternative leaves the others as they are."""
    case = Case("trading")
    first = Ask("compare", case, ("chase", CODE), FEW, 1)
    kinds.compare_policies(first, place_for(first))
    told = results.comparison(first)
    named = {"chase": {"policy": "chase"}, "other": {"policy": "chase", **SETTING}}
    plain = compare_alternatives(scenario_of(case), named, FEW, 1)
    np.testing.assert_array_equal(told.found["chase"], plain.found["chase"])
    np.testing.assert_array_equal(told.found[CODE], plain.found["other"])
    played = []
    tell = comparing._tell
    monkeypatch.setattr(comparing, "_tell", lambda ask, names, *rest: played.extend(names) or tell(ask, names, *rest))
    more = Ask("compare", case, ("chase", CODE, "chase~what_if.demand=1.2"), FEW, 1)
    kinds.compare_policies(more, place_for(more))
    assert played == ["chase~what_if.demand=1.2"]
    np.testing.assert_array_equal(results.comparison(more).found[CODE], told.found[CODE])


def place_for(ask):
    """The folder of an answer, made."""
    folder = jobs.folder_of(ask.key)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_the_command_line_beside_it_says_the_same():
    ask = Ask("compare", Case("trading"), ("chase", CODE), FEW, 1)
    line = command_line(ask)
    assert (
        '--policy chase --case \'Chase, z 1.65, overseas out 6 weeks: policy="chase", policy.safety_stock.z=1.65'
        in line
    )
    typed = line.split("--case '")[1].split("'")[0]
    assert alternatives_in([typed]) == {"Chase, z 1.65, overseas out 6 weeks": {"policy": "chase", **SETTING}}
    assert from_json(to_json(ask)).key == ask.key


def test_a_ready_question_is_answered_in_two_clicks():
    """Open the panel, press one: it runs unasked, and the tiles are about it, against the policy as it is."""
    at = open_page("compare", company="trading", n=str(FEW))
    next(button for button in at.button if button.label == "demand +20 %").click().run()
    for _ in range(240):
        if not any(button.label == "Stop" for button in at.button):
            break
        time.sleep(0.25)
        at.run()
    assert not at.exception
    assert at.multiselect(key="policies").value == ["sop", "sop~what_if.demand=1.2"]
    assert at.selectbox(key="look").value == "sop~what_if.demand=1.2"
    assert "S&OP by the rules, demand +20 %" in texts(at)


def test_what_a_knob_asks_for_begins_before_the_button_is_pressed(monkeypatch):
    """It is the very ask that the button then makes; where no knob is turned, or many runs are asked for, nothing begins."""
    begun, asked = [], []
    monkeypatch.setattr(jobs, "begin_ahead", begun.append)
    monkeypatch.setattr(jobs, "start", lambda ask, *_: asked.append(ask) or jobs.State("running"))
    at = open_page("compare", company="trading", n="40")
    assert begun == []
    at.number_input(key="knob Demand, %").set_value(120.0).run()
    assert [ask.policies for ask in begun] == [("sop", "sop~what_if.demand=1.2")]
    assert asked == []
    next(button for button in at.button if button.label == "Add this alternative").click().run()
    assert asked == begun[:1]
    begun.clear()
    at.number_input(key="n").set_value(1_000).run()
    assert begun == []
    assert not at.exception


def test_a_policy_is_named_once_for_all_rows_of_a_table(monkeypatch):
    """A summary has hundreds of rows and a few policies."""
    asked = []
    monkeypatch.setattr(look, "policy_name", lambda name: asked.append(name) or name.upper())
    rows = look.labelled(pd.DataFrame({"policy": ["sop", "chase", "sop", "sop"], "mean": [1.0, 2.0, 3.0, 4.0]}))
    assert rows["label"].tolist() == ["SOP", "CHASE", "SOP", "SOP"]
    assert asked == ["sop", "chase"]


def test_the_form_of_events_is_drawn_when_it_is_opened():
    """It takes as long as all else of the panel, at every click on the page."""
    at = open_page("compare", company="trading", n=str(FEW))
    labels = [button.label for button in at.button]
    assert "Add this alternative" in labels
    assert "Add as an alternative" not in labels
    assert "Something happens" in [part.label for part in at.expander]


def test_a_link_with_an_alternative_that_cannot_be_says_so():
    at = open_page("compare", company="trading", policies="sop,sop~what_if.demand=-1")
    assert not at.exception
    assert any("which was ignored" in each.value for each in at.warning)


def test_what_may_happen_is_told_and_not_advised():
    """Nobody can take demand: the card says what changes, and a remark names the alternative as people do."""
    names = ("chase", "chase~what_if.demand=1.2")
    ask = Ask("compare", Case("trading"), names, FEW, 1)
    if jobs.state_of(ask.key).status != "done":
        kinds.compare_policies(ask, place_for(ask))
    found = results.decided(ask)
    head, line = verdict_texts(found)
    assert head == "What changes against Chase"
    assert line.startswith("Chase, demand +20 %: Fill rate ")
    assert "EBIT before absorption" in line
    assert policy_to_take(found) == names[1]
    told = in_names(ask, msg("the backlog of {policy} falls", policy=names[1]))
    assert str(told) == "the backlog of Chase, demand +20 % falls"
    assert not is_situation("chase~policy.safety_stock.z=1.65")
