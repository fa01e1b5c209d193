"""Compare policies on the same luck: means, paired differences, intervals, and a verdict in words."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.ledger import SCORED, Shelf
from simulator.measures import GROUPINGS, MEASURES, Measure, named, tidy, values
from simulator.policies import Policy
from simulator.policies.rules import Rule
from simulator.run import blocks, numbered, play, trimmed, weather_for
from simulator.scenario import Scenario, load
from simulator.theory.statistics import student_quantile
from simulator.units import Array, ScenarioError
from simulator.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE = 0.95
DEFAULT_POLICIES = ("siloed", "chase", "level", "reorder-point", "order-up-to", "pull")


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its Student interval and the range of single replications."""

    mean: float
    half: float
    p5: float
    p95: float

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half


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


@dataclass
class Comparison:
    """What several policies did in the same weather."""

    scenario: Scenario
    policies: list[Policy]
    replications: list[int]
    seed: int
    by: str
    rows: list[tuple[Measure, str]]
    found: dict[str, Array]  # by policy: (measures and groups, replications)
    table: pd.DataFrame

    def summary(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """Mean, interval, range, difference from the first policy with its interval, and verdict, a row a measure and policy."""
        import pandas as pd

        first, lines = self.policies[0].name, []
        for row, (measure, group) in enumerate(self.rows):
            if measures and measure.name not in measures:
                continue
            for policy in self.policies:
                own = estimate(self.found[policy.name][row])
                gap = estimate(self.found[policy.name][row] - self.found[first][row])
                lines.append(
                    {
                        "measure": measure.name,
                        "title": measure.title,
                        **({} if self.by == "total" else {self.by: group}),
                        "policy": policy.name,
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
                        "verdict": "reference" if policy.name == first else verdict(measure, gap),
                    }
                )
        return pd.DataFrame(lines)

    def sentences(self) -> list[str]:
        """For each policy what it does against the first: stock, then service; nothing where neither was measured."""
        told = (self._against_first(policy.name) for policy in self.policies[1:])
        return [sentence for sentence in told if sentence]

    def _against_first(self, policy: str) -> str:
        """Differences that can be told from luck as clauses, the others named as such."""
        first, clauses, alike = self.policies[0].name, [], []
        for name, words in (("stock_value", "stock"), ("fill_rate", "fill rate")):
            row = next((k for k, (measure, _) in enumerate(self.rows) if measure.name == name), None)
            if row is None or not np.isfinite(self.found[first][row]).any():
                continue
            gap = estimate(self.found[policy][row] - self.found[first][row])
            if not np.isfinite(gap.half) or gap.low <= 0 <= gap.high:
                alike.append(words)
            else:
                clauses.append(_clause(name, gap, float(np.nanmean(self.found[first][row]))))
        if not (clauses or alike):
            return ""
        if not clauses:
            return f"{policy} and {first} are not distinguishable in {' or '.join(alike)}"
        told = f"{policy} {' and '.join(clauses)} than {first}"
        return told + (f"; in {alike[0]} the two are not distinguishable" if alike else "")

    def record(self) -> dict[str, Any]:
        """What made these results: enough to make them again."""
        import scipy

        return {
            "scenario": self.scenario.name,
            "scenario_fingerprint": self.scenario.fingerprint,
            "policies": [policy.model_dump(mode="json") for policy in self.policies],
            "replications": self.replications,
            "seed": self.seed,
            "experiment": self.scenario.experiment.model_dump(mode="json"),
            "versions": {
                "sop-sandbox": VERSION,
                "python": platform.python_version(),
                "numpy": np.__version__,
                "scipy": scipy.__version__,
            },
            "processor": platform.machine(),
        }


def _clause(name: str, gap: Estimate, base: float) -> str:
    """A difference in words: stock in percent of the first policy's, fill rate in points."""
    if name != "fill_rate" and base <= 0:
        return f"holds {gap.mean:,.0f} more stock"
    scale = 100.0 if name == "fill_rate" else 100.0 / base
    low, high = sorted(abs(end) * scale for end in (gap.low, gap.high))
    size, more = abs(gap.mean) * scale, "more" if gap.mean > 0 else "less"
    if name == "fill_rate":
        return f"fills {size:.1f} points {more} [{low:.1f}, {high:.1f}]"
    return f"holds {size:.0f} % {more} stock [{low:.0f}, {high:.0f}]"


def cost_notes(scenario: Scenario, policies: Sequence[Policy], replications: int) -> list[str]:
    """What a rule that takes long says of it before it starts."""
    rules = [rule for policy in policies for _, rule in policy if isinstance(rule, Rule)]
    notes = [rule.cost_note(scenario, replications) for rule in rules]
    return list(dict.fromkeys(note for note in notes if note))


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


def compare(
    scenario: Scenario | str | Path | Mapping[str, Any],
    policies: Sequence[str | Path | Policy | Mapping[str, Any]] | None = None,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    measures: Sequence[str] | None = None,
    by: str = "total",
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Run every policy in the same weather, block by block; measures are kept, books are not."""
    import pandas as pd

    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    chosen = [scenario.policy(choice) for choice in (policies or scenario.experiment.policies or DEFAULT_POLICIES)]
    names = [policy.name for policy in chosen]
    if len(set(names)) < len(names):
        raise ScenarioError(f"the policy {max(names, key=names.count)!r} is named twice; name each policy once")
    if by not in GROUPINGS:
        raise ScenarioError(f"there is no grouping {by!r}; allowed are {', '.join(GROUPINGS)}")
    named(measures)
    seed = scenario.experiment.seed if seed is None else seed
    numbers = numbered(replications, scenario.experiment.replications)
    rows: list[tuple[Measure, str]] = []
    parts: dict[str, list[Array]] = {name: [] for name in names}
    done, shelf = 0, Shelf()
    for block in blocks(scenario, numbers):
        weather = weather_for(scenario, seed, block)
        for policy in chosen:
            books = trimmed(play(scenario, policy, weather, SCORED, shelf), len(block))
            rows, found = values(books, measures, by)
            parts[policy.name].append(found)
            done += len(block)
            if progress:
                progress(done, len(chosen) * len(numbers))
        del weather, books  # before the next are drawn
    joined = {name: np.concatenate(blocks_found, axis=1) for name, blocks_found in parts.items()}
    table = pd.concat([tidy(scenario.name, name, numbers, rows, joined[name], by) for name in names], ignore_index=True)
    return Comparison(scenario, chosen, numbers, seed, by, rows, joined, table)


__all__ = ["MEASURES", "Comparison", "Estimate", "compare", "estimate", "verdict"]
