"""A study as it stands on the screen: one that comes with the product, was loaded or put together, of the company on the screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.asks import Ask, policy_of
from dashboard.case import (
    HOME,
    LINES,
    LOADED,
    MOST_SIGNS,
    THE_FILE,
    Case,
    companies,
    file_of,
    kept,
    names_only,
    scenario_of,
)
from simulator.company.entries import dotted, keys
from simulator.company.files import read_toml, scenario_names
from simulator.company.gate import tables_in
from simulator.company.toml import file_text
from simulator.engine.scenario import preset_names
from simulator.engine.validation import validated
from simulator.kernel.messages import listed, msg
from simulator.kernel.units import ScenarioError, bare, in_file, nearest
from simulator.studies.study import (
    Precision,
    Study,
    StudyWords,
    find_study,
    refuse_too_many,
    study_laid_out,
    study_names,
)

OWN = "own"
"""The study that is put together on the screen."""

MOST_POINTS = 2_000
"""Points that a page lays out and draws."""

FROM_COMPANY = ("scenario", "changes", "note")
"""Entries of a study that say nothing beyond the company on the screen."""


@lru_cache(maxsize=64)
def words_of(name: str) -> Mapping[str, Any]:
    """Read the file of a study."""
    path = file_of_study(name) if LOADED.fullmatch(name) else find_study(name)
    if not path.is_file():
        raise ScenarioError(msg("this link names a study that is not on this server; load its file again"))
    return read_toml(path)


def of_company(base: str) -> list[str]:
    """Studies that come with the product and are about a company."""
    return [name for name in study_names() if words_of(name)["scenario"] == base]


def asked(case: Case, name: str, words: Mapping[str, Any]) -> Ask:
    """The ask for a study of a company as it stands on the screen; one sentence where it cannot be.

    What the study itself changes of the company is part of the case, unless the reader changed it otherwise.
    """
    source = "the study" if name == OWN else f"{name}.toml"
    told = validated(StudyWords, {**words, "scenario": case.base, "changes": {}}, source)
    refuse_too_many(told, source, MOST_POINTS)
    for entry, value in words.get("changes", {}).items():
        if entry not in case.overrides():
            case = case.with_entry(entry, value)
    refuse_files(told.policies, case, source)
    refuse_varied_lines(told, source)
    seed = scenario_of(case).experiment.seed if told.seed is None else told.seed
    most = told.replications.at_most if isinstance(told.replications, Precision) else told.replications
    said = told.model_dump(mode="json", exclude_defaults=True, exclude={*FROM_COMPANY, "policies", "seed"})
    more = (
        ("name", name),
        ("study", json.dumps({**said, "replications": said.get("replications", most)}, sort_keys=True)),
    )
    ask = Ask("sweep", case, told.policies, most, seed, more)
    study_of(ask)
    return ask


def first(case: Case) -> Ask:
    """Ask for the study that Sweep opens with: the first that comes with the product for this company."""
    name = of_company(case.base)[0]
    return asked(case, name, words_of(name))


def refuse_files(policies: tuple[str, ...], case: Case, source: str) -> None:
    """A study on the page names its policies; it reads no files of this machine."""
    known = [*scenario_of(case).policies, *preset_names()]
    for name in policies:
        if name not in known:
            problem = msg("there is no policy {name}; {hint}", name=repr(name), hint=nearest(name, known))
            raise ScenarioError(in_file(source, problem))


def refuse_varied_lines(told: StudyWords, source: str) -> None:
    """A study varies no order lines: another reader's file may lie where it looks."""
    for factor in told.factors:
        if keys(factor.entry) in (LINES[:1], LINES[:2], LINES):
            problem = msg("{entry} cannot be varied on the page; take another entry", entry=factor.entry)
            raise ScenarioError(in_file(source, problem))


def words_asked(ask: Ask) -> dict[str, Any]:
    """The words of a study that was asked for, as `sop sweep` reads them."""
    base = file_of(ask.case.base).name if LOADED.fullmatch(ask.case.base) else ask.case.base
    said = {"scenario": base, "changes": ask.case.overrides(), "policies": list(ask.policies), "seed": ask.seed}
    return {**said, **json.loads(str(dict(ask.more)["study"]))}


@lru_cache(maxsize=32)
def study_of(ask: Ask) -> Study:
    """The study of an ask, its points laid out."""
    name, scenario = str(dict(ask.more)["name"]), scenario_of(ask.case)
    source = "the study" if name == OWN else f"{name}.toml"
    words = validated(StudyWords, words_asked(ask), source)
    return study_laid_out(name, words, source, scenario, tuple(policy_of(scenario, policy) for policy in ask.policies))


# --- a study's file ---


def file_of_study(code: str) -> Path:
    """Return the path of a loaded study."""
    return HOME / "studies" / f"{code.removeprefix('@')}.toml"


def brought(content: bytes) -> tuple[str, str]:
    """Keep a study that a user brought, if it is one: its code and its company; one sentence on what is wrong if it is none."""
    found: list[str] = []
    code = kept(content, "study", file_of_study, lambda code: found.append(_company(content, f"@{code}")))
    return f"@{code}", found[0]


def _company(content: bytes, name: str) -> str:
    """The company of a study that a user brought, which must be one of ours."""
    try:
        words = tables_in(content, THE_FILE, MOST_SIGNS)
        base = validated(StudyWords, words, THE_FILE).scenario
        if base not in scenario_names():
            raise ScenarioError(
                in_file(
                    THE_FILE,
                    msg(
                        "scenario is {value}; on the page it must name one of {names}",
                        value=repr(base),
                        names=listed(companies(), ", "),
                    ),
                )
            )
        asked(Case(base), name, words)
    except ScenarioError as problem:
        raise ScenarioError(bare(names_only(problem.text), THE_FILE)) from None
    return base


def study_file(ask: Ask) -> bytes:
    """The study as a file that `sop sweep` runs; a company that was loaded is saved on the page Scenario."""
    words = words_asked(ask)
    if LOADED.fullmatch(ask.case.base):
        words["scenario"] = "scenario.toml"
    return file_text({key: value for key, value in words.items() if value != {}}).encode()


# --- a setting of it ---


def with_setting(case: Case, ask: Ask, point: int, policy: str, called: str) -> tuple[Case, str]:
    """The company and the policy of one setting: as entries that every page and `sop compare --set` understand."""
    from simulator.engine.settings import changed_policy, of_policy

    study = study_of(ask)
    setting = study.points[point]
    for entry, value in setting.items():
        if not of_policy(entry):
            case = case.with_entry(entry, value)
    plain = policy_of(study.scenario, policy)
    tuned = changed_policy(plain, setting, study.name)
    if tuned == plain:
        return case, policy
    table = tuned.model_copy(update={"name": called, "note": ""}).model_dump(
        mode="json", exclude_defaults=True, exclude={"name"}
    )
    return case.with_entry(dotted("policies", called), table), called


def without_settings(case: Case, mark: str) -> Case:
    """The company without the policies that settings made of it: a study is about the company."""
    return replace(
        case, changes=tuple(pair for pair in case.changes if not (keys(pair[0])[0] == "policies" and mark in pair[0]))
    )
