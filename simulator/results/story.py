"""A comparison with the months, days and groups behind it; parts that ran side by side are joined, kept and read again."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine.books import Books
from simulator.engine.play import play, replication_blocks, trimmed
from simulator.engine.scenario import Scenario
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import Array
from simulator.planning import Policy
from simulator.results.compare import OF_A_PART, Comparison, estimate, usual_measures
from simulator.results.equal_service import Tuned
from simulator.results.kpis import Measure, measures_named, tidy, values
from simulator.results.kpis.lost import LOST_MEASURES
from simulator.results.kpis.service import misses_target
from simulator.results.reading import courses
from simulator.results.reading.courses import BY_MONTH, company_by_month, mean_levels
from simulator.results.side_by_side import weather_and_paper
from simulator.results.under_contract import NEEDED

if TYPE_CHECKING:
    import pandas as pd


GROUPINGS = ("total", "family", "segment")
PRODUCTS = "product"
"""The grouping of which only few measures are kept, since there are many of them."""

LOST = "lost"
"""Where the measures of lost service by cause are kept, beside those of the groupings."""

DECIDED = "decided"
"""Where the measures are kept by which a decision under the contract is taken and explained."""

APART = {LOST: tuple(LOST_MEASURES.values()), DECIDED: NEEDED}
"""Measures that are kept beside the usual ones."""

KEPT_BY = (*GROUPINGS, PRODUCTS, *APART)
SERIES = BY_MONTH
"""What is followed month by month."""

FIGURES = ("mean", "low", "high", "p5", "p95")


def measures_in_total(scenario: Scenario) -> tuple[str, ...]:
    """Name the measures that a story keeps of the company as a whole."""
    return tuple(dict.fromkeys((*usual_measures(scenario), *(name for names in APART.values() for name in names))))


@dataclass
class Story:
    """Runs of several policies in the same weather: measures by grouping and policy, the company month by month."""

    scenario: Scenario
    policies: list[Policy]
    replications: list[int]
    seed: int
    found: dict[str, dict[str, Array]]  # by grouping, or lost service, and policy: (measures and groups, replications)
    rows: dict[str, list[tuple[Measure, str]]]  # by grouping, or lost service
    monthly: dict[str, Array]  # by policy: (series, figures, months)
    courses: dict[str, Array]  # by policy: stock and backlog of each month, (kinds, months, replications)
    samples: dict[str, Array] = field(
        default_factory=dict
    )  # by policy, until it is kept: (series, months, replications)
    situations: dict[str, Scenario] = field(default_factory=dict)  # by policy, where it is not the scenario itself
    tuned: dict[str, Tuned] = field(default_factory=dict)  # by policy, where all were brought to one target before

    def comparison(self, by: str = "total") -> Comparison:
        """Return the answer that `compare` would give."""
        return self._compared(by, by)

    def lost(self) -> Comparison:
        """Return the answer that `compare` would give to the measures of lost service by cause."""
        return self._compared(LOST, "total")

    def decided(self) -> Comparison:
        """Return the comparison by which a decision under the contract is taken and explained."""
        return self._compared(DECIDED, "total")

    def _compared(self, kept: str, by: str) -> Comparison:
        import pandas as pd

        rows, found = self.rows[kept], self.found[kept]
        name, numbers = self.scenario.case, self.replications
        table = pd.concat([tidy(name, p, numbers, rows, found[p], by) for p in found], ignore_index=True)
        result = Comparison(
            self.scenario, self.policies, numbers, self.seed, by, rows, found, table, courses=self.courses
        )
        if self.tuned:
            result.at = next(iter(self.tuned.values())).target
            result.tuned = {name: replace(one, reached=self._reached(one, name)) for name, one in self.tuned.items()}
        return result

    def _reached(self, one: Tuned, name: str) -> Array:
        """The target's measure of a policy on the luck that it was compared on."""
        row = next(k for k, (measure, _) in enumerate(self.rows["total"]) if measure.name == one.target.name)
        reached: Array = self.found["total"][name][row]
        return reached

    def months(self) -> pd.DataFrame:
        """A row a policy, series and month: mean with its 95 % interval, and what nine in ten runs keep within."""
        import pandas as pd

        days, warm_up = self.scenario.days, self.scenario.experiment.warm_up
        lines = [
            {"policy": policy, "series": series, "unit": unit, "month": days.month_name(m), "scored": m >= warm_up}
            | dict(zip(FIGURES, figures[k, :, m].tolist(), strict=True))
            for policy, figures in self.monthly.items()
            for k, (series, unit) in enumerate(SERIES.items())
            for m in range(days.months)
        ]
        return pd.DataFrame(lines)


