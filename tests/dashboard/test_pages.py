"""Every page answers in both languages, and says what is wrong with what it is given."""

import json
import re

import pytest
from reader import PAGES, go_to, open_page, texts

from dashboard import downloads, jobs, results
from dashboard.asks import Ask
from dashboard.case import Case
from dashboard.look import policy_name
from simulator import load, simulate
from simulator.faces.cli.cycle import document_lines
from simulator.faces.documents import documents_of, pack_of
from simulator.kernel.messages import msg, written
from simulator.results.under_contract import under_contract

TITLES = {
    "data": "Your data",
    "compare": "Compare ways of planning",
    "today": "From today",
    "lab": "Safety-stock lab",
    "cycle": "A month of S&OP",
    "bridge": "Value bridge",
    "replay": "One possible year",
    "sweep": "Sweep",
    "scenario": "Scenario",
    "play": "Play",
    "methods": "Methods",
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_before_the_first_click(page, lang):
    """Title in the reader's language, no error, no exception."""
    at = open_page(page, lang=lang)
    assert not at.exception, at.exception
    assert not at.error, [each.value for each in at.error]
    assert at.title[0].value == written(msg(TITLES[page]), lang)


@pytest.mark.parametrize("company", results.SHOWN)
def test_the_verdict_of_compare_stands_first(company):
    """Which policy to take under the contract, and who cannot be told from it, as the command line says it."""
    at = open_page(company=company)
    told = under_contract(results.decided(results.first_comparison(Case(company))))
    head = next(each.value for each in at.markdown if each.value.startswith("#### "))
    assert policy_name(told.take) in head
    assert f"Under the contract of {100 * told.contract:.1f} % fill rate" in head
    said = next((each.value for each in at.markdown if "Not surely different from it" in each.value), "")
    assert all(policy_name(other) in said for other in told.alike)
    assert bool(told.alike) == bool(said)


def test_tiles_show_what_compare_answers():
    """The figure of a tile is that of the table, to the last digit shown."""
    at = open_page(look="chase")
    summary = results.summary(results.first_comparison(Case("giftware")))
    row = summary[(summary["measure"] == "days_of_supply") & (summary["policy"] == "chase")].iloc[0]
    tile = next(each for each in at.metric if each.label == "Days of stock of products")
    assert tile.value.startswith(f"{row['mean']:.1f} ±")
    assert row["verdict"] in tile.delta


def test_moving_the_target_changes_the_risk_only():
    """No simulation is needed: the runs are held against another target."""
    at = open_page(look="chase")
    before = {each.label: each.value for each in at.metric}
    at.slider(key="target").set_value(90.0).run()
    after = {each.label: each.value for each in at.metric}
    assert {name for name in before if before[name] != after[name]} == {"Contract missed"}
    assert at.query_params["target"] == "90"


def test_a_link_brings_everything_back():
    """What one reader chose, another one sees."""
    assert open_page(policies="chase,level").multiselect(key="policies").value == ["chase", "level"]
    at = open_page(target="92.5", look="sop", lang="zh")
    assert at.selectbox(key="look").value == "sop"
    assert at.slider(key="target").value == 92.5
    assert at.selectbox(key="lang").value == "zh"


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"company": "../../etc/passwd"}, "company"),
        ({"policies": "chase,__import__('os')"}, "policies"),
        ({"target": "1e999"}, "target"),
        ({"target": "nan"}, "target"),
        ({"n": "100000000"}, "n = "),
        ({"lang": "xx"}, "lang"),
        ({"set": "{" * 5000}, "set"),
        ({"set": "[1,2]"}, "set"),
        ({"look": "<script>alert(1)</script>"}, "look"),
    ],
)
def test_a_hostile_link_is_named_and_ignored(link, said):
    """A sentence at the head of the page, the usual choice instead, no traceback."""
    at = open_page(**link)
    assert not at.exception
    assert any(said in each.value for each in at.warning), [each.value for each in at.warning]
    assert at.title[0].value == TITLES["compare"]


