"""A comparison: means, paired differences, intervals, the leader, and sentences about it."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, Value, inside, listed, msg, number, percent, rounded
from simulator.kernel.units import Array
from simulator.kernel.version import VERSION
from simulator.planning import Policy
from simulator.results.estimates import EQUAL, Estimate, gap_of, level_of, moved_together
from simulator.results.judged import AS_THEY_ARE, SURE, Judged, judge, legend
from simulator.results.kpis import MEASURES, Measure
from simulator.results.reading.score import expected_sales
from simulator.results.settled import remarks
from simulator.theory.pilot import months_needed, wrong_way

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.equal_service import Tuned
    from simulator.results.target import CommonTarget


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
    at: CommonTarget | None = None  # to which all were brought before they were compared
    tuned: dict[str, Tuned] = field(default_factory=dict)  # by column, where they were
    courses: dict[str, Array] = field(default_factory=dict)  # by column: stock and backlog by month, (2, months, lanes)
    inner: Comparison | None = None  # service and stock of each part, where they were asked for

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

    @cached_property
    def told(self) -> dict[str, Array]:
        """Give the figures of which means and differences are told: those found, at the target itself where all were brought to one.

        Figures by part stay as fresh luck gave them.
        """
        if self.at is None or self.by != "total":
            return self.found
        measures = [measure for measure, _ in self.rows]
        return {
            column: np.array([*map(self.tuned[column].at_target, measures, samples)])
            for column, samples in self.found.items()
        }

    def in_runs(self, row: int, column: str) -> Array:
        """Give the single runs of a column as they came, moved as a whole to the mean that is told."""
        return moved_together(self.found[column][row], self.told[column][row])

    @cached_property
    def smallest(self) -> list[float]:
        """The smallest difference that matters of each measure and group, in its unit."""
        first = self.columns[0]
        sales = expected_sales(self.others.get(first, self.scenario), self.by)
        means = [
            level_of(measure, sample).mean for (measure, _), sample in zip(self.rows, self.told[first], strict=True)
        ]
        whole = sum(sales.values())
        return [
            measure.matters.in_unit(sales.get(group, whole), mean if np.isfinite(mean) else 0.0)
            for (measure, group), mean in zip(self.rows, means, strict=True)
        ]

    @cached_property
    def judged(self) -> dict[tuple[int, str], Judged]:
        """Every difference from the first column by row and column, judged as one family."""
        first, *others = self.columns
        keys = [(row, column) for row in range(len(self.rows)) for column in others]
        gaps = ((self.rows[row][0], self._gap(row, column, first), self.smallest[row]) for row, column in keys)
        return dict(zip(keys, judge(gaps), strict=True))

    def legend(self, short: Mapping[str, str] = AS_THEY_ARE) -> list[Message]:
        """Explain the verdicts that the summary uses, some by shorter names, and how many differences chance alone would make."""
        return legend([*self.judged.values()], short)

    def summary(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """Mean, interval, range, difference from the first column with its interval, and verdict, a row a measure and column."""
        import pandas as pd

        first, lines = self.columns[0], []
        for row, (measure, group) in enumerate(self.rows):
            if measures and measure.name not in measures:
                continue
            for column in self.columns:
                own = self._level(row, column)
                judged = self.judged.get((row, column)) or Judged(
                    self._gap(row, column, first), self.smallest[row], "reference"
                )
                gap = judged.gap
                lines.append(
                    {
                        "measure": measure.name,
                        "title": measure.title,
                        **({} if self.by == "total" else {self.by: group}),
                        **({} if self.across == "scenario" else {"scenario": self.scenario.case}),
                        self.across: column,
                        **self._setting(column),
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
                        "p_value": float("nan") if gap.p_value is None else gap.p_value,
                        "smallest": judged.smallest,
                        "verdict": judged.verdict,
                    }
                )
        return pd.DataFrame(lines)

    def _setting(self, column: str) -> dict[str, Any]:
        """The target and the setting that a column was brought to it by, where it was."""
        if not (self.at and self.tuned):
            return {}
        one = self.tuned[column]
        return {"at": f"{self.at.name}={self.at.value:g}", "entry": one.buffer.entry, "setting": one.value}

    def gap(self, name: str, column: str, other: str) -> Estimate:
        """Estimate the difference of a column from another in a measure, on the same luck."""
        return self._gap(self._place(name), column, other)

    def level(self, name: str, column: str) -> Estimate:
        """Estimate a measure of a column."""
        return self._level(self._place(name), column)

    def _place(self, name: str) -> int:
        """The row of a measure, the first of its groups."""
        return next(k for k, (measure, _) in enumerate(self.rows) if measure.name == name)

    def _gap(self, row: int, column: str, other: str) -> Estimate:
        return gap_of(self.rows[row][0], self.told[column][row], self.told[other][row])

    def _level(self, row: int, column: str) -> Estimate:
        """The mean with its interval as it is told, the range of single runs as they show it."""
        measure, runs = self.rows[row][0], level_of(self.rows[row][0], self.in_runs(row, column))
        return replace(level_of(measure, self.told[column][row]), p5=runs.p5, p95=runs.p95)

    def leaders(self, name: str, among: Sequence[str] | None = None) -> list[str]:
        """The column with the best mean of a measure, and after it those from which it does not surely differ by what matters.

        The best is known only afterwards, so that the family is every pair of columns, of all or `among` some.
        """
        row, measure = self._place(name), MEASURES[name]
        means = {column: float(np.nanmean(self.told[column][row])) for column in among or self.columns}
        sign = -1 if measure.better == "lower" else 1
        best, *others = sorted(means, key=lambda column: -sign * means[column])
        pairs = [*combinations([best, *others], 2)]
        judged = judge((measure, self.gap(name, other, one), self.smallest[row]) for one, other in pairs)
        alike = [
            other for (one, other), each in zip(pairs, judged, strict=True) if one == best and each.verdict not in SURE
        ]
        return [best, *alike]

    def remarks(self) -> list[Message]:
        """Warn of scored months that have not settled."""
        return remarks({column: self.others.get(column, self.scenario) for column in self.courses}, self.courses)

    def sentences(self) -> list[Message]:
        """For each column what it does against the first: stock, then service; then what one company would see of it.

        Nothing where neither was measured, or only by part.
        """
        if self.at:
            from simulator.results.equal_words import sentences_at

            return sentences_at(self)
        if self.by != "total":
            return []
        told = [*(self._against_first(column) for column in self.columns[1:]), self.horizon()]
        return [sentence for sentence in told if sentence]

    def horizon(self) -> Message | None:
        """Say what one company would see of the best column against the first: in fill rate, else in profit, where the runs are sure."""
        first, names = self.columns[0], ("fill_rate", "ebit_before_absorption")
        if self.by != "total" or self.others or len(self.columns) < 2:
            return None
        for name, row in ((name, self._row(name)) for name in names):
            if row is None or not np.isfinite(self.found[first][row]).any():
                continue
            best = self.leaders(name)[0]
            if best != first and self.judged[row, best].verdict in SURE:
                return self._seen_by_one(row, best)
        return None

    def _seen_by_one(self, row: int, best: str) -> Message:
        """Say how often one stretch of luck after a change looks worse than one before, and how many months it takes to see it."""
        (measure, _), gap, first = self.rows[row], self.judged[row, best].gap.mean, self.columns[0]
        months = self.scenario.days.months - self.scenario.experiment.warm_up
        variance = sum(float(np.nanvar(self.in_runs(row, name), ddof=1)) for name in (first, best))
        points, money = number(100 * gap, 1), rounded(gap, signed=False)
        return msg(
            "one company has one luck: {months} months after a change from {first} to {best} look worse in {measure} than the {months} "
            "before with a chance of {share}, though on average they are better by {gap}; to see that takes {needed} months before and "
            "as many after (95 % sure, in 80 % of cases; sop pilot)",
            months=number(months),
            first=first,
            best=best,
            measure=inside(msg(measure.title)),
            share=percent(wrong_way(variance, gap), 0),
            gap=msg("{points} points", points=points)
            if measure.unit == "share"
            else msg("{money} {currency} a year", money=money, currency=self.scenario.company.currency),
            needed=_as_months(months_needed({months: variance}, gap)),
        )

    def _against_first(self, column: str) -> Message:
        """Differences that are sure and matter as clauses, the others named as such, and what is the same in every replication."""
        clauses: list[Message] = []
        alike: list[Message] = []
        equal: list[Message] = []
        for name, words in (("stock_value", msg("stock")), ("fill_rate", msg("fill rate"))):
            row = self._row(name)
            if row is None or not np.isfinite(self.found[self.columns[0]][row]).any():
                continue
            judged = self.judged[row, column]
            if judged.verdict in SURE:
                clauses.append(_clause(name, judged.gap, float(np.nanmean(self.told[self.columns[0]][row]))))
            else:
                (equal if judged.verdict == EQUAL else alike).append(words)
        told = [*self._told(column, clauses, alike, equal), *self._parked(column)]
        return told[0] if len(told) == 1 else msg("{told}", told=listed(told, "; ")) if told else msg("")

    def _told(
        self, column: str, clauses: list[Message], alike: list[Message], equal: list[Message]
    ) -> Iterator[Message]:
        """The parts of a sentence on stock and service; the first names both columns."""
        both: dict[str, Value] = {"column": column, "first": self.columns[0]}
        if clauses:
            yield msg("{column} {differences} than {first}", differences=listed(clauses, " and "), **both)
        if alike and clauses:
            yield msg("in {measures} no difference is sure and large enough to matter", measures=listed(alike, " and "))
        elif alike:
            named = listed(alike, " and ")
            yield msg("{column} and {first} do not surely differ in {measures} by what matters", measures=named, **both)
        if equal and (clauses or alike):
            yield msg("in {measures} the two are equal", measures=listed(equal, " and "))
        elif equal:
            yield msg("{column} and {first} are equal in {measures}", measures=listed(equal, " and "), **both)

    def _parked(self, column: str) -> Iterator[Message]:
        """Wages that a column parks in stock beyond those of the first, where EBIT shows them and they matter."""
        with_them, without = (self._row(name) for name in ("ebit", "ebit_before_absorption"))
        if with_them is None or without is None:
            return
        one, other = (self.told[name][with_them] - self.told[name][without] for name in (column, self.columns[0]))
        gap = gap_of(self.rows[with_them][0], one, other)
        if not gap.is_told or abs(gap.mean) <= self.smallest[with_them]:
            return
        low, size, high = sorted(map(abs, (gap.low, gap.mean, gap.high)))
        slots: dict[str, Value] = {"money": number(size), "low": number(low), "high": number(high)}
        slots |= {"column": column, "currency": self.scenario.company.currency}
        yield msg(
            "EBIT of {column} holds {money} [{low}, {high}] {currency} a year more of wages parked in stock, which nobody earned"
            if gap.mean > 0
            else "EBIT of {column} is {money} [{low}, {high}] {currency} a year lower for wages released from stock, which nobody lost",
            **slots,
        )

    def _row(self, name: str) -> int | None:
        """The row of a measure, the first of its groups; none where it was not measured."""
        return next((k for k, (measure, _) in enumerate(self.rows) if measure.name == name), None)

    def record(self) -> dict[str, Any]:
        """Record the origin of these results: enough to make them again."""
        from importlib.metadata import version

        return {
            "scenario": self.scenario.name,
            "changes": dict(self.scenario.changes),
            "scenario_fingerprint": self.scenario.fingerprint,
            **({"scenarios": {name: s.fingerprint for name, s in self.others.items()}} if self.others else {}),
            **({"alternatives": self.alternatives} if self.alternatives else {}),
            "policies": [policy.model_dump(mode="json") for policy in self.policies],
            **({"at": {self.at.name: self.at.value}} if self.at else {}),
            **({"prices": {name: dict(one.prices) for name, one in self.tuned.items()}} if self.at else {}),
            "replications": self.replications,
            "seed": self.seed,
            "cautions": self.cautions,
            "experiment": self.scenario.experiment.model_dump(mode="json"),
            "versions": {
                "sop-sandbox": VERSION,
                "python": platform.python_version(),
                "numpy": np.__version__,
                "scipy": version("scipy"),
                "highspy": version("highspy"),
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


LONGEST_TOLD = 600
"""Months beyond which it does not matter how many they are."""


def _as_months(needed: int) -> Value:
    """Months of a pilot; no figure beyond what any company would wait for."""
    return number(needed) if needed <= LONGEST_TOLD else msg("more than {n}", n=LONGEST_TOLD)
