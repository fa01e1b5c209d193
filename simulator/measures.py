"""What is measured: one function a measure, with its unit, direction and definition; computed from the books, once.

Every ratio is a ratio of sums over the scored days. A function answers (groups, lanes), where the
groups are the whole company, its products, its families or its customer segments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.lanes import TINY
from simulator.run import Books
from simulator.units import Array, ScenarioError, Whole, nearest

if TYPE_CHECKING:
    import pandas as pd

GROUPINGS = ("total", "product", "family", "segment")
YEAR = 365.25


class Score:
    """The scored part of the books, and how to group it."""

    def __init__(self, books: Books, by: str = "total") -> None:
        scenario = books.scenario
        self.books, self.by, self.network, self.days = books, by, scenario.network, scenario.days
        self.first_month = scenario.experiment.warm_up
        self.first = int(self.days.month_start[self.first_month])
        self.span = self.days.count - self.first
        self.target = scenario.experiment.service_target
        self.price, self.unit_cost = self.network.price, self.network.unit_cost
        self.made_products: Whole = np.intersect1d(np.arange(len(self.network.products)), self.network.made)

    def flow(self, name: str) -> Array:
        """A flow on the scored days."""
        return self.books.flows[name][self.first :]

    def level(self, name: str) -> Array:
        """A closing level on the scored days."""
        return self.books.closing[name][self.first :]

    @cached_property
    def groups(self) -> list[str]:
        """Names of the groups."""
        n = self.network
        return {"total": ["total"], "product": n.products, "family": n.families, "segment": n.segments}[self.by]

    def orders(self, amount: Array) -> Array:
        """Sum (segments, products, lanes) into the groups."""
        if self.by == "segment":
            return np.asarray(amount.sum(axis=1))
        return self.goods(amount.sum(axis=0))

    def goods(self, amount: Array) -> Array:
        """Sum (..., products, lanes) into the groups."""
        if self.by == "product":
            return amount
        return self.network.by_family(amount) if self.by == "family" else np.asarray(amount.sum(axis=-2, keepdims=True))

    # --- sums that several measures share ---

    @cached_property
    def due(self) -> Array:
        """Demand, (segments, products, lanes)."""
        return np.asarray(self.flow("due").sum(axis=0))

    @cached_property
    def new_shortage(self) -> Array:
        """By day: what fell due today and stock could not serve after the old backlog."""
        return np.minimum(self.flow("due"), self.level("backlog") + self.flow("lost"))

    @cached_property
    def short(self) -> Array:
        """New shortage, summed over the days."""
        return np.asarray(self.new_shortage.sum(axis=0))

    @cached_property
    def mean_backlog(self) -> Array:
        """(segments, products, lanes)"""
        return np.asarray(self.level("backlog").sum(axis=0) / self.span)

    @cached_property
    def mean_on_hand(self) -> Array:
        """(items, lanes)"""
        return np.asarray(self.level("on_hand").sum(axis=0) / self.span)

    @cached_property
    def mean_on_order(self) -> Array:
        """(items, lanes)"""
        return np.asarray(self.level("on_order").sum(axis=0) / self.span)

    @cached_property
    def shipped(self) -> Array:
        """(products, lanes)"""
        return np.asarray(self.flow("shipped").sum(axis=0))

    def by_month(self, daily: Array) -> Array:
        """Sum days into the scored months, per working day: (months, rows, lanes)."""
        starts = self.days.month_start[self.first_month : -1]
        worked = np.diff(self.days.worked_so_far[np.append(starts, self.days.count)])
        sums = np.add.reduceat(daily, starts - self.first, axis=0)
        return np.asarray(sums / np.maximum(worked, 1.0)[:, None, None])

    @cached_property
    def production(self) -> Array:
        """Starts of made products by month and group, per working day."""
        daily = np.zeros((self.span, len(self.network.products), self.due.shape[-1]))
        daily[:, self.made_products] = self.flow("released")[:, self.made_products]
        return self.goods(self.by_month(daily))

    @cached_property
    def forecasts(self) -> tuple[Array, Array]:
        """Forecast one month ahead, and what came: (months, products, lanes) each; months without a forecast left out."""
        plans, past = self.books.plans, len(self.books.demand_by_month) - self.days.months
        made = [m for m in plans.made_in if m + LAG >= self.first_month and m + LAG < self.days.months]
        actual = self.books.demand_by_month[past:]
        return plans.forecast[made, LAG], actual[[m + LAG for m in made]]


LAG = 1
"""Months before the month itself, at which a forecast is held against it: made at the start of the month before."""


@dataclass(frozen=True)
class Measure:
    """A measure as it is shown: what it is called, in what, which way is better, and how it is defined."""

    name: str
    title: str
    unit: str
    better: str  # "higher", "lower" or ""
    definition: str
    per: str  # "orders" (also by segment), "goods" or "company"
    function: Callable[[Score], Array]


MEASURES: dict[str, Measure] = {}


def measure(title: str, unit: str, better: str, per: str = "goods") -> Callable[[Callable[[Score], Array]], Callable[[Score], Array]]:
    """Declare a measure; its definition is the function's docstring."""

    def declare(function: Callable[[Score], Array]) -> Callable[[Score], Array]:
        name = function.__name__
        definition = " ".join((function.__doc__ or "").split())
        MEASURES[name] = Measure(name, title, unit, better, definition, per, function)
        return function

    return declare