def test_changes_that_do_not_fit_are_told_and_dropped():
    """The command line's own sentence, and the company as it comes."""
    at = open_page(set=json.dumps({"products.85123A.price": -3}))
    assert any("must be at least 0" in each.value for each in at.warning)
    assert "Entries changed" not in texts(at)


def test_inputs_that_were_never_simulated_offer_a_run():
    """Empty state: what it is, the button, the example."""
    at = open_page(policies="pull,chase", n="7")
    assert "No result for these inputs yet" in texts(at)
    assert {"Run", "Open the example"} <= {each.label for each in at.button}


def test_the_last_result_stays_until_the_new_one_is_there():
    """Stale state: what is shown says that it is of earlier inputs."""
    at = open_page()
    at.number_input(key="n").set_value(17).run()
    assert "Inputs changed" in texts(at)
    assert at.metric


def test_another_company_does_not_show_the_last_ones_result():
    """What was shown is of a company that is no longer chosen."""
    at = open_page()
    assert at.metric
    at.selectbox(key="company").set_value("giftware-launch").run()
    assert "No result for these inputs yet" in texts(at)
    assert not at.metric


def test_a_failed_run_says_why(monkeypatch):
    """The sentence of the simulator, and a way to try again."""
    sentence = "The memory does not suffice; take fewer months, replications or products."
    monkeypatch.setattr(jobs, "state_of", lambda key: jobs.State("failed", sentence=sentence))
    at = open_page(n="18")
    assert any(sentence in each.value for each in at.error)
    assert "Try again" in {each.label for each in at.button}


def test_a_stopped_run_can_be_run_again(monkeypatch):
    """Nothing hangs."""
    monkeypatch.setattr(jobs, "state_of", lambda key: jobs.State("stopped"))
    assert "Run again" in {each.label for each in open_page(n="19").button}


def test_too_long_a_run_is_not_offered(monkeypatch):
    """The estimate, and what to do instead."""
    monkeypatch.setattr(jobs, "seconds", lambda *rest: 1_200.0)
    at = open_page(n="23")
    assert "Run" not in {each.label for each in at.button}
    assert any("too long for a page" in each.value for each in at.warning)


def test_the_five_steps_of_a_month():
    """Each step shows its own document, in its language."""
    at = open_page("cycle")
    for step, title in enumerate(("Sales forecast report", "Demand plan", "Supply plan", "Pre-S&OP meeting"), 1):
        at.button_group(key="step").set_value(str(step)).run()
        assert not at.exception
        assert at.subheader[0].value == title


def test_a_month_in_three_pages(monkeypatch):
    """What happened, what must be decided, what is due; an answer kept before there were any does not offer them."""
    packed = pack_of(simulate(load("trading", {"experiment.months": 14}), "sop", [0]), 14)
    monkeypatch.setattr(results, "pack", lambda _ask, _month: packed)
    at = open_page("cycle", step="7")
    assert not at.exception
    assert [each.value[3:] for each in at.subheader] == [str(page.title)[2:] for page in packed]
    assert "Approved: the purchase and inventory plan." in texts(at)
    monkeypatch.setattr(results, "pack", lambda _ask, _month: [])
    at = open_page("cycle", step="7")
    assert not at.exception
    assert at.subheader[0].value == "Sales forecast report"


def test_the_supply_plan_of_a_trading_company_is_drawn():
    """Receipts in the place of production."""
    from dashboard.parts import paper

    documents = documents_of(simulate(load("trading", {"experiment.months": 14}), "sop", [0]), 14)
    drawn, words = paper.chart_of(documents[2])
    assert words == "Receipts, demand and stock, units"
    assert "receipts" in json.dumps(drawn.to_dict())


