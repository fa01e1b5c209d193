"""List the members of each meeting, and the agenda of the pre-S&OP meeting."""

from __future__ import annotations

from simulator.kernel.messages import Message, listed, msg

SOP = msg("S&OP manager")
DEMAND = msg("demand manager")
SALES = msg("sales managers")
MANUFACTURING = msg("manufacturing manager")
PURCHASING = msg("purchasing manager")
SCHEDULER = msg("master scheduler")
FINANCE = msg("finance")
SERVICE = msg("customer service")
GENERAL = msg("general manager")
DEVELOPMENT = msg("product managers")

AT_REPORT = (DEMAND, SALES, SOP)
AT_DEMAND_PLAN = (DEMAND, SALES, DEVELOPMENT, SOP)
AT_SUPPLY_PLAN = (SCHEDULER, MANUFACTURING, PURCHASING, SOP)
AT_PRE_MEETING = (SOP, DEMAND, MANUFACTURING, PURCHASING, SCHEDULER, FINANCE, SERVICE, DEVELOPMENT)
AT_EXECUTIVE = (GENERAL, msg("heads of sales, manufacturing, purchasing and finance"), SOP)
"""Who sits there; the first one has the chair."""


def both(*roles: Message) -> Message:
    """Name several owners of one section."""
    return msg("{roles}", roles=listed(roles, ", "))
