"""What an entry declares of luck is so: of what it says that no drawing reads, none is read, in any shipped scenario."""

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from simulator.company.files import scenario_names
from simulator.engine.play import weather_for
from simulator.engine.scenario import load
from simulator.kernel.units import Record
from simulator.studies.luck import entries_read, luck_key

OF_BOOKS = ["textbook/failures", "textbook/disrupted-supplier", "textbook/pipeline", "textbook/yield-losses"]
NAMES = [*(name for name in scenario_names() if not name.startswith("textbook/")), *OF_BOOKS]


def altered(said):
    """The same records with another value in every entry that luck does not read, made anew so that nothing kept is taken over."""
    if isinstance(said, Record):
        read = {*entries_read(said)}
        entries = {name: getattr(said, name) for name in type(said).model_fields}
        return type(said).model_construct(**{k: altered(v) if k in read else other(v) for k, v in entries.items()})
    if isinstance(said, dict):
        return {key: altered(value) for key, value in said.items()}
    return tuple(map(altered, said)) if isinstance(said, tuple) else said


def other(value):
    """Another value of the same kind, and other ones in all that it holds."""
    if isinstance(value, Record):
        entries = {name: getattr(value, name) for name in type(value).model_fields}
        return type(value).model_construct(**{name: other(each) for name, each in entries.items()})
    if isinstance(value, dict):
        return {key: other(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(map(other, value))
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return value * 0.5 + 0.25 if isinstance(value, float) else f"{value}!" if isinstance(value, str) else value


def in_other_words(scenario):
    """The scenario with all of them altered at once."""
    experiment = altered(scenario.experiment)
    return replace(scenario, company=altered(scenario.company), experiment=experiment)


def assert_same(one, two, why):
    """Everything drawn, to the last bit."""
    if is_dataclass(one):
        for each in fields(one):
            assert_same(getattr(one, each.name), getattr(two, each.name), f"{why}.{each.name}")
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, two, err_msg=why)
    else:
        assert one == two, why


@pytest.mark.parametrize("name", NAMES)
def test_what_says_that_luck_does_not_read_it_is_not_read(name):
    scenario = load(name)
    alike = in_other_words(scenario)
    assert alike.company != scenario.company
    assert not np.array_equal(alike.network.unit_cost, scenario.network.unit_cost)
    assert luck_key(alike) == luck_key(scenario)
    assert_same(weather_for(scenario, 1, [0, 1]), weather_for(alike, 1, [0, 1]), name)