def story(
    scenario: Scenario,
    policies: Sequence[Policy],
    replications: Sequence[int],
    seed: int,
    progress: Callable[[int, int], None] | None = None,
    situations: Mapping[str, Scenario] | None = None,
) -> Story:
    """Run every policy as `compare` does, in its situation where it has one, and keep more of what the books say."""
    parts, done = [], 0
    for block in replication_blocks(scenario, replications):
        met: Scenario | None = None
        for policy in policies:
            here = (situations or {}).get(policy.name, scenario)
            if here is not met:  # else it is the same luck
                met, (weather, shelf) = here, weather_and_paper(here, seed, block)
            books = trimmed(play(here, policy, weather, SCORED, shelf), len(block))
            parts.append(_read_off(scenario, books, seed))
            done += len(block)
            if progress:
                progress(done, len(policies) * len(replications))
    each = [with_further_runs(parts[k :: len(policies)]) for k in range(len(policies))]
    return joined_stories(each, policies)


def _read_off(scenario: Scenario, books: Books, seed: int) -> Story:
    """Keep what the books of one policy in one block say."""
    name, measures = books.policy.name, usual_measures(scenario)
    asked = {by: APART.get(by, OF_A_PART if by == PRODUCTS else measures) for by in KEPT_BY}
    told = {by: values(books, asked[by], "total" if by in APART else by) for by in KEPT_BY}
    rows, found = {by: rows for by, (rows, _) in told.items()}, {by: {name: own} for by, (_, own) in told.items()}
    followed, levels = company_by_month(books), mean_levels(books)
    monthly, elsewhere = {name: _figures(followed)}, {} if books.scenario is scenario else {name: books.scenario}
    return Story(
        scenario,
        [books.policy],
        books.replications,
        seed,
        found,
        rows,
        monthly,
        {name: levels},
        {name: followed},
        elsewhere,
    )


