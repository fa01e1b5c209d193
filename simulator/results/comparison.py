"""A comparison: means, paired differences, intervals, the leader, and sentences about it."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, Value, listed, msg, number
from simulator.kernel.units import Array
from simulator.kernel.version import VERSION
from simulator.planning import Policy
from simulator.results.kpis import Measure
from simulator.results.settled import remarks
from simulator.theory.statistics import paired_share_ends, share_ends, student_quantile

if TYPE_CHECKING:
    import pandas as pd


CONFIDENCE = 0.95
ALIKE = ("not distinguishable", "no difference", "one replication says nothing of luck")
"""Verdicts by which two policies cannot be told from each other."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its interval, Student's unless it has ends of its own, and the range of single replications."""

    mean: float
    half: float
    p5: float
    p95: float
    ends: tuple[float, float] | None = None

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.ends[0] if self.ends else self.mean - self.half

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.ends[1] if self.ends else self.mean + self.half


def estimate(sample: Array) -> Estimate:
    """Mean, 95 % interval (Student t, ddof 1) and 5-95 % range of what was found in each replication."""
    found = sample[np.isfinite(sample)]
    if not len(found):
        return Estimate(*(float("nan"),) * 4)
    half = float("nan")
    if len(found) > 1:
        half = float(student_quantile(CONFIDENCE, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found)))
    low, high = np.quantile(found, [0.05, 0.95])
    return Estimate(float(found.mean()), half, float(low), float(high))


def level_of(measure: Measure, sample: Array) -> Estimate:
    """A measure of one policy; a probability, which runs answer by yes or no, has an interval that stays a probability."""
    found, own = sample[np.isfinite(sample)], estimate(sample)
    if measure.unit != "probability" or len(found) < 2:
        return own
    return replace(own, ends=share_ends(int(found.sum()), len(found)))


def gap_of(measure: Measure, sample: Array, reference: Array) -> Estimate:
    """The difference of one policy from another on the same luck."""
    gaps, own = sample - reference, estimate(sample - reference)
    found = gaps[np.isfinite(gaps)]
    if measure.unit != "probability" or len(found) < 2:
        return own
    return replace(own, ends=paired_share_ends(int((found > 0).sum()), int((found < 0).sum()), len(found)))


def verdict(measure: Measure, gap: Estimate) -> str:
    """Better, worse, higher, lower, or not distinguishable at 95 %."""
    if not np.isfinite(gap.mean):
        return "not measured"
    if not np.isfinite(gap.half):
        return "no difference" if gap.mean == 0 else "one replication says nothing of luck"
    if gap.low <= 0 <= gap.high:
        return "not distinguishable"
    up = gap.mean > 0
    if not measure.better:
        return "higher" if up else "lower"
    return "better" if up == (measure.better == "higher") else "worse"


# --- comparison ---


