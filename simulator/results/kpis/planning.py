"""Measures of planning: forecast accuracy and adherence to plans."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from simulator.company.calendar import with_history
from simulator.kernel.units import Array
from simulator.results.kpis.registry import Amount, measure
from simulator.results.reading.record import LAG, ratio
from simulator.results.reading.score import Score
from simulator.theory.tracking import ALARM


def by_product(amount: Array) -> Array:
    """Group nothing: each product by itself."""
    return amount


@measure("Forecast error (WMAPE)", "share", "lower")
def forecast_wmape(s: Score) -> Array:
    """Sum of |forecast - demand| / sum of demand, by product and month; forecast made at the start of the month before."""
    return s.errors.wmape(s.goods)


@measure("Forecast bias", "share", "", matters=Amount(0.01))
def forecast_bias(s: Score) -> Array:
    """Sum of (forecast - demand) / sum of demand; positive is over-forecast; forecast made at the start of the month before."""
    return s.errors.bias(s.goods)


@measure("Forecast RMSE", "units", "lower")
def forecast_rmse(s: Score) -> Array:
    """Root of the mean squared error by product and month; forecast made at the start of the month before."""
    forecast, actual = s.errors.forecast, s.errors.actual
    count = s.goods(np.full(actual.shape[1:], float(max(len(actual), 1))))
    return np.sqrt(s.goods(np.square(forecast - actual).sum(axis=0)) / count)


@measure("Forecast MASE", "ratio", "lower", matters=Amount(0.01))
def forecast_mase(s: Score) -> Array:
    """Mean absolute error / that of repeating the same month a year earlier (Hyndman & Koehler 2006), over the scored months."""
    forecast, actual = s.errors.forecast, s.errors.actual
    past = len(s.books.demand_by_month) - s.days.months
    months = [past + m + LAG for m in s.errors.made_in]
    worked = with_history(s.books.scenario.company.calendar, past, s.days.months).worked
    known = [k for k, m in enumerate(months) if m >= 12 and worked[m - 12]]
    naive = s.books.demand_by_month[[months[k] - 12 for k in known]]
    error, reference = np.abs(forecast - actual)[known].sum(axis=0), np.abs(naive - actual[known]).sum(axis=0)
    return ratio(s.goods(error), s.goods(reference))


@measure("Tracking signal alarms", "share", "lower")
def tracking_alarms(s: Score) -> Array:
    """Share of product-months in which cumulative error / mean absolute error is beyond 4 either way."""
    alarms = (np.abs(s.errors.tracking_signals(by_product)) > ALARM).sum(axis=0) * 1.0
    return ratio(s.goods(alarms), s.goods(np.full_like(alarms, float(len(s.errors)))))


@measure("Plan attainment", "share", "higher")
def plan_attainment(s: Score) -> Array:
    """1 - sum of |made - planned| / sum planned, by family and month; planned is the plan in force when the month began."""
    if s.by == "product":
        return s.unknown
    off, planned = s.kept_plan
    if s.by == "family":
        return 1 - ratio(off, planned)
    return 1 - ratio(off.sum(axis=0, keepdims=True), planned.sum(axis=0, keepdims=True))


@measure("Plan nervousness", "share", "lower", "company", matters=Amount(0.02))
def nervousness(s: Score) -> Array:
    """Sum of |production planned for a month - planned for it a cycle earlier| / sum planned, over families and months ahead.

    After Sridharan, Berry & Udayabhanu (1988).
    """
    plans, changed, planned = s.books.plans, 0.0, 0.0
    made = [m for m in plans.made_in if s.first_month <= m < s.end_month]
    for before, now in pairwise(made):
        later, earlier = plans.production[now, : 12 - (now - before)], plans.production[before, now - before :]
        changed = changed + np.abs(later - earlier).sum(axis=(0, 1))
        planned = planned + later.sum(axis=(0, 1))
    return (
        ratio(np.atleast_2d(changed), np.atleast_2d(planned))
        if len(made) > 1
        else np.full((1, s.due.shape[-1]), np.nan)
    )


@measure("Decision latency", "working days", "lower", "company")
def decision_latency(s: Score) -> Array:
    """Working days from the end of the month that a cycle looks back on until its decisions take effect, mean over cycles."""
    plans, worked = s.books.plans, s.days.worked_so_far
    made = [m for m in plans.made_in if s.first_month <= m < s.end_month]
    days = [worked[np.minimum(plans.effective[m], s.days.count)] - worked[s.days.month_start[m]] for m in made]
    return np.atleast_2d(np.mean(days, axis=0)) if days else np.full((1, s.due.shape[-1]), np.nan)


@measure("Changes asked inside the frozen zone", "share", "lower", "company")
def frozen_changes(s: Score) -> Array:
    """Production changes that a cycle wanted in months that are frozen, and did not get / production planned for them."""
    asked = s.books.plans.tables.get("changes asked inside the frozen zone")
    if asked is None:
        return np.full((1, s.due.shape[-1]), np.nan)
    made = [m for m in s.books.plans.made_in if s.first_month <= m < s.end_month]
    frozen = s.books.policy.frozen_months
    return ratio(
        np.nansum(asked[made], axis=0)[None], s.books.plans.production[made, :frozen].sum(axis=(0, 1, 2))[None]
    )


def _stage_error(s: Score, stage: str) -> Array:
    errors = s.forecasts_of(stage)
    return s.unknown if errors is None else errors.wmape(s.goods)


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
