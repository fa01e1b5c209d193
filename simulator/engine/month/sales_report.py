"""Step 1, sales forecast report: how last month went, what sales and statistics expect, and what is agreed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.engine.firm import Firm
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array
from simulator.world.view import Heard, Past, read_only

LAG = 1
"""Months before the month itself, at which a forecast is held against it: made at the start of the month before."""


def report_sales(firm: Firm) -> None:
    """Forecast the months ahead from the months that are over and from business in sight."""
    month, rule = firm.desk.month, firm.policy.forecast
    if not any(made // 12 == month // 12 for made in firm.plans.made_in):  # the first cycle of the business year
        plan, growth = business_plan(firm), 1 + firm.company.finance.budget_growth
        years = np.concatenate([plan, plan * growth])[: len(firm.plans.budget) - month]
        firm.plans.budget[month : month + len(years)] = years  # the year after is the year, grown once more
    known = firm.desk.signed_ahead + firm.desk.frames_ahead + firm.desk.projects_ahead
    past = replace(
        firm.past_to(month),
        known=read_only(known),
        budget=firm.desk.budget,
        mood=read_only(firm.weather.mood[month]),
        record=firm.records(),
        marketing=firm.company.marketing,
        judgement=None if firm.weather.campaigns is None else read_only(firm.weather.campaigns[month]),
    )
    past = replace(past, heard=heard_by_sales(firm, past))
    firm.plans.forecast[month] = firm.checked(rule(past), firm.plans.forecast[month].shape, rule)
    sold = firm.desk.sold_ahead
    if sold is not None:  # nobody forecasts what is not sold yet, or no more
        firm.plans.forecast[month] *= sold
    uncorrected = firm.plans.forecast[month][LAG].copy()
    firm.register.correct(month)
    if not len(past.rates):
        return  # nobody could forecast, and what was not forecast has no error
    firm.plans.forecast_in.append(month)
    firm.snapshots.append((firm.past_months + month, firm.plans.forecast[month]))
    for stage, forecast in {**rule.stages(past), "final": firm.plans.forecast[month]}.items():
        table = firm.plans.table(f"forecast: {stage}", forecast[LAG].shape)
        table[month] = forecast[LAG]
        firm.stages.setdefault(stage, []).append((firm.past_months + month + LAG, table[month]))
    note_finance(firm)
    if firm.policy.corrects_bias:
        firm.stages.setdefault("uncorrected", []).append((firm.past_months + month + LAG, uncorrected))


def heard_by_sales(firm: Firm, past: Past) -> Heard | None:
    """Return what customers have told the sales team so far; none where they tell nothing."""
    told, known = firm.weather.told, past.next
    if told is None:
        return None
    ahead = np.ones((HORIZON, *told.shape[1:]))
    reached = told[known : known + 1 + firm.company.demand.sight][:HORIZON]
    ahead[: len(reached)] = reached
    return Heard(read_only(ahead), read_only(told[past.calendar]))


def business_plan(firm: Firm) -> Array:
    """The year's budget: last year's months and the growth that is wanted; without a year behind it, the mean of what there is."""
    past = firm.past_to(firm.desk.month)
    return past.as_told(past.usual().last_year()) * (1 + firm.company.finance.budget_growth)


def note_finance(firm: Firm) -> None:
    """Keep what finance expects of the month after this one: the business plan, once there is any."""
    month, name = firm.desk.month, "forecast: finance"
    expected = firm.plans.budget[month + LAG]
    if name in firm.plans.tables or (expected.any() and len(firm.plans.forecast_in) == 1):
        firm.plans.table(name, expected.shape)[month] = expected
