"""Compare policies, or one policy in several scenarios, on the same luck: means, paired differences, intervals, a verdict in words."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.estimates import ALIKE, Estimate, estimate, gap_of, level_of, verdict
from simulator.ledger import SCORED, Shelf
from simulator.measures import GROUPINGS, MAIN, MEASURES, Measure, named, tidy, values
from simulator.policies import Policy
from simulator.policies.rules import Rule
from simulator.run import blocks, lanes_at_once, numbered, play, trimmed, weather_for
from simulator.scenario import Scenario, load
from simulator.units import Array, ScenarioError
from simulator.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_POLICIES = ("siloed", "chase", "level", "reorder-point", "order-up-to", "pull")


@dataclass
class Comparison:
    """What several policies did in the same weather, or one policy in several scenarios."""

    scenario: Scenario
    policies: list[Policy]
    replications: list[int]
    seed: int
    by: str
    rows: list[tuple[Measure, str]]
    found: dict[str, Array]  # by policy, or by scenario: (measures and groups, replications)
    table: pd.DataFrame
    others: dict[str, Scenario] = field(default_factory=dict)  # scenarios by name, where one policy is compared in them

    @property
    def across(self) -> str:
        """What differs between the columns: policy or scenario."""
        return "scenario" if self.others else "policy"

    @property
    def columns(self) -> list[str]:
        """Names of what is compared, the reference first."""
        return list(self.found)

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
        """How far a column is from another in a measure, on the same luck."""
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

    def sentences(self) -> list[str]:
        """For each column what it does against the first: stock, then service; nothing where neither was measured, or only by part."""
        if self.by != "total":
            return []
        told = (self._against_first(column) for column in self.columns[1:])
        return [sentence for sentence in told if sentence]

    def _against_first(self, column: str) -> str:
        """Differences that can be told from luck as clauses, the others named as such."""
        first, clauses, alike = self.columns[0], [], []
        for name, words in (("stock_value", "stock"), ("fill_rate", "fill rate")):
            row = next((k for k, (measure, _) in enumerate(self.rows) if measure.name == name), None)
            if row is None or not np.isfinite(self.found[first][row]).any():
                continue
            gap = estimate(self.found[column][row] - self.found[first][row])
            if not np.isfinite(gap.half) or gap.low <= 0 <= gap.high:
                alike.append(words)
            else:
                clauses.append(_clause(name, gap, float(np.nanmean(self.found[first][row]))))
        if not (clauses or alike):
            return ""
        if not clauses:
            return f"{column} and {first} are not distinguishable in {' or '.join(alike)}"
        told = f"{column} {' and '.join(clauses)} than {first}"
        return told + (f"; in {alike[0]} the two are not distinguishable" if alike else "")

    def record(self) -> dict[str, Any]:
        """What made these results: enough to make them again."""
        import scipy

        return {
            "scenario": self.scenario.name,
            "scenario_fingerprint": self.scenario.fingerprint,
            **({"scenarios": {name: s.fingerprint for name, s in self.others.items()}} if self.others else {}),
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
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    chosen = [scenario.policy(choice) for choice in (policies or scenario.experiment.policies or DEFAULT_POLICIES)]
    names = [policy.name for policy in chosen]
    if len(set(names)) < len(names):
        raise ScenarioError(f"the policy {max(names, key=names.count)!r} is named twice; name each policy once")
    cases = {policy.name: (scenario, policy) for policy in chosen}
    return _compared(scenario, cases, replications, seed, measures, by, progress)


def compare_scenarios(
    scenarios: Mapping[str, Scenario],
    policy: str | Path | Policy | Mapping[str, Any] | None = None,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    measures: Sequence[str] | None = None,
    by: str = "total",
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Run one policy in several scenarios, the reference first: what they have in common meets the same luck.

    Names, experiment and measures that are not given are those of the last scenario.
    """
    last = [*scenarios.values()][-1]
    choice = policy or (last.experiment.policies or DEFAULT_POLICIES)[0]
    cases = {name: (scenario, _policy_of(scenario, last, choice)) for name, scenario in scenarios.items()}
    result = _compared(last, cases, replications, seed, measures, by, progress)
    result.others = dict(scenarios)
    return result


def _policy_of(scenario: Scenario, last: Scenario, choice: str | Path | Policy | Mapping[str, Any]) -> Policy:
    """The scenario's own policy of that name; the last scenario's, where it knows none."""
    own = isinstance(choice, str) and choice in scenario.policies
    return (scenario if own else last).policy(choice)


def _can_be_told_by(by: str, asked: Sequence[Measure]) -> None:
    """Measures that are asked for by part must be there by part."""
    whole = [m.name for m in asked if not m.is_by(by)]
    if whole:
        raise ScenarioError(f"{' and '.join(whole)} cannot be told by {by}; leave out --by, or name other measures")


def _by_scenario(cases: Mapping[str, tuple[Scenario, Policy]]) -> list[list[str]]:
    """Names of the cases of each scenario: they share its weather."""
    found: dict[int, list[str]] = {}
    for name, (scenario, _) in cases.items():
        found.setdefault(id(scenario), []).append(name)
    return list(found.values())


def _compared(
    scenario: Scenario,
    cases: Mapping[str, tuple[Scenario, Policy]],
    replications: int | Sequence[int] | None,
    seed: int | None,
    measures: Sequence[str] | None,
    by: str,
    progress: Callable[[int, int], None] | None,
) -> Comparison:
    """Run the cases block by block; those of the same scenario share its weather."""
    import pandas as pd

    if by not in GROUPINGS:
        raise ScenarioError(f"there is no grouping {by!r}; allowed are {', '.join(GROUPINGS)}")
    if measures and list(measures) != ["all"]:
        _can_be_told_by(by, named(measures))
    measures = measures or tuple(dict.fromkeys((*MAIN, *scenario.experiment.measures)))
    named(measures)
    seed = scenario.experiment.seed if seed is None else seed
    numbers = numbered(replications, scenario.experiment.replications)
    rows: dict[str, list[tuple[Measure, str]]] = {}
    parts: dict[str, list[Array]] = {name: [] for name in cases}
    done, shelf = 0, Shelf()
    for block in blocks(min((one for one, _ in cases.values()), key=lanes_at_once), numbers):
        for alike in _by_scenario(cases):
            weather = weather_for(cases[alike[0]][0], seed, block)
            for name in alike:
                books = trimmed(play(*cases[name], weather, SCORED, shelf), len(block))
                rows[name], found = values(books, measures, by)
                parts[name].append(found)
                done += len(block)
                if progress:
                    progress(done, len(cases) * len(numbers))
            del weather, books  # before the next are drawn
    joined = {name: np.concatenate(blocks_found, axis=1) for name, blocks_found in parts.items()}
    first, *others = rows.values()
    if any(other != first for other in others):
        raise ScenarioError(f"the scenarios differ in what they have by {by}; compare them by total")
    table = pd.concat(
        [tidy(one.name, policy.name, numbers, first, joined[name], by) for name, (one, policy) in cases.items()],
        ignore_index=True,
    )
    return Comparison(scenario, [policy for _, policy in cases.values()], numbers, seed, by, first, joined, table)


__all__ = ["ALIKE", "MEASURES", "Comparison", "Estimate", "compare", "compare_scenarios", "estimate", "verdict"]
