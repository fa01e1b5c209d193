"""One possible run day by day, beside the band of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine.play import play, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import Array
from simulator.planning import Policy
from simulator.results.reading import courses

if TYPE_CHECKING:
    import pandas as pd

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
        books = trimmed(play(scenario, policy, weather_for(scenario, seed, block), SCORED), len(block))
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
