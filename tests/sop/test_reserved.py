"""Stock reserved for the first in rank, on digits worked by hand."""

from types import SimpleNamespace as Only

import numpy as np
import pytest

from simulator.planning.allocation import Reserved
from simulator.planning.shortage import KeepSafetyStock, ReleaseSafetyStock
from tests.sop.workshop import cups, policy

WANTED = np.array([[[6.0]], [[5.0]], [[4.0]]])
"""Of one product, by segments in rank."""


def view(safety_stock):
    """One product and a part, with its safety stock in force."""
    return Only(network=Only(sold=slice(0, 1)), safety_stock=np.array([[safety_stock], [99.0]]))


@pytest.mark.parametrize(
    ("ranks", "share", "safety_stock", "available", "served"),
    [
        (1, 0.5, 8.0, 10.0, (6, 0, 0)),  # 4 are kept back: 10 - 6 leaves no more than that
        (1, 0.5, 8.0, 13.0, (6, 3, 0)),  # 13 - 6 - 4
        (1, 0.5, 8.0, 20.0, (6, 5, 4)),  # enough for all, and 5 lie there
        (1, 0.5, 8.0, 18.0, (6, 5, 3)),  # the last unit is kept for the first
        (2, 0.5, 8.0, 13.0, (6, 5, 0)),
        (1, 1.0, 8.0, 13.0, (6, 0, 0)),
        (1, 0.5, 0.0, 13.0, (6, 5, 2)),  # released: all stock supports the front line
        (1, 0.5, -8.0, 13.0, (6, 5, 2)),  # a safety stock below nothing reserves nothing
        (1, 0.5, 8.0, 3.0, (3, 0, 0)),  # the reserve is there to be used by the first
    ],
)
def test_the_reserve_is_kept_from_those_below(ranks, share, safety_stock, available, served):
    """Six, five and four are wanted."""
    rule = Reserved(ranks=ranks, share=share)
    found = rule(view(safety_stock), WANTED, np.array([[available]]))
    np.testing.assert_allclose(found[:, 0, 0], served)


def test_stock_can_be_kept_from_somebody_only():
    """The workshop has one segment: nobody ranks below it."""
    (misfit,) = policy(allocation="reserved").misfits(cups().company)
    assert str(misfit) == (
        "allocation.ranks is 1; it must be less than the number of segments of the company, 1, "
        "or stock would be kept back from nobody"
    )


def test_it_reads_a_plan():
    """Safety stock in force is one, so that cycles are held."""
    assert policy(allocation="reserved", supply_plan="none", safety_stock="none", products="order-up-to").holds_cycles(
        [], []
    )


@pytest.mark.parametrize(("rule", "late"), [(KeepSafetyStock(), 9.0), (ReleaseSafetyStock(), 2.0)])
def test_a_release_is_seen_in_who_is_served(rule, late):
    """Of 13 there 6 go to the first; of 9 that the others want all are late, or 2 once the 8 that are kept back are released."""
    network = Only(
        sold=slice(0, 1), products=["cup"], made=np.array([0]), family_of=np.array([0]), by_family=lambda amount: amount
    )
    desk = Only(network=network, demand_plan=np.full((12, 1, 1), 100.0), safety_stock=np.array([[8.0], [99.0]]))
    held = rule(desk, np.full((12, 1, 1), 9.0))
    served = Reserved(share=1.0)(Only(network=network, safety_stock=held), WANTED, np.array([[13.0]]))
    assert float((WANTED - served)[1:].sum()) == late
