"""Known answers of experiments: what a fixed budget is spent on, what factors do, and how much variance each explains."""

from __future__ import annotations

from itertools import product

import numpy as np

from simulator.kernel.units import Array
from simulator.results.verify.case import KnownAnswer, formula
from simulator.theory.selection import budget_shares, next_runs
from simulator.theory.sensitivity import factor_effects, radial_points, term_columns, variance_shares

CHEN = "Chen & Lee 2011"
BOX = "Box, Hunter & Hunter 2005, ch. 5"
ISHIGAMI = "Ishigami & Homma 1990"
FIRST_SHARES, TOTAL_SHARES = ".3139 .4424 0", ".5576 .4424 .2437"


def experiment_answers() -> list[KnownAnswer]:
    """Ranking and selection, a factorial, Sobol indices."""
    return [
        formula("fixed budget of 50 over five ways", f"{CHEN}, p. 49", "11 9 19 9 2", budget_shares, _shares),
        formula("fixed budget, the next 100 runs", f"{CHEN}, appendix", "48 38 11 2 1", next_runs, _next),
        formula("pilot plant 2^3: T, C, K, TC, TK, CK", BOX, "23 -5 1.5 1.5 10 0", factor_effects, _pilot_plant),
        formula(
            "Ishigami function: Sobol indices alone",
            ISHIGAMI,
            FIRST_SHARES,
            variance_shares,
            lambda: _ishigami()[0],
            0.01,
        ),
        formula(
            "Ishigami function: with interactions",
            ISHIGAMI,
            TOTAL_SHARES,
            variance_shares,
            lambda: _ishigami()[1],
            0.01,
        ),
    ]


def _shares() -> Array:
    """Small is good in the book, more is better here."""
    return np.asarray(np.rint(50 * budget_shares([-1, -2, -3, -4, -5], [1, 1, 9, 9, 4])))


def _next() -> Array:
    means, variances = [-1.2, -2.1, -3.4, -4.87, -6.05], [3.3, 2.0, 4.5, 5.3, 6.9]
    return next_runs(means, variances, [12, 6, 5, 5, 4], 100).astype(np.float64)


def _pilot_plant() -> Array:
    corners = np.array(list(product([-1.0, 1.0], repeat=3)))[:, ::-1]  # temperature changes fastest
    yields = np.array([60, 72, 54, 68, 52, 83, 45, 80.0])
    return factor_effects(*term_columns(corners, "TCK"), yields[:, None]).effect


def _ishigami() -> tuple[Array, Array]:
    x = np.pi * (2.0 * radial_points(1 << 14, 3) - 1.0)
    y = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = variance_shares(y, 3, resamples=2)
    return found.first, found.total