def test_a_month_after_the_other():
    """Before and after are one click away."""
    at = open_page("cycle")
    month = int(at.selectbox(key="month").value)
    next(each for each in at.button if each.label == "Month after").click().run()
    assert int(at.selectbox(key="month").value) == month + 1


@pytest.mark.parametrize(("page", "slides"), [("cycle", 5), ("bridge", 9)])
def test_presentation_goes_on_and_back(page, slides):
    """One thing at a time, until the end."""
    at = open_page(page)
    next(each for each in at.button if each.label == "Present").click().run()
    seen = [at.title[0].value]
    for _ in range(slides - 1):
        at.button(key="slide on").click().run()
        assert not at.exception
        seen.append(at.title[0].value)
    assert len(set(seen)) == slides
    assert at.button(key="slide on").disabled
    at.button(key="slide end").click().run()
    assert at.title[0].value == TITLES[page]


def test_the_lab_answers_at_once():
    """More service takes more stock, by the formula, without a simulation."""
    at = open_page("lab")
    low = stock(at)
    at.slider(key="goal").set_value(99.5).run()
    assert stock(at) > low


def stock(at):
    """The safety stock that the lab shows."""
    shown = next(each.value for each in at.metric if each.label == "Safety stock")
    return float(shown.split()[0].replace(",", ""))


def test_a_day_of_the_film():
    """The film stops where it is told to."""
    at = open_page("replay")
    at.slider(key="day").set_value(100).run()
    assert any("up to 2010-03-11" in each.value for each in at.caption)


def test_a_changed_entry_is_in_the_link_and_can_be_taken_back():
    """What differs from the base is listed; undo brings it back."""
    at = open_page("scenario")
    at.text_input(key="search entries").set_value("85123A.price").run()
    at.number_input(key="entry products.85123A.price").set_value(3.25).run()
    assert json.loads(at.query_params["set"]) == {"products.85123A.price": 3.25}
    assert any("2.95 → **3.25**" in each.value for each in at.markdown)
    next(each for each in at.button if each.label == "Undo").click().run()
    assert "set" not in at.query_params


def test_a_wrong_entry_is_refused_at_its_input():
    """The sentence of the command line; the company stays as it was."""
    at = open_page("scenario")
    at.text_input(key="search entries").set_value("85123A.price").run()
    at.number_input(key="entry products.85123A.price").set_value(-1.0).run()
    assert any("must be at least 0" in each.value for each in at.error)
    assert "set" not in at.query_params


def test_a_part_that_is_left_out_can_be_added():
    """What it must say stands in its input; once there, its entries have inputs of their own."""
    at = open_page("scenario")
    at.text_input(key="search entries").set_value("printing.people").run()
    key = "entry resources.printing.people"
    assert at.text_input(key=key).placeholder == "{ heads = …, hours = … }"
    at.text_input(key=key).set_value("{ heads = 2, hours = -1 }").run()
    assert any("hours is -1" in each.value for each in at.error)
    assert at.text_input(key=key).value == "{ heads = 2, hours = -1 }"  # nothing is lost
    at.text_input(key=key).set_value("{ heads = 2, hours = 1.3, wage = 12 }").run()
    assert at.number_input(key=f"{key}.heads").value == 2
    assert not at.error


def test_a_number_that_is_left_out_can_be_typed():
    """Its input is empty; the number is taken over."""
    at = open_page("scenario", company="textbook/capacity")
    at.text_input(key="search entries").set_value("credit_line").run()
    assert not at.exception
    assert at.number_input(key="entry finance.credit_line").value is None
    at.number_input(key="entry finance.credit_line").set_value(500.0).run()
    assert json.loads(at.query_params["set"]) == {"finance.credit_line": 500.0}