def ratio(part: Array, whole: Array) -> Array:
    """A ratio of sums; not a number where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(np.abs(whole) > TINY, part / whole, np.nan))


# --- service ---------------------------------------------------------------------------------------------------------


@measure("Fill rate", "share", "higher", "orders")
def fill_rate(s: Score) -> Array:
    """1 - new shortage / demand; new shortage of a day is what falls due and stock cannot serve after the old backlog."""
    return 1 - ratio(s.orders(s.short), s.orders(s.due))


@measure("Lines on time in full", "share", "higher", "orders")
def otif(s: Score) -> Array:
    """Order lines shipped complete on the day due / lines due; a line is what one segment wants of one product on one day."""
    lines = (s.flow("due") > 0).sum(axis=0).astype(np.float64)
    missed = (s.new_shortage > TINY).sum(axis=0)
    return 1 - ratio(s.orders(missed.astype(np.float64)), s.orders(lines))


@measure("Contract missed", "probability", "lower", "orders")
def contract_missed(s: Score) -> Array:
    """Whether the fill rate of a replication is below the contract's target; its mean is the probability of missing it."""
    rate = fill_rate(s)
    return np.where(np.isnan(rate), np.nan, (rate < s.target).astype(np.float64))


@measure("Cycle service level", "share", "higher")
def cycle_service(s: Score) -> Array:
    """Replenishments that arrive while nothing is owed / replenishments; read just before each receipt."""
    owed = s.books.closing["backlog"].sum(axis=1)[s.first - 1 : -1] if s.first else s.level("backlog").sum(axis=1)[:-1]
    received = s.flow("received")[-len(owed) :, s.network.sold] > TINY
    in_time = (received & (owed <= TINY)).sum(axis=0).astype(np.float64)
    return ratio(s.goods(in_time), s.goods(received.sum(axis=0).astype(np.float64)))


@measure("Months without shortage", "share", "higher")
def period_service(s: Score) -> Array:
    """Product-months without new shortage / product-months with demand."""
    starts = s.days.month_start[s.first_month : -1] - s.first
    short, due = (np.add.reduceat(a.sum(axis=1), starts, axis=0) for a in (s.new_shortage, s.flow("due")))
    wanted = due > TINY
    return ratio(s.goods((wanted & (short <= TINY)).sum(axis=0) * 1.0), s.goods(wanted.sum(axis=0) * 1.0))


@measure("Ready rate", "share", "higher")
def ready_rate(s: Score) -> Array:
    """Share of product-days that close with stock on hand and nothing owed."""
    ready = (s.level("on_hand")[:, s.network.sold] > TINY) & (s.level("backlog").sum(axis=1) <= TINY)
    return s.goods(ready.sum(axis=0) * 1.0) / s.goods(np.full_like(s.shipped, float(s.span)))


