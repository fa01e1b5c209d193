"""Known answers of customers who react and of deals in stages: a fixed point, a product of chances, and Little's law."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from simulator.engine.scenario import load
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import Array
from simulator.results.kpis import Score, market
from simulator.results.run import simulate
from simulator.results.verify.case import KnownAnswer, simulation

LITTLE = "Little 1961"
PIPELINE_STAGES = ("lead", "offer", "closing")


@lru_cache(maxsize=8)
def market_figures(scenario: str, policy: str) -> dict[str, Array]:
    """Simulate a textbook company with its own months, replications and seed: one value a replication and figure."""
    parts = [_figures(Score(books)) for books in simulate(load(f"textbook/{scenario}"), policy).books(SCORED)]
    return {key: np.concatenate([part[key] for part in parts], axis=-1) for key in parts[0]}


def _figures(s: Score) -> dict[str, Array]:
    found = {"loyalty": market.loyalty(s)[0], "won": market.win_rate(s)[0], "stated": market.stated_chance(s)[0]}
    in_sight = s.books.plans.tables.get("in sight by stage")
    if in_sight is not None:
        by_stage = in_sight[s.first_month :].sum(axis=2).mean(axis=0)
        found |= dict(zip(PIPELINE_STAGES, by_stage, strict=True))
    return found


def market_answers() -> list[KnownAnswer]:
    """Loyalty that settles where service and demand agree; deals won, and units in sight by stage."""

    def of(scenario: str, policy: str, figure: str) -> Callable[[], Array]:
        return lambda: market_figures(scenario, policy)[figure]

    product = "product of the chances of passing"
    by_stage = zip(PIPELINE_STAGES, ("533.333", "653.333", "224.000"), strict=True)
    return [
        simulation("loyalty where demand and service agree", "fixed point", ".930074", 0.0005, of("loyalty", "base-stock", "loyalty")),
        simulation("deals in three stages: won", product, ".336", 0.01 * 0.336, of("pipeline", "chase", "won")),
        simulation("deals stated as they are: stated", product, ".336", 0.01 * 0.336, of("pipeline", "chase", "stated")),
        *(
            simulation(f"deals in three stages: units in stage {name}", LITTLE, text, 0.01 * float(text), of("pipeline", "chase", name))
            for name, text in by_stage
        ),
    ]  # fmt: skip
