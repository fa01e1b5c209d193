"""The answers of `sop verify` that no book prints, worked out to the last digit by formulas that know nothing of the engine."""

import numpy as np
import pytest
from scipy.stats import poisson

from simulator.results.verify import cases
from tests import exact

TEXTS = {case.name: case.answer for case in cases()}


def chances(mean, most=120):
    """Poisson chances of 0, 1, 2, ..."""
    return poisson.pmf(np.arange(most), mean)


LUMPY = np.array([0.7, *[0.0] * 29, 0.3])
ANSWERS = {
    "(s,Q) 14, 12, Poisson 5, L 3": (
        lambda: exact.lots(14, 12, chances(5, 40), 3),
        {"fill_rate": 0.92401, "on_hand": 5.89746, "backlog": 0.39746, "orders": 0.41641},
    ),
    "(s,S) 80, 130, Poisson 20, L 4": (
        lambda: exact.min_max(80, 130, chances(20, 80), 4),
        {"fill_rate": 0.98445, "on_hand": 30.33670},
    ),
    "two parts for one product": (
        lambda: exact.two_parts(6, (12, 26), chances(4, 40), (3, 6)),
        {"fill_rate": 0.74876, "on_hand": 1.37896, "backlog": 1.18311},
    ),
    "capacity 10, Poisson 9.5, base stock 40": (
        lambda: exact.limited(40, 10, chances(9.5, 60)),
        {"fill_rate": 0.97462, "on_hand": 22.92539},
    ),
    "capacity 10, 30 with .3, base stock 40": (
        lambda: exact.limited(40, 10, LUMPY),
        {"fill_rate": 0.28363, "on_hand": 7.38484},
    ),
    "level of a moving average (10, 5), 0 held": (
        lambda: exact.forecast_level(100, 15, 5, 10, 0),
        {"fill_rate": 0.83665, "on_hand": 16.38823},
    ),
    "level of a moving average (10, 5), 50 held": (
        lambda: exact.forecast_level(100, 15, 5, 10, 50),
        {"fill_rate": 0.97776, "on_hand": 52.22469},
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_the_engine_is_held_to_is_exact(name):
    compute, figures = ANSWERS[name]
    found = compute()
    for figure, answer in figures.items():
        assert getattr(found, figure) == pytest.approx(answer, abs=5.1e-6), figure
        said = TEXTS.get(f"{name}: {figure.replace('_', ' ')}")
        assert said in (None, (answer,))


def test_the_cost_of_low_and_high():
    found = exact.min_max(80, 130, chances(20, 80), 4)
    cost = 64 * found.orders + found.on_hand + 9 * found.backlog
    assert (round(cost, 5),) == TEXTS["(s,S) 80, 130, Poisson 20, L 4: cost"]


def test_two_ranked_classes_under_capacity():
    found = exact.limited_classes(8, 10, (chances(5, 25), chances(3, 22)), (80, 16))
    both = [
        TEXTS[f"two ranked classes, capacity 10, base stock 8, {which}: fill rate"][0] for which in ("first", "second")
    ]
    np.testing.assert_allclose(found, both, atol=5.1e-6)


def test_the_bullwhip_of_a_chain():
    """Stage by stage the orders' weights on demand: the filter (1 + L/p) - (L/p) z^p of each lead time, one after the other."""
    weights, found = np.ones(1), []
    for lead_time in (2, 3, 2):
        step = np.zeros(7)
        step[0], step[6] = 1 + lead_time / 6, -lead_time / 6
        weights = np.convolve(weights, step)
        found.append(float(np.square(weights).sum()))
    assert found == pytest.approx([1.88889, 5.38889, 12.42593], abs=5.1e-6)
    assert [TEXTS[f"bullwhip of a chain (6; 2, 3, 2), stage {k}"] for k in (2, 3)] == [(5.38889,), (12.42593,)]
