"""Count alerts of the sales organisation by hand."""

from types import SimpleNamespace

import numpy as np

from simulator.results.kpis.market import sales_alerts


def test_alerts_are_summed_over_days_and_segments_and_told_a_month():
    """Five alerts of one segment and one of another in three months: 2 a month."""
    alerts = np.zeros((90, 2, 1))
    alerts[[0, 7, 14, 40, 70], 0] = 1.0
    alerts[21, 1] = 1.0
    score = SimpleNamespace(
        memo=lambda name: alerts, end_month=15, first_month=12, by="total", orders=lambda units: units.sum(axis=(0, 1))
    )
    np.testing.assert_allclose(sales_alerts(score), 2.0)