@measure("Gamma service", "share", "higher", "orders")
def gamma_service(s: Score) -> Array:
    """1 - mean backlog at day's end / mean daily demand."""
    return 1 - ratio(s.orders(s.mean_backlog), s.orders(s.due) / s.span)


@measure("Order cycle time", "days", "lower", "orders")
def cycle_time(s: Score) -> Array:
    """Mean days from order to shipment: requested lead time and days late, by Little's law (backlog / served)."""
    opened = s.books.closing["backlog"][s.first - 1] if s.first else 0.0
    served = s.due - s.flow("lost").sum(axis=0) + opened - s.level("backlog")[-1]
    lead = np.array([s.books.scenario.company.segments[g].lead_time for g in s.network.segments])[:, None, None]
    return ratio(s.orders(s.mean_backlog * s.span + served * lead), s.orders(served))


@measure("Wait of the slowest twentieth", "days", "lower", "orders")
def wait_p95(s: Score) -> Array:
    """Days after the due date within which 95 % of demand is shipped or given up; first in, first out within segment and product."""
    due, open_ = s.flow("due"), s.level("backlog") + s.flow("lost")
    allowed, newer, wait = 0.05 * s.orders(s.due), np.zeros_like(due), np.zeros_like(s.orders(s.due))
    for days in range(s.span):
        cohort = np.zeros_like(due)
        cohort[days:] = due[: s.span - days]
        late = s.orders(np.clip(open_ - newer, 0.0, cohort).sum(axis=0)) > allowed + TINY
        wait = np.where(late, days + 1.0, wait)
        if not late.any():
            break
        newer += cohort
    return wait


@measure("Backlog", "units", "lower", "orders")
def backlog(s: Score) -> Array:
    """Mean units due and not shipped at day's end."""
    return s.orders(s.mean_backlog)


@measure("Backlog value", "money", "lower", "orders")
def backlog_value(s: Score) -> Array:
    """Mean backlog at day's end, at sales price."""
    return s.orders(s.mean_backlog * s.price)


@measure("Backlog in days", "days", "lower", "orders")
def backlog_days(s: Score) -> Array:
    """Mean backlog / mean daily demand."""
    return ratio(s.orders(s.mean_backlog), s.orders(s.due) / s.span)


@measure("Lost sales", "share", "lower", "orders")
def lost_sales(s: Score) -> Array:
    """Demand given up because customers' patience ran out / demand."""
    return ratio(s.orders(np.asarray(s.flow("lost").sum(axis=0))), s.orders(s.due))


# --- forecast and plan -----------------------------------------------------------------------------------------------


@measure("Forecast error (WMAPE)", "share", "lower")
def forecast_wmape(s: Score) -> Array:
    """Sum of |forecast - demand| / sum of demand, by product and month; forecast made at the start of the month before."""
    forecast, actual = s.forecasts
    return ratio(s.goods(np.abs(forecast - actual).sum(axis=0)), s.goods(actual.sum(axis=0)))


@measure("Forecast bias", "share", "")
def forecast_bias(s: Score) -> Array:
    """Sum of (forecast - demand) / sum of demand; positive is over-forecast; forecast made at the start of the month before."""
    forecast, actual = s.forecasts
    return ratio(s.goods((forecast - actual).sum(axis=0)), s.goods(actual.sum(axis=0)))


@measure("Forecast RMSE", "units", "lower")
def forecast_rmse(s: Score) -> Array:
    """Root of the mean squared error by product and month; forecast made at the start of the month before."""
    forecast, actual = s.forecasts
    count = s.goods(np.full(actual.shape[1:], float(max(len(actual), 1))))
    return np.sqrt(s.goods(np.square(forecast - actual).sum(axis=0)) / count)


@measure("Forecast MASE", "ratio", "lower")
def forecast_mase(s: Score) -> Array:
    """Mean absolute error / that of repeating the same month a year earlier (Hyndman & Koehler 2006), over the scored months."""
    forecast, actual = s.forecasts
    past = len(s.books.demand_by_month) - s.days.months
    months = [past + m + LAG for m in s.books.plans.made_in if s.first_month <= m + LAG < s.days.months]
    known = [k for k, m in enumerate(months) if m >= 12]
    naive = s.books.demand_by_month[[months[k] - 12 for k in known]]
    error, reference = np.abs(forecast - actual)[known].sum(axis=0), np.abs(naive - actual[known]).sum(axis=0)
    return ratio(s.goods(error), s.goods(reference))


