"""The tables of a study's views: what matters, what is best, how sure. The command line prints them, pages show them."""

from simulator.studies.analysis.best import BestSetting, best_setting, comparisons, frontier, precision
from simulator.studies.analysis.matters import effects, heat, sobol, tornado
from simulator.studies.analysis.overview import convergence, parallel
from simulator.studies.analysis.sample import CALM_MEASURE, SERVICE_MEASURE, STOCK_MEASURE

__all__ = [
    "CALM_MEASURE", "SERVICE_MEASURE", "STOCK_MEASURE", "BestSetting", "best_setting", "comparisons", "convergence", "effects",
    "frontier", "heat", "parallel", "precision", "sobol", "tornado",
]  # fmt: skip
