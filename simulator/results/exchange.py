"""Exchange curve of a policy: service, stock and money over its buffer, all settings on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine.scenario import Scenario
from simulator.kernel.guard import may_start_workers
from simulator.kernel.workers import crew
from simulator.planning import Policy
from simulator.results.estimates import level_of
from simulator.results.kpis import measures_named
from simulator.results.run import replication_numbers
from simulator.results.side_by_side import scored

if TYPE_CHECKING:
    import pandas as pd

EXCHANGED = (
    "fill_rate", "otif", "contract_missed", "all_stock_value", "stock_value", "lowest_cash", "ebit", "ebit_before_absorption",
)  # fmt: skip
"""Measures of an exchange curve that names none."""

CURVE_POINTS, ABOUT = 7, 2.5
"""Settings of a curve that names none: evenly from none to so many times the present amount."""


def exchange(
    scenario: Scenario,
    policy: str | Path | Policy | Mapping[str, Any],
    settings: Sequence[float] | None = None,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    measures: Sequence[str] = EXCHANGED,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Run a policy under several amounts of its buffer: a row a setting, each measure with its 95 % interval.

    `setting` is the entry as a policy file writes it, `amount` the same on the buffer's scale.
    """
    import pandas as pd

    may_start_workers("exchange", workers)
    chosen = scenario.policy(policy)
    buffer, asked = chosen.buffer(), measures_named(list(measures))
    amounts = list(settings) if settings is not None else usual_settings(chosen)
    numbers = replication_numbers(replications, scenario.experiment.replications)
    with crew(workers) as hands:
        found = scored(
            scenario,
            [chosen.with_buffer(amount) for amount in amounts],
            numbers,
            scenario.experiment.seed if seed is None else seed,
            [measure.name for measure in asked],
            hands,
            progress,
        )
    rows = []
    for amount, table in zip(amounts, found, strict=True):
        row: dict[str, Any] = {
            "policy": chosen.name,
            "entry": buffer.entry,
            "amount": amount,
            "setting": buffer.shown(amount),
        }
        for measure, sample in zip(asked, table, strict=True):
            own = level_of(measure, sample)
            row |= {measure.name: own.mean, f"{measure.name}_low": own.low, f"{measure.name}_high": own.high}
        rows.append(row)
    return pd.DataFrame(rows)


def usual_settings(policy: Policy) -> list[float]:
    """Return amounts of a policy's buffer that show its curve: from none to beyond the present one."""
    buffer = policy.buffer()
    last = min(ABOUT * buffer.amount, buffer.most) if buffer.amount else buffer.most / 2
    return [float(amount) for amount in np.linspace(0.0, last, CURVE_POINTS)]
