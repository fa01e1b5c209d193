"""Close: the books are closed at the end of every day."""

from __future__ import annotations

from simulator.clock import Hour, upcoming
from simulator.firm import Firm
from simulator.processes import Steps


def close_books(firm: Firm) -> Steps:
    """Each night note the closing levels."""
    while True:
        yield upcoming(firm.env, Hour.CLOSE)
        firm.ledger.close()
        firm.over[:] = False