@pytest.mark.parametrize("company", ["giftware-everything", "switchgear-two-sources", "textbook/pipeline"])
def test_every_entry_of_a_company_has_its_place(company):
    """No part of a company is found by search only."""
    at = open_page("scenario", company=company)
    groups = at.button_group(key="group").options
    named = {"Market", "Sales team", "Disruptions", "Stock records", "Scorecard", "Channels", "Resources", "Suppliers"}
    assert named <= {each.content if hasattr(each, "content") else each for each in groups}


def test_a_scenario_opens_with_the_policies_that_it_asks_for():
    """As `sop compare` does; the reference company with the usual ones."""
    assert open_page(company="giftware-cash-squeeze").multiselect(key="policies").value == [
        "chase", "level", "sop-smoothed", "order-up-to",
    ]  # fmt: skip
    assert open_page().multiselect(key="policies").value == list(results.DEFAULT_POLICIES)


def test_compare_says_what_one_company_would_see():
    """Appliances: the policy to take surely earns more than the reference; the same sentence as on the command line."""
    told = results.comparison(results.first_comparison(Case("appliances"))).horizon()
    assert told is not None
    page = open_page(company="appliances")
    assert any(" as many after (95 % sure, in 80 % of cases" in each.value for each in page.caption)


def test_all_figures_explain_their_verdicts():
    """What chance alone does stands below the differences."""
    found = results.comparison(results.first_comparison(Case("giftware")))
    page = downloads.comparison_file(results.first_comparison(Case("giftware")), ".html").decode()
    assert "would be called different by chance alone" in str(found.legend()[-1])
    assert "would be called different by chance alone" in page


def test_a_possible_year_is_read_by_four_service_levels():
    """Chart and sentences of the run that is played, each run its own."""
    first, other = open_page("replay"), open_page("replay", run="3")
    assert any(each.value == "One run, four service levels" for each in first.subheader)
    told = [[each.value for each in at.markdown if "counts" in each.value] for at in (first, other)]
    assert len(told[0]) == len(told[1]) == 4 + 1
    assert told[0] != told[1]


@pytest.mark.parametrize("show", [{}, {"show": "1"}])
def test_a_bridge_from_a_policy_to_itself_is_not_offered(show):
    """Nothing would be on it; the page says what to choose."""
    at = open_page("bridge", **{"from": "siloed", "to": "siloed", **show})
    assert not at.exception
    assert at.info[0].value == "policies siloed and siloed differ in no element of S&OP; take two that do"
    assert "Run" not in [button.label for button in at.button]


def test_a_failed_run_offers_the_last_good_one(monkeypatch):
    """One click back to what was there, inputs and all."""
    at = open_page("bridge")
    true = jobs.state_of
    failed = jobs.State("failed", sentence="the disk is full")
    monkeypatch.setattr(jobs, "state_of", lambda key: failed if at.session_state["kept to"] == "level" else true(key))
    at.selectbox(key="to").set_value("level").run()
    assert at.error
    next(each for each in at.button if each.label == "Back to the last result").click().run()
    assert not at.error
    assert at.selectbox(key="to").value == "sop-smoothed"


@pytest.mark.parametrize(
    ("page", "key", "typed", "said"),
    [
        ("compare", "n", 5000, "from 2 to 1,000"),
        ("bridge", "runs", 1, "from 5 to 200"),
        ("lab", "review", 99, "from 1 to 60"),
    ],
)
def test_a_number_beyond_its_bounds_is_refused_at_its_input(page, key, typed, said):
    """A sentence that names what was typed; the value before stays, and what it gave."""
    at = open_page(page)
    before = at.number_input(key=key).value
    at.number_input(key=key).set_value(typed).run()
    assert any(f"{typed} was not taken" in each.value and said in each.value for each in at.error)
    assert at.number_input(key=key).value == before
    assert key not in at.query_params


def test_elements_make_a_policy_that_other_pages_know():
    """Siloed planning with a consensus forecast can be compared."""
    at = open_page("scenario")
    at.toggle(key="element consensus").set_value(True).run()
    next(each for each in at.button if each.label == "Add to the policies").click().run()
    at = go_to(at, "compare")
    assert "siloed+consensus" in at.multiselect(key="policies").options or any(
        "consensus" in option for option in at.multiselect(key="policies").options
    )


