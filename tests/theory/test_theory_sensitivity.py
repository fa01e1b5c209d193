"""What matters: analytic indices, a textbook factorial, and what a design cannot tell apart."""

import numpy as np
import pytest
from scipy.stats import sobol_indices

from simulator.theory.sensitivity import factor_effects, radial_points, term_columns, variance_shares


def ishigami(unit, a=7.0, b=0.1):
    """sin x1 + a sin^2 x2 + b x3^4 sin x1 on (-pi, pi) (Ishigami & Homma 1990)."""
    x = np.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_indices_of_ishigami():
    """S = .3139 .4424 0, ST = .5576 .4424 .2437, inside their intervals."""
    found = variance_shares(ishigami(radial_points(4096, 3, seed=3)), 3)
    first, total = np.array([0.3139, 0.4424, 0.0]), np.array([0.5576, 0.4424, 0.2437])
    np.testing.assert_allclose(found.first, first, atol=0.02)
    np.testing.assert_allclose(found.total, total, atol=0.02)
    assert (found.first_low - 0.01 <= first).all()
    assert (first <= found.first_high + 0.01).all()
    assert (found.total_low <= total).all()
    assert (total <= found.total_high).all()


def test_indices_of_the_g_function():
    """V_i = 1 / (3 (1 + a_i)^2), total variance prod(1 + V_i) - 1 (Sobol 1993)."""
    a = np.array([0.0, 1.0, 4.5, 9.0])
    points = radial_points(4096, 4, seed=1)
    found = variance_shares(np.prod((np.abs(4 * points - 2) + a) / (1 + a), axis=1), 4)
    part = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + part) - 1
    np.testing.assert_allclose(found.first, part / whole, atol=0.02)
    np.testing.assert_allclose(found.total, part * (whole + 1) / (1 + part) / whole, atol=0.02)


def test_the_estimators_are_those_of_scipy():
    """Same samples, same figures."""
    parts = ishigami(radial_points(256, 3)).reshape(5, -1)
    known = sobol_indices(func={"f_A": parts[:1], "f_B": parts[1:2], "f_AB": parts[2:, None]}, n=256)
    found = variance_shares(parts.ravel(), 3, resamples=10)
    np.testing.assert_allclose(found.first, np.ravel(known.first_order))
    np.testing.assert_allclose(found.total, np.ravel(known.total_order))


def test_intervals_shrink_with_the_sample_and_repeat():
    """Twice the same seed gives the same bits."""
    wide, narrow = (variance_shares(ishigami(radial_points(n, 3)), 3) for n in (64, 1024))
    assert (narrow.total_high - narrow.total_low < wide.total_high - wide.total_low).all()
    again = variance_shares(ishigami(radial_points(64, 3)), 3)
    np.testing.assert_array_equal(wide.first_low, again.first_low)


def test_intervals_cover():
    """The truth is inside in nine cases of ten or more; percentile intervals of a bootstrap are a little short."""
    truth, inside = np.array([0.5576, 0.4424, 0.2437]), []
    for seed in range(60):
        found = variance_shares(ishigami(radial_points(128, 3, seed)), 3, resamples=300)
        inside.append((found.total_low <= truth) & (truth <= found.total_high))
    assert np.mean(inside) > 0.9


def test_nothing_to_explain_is_no_failure():
    """A measure that no factor moves."""
    found = variance_shares(np.full(5 * 16, 3.0), 3)
    assert found.first.tolist() == found.total.tolist() == [0, 0, 0]


def test_the_sample_has_the_form_that_the_estimators_need():
    """A, B, then A with one column of B."""
    points = radial_points(8, 3).reshape(5, 8, 3)
    for k in range(3):
        np.testing.assert_array_equal(points[2 + k, :, k], points[1, :, k])
        np.testing.assert_array_equal(np.delete(points[2 + k], k, 1), np.delete(points[0], k, 1))
    with pytest.raises(ValueError, match="power of 2"):
        radial_points(12, 3)


# Effects

PILOT = np.array([60, 72, 54, 68, 52, 83, 45, 80.0])
"""The pilot plant of Box, Hunter & Hunter: yields by temperature (fastest), concentration, catalyst."""


def cube(factors):
    """All corners, the first factor fastest."""
    return np.array([[1 if k >> j & 1 else -1 for j in range(factors)] for k in range(2**factors)], dtype=float)


def test_the_pilot_plant():
    """T 23, C -5, K 1.5, TC 1.5, TK 10, CK 0."""
    columns, names = term_columns(cube(3), "TCK")
    found = factor_effects(columns, names, PILOT[:, None])
    assert names == ["T", "C", "K", "T x C", "T x K", "C x K"]
    np.testing.assert_allclose(found.effect, [23, -5, 1.5, 1.5, 10, 0], atol=1e-12)
    assert found.explained == pytest.approx(1, abs=0.01)


def test_intervals_are_those_of_the_contrast():
    """With replications, Student's interval of each replication's own effect."""
    rng = np.random.default_rng(2)
    values = PILOT[:, None] + rng.normal(0, 2, (8, 9))
    found = factor_effects(*term_columns(cube(3), "TCK"), values)
    high, low = cube(3)[:, 0] > 0, cube(3)[:, 0] < 0
    contrast = values[high].mean(axis=0) - values[low].mean(axis=0)
    assert found.effect[0] == pytest.approx(contrast.mean())
    assert found.half_width[0] == pytest.approx(2.306004 * contrast.std(ddof=1) / 3)


def test_a_half_fraction_names_what_it_cannot_tell():
    """With D = ABC the pairs AB and CD say the same."""
    points = cube(3)
    half = np.column_stack([points, points.prod(axis=1)])
    found = factor_effects(*term_columns(half, "ABCD"), (half @ [1.0, 2, 3, 4.0])[:, None])
    assert found.names == ["A", "B", "C", "D", "A x B", "A x C", "A x D"]
    assert dict(zip(found.names, found.aliases, strict=True))["A x B"] == ["C x D"]


def test_a_plane_is_found_in_any_design():
    """Effects of a linear model are exact wherever it was looked at."""
    points = 2 * np.random.default_rng(0).random((31, 3)) - 1
    truth = points @ [1.0, 0.0, -2.0] + 0.25 * points[:, 0] * points[:, 2]
    found = factor_effects(*term_columns(points, "abc"), np.column_stack([truth, truth + 1]))
    np.testing.assert_allclose(found.effect, [2, 0, -4, 0, 0.5, 0], atol=1e-12)
    assert found.explained == pytest.approx(1)
