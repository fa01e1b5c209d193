"""A sentence is an id with named values, written last, in the reader's language; a user's text passes through untouched."""

import datetime as dt
import json
import pickle
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from simulator.kernel import messages
from simulator.kernel.messages import (
    as_data,
    capital,
    from_data,
    listed,
    msg,
    number,
    percent,
    plural,
    sentences,
    speaking,
    written,
)

NASTY = ["Kits; large", "Bags, lights and more", "a. B", "100 %", "{units} {", 'say "so"', "灯具", "it's", "%s", ""]
"""Names as users write them."""

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "{units} of {product} go out on {day}"
msgstr "{day}：{product}发货{units}"

msgid "{n} unit"
msgid_plural "{n} units"
msgstr[0] "{n}件"
"""


@pytest.fixture(autouse=True)
def catalogue(tmp_path, monkeypatch):
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "words.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(messages, "CATALOGUES", [tmp_path])
    messages.catalogue.cache_clear()
    yield
    messages.catalogue.cache_clear()


def shipped(product):
    return msg("{units} of {product} go out on {day}", units=number(1234.4), product=product, day=dt.date(2011, 4, 1))


@pytest.mark.parametrize("name", NASTY)
def test_a_name_passes_through_untouched_in_both_languages(name):
    assert written(shipped(name), "en") == f"1,234 of {name} go out on 2011-04-01"
    assert written(shipped(name), "zh") == f"2011-04-01：{name}发货1,234"


def test_a_company_has_its_names_in_the_reader_s_language():
    with speaking("zh", {"lamp": "台灯"}):
        assert str(shipped("lamp")) == "2011-04-01：台灯发货1,234"
    assert str(shipped("lamp")) == "1,234 of lamp go out on 2011-04-01"


@pytest.mark.parametrize(
    ("n", "en", "zh"), [(1, "1 unit", "1件"), (0, "0 units", "0件"), (1500, "1,500 units", "1,500件")]
)
def test_a_number_chooses_the_plural(n, en, zh):
    text = plural("{n} unit", "{n} units", n)
    assert (written(text, "en"), written(text, "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (number(-0.4), "0"),
        (number(-1.6), "-2"),
        (number(2.5, 1, signed=True), "+2.5"),
        (percent(0.1234), "12.3 %"),
        (number(float("nan")), "–"),
        (listed(["a", "b", "c"]), "a, b and c"),
        (listed(["a"]), "a"),
        (listed(["a", "b"], " / "), "a / b"),
        (sentences([msg("One."), msg(""), msg("Two.")]), "One. Two."),
        (capital(msg("all is well")), "All is well"),
        (capital("iPhone"), "iPhone"),
    ],
)
def test_values_are_written_in_english(value, text):
    assert written(value, "en") == text


def test_chinese_lists_and_sentences_have_its_signs():
    assert written(listed(["甲", "乙", "丙"]), "zh") == "甲、乙和丙"
    assert written(sentences([msg("一。"), msg("二。")]), "zh") == "一。二。"


def test_a_message_is_kept_in_files_and_goes_to_other_processes():
    text = msg(
        "{a} and {b}: {c}", a=shipped("Kits; large"), b=listed(["x", percent(0.5)]), c=plural("{n} day", "{n} days", 3)
    )
    assert from_data(json.loads(json.dumps(as_data(text)))) == text
    assert pickle.loads(pickle.dumps(text)) == text
    assert hash(text) == hash(pickle.loads(pickle.dumps(text)))


def test_catalogues_are_sound_and_say_each_text_once():
    """A text that stands in two files could be said in two ways."""
    said = Counter()
    for file in sorted((Path(messages.__file__).parent / "words" / "zh").glob("*.po")):
        with file.open("rb") as lines:
            said.update(str(each.id) for each in read_po(lines, abort_invalid=True) if each.id)
    assert [text for text, times in said.items() if times > 1] == []
