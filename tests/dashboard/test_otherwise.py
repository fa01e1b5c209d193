"""What if we had decided otherwise: options of a month are checked at the field, run beside the page, and shown as `sop ghost` has them."""

import time

import pytest
from reader import open_page, texts

from dashboard import jobs, results
from dashboard.case import Case, scenario_of
from dashboard.parts.ghosts import DecidedIn, months_for, things
from simulator.engine.decided import decisions_of
from simulator.results.ghost import ghost

FEW = 4


def finished(at):
    """The page once its run has ended."""
    for _ in range(240):
        at.run()
        if not any(button.label == "Stop" for button in at.button):
            return at
        time.sleep(0.25)
    raise AssertionError("the run did not end within a minute")


def pressed(at, label):
    """The page after a button."""
    return next(button for button in at.button if button.label == label).click().run()


@pytest.mark.parametrize("company", ["giftware", "switchgear", "trading", "giftware-people"])
def test_only_what_fits_the_company_is_offered(company):
    """Whatever can be chosen can be decided; a trading firm makes nothing and hires nobody."""
    case = Case(company)
    scenario, place = scenario_of(case), DecidedIn(case, "sop", 14)
    for kind, names in things(place).items():
        for name in names:
            for month in months_for(place, kind, name):
                assert decisions_of(f"{kind}:{name}@{month}=0", scenario, scenario.policy("sop"), 13)
    assert ("people" in things(place)) == (company == "giftware-people")
    if company == "trading":
        assert [*things(place)] == ["forecast", "safety-stock", "order-ahead", "reserve", "promise", "purchases"]


def test_an_amount_beyond_its_limits_is_told_at_the_field():
    """The sentence of the command line, and nothing to run."""
    at = open_page("cycle", decide1="overtime", about1="assembly", amount1="400")
    assert not at.exception
    said = [each.value for each in at.error]
    assert len(said) == 1
    assert "400 hours cannot be decided in 2011-01; it must be 0 to " in said[0]
    assert "Run" not in [button.label for button in at.button]


def test_the_same_option_twice_is_told_at_the_field():
    """Each thing is decided once."""
    again = {f"{name}{k}": value for k in (1, 2) for name, value in (("decide", "production"), ("amount", "500"))}
    at = open_page("cycle", **again)
    assert not at.exception
    assert "is named twice; name each once" in at.error[0].value


def test_a_policy_without_a_cycle_says_why_nothing_can_be_decided():
    """In the words of the command line."""
    at = open_page("cycle", policy="pull", amount1="1")
    at = finished(at)
    assert not at.exception
    assert "decides nothing in 2011-01" in texts(at)


def test_options_are_worth_what_the_command_line_says(monkeypatch):
    """Run by a process of its own, in futures; the differences stand in a table, the conclusion before it."""
    monkeypatch.setattr(results, "LANES", FEW)
    at = open_page("cycle", decide1="production", about1="bags", amount1="2500", decide2="overtime", amount2="5")
    assert not at.exception
    at = finished(pressed(at, "Run"))
    assert not at.exception
    assert not at.error, [each.value for each in at.error]
    options = ["production:bags=2500", "overtime:printing=5"]
    found = ghost(scenario_of(Case("giftware")), "sop", 14, options, [0], ahead=6, lanes=FEW)
    summary = found.summary().set_index(["decision", "measure"])
    tables = [each.value for each in at.dataframe if "Set the production plan, bags: 2,500 units" in each.value.columns]
    assert [len(table) for table in tables] == [6, 6]
    rate = summary.loc[("production:bags=2500", "fill_rate")]
    shown = tables[0].set_index("Measure").loc["Fill rate", "Set the production plan, bags: 2,500 units"]
    assert shown.startswith(f"{100 * rate['difference']:+.1f}".replace("-", "−"))
    assert any("Set the production plan, bags: 2,500 units" in each.value for each in at.markdown)
    assert any(each.value.startswith("sop ghost giftware --policy sop --month 14") for each in at.code)


def test_in_the_run_that_is_shown(monkeypatch):
    """One run has no interval, and says so."""
    at = open_page("cycle", run="0", luck="run", decide1="forecast", about1="bags", amount1="-100")
    asked = results.ghosts(Case("giftware"), "sop", 0, 14, ["forecast:bags=-100"], 0)
    assert asked.replications == 1
    at = finished(pressed(at, "Run"))
    assert not at.exception
    assert jobs.state_of(asked.key).status == "done", jobs.state_of(asked.key)
    assert "one replication says nothing of luck" in "\n".join(at.dataframe[-2].value.astype(str).to_numpy().ravel())


def test_alternatives_of_the_minutes_are_filled_in():
    """A biased forecast can be corrected by what the minutes say, at a click."""
    ask = results.first_months(Case("giftware"))[0]
    month, words = next((m, w) for m in results.month_names(ask) for w in results.alternatives(ask, m)[:1])
    at = open_page("cycle", month=month, decide2="none", luck="futures", amount3="0")
    at.session_state["otherwise"] = True
    at.run()
    assert not at.exception
    kind, rest = words.split(":")
    name, amount = rest.split("=")
    assert next(box for box in at.selectbox if box.label == "Option 1").value == kind
    assert next(box for box in at.selectbox if box.key == "about1").value == name
    assert next(box for box in at.number_input if box.key == "amount1").value == float(amount)


def test_another_month_has_other_alternatives():
    """What was filled in for one month is not taken along to the next."""
    ask = results.first_months(Case("giftware"))[0]
    at = open_page("cycle", month="14", luck="futures")
    for month in ("14", "15"):
        at.selectbox(key="month").set_value(month).run()
        assert not at.exception
        (words,) = results.alternatives(ask, month)
        assert at.number_input(key="amount1").value == float(words.split("=")[1])


def test_another_kind_of_decision_begins_with_nothing():
    """Units of a forecast are no hours."""
    at = open_page("cycle", decide1="forecast", amount1="-300", luck="futures")
    at.selectbox(key="decide1").set_value("overtime").run()
    assert not at.exception
    assert not at.error
    assert at.number_input(key="amount1").value == 0.0


def test_decisions_are_taken_away_and_brought_as_a_file():
    """What is in the inputs is what the file says; a file fills them, and one that does not fit is told."""
    at = open_page("cycle", decide1="overtime", about1="assembly", amount1="5", luck="futures")
    at = finished(at)
    content = '[[decisions]]\nmonth = 14\nkind = "production"\nof = "bags"\namount = 2500\nfor_month = 16\n'
    at = brought(at, content)
    assert not at.exception
    assert not at.error
    assert at.selectbox(key="decide1").value == "production"
    assert (at.selectbox(key="about1").value, at.selectbox(key="for1").value) == ("bags", "16")
    assert at.number_input(key="amount1").value == 2500
    assert at.selectbox(key="decide2").value == "none"
    at = brought(at, content.replace("14", "15"))
    assert "here up to 3 of 2011-01 are compared" in at.error[0].value
    at = brought(at, content.replace("2500", "-1"))
    assert "production:bags@16=-1: -1 units cannot be decided" in at.error[0].value


def brought(at, content):
    """The page once a file was dropped on it."""
    at.file_uploader(key="decisions file").upload("mine.toml", content.encode(), "application/toml").run()
    return at
