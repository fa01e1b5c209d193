"""Judge: customers remember how they were served, and at a month's end draw their conclusion."""

from __future__ import annotations

from simulator.clock import Hour, upcoming
from simulator.firm import Firm
from simulator.processes import Steps


def judge_service(firm: Firm) -> Steps:
    """Each evening, in a company whose customers react."""
    while firm.customers:
        yield upcoming(firm.env, Hour.JUDGE)
        firm.customers.judge()
