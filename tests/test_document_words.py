"""Documents speak the reader's language: every sentence has its Chinese, names pass untouched, amounts stay beside their months."""

import ast
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator import load, simulate
from simulator.faces.cli import main
from simulator.faces.cli.cycle import DOCUMENT_WIDTH, document_lines
from simulator.faces.documents import documents_of, pack_of
from simulator.faces.documents.layout import Listing, laid_out
from simulator.faces.documents.phrases import rule_name
from simulator.kernel.messages import catalogue, language_of, speaking, written
from simulator.planning.rules import Allocation, DemandPlan, Replenishment, SafetyStock, SupplyPlan

HOME = Path(__file__).parent.parent / "simulator"
SPOKEN = [
    *HOME.glob("faces/documents/*.py"),
    HOME / "faces" / "cli" / "cycle.py",
    HOME / "planning" / "capacity.py",
    HOME / "planning" / "supply_plan" / "cost_optimal.py",
    HOME.parent / "dashboard" / "paper.py",
    HOME.parent / "dashboard" / "parts" / "paper.py",
]
"""Where sentences of the documents are made."""

CASES = [
    ("giftware", "sop", 3, 14),
    ("giftware", "siloed", 3, 14),
    ("giftware", "pull", 0, 14),
    ("trading", "sop", 0, 17),  # short of what it buys
    ("switchgear", "sop-smoothed", 0, 14),
    ("giftware-everything", "sop", 0, 22),  # with launches, deals, people, bad lots, and a lane that is closed
]
ALLOWED = {"S&OP", "WMAPE", "A", "P"}
"""What Chinese planners write in Latin letters: a process, a measure and a class of it, percentiles such as P10."""


def messages():
    """Every message of the documents: its text, and where it stands."""
    for file in SPOKEN:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("msg", "plural"):
                assert isinstance(node.args[0], ast.Constant), f"{file.name}:{node.lineno} puts a message together"
                if node.args[0].value:
                    yield node.args[0].value, f"{file.name}:{node.lineno}"


def test_no_message_of_the_documents_is_put_together():
    """Each is a text of its own, which a catalogue can hold; tests/test_translation.py holds its Chinese."""
    assert len(dict(messages())) > 300


def test_every_rule_that_documents_name_has_its_chinese():
    """Rules are named by what they are called in policies."""
    kinds = (Allocation, DemandPlan, Replenishment, SafetyStock, SupplyPlan)
    rules = [rule for kind in kinds for rule in kind.__subclasses__() if rule.__module__.startswith("simulator.")]
    names = {rule.name for rule in rules if rule.name}  # one that only watches another has none
    assert len(names) > 15
    assert not [name for name in names if rule_name(name).id not in catalogue("zh").texts]


# --- every word -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "-".join(map(str, case)))
def run(request):
    """A run of a reference company."""
    company, policy, replication, last = request.param
    return simulate(load(company, {"experiment.months": max(15, last + 2)}), policy, [replication])


def own(scenario):
    """The company's own names, which no catalogue translates."""
    n, company = scenario.network, scenario.company
    names = {scenario.name, company.currency, *n.names, *n.families, *n.resources, *n.segments, *n.suppliers}
    names |= {name for _, name in n.sources.disrupted}
    return names | {stage.name for deal in company.demand.projects for stage in deal.stages}


def texts(documents):
    """All that documents say, cell by cell, as it is written in the language spoken here."""
    for document in documents:
        for block in laid_out(document):
            if isinstance(block, Listing):
                yield written(block.title)
                yield from (written(cell) for row in block.rows for cell in row)
            else:
                yield written(block.text)
                yield written(getattr(block, "speaker", ""))


def left_in_latin(text, names):
    """Runs of Latin letters in a text, after the company's names are taken out, the longest first."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return set(re.findall(r"[A-Za-z][A-Za-z&-]*", text)) - ALLOWED


@pytest.mark.parametrize("month", [1, 2, None])
def test_chinese_documents_hold_no_english(run, month):
    """Every run of Latin letters that is no name of the company's is listed."""
    names, last = own(run.scenario) | {run.policy.name}, run.scenario.days.months - 2
    with speaking("zh"):
        written_in_month = [*documents_of(run, month or max(last, 14)), *pack_of(run, month or max(last, 14))]
        said = {text: left_in_latin(text, names) for text in texts(written_in_month)}
    assert not {text: words for text, words in said.items() if words}


