"""Tell from its entries if a file is a scenario, a policy or a study, and check that it would run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from simulator.company import Company
from simulator.company.files import find, read_toml, scenario_names
from simulator.company.gate import path_of
from simulator.company.phrases import counted_things, policies_named
from simulator.engine.play import rehearse
from simulator.engine.scenario import Scenario, load, preset, preset_names
from simulator.engine.settings import changed_policy, changed_scenario
from simulator.engine.validation import BESIDE_COMPANY
from simulator.faces.describe import in_short
from simulator.kernel.messages import Message, Text, msg
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy
from simulator.results.cautions import cautions
from simulator.results.compare import DEFAULT_POLICIES
from simulator.results.kpis import measures_named
from simulator.studies.study import Study, StudyWords, find_study, load_study, study_names

Kind = Literal["scenario", "policy", "study"]

ENTRIES: dict[Kind, set[str]] = {
    "scenario": {*Company.model_fields, *BESIDE_COMPANY} - {"name", "note", "currency"},
    "policy": {*Policy.model_fields, "names"} - {"name", "note"},
    "study": {*StudyWords.model_fields} - {"note"},
}
"""Entries at the head of each kind of file, but for those that say nothing of it."""

TOLD_BY_FORM: dict[str, Callable[[Any], Kind]] = {
    "products": lambda value: "policy" if _is_rule(value) else "scenario",
    "components": lambda value: "policy" if _is_rule(value) else "scenario",
    "policies": lambda value: "study" if isinstance(value, list) else "scenario",
}
"""Entries that several kinds have, and how they differ there."""


def kind_of(words: Mapping[str, Any]) -> Kind:
    """Return the kind of file that most entries belong to; a scenario where they do not tell."""
    votes = dict.fromkeys(ENTRIES, 0)
    for entry, value in words.items():
        kinds = [TOLD_BY_FORM[entry](value)] if entry in TOLD_BY_FORM else [k for k in ENTRIES if entry in ENTRIES[k]]
        for kind in kinds if len(kinds) == 1 else ():
            votes[kind] += 1
    return max(votes, key=lambda kind: votes[kind])


def _is_rule(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and isinstance(value.get("rule"), str))


def kind_of_file(file: str) -> Kind:
    """Return the kind of a file, or of a name that comes with the product."""
    if path_of(file, "the file").suffix == ".toml":
        return kind_of(read_toml(find(file)))
    named: dict[Kind, list[str]] = {"scenario": scenario_names(), "policy": preset_names(), "study": study_names()}
    return next((kind for kind, names in named.items() if file in names), "scenario")


def check_file(file: str, company: str | None = None) -> list[Text]:
    """Sum up a file, then list its cautions, after a trial run of one replication.

    A policy or a study is tried with a company; a policy without one is read only.
    """
    kind = kind_of_file(file)
    if kind == "scenario":
        if company is not None:
            raise ScenarioError(
                msg(
                    "{file} is a scenario; --with names the company that a policy or a study is checked with", file=file
                )
            )
        return _scenario(load(file))
    return _study(file, company) if kind == "study" else _policy(file, company)


def _scenario(scenario: Scenario) -> list[Text]:
    measures_named(scenario.experiment.measures)
    choices = scenario.experiment.policies or DEFAULT_POLICIES
    _try(scenario, (scenario.policy(choice) for choice in {**dict.fromkeys(choices), **scenario.policies}))
    return [in_short(scenario), *scenario.remarks, *cautions(scenario)]


def _policy(file: str, company: str | None) -> list[Text]:
    policy = preset(file)
    said = msg("a policy. {note}", note=policy.note) if policy.note else msg("a policy.")
    if company is None:
        return [said]
    scenario = load(company)
    _try(scenario, [scenario.policy(file)])
    note = policy.note.rstrip(".")
    said = msg("a policy. {note}", note=f"{note}.") if note else msg("a policy.")
    return [msg("{policy} It runs in {scenario}.", policy=said, scenario=scenario.name)]


def _study(file: str, company: str | None) -> list[Text]:
    path = find_study(file)
    study = load_study(path, {} if company is None else {"scenario": _from_here(company)})
    for setting in study.points[:1] + study.points[1:][-1:]:
        scenario = changed_scenario(study.scenario, setting)
        _try(scenario, [changed_policy(policy, setting, study.name) for policy in study.policies])
    return [_in_short(study), *study.scenario.remarks, *cautions(study.scenario)]


def _from_here(company: str) -> str:
    """A company as a study names it that may lie in another folder."""
    return str(Path(company).absolute()) if Path(company).suffix == ".toml" else company


def _in_short(study: Study) -> Message:
    """A study in one line."""
    return msg(
        "a study of {scenario}: {points} of {factors}, {policies}, {measures}",
        scenario=study.scenario.name,
        points=counted_things(len(study.points), "point"),
        factors=counted_things(len(study.factors), "factor"),
        policies=policies_named([policy.name for policy in study.policies]),
        measures=counted_things(len(study.measures), "measure"),
    )


def _try(scenario: Scenario, policies: Iterable[Policy] | Iterator[Policy]) -> None:
    """Refuse what a company and its policies do not agree on, in the words of a run."""
    for policy in policies:
        rehearse(scenario, policy)


__all__ = ["Kind", "check_file", "kind_of", "kind_of_file"]
