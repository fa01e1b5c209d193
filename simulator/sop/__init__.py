"""The monthly cycle: one file for each of the five steps, in order."""

from simulator.sop.demand_plan import plan_demand
from simulator.sop.executive_meeting import decide
from simulator.sop.pre_meeting import balance
from simulator.sop.sales_report import report_sales
from simulator.sop.supply_plan import plan_supply

STEPS = (report_sales, plan_demand, plan_supply, balance, decide)

__all__ = ["STEPS", "balance", "decide", "plan_demand", "plan_supply", "report_sales"]
