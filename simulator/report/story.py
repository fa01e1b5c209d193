"""A comparison with the months behind it, in total and by family and segment; parts that ran side by side are joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.books import Books
from simulator.compare import Comparison, estimate
from simulator.ledger import SCORED, Shelf
from simulator.measures import named, tidy, values
from simulator.policies import Policy
from simulator.run import blocks, play, trimmed, weather_for
from simulator.scenario import Scenario
from simulator.units import Array

if TYPE_CHECKING:
    import pandas as pd

GROUPED = ("family", "segment", "product")
"""Groupings that a story holds beside the total."""


@dataclass
class Story:
    """What several policies did in the same weather: in total, by group, and month by month."""

    total: Comparison
    groups: dict[str, Comparison]
    months: pd.DataFrame  # policy, month, series, unit, mean, low, high, p5, p95


def story(
    scenario: Scenario,
    policies: Sequence[Policy],
    replications: Sequence[int],
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> Story:
    """Run every policy as `compare` does, and keep more of what the books say."""
    kept: dict[str, list[_Kept]] = {policy.name: [] for policy in policies}
    done, shelf = 0, Shelf()
    for block in blocks(scenario, replications):
        weather = weather_for(scenario, seed, block)
        for policy in policies:
            kept[policy.name].append(_kept(trimmed(play(scenario, policy, weather, SCORED, shelf), len(block))))
            done += len(block)
            if progress:
                progress(done, len(policies) * len(replications))
    return _told(scenario, policies, replications, seed, kept)


@dataclass
class _Kept:
    """What is kept of one policy in one block."""

    measured: dict[str, tuple[list, Array]]  # type: ignore[type-arg]  # by grouping, as `values` answers
    monthly: dict[str, Array]  # (months, lanes)


def _kept(books: Books) -> _Kept:
    measured = {by: values(books, None, by) for by in ("total", *GROUPED)}
    return _Kept(measured, monthly(books))


def monthly(books: Books) -> dict[str, Array]:
    """Goods and money of the whole company by month: (months, lanes)."""
    n, days = books.scenario.network, books.scenario.days
    starts, ends = days.month_start[:-1], days.month_start[1:] - 1

    def in_month(flow: Array) -> Array:
        return np.add.reduceat(flow, starts, axis=0)

    made = np.intersect1d(np.arange(len(n.products)), n.made)
    return {
        "demand": in_month(books.flows["due"].sum(axis=(1, 2))),
        "shipped": in_month(books.flows["shipped"][:, n.sold].sum(axis=1)),
        "production": in_month(books.flows["released"][:, made].sum(axis=1)),
        "stock": (books.closing["on_hand"][ends][:, n.sold] * n.unit_cost[n.sold]).sum(axis=1),
        "backlog": (books.closing["backlog"][ends].sum(axis=1) * n.price).sum(axis=1),
    }


UNITS = {"demand": "units", "shipped": "units", "production": "units", "stock": "money", "backlog": "money"}


def _told(
    scenario: Scenario,
    policies: Sequence[Policy],
    replications: Sequence[int],
    seed: int,
    kept: dict[str, list[_Kept]],
) -> Story:
    """The blocks of each policy put together."""
    import pandas as pd

    compared = {}
    for by in ("total", *GROUPED):
        rows = next(iter(kept.values()))[0].measured[by][0]
        found = {name: np.concatenate([part.measured[by][1] for part in parts], axis=1) for name, parts in kept.items()}
        table = pd.concat(
            [tidy(scenario.name, name, replications, rows, found[name], by) for name in found], ignore_index=True
        )
        compared[by] = Comparison(scenario, list(policies), list(replications), seed, by, rows, found, table)
    lines = [line for name, parts in kept.items() for line in _lines(scenario, name, parts)]
    return Story(compared.pop("total"), compared, pd.DataFrame(lines))


def _lines(scenario: Scenario, policy: str, parts: list[_Kept]) -> list[dict[str, object]]:
    """The months of one policy, a line for each series and month."""
    lines: list[dict[str, object]] = []
    for series, unit in UNITS.items():
        together = np.concatenate([part.monthly[series] for part in parts], axis=1)
        for month, sample in enumerate(together):
            found = estimate(sample)
            named_month = scenario.days.month_name(month)
            low, high = (found.mean, found.mean) if not np.isfinite(found.half) else (found.low, found.high)
            lines.append(
                {
                    "policy": policy,
                    "month": named_month,
                    "scored": month >= scenario.experiment.warm_up,
                    "series": series,
                    "unit": unit,
                    "mean": found.mean,
                    "low": low,
                    "high": high,
                    "p5": found.p5,
                    "p95": found.p95,
                }
            )
    return lines


def joined(parts: Sequence[Story], order: Sequence[Policy]) -> Story:
    """Parts of one experiment, each with other policies, as if they had run together."""
    import pandas as pd

    def together(comparisons: Sequence[Comparison]) -> Comparison:
        found = {name: sample for each in comparisons for name, sample in each.found.items()}
        tables = {str(each.table["policy"].iloc[0]): each.table for each in comparisons if len(each.found) == 1}
        tables |= {
            str(name): part
            for each in comparisons
            if len(each.found) > 1
            for name, part in each.table.groupby("policy", sort=False)
        }
        table = pd.concat([tables[policy.name] for policy in order], ignore_index=True)
        return replace(
            comparisons[0],
            policies=list(order),
            found={policy.name: found[policy.name] for policy in order},
            table=table,
        )

    groups = {by: together([part.groups[by] for part in parts]) for by in GROUPED}
    months = pd.concat([part.months for part in parts], ignore_index=True)
    ranked = {policy.name: k for k, policy in enumerate(order)}
    months = months.sort_values("policy", key=lambda names: names.map(ranked), kind="stable", ignore_index=True)
    return Story(together([part.total for part in parts]), groups, months)


def with_target(comparison: Comparison, target: float) -> Comparison:
    """The same runs held against another service target: only the risk of missing it changes."""
    experiment = comparison.scenario.experiment.model_copy(update={"service_target": target})
    scenario = replace(comparison.scenario, experiment=experiment)
    places = {(measure.name, group): k for k, (measure, group) in enumerate(comparison.rows)}
    found = {name: sample.copy() for name, sample in comparison.found.items()}
    for (name, group), row in places.items():
        rate = places.get(("fill_rate", group))
        if name == "contract_missed" and rate is not None:
            for sample in found.values():
                missed = (sample[rate] < target).astype(np.float64)
                sample[row] = np.where(np.isnan(sample[rate]), np.nan, missed)
    return replace(comparison, scenario=scenario, found=found)


def rebuilt(scenario: Scenario, policies: Sequence[Policy], seed: int, by: str, table: pd.DataFrame) -> Comparison:
    """A comparison from its tidy table, as it was kept in a file."""
    first = table[table["policy"] == policies[0].name]
    numbers = [int(number) for number in first["replication"].drop_duplicates()]
    groups = first[by] if by != "total" else ["total"] * len(first)
    pairs = list(dict.fromkeys(zip(first["measure"], groups, strict=True)))
    rows = [(named([name])[0], str(group)) for name, group in pairs]
    found = {
        policy.name: table.loc[table["policy"] == policy.name, "value"].to_numpy(float).reshape(len(rows), len(numbers))
        for policy in policies
    }
    return Comparison(scenario, list(policies), numbers, seed, by, rows, found, table)