@measure("Tracking signal alarms", "share", "lower")
def tracking_alarms(s: Score) -> Array:
    """Share of product-months in which cumulative error / mean absolute error is beyond 4 either way."""
    forecast, actual = s.forecasts
    error = forecast - actual
    months = np.arange(1, len(error) + 1)[:, None, None]
    signal = np.cumsum(error, axis=0) / np.maximum(np.cumsum(np.abs(error), axis=0) / months, TINY)
    alarms = (np.abs(signal) > 4).sum(axis=0) * 1.0
    return ratio(s.goods(alarms), s.goods(np.full_like(alarms, float(len(error)))))


@measure("Plan attainment", "share", "higher")
def plan_attainment(s: Score) -> Array:
    """1 - sum of |made - planned| / sum planned, by family and month; planned at the start of the month."""
    plans = s.books.plans
    months = [m for m in plans.made_in if m >= s.first_month]
    planned = plans.production[months, 0]
    made = np.zeros((s.days.months, *planned.shape[1:]))
    for m in months:
        start, end = s.days.month_start[m], s.days.month_start[m + 1]
        made[m] = s.network.by_family(_made_only(s, s.books.flows["released"][start:end].sum(axis=0)))
    missed, wanted = np.abs(made[months] - planned).sum(axis=0), planned.sum(axis=0)
    if s.by == "product":
        return np.full_like(s.shipped, np.nan)
    if s.by == "family":
        return 1 - ratio(missed, wanted)
    return 1 - ratio(missed.sum(axis=0, keepdims=True), wanted.sum(axis=0, keepdims=True))


def _made_only(s: Score, items: Array) -> Array:
    made = np.zeros_like(s.shipped)
    made[s.made_products] = items[s.made_products]
    return made


@measure("Plan nervousness", "share", "lower", "company")
def nervousness(s: Score) -> Array:
    """Sum of |production planned for a month - planned for it a cycle earlier| / sum planned, over families and months ahead (after Sridharan, Berry & Udayabhanu 1988)."""
    plans, changed, planned = s.books.plans, 0.0, 0.0
    made = [m for m in plans.made_in if m >= s.first_month]
    for before, now in zip(made[:-1], made[1:], strict=True):
        later, earlier = plans.production[now, : 12 - (now - before)], plans.production[before, now - before :]
        changed = changed + np.abs(later - earlier).sum(axis=(0, 1))
        planned = planned + later.sum(axis=(0, 1))
    return ratio(np.atleast_2d(changed), np.atleast_2d(planned)) if len(made) > 1 else np.full((1, s.due.shape[-1]), np.nan)


# --- stock -----------------------------------------------------------------------------------------------------------


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


@measure("Days of stock", "days", "lower")
def days_of_supply(s: Score) -> Array:
    """Mean value of products on hand / cost of goods shipped a day (SCOR AM.2.2)."""
    return ratio(stock_value(s), s.goods(s.shipped * s.unit_cost[s.network.sold]) / s.span)


@measure("Turns", "a year", "higher")
def turns(s: Score) -> Array:
    """Annual cost of goods shipped / mean value of products on hand."""
    return ratio(s.goods(s.shipped * s.unit_cost[s.network.sold]) * (YEAR / s.span), stock_value(s))


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
    for month in range(s.first_month, s.days.months):
        made = max((m for m in plans.made_in if m <= month), default=0)
        days = slice(s.days.month_start[month], s.days.month_start[month + 1])
        on_hand = s.books.closing["on_hand"][days, s.network.sold]
        held += (on_hand >= plans.safety_stock[made, s.network.sold] - TINY).sum(axis=0)
    return s.goods(held) / s.goods(np.full_like(held, float(s.span)))


# --- smoothness and capacity -----------------------------------------------------------------------------------------


