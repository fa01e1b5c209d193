"""Known answers on quality that the engine must find: what yields cost in series, what repairs cost in hours, what does not keep."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from simulator.engine.scenario import load
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import Array
from simulator.results.kpis import Score
from simulator.results.run import simulate
from simulator.results.verify.case import KnownAnswer, simulation

HOPP = "Hopp & Spearman 2011, ch. 12"


def quality_answers() -> list[KnownAnswer]:
    """Yield losses in series, rework, and a newspaper."""
    starts, hours = 1 / (0.9 * 0.8 * 0.95), (1 + 0.2 * 0.5 * 0.6) / 0.9
    return [
        simulation("yields .9, .8, .95 in series: starts a unit", HOPP, f"{starts:.5f}", 0.002, lambda: _line()[0]),
        simulation("half of the bad repaired: hours a good unit", HOPP, f"{hours:.5f}", 0.002, lambda: _line()[1]),
        simulation(
            "one day's shelf life: cost", "Snyder & Shen 2019, ex. 4.3", "1.997605", 0.01 * 1.997605, _newspaper
        ),
    ]


@lru_cache(maxsize=1)
def _line() -> tuple[Array, Array]:
    """Starts and hours for a unit sold, of one run."""
    starts_and_hours = _sample("yield-losses", "base-stock", lambda s: np.stack([_starts(s), _hours(s)]))
    return starts_and_hours[0], starts_and_hours[1]


def _sample(scenario: str, policy: str, figure: Callable[[Score], Array]) -> Array:
    """One figure a replication, of a textbook company with its own months, replications and seed."""
    run = simulate(load(f"textbook/{scenario}"), policy)
    return np.concatenate([figure(Score(books)) for books in run.books(SCORED)], axis=-1)


def _starts(s: Score) -> Array:
    """Units that the first stage finished, good and bad, for a unit sold."""
    first = s.network.uncertain.tolist().index(s.network.names.index("stage-1"))
    return np.asarray(
        s.books.memos["finished"][s.first :, first].sum(axis=0) / s.shipped[s.network.names.index("stage-3")]
    )


def _hours(s: Score) -> Array:
    """Hours that the station worked, repairs included, for a unit sold."""
    return np.asarray(s.books.hours_used[s.first :, 0].sum(axis=0) / s.shipped[s.network.names.index("repaired")])


def _newspaper() -> Array:
    def cost(s: Score) -> Array:
        over, missing = s.flow("expired").sum(axis=(0, 1)), s.flow("lost").sum(axis=(0, 1, 2))
        return np.asarray((0.18 * over + 0.70 * missing) / s.span)

    return _sample("perishable", "newsvendor", cost)
