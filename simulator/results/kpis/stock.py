"""Measures of stock and of the pipeline."""

from __future__ import annotations

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.units import DAYS_A_YEAR, Array
from simulator.results.kpis.registry import measure
from simulator.results.reading.record import ratio
from simulator.results.reading.score import Score


@measure("Stock of products", "units", "lower")
def stock_units(s: Score) -> Array:
    """Mean units of products on hand at day's end."""
    return s.goods(s.mean_on_hand[s.network.sold])


@measure("Stock of products", "money", "lower")
def stock_value(s: Score) -> Array:
    """Mean value at standard cost of products on hand at day's end."""
    return s.goods((s.mean_on_hand * s.unit_cost)[s.network.sold])


@measure("Stock of components", "money", "lower", "company")
def component_value(s: Score) -> Array:
    """Mean value at standard cost of components and semi-finished items on hand at day's end."""
    return np.asarray((s.mean_on_hand * s.unit_cost)[len(s.network.products) :].sum(axis=0, keepdims=True))


@measure("All stock", "money", "lower", "company")
def all_stock_value(s: Score) -> Array:
    """Mean value at standard cost of everything on hand at day's end: products, semi-finished items, components."""
    return np.asarray((s.mean_on_hand * s.unit_cost).sum(axis=0, keepdims=True))


@measure("Days of stock of products", "days", "lower")
def days_of_supply(s: Score) -> Array:
    """Mean value of products on hand / cost of goods shipped a day (SCOR AM.2.2)."""
    return ratio(stock_value(s), s.goods(s.shipped * s.unit_cost[s.network.sold]) / s.span)


@measure("Turns", "a year", "higher")
def turns(s: Score) -> Array:
    """Annual cost of goods shipped / mean value of products on hand."""
    return ratio(s.goods(s.shipped * s.unit_cost[s.network.sold]) * (DAYS_A_YEAR / s.span), stock_value(s))


@measure("Work in process", "money", "lower", "company")
def work_in_process(s: Score) -> Array:
    """Mean value at standard cost of made items that are started and not yet in stock."""
    return np.asarray((s.mean_on_order * s.unit_cost)[s.network.made].sum(axis=0, keepdims=True))


@measure("In transit", "money", "lower", "company")
def in_transit(s: Score) -> Array:
    """Mean value at standard cost of what is ordered from suppliers and not yet received."""
    return np.asarray((s.mean_on_order * s.unit_cost)[s.network.bought].sum(axis=0, keepdims=True))


@measure("Peak stock", "money", "lower")
def peak_stock(s: Score) -> Array:
    """Highest value of products on hand at a day's end."""
    value = s.level("on_hand")[:, s.network.sold] * s.unit_cost[s.network.sold]
    return np.asarray(s.goods(value).max(axis=0))


@measure("Excess stock", "share", "lower")
def excess(s: Score) -> Array:
    """Value on hand beyond 90 days of the product's mean demand / value on hand, at day's end."""
    cap = 90 * s.due.sum(axis=0) / s.span
    beyond = np.maximum(s.level("on_hand")[:, s.network.sold] - cap, 0.0).sum(axis=0) / s.span
    return ratio(s.goods(beyond * s.unit_cost[s.network.sold]), stock_value(s))


@measure("Days at safety stock or above", "share", "")
def above_safety_stock(s: Score) -> Array:
    """Share of product-days that close with at least the planned safety stock on hand."""
    held, plans = np.zeros_like(s.shipped), s.books.plans
    for month in range(s.first_month, s.end_month):
        made = max((m for m in plans.made_in if m <= month), default=0)
        days = slice(s.days.month_start[month], s.days.month_start[month + 1])
        on_hand = s.books.closing["on_hand"][days, s.network.sold]
        held += (on_hand >= plans.safety_stock[made, s.network.sold] - TINY).sum(axis=0)
    return s.goods(held) / s.goods(np.full_like(held, float(s.span)))
