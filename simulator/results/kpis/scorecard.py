"""The scorecard: how well each department did, and all of them together, in points from 0 to 100."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

from simulator.kernel.units import Array
from simulator.results.kpis.registry import MEASURES, measure
from simulator.results.reading.score import Score

FILE = Path(__file__).with_name("scorecard.toml")


@cache
def indicators() -> dict[str, dict[str, dict[str, float]]]:
    """Read the measures of each department: weight, and the poor and the good figure."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@measure("Scorecard", "points", "higher", "company")
def scorecard(s: Score) -> Array:
    """Points of all departments from 0 to 100, weighted as the scenario's scorecard says; what cannot be measured does not count."""
    weights = s.books.scenario.company.scorecard.model_dump()
    return weighted((department_points(s, department), weight) for department, weight in weights.items())


@measure("Scorecard of sales", "points", "higher", "company")
def score_sales(s: Score) -> Array:
    """Points for forecast error, bias either way and lost sales: 0 at poor, 100 at good."""
    return department_points(s, "sales")


@measure("Scorecard of customer service", "points", "higher", "company")
def score_service(s: Score) -> Array:
    """Points for fill rate, lines on time in full and days of backlog: 0 at poor, 100 at good."""
    return department_points(s, "customer_service")


@measure("Scorecard of production", "points", "higher", "company")
def score_production(s: Score) -> Array:
    """Points for plan attainment, production change, overtime and nervousness: 0 at poor, 100 at good."""
    return department_points(s, "production")


@measure("Scorecard of purchasing and stock", "points", "higher", "company")
def score_purchasing(s: Score) -> Array:
    """Points for turns, purchase swing and excess stock: 0 at poor, 100 at good."""
    return department_points(s, "purchasing_and_stock")


@measure("Scorecard of finance", "points", "higher", "company")
def score_finance(s: Score) -> Array:
    """Points for EBIT over net sales, return on capital employed and cash to cash: 0 at poor, 100 at good."""
    return department_points(s, "finance")


def department_points(s: Score, department: str) -> Array:
    """Points of one department, (1, lanes)."""
    return weighted((points_for(s, name, scale), scale["weight"]) for name, scale in indicators()[department].items())


def points_for(s: Score, name: str, scale: dict[str, float]) -> Array:
    """Points for one measure, from 0 at its poor figure to 100 at its good one."""
    found = MEASURES[name].function(s)
    if MEASURES[name].better == "":  # neither way is good, as with a bias
        found = np.abs(found)
    return np.asarray(100 * np.clip((found - scale["poor"]) / (scale["good"] - scale["poor"]), 0.0, 1.0))


def weighted(parts: Iterable[tuple[Array, float]]) -> Array:
    """The weighted mean of what could be measured, of figures with their weights."""
    figures, weights = zip(*parts, strict=True)
    table = np.stack(figures)
    weight = np.array(weights)[:, None, None] * ~np.isnan(table)
    known = weight.sum(axis=0)
    return np.where(known > 0, np.nansum(table * weight, axis=0) / np.where(known > 0, known, 1.0), np.nan)
