"""A scenario that was changed and saved is, in any folder, the same company."""

import datetime as dt
import json
import random
import tomllib
from copy import deepcopy
from dataclasses import replace
from typing import Literal, get_args, get_origin

import pytest
from click.testing import CliRunner

from dashboard import fields
from dashboard.case import Case, brought, scenario_of
from dashboard.export import scenario_file as saved
from simulator.company.files import PLACES, extended, scenario_names, set_entry
from simulator.company.toml import file_text, json_text
from simulator.engine.saving import scenario_file
from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError

TRIED = 8
"""Entries that are changed of each company: of each kind one, chosen by lot."""


def other(entry):
    """Another value of an entry, whether it may be so or not."""
    value, kind = entry.value, entry.place.options[0]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=1)
    if isinstance(value, str):
        return get_args(kind)[-1] if get_origin(kind) is Literal else f"{value}."
    return dict([*value.items()][:-1]) if isinstance(value, dict) else [*value[:-1]]


def chosen(scenario):
    """Some entries of a company: in lists and out of them, plain, days, lists, tables."""
    found = [entry for entry in fields.changeable_entries(scenario) if entry.value is not None]
    random.Random(scenario.name).shuffle(found)
    kinds = {(type(entry.value), any(key.isdigit() for key in entry.path.split("."))): entry for entry in found}
    return [*kinds.values()][:TRIED]


@pytest.mark.parametrize("name", scenario_names())
def test_any_entry_changed_and_saved_is_the_same_words(name):
    """What the file says with its bases is what the page had, to the last entry; of all kinds of entries."""
    scenario = load(name)
    for entry in chosen(scenario):
        words = deepcopy(scenario.words)
        set_entry(words, entry.path, json.loads(json_text(other(entry))), "test")
        text = scenario_file(replace(scenario, words=words), name, [entry.path])
        read = extended(tomllib.loads(text), PLACES[0], ()).words
        words.setdefault("company", {}).setdefault("name", scenario.company.name)
        assert json.loads(json.dumps(read, default=str)) == words, text


CASES = [
    ("giftware-supplier-loss", {"disruptions.0.length.mean": 42.0}),
    ("switchgear", {"demand.frames.0.per_year": 9.0, "calendar.holidays": ["2024-01-01"]}),
    ("trading", {"finance.opening_cash": 100.0}),
    ("textbook/two-classes", {"experiment.months": 13}),
]


def the_same(again, scenario):
    """Company, experiment and policies alike, to the last bit."""
    return [again.company, again.experiment, again.policies] == [
        scenario.company,
        scenario.experiment,
        scenario.policies,
    ]


@pytest.mark.parametrize(("name", "changes"), CASES)
def test_a_saved_scenario_is_the_same_company_in_any_folder(name, changes, tmp_path):
    """By its file, by the command line, and loaded on the page and saved again."""
    case = Case(name)
    for entry, value in changes.items():
        case = case.with_entry(entry, value)
    file = tmp_path / "mine.toml"
    file.write_bytes(saved(case))
    scenario = scenario_of(case)
    assert the_same(load(file), scenario)
    told = CliRunner().invoke(main, ["check", str(file)])
    assert told.exit_code == 0, told.output
    again = brought(saved(case)).with_entry("experiment.seed", 7)
    file.write_bytes(saved(again))
    found = load(file)
    assert found.experiment.seed == 7
    assert the_same(found, scenario_of(again))


def test_an_entry_that_was_taken_out_of_a_table_stays_out(tmp_path):
    """Tables are merged: without a word on it, the base's entry would come back."""
    hours = dict(load("giftware").company.products["85123A"].make.hours)
    gone, *kept = [*hours, "printing"] if len(hours) == 1 else [*hours]
    case = Case("giftware").with_entry("products.85123A.make.hours", {name: hours.get(name, 0.01) for name in kept})
    file = tmp_path / "mine.toml"
    file.write_bytes(saved(case))
    found = load(file).company
    assert gone not in found.products["85123A"].make.hours
    assert found == scenario_of(case).company == scenario_of(brought(saved(case))).company


@pytest.mark.parametrize("instead", ['"finance"', '["nothing.there"]', "[1]", '["finance.cash"]'])
def test_what_stands_instead_of_nothing_is_refused(instead, tmp_path):
    """A slip there would silently keep what was to go."""
    file = tmp_path / "mine.toml"
    file.write_text(f'extends = "trading"\ninstead = {instead}\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mine\.toml: instead"):
        load(file)


def test_a_name_with_a_dot_is_an_entry_like_any_other(tmp_path):
    """It is found, changed, saved and loaded."""
    words = load("trading").words
    plain = next(iter(words["products"]))
    base = tmp_path / "dotted.toml"
    base.write_text(file_text(json.loads(json.dumps(words).replace(f'"{plain}"', '"0.75KW"'))), encoding="utf-8")
    entry = next(e for e in fields.changeable_entries(load(base)) if e.path == 'products."0.75KW".price')
    assert (entry.group, entry.item, entry.label) == ("products", "0.75KW", "price")
    case = brought(base.read_bytes()).with_entry(entry.path, 77.0)
    mine = tmp_path / "mine.toml"
    mine.write_bytes(saved(case))
    assert load(mine).company.products["0.75KW"].price == 77.0
    assert load(mine).company == scenario_of(case).company
