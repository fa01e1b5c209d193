"""Every text has its Chinese, with the same slots; what users write passes through untouched, whatever it looks like."""

import pickle
import re

import pytest

from simulator.engine.scenario import load
from simulator.faces.describe import profile
from simulator.faces.translation import declared, ids, missing, slots
from simulator.kernel.messages import LANGUAGES, catalogue, speaking, written
from simulator.kernel.units import ScenarioError, WorkError, bare, in_file, nearest
from simulator.results.cautions import cautions
from simulator.results.compare import compare

OTHERS = [language for language in LANGUAGES if language != "en"]

NASTY = [
    "Kits; large",
    "Bags, lights and more",
    "a. B",
    "100 %",
    "{n} units {",
    'say "so"',
    "灯具",
    "it's",
    "%s",
    "stock",
]
"""Names as users write them."""


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language):
    """What the catalogues lack is listed."""
    lacking = missing(language)
    assert not lacking, f"add to simulator/kernel/words/{language}:\n" + "\n".join(lacking)


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_their_slots(language):
    """What stands in the English sentence stands in the other one, and nothing else does."""
    texts = catalogue(language).texts
    for text in {*ids(), *declared()} & texts.keys():
        said = texts[text] if isinstance(texts[text], str) else texts[text][0]
        assert slots(said) == slots(text), text


def test_texts_are_found():
    """The list is not empty by mistake: sentences, both branches of a condition, declared texts."""
    found = {*ids(), *declared()}
    assert len(found) > 1_000
    assert {"did you mean {names}?", "{kind} with {bounds}", "{kind}, {bounds}", "Fill rate", "Print JSON."} <= found


def company(name):
    """A bakery in which everything has this name; it lacks hours, sells at a loss, and begins empty."""
    steady = {"law": "constant", "mean": 3}
    return {
        "name": "bakery",
        "company": {"name": name, "note": name},
        "products": {
            name: {
                "family": name,
                "price": 1,
                "unit_cost": 2,
                "make": {"hours": {name: 1}, "bill": {f"{name} too": 1}},
            }
        },
        "components": {f"{name} too": {"buy": {"supplier": name, "lead_time": steady}}},
        "resources": {name: {"hours": 2}},
        "suppliers": {name: {}},
        "segments": {name: {}},
        "demand": {"everyday": [{"product": name, "segment": name, "daily": {"law": "poisson", "mean": 9}}]},
        "experiment": {"months": 4, "warm_up": 1, "replications": 2},
    }


@pytest.fixture(params=NASTY)
def name(request):
    return request.param


def own_words(name):
    """What of a text is not ours to translate."""
    return set(re.findall("[A-Za-z]{2,}", f"{name} too bakery EUR BV UTF chase level sop siloed"))


def in_chinese(value, name):
    """A value in Chinese, in which no other Latin word stands than the user's."""
    text = written(value, "zh")
    assert not set(re.findall("[A-Za-z]{2,}", text)) - own_words(name), text
    return text


def test_names_pass_through_cautions_and_descriptions(name):
    """As they are, in both languages."""
    scenario = load(company(name))
    remarks = cautions(scenario)
    assert f"{name} cannot keep up: expected demand needs " in str(remarks[0])
    assert f"Price below standard cost: {name}." in [*map(str, remarks)]
    for remark in remarks:
        assert name in in_chinese(remark, name)
    lines = profile(scenario)
    assert str(lines[0]) == f"bakery ({name}): {name}."
    assert f"  Behind {name}" not in [*map(str, lines)]
    assert any(f"Supplier {name}: {name} too; 3 days" in str(line) for line in lines)
    with speaking("zh"):
        assert any(f"供应商 {name}：{name} too；" in str(line) for line in lines)
        assert str(lines[0]) == f"bakery（{name}）：{name}。"


def test_names_pass_through_errors(name):
    """Where an entry names what there is not; the sentence is written where it is read."""
    words = company(name)
    words["demand"]["everyday"][0]["product"] = f"{name}s"
    with pytest.raises(ScenarioError) as refused:
        load(words)
    hint = f"did you mean {name}?"
    said = f"demand.everyday[0].product names {f'{name}s'!r}, which is not a product; {hint}"
    assert str(refused.value) == f"scenario: {said}"
    with speaking("zh"):
        assert (
            str(refused.value)
            == f"scenario：demand.everyday[0].product 填的是 {f'{name}s'!r}，但没有这个产品；您是指 {name} 吗？"
        )


def test_names_pass_through_comparisons():
    """A policy's name stays as it is even where it begins the sentence."""
    scenario = load(company("Kits; large"))
    base = {"supply_plan": "chase"}
    policies = [{"name": "level; and {n} %", **base}, {"name": "chase, too. B", "supply_plan": "level"}]
    found = compare(scenario, policies, 4, measures=["stock_value", "fill_rate"])
    (sentence,) = found.sentences()
    assert str(sentence).startswith("chase, too. B ")
    assert "level; and {n} %" in str(sentence)
    assert "level; and {n} %" in written(sentence, "zh")
    assert "chase, too. B" in written(sentence, "zh")


@pytest.mark.parametrize("error", [ScenarioError, WorkError])
def test_an_error_travels_between_processes(error):
    """As a message, not as a text of one language."""
    sent = error(in_file("a.toml", nearest("choc", ["chock", "x"])))
    came = pickle.loads(pickle.dumps(sent))
    assert type(came) is error
    assert came.text == sent.text
    assert str(came) == "a.toml: did you mean chock?"
    with speaking("zh"):
        assert str(came) == "a.toml：您是指 chock 吗？"
    assert str(bare(came.text)) == "did you mean chock?"
