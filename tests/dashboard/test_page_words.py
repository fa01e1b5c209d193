"""Chinese is complete, and a pattern takes nothing for something else."""

import re
from pathlib import Path
from string import Formatter

import pytest

from dashboard.fields import entries
from dashboard.look import family_name, policy_name
from dashboard.speech import in_language, own_name, say, tell
from dashboard.words import as_it_stands, as_pattern, told
from dashboard.words.collect import every_text, missing
from simulator import load, simulate
from simulator.company.problems import allowed
from simulator.faces.documents import documents_of
from simulator.faces.documents.layout import Listing, laid_out
from simulator.kernel.messages import LANGUAGES, catalogue, msg, written
from simulator.results.kpis import MEASURES

OTHERS = [language for language in LANGUAGES if language != "en"]
CASES = [("giftware", "sop", 3), ("giftware", "siloed", 0), ("switchgear", "sop-smoothed", 0), ("trading", "sop", 0)]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language):
    """Pages, measures, policies, entries: what the catalogues lack is listed."""
    lacking = missing(language)
    assert not lacking, f"add to simulator/kernel/words/{language}/pages.po:\n" + "\n".join(lacking)


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_their_slots(language):
    """A figure that stands in the English sentence stands in the other one."""
    for text, said in catalogue(language).texts.items():
        for each in [said] if isinstance(said, str) else said:
            assert slots(text) == slots(each), text


def slots(text):
    """The names of a text's slots."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(("company", "policy", "replication"), CASES)
def test_documents_are_translated(language, company, policy, replication):
    """No sentence, heading or figure of a month's documents stays in English; names of the company's own things do."""
    scenario = load(company)
    n = scenario.network
    own = {*n.names, *n.families, *n.resources, *n.segments, policy, scenario.company.currency, "WMAPE"}
    own_words = {word.lower() for name in own for word in re.findall("[A-Za-z]{2,}", name)}
    run = simulate(scenario, policy, [replication])
    lacking = set()
    for month in (1, 2, 14):
        for text in said_in(documents_of(run, month, replication)):
            rest = [word for word in re.findall("[A-Za-z]{2,}", told(text, language)) if word.lower() not in own_words]
            if rest and rest != ["OP"]:
                lacking.add(text)
    assert not lacking, f"add to dashboard/words/{language}_documents.po:\n" + "\n".join(sorted(lacking))


def said_in(documents):
    """Everything that documents say."""
    for document in documents:
        yield document.title
        yield from document.present
        for section in document.sections:
            yield from (section.heading, *section.owner.split(", "), *(point.text for point in section.points))
        for block in laid_out(document):
            if isinstance(block, Listing) and block.left == 1:
                yield from (block.title, *block.rows[0])


@pytest.mark.parametrize("language", OTHERS)
def test_the_glossary_says_what_the_screens_say(language):
    """A measure is called in the glossary as its tile calls it."""
    text = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    titles = {measure.title.lower(): written(msg(measure.title), language) for measure in MEASURES.values()}
    found = {term: row for row in rows for term in row[0].lower().split(", ") if term in titles}
    assert len(found) > 15
    wrong = {term: (titles[term], row[2]) for term, row in found.items() if titles[term] not in row[2]}
    assert not wrong


def test_a_sentence_is_told_by_its_pattern():
    """Figures stay as they are, words in slots are told in turn."""
    text = "1. Sewing lacks 7 hours in 2011-01; packing lacks 48 hours in 2011-01 and 2011-02. No alternative was put."
    assert told(text, "zh") == "1. Sewing 在 2011-01 缺 7 小时；packing 在 2011-01、2011-02 缺 48 小时。没有提出备选。"
    assert told(text, "en") == text


def test_a_figure_takes_no_words():
    """A slot for a figure fits figures only."""
    pattern = as_pattern("{n} units in {m}")
    assert pattern.fullmatch("1,204 units in 2011-03")
    assert not pattern.fullmatch("many units in 2011-03")
    assert not pattern.fullmatch("1,204 units in spring")


def test_texts_of_pages_are_found():
    """The list of texts is not empty by mistake."""
    found = every_text()
    assert {"Compare ways of planning", "Fill rate", "S&OP by the rules", "consensus forecast"} <= set(found)
    assert len(found) > 400


@pytest.mark.parametrize("company", ["giftware-everything", "switchgear-two-sources", "textbook/disrupted-supplier"])
def test_what_an_entry_may_be_is_told_in_every_language(company):
    """Types and bounds of all entries; names that stand in files stay as they are."""
    places = {allowed(entry.place): entry.place for entry in entries(load(company))}
    own = ("true", "false", "fitted", "replay", "process", "result")
    for words in places:
        rest = [word for word in re.findall("[A-Za-z]{2,}", told(words, "zh")) if word not in own]
        assert not rest, f"add to dashboard/words/zh_entries.po: {words}"


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("products.A.price is -3 money/unit; it must be at least 0", "要求：至少 0"),
        ("experiment.months is 1.5; it must be a whole number, from 1 to 1,200 (months)", "要求：一个整数，1 至 1,200"),
        ("tool is {}, but there is no such entry; did you mean stockroom?", "没有这一条目"),
        ("resources.x.hours is missing; give a number, above 0 (hours/working day)", "请填一个数，大于 0"),
    ],
)
def test_what_is_wrong_is_told_in_every_language(sentence, meant):
    """The sentences of `sop check`."""
    assert meant in told(sentence, "zh")


def test_a_text_stands_as_it_is():
    """Nothing that a link or a file says becomes bold, a link or a picture; lines stay lines."""
    assert as_it_stands("![x](evil)") == "!\\[x\\](evil)"
    assert as_it_stands("a\nb") == "a  \nb"
    assert "://" not in as_it_stands("see http://evil")


@pytest.mark.parametrize(
    "name", ["Kits; large", "Bags, lights and more", "a. B", "100 %", "{units} {", "Policy", "灯具"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_of_the_user_s_is_nobody_s_word(name, language):
    """A family, a policy, a name in a slot: none is looked up among our words, none is matched with patterns."""

    def shown():
        return [family_name(name), policy_name(name), own_name(name), say("Made so far: {names}.", names=name)]

    *plain, slotted = in_language(language, shown)
    assert plain == [name] * 3
    assert name in slotted


def test_a_message_and_a_sentence_are_told_alike():
    """Until every sentence is a message, both are taken; a message is written with the company's names in it."""
    names = {"bags": "包袋"}
    text = msg("{policy}, setting {number}", policy="bags", number=3)
    assert in_language("zh", lambda: tell(text), names) == "包袋，设定 3"
    assert in_language("zh", lambda: tell("Fill rate"), names) == "满足率"
    assert in_language("zh", lambda: say(text), names) == "包袋，设定 3"
