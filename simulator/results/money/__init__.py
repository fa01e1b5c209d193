"""The books in money: a double-entry ledger by day and replication, made after the run. Begin with accounts.py."""

from simulator.engine.money.accounts import ACCOUNTS, MONEY_FLOWS
from simulator.engine.money.expectation import Expectation
from simulator.engine.money.journal import Money
from simulator.results.money.budget import Budget
from simulator.results.money.statements import Statements

__all__ = ["ACCOUNTS", "MONEY_FLOWS", "Budget", "Expectation", "Money", "Statements"]
