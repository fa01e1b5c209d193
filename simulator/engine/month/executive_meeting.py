"""Step 5, executive S&OP meeting: approve, authorise, and say from when it holds."""

from __future__ import annotations

import numpy as np

from simulator.engine.firm import Firm
from simulator.engine.month.further import option_of_each_lane
from simulator.engine.month.impact import note_projection
from simulator.engine.month.pre_meeting import open_to_the_meetings
from simulator.kernel.messages import msg
from simulator.kernel.plans import (
    DECLINED_FROM,
    EXPRESS,
    HORIZON,
    ORDERED_AHEAD,
    ORDERS_WAIT,
    OUTSIDE,
    PURCHASE_BUDGET,
    RECEIPTS_LEFT,
)
from simulator.kernel.units import ScenarioError, Whole


def decide(firm: Firm) -> None:
    """Approve an option by the executives' criteria, hold the frozen months to the plan in force, and set the day it takes effect."""
    month, plans, policy = firm.desk.month, firm.plans, firm.policy
    figures = np.stack([option.figures for option in firm.options])
    chosen = plans.chosen[month] = policy.executive_criteria.choose(
        figures, standing=plans.recommended[month], open_to=open_to_the_meetings(firm)
    )
    for number, lanes in firm.decided.approved(month):
        chosen = plans.chosen[month] = np.where(lanes, of_that_number(firm, number), chosen)
    production = option_of_each_lane(np.stack([option.production for option in firm.options]), chosen)
    frozen = policy.frozen_months
    if frozen and plans.made_in:
        plans.table("changes asked inside the frozen zone", (firm.lanes,))[month] = np.abs(
            production[:frozen] - firm.desk.production_in_force[:frozen]
        ).sum(axis=(0, 1))
        production[:frozen] = firm.desk.production_in_force[:frozen]
    plans.production[month] = production
    plans.overtime[month] = option_of_each_lane(np.stack([option.overtime for option in firm.options]), chosen)
    if frozen and plans.made_in:  # the hours of a frozen month are as settled as its production
        plans.overtime[month, :frozen] = plans.force_overtime[month : month + frozen]
    effective = firm.calendar.working_days_from(firm.today, policy.decision_delay)
    late = firm.calendar.working_days_from(firm.today, policy.decision_delay + policy.slip_days)
    slips = firm.weather.slip[month] < policy.slip_probability
    plans.effective[month] = np.where(slips & bool(plans.made_in), late, effective if plans.made_in else firm.today)
    if effective < len(firm.planning_day):
        firm.planning_day[effective] = True
    commit_people_and_subcontractors(firm)
    commit_orders_and_deals(firm)
    plans.production[month] = firm.decided.production(month, plans.production[month])
    in_force_on = effective if plans.made_in else firm.today
    plans.overtime[month] = firm.decided.overtime(month, plans.overtime[month], in_force_on)
    note_projection(firm)
    firm.register.raise_actions(month)
    plans.made_in.append(month)


def of_that_number(firm: Firm, number: int) -> Whole:
    """Each lane's choice where people approve an option by its number, from 0."""
    if number >= len(firm.options):
        raise ScenarioError(
            msg(
                "option {number} cannot be approved in {month}; the meeting has {n}",
                number=number + 1,
                month=firm.calendar.month_name(firm.desk.month),
                n=len(firm.options),
            )
        )
    return np.full(firm.lanes, number)


def commit_orders_and_deals(firm: Firm) -> None:
    """Order parts ahead, set the purchasing budget and decline deals as the approved option says."""
    month, plans, chosen = firm.desk.month, firm.plans, firm.plans.chosen[firm.desk.month]
    nothing = np.zeros((len(firm.network.bought), firm.lanes))
    if any(option.orders is not None for option in firm.options):
        orders = [nothing if option.orders is None else option.orders for option in firm.options]
        plans.table(ORDERED_AHEAD, nothing.shape)[month] = option_of_each_lane(np.stack(orders), chosen)
    if any(option.budget is not None for option in firm.options) or PURCHASE_BUDGET in plans.tables:
        no_end = np.full(firm.lanes, np.inf)
        budgets = [no_end if option.budget is None else option.budget for option in firm.options]
        plans.table(PURCHASE_BUDGET, no_end.shape)[month] = option_of_each_lane(np.stack(budgets), chosen)
    if any(option.held is not None for option in firm.options) or ORDERS_WAIT in plans.tables:
        note_what_is_held(firm)
    for k, option in enumerate(firm.options):
        if option.declines is None or option.declined is None or not (chosen == k).any():
            continue
        least = np.where(chosen == k, option.declines, np.inf)
        firm.mandates.decline(least)
        plans.demand[month] = np.maximum(plans.demand[month] - np.where(chosen == k, option.declined, 0.0), 0.0)
        plans.table(DECLINED_FROM, least.shape)[month] = least


def note_what_is_held(firm: Firm) -> None:
    """Keep what the approved option holds of new orders, and what that leaves of the products that come."""
    month, plans, chosen = firm.desk.month, firm.plans, firm.plans.chosen[firm.desk.month]
    waits, left = (
        np.zeros((HORIZON, len(firm.network.bought), firm.lanes)),
        np.ones((HORIZON, len(firm.network.products), firm.lanes)),
    )
    for k, option in enumerate(firm.options):
        if option.held is not None:
            waits = np.where(chosen == k, option.held.orders, waits)
            left = np.where(chosen == k, option.held.products, left)
    plans.table(ORDERS_WAIT, waits.shape)[month] = waits
    plans.table(RECEIPTS_LEFT, left.shape)[month] = left


def commit_people_and_subcontractors(firm: Firm) -> None:
    """Hire, give notice, book subcontractors and ask for express deliveries for the approved option."""
    month, plans, chosen = firm.desk.month, firm.plans, firm.plans.chosen[firm.desk.month]
    if any(option.express is not None for option in firm.options):
        nothing = np.zeros((len(firm.network.bought), firm.lanes))
        asked = [nothing if option.express is None else option.express for option in firm.options]
        plans.table(EXPRESS, nothing.shape)[month] = option_of_each_lane(np.stack(asked), chosen)
    if firm.subcontractors:
        nothing = np.zeros_like(plans.outside[month])
        offers = [nothing if option.outside is None else option.outside for option in firm.options]
        outside = option_of_each_lane(np.stack(offers), chosen)
        plans.table(OUTSIDE, outside.shape)[month] = outside
        plans.outside[month] = firm.decided.outside(month, firm.subcontractors.with_ordered(outside))
    if firm.people:
        hours = [option.people for option in firm.options if option.people is not None]
        wanted = option_of_each_lane(np.stack(hours), chosen) if hours else None
        more = firm.decided.people(month, settled=wanted is None)
        for name, table in firm.people.decide(wanted, plans.effective[month], more).items():
            plans.table(name, table.shape)[month] = table