def test_every_page_knows_the_company_of_the_link():
    """The company goes along from page to page."""
    at = open_page(company="trading")
    for page in ("lab", "scenario", "methods"):
        at = go_to(at, page)
        assert not at.exception
        assert at.selectbox(key="company").value == "trading"


def test_a_key_follows_from_content_only():
    """The same ask has the same key; a changed entry, seed or policy another one."""
    ask = results.first_comparison(Case("giftware"))
    same = Ask(ask.kind, Case("giftware"), ask.policies, ask.replications, ask.seed, ask.more)
    assert same.key == ask.key
    changed = Case("giftware").with_entry("products.85123A.price", 3.25)
    others = [
        results.first_comparison(changed),
        Ask(ask.kind, ask.case, ask.policies, ask.replications, 2, ask.more),
        Ask(ask.kind, ask.case, ask.policies[1:], ask.replications, ask.seed, ask.more),
    ]
    assert len({ask.key, *(other.key for other in others)}) == 4


@pytest.mark.parametrize(
    ("entry", "typed"),
    [
        ("market.shocks", "[{ start = 2011-01-01, factor = 1.2 }]"),
        ("calendar.holidays", "[2010-12-24, 2010-12-27]"),
        ("disruptions", '[{ supplier = "china", start = 2011-01-01, length = { law = "fixed", mean = 42 } }]'),
    ],
)
def test_a_date_typed_into_a_list_is_a_date(entry, typed):
    """As a file writes it; it is taken or refused in a sentence, and comes back in the link."""
    at = open_page("scenario")
    at.text_input(key="search entries").set_value(entry).run()
    at.text_input(key=f"entry {entry}").set_value(typed).run()
    assert not at.exception
    assert "set" in at.query_params or at.error
    if "set" in at.query_params:
        again = open_page("scenario", set=at.query_params["set"])
        assert not again.exception
        assert entry in json.loads(again.query_params["set"])


@pytest.mark.parametrize("typed", ["nan", "[inf]", "{ a = -inf }", "9" * 400, "[" * 3000, "2011-01-01", "07:30:00", ""])
def test_whatever_is_typed_is_taken_or_refused(typed):
    """Never a fault of the program."""
    at = open_page("scenario")
    at.text_input(key="search entries").set_value("market.shocks").run()
    at.text_input(key="entry market.shocks").set_value(typed).run()
    assert not at.exception
    assert at.error
    assert "set" not in at.query_params


def test_a_whole_number_beyond_a_browsers_is_shown_and_kept(tmp_path):
    """It stands in its input as text, to the last digit."""
    from dashboard.case import brought

    seed = 2**63 - 1
    case = brought(f'extends = "trading"\n[experiment]\nseed = {seed}\n'.encode())
    at = open_page("scenario", company=case.base)
    at.text_input(key="search entries").set_value("experiment.seed").run()
    assert not at.exception
    assert at.text_input(key="entry experiment.seed").value == str(seed)
    at.text_input(key="entry experiment.seed").set_value(str(seed - 1)).run()
    assert json.loads(at.query_params["set"]) == {"experiment.seed": seed - 1}
    assert not open_page("compare", company=case.base).exception


@pytest.mark.parametrize("company", ["giftware-everything", "switchgear-two-sources", "textbook/two-classes"])
def test_what_an_input_shows_is_what_the_entry_says(company):
    """Every value of every entry: shown, taken back, the same."""
    from dashboard import fields
    from dashboard.case import scenario_of
    from simulator.company.toml import json_text

    for entry in fields.changeable_entries(scenario_of(Case(company))):
        assert json_text(fields.from_screen(entry, fields.as_words(entry.value))) == json_text(entry.value), entry.path


