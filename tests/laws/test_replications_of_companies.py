"""A replication finds the same alone as in company, where companies have most that could tie replications together."""

from __future__ import annotations

import numpy as np
import pytest

from simulator import compare, load, simulate
from simulator.engine.month.further import FURTHER, ORDERS_HELD
from simulator.kernel.plans import BREACH

MEASURES = ["fill_rate", "ebit", "all_stock_value", "penalties"]


@pytest.mark.parametrize("policy", ["sop", pytest.param("sop-smoothed", marks=pytest.mark.slow)])
def test_a_replication_of_the_reference_company_knows_nothing_of_others(policy: str) -> None:
    """Three of twelve replications are the same to the last bit when only these three are simulated.

    Parts come express, purchases are held to cash and deals are declined there, in some replications and not in others.
    """
    company = load("appliances")
    together, alone = (
        compare(company, [policy], numbers, 1, MEASURES).found[policy] for numbers in (range(12, 24), [12, 13, 14])
    )
    np.testing.assert_array_equal(together[:, :3], alone)


def test_only_held_purchases_break_the_credit_line_less() -> None:
    """Parts ordered ahead and deals declined are put beside the best of the others, whose cash plan they share.

    Were their breach left out, they alone would be open to the meeting wherever another replication has them put.
    """
    company = load("appliances", {"finance.opening_cash": 0.0, "finance.credit_line": 100_000.0})
    plans = next(simulate(company, "sop", replications=6, seed=1).books()).plans
    broken, others = plans.tables[BREACH], 0
    for month in plans.made_in:
        names = plans.options[month]
        for k, name in enumerate(names):
            if name in FURTHER and name != ORDERS_HELD and (broken[month, 0] > 0).any():
                np.testing.assert_array_equal(broken[month, k], broken[month, 0], err_msg=str(name))
                others += 1
    assert others > 0
