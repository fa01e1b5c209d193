"""Judge: customers remember how they were served, and at a month's end draw their conclusion."""

from __future__ import annotations

from simulator.engine.day import Steps
from simulator.engine.firm import Firm
from simulator.kernel.clock import Hour, upcoming


def judge_service(firm: Firm) -> Steps:
    """Each evening, in a company whose customers react."""
    while firm.customers:
        yield upcoming(firm.env, Hour.JUDGE)
        firm.customers.judge()
