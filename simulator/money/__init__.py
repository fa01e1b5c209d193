"""The books in money: a double-entry ledger by day and lane, worked out after the run from goods, orders and what was counted."""

from simulator.money.accounts import ACCOUNTS, MONEY_FLOWS
from simulator.money.budget import Budget
from simulator.money.expectation import Expectation
from simulator.money.journal import Money
from simulator.money.statements import Statements

__all__ = ["ACCOUNTS", "MONEY_FLOWS", "Budget", "Expectation", "Money", "Statements"]
