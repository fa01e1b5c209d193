"""Close: the books are closed at the end of every day."""

from __future__ import annotations

from simulator.engine.day import Steps
from simulator.engine.firm import Firm
from simulator.kernel.clock import Hour, upcoming


def close_books(firm: Firm) -> Steps:
    """Each night note the closing levels."""
    while True:
        yield upcoming(firm.env, Hour.CLOSE)
        firm.ledger.close()
        firm.over[:] = False