@measure("Production variation", "ratio", "lower")
def production_variation(s: Score) -> Array:
    """Standard deviation / mean of monthly production per working day."""
    return ratio(s.production.std(axis=0, ddof=1), s.production.mean(axis=0)) if len(s.production) > 1 else _unknown(s)


@measure("Production change", "share", "lower")
def production_change(s: Score) -> Array:
    """Mean |production of a month - of the month before| / mean production, per working day."""
    if len(s.production) < 2:
        return _unknown(s)
    return ratio(np.abs(np.diff(s.production, axis=0)).mean(axis=0), s.production.mean(axis=0))


@measure("Production peak", "ratio", "lower")
def production_peak(s: Score) -> Array:
    """Highest monthly production per working day / its mean."""
    return ratio(s.production.max(axis=0), s.production.mean(axis=0))


def _unknown(s: Score) -> Array:
    return np.full_like(s.production[0], np.nan)


@measure("Bullwhip", "ratio", "lower")
def bullwhip(s: Score) -> Array:
    """[variance / mean of weekly releases of products] / [variance / mean of their weekly demand, served or not] (Chen et al. 2000)."""
    weeks = s.span // 7
    released = s.goods(s.flow("released")[: 7 * weeks, s.network.sold])
    demand = s.goods(s.flow("due")[: 7 * weeks].sum(axis=1))
    return variance_ratio(released, demand, 7)


def variance_ratio(orders: Array, demand: Array, bucket: int) -> Array:
    """[Var(O)/E(O)] / [Var(D)/E(D)] in buckets of days, (days, groups, lanes) each -> (groups, lanes)."""
    weeks = len(orders) // bucket
    o, d = (a[: weeks * bucket].reshape(weeks, bucket, *a.shape[1:]).sum(axis=1) for a in (orders, demand))
    return ratio(ratio(o.var(axis=0, ddof=1), o.mean(axis=0)), ratio(d.var(axis=0, ddof=1), d.mean(axis=0)))


@measure("Net-stock amplification", "ratio", "lower")
def stock_amplification(s: Score) -> Array:
    """Variance of net stock at week's end / variance of weekly demand (Disney & Towill 2003)."""
    weeks = s.span // 7
    net = s.level("on_hand")[:, s.network.sold] - s.level("backlog").sum(axis=1)
    demand = s.goods(s.flow("due")[: 7 * weeks].sum(axis=1))
    weekly = demand.reshape(weeks, 7, *demand.shape[1:]).sum(axis=1)
    return ratio(s.goods(net)[6 : 7 * weeks : 7].var(axis=0, ddof=1), weekly.var(axis=0, ddof=1))


@measure("Purchase swing", "share", "lower", "company")
def purchase_swing(s: Score) -> Array:
    """Mean |purchases of a month - of the month before| / mean, at standard cost, each bought item by itself."""
    bought = s.network.bought
    monthly = s.by_month(s.flow("released")[:, bought] * s.unit_cost[bought])
    if len(monthly) < 2 or not bought.size:
        return np.full((1, s.due.shape[-1]), np.nan)
    change = np.abs(np.diff(monthly, axis=0)).mean(axis=0).sum(axis=0, keepdims=True)
    return ratio(change, monthly.mean(axis=0).sum(axis=0, keepdims=True))


@measure("Utilisation", "share", "", "company")
def utilisation(s: Score) -> Array:
    """Hours used / hours available, of the busiest resource over the scored days."""
    return _load(s, slice(None))


@measure("Peak utilisation", "share", "", "company")
def peak_utilisation(s: Score) -> Array:
    """Hours used / hours available, of the busiest resource in its busiest month."""
    months = [slice(a - s.first, b - s.first) for a, b in zip(s.days.month_start[s.first_month : -1], s.days.month_start[s.first_month + 1 :], strict=True)]
    return np.asarray(np.max([_load(s, month) for month in months], axis=0))


def _load(s: Score, span: slice) -> Array:
    if not len(s.network.resources):
        return np.full((1, s.due.shape[-1]), np.nan)
    working = s.days.working[s.first :][span].sum()
    used = s.books.hours_used[s.first :][span].sum(axis=0)
    return np.asarray((used / np.maximum(s.network.hours * working, TINY)).max(axis=0, keepdims=True))


