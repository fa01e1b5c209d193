"""Counts by inversion: a count is the number of cumulative probabilities that lie below a uniform number."""

import numpy as np

from simulator.world.luck import counts
from simulator.world.luck.counts import draw_counts


def test_counts_of_days_with_several_means_by_hand():
    """Poisson of mean 1: .3679, .7358, .9197 for 0, 1, 2; of mean 0 nothing ever comes; of mean 2: .1353, .4060, .6767."""
    u = np.array([[0.36, 0.37, 0.74, 0.99, 0.13, 0.5], [0.95, 0.73, 0.91, 0.0, 0.41, 0.66]])
    rate = np.array([1.0, 1.0, 1.0, 0.0, 2.0, 2.0])
    assert draw_counts(rate, 1.0, u).tolist() == [[0, 1, 2, 0, 0, 2], [3, 1, 2, 0, 2, 2]]


def test_stepping_finds_what_searching_finds(monkeypatch):
    """Also of counts that scatter more than Poisson, at the edges of steps, and of one lane."""
    rng = np.random.default_rng(5)
    rate = np.repeat(rng.uniform(0, 6, 30), 3)
    rate[::7] = 0.0
    for dispersion, lanes in ((1.0, 1), (2.5, 4)):
        table = counts.cumulative(np.unique(rate), dispersion)
        u = rng.random((lanes, len(rate)))
        u[0, ::5] = np.minimum(table[np.unique(rate, return_inverse=True)[1], 2], 1 - 2**-53)[::5]
        stepped = draw_counts(rate, dispersion, u)
        monkeypatch.setattr(counts, "FEW_AT_ONCE", 0.0)
        assert stepped.tolist() == draw_counts(rate, dispersion, u).tolist()
        monkeypatch.undo()
