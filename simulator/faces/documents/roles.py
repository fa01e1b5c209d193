"""Who sits where, and what the pre-S&OP meeting goes through."""

from __future__ import annotations

SOP = "S&OP manager"
DEMAND = "demand manager"
SALES = "sales managers"
MANUFACTURING = "manufacturing manager"
PURCHASING = "purchasing manager"
SCHEDULER = "master scheduler"
FINANCE = "finance"
SERVICE = "customer service"
GENERAL = "general manager"
DEVELOPMENT = "product managers"

AT_REPORT = (DEMAND, SALES, SOP)
AT_DEMAND_PLAN = (DEMAND, SALES, DEVELOPMENT, SOP)
AT_SUPPLY_PLAN = (SCHEDULER, MANUFACTURING, PURCHASING, SOP)
AT_PRE_MEETING = (SOP, DEMAND, MANUFACTURING, PURCHASING, SCHEDULER, FINANCE, SERVICE, DEVELOPMENT)
AT_EXECUTIVE = (GENERAL, "heads of sales, manufacturing, purchasing and finance", SOP)
"""Who sits there; the first one has the chair."""
