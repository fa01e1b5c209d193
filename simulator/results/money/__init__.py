"""The books in money: a double-entry ledger by day and replication, made after the run. Begin with accounts.py."""

from simulator.results.money.accounts import ACCOUNTS, MONEY_FLOWS
from simulator.results.money.budget import Budget
from simulator.results.money.expectation import Expectation
from simulator.results.money.journal import Money
from simulator.results.money.statements import Statements

__all__ = ["ACCOUNTS", "MONEY_FLOWS", "Budget", "Expectation", "Money", "Statements"]
