"""Names of a company's own things in other languages: validated like all else, inherited, and without a say in any figure."""

import pytest

from simulator.company.files import scenario_names
from simulator.company.names import MOST_SIGNS, Names
from simulator.engine.saving import scenario_file
from simulator.engine.scenario import load, preset, preset_names, preset_texts
from simulator.kernel.messages import LANGUAGES, msg, speaking
from simulator.kernel.units import ScenarioError

CHINESE = "\u4e00", "\u9fff"


def test_every_language_has_a_table():
    assert set(Names.model_fields) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("entry", "value", "words"),
    [
        ("bagz", "包", "names.zh.bagz stands for a name or note that the company does not have; did you mean bags"),
        ("bags", " ", "zh.bags has 0 characters; it must have from 1 to 500"),
        ("bags", "包" * (MOST_SIGNS + 1), "zh.bags has 501 characters; it must have from 1 to 500"),
        ("bags", 3, "names.zh.bags is 3; it must be text"),
    ],
)
def test_a_wrong_name_is_told_in_one_sentence(entry, value, words):
    with pytest.raises(ScenarioError, match=words):
        load("giftware", {f"names.zh.{entry}": value})


def test_another_language_is_refused():
    with pytest.raises(ScenarioError, match=r"names\.fr .* there is no such entry; known: en, zh"):
        load("giftware", {"names.fr.bags": "sacs"})


def test_names_move_no_figure_and_make_no_other_case():
    plain, named = load("trading"), load("trading", {"names.zh.drill": "电钻"})
    assert (named.fingerprint, named.case) == (plain.fingerprint, plain.case)
    assert named.names("zh")["drill"] == "电钻"
    assert plain.names("en") == {}


def test_a_note_that_has_a_name_may_be_changed():
    """By an option or on a page: what its old text is called in Chinese is no fault then."""
    changed = load("giftware", {"products.85123A.note": "SOMETHING ELSE"})
    assert changed.company.products["85123A"].note == "SOMETHING ELSE"
    with pytest.raises(ScenarioError, match="did you mean bags"):
        load("giftware", {"products.85123A.note": "SOMETHING ELSE", "names.zh.bagz": "包"})


def test_a_variant_inherits_names_and_may_take_their_things_out(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'extends = "trading"\ninstead = ["products", "demand"]\n'
        '[products.saw]\nprice = 50\nunit_cost = 30\nfamily = "saws"\nbuy = { supplier = "overseas", lead_time = '
        '{ law = "constant", mean = 20 } }\n[[demand.everyday]]\nproduct = "saw"\nsegment = "chains"\n'
        'daily = { law = "poisson", mean = 4 }\n[names.zh]\nsaw = "锯"\n',
        encoding="utf-8",
    )
    found = load(file).names("zh")
    assert (found["saw"], found["overseas"]) == ("锯", "海外工厂")
    file.write_text(file.read_text(encoding="utf-8").replace('saw = "锯"', 'drill = "钻"'), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mine\.toml: names\.zh\.drill stands for"):
        load(file)


def test_the_writer_of_files_keeps_names(tmp_path):
    own = 'extends = "trading"\n[names.zh]\nchains = "卖场"  # ours\n'
    changed = load("trading", {"names.zh.chains": "卖场", "products.drill.price": 80})
    file = tmp_path / "mine.toml"
    file.write_text(scenario_file(changed, "trading", ["products.drill.price"], own), encoding="utf-8")
    assert "# ours" in file.read_text(encoding="utf-8")
    assert load(file).names("zh")["chains"] == "卖场"
    file.write_text(scenario_file(changed, "trading", ["names.zh.chains"]), encoding="utf-8")
    assert load(file).names("zh")["chains"] == "卖场"


def test_a_policy_s_file_has_its_note_in_other_languages(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('note = "ours"\n[names.zh]\nnote = "我们的"\n', encoding="utf-8")
    assert preset(file).note == "ours"
    file.write_text('note = "ours"\n[names.zh]\nnotes = "我们的"\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mine\.toml: names\.zh\.notes stands for .* the policy does not have"):
        preset(file)


def test_a_sentence_has_the_name_in_the_reader_s_language():
    with speaking("zh", load("giftware").names("zh")):
        assert str(msg("{family} is short", family="bags")).startswith("包袋")


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_companies_have_chinese_names(name):
    """Families, segments, resources, suppliers, and what products are; codes of products stay."""
    scenario = load(name)
    company, names = scenario.company, scenario.names("zh")
    notes = [item.note for item in company.items.values()]
    wanted = [*company.families, *company.segments, *company.resources, *company.suppliers, *company.channels]
    wanted += [company.note, *notes, *company.components, *(policy.note for policy in scenario.policies.values())]
    wanted += [each.country for each in company.suppliers.values() if each.country]
    lacking = [text for text in dict.fromkeys(wanted) if len(text) > 1 and text not in {*names, *company.products}]
    assert not lacking, f"add to [names.zh] of {name}.toml: {lacking}"


@pytest.mark.parametrize("name", preset_names())
def test_shipped_policies_say_in_chinese_what_they_stand_for(name):
    said = preset_texts("zh")[preset(name).note]
    assert any(CHINESE[0] <= sign <= CHINESE[1] for sign in said)