@dataclass
class Comparison:
    """Results of several policies in the same weather, or of one policy in several scenarios."""

    scenario: Scenario
    policies: list[Policy]
    replications: list[int]
    seed: int
    by: str
    rows: list[tuple[Measure, str]]
    found: dict[str, Array]  # by policy, or by scenario: (measures and groups, replications)
    table: pd.DataFrame
    others: dict[str, Scenario] = field(default_factory=dict)  # scenarios by name, where one policy is compared in them
    alternatives: dict[str, dict[str, Any]] = field(
        default_factory=dict
    )  # settings by name, where alternatives are compared
    courses: dict[str, Array] = field(default_factory=dict)  # by column: stock and backlog by month, (2, months, lanes)

    @property
    def across(self) -> str:
        """The difference between the columns: policy, scenario or alternative."""
        return "alternative" if self.alternatives else "scenario" if self.others else "policy"

    @property
    def columns(self) -> list[str]:
        """Names of what is compared, the reference first."""
        return list(self.found)

    @property
    def cautions(self) -> list[Message]:
        """Cautions to read before these figures are believed, a sentence each."""
        from simulator.results.cautions import cautions, cautions_beside

        said = cautions_beside(self.others, self.policies) if self.others else cautions(self.scenario, self.policies)
        return [*said, *self.remarks()]

    def summary(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """Mean, interval, range, difference from the first column with its interval, and verdict, a row a measure and column."""
        import pandas as pd

        first, lines = self.columns[0], []
        for row, (measure, group) in enumerate(self.rows):
            if measures and measure.name not in measures:
                continue
            for column in self.columns:
                own = level_of(measure, self.found[column][row])
                gap = gap_of(measure, self.found[column][row], self.found[first][row])
                lines.append(
                    {
                        "measure": measure.name,
                        "title": measure.title,
                        **({} if self.by == "total" else {self.by: group}),
                        **({} if self.across == "scenario" else {"scenario": self.scenario.case}),
                        self.across: column,
                        "unit": measure.unit,
                        "better": measure.better,
                        "mean": own.mean,
                        "low": own.low,
                        "high": own.high,
                        "p5": own.p5,
                        "p95": own.p95,
                        "difference": gap.mean,
                        "difference_low": gap.low,
                        "difference_high": gap.high,
                        "verdict": "reference" if column == first else verdict(measure, gap),
                    }
                )
        return pd.DataFrame(lines)

    def gap(self, name: str, column: str, other: str) -> Estimate:
        """Estimate the difference of a column from another in a measure, on the same luck."""
        row, measure = next((k, measure) for k, (measure, _) in enumerate(self.rows) if measure.name == name)
        return gap_of(measure, self.found[column][row], self.found[other][row])

    def leaders(self, name: str) -> list[str]:
        """The column with the best mean of a measure, and after it those that cannot be told from it."""
        row, measure = next((k, measure) for k, (measure, _) in enumerate(self.rows) if measure.name == name)
        means = {column: float(np.nanmean(sample[row])) for column, sample in self.found.items()}
        sign = -1 if measure.better == "lower" else 1
        best, *others = sorted(means, key=lambda column: -sign * means[column])
        alike = [other for other in others if verdict(measure, self.gap(name, other, best)) in ALIKE]
        return [best, *alike]

    def remarks(self) -> list[Message]:
        """Warn of scored months that have not settled."""
        return remarks({column: self.others.get(column, self.scenario) for column in self.courses}, self.courses)

    def sentences(self) -> list[Message]:
        """For each column what it does against the first: stock, then service; nothing where neither was measured, or only by part."""
        if self.by != "total":
            return []
        told = (self._against_first(column) for column in self.columns[1:])
        return [sentence for sentence in told if sentence]

    def _against_first(self, column: str) -> Message:
        """Differences that can be told from luck as clauses, the others named as such."""
        first, clauses, alike = self.columns[0], [], []
        for name, words in (("stock_value", msg("stock")), ("fill_rate", msg("fill rate"))):
            row = next((k for k, (measure, _) in enumerate(self.rows) if measure.name == name), None)
            if row is None or not np.isfinite(self.found[first][row]).any():
                continue
            gap = estimate(self.found[column][row] - self.found[first][row])
            if not np.isfinite(gap.half) or gap.low <= 0 <= gap.high:
                alike.append(words)
            else:
                clauses.append(_clause(name, gap, float(np.nanmean(self.found[first][row]))))
        if not (clauses or alike):
            return msg("")
        if not clauses:
            alone = "{column} and {first} are not distinguishable in {measures}"
            return msg(alone, column=column, first=first, measures=listed(alike, " or "))
        does: dict[str, Value] = {"column": column, "differences": listed(clauses, " and "), "first": first}
        if alike:
            also = "{column} {differences} than {first}; in {measure} the two are not distinguishable"
            return msg(also, **does, measure=alike[0])
        return msg("{column} {differences} than {first}", **does)

    def record(self) -> dict[str, Any]:
        """Record the origin of these results: enough to make them again."""
        import scipy

        return {
            "scenario": self.scenario.name,
            "changes": dict(self.scenario.changes),
            "scenario_fingerprint": self.scenario.fingerprint,
            **({"scenarios": {name: s.fingerprint for name, s in self.others.items()}} if self.others else {}),
            **({"alternatives": self.alternatives} if self.alternatives else {}),
            "policies": [policy.model_dump(mode="json") for policy in self.policies],
            "replications": self.replications,
            "seed": self.seed,
            "cautions": self.cautions,
            "experiment": self.scenario.experiment.model_dump(mode="json"),
            "versions": {
                "sop-sandbox": VERSION,
                "python": platform.python_version(),
                "numpy": np.__version__,
                "scipy": scipy.__version__,
            },
            "processor": platform.machine(),
        }


def _clause(name: str, gap: Estimate, base: float) -> Message:
    """A difference in words: stock in percent of the first policy's, fill rate in points."""
    if name != "fill_rate" and base <= 0:
        return msg("holds {money} more stock", money=number(gap.mean))
    scale = 100.0 if name == "fill_rate" else 100.0 / base
    low, high = sorted(abs(end) * scale for end in (gap.low, gap.high))
    size, more = abs(gap.mean) * scale, msg("more") if gap.mean > 0 else msg("less")
    if name == "fill_rate":
        ends = {"size": number(size, 1), "low": number(low, 1), "high": number(high, 1)}
        return msg("fills {size} points {more} [{low}, {high}]", **ends, more=more)
    ends = {"size": number(size), "low": number(low), "high": number(high)}
    return msg("holds {size} % {more} stock [{low}, {high}]", **ends, more=more)
