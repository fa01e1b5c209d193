"""Choose the entries of a policy that an optimisation searches, and their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import floor
from typing import Any

import numpy as np

from simulator.company.entries import dotted
from simulator.engine.scenario import Scenario
from simulator.engine.settings import OF_POLICY
from simulator.kernel.messages import msg
from simulator.kernel.units import Record, ScenarioError
from simulator.planning import Policy
from simulator.studies.factors import CATEGORY, WHOLE, Factor, FactorWords, known_factor, refuse_what_clashes

MARGIN = 0.001
"""Share of a range that is kept away from an end that the declaration leaves out."""


@dataclass(frozen=True)
class SearchSpace:
    """A factor that is narrowed down over its range, and others that take each of their values."""

    factor: Factor
    beside: tuple[Factor, ...] = ()

    @property
    def entry(self) -> str:
        """Of the factor that is narrowed down."""
        return self.factor.entry

    def others(self) -> list[dict[str, Any]]:
        """Every combination of the other factors."""
        names = [factor.entry for factor in self.beside]
        return [dict(zip(names, values, strict=True)) for values in product(*(f.levels for f in self.beside))]

    def between(self, low: float, high: float, inside: int) -> list[Any]:
        """Values from one to the other, both included."""
        return self.written(np.linspace(low, high, inside + 2).tolist())

    def about(self, place: float, apart: float, steps: Sequence[float], low: float, high: float) -> list[Any]:
        """Values so many steps from a place, each so far apart, kept between two ends; whole ones at least 1 apart."""
        if self.factor.kind == WHOLE:
            place = floor(place) + 0.5
        return self.written([min(max(place + step * apart, low), high) for step in steps])

    def written(self, values: Sequence[float]) -> list[Any]:
        """The values as they are tried, from the lowest on: whole numbers, or to six digits."""
        return sorted({round(v) if self.factor.kind == WHOLE else float(f"{v:.6g}") for v in values})

    def step(self, share: float) -> float:
        """A share of the range; of a whole number at least 1."""
        low, high = self.factor.range
        return max(share * (high - low), float(self.factor.kind == WHOLE))


def entries_to_search(scenario: Scenario, policy: Policy, factors: Sequence[FactorWords]) -> SearchSpace:
    """Return the entries to search; the policy's safety-stock parameter over its declared range when nothing is named."""
    first, *rest = [known_factor(words, scenario, [policy]) for words in factors or [safety_parameter(policy)]]
    if first.kind == CATEGORY or first.levels:
        raise ScenarioError(
            msg(
                "{entry} is given values one by one; the first entry is narrowed down and needs a range, such as {entry}=0:3",
                entry=first.entry,
            )
        )
    for factor in rest:
        if not factor.levels:
            raise ScenarioError(
                msg(
                    "{entry} is given a range; only the first entry is narrowed down, give the values of this one",
                    entry=factor.entry,
                )
            )
    chosen = SearchSpace(first, tuple(rest))
    ends = [{first.entry: end, **others} for end in first.ends() for others in chosen.others()]
    refuse_what_clashes([first, *rest], ends, scenario, [policy])
    return chosen


def safety_parameter(policy: Policy) -> FactorWords:
    """The one number of the safety-stock rule, and the range that it is declared for."""
    rule = policy.safety_stock
    for name in type(rule).model_fields:
        if isinstance(getattr(rule, name), int | float) and not isinstance(getattr(rule, name), bool):
            low, high = declared_range(rule, name)
            return FactorWords(entry=dotted(OF_POLICY, "safety_stock", name), low=low, high=high)
    raise ScenarioError(
        msg(
            "the safety stock of policy {name} is {rule}, which has no number to search; name an entry of the "
            "policy and its range, such as policy.products.slack=0:3",
            name=repr(policy.name),
            rule=repr(rule.name),
        )
    )


def declared_range(record: Record, name: str) -> tuple[float, float]:
    """Between which values an entry may lie; an end that is left out itself is kept away from."""
    kept = {
        key: float(getattr(bound, key))
        for bound in type(record).model_fields[name].metadata
        for key in ("gt", "ge", "lt", "le")
        if hasattr(bound, key)
    }
    low, high = kept.get("ge", kept.get("gt", 0.0)), kept.get("le", kept.get("lt", 1.0))
    margin = MARGIN * (high - low)
    return low + margin * ("gt" in kept), high - margin * ("lt" in kept)