# --- money and process -----------------------------------------------------------------------------------------------


@measure("Profit contribution", "money/year", "higher", "company")
def contribution(s: Score) -> Array:
    """Margin of what was shipped at price less standard cost, less holding of all stock, overtime premium and penalties for backlog, a year."""
    finance, n = s.books.scenario.company.finance, s.network
    margin = (s.shipped * (s.price - n.unit_cost[n.sold])).sum(axis=0, keepdims=True)
    holding = all_stock_value(s) * finance.holding_rate * (s.span / YEAR)
    late = (s.mean_backlog * s.price).sum(axis=(0, 1))[None] * s.span * finance.late_penalty
    extra = (_overtime_hours(s) * n.overtime_premium).sum(axis=0, keepdims=True)
    return np.asarray((margin - holding - late - extra) * (YEAR / s.span))


@measure("Overtime", "share", "lower", "company")
def overtime(s: Score) -> Array:
    """Overtime hours worked / regular hours, all resources together."""
    if not len(s.network.resources):
        return np.full((1, s.due.shape[-1]), np.nan)
    regular = (s.network.hours * s.days.working[s.first :].sum()).sum()
    return np.asarray(_overtime_hours(s).sum(axis=0, keepdims=True) / regular)


def _overtime_hours(s: Score) -> Array:
    """Hours worked beyond the regular ones of each working day, (resources, lanes)."""
    return np.asarray(np.maximum(s.books.hours_used[s.first :] - s.network.hours - TINY, 0.0).sum(axis=0))


@measure("Decision latency", "working days", "lower", "company")
def decision_latency(s: Score) -> Array:
    """Working days from the end of the month that a cycle looks back on until its decisions take effect, mean over cycles."""
    plans, worked = s.books.plans, s.days.worked_so_far
    made = [m for m in plans.made_in if m >= s.first_month]
    days = [worked[np.minimum(plans.effective[m], s.days.count)] - worked[s.days.month_start[m]] for m in made]
    return np.atleast_2d(np.mean(days, axis=0)) if days else np.full((1, s.due.shape[-1]), np.nan)


@measure("Changes asked inside the frozen zone", "share", "lower", "company")
def frozen_changes(s: Score) -> Array:
    """Production changes that a cycle wanted in months that are frozen, and did not get / production planned for them."""
    asked = s.books.plans.tables.get("changes asked inside the frozen zone")
    if asked is None:
        return np.full((1, s.due.shape[-1]), np.nan)
    made = [m for m in s.books.plans.made_in if m >= s.first_month]
    frozen = s.books.policy.frozen_months
    return ratio(np.nansum(asked[made], axis=0)[None], s.books.plans.production[made, :frozen].sum(axis=(0, 1, 2))[None])


def _stage_error(s: Score, stage: str) -> Array:
    table = s.books.plans.tables.get(f"forecast: {stage}")
    if table is None:
        return np.full_like(s.goods(s.shipped), np.nan)
    past = len(s.books.demand_by_month) - s.days.months
    made = [m for m in s.books.plans.made_in if s.first_month <= m + LAG < s.days.months]
    actual = s.books.demand_by_month[[past + m + LAG for m in made]]
    return ratio(s.goods(np.abs(table[made] - actual).sum(axis=0)), s.goods(actual.sum(axis=0)))


@measure("Error of the naive forecast", "share", "lower")
def wmape_naive(s: Score) -> Array:
    """WMAPE a month ahead of repeating the same month of last year."""
    return _stage_error(s, "naive")


@measure("Error of the statistical forecast", "share", "lower")
def wmape_statistical(s: Score) -> Array:
    """WMAPE a month ahead of the statistical stage of a consensus."""
    return _stage_error(s, "statistical")


@measure("Error of the sales team's forecast", "share", "lower")
def wmape_sales(s: Score) -> Array:
    """WMAPE a month ahead of the sales team's stage of a consensus."""
    return _stage_error(s, "sales")


@measure("Error of the agreed forecast", "share", "lower")
def wmape_final(s: Score) -> Array:
    """WMAPE a month ahead of the forecast that was planned on."""
    return _stage_error(s, "final")


