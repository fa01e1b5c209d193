"""The cost of changing people, by hand."""

from types import SimpleNamespace

import numpy as np

from simulator.planning.supply_plan.staff import change_of_people


def _desk(staffing, settled=True):
    costs = {"saw": SimpleNamespace(change_cost=7.0), "oven": SimpleNamespace(change_cost=9.0)}
    return SimpleNamespace(
        resources=costs,
        network=SimpleNamespace(staffing=staffing),
        settled_people=np.zeros(1) if settled else None,
        working_days_by_month=lambda: np.array([19.0, 21.0, 20.0]),
    )


def test_an_hour_a_month_costs_half_of_hiring_and_dismissing_a_head_over_its_hours():
    """400 to hire and 200 to dismiss somebody of 8 hours on 20 days a month: 300 / 160 = 1.875; nobody mans the oven."""
    staffing = SimpleNamespace(
        manned=np.array([[True], [False]]),
        hire_cost=np.array([[400.0], [0.0]]),
        dismiss_cost=np.array([[200.0], [0.0]]),
        a_head=np.array([[8.0], [1.0]]),
    )
    np.testing.assert_allclose(change_of_people(_desk(staffing)), [1.875, 9.0])
    np.testing.assert_allclose(change_of_people(_desk(staffing, settled=False)), [7.0, 9.0])
    np.testing.assert_allclose(change_of_people(_desk(None)), [7.0, 9.0])
