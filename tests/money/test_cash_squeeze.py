"""The scenario of the cash squeeze shows what it announces."""

import numpy as np
import pytest

from simulator.faces.documents.issues import issues_put
from simulator.kernel.plans import BREACH, PURCHASE_BUDGET
from simulator.results.compare import compare, estimate
from simulator.results.reading.month import Month
from simulator.results.run import simulate


@pytest.mark.slow
def test_stock_built_ahead_takes_the_cash():
    """Level against chase on the same luck: no more served, less cash; profit hardly differs. S&OP keeps cash and pays with service."""
    measures = ["fill_rate", "lowest_cash", "credit_exceeded"]
    found = compare("giftware-cash-squeeze", ["chase", "level", "sop"], 60, measures=[*measures, "ebit_share"]).found
    fill, cash, _, earned = (estimate(found["level"][row] - found["chase"][row]) for row in range(4))
    assert fill.high < 0.02
    assert cash.high < -2_000
    assert -0.01 < earned.low < earned.high < 0.01
    fill, cash, broken, _ = (estimate(found["sop"][row] - found["chase"][row]) for row in range(4))
    assert fill.high < -0.04
    assert cash.low > 5_000
    assert broken.high < 0


def test_cash_decides_before_the_autumn():
    """In July of the second year the meeting of the first replication holds purchases."""
    books = next(simulate("giftware-cash-squeeze", "sop", [0]).books())
    plans = books.plans
    assert np.isfinite(plans.tables[PURCHASE_BUDGET][19]).all()
    assert str(plans.options[19][int(plans.chosen[19][0])]) == "purchases held to the cash plan"
    (cash,) = [text for text in map(str, issues_put(Month(books, 19, 0))) if "cash plan breaks" in text]
    breach = np.nanmax(plans.tables[BREACH][19])
    told = f"The cash plan breaks the credit line less a reserve of 8,000 GBP by {breach:,.0f} GBP."
    assert told in cash


def test_terms_move_cash_and_no_goods():
    """The same books as giftware's, another bank account."""
    usual, squeezed = (simulate(name, "chase", 2) for name in ("giftware", "giftware-cash-squeeze"))
    for account in ("shipped", "on_hand", "received", "backlog"):
        np.testing.assert_array_equal(usual.daily(account), squeezed.daily(account))
    cash = [run.money().query("line == 'closing cash'")["value"].to_numpy() for run in (usual, squeezed)]
    assert cash[1].min() < cash[0].min() - 35_000  # the opening balance alone is 40,000 less
