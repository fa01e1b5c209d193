"""Staff: people start and leave; what the plan wants made outside is ordered."""

from __future__ import annotations

from simulator.engine.day import Steps
from simulator.engine.firm import Firm
from simulator.kernel.clock import Hour, upcoming


def staff(firm: Firm) -> Steps:
    """Each morning start and end employments and pay those present; without a monthly cycle replace leavers."""
    people = firm.people
    while people:
        yield upcoming(firm.env, Hour.STAFF)
        people.turn()
        if firm.works_today:
            people.pay()
        if not firm.holds_cycles and firm.today == firm.days.first_worked[firm.view.month]:
            people.decide(None, firm.today)


def order_outside(firm: Firm) -> Steps:
    """On the days of weekly planning order from subcontractors what the plan in force wants of them."""
    subcontractors = firm.subcontractors
    while subcontractors:
        yield upcoming(firm.env, Hour.SUBCONTRACT)
        if firm.planning_day[firm.today]:
            subcontractors.order()
