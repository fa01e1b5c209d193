"""Chinese is complete."""

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from dashboard.fields import changeable_entries
from dashboard.look import family_name, policy_name
from dashboard.speech import in_language, own_name, say, tell
from dashboard.words import as_it_stands
from dashboard.words.collect import every_text, missing_texts
from simulator import load
from simulator.company.problems import allowed_words
from simulator.kernel.messages import LANGUAGES, catalogue, msg, written
from simulator.results.kpis import MEASURES

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language):
    """Pages, measures, policies, entries: what the catalogues lack is listed."""
    lacking = missing_texts(language)
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
def test_the_glossary_says_what_the_screens_say(language):
    """A measure is called in the glossary as its tile calls it."""
    text = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    titles = {measure.title.lower(): written(msg(measure.title), language) for measure in MEASURES.values()}
    found = {term: row for row in rows for term in row[0].lower().split(", ") if term in titles}
    assert len(found) > 15
    wrong = {term: (titles[term], row[2]) for term, row in found.items() if titles[term] not in row[2]}
    assert not wrong


def test_texts_of_pages_are_found():
    """The list of texts is not empty by mistake."""
    found = every_text()
    assert {"Compare ways of planning", "Fill rate", "S&OP by the rules", "statistical safety stock"} <= set(found)
    assert len(found) > 400


@pytest.mark.parametrize("company", ["giftware-everything", "switchgear-two-sources", "textbook/disrupted-supplier"])
def test_what_an_entry_may_be_is_told_in_every_language(company):
    """Types and bounds of all entries; names that stand in files stay as they are."""
    places = {allowed_words(entry.place): entry.place for entry in changeable_entries(load(company))}
    named = {str(value) for place in places.values() for kind in place.options for value in get_args(kind)}
    own = {"true", "false"} | {word for name in named for word in re.findall("[A-Za-z]{2,}", name)}
    for words in places:
        rest = [word for word in re.findall("[A-Za-z]{2,}", written(words, "zh")) if word not in own]
        assert not rest, f"add to simulator/kernel/words/zh/problems.po: {words}"


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
