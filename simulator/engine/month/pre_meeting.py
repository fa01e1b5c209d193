"""Step 4, pre-S&OP meeting: balance supply and demand, by the three rules, and recommend."""

from __future__ import annotations

import numpy as np

from simulator.engine.firm import Firm
from simulator.engine.month.further import option_of_each_lane
from simulator.kernel.plans import MUST_MEET
from simulator.kernel.units import Mask, Whole
from simulator.planning.criteria import DEPARTMENTS
from simulator.planning.shortage import ReleaseSafetyStock
from simulator.world.view import read_only

NO_MONEY = 1.0
"""A difference of cash that makes none."""


def balance(firm: Firm) -> None:
    """Recommend an option by the criteria of the meeting; where even that is short, let the shortage rule decide on safety stock.

    Surplus: the unconstrained plan stands, safety stock absorbs the error. Shortage: safety stock is
    released, orders are ranked, the bottleneck is loaded to its maximum. Waves are the supply plan's.
    """
    month, plans, rule = firm.desk.month, firm.plans, firm.policy.shortage
    figures = np.stack([option.figures for option in firm.options])
    recommended = firm.policy.pre_meeting_criteria.choose(figures, open_to=open_to_the_meetings(firm))
    plans.recommended[month] = plans.chosen[month] = recommended
    wanted = np.stack([criteria.choose(figures) for criteria in DEPARTMENTS.values()])
    plans.table("option wanted", wanted.shape)[month] = wanted
    short = option_of_each_lane(np.stack([option.shortage for option in firm.options]), recommended)
    plans.table("shortage", short.shape)[month] = short
    below_zero = firm.policy.safety_stock.goes_below_zero
    held = firm.checked(rule(firm.desk, read_only(short)), plans.safety_stock[month].shape, rule, below_zero)
    if isinstance(rule, ReleaseSafetyStock) and rule.commits:
        commit(firm, rule.short(firm.desk, short), recommended)
    plans.safety_stock[month] = firm.decided.safety_stock(month, held, plans.demand[month])


def commit(firm: Firm, short: Mask, recommended: Whole) -> None:
    """Fix what each segment must get of what is short until the month is over: what is there and comes, by rank."""
    month, outlook, desk = firm.desk.month, firm.outlook, firm.desk
    assert outlook is not None
    production = option_of_each_lane(np.stack([option.production for option in firm.options]), recommended)
    come = outlook.receipts(production)[0]
    wanted = desk.backlog + firm.late_cost.share * outlook.demand[0]
    available = desk.on_hand[firm.network.sold] + come
    met = firm.commitments.fix(month, wanted, available, short, firm.late_cost.serve)
    firm.plans.table(MUST_MEET, met.shape)[month] = np.where(short, met, np.nan)


def open_to_the_meetings(firm: Firm) -> Mask | None:
    """Tell which options break the credit line no further than the least, (options, lanes); None where the policy leaves all open."""
    options = firm.options
    if not firm.policy.further.keeps_to_line or all(option.breach is None for option in options):
        return None
    breach = np.stack([np.zeros_like(options[0].cost) if o.breach is None else o.breach for o in options])
    return np.asarray(breach <= breach.min(axis=0) + NO_MONEY)
