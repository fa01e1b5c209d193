"""How good forecasts were, and how far plans were kept."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from simulator.company.calendar import with_history
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.kpis.registry import measure, ratio
from simulator.results.kpis.score import LAG, Score


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
    months = [past + m + LAG for m in s.forecast_in]
    worked = with_history(s.books.scenario.company.calendar, past, s.days.months).worked
    known = [k for k, m in enumerate(months) if m >= 12 and worked[m - 12]]
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
    """Sum of |production planned for a month - planned for it a cycle earlier| / sum planned, over families and months ahead.

    After Sridharan, Berry & Udayabhanu (1988).
    """
    plans, changed, planned = s.books.plans, 0.0, 0.0
    made = [m for m in plans.made_in if m >= s.first_month]
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
    return ratio(
        np.nansum(asked[made], axis=0)[None], s.books.plans.production[made, :frozen].sum(axis=(0, 1, 2))[None]
    )


def _stage_error(s: Score, stage: str) -> Array:
    table = s.books.plans.tables.get(f"forecast: {stage}")
    if table is None:
        return np.full_like(s.goods(s.shipped), np.nan)
    actual = s.came_after(s.forecast_in)
    return ratio(s.goods(np.abs(table[s.forecast_in] - actual).sum(axis=0)), s.goods(actual.sum(axis=0)))


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
    for m in np.flatnonzero(s.days.worked[s.first_month :]) + s.first_month:
        days = slice(s.days.month_start[m], s.days.month_start[m + 1])
        made = s.network.by_family(_made_only(s, s.books.flows["released"][days].sum(axis=0)))
        missed, wanted = missed + np.abs(made - kept[m]).sum(axis=0), wanted + kept[m].sum(axis=0)
    return 1 - ratio(np.atleast_2d(missed), np.atleast_2d(wanted))
