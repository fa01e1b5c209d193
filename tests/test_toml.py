"""What is typed, written and read as TOML comes back as it was: names, values, whole files."""

import datetime as dt
import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.company.entries import dotted, keys
from simulator.company.files import PLACES
from simulator.company.toml import file_text, json_text, mended, read_value, unread, value_text
from simulator.kernel.units import ScenarioError

FILES = sorted(path for place in PLACES if place.is_dir() for path in place.rglob("*.toml"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PLAIN = (
    st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | st.dates()
    | st.times()
    | st.datetimes()
)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=12
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_a_value_that_is_written_reads_back(value):
    """Days, times, lists, nested tables, large numbers, signs of all kinds."""
    assert read_value(value_text(value)) == value
    assert tomllib.loads(file_text({"a b": value}))["a b"] == value


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("[{ start = 2011-13-01 }]", "-13-01 }]"),
        ("[1 2]", "2]"),
        ("{ a = 1", ""),
        ("[2011-01-01]", None),
        ("giftware", None),
    ],
)
def test_the_place_where_a_list_cannot_be_read(text, rest):
    """What is left of it there; nothing where it breaks off, and None where it can be read or is no list."""
    assert unread(text) == rest


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS.filter(bool), min_size=1, max_size=4))
def test_a_name_that_is_written_reads_back(path):
    """Names with dots, quotes, brackets and spaces in them."""
    assert keys(dotted(*path)) == tuple(path)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ('products."12.5MM-BOLT".price', ["products", "12.5MM-BOLT", "price"]),
        ("products.'0.75KW'.price", ["products", "0.75KW", "price"]),
        ("disruptions[0].length.mean", ["disruptions", "0", "length", "mean"]),
        ("products.杯子.price", ["products", "杯子", "price"]),
    ],
)
def test_names_as_people_write_them(path, names):
    """Either quotes, and places of lists in brackets."""
    assert keys(path) == tuple(names)


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b", 'a."b', "a]b"])
def test_a_name_that_is_none_is_refused(path):
    """In a sentence that says how names are written."""
    with pytest.raises(ScenarioError, match="cannot be read; give keys with dots between them"):
        keys(path)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_value_of_a_shipped_file_reads_back(file):
    """As a value that is typed, and as a file that is written."""
    words = tomllib.loads(file.read_text(encoding="utf-8"))
    for value in values_of(words):
        assert read_value(value_text(value)) == value
        json.loads(json_text(value))
    assert tomllib.loads(file_text(words)) == words


def values_of(value):
    """A value and all within it."""
    yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from values_of(each)


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "[1.0, nan]", "{ mean = inf }"])
def test_a_number_without_end_is_refused(text):
    """Also where it is deep in a list or table."""
    with pytest.raises(ScenarioError, match="no number that can be reckoned with"):
        read_value(text)


@pytest.mark.parametrize("text", ["", "abc", "[1,", "1\nb = 2", "9" * 5000, "[" * 5000, "2024-02-31"])
def test_what_is_no_value_is_the_text_itself(text):
    """Refused, if it is, by the entry that it is typed for."""
    assert read_value(text) == text


def test_nothing_is_no_value():
    """A file can leave an entry out, but not say that it is nothing; in a table it is left out."""
    with pytest.raises(ScenarioError, match="leave an entry out"):
        value_text(None)
    assert value_text({"a": None, "b": 1}) == "{ b = 1 }"


def test_days_are_text_in_a_link():
    """JSON knows none."""
    assert json_text([{"start": dt.date(2011, 1, 31)}]) == '[{"start": "2011-01-31"}]'


def test_a_file_is_mended_with_its_comments():
    """What changes is changed, what goes is gone, all else stays as it was written."""
    text = '# our company\nextends = "giftware"\n\n[finance]  # money\ncash = 5 # now\nrate = 0.1\n'
    words = {"extends": "giftware", "finance": {"cash": 7}, "products": {"0.75KW": {"price": 2.0}}}
    said = mended(text, words)
    assert tomllib.loads(said) == words
    assert "# our company" in said
    assert "# now" in said
    assert "rate" not in said