@measure("Commitment kept", "share", "higher", "company")
def commitment(s: Score) -> Array:
    """1 - sum of |made - committed| / sum committed, by family and month; committed is the plan in force when the month began."""
    kept = s.books.plans.tables.get("committed")
    if kept is None:
        return np.full((1, s.due.shape[-1]), np.nan)
    missed, wanted = 0.0, 0.0
    for m in range(s.first_month, s.days.months):
        days = slice(s.days.month_start[m], s.days.month_start[m + 1])
        made = s.network.by_family(_made_only(s, s.books.flows["released"][days].sum(axis=0)))
        missed, wanted = missed + np.abs(made - kept[m]).sum(axis=0), wanted + kept[m].sum(axis=0)
    return 1 - ratio(np.atleast_2d(missed), np.atleast_2d(wanted))


MAIN = (
    "fill_rate", "otif", "contract_missed", "lost_sales", "backlog_value", "cycle_time", "days_of_supply", "stock_value",
    "all_stock_value", "production_change", "bullwhip", "purchase_swing", "nervousness", "plan_attainment",
    "forecast_wmape", "forecast_bias", "peak_utilisation", "overtime", "contribution",
)  # fmt: skip
"""What a comparison shows when no measures are named."""


def named(measures: Sequence[str] | None) -> list[Measure]:
    """Measures by name; all that a comparison shows when none are named."""
    names = MAIN if not measures else tuple(MEASURES) if list(measures) == ["all"] else measures
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        raise ScenarioError(f"there is no measure {unknown[0]!r}; {nearest(unknown[0], list(MEASURES))}")
    return [MEASURES[name] for name in names]


def values(books: Books, measures: Sequence[str] | None = None, by: str = "total") -> tuple[list[tuple[Measure, str]], Array]:
    """Measures and groups in rows, replications in columns."""
    if by not in GROUPINGS:
        raise ScenarioError(f"there is no grouping {by!r}; allowed are {', '.join(GROUPINGS)}")
    score, rows, parts = Score(in_company(books), by), [], []
    for m in named(measures):
        if m.per == "company" and by != "total" or m.per == "goods" and by == "segment":
            continue
        parts.append(m.function(score))
        rows += [(m, group) for group in score.groups]
    lanes = len(books.replications)
    return rows, np.concatenate(parts)[:, :lanes] if parts else np.zeros((0, lanes))


def in_company(books: Books) -> Books:
    """A lone replication beside its double, since NumPy sums a lone column in another order than columns in company."""
    if len(books.replications) > 1:
        return books
    plans = copy(books.plans)
    vars(plans).update(_twice(vars(plans)), tables=_twice(plans.tables), effective=_twice(plans.effective), chosen=_twice(plans.chosen))
    return replace(books, flows=_twice(books.flows), closing=_twice(books.closing), plans=plans,
                   hours_used=np.repeat(books.hours_used, 2, axis=-1), demand_by_month=np.repeat(books.demand_by_month, 2, axis=-1))  # fmt: skip


def _twice(tables: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: np.repeat(table, 2, axis=-1) if isinstance(table, np.ndarray) else table for key, table in tables.items()}


def tidy(books: Books, rows: list[tuple[Measure, str]], found: Array, by: str) -> pd.DataFrame:
    """The tidy table of one block: scenario, policy, replication, measure, unit, value."""
    import pandas as pd

    lanes = len(books.replications)
    columns = {
        "scenario": books.scenario.name,
        "policy": books.policy.name,
        "replication": np.tile(books.replications, len(rows)),
        **({} if by == "total" else {by: np.repeat([group for _, group in rows], lanes)}),
        "measure": np.repeat([m.name for m, _ in rows], lanes),
        "unit": np.repeat([m.unit for m, _ in rows], lanes),
        "value": found.ravel(),
    }
    return pd.DataFrame(columns)


def table(books: Books, by: str = "total", measures: Sequence[str] | None = None) -> pd.DataFrame:
    """The tidy table of one block of replications."""
    rows, found = values(books, measures, by)
    return tidy(books, rows, found, by)
