"""The months from today under each policy: how the company fares, which product runs out, when, and how likely."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simulator.engine.expected import expected_units
from simulator.engine.play import play, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario, load
from simulator.kernel.lanes import new_shortage
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.messages import Message, msg, number
from simulator.kernel.units import DAYS_A_YEAR, Array, Whole
from simulator.planning import Policy
from simulator.results.estimates import Estimate, level_of
from simulator.results.kpis import MEASURES, measure_values
from simulator.results.run import replication_numbers
from simulator.theory.statistics import share_ends

MONTHS_AHEAD = 6
"""Months that are looked at unless others are asked for."""

FARES = ("fill_rate", "otif", "backlog_value", "all_stock_value", "lowest_cash", "ebit_before_absorption")
"""What is told of each policy."""

EARNED = "ebit_before_absorption"
"""Told of these months, and not by the year: half a year with a season of its own is no year."""

SOMEBODY_WAITS = 0.5
"""Units that are not served on their day from which on a product has run out."""

EARLY, LIKELY = 0.1, 0.5


@dataclass(frozen=True)
class RunOut:
    """For each policy the first day on which each product does not serve a customer, and what the company comes to."""

    scenario: Scenario
    policies: tuple[Policy, ...]
    replications: list[int]
    seed: int
    first: Mapping[str, Whole]  # by policy, (products, lanes): the day, the number of days where it never happens
    fares: Mapping[str, Mapping[str, Estimate]]  # by policy and measure

    def chance(self, policy: str, months: int | None = None) -> Array:
        """Share of the runs in which each product runs out within so many months, (products,)."""
        days = self.scenario.days
        return np.asarray((self.first[policy] < days.month_start[months or days.months]).mean(axis=1))

    def ends(self, policy: str, product: int) -> tuple[float, float]:
        """Ends of the interval of that chance over all months, 95 %."""
        out = self.first[policy][product] < self.scenario.days.count
        return share_ends(int(out.sum()), len(out))

    def day(self, policy: str, product: int, share: float) -> dt.date | None:
        """The date by which a product has run out in so many of the runs; none where it has not by the end."""
        first = np.sort(self.first[policy][product])
        day = int(first[int(np.ceil(share * len(first))) - 1])
        return self.scenario.days.date(day) if day < self.scenario.days.count else None

    @cached_property
    def a_day(self) -> Array:
        """Units of each product that are expected to be asked for on a working day of the run, (products,)."""
        days = self.scenario.days
        return np.asarray(expected_units(self.scenario).sum(axis=0) / max(float(days.working.sum()), 1.0))

    def fares_table(self) -> pd.DataFrame:
        """A row for each policy and measure: mean and interval."""
        rows = [
            {"policy": policy, "measure": measure, "mean": each.mean, "low": each.low, "high": each.high}
            for policy, row in self.fares.items()
            for measure, each in row.items()
        ]
        return pd.DataFrame(rows)

    def table(self) -> pd.DataFrame:
        """A row for each policy and product: position today, chance to run out, and when; the likeliest of each policy first."""
        rows = [row for policy in self.policies for row in self._rows(policy.name)]
        found = pd.DataFrame(rows)
        found["order"] = found["policy"].map({policy.name: k for k, policy in enumerate(self.policies)})
        found = found.sort_values(["order", "chance", "value"], ascending=[True, False, False], kind="stable")
        return found.drop(columns=["order", "value"]).reset_index(drop=True)

    def _rows(self, policy: str) -> list[dict[str, Any]]:
        company, n = self.scenario.company, self.scenario.network
        within, soon = self.chance(policy), self.chance(policy, 1)
        coming: dict[str, float] = defaultdict(float)
        owed: dict[str, float] = defaultdict(float)
        for purchase in company.open_purchases:
            coming[purchase.item] += purchase.quantity
        for order in company.open_orders:
            owed[order.product] += order.quantity
        rows = []
        for k, (name, product) in enumerate(company.products.items()):
            low, high = self.ends(policy, k)
            a_day, stock = float(self.a_day[k]), product.opening_stock
            rows.append(
                {
                    "policy": policy,
                    "product": name,
                    "family": product.family,
                    "on_hand": np.nan if stock is None else stock,
                    "on_its_way": np.nan if stock is None else coming[name],
                    "owed": owed[name],
                    "a_day": a_day,
                    "cover_days": np.nan if stock is None or a_day <= 0 else stock / a_day,
                    "chance": float(within[k]),
                    "chance_low": low,
                    "chance_high": high,
                    "chance_in_first_month": float(soon[k]),
                    "early": self.day(policy, k, EARLY),
                    "likely": self.day(policy, k, LIKELY),
                    "value": a_day * float(n.unit_cost[n.sold][k, 0]),
                }
            )
        return rows


def from_today(scenario: Scenario, months: int = MONTHS_AHEAD) -> Scenario:
    """The company from its first day on for so many months, all of them scored."""
    experiment = scenario.experiment.model_copy(update={"months": months, "warm_up": 0})
    words = {**scenario.words, "experiment": {**scenario.words.get("experiment", {}), "months": months, "warm_up": 0}}
    return replace(scenario, experiment=experiment, words=words)


def run_out(
    scenario: Scenario | str | Path | Mapping[str, Any],
    policies: Sequence[str | Path | Policy | Mapping[str, Any]],
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RunOut:
    """Play each policy from the first day, and note when each product first leaves a customer unserved."""
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    chosen = tuple(scenario.policy(policy) for policy in policies)
    numbers = replication_numbers(replications, scenario.experiment.replications)
    seed = scenario.experiment.seed if seed is None else seed
    first: dict[str, list[Whole]] = {policy.name: [] for policy in chosen}
    values: dict[str, list[list[Array]]] = {policy.name: [] for policy in chosen}
    shelf: Shelf = {}
    done, stretch = 0, (scenario.experiment.warm_up, scenario.days.months)
    for block in replication_blocks(scenario, numbers):
        weather = weather_for(scenario, seed, block)
        for policy in chosen:
            books = trimmed(play(scenario, policy, weather, SCORED, shelf), len(block))
            short = new_shortage(books.flows["due"], books.closing["backlog"], books.flows["lost"]).sum(axis=1)
            first[policy.name].append(first_day(short > SOMEBODY_WAITS))
            values[policy.name].append(
                [measure_values(books, name, stretch)[0, : len(block)] * share_of(name, scenario) for name in FARES]
            )
            done += len(block)
            if progress:
                progress(done, len(chosen) * len(numbers))
    fares = {
        name: {
            measure: level_of(MEASURES[measure], np.concatenate(each))
            for measure, each in zip(FARES, zip(*parts, strict=True), strict=True)
        }
        for name, parts in values.items()
    }
    together = {name: np.concatenate(parts, axis=1) for name, parts in first.items()}
    return RunOut(scenario, chosen, numbers, seed, together, fares)


def share_of(name: str, scenario: Scenario) -> float:
    """Return the share of a year that a figure by the year is multiplied by, to be that of these months."""
    start = scenario.days.month_start
    days = float(start[scenario.days.months] - start[scenario.experiment.warm_up])
    return days / DAYS_A_YEAR if name == EARNED else 1.0


def fare_title(name: str, months: int) -> Message:
    """The name of what is told of each policy."""
    title = msg(MEASURES[name].title)
    return msg("{measure} of these {n} months", measure=title, n=number(months)) if name == EARNED else title


def fare_unit(name: str) -> str:
    """The unit of what is told of each policy."""
    return "money" if name == EARNED else MEASURES[name].unit


def first_day(happens: Array) -> Whole:
    """The first day on which something happens, (days, ...) -> (...); the number of days where it never does."""
    return np.where(happens.any(axis=0), happens.argmax(axis=0), len(happens))
