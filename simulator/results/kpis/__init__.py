"""Measures: one function each, with unit, direction and definition, computed from the books. Begin with service.py.

Every ratio is a ratio of sums over the scored days. A function answers (groups, lanes), where the
groups are the whole company, its products, its families, its customer segments or its channels.
"""

from simulator.results.kpis import (
    cash,
    lost,
    market,
    meetings,
    money,
    people,
    planning,
    profit,
    quality,
    scorecard,
    service,
    smoothness,
    sources,
    stock,
    supply,
)
from simulator.results.kpis.registry import MEASURES, Measure
from simulator.results.kpis.smoothness import variance_ratio
from simulator.results.kpis.tables import (
    MAIN,
    Measured,
    can_be_told_by,
    in_company,
    known_grouping,
    measure_values,
    measured_by,
    measures_named,
    table,
    tidy,
    values,
)
from simulator.results.reading.score import GROUPINGS, Score

__all__ = [
    "GROUPINGS",
    "MAIN",
    "MEASURES",
    "Measure",
    "Measured",
    "Score",
    "can_be_told_by",
    "cash",
    "in_company",
    "known_grouping",
    "lost",
    "market",
    "measure_values",
    "measured_by",
    "measures_named",
    "meetings",
    "money",
    "people",
    "planning",
    "profit",
    "quality",
    "scorecard",
    "service",
    "smoothness",
    "sources",
    "stock",
    "supply",
    "table",
    "tidy",
    "values",
    "variance_ratio",
]  # fmt: skip
