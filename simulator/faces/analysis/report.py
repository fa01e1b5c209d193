"""Every view of a study's results as a tidy table: what the command line prints and the page shows."""

from simulator.faces.analysis.best import BestSetting, best_setting, comparisons, frontier, precision
from simulator.faces.analysis.matters import effects, heat, sobol, tornado
from simulator.faces.analysis.overview import convergence, parallel
from simulator.faces.charts.policies import CALM_MEASURE, SERVICE_MEASURE, STOCK_MEASURE

__all__ = [
    "CALM_MEASURE", "SERVICE_MEASURE", "STOCK_MEASURE", "BestSetting", "best_setting", "comparisons", "convergence", "effects",
    "frontier", "heat", "parallel", "precision", "sobol", "tornado",
]  # fmt: skip
