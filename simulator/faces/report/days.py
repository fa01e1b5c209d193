"""One possible run day by day, beside the band of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine.books import Books
from simulator.engine.scenario import Scenario
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import Array
from simulator.planning import Policy
from simulator.results.run import blocks, play, trimmed, weather_for

if TYPE_CHECKING:
    import pandas as pd

FOLLOWED = 10
"""Replications whose every day is kept; the others only make the band."""


def series(books: Books) -> dict[str, Array]:
    """Demand, production, shipments, stock and backlog of each family: (days, families and total, lanes)."""
    n = books.scenario.network
    made = np.isin(np.arange(len(n.products)), n.made)[:, None]
    by_product = {
        "demand": books.flows["due"].sum(axis=1),
        "production": books.flows["released"][:, n.sold] * made,
        "shipped": books.flows["shipped"][:, n.sold],
        "stock": books.closing["on_hand"][:, n.sold],
        "backlog": books.closing["backlog"].sum(axis=1),
    }
    return {name: _by_family(amount, n.family_of, len(n.families)) for name, amount in by_product.items()}


def _by_family(amount: Array, family_of: Array | np.ndarray[tuple[int], np.dtype[np.int64]], count: int) -> Array:
    """Products summed into families, their total last."""
    parts = [amount[:, family_of == k].sum(axis=1) for k in range(count)]
    return np.stack([*parts, np.sum(parts, axis=0)], axis=1)


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
    for block in blocks(scenario, replications):
        books = trimmed(play(scenario, policy, weather_for(scenario, seed, block), SCORED), len(block))
        for name, amount in series(books).items():
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
