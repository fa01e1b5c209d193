"""Step 3, supply plan: safety stock, how much each family makes, and what of that can be done."""

from __future__ import annotations

import numpy as np

from simulator.engine.firm import Firm, Option
from simulator.engine.month.further import put_further_options
from simulator.engine.month.impact import Valuation, minute_options, protection_interval
from simulator.kernel.messages import Text
from simulator.kernel.plans import HORIZON, OUTSIDE, PARTS_DUE, SITES_OPEN
from simulator.kernel.units import Array
from simulator.planning.capacity import hours_per_unit, load_of, mix_of
from simulator.planning.projection import Outlook, still_to_make
from simulator.planning.requirement import made_this_month, sold_within_life


def plan_supply(firm: Firm) -> None:
    """Set safety stock for the interval that a decision must cover, plan production by family, and check it against capacity."""
    month, policy, plans = firm.desk.month, firm.policy, firm.plans
    desk = firm.desk
    firm.begun_months.append((firm.past_months + month, desk.share_over, desk.signed_ahead[0], desk.due_so_far))
    drafted = safety_stock(firm)
    plans.table("safety stock drafted", drafted.shape)[month] = drafted
    plans.safety_stock[month] = firm.decided.safety_stock(month, drafted, plans.demand[month])
    told = list(firm.cycle_notes)
    wish = firm.checked(policy.supply_plan(firm.desk), plans.production[month].shape, policy.supply_plan)
    plans.production[month] = sold_within_life(firm.desk, wish)
    for name, amount in firm.cycle_notes.items():
        if name not in told:
            plans.table(name, amount.shape)[month] = amount
    open_sites = firm.purchasing.site_share_ahead(HORIZON) if firm.purchasing else None
    if open_sites is not None:
        plans.table(SITES_OPEN, open_sites.shape)[month] = open_sites
    wished = plans.production[month].copy()
    plans.table("wished", wished.shape)[month] = wished
    outlook = firm.outlook = Outlook(firm.desk, policy.plans_families)
    plans.table(PARTS_DUE, outlook.parts_due.shape)[month] = outlook.parts_due
    load = hours_per_unit(firm.network, mix_of(firm.desk)) if firm.people else None
    valuation = Valuation(firm, outlook)
    firm.options = [_option(firm, valuation, load, *plan) for plan in policy.capacity(firm.desk)]
    put_further_options(firm, valuation)
    minute_options(firm)


def _option(
    firm: Firm,
    valuation: Valuation,
    load: Array | None,
    name: Text,
    production: Array,
    overtime: Array,
    outside: Array | None = None,
    express: Array | None = None,
) -> Option:
    """An option that the floor can carry out, with what it is expected to do."""
    rule = firm.policy.capacity
    production = firm.checked(production, firm.plans.production[0].shape, rule)
    overtime = firm.checked(overtime, firm.plans.overtime[0].shape, rule)
    asked = firm.cycle_notes.get(OUTSIDE)
    if asked is not None:  # by the supply plan itself
        outside = asked if outside is None else asked + outside
    people = None if load is None else _people_wanted(firm, production, load)
    return valuation.impact(Option(name, production, overtime, outside=outside, people=people, express=express))


def _people_wanted(firm: Firm, production: Array, load: Array) -> Array | None:
    """Hours a working day that people are to give for a plan, by the policy's rule."""
    rule, left = firm.policy.workforce, still_to_make(production, made_this_month(firm.desk))
    answer = rule(firm.desk, load_of(left, load))
    return None if answer is None else firm.checked(answer, firm.plans.overtime[0].shape, rule)


def safety_stock(firm: Firm) -> Array:
    """By the policy's rule; a static one is kept from the first cycle that had a past, as it was before any release."""
    policy, plans, made = firm.policy, firm.plans, firm.plans.made_in
    if policy.safety_stock_static and made and firm.past_months + made[-1] > 0:
        return np.asarray(plans.tables["safety stock drafted"][made[-1]])
    interval = protection_interval(firm)
    rule, shape = policy.safety_stock, plans.safety_stock[0].shape
    held = firm.checked(rule(firm.desk, interval), shape, rule, rule.goes_below_zero)
    return needed(firm, within_shelf_life(firm, held, interval))


def needed(firm: Firm, held: Array) -> Array:
    """Nothing for what goes into no product that is still sold next month."""
    sold = firm.desk.sold_ahead
    return held if sold is None else held * needed_for(firm, sold[:2].min(axis=0))


def needed_for(firm: Firm, sold: Array) -> Array:
    """1 for items that go into a product sold, else 0: in its last month, what guarded a product is used up."""
    return np.where(firm.network.total_use.flow(sold) > 0, 1.0, 0.0)


def within_shelf_life(firm: Firm, stock: Array, interval: Array) -> Array:
    """No more is held of what goes bad than is used within its life, less what one replenishment brings."""
    n = firm.network
    if not n.perishable.size:
        return stock
    left = np.maximum(n.shelf_life - (interval - n.lead_time + 1), 0.0)[n.perishable]
    kept = stock.copy()
    kept[n.perishable] = np.minimum(stock[n.perishable], firm.desk.usage()[n.perishable] * left)
    return kept
