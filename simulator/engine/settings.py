"""A setting of an experiment: entries of scenario and policy by dotted name, and what they are set to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from simulator.company import Company
from simulator.company.entries import dotted, dotted_below, keys, place_in_list, spelt
from simulator.company.files import set_entry
from simulator.company.problems import members
from simulator.engine.scenario import Experiment, Scenario, build, changes_of
from simulator.engine.validation import validated
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Record, ScenarioError, meant
from simulator.planning import Policy

Setting = Mapping[str, Any]
"""Entries by dotted name and their values; the first key of those of the policy is `policy`."""

OF_POLICY = "policy"

MOST_NAMES = 3_000
"""Entries of a company up to which a misspelt name is held against all of them, and not against its neighbours alone."""

NEVER_READ_FROM_FILES = ("products", "components", "resources", "suppliers", "finance", "experiment")
"""Tables of a scenario that have no say in how order lines are read and fitted, but for a product's family."""


def changed_scenario(scenario: Scenario, setting: Setting) -> Scenario:
    """The scenario with its entries of a setting changed, as if its file said so."""
    entries = {entry: value for entry, value in setting.items() if not of_policy(entry)}
    if not entries:
        return scenario
    words, changes = deepcopy(scenario.words), changes_of(dict(scenario.changes), entries)
    for entry, value in entries.items():
        set_entry(words, entry, value, scenario.source)
    if scenario.company.demand.history is None or any(map(_changes_what_is_read, entries)):
        return build(scenario.name, words, scenario.source, scenario.folder, changes)
    tables = scenario.company.model_dump(mode="json") | {"experiment": scenario.experiment.model_dump(mode="json")}
    for entry, value in entries.items():
        set_entry(tables, entry, value, scenario.source)
    experiment = validated(Experiment, tables.pop("experiment"), scenario.source, "experiment")
    plain = json.loads(json.dumps(words, default=str))
    company = validated(Company, tables, scenario.source)
    return replace(scenario, company=company, experiment=experiment, words=plain, changes=changes)


def of_policy(entry: str) -> bool:
    """Tell if an entry is one of the policy, and not of the scenario."""
    return keys(entry)[0] == OF_POLICY


def _changes_what_is_read(entry: str) -> bool:
    path = keys(entry)
    head, last = path[0], path[-1]
    return head not in NEVER_READ_FROM_FILES or last == "family"


def changed_policy(policy: Policy, setting: Setting, source: str) -> Policy:
    """The policy with its entries of a setting changed."""
    entries = {entry: value for entry, value in setting.items() if of_policy(entry)}
    if not entries:
        return policy
    tables = {"policy": policy.model_dump(mode="json")}
    for entry, value in entries.items():
        set_entry(tables, entry, value, source)
    return validated(Policy, tables["policy"], f"policy {policy.name!r}", "policy")


@dataclass(frozen=True)
class StatedValue:
    """An entry as it stands: its value, its unit, and the types that it may have."""

    value: Any
    unit: str
    kinds: list[Any]

    @property
    def number(self) -> bool:
        """True if it may be a number."""
        return float in self.kinds or int in self.kinds

    @property
    def whole(self) -> bool:
        """True if it must be a whole number."""
        return int in self.kinds and float not in self.kinds


def stated_value(scenario: Scenario, policy: Policy, entry: str) -> StatedValue:
    """Return an entry's value before it is changed; an error with the meant names if there is none."""
    path = keys(entry)
    homes = {"policy": policy, "experiment": scenario.experiment, "company": scenario.company}
    thing: Any = homes.get(path[0], scenario.company)
    unit, kinds = "", list[Any]()
    for k, key in enumerate(path):
        if not k and key in homes:
            continue
        if isinstance(thing, Record) and key in type(thing).model_fields:
            kinds = members(type(thing).model_fields[key].annotation)
            extra = type(thing).model_fields[key].json_schema_extra
            unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
            thing = getattr(thing, key)
        elif isinstance(thing, dict) and key in thing:
            thing = thing[key]
        elif isinstance(thing, tuple) and (at := place_in_list(key, list(thing))) is not None:
            thing = thing[at]
        else:
            raise ScenarioError(
                _unknown(scenario, policy, path, spelt(path, k, thing) if isinstance(thing, dict) else "")
            )
    if thing is not None:
        kinds = [type(thing)]
    return StatedValue(_plain(thing), unit, kinds)


def _plain(thing: Any) -> Any:
    """A value as a file would say it."""
    if isinstance(thing, Record):
        return thing.model_dump(mode="json")
    if isinstance(thing, dict):
        return {key: _plain(each) for key, each in thing.items()}
    return tuple(map(_plain, thing)) if isinstance(thing, tuple) else thing


def _unknown(scenario: Scenario, policy: Policy, path: tuple[str, ...], closest: str) -> Message:
    """One sentence on an entry that does not exist."""
    its = path[0] == OF_POLICY
    tables = {OF_POLICY: policy} if its else {"experiment": scenario.experiment}
    plain = {name: record.model_dump(mode="json") for name, record in tables.items()}
    known = [*_names(plain), *([] if its else _names(scenario.company.model_dump(mode="json")))]
    near = [name for name in known if keys(name)[: len(path) - 1] == path[:-1]] if len(known) > MOST_NAMES else known
    hint = meant(closest, [closest]) if closest else meant(dotted(*path), near)
    whose = msg("policy {name}", name=repr(policy.name)) if its else scenario.source
    remedy = hint or msg("sop describe --entries lists them")
    return msg("{file} has no entry {entry}; {remedy}", file=whose, entry=dotted(*path), remedy=remedy)


def _names(tables: Any, path: str = "") -> Iterator[str]:
    """Every entry of nested tables by its dotted name."""
    if path:
        yield path
    for key, value in tables.items() if isinstance(tables, dict) else ():
        yield from _names(value, dotted_below(path, key))
