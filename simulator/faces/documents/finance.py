"""The financial plan: what the approved plans come to in money, at the rates by which the books are kept."""

from __future__ import annotations

import numpy as np

from simulator.faces.documents.paper import COMPANY, TOTAL, Figure, Grid, by_month
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Array
from simulator.results.money.terms import Terms
from simulator.results.reading.month import Month

SALES, COST = msg("sales value"), msg("cost of goods")


def financial_plan(month: Month) -> list[Grid]:
    """From sales value to the planned result, month by month."""
    figures = _lines(month)
    result = sum(figures.values())
    shown = {name: figures[name] for name in (SALES, COST)}
    shown[msg("margin")] = figures[SALES] + figures[COST]
    shown |= {name: amount for name, amount in figures.items() if name not in shown and amount.any()}
    shown[msg("planned EBIT")] = np.asarray(result)
    shown[msg("business plan, sales")] = (month.budget * month.n.price[:, 0]).sum(axis=1)
    if month.has_family_plan:
        shown[msg("stock of made products at cost")] = month.projected.stock @ month.unit_cost
    grid = {Figure(name, month.currency): amount[:, None] for name, amount in shown.items()}
    return [by_month(msg("The company"), COMPANY, [TOTAL], month.ahead, grid)]


def _lines(month: Month) -> dict[Message, Array]:
    """Income and expense, (months ahead,) each; penalties, returns and write-offs are not planned."""
    n, finance, terms = month.n, month.company.finance, Terms(month.company, month.n)
    shipped = shipped_by_product(month)
    sales = shipped * n.price[:, 0]
    made = month.by_product(month.production) if month.has_family_plan else shipped
    overtime = month.overtime @ (terms.wage + n.overtime_premium[:, 0])
    stock = month.projected.stock @ month.unit_cost if month.has_family_plan else np.zeros(len(sales))
    return {
        SALES: sales.sum(axis=1),
        COST: -(shipped @ terms.cost[n.sold]),
        msg("transport, selling, bad debt"): -(sales @ _serving(month, terms)),
        msg("regular hours"): -month.working[: len(sales)] * float(terms.paid_hours @ terms.wage),
        msg("conversion in what is made"): made @ terms.conversion_in_all,
        msg("overtime"): -overtime if month.has_family_plan else np.zeros(len(sales)),
        msg("storage of made products"): -stock * (finance.holding_rate - finance.capital_rate) / 12,
        msg("fixed cost"): np.full(len(sales), -finance.fixed_cost),
    }


def _serving(month: Month, terms: Terms) -> Array:
    """Transport, selling and bad debt as a share of each product's price, in the mix of the customers of the last year."""
    lately = month.flow("due", month.supply_day - 365, month.supply_day)
    known, whole = lately.sum(axis=0), lately.sum()
    usual = terms.serving @ lately.sum(axis=1) / whole if whole > TINY else terms.serving.mean()
    return np.asarray(np.where(known > TINY, terms.serving @ lately / np.maximum(known, TINY), usual))


def shipped_by_product(month: Month) -> Array:
    """Executable shipments in the mix of the demand plan, (months ahead, products)."""
    if not month.has_family_plan:
        return month.demand
    asked = month.by_family(month.demand)
    share = np.where(asked > 0, month.projected.shipments / np.maximum(asked, 1e-9), 0.0)
    return np.asarray(month.demand * share[:, month.n.family_of])
