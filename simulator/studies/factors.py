"""A factor: one entry of scenario or policy that an experiment varies, and the values that it takes."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import field_validator, model_validator

from simulator.company.entries import keys, usual
from simulator.engine.scenario import Scenario, fitting
from simulator.engine.settings import OF_POLICY, Setting, changed_policy, changed_scenario, stated_value
from simulator.kernel.messages import msg
from simulator.kernel.units import Record, ScenarioError, quantity
from simulator.planning import Policy
from simulator.results.kpis import MEASURES

NUMBER, WHOLE, CATEGORY = "number", "whole number", "category"

TAKEN = frozenset(
    ("axis", "beaten_by", "best", "better", "efficient", "from_best_high", "from_best_low", "half_width", "high",
     "kind", "label", "low", "mean", "measure", "place", "point", "policy", "possible", "replication",
     "replications", "row", "setting", "shown", "unit", "value")
)  # fmt: skip
"""Columns that the tables of a study have beside its factors; those of measures are taken as well."""

IDLE = {
    ("experiment", "seed"): msg("give the study a seed of its own"),
    ("experiment", "replications"): msg("give the study replications of its own"),
    ("experiment", "policies"): msg("name them as policies of the study"),
    ("experiment", "measures"): msg("name them as measures of the study"),
    ("company", "name"): msg("it is only a name"),
    ("policy", "name"): msg("it is only a name"),
    ("policy", "note"): msg("it is only a note"),
}
"""Entries that change nothing in a study, and what to do instead."""


class FactorWords(Record):
    """A factor as a study file says it: values one by one, or a range."""

    entry: Annotated[
        str, quantity("name", "dotted name of an entry of the scenario, or of the policy after policy.", min_length=1)
    ]
    name: Annotated[
        str | None, quantity("text", "what it is called in tables and charts; its entry if not given", min_length=1)
    ] = None
    values: Annotated[tuple[Any, ...], quantity("list", "that it takes; texts and tables are categories")] = ()
    low: Annotated[float | None, quantity("as the entry", "lower end of its range")] = None
    high: Annotated[float | None, quantity("as the entry", "upper end of its range")] = None
    steps: Annotated[int, quantity("values", "at which a grid cuts its range, the ends included", ge=2, le=1_000)] = 5
    base: Annotated[Any, quantity("as the entry", "where the others vary one at a time; what the entry says now")] = (
        None
    )

    @field_validator("entry")
    @classmethod
    def _spelt(cls, entry: str) -> str:
        return usual(entry)

    @model_validator(mode="after")
    def _has_a_name_of_its_own(self) -> FactorWords:
        if self.called in TAKEN or self.called.removesuffix("_half") in MEASURES or not self.called.strip():
            raise ValueError(
                msg(
                    "{entry} of {factor} is {name}, which a column of the results has; name it otherwise",
                    entry="name",
                    factor=self.entry,
                    name=repr(self.called),
                )
            )
        return self

    @property
    def called(self) -> str:
        """Its name in tables and charts."""
        return self.entry if self.name is None else self.name

    @model_validator(mode="after")
    def _has_values(self) -> FactorWords:
        if self.values:
            if self.low is not None or self.high is not None:
                raise ValueError(
                    msg("{entry} of {factor} stand beside a range; give one of them", entry="values", factor=self.entry)
                )
            if len(set(map(label, self.values))) < len(self.values):
                raise ValueError(
                    msg("{entry} of {factor} are not all different; name each once", entry="values", factor=self.entry)
                )
        elif self.low is None or self.high is None:
            raise ValueError(
                msg(
                    "{entry} of {factor} are missing; give values = [...], or low and high",
                    entry="values",
                    factor=self.entry,
                )
            )
        elif self.low >= self.high:
            raise ValueError(
                msg(
                    "{entry} of {factor} is {low} and high is {high}; low must be below high",
                    entry="low",
                    factor=self.entry,
                    low=f"{self.low:g}",
                    high=f"{self.high:g}",
                )
            )
        return self


def label(value: Any) -> str:
    """A value as tables and charts name it; a rule with settings by name and settings."""
    if isinstance(value, dict) and "rule" in value:
        settings = ", ".join(f"{key} {label(v)}" for key, v in value.items() if key != "rule")
        return f"{value['rule']} ({settings})" if settings else str(value["rule"])
    return value if isinstance(value, str) else json.dumps(value, default=str)


@dataclass(frozen=True)
class Factor:
    """A factor that is known to the scenario: its kind, unit and range, or its levels."""

    entry: str
    name: str
    kind: str  # number, whole number or category
    unit: str
    low: float | None
    high: float | None
    levels: tuple[Any, ...]
    base: Any

    def at(self, share: float) -> Any:
        """The value at a share of the way from low to high; categories and values in equal parts."""
        if self.levels:
            return self.levels[min(int(share * len(self.levels)), len(self.levels) - 1)]
        low, high = self.range
        if self.kind == WHOLE:
            first, last = math.ceil(low), math.floor(high)
            return min(first + int(share * (last - first + 1)), last)
        return low + share * (high - low)

    @property
    def range(self) -> tuple[float, float]:
        """Low and high of a factor that is no category."""
        assert self.low is not None
        assert self.high is not None
        return self.low, self.high

    def ends(self) -> tuple[Any, Any]:
        """The lowest and the highest value, or the first and the last level."""
        return self.at(0.0), self.at(1.0)

    @property
    def table(self) -> str:
        """The table of the file in which its entry stands: of a policy the decision right."""
        parts = self.entry.split(".")
        return ".".join(parts[:2] if parts[0] in ("policy", "experiment") and len(parts) > 2 else parts[:-1][:3])

    def cell(self, value: Any) -> Any:
        """A value as the table of points holds it."""
        return label(value) if self.kind == CATEGORY else value

    def record(self) -> dict[str, Any]:
        """As a manifest keeps it."""
        return asdict(self)


def known_factor(words: FactorWords, scenario: Scenario, policies: Sequence[Policy]) -> Factor:
    """The factor, if scenario or policies have its entry and its values are allowed there."""
    if (path := keys(words.entry)) in IDLE:
        raise ScenarioError(
            msg(
                "{entry} is no factor, since it changes nothing in a study; {remedy}",
                entry=words.entry,
                remedy=IDLE[path],
            )
        )
    now, *_ = [stated_value(scenario, policy, words.entry) for policy in policies]
    if words.low is not None and not now.number:
        raise ScenarioError(
            msg(
                "{entry} says {value}, which is no number; give values instead of a range",
                entry=words.entry,
                value=label(now.value),
            )
        )
    plain = all(isinstance(v, int | float) and not isinstance(v, bool) for v in words.values)
    kind = CATEGORY if not now.number or not plain else WHOLE if now.whole else NUMBER
    levels, base = words.values, now.value if words.base is None else words.base
    if kind == CATEGORY:
        base = base if base in levels else levels[0]
    low, high = (min(levels), max(levels)) if levels and kind != CATEGORY else (words.low, words.high)
    return Factor(words.entry, words.called, kind, now.unit, low, high, levels, base)


MOST_COMPANIES = 500
"""Different companies of a study up to which each is looked at before anything runs; of more, so many evenly spread."""


def refuse_what_clashes(
    factors: Sequence[Factor], points: Sequence[Setting], scenario: Scenario, policies: Sequence[Policy]
) -> None:
    """Refuse what the scenario or a policy would refuse: the ends of lone factors, and all that is set together at any point.

    Factors of one table are looked at together only: what alone would clash with what the table says now may fit beside another.
    """
    tables = [factor.table for factor in factors]
    lone = [{f.entry: value} for f in factors if tables.count(f.table) == 1 for value in f.levels or f.ends()]
    for setting in [*lone, *_different(points, of_policy=False)]:
        changed_scenario(scenario, setting)
    for setting in [*lone, *_different(points, of_policy=True)]:
        for policy in policies:
            fitting(
                changed_policy(policy, setting, scenario.source), scenario.company, f"policy {policy.name!r}", "policy"
            )


def _different(points: Sequence[Setting], of_policy: bool) -> list[Setting]:
    """Collect the different settings of the policy, or of the company, among points."""
    said = ({e: v for e, v in point.items() if e.startswith(OF_POLICY) == of_policy} for point in points)
    found = list({json.dumps(setting, sort_keys=True, default=str): setting for setting in said}.values())
    step = 1 if of_policy else max(1, len(found) // MOST_COMPANIES)
    return list(found[::step])
