"""Cost of the meetings of a policy in hours of people: beside what they earn, since no company books them."""

from __future__ import annotations

from simulator.company.finance import Finance
from simulator.planning import Policy

MONTHS_A_YEAR = 12


def holds_meetings(policy: Policy) -> bool:
    """Tell if people meet for the steps of a cycle: where all lie on one day, each department plans by itself."""
    return len(set(policy.meeting_days)) > 1


def meeting_hours_a_year(finance: Finance, policy: Policy) -> float:
    """Count the hours that people spend a year in the meetings of all cycles, preparation included."""
    if not holds_meetings(policy):
        return 0.0
    steps, cycles = len(policy.meeting_days), MONTHS_A_YEAR / policy.cycle_months
    return finance.meeting_people * finance.meeting_hours * steps * cycles


def meetings_cost(finance: Finance, policy: Policy) -> float:
    """A year's cost of those hours."""
    return meeting_hours_a_year(finance, policy) * finance.meeting_hour_cost
