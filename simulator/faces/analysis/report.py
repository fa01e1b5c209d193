"""Every view of a study's results as a tidy table: what the command line prints and the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.faces.analysis import matters
from simulator.faces.analysis.best import CALM, SERVICE, STOCK, Winner, comparisons, frontier, precision, winner
from simulator.faces.analysis.overview import convergence, parallel
from simulator.faces.analysis.sample import sample

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.results import Results


def effects(results: Results, measure: str, policy: str | None = None) -> pd.DataFrame:
    """Main effects and interactions."""
    return matters.effects(sample(results, measure, policy))


def tornado(results: Results, measure: str, policy: str | None = None) -> pd.DataFrame:
    """Work out the change of a measure between the ends of each factor."""
    return matters.tornado(sample(results, measure, policy))


def sobol(results: Results, measure: str, policy: str | None = None) -> pd.DataFrame:
    """Shares of the variance."""
    return matters.sobol(sample(results, measure, policy))


def heat(results: Results, measure: str, across: str, up: str, policy: str | None = None) -> pd.DataFrame:
    """Means over two factors."""
    return matters.heat(sample(results, measure, policy), across, up)


__all__ = [
    "CALM", "SERVICE", "STOCK", "Winner", "comparisons", "convergence", "effects", "frontier", "heat", "parallel", "precision",
    "sobol", "tornado", "winner",
]  # fmt: skip
