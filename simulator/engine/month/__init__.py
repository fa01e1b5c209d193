"""The five steps of the S&OP month, a file each, in order: sales_report.py to executive_meeting.py."""

from simulator.engine.month.demand_plan import plan_demand
from simulator.engine.month.executive_meeting import decide
from simulator.engine.month.pre_meeting import balance
from simulator.engine.month.sales_report import report_sales
from simulator.engine.month.supply_plan import plan_supply

CYCLE_STEPS = (report_sales, plan_demand, plan_supply, balance, decide)

__all__ = ["CYCLE_STEPS", "balance", "decide", "plan_demand", "plan_supply", "report_sales"]