def test_chinese_lines_fit_the_screen(run):
    """A Chinese sign takes two places; tables are cut into strips by their width on the screen."""
    from rich.cells import cell_len

    with speaking("zh"):
        lines = "\n".join(line for document in documents_of(run, 14) for line in document_lines(document)).splitlines()
    assert max(map(cell_len, lines)) <= DOCUMENT_WIDTH


# --- names ----------------------------------------------------------------------------------------------------------------

NASTY = [
    "Kits; large",
    "Bags, lights and more",
    "a. B",
    "100 %",
    "{units} {",
    'say "so"',
    "灯具",
    "it's",
    "stock",
    "%s{}",
]
"""Names as users write them; one of them is a word of ours."""

MARKS, MARK = [f"Name{k}x" for k in range(9)], re.compile(r"Name(\d)x")


def company(names, hours=3.5):
    """Two families, a bought product, a part, a line and two segments, by nine names; no luck in it, and not enough hours."""
    kettles, pots, kettle, pot, body, line, dealers, shop, foundry = names
    made = {"bill": {body: 1.0}, "hours": {line: 0.5}, "lead_time": 2}
    streams = [
        {"product": product, "segment": segment, "daily": {"law": "constant", "mean": mean}}
        for product in (kettle, pot)
        for segment, mean in ((dealers, 4.0), (shop, 6.0))
    ]
    buy = {"supplier": foundry, "lead_time": {"law": "constant", "mean": 40}}
    return {
        "name": "nasty",
        "company": {"whole_units": False},
        "calendar": {"start": "2024-01-01", "working_days": ["mon", "tue", "wed", "thu", "fri"]},
        "products": {
            kettle: {"family": kettles, "price": 50.0, "unit_cost": 20.0, "opening_stock": 0.0, "make": made},
            pot: {"family": pots, "price": 40.0, "unit_cost": 20.0, "opening_stock": 60.0, "buy": buy},
        },
        "components": {body: {"unit_cost": 8.0, "opening_stock": 100.0, "buy": buy}},
        "suppliers": {foundry: {}},
        "resources": {line: {"hours": hours, "overtime": 0.2, "overtime_premium": 3.0}},
        "segments": {dealers: {"rank": 1}, shop: {"rank": 2}},
        "demand": {"everyday": streams},
        "experiment": {"months": 12, "history": 24, "replications": 1},
    }


def said_of(names, policy):
    """All that the documents of a month say of the company with these names, in both languages; luck goes by names."""
    case = load(company(names))
    rules = {**case.policy(policy).model_dump(mode="json"), "forecast": "moving-average"}
    run = simulate(case, rules, [0])
    said = {}
    for language in ("en", "zh"):
        with speaking(language):
            said[language] = list(texts(documents_of(run, 11)))
    return said


@pytest.fixture(scope="module")
def of_marks():
    """What documents say where every name is a mark that nothing else is called."""
    return {policy: said_of(MARKS, policy) for policy in ("sop", "siloed", "pull")}


@pytest.mark.parametrize(("policy", "shift"), [("sop", 0), ("sop", 4), ("sop", 7), ("siloed", 2), ("pull", 5)])
def test_names_pass_untouched_in_both_languages(of_marks, policy, shift):
    """With other names the same is said, and the names stand in their places as they are."""
    names = (NASTY[shift:] + NASTY[:shift])[: len(MARKS)]
    said = said_of(names, policy)
    for language, marked in of_marks[policy].items():
        assert said[language] == [MARK.sub(lambda mark: names[int(mark[1])], text) for text in marked]


def test_documents_name_families_parts_resources_and_customers(of_marks):
    """The law above is of them all."""
    for language in ("en", "zh"):
        said = " ".join(of_marks["sop"][language])
        assert {mark for mark in MARKS if mark in said} == set(MARKS) - {
            MARKS[8]
        }  # suppliers are named when they are out


