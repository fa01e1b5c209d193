"""The accounts of money, and what flows between them: every amount leaves one account and enters another."""

from __future__ import annotations

from simulator.kernel.ledger import OUTSIDE

CASH, RECEIVABLES, PAYABLES, ACCRUALS = "cash", "receivables", "payables", "accruals"
STOCK, WORK_IN_PROCESS = "stock", "work_in_process"

ACCOUNTS = (CASH, RECEIVABLES, STOCK, WORK_IN_PROCESS, PAYABLES, ACCRUALS)
"""What the company has and owes; an account from which more went than came is a debt. Income and expense lie outside."""

MONEY_FLOWS: dict[str, tuple[str, str]] = {
    # with customers
    "sales": (OUTSIDE, RECEIVABLES),  # at list price, on the day shipped
    "price_changes": (RECEIVABLES, OUTSIDE),  # list price less the price of the day; below 0 where that is higher
    "push_discounts": (RECEIVABLES, OUTSIDE),  # given to bring orders forward
    "credits": (RECEIVABLES, OUTSIDE),  # for goods sent back
    "penalties": (RECEIVABLES, OUTSIDE),  # for lateness; customers deduct them from what they pay
    "bad_debt": (RECEIVABLES, OUTSIDE),  # what will never be paid, provided for when invoiced
    "collected": (RECEIVABLES, CASH),
    "transport": (CASH, OUTSIDE),
    "selling": (CASH, OUTSIDE),
    # goods, at standard cost
    "purchases": (PAYABLES, STOCK),  # bought and accepted
    "price_variance": (PAYABLES, OUTSIDE),  # of purchases: what was really paid less standard
    "used": (STOCK, WORK_IN_PROCESS),  # parts that the floor took
    "absorbed": (OUTSIDE, WORK_IN_PROCESS),  # conversion that the standard cost of what is started holds
    "usage_variance": (WORK_IN_PROCESS, OUTSIDE),  # parts taken less those in the standard cost of what is started
    "subcontracted": (CASH, WORK_IN_PROCESS),  # made by somebody else
    "subcontract_premium": (CASH, OUTSIDE),
    "finished": (WORK_IN_PROCESS, STOCK),
    "cost_of_goods": (STOCK, OUTSIDE),  # shipped
    "restocked": (OUTSIDE, STOCK),  # sent back and fit to be sold again
    "scrap": (WORK_IN_PROCESS, OUTSIDE),
    "expiry": (STOCK, OUTSIDE),
    "shrinkage": (STOCK, OUTSIDE),
    "storage": (CASH, OUTSIDE),
    "counting": (CASH, OUTSIDE),
    "expediting": (CASH, OUTSIDE),
    "paid_suppliers": (CASH, PAYABLES),
    # people and plant
    "wages": (ACCRUALS, OUTSIDE),  # regular hours, worked or idle, with the premium of later shifts
    "overtime": (ACCRUALS, OUTSIDE),
    "hiring": (CASH, OUTSIDE),
    "dismissal": (CASH, OUTSIDE),
    "fixed_cost": (ACCRUALS, OUTSIDE),
    "paid_month": (CASH, ACCRUALS),  # wages and fixed cost, on the last day of the month
    "interest": (CASH, OUTSIDE),  # on what was overdrawn in the month
    "drawings": (CASH, OUTSIDE),  # taken out by owners, lenders and the tax office: no expense
}
"""Every flow, from which account into which."""

NET_SALES = ("sales", "price_changes", "push_discounts", "credits")
GROSS_MARGIN = (*NET_SALES, "cost_of_goods", "restocked")
PLANT = ("wages", "absorbed", "overtime", "hiring", "dismissal", "subcontract_premium")
MATERIAL = ("price_variance", "usage_variance", "scrap", "expiry", "shrinkage", "expediting")
SERVICE_COSTS = ("transport", "selling", "penalties", "bad_debt", "storage", "counting", "fixed_cost")
EBIT = (*GROSS_MARGIN, *PLANT, *MATERIAL, *SERVICE_COSTS)
PROFIT = (*EBIT, "interest")
"""Lines of the profit and loss account, each subtotal with those above it."""

WRITE_OFFS = ("scrap", "expiry", "shrinkage")


def sign(flow: str) -> float:
    """Return 1 for income from the outside, -1 for expense, 0 between two accounts."""
    source, target = MONEY_FLOWS[flow]
    return float(source == OUTSIDE) - float(target == OUTSIDE)
