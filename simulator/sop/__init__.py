"""The monthly cycle: one file for each step, in order."""

from simulator.sop.demand_plan import plan_demand
from simulator.sop.sales_report import report_sales
from simulator.sop.supply_plan import plan_supply

STEPS = (report_sales, plan_demand, plan_supply)

__all__ = ["STEPS", "plan_demand", "plan_supply", "report_sales"]
