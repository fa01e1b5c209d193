"""Exchange curve of a policy: service, stock and money over its buffer, all settings on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine.scenario import Scenario
from simulator.kernel.guard import may_start_workers
from simulator.kernel.messages import Message, Value, msg, percent, rounded
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

TIMES_PRESENT = (0.0, 0.5, 1.0, 1.5, 2.0, 2.75)
"""Settings of a curve that names none, as multiples of the present amount."""


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


def curves(
    scenario: Scenario,
    policies: Sequence[str | Path | Policy | Mapping[str, Any]],
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Exchange curves of several policies on the same luck, one below the other; a policy without a buffer has none."""
    import pandas as pd

    chosen = [policy for policy in map(scenario.policy, policies) if policy.buffer().amount or policy.buffer().most]
    tables = []
    for k, policy in enumerate(chosen):

        def tell(done: int, total: int, before: int = k) -> None:
            if progress:
                progress(before * total + done, len(chosen) * total)

        tables.append(exchange(scenario, policy, None, replications, seed, workers=workers, progress=tell))
    return pd.concat(tables, ignore_index=True)


def price_of_service(curve: pd.DataFrame, policy: Policy, currency: str) -> Message | None:
    """Say what a point of fill rate costs between the present amount of the buffer and the next one of the curve.

    Nothing where the curve is not of fill rate, stock and profit, or the fill rate does not rise there.
    """
    if not {"fill_rate", "all_stock_value", "ebit_before_absorption"} <= set(curve.columns):
        return None
    rows = curve[curve["policy"] == policy.name].sort_values("amount").to_dict("records")
    now = policy.buffer().amount
    below = max((k for k, row in enumerate(rows[:-1]) if row["amount"] <= now + 1e-9), default=0)
    here, there = rows[below], rows[below + 1]
    points = 100 * (there["fill_rate"] - here["fill_rate"])
    if points <= MEANT_POINTS:
        return None
    stock, profit = ((there[name] - here[name]) / points for name in ("all_stock_value", "ebit_before_absorption"))
    told: dict[str, Value] = {
        "policy": policy.name,
        "entry": here["entry"],
        "low": f"{here['setting']:.3g}",
        "high": f"{there['setting']:.3g}",
        "from": percent(here["fill_rate"], 1),
        "to": percent(there["fill_rate"], 1),
        "stock": rounded(stock),
        "profit": rounded(profit),
        "currency": currency,
    }
    return msg(
        "{policy}: from {entry} {low} to {high} the fill rate rises from {from} to {to}; each point of it takes {stock} {currency} "
        "of stock and brings {profit} {currency} a year before absorption",
        **told,
    )


MEANT_POINTS = 0.05
"""Points of fill rate below which a rise is none."""


def usual_settings(policy: Policy) -> list[float]:
    """Return amounts of a policy's buffer that show its curve: none, the present one, and parts and multiples of it."""
    buffer = policy.buffer()
    if not buffer.amount:
        return [float(amount) for amount in np.linspace(0.0, buffer.most / 2, len(TIMES_PRESENT))]
    return sorted({min(times * buffer.amount, buffer.most) for times in TIMES_PRESENT})