# --- small sentences ---


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"target": "100"}, "it must be from 50 to 99.9."),
        ({"n": "1e9"}, "it must be from 2 to 1,000."),
        ({"n": "7.5"}, "it must be a whole number."),
        ({"n": "inf"}, "it must be a whole number."),
        ({"seed": "1e17"}, "it must be from 0 to 9,007,199,254,740,991."),
        ({"set": "[" * 5000}, "it is no JSON."),
        ({"set": '{"products.85123A.price": null}'}, "an entry cannot be nothing (null)."),
        ({"set": '{"products..price": 1}'}, "the entry 'products..price' cannot be read"),
    ],
)
def test_a_link_is_told_what_is_allowed_as_one_writes_it(link, said):
    """No sixteen digits, no word of the program's insides."""
    at = open_page(**link)
    assert not at.exception
    assert any(said in each.value for each in at.warning), [each.value for each in at.warning]


def test_nothing_is_no_choice():
    """An input that was not drawn to its end keeps what it was, and no sentence speaks of None."""
    at = open_page("cycle", month="13", step="3", policy="siloed")
    at.session_state["step"] = None
    at.run()
    assert not at.exception
    assert not any("None" in each.value for each in at.error)
    assert at.session_state["kept step"] == "3"
    assert at.session_state["kept month"] == "13"


def overload():
    """The worst overload of the month that the page opens with: the plan, its share of regular hours, what is lacking."""
    from dashboard.paper import read_month

    ask = results.first_months(Case("giftware"))[0]
    document = read_month(jobs.folder_of(ask.key) / "month-14.json.gz")[2]
    said = " ".join("\n".join(document_lines(document)).split())
    worst = re.search(r"assembly is overloaded [^;]*, ([\d.]+) % of [^;]*; [^;]*, (\d+) hours too few", said)
    return document, float(worst[1]), worst[2]


def test_a_slide_shows_what_decides():
    """The worst overload, both options, the decisions with who does what until when."""
    supply = texts(open_page("cycle", show="1", slide="2"))
    assert "assembly is overloaded" in supply
    assert f"{overload()[2]} hours too few" in supply
    assert "which is enough" not in supply
    executive = texts(open_page("cycle", show="1", slide="4"))
    assert "2011-01-11, master scheduler: Load the approved plan" in executive
    assert "Open issues taken up" in executive
    assert re.search(r"lights owes up to \d+ units, from 2011-01 on", executive)


def test_the_load_chart_reaches_the_overload_that_its_text_names():
    """The share of regular hours that the wished plan needs, as the sentence has it."""
    from dashboard.parts import paper

    document, share, _ = overload()
    chart, _ = paper.load_of(document)
    values = [row["value"] for rows in chart.to_dict()["datasets"].values() for row in rows if "value" in row]
    assert share > 100
    assert max(values) == pytest.approx(share / 100, abs=5.1e-4)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/cycle/x", "/cycle"),
        ("/cycle/", "/cycle"),
        ("/lab/a/b?lang=zh", "/lab?lang=zh"),
        ("/compare?lang=zh", "/?lang=zh"),
        ("/compare/x", "/"),
    ],
)
def test_what_lies_below_a_page_leads_back_to_it(path, to):
    """Not to a white page; what the link says is kept."""
    import asyncio

    from dashboard.server import OneRoot

    def asked(url):
        said, (bare, _, query) = [], url.partition("?")

        async def inner(scope, receive, send):
            said.append({"status": 404, "headers": []})

        async def send(message):
            said.append(message)

        asyncio.run(OneRoot(inner)({"type": "http", "path": bare, "query_string": query.encode()}, None, send))
        return said[0]["status"], dict(said[0]["headers"]).get(b"location", b"").decode()

    assert asked(path) == (303, to)
    assert asked("/cycle/_stcore/health")[0] == 304
    assert asked("/static/js/x.js")[0] == 404
