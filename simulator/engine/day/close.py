"""Close: the books are closed at the end of every day."""

from __future__ import annotations

from simulator.engine.firm import Firm


def close_books(firm: Firm) -> None:
    """Each night note the closing levels."""
    firm.ledger.close()
    firm.over[:] = False
    firm.of_today.clear()