# --- amounts --------------------------------------------------------------------------------------------------------------


def call(*words, **variables):
    """What a command printed."""
    done = CliRunner().invoke(main, [*map(str, words)], env={"LANGUAGE": "", "LC_ALL": "", "LANG": "C", **variables})
    assert done.exit_code == 0, done.stderr
    return done.stdout


GIFTWARE = ("cycle", "giftware", "--policy", "sop", "--months", 14, "--month", 14, "--replication", 3)


@pytest.fixture(scope="module")
def minutes():
    """The documents of a month on the screen, in both languages."""
    return {language: call("--language", language, *GIFTWARE) for language in ("en", "zh")}


def test_each_amount_stands_beside_its_month(minutes):
    """What is loaded into the master schedule is what was approved, month by month."""
    english, chinese = (" ".join(minutes[language].split()) for language in ("en", "zh"))
    loaded = re.search(r"into the master schedule: (.*?) owner", english)[1]
    amounts = {month: amount for amount, month in re.findall(r"([\d,]+) units in (\d{4}-\d\d)", loaded)}
    assert list(amounts) == ["2011-01", "2011-02", "2011-03"]
    there = re.search(r"录入主生产计划：(.*?)负责人", chinese)[1]
    assert dict(re.findall(r"(\d{4}-\d\d) 为 ([\d,]+) 件", there)) == amounts
    total = re.search(
        r"Total (?:2011-\d\d ){6}in force before (?:[\d,]+ ){6}approved ([\d,]+) ([\d,]+) ([\d,]+)", english
    )
    assert tuple(amounts.values()) == total.groups()


def test_figures_are_the_same_in_both_languages(minutes):
    """The same digits in the same documents, though not in the same order within a sentence."""
    digits = {language: sorted(re.findall(r"\d[\d,.]*\d|\d", text)) for language, text in minutes.items()}
    fewer = set(digits["en"]) - set(digits["zh"])
    assert not fewer
    assert "销售预测报告" in minutes["zh"]


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "zh", "LANG": "en_GB"}, "zh"),
        ({"LANGUAGE": "zh_CN:en", "LC_ALL": "en_GB"}, "zh"),
        ({"LANGUAGE": "fr:zh", "LC_ALL": "C"}, "zh"),
        ({"LANGUAGE": "", "LC_ALL": "", "LANG": "ZH-CN"}, "zh"),
        ({"LANG": "tlh_QO"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_variables_say_which_language_is_spoken(variables, language):
    """The first that is set, as gettext has it."""
    assert language_of(variables) == language


SHORT = ("cycle", "trading", "--months", 14, "--month", 14)


def test_the_language_goes_with_the_whole_command(tmp_path):
    """By option before or behind the command, by variable, and the option goes before the variable; each form speaks it."""
    chinese = call("--language", "zh", *SHORT)
    assert "销售预测报告" in chinese
    assert call(*SHORT, "--language=zh") == chinese
    assert call(*SHORT, LANG="zh_CN.UTF-8") == chinese
    assert "SALES FORECAST REPORT" in call("--language", "en", *SHORT, LANG="zh_CN.UTF-8")
    told = json.loads(call("--language", "zh", *SHORT, "--json"))
    assert told["documents"]["sales_report"]["title"] == "销售预测报告"
    assert {row["kind"] for row in told["documents"]["sales_plan"]["rows"]} == {"产品族"}
    for ending, sign in ((".html", '<html lang="zh-CN">'), (".md", "## 销售预测报告")):
        call("--language", "zh", *SHORT, "--out", tmp_path / f"month{ending}")
        text = (tmp_path / f"month{ending}").read_text(encoding="utf-8")
        assert sign in text
        assert "Sales forecast report" not in text


def test_an_unknown_language_is_refused_in_a_sentence():
    """With those that there are."""
    done = CliRunner().invoke(main, ["cycle", "trading", "--language", "tlh"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "sop: --language is 'tlh'; it must be one of en, zh\n"
