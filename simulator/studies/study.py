"""A study: what is varied, over which points, with which policies and luck, and what is measured. It is a file."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import model_validator

from simulator.company.files import PLACES, read_toml
from simulator.company.gate import path_of, refuse_unfit
from simulator.engine.scenario import Scenario, load
from simulator.engine.settings import Setting, changed_policy, changed_scenario
from simulator.engine.validation import validated
from simulator.kernel.messages import Message, Value, kind_of, msg, number
from simulator.kernel.units import Record, ScenarioError, in_file, nearest, quantity
from simulator.planning import Policy
from simulator.planning.own import texts_behind
from simulator.results.cautions import cautions
from simulator.results.kpis import MAIN, measures_named
from simulator.results.target import target_of
from simulator.studies.design import MOST_POINTS, DesignWords, design_points, point_count
from simulator.studies.factors import Factor, FactorWords, known_factor, refuse_what_clashes

RESULTS = 1
"""Version of results: raised when a change of the simulator moves numbers, so that they are not mixed."""


class Precision(Record):
    """Replications until the interval of each point is narrow enough."""

    half_width: Annotated[
        dict[str, float], quantity("as the measure", "of the 95 % interval to reach, by measure", min_length=1)
    ]
    at_least: Annotated[int, quantity("runs", "before precision is asked for", ge=2, le=1_000_000)] = 20
    at_most: Annotated[int, quantity("runs", "at which it is given up", ge=2, le=1_000_000_000)] = 10_000

    @model_validator(mode="after")
    def _reachable(self) -> Precision:
        for name, width in self.half_width.items():
            if width <= 0:
                raise ValueError(
                    msg("{entry} is {value}; it must be above 0", entry=f"half_width.{name}", value=f"{width:g}")
                )
        if self.at_most < self.at_least:
            raise ValueError(
                msg(
                    "{entry} is {most} and at_least is {least}; at_most must not be below it",
                    entry="at_most",
                    most=self.at_most,
                    least=self.at_least,
                )
            )
        return self


class StudyWords(Record):
    """A study as its file says it."""

    note: Annotated[str, quantity("text", "the question that it answers")] = ""
    scenario: Annotated[str, quantity("name", "scenario by name, or by file beside the study")]
    changes: Annotated[
        dict[str, Any], quantity("table", "entries of the scenario that all points share, by dotted name")
    ] = {}
    policies: Annotated[tuple[str, ...], quantity("list", "policies by name or file", min_length=1)]
    factors: Annotated[tuple[FactorWords, ...], quantity("list", "what is varied")] = ()
    design: Annotated[DesignWords, quantity("table", "which combinations are run")] = DesignWords()
    replications: Annotated[
        int | Precision, quantity("runs", "of each point and policy; or a table with half_width, at_least, at_most")
    ] = 100
    measures: Annotated[
        tuple[str, ...], quantity("list", "kept of every run; those of a comparison if none are named")
    ] = ()
    seed: Annotated[
        int | None,
        quantity("number", "from which all luck follows; the scenario's own if not given", ge=0, le=2**63 - 1),
    ] = None
    at: Annotated[
        str | None,
        quantity(
            "text",
            "target to which the buffer of each policy is set at every point, such as fill_rate=0.95; leave out for the "
            "buffers that policies run with",
        ),
    ] = None

    @model_validator(mode="after")
    def _each_once(self) -> StudyWords:
        called, entries = [f.called for f in self.factors], [f.entry for f in self.factors]
        for kind, names in (("policies", self.policies), ("factors", called), ("factors", entries)):
            twice = next((name for name, count in Counter(names).items() if count > 1), None)
            if twice is not None:
                raise ValueError(msg("{entry} names {name} twice; name each once", entry=kind, name=repr(twice)))
        if isinstance(self.replications, int) and not 1 <= self.replications <= 1_000_000_000:
            raise ValueError(
                msg(
                    "{entry} is {value}; it must be from {low} to {high}",
                    entry="replications",
                    value=number(self.replications),
                    low=1,
                    high=number(10**9),
                )
            )
        return self


MOST_LOOKED_AT = 24
"""Settings of a study at which it is asked what deserves a look."""


@dataclass(frozen=True)
class Study:
    """A study that can be run: scenario and policies are loaded, every factor is known, every point is laid out."""

    name: str
    words: StudyWords
    scenario: Scenario
    policies: tuple[Policy, ...]
    factors: tuple[Factor, ...]
    points: tuple[Setting, ...]
    measures: tuple[str, ...]
    seed: int
    buffers: tuple[tuple[float, ...], ...] = ()
    """At equal service the setting of each policy, point by point."""

    @property
    def replications(self) -> int | Precision:
        """Runs of each point and policy."""
        return self.words.replications

    @property
    def most_replications(self) -> int:
        """As many as there may be."""
        return self.replications if isinstance(self.replications, int) else self.replications.at_most

    @cached_property
    def cautions(self) -> list[Message]:
        """Say what deserves a look, of the company as it stands and of settings that change it, spread over the design."""
        said = cautions(self.scenario, self.policies)
        looked = self.points[:: -(-len(self.points) // MOST_LOOKED_AT)] if self.factors else ()
        found: dict[Value, list[Message]] = {}
        for setting in looked:
            with suppress(ScenarioError):  # told where it is run
                policies = [changed_policy(policy, setting, self.name) for policy in self.policies]
                for remark in cautions(changed_scenario(self.scenario, setting), policies):
                    found.setdefault(kind_of(remark), []).append(remark)
        known = set(map(kind_of, said))
        text = "At {n} of {all} settings looked at: {remark}"
        new = [remarks for kind, remarks in found.items() if kind not in known]
        more = [msg(text, n=len(remarks), all=len(looked), remark=remarks[0]) for remarks in new]
        return said + more

    @cached_property
    def key(self) -> str:
        """A hash of all that its numbers depend on; more replications of the same study keep it."""
        policies = [policy.model_dump(mode="json") for policy in self.policies]
        own = texts_behind(policies, [dict(point) for point in self.points])
        told = {
            "results": RESULTS,
            "scenario": [self.scenario.words, self.scenario.data],
            "policies": policies,
            "points": self.points,
            "measures": self.measures,
            "seed": self.seed,
            **({"rules": own} if own else {}),
            **({"at": self.words.at} if self.words.at else {}),
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def load_study(study: str | Path | Mapping[str, Any], overrides: Mapping[str, Any] | None = None) -> Study:
    """A study by file, by the name of one that comes with the product, or as a table."""
    if isinstance(study, Mapping):
        name, source, folder, words = str(study.get("name", "study")), "study", Path.cwd(), dict(study)
        words.pop("name", None)
        refuse_unfit(words, source)
    else:
        path = find_study(study)
        name, source, folder, words = path.stem, path.name, path.parent, read_toml(path, "study")
    told = validated(StudyWords, {**words, **(overrides or {})}, source)
    return load_parts_of_study(name, told, source, folder)


def load_parts_of_study(name: str, words: StudyWords, source: str, folder: Path) -> Study:
    """Load what a study names, and lay out its points."""
    refuse_too_many(words, source)
    beside = folder / path_of(words.scenario, f"{source}: scenario")
    scenario = load(beside if beside.suffix == ".toml" and beside.is_file() else words.scenario, words.changes)
    policies = tuple(scenario.policy(_policy(choice, folder)) for choice in words.policies)
    return study_laid_out(name, words, source, scenario, policies)


def refuse_too_many(words: StudyWords, source: str, most: int = MOST_POINTS) -> None:
    """More points than anyone can wait for are refused before any is worked out."""
    count = point_count(words.design, words.factors)
    if count > most:
        raise ScenarioError(
            in_file(
                source,
                msg(
                    "the design has {count} points, and {most} is the most; take fewer values, or a latin-hypercube or sobol design",
                    count=number(count),
                    most=number(most),
                ),
            )
        )


def study_laid_out(
    name: str, words: StudyWords, source: str, scenario: Scenario, policies: tuple[Policy, ...]
) -> Study:
    """A study of a scenario and policies that are at hand: its measures and factors are known, its points laid out."""
    asked = [*(words.replications.half_width if isinstance(words.replications, Precision) else ())]
    if words.at is not None:
        asked.append(target_of(words.at).name)
    measures = tuple(measure.name for measure in measures_named([*dict.fromkeys([*(words.measures or MAIN), *asked])]))
    seed = scenario.experiment.seed if words.seed is None else words.seed
    called = [policy.name for policy in policies]
    twice = next((one for one in called if called.count(one) > 1), None)
    if twice is not None:
        raise ScenarioError(
            in_file(
                source,
                msg(
                    "two policies are called {name}, so that no table tells them apart; rename one file",
                    name=repr(twice),
                ),
            )
        )
    try:
        factors = tuple(known_factor(factor, scenario, policies) for factor in words.factors)
        laid_out = tuple(design_points(words.design, words.factors, factors, seed))
        refuse_what_clashes(factors, laid_out, scenario, policies)
    except ScenarioError as error:
        raise ScenarioError(in_file(source, error.text)) from None
    return Study(name, words, scenario, policies, factors, laid_out, measures, seed)


def _policy(choice: str, folder: Path) -> str | Path:
    """A policy by name, or by its file beside the study."""
    beside = folder / path_of(choice, "the policy")
    return beside if beside.suffix == ".toml" and beside.is_file() else choice


def study_names() -> list[str]:
    """Studies that come with the product."""
    return sorted({path.stem for place in PLACES for path in (place / "studies").glob("*.toml")})


def find_study(study: str | Path) -> Path:
    """The file of a study, by path or by the name of one that comes with the product."""
    path = path_of(study, "the study")
    if path.suffix == ".toml":
        return path
    for place in PLACES:
        file = place / "studies" / f"{study}.toml"
        if str(study) in study_names() and file.is_file():
            return file
    known_ones = nearest(str(study), study_names())
    raise ScenarioError(
        msg(
            "there is no study {name}; {hint}; or give the path of a .toml file", name=repr(str(study)), hint=known_ones
        )
    )