def with_further_runs(parts: Sequence[Story]) -> Story:
    """Join parts with the same policies, each with replications of its own, as if they had run together."""
    first, *others = parts
    if not others:
        return first

    def together(tables: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
        return {name: np.concatenate([table[name] for table in tables], axis=-1) for name in first.courses}

    samples = together([part.samples for part in parts])
    return replace(
        first,
        replications=[number for part in parts for number in part.replications],
        found={by: together([part.found[by] for part in parts]) for by in first.found},
        monthly={name: _figures(sample) for name, sample in samples.items()},
        courses=together([part.courses for part in parts]),
        samples=samples,
    )


def of_first_runs(told: Story, runs: int) -> Story:
    """A story of the first replications alone; what is told month by month stays that of all."""

    def cut(table: Mapping[str, Array]) -> dict[str, Array]:
        return {name: sample[..., :runs] for name, sample in table.items()}

    found = {by: cut(table) for by, table in told.found.items()}
    return replace(told, replications=told.replications[:runs], found=found, courses=cut(told.courses), samples={})


def _figures(sample: Array) -> Array:
    """Mean, interval and range over replications: (series, figures, months)."""
    found = [[estimate(month) for month in line] for line in sample]
    return np.array([[[getattr(each, name) for each in line] for name in FIGURES] for line in found])


def joined_stories(parts: Sequence[Story], order: Sequence[Policy]) -> Story:
    """Parts of one experiment, each with other policies, as if they had run together."""

    def together(tables: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
        every = {name: table for each in tables for name, table in each.items()}
        return {policy.name: every[policy.name] for policy in order}

    found = {by: together([part.found[by] for part in parts]) for by in KEPT_BY}
    months, courses = (together([getattr(part, name) for part in parts]) for name in ("monthly", "courses"))
    sampled = all(part.samples for part in parts)
    situations = {name: value for part in parts for name, value in part.situations.items()}
    tuned = {name: value for part in parts for name, value in part.tuned.items()}
    return replace(
        parts[0],
        policies=list(order),
        found=found,
        monthly=months,
        courses=courses,
        samples=together([part.samples for part in parts]) if sampled else {},
        situations=situations,
        tuned=tuned,
    )


def write_story(told: Story, file: Path) -> None:
    """Write a story whole or not at all."""
    content: dict[str, Array] = {f"monthly/{name}": figures for name, figures in told.monthly.items()}
    content |= {f"courses/{name}": levels for name, levels in told.courses.items()}
    names = {f"rows/{by}": np.array([(m.name, group) for m, group in rows]) for by, rows in told.rows.items()}
    content |= {f"{by}/{name}": sample for by, each in told.found.items() for name, sample in each.items()}
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as out:
        np.savez_compressed(out, replications=np.array(told.replications), **names, **content)  # type: ignore[arg-type]
    os.replace(part, file)


def read(scenario: Scenario, policies: Sequence[Policy], seed: int, file: Path) -> Story:
    """A story as it was kept."""
    with np.load(file, allow_pickle=False) as kept:
        found = {by: {p.name: kept[f"{by}/{p.name}"] for p in policies} for by in KEPT_BY}
        rows = {by: [(measures_named([str(m)])[0], str(g)) for m, g in kept[f"rows/{by}"]] for by in KEPT_BY}
        months, courses = ({p.name: kept[f"{what}/{p.name}"] for p in policies} for what in ("monthly", "courses"))
        return Story(scenario, list(policies), kept["replications"].tolist(), seed, found, rows, months, courses)


def with_target(comparison: Comparison, target: float) -> Comparison:
    """Hold a comparison's runs against another service target: only the risk of missing it changes."""
    experiment = comparison.scenario.experiment.model_copy(update={"service_target": target})
    scenario = replace(comparison.scenario, experiment=experiment)
    places = {(measure.name, group): k for k, (measure, group) in enumerate(comparison.rows)}
    found = {name: sample.copy() for name, sample in comparison.found.items()}
    for (name, group), row in places.items():
        rate = places.get(("fill_rate", group))
        if name == "contract_missed" and rate is not None:
            for sample in found.values():
                sample[row] = misses_target(sample[rate], target)
    return replace(comparison, scenario=scenario, found=found)


# --- day by day ---


FOLLOWED = 10
"""Replications whose every day is kept; the others only make the band."""


def by_day(
    scenario: Scenario,
    policy: Policy,
    replications: Sequence[int],
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """A row a day, family and series: what nine in ten runs keep within, the middle one, and the first runs each by itself."""
    import pandas as pd

    kept: dict[str, list[Array]] = {}
    done = 0
    for block in replication_blocks(scenario, replications):
        weather, shelf = weather_and_paper(scenario, seed, block)
        books = trimmed(play(scenario, policy, weather, SCORED, shelf), len(block))
        for name, amount in courses.families_by_day(books).items():
            kept.setdefault(name, []).append(amount)
        done += len(block)
        if progress:
            progress(done, len(replications))
    tables = [_table(scenario, name, np.concatenate(parts, axis=-1), replications) for name, parts in kept.items()]
    return pd.concat(tables, ignore_index=True)


def _table(scenario: Scenario, name: str, amount: Array, replications: Sequence[int]) -> pd.DataFrame:
    import pandas as pd

    days = [scenario.days.date(day).isoformat() for day in range(len(amount))]
    low, middle, high = np.quantile(amount, [0.05, 0.5, 0.95], axis=-1)
    tables = []
    for k, family in enumerate([*scenario.network.families, "total"]):
        single = {f"run {replications[r]}": amount[:, k, r] for r in range(min(FOLLOWED, amount.shape[-1]))}
        head = {"series": name, "family": family, "day": days}
        tables.append(pd.DataFrame({**head, "p5": low[:, k], "p50": middle[:, k], "p95": high[:, k], **single}))
    return pd.concat(tables, ignore_index=True)
