"""A setting of an experiment: entries of scenario and policy by dotted name, and what they are set to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from simulator.company import Company
from simulator.files import set_entry
from simulator.policies import Policy
from simulator.scenario import Experiment, Scenario, build, validated
from simulator.units import ScenarioError, nearest

Setting = Mapping[str, Any]
"""Entries by dotted name and their values; those of the policy begin with `policy.`."""

OF_POLICY = "policy."

NEVER_READ_FROM_FILES = ("products", "components", "resources", "suppliers", "finance", "experiment")
"""Tables of a scenario that have no say in how order lines are read and fitted, but for a product's family."""


def changed(scenario: Scenario, setting: Setting) -> Scenario:
    """The scenario with its entries of a setting changed, as if its file said so."""
    entries = {entry: value for entry, value in setting.items() if not entry.startswith(OF_POLICY)}
    if not entries:
        return scenario
    words = deepcopy(scenario.words)
    for entry, value in entries.items():
        set_entry(words, entry, value, scenario.source)
    if scenario.company.demand.history is None or any(map(_changes_what_is_read, entries)):
        return build(scenario.name, words, scenario.source, scenario.folder)
    tables = {**_tables(scenario), **{"experiment": scenario.experiment.model_dump(mode="json")}}
    for entry, value in entries.items():
        set_entry(tables, entry, value, scenario.source)
    experiment = validated(Experiment, tables.pop("experiment"), scenario.source, "experiment")
    return replace(
        scenario, company=validated(Company, tables, scenario.source), experiment=experiment, words=_plain(words)
    )


def _changes_what_is_read(entry: str) -> bool:
    head, *_, last = entry.split(".")
    return head not in NEVER_READ_FROM_FILES or last == "family"


def changed_policy(policy: Policy, setting: Setting, source: str) -> Policy:
    """The policy with its entries of a setting changed."""
    entries = {entry: value for entry, value in setting.items() if entry.startswith(OF_POLICY)}
    if not entries:
        return policy
    tables = {"policy": policy.model_dump(mode="json")}
    for entry, value in entries.items():
        set_entry(tables, entry, value, source)
    return validated(Policy, tables["policy"], source, f"policy {policy.name}")


def _tables(scenario: Scenario) -> dict[str, Any]:
    return scenario.company.model_dump(mode="json")


def _plain(words: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(words, default=str))
    return found


def require(scenario: Scenario, policy: Policy, entry: str) -> Any:
    """What an entry says before it is changed; an error with the nearest names if there is none."""
    tables = {**_tables(scenario), "experiment": scenario.experiment.model_dump(mode="json")}
    tables |= {"policy": policy.model_dump(mode="json"), "company": {k: v for k, v in tables.items() if k != "name"}}
    table: Any = tables
    for key in entry.split("."):
        if isinstance(table, list) and key.isdigit() and int(key) < len(table):
            table = table[int(key)]
        elif isinstance(table, dict) and key in table:
            table = table[key]
        else:
            known = [name for name, _ in _leaves(tables) if not name.startswith("company.")]
            hint = nearest(entry, known) if known else ""
            whose = f"policy {policy.name!r}" if entry.startswith(OF_POLICY) else scenario.source
            raise ScenarioError(
                f"{whose} has no entry {entry!r}; {hint if hint.startswith('did') else 'sop describe --entries lists them'}"
            )
    return table


def _leaves(tables: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every entry of nested tables by its dotted name, the tables themselves included."""
    if path:
        yield path, tables
    for key, value in tables.items() if isinstance(tables, dict) else ():
        yield from _leaves(value, f"{path}.{key}" if path else key)
