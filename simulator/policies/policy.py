"""A policy: one rule for each decision right. Presets are files beside this one; a user adds one by writing a file."""

from __future__ import annotations

from typing import Annotated

from simulator.policies.allocation import Ranked
from simulator.policies.demand_plan import ForecastOnly
from simulator.policies.forecast import MovingAverage
from simulator.policies.replenishment import MasterSchedule, MaterialRequirements
from simulator.policies.rules import (
    ChosenAllocation,
    ChosenDemandPlan,
    ChosenForecast,
    ChosenReplenishment,
    ChosenSafetyStock,
    ChosenSupplyPlan,
)
from simulator.policies.safety_stock import NoSafetyStock
from simulator.policies.supply_plan import Chase
from simulator.units import Record, quantity


class Policy(Record):
    """How the company decides: each field a rule, chosen by its name and settings."""

    name: Annotated[str, quantity("name", "what the policy is called")]
    note: Annotated[str, quantity("text", "what it stands for")] = ""
    forecast: Annotated[ChosenForecast, quantity("choice", "what will be asked for")] = MovingAverage()
    demand_plan: Annotated[ChosenDemandPlan, quantity("choice", "from forecast to unconstrained demand")] = ForecastOnly()
    safety_stock: Annotated[ChosenSafetyStock, quantity("choice", "stock held against error")] = NoSafetyStock()
    safety_stock_static: Annotated[bool, quantity("yes/no", "computed once, at the first cycle with a past, instead of every cycle")] = False
    supply_plan: Annotated[ChosenSupplyPlan, quantity("choice", "how much each family makes, month by month")] = Chase()
    allocation: Annotated[ChosenAllocation, quantity("choice", "who gets the stock when it is short")] = Ranked()
    products: Annotated[ChosenReplenishment, quantity("choice", "how what is sold is replenished")] = MasterSchedule()
    components: Annotated[ChosenReplenishment, quantity("choice", "how all that goes into products is replenished")] = MaterialRequirements()
    cycle_months: Annotated[int, quantity("months", "from one planning cycle to the next", ge=1, le=6)] = 1
