"""A policy: one rule for each decision right. Presets are files beside this one; a user adds one by writing a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import model_validator

from simulator.company.entries import under
from simulator.kernel.messages import msg
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import DAYS_A_MONTH, Array, Record, quantity
from simulator.planning.allocation import Ranked
from simulator.planning.buffer import Buffer, times_of, together
from simulator.planning.by_class import ReplenishmentByClass, misfits_by_class
from simulator.planning.capacity import NoCheck
from simulator.planning.classes import OneClass
from simulator.planning.criteria import BY_COST, Criteria
from simulator.planning.demand_plan import ForecastOnly
from simulator.planning.discipline import Discipline
from simulator.planning.expediting import NeverExpress
from simulator.planning.fit import Misfits
from simulator.planning.forecast import MovingAverage
from simulator.planning.further import FurtherOptions
from simulator.planning.master_schedule import MasterSchedule, MaterialRequirements
from simulator.planning.rules import (
    ChosenAllocation,
    ChosenCapacityCheck,
    ChosenClasses,
    ChosenDemandPlan,
    ChosenExpediting,
    ChosenForecast,
    ChosenReplenishment,
    ChosenSafetyStock,
    ChosenShortageRule,
    ChosenSourcing,
    ChosenSupplyPlan,
    ChosenWorkforce,
    Rule,
)
from simulator.planning.safety_stock import DaysOfCover, NoSafetyStock, SafetyStockByClass
from simulator.planning.shortage import KeepSafetyStock
from simulator.planning.sourcing import Shares
from simulator.planning.supply_plan import Chase, NoPlan
from simulator.planning.workforce import FixedPeople
from simulator.world.network import Network
from simulator.world.view import Desk, Serving

if TYPE_CHECKING:
    from simulator.company import Company


class Policy(Record):
    """State the rules by which a company decides, each chosen by its name and settings."""

    name: Annotated[str, quantity("name", "what the policy is called")]
    note: Annotated[str, quantity("text", "what it stands for")] = ""
    forecast: Annotated[ChosenForecast, quantity("choice", "what will be asked for")] = MovingAverage()
    demand_plan: Annotated[ChosenDemandPlan, quantity("choice", "from forecast to unconstrained demand")] = (
        ForecastOnly()
    )
    safety_stock: Annotated[ChosenSafetyStock, quantity("choice", "stock held against error")] = NoSafetyStock()
    safety_stock_static: Annotated[
        bool, quantity("yes/no", "computed once, at the first cycle with a past, instead of every cycle")
    ] = False
    supply_plan: Annotated[ChosenSupplyPlan, quantity("choice", "how much each family makes, month by month")] = Chase()
    allocation: Annotated[ChosenAllocation, quantity("choice", "who gets the stock when it is short")] = Ranked()
    classes: Annotated[ChosenClasses, quantity("choice", "how items are sorted, for rules that decide by class")] = (
        OneClass()
    )
    products: Annotated[ChosenReplenishment, quantity("choice", "how what is sold is replenished")] = MasterSchedule()
    components: Annotated[ChosenReplenishment, quantity("choice", "how all that goes into products is replenished")] = (
        MaterialRequirements()
    )
    capacity: Annotated[ChosenCapacityCheck, quantity("choice", "what of the supply plan can be done")] = NoCheck()
    shortage: Annotated[
        ChosenShortageRule, quantity("choice", "what is done with safety stock where supply does not reach")
    ] = KeepSafetyStock()
    workforce: Annotated[
        ChosenWorkforce, quantity("choice", "how many people there are to be, where the company describes them")
    ] = FixedPeople()
    sourcing: Annotated[
        ChosenSourcing, quantity("choice", "who is asked first where an item can be bought from several")
    ] = Shares()
    expediting: Annotated[ChosenExpediting, quantity("choice", "what is ordered express where a source offers it")] = (
        NeverExpress()
    )
    cycle_months: Annotated[int, quantity("months", "from one planning cycle to the next", ge=1, le=6)] = 1
    meeting_days: Annotated[
        tuple[int, ...],
        quantity("working days", "of the month on which the five steps are held", min_length=5, max_length=5),
    ] = (1, 1, 1, 1, 1)
    decision_delay: Annotated[
        int, quantity("working days", "from the executive meeting until its decisions take effect", ge=0, le=20)
    ] = 0
    slip_probability: Annotated[
        float, quantity("probability", "that a decision takes effect later than due", by_lane=True, ge=0, le=1)
    ] = 0.0
    slip_days: Annotated[int, quantity("working days", "by which a decision that slips is late", ge=0, le=20)] = 5
    pre_meeting_criteria: Annotated[
        Criteria, quantity("table", "weights by which the pre-S&OP meeting recommends an option; they add up to 1")
    ] = BY_COST
    executive_criteria: Annotated[
        Criteria, quantity("table", "weights by which the executives approve an option; they add up to 1")
    ] = BY_COST
    further: Annotated[
        FurtherOptions,
        quantity("table", "options that are put beside those of the capacity check, where they could help"),
    ] = FurtherOptions()
    corrects_bias: Annotated[
        bool,
        quantity("yes/no", "a biased forecast of a family is corrected by what it missed, as an action of the meeting"),
    ] = False
    discipline: Annotated[
        Discipline, quantity("table", "how far floor, purchasing and departments carry out what is decided")
    ] = Discipline()
    frozen_months: Annotated[
        int, quantity("months", "from the current one on whose production a cycle does not change", ge=0, le=HORIZON)
    ] = 0

    def holds_cycles(self, products: list[str], components: list[str]) -> bool:
        """Tell if any rule reads what the monthly cycle writes: pure pull or listed levels need no meetings."""
        parts = bool(components) and self.components.asks_for_plans(components)
        quiet = isinstance(self.supply_plan, NoPlan) and isinstance(self.safety_stock, NoSafetyStock)
        others = self.expediting.asks_for_plans() or self.allocation.asks_for_plans()
        return parts or not quiet or self.products.asks_for_plans(products) or others

    @property
    def plans_families(self) -> bool:
        """Tell if the production of families is planned; otherwise every item is replenished by its own rule."""
        return not isinstance(self.supply_plan, NoPlan)

    def serving(self, view: Desk) -> Serving:
        """Describe the replenishment of every item: products by one rule, components by the other."""
        cycle, n = self.cycle_days, view.network
        parts = np.arange(len(n.products), len(n.names))
        sold = self.products.serving(view, cycle)
        return sold.with_rows(parts, self.components.serving(view, cycle)) if parts.size else sold

    def reviews(self, view: Desk) -> Array:
        """Days from one decision on an item to the next, (items, 1)."""
        found, sold = self.components.reviews(view, self.cycle_days), view.network.sold
        found[sold] = self.products.reviews(view, self.cycle_days)[sold]
        return found

    def buffer(self) -> Buffer:
        """Tell as one number what the policy holds beyond expected use: its safety stock, else its rules of replenishment.

        Levels that products list hold no safety stock, and are raised in proportion. A policy that holds nothing at all is
        given days of cover.
        """
        if self._has_safety_stock:
            found = self.safety_stock.buffer()
            assert found is not None
            return found.under("safety_stock")
        return together([*self._held().values()]) or DaysOfCover(days=0.0).buffer().under("safety_stock")

    def with_buffer(self, amount: float) -> Policy:
        """The policy with so much on that scale."""
        if self._has_safety_stock:
            return self.model_copy(update={"safety_stock": self.safety_stock.with_buffer(amount)})
        held = self._held()
        if together([*held.values()]) is None:
            return self.model_copy(update={"safety_stock": DaysOfCover(days=amount)})
        each = {right: times_of(part, amount) for right, part in held.items()}
        update = {right: getattr(self, right).with_buffer(one) for right, one in each.items() if one is not None}
        return self.model_copy(update=update)

    @property
    def _has_safety_stock(self) -> bool:
        """Tell whether there is any safety stock, and products are replenished by it."""
        products = self.products.buffer()
        return self.safety_stock.buffer() is not None and not (products is not None and products.times)

    def _held(self) -> dict[str, Buffer]:
        """Find what the rules of replenishment hold themselves, by decision right."""
        found = {right: getattr(self, right).buffer() for right in ("products", "components")}
        return {right: part.under(right) for right, part in found.items() if part is not None}

    @property
    def cycle_days(self) -> int:
        """Days of a planning cycle."""
        return round(DAYS_A_MONTH * self.cycle_months)

    def misfits(self, company: Company) -> Misfits:
        """Tell what of its rules does not fit the company, a sentence each."""
        deciders = {"products": list(company.products), "components": list(company.components)}
        of_item: Mapping[str, str] | None = None
        for right in ("classes", *(name for name in type(self).model_fields if name != "classes")):
            rule, mine = getattr(self, right), deciders.get(right, list(company.items))
            if isinstance(rule, ReplenishmentByClass | SafetyStockByClass):
                of_item = self.classes(company, Network(company)) if of_item is None else of_item
                found = misfits_by_class(rule, company, mine, of_item, self.classes.names(company))
                yield from (under(right, said) for said in found)
            elif isinstance(rule, Rule):
                yield from (under(right, said) for said in rule.misfits(company, mine))

    @model_validator(mode="after")
    def _in_order(self) -> Policy:
        if isinstance(self.components, MasterSchedule):
            raise ValueError(
                msg(
                    "{entry} is 'master-schedule', which schedules what is sold; take mrp, or a rule of stock",
                    entry="components",
                )
            )
        if isinstance(self.products, MaterialRequirements):
            raise ValueError(
                msg(
                    "{entry} is 'mrp', which plans what goes into products; take master-schedule, or a rule of stock",
                    entry="products",
                )
            )
        if self.workforce.changes and isinstance(self.supply_plan, NoPlan):
            raise ValueError(
                msg(
                    "{entry} is {rule}, which follows the production plan, and supply_plan is 'none'; take "
                    "workforce fixed, or a supply plan",
                    entry="workforce",
                    rule=repr(self.workforce.name),
                )
            )
        days = self.meeting_days
        if not all(1 <= day <= 15 for day in days) or list(days) != sorted(days):
            raise ValueError(
                msg(
                    "{entry} is {days}; the five steps must lie on working days 1 to 15, none before the one it follows",
                    entry="meeting_days",
                    days=f"{list(days)}",
                )
            )
        return self
