"""Sources of profit: six figures that add up to EBIT before absorption."""

from __future__ import annotations

from simulator.engine.money.accounts import NET_SALES, WRITE_OFFS
from simulator.kernel.units import Array
from simulator.results.kpis.profit import a_year, wages_parked
from simulator.results.kpis.registry import measure
from simulator.results.reading.score import Score


@measure("From customers", "money/year", "higher", "company")
def profit_customers(s: Score) -> Array:
    """A year's net sales less the material cost of what was shipped; with the other sources it adds up to EBIT before absorption."""
    return a_year(s, (*NET_SALES, "cost_of_goods", "restocked", "absorbed")) - wages_parked(s)


@measure("For lateness", "money/year", "higher", "company")
def profit_lateness(s: Score) -> Array:
    """A year's late penalties and bad debt, as a cost below 0."""
    return a_year(s, ("penalties", "bad_debt"))


@measure("For people and plant", "money/year", "higher", "company")
def profit_people(s: Score) -> Array:
    """A year's wages worked or idle, overtime, hiring, dismissals, premium of subcontractors and fixed cost, below 0."""
    return a_year(s, ("wages", "overtime", "hiring", "dismissal", "subcontract_premium", "fixed_cost"))


@measure("For stock", "money/year", "higher", "company")
def profit_stock(s: Score) -> Array:
    """A year's storage, counting, scrap beyond plan, goods past their shelf life and shrinkage, below 0."""
    return a_year(s, ("storage", "counting", *WRITE_OFFS))


@measure("For purchasing", "money/year", "higher", "company")
def profit_purchasing(s: Score) -> Array:
    """A year's express orders and variances of purchase prices and of parts used from standard, below 0."""
    return a_year(s, ("price_variance", "usage_variance", "expediting"))


@measure("For the way to customers", "money/year", "higher", "company")
def profit_way(s: Score) -> Array:
    """A year's transport and selling, below 0."""
    return a_year(s, ("transport", "selling"))


SOURCES = (
    "profit_customers", "profit_lateness", "profit_people", "profit_stock", "profit_purchasing", "profit_way",
)  # fmt: skip
"""Names of the sources, which add up."""
