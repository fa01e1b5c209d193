"""Open issues: what the executives must decide or know, what else could be done, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import accuracy, report, suppliers
from simulator.faces.documents.balance import SHORTAGE, balances
from simulator.faces.documents.capacity import Load
from simulator.faces.documents.month import REPORT, SUPPLY, Month
from simulator.faces.documents.options import Options
from simulator.faces.documents.phrases import hours, listed, money, months, percent, sentence, units


class Issue(NamedTuple):
    """Something that the plan leaves open."""

    what: str
    alternative: str
    decided: str


def open_issues(month: Month) -> list[Issue]:
    """All of them: what is out, shortage, overload, frozen months, biased forecasts."""
    return [*_out(month), *_short(month), *_overloaded(month), *_frozen(month), *_biased(month)]


def _next(month: Month, step: int) -> str:
    """The date of a step of the next cycle."""
    return str(month.days.date(month.days.working_day(month.next_cycle, month.policy.meeting_days[step])))


def _out(month: Month) -> Iterator[Issue]:
    for outage in suppliers.outages(month):
        decided = (
            "the plan is made with the hours that are left"
            if outage.kind == "resource"
            else "requirements are planned with the delay"
        )
        yield Issue(str(outage), suppliers.other_way(month, outage), decided)


def _short(month: Month) -> Iterator[Issue]:
    for balance in balances(month):
        if balance.is_short.any():
            first = month.ahead[int(np.argmax(balance.is_short))]
            decided = (
                "the shortage rule holds, and customers are given new dates"
                if balance.rule == SHORTAGE
                else f"a plan that closes it is due on {_next(month, SUPPLY)}"
            )
            what = f"{sentence(balance.name)} owes up to {units(balance.short.max())}, from {first} on."
            yield Issue(what, _instead(month, balance.family), decided)


def _instead(month: Month, family: int | None = None) -> str:
    """The options that were not chosen, with what they would owe and cost."""
    options = Options(month)
    told = []
    for k, name in enumerate(options.names):
        if k != options.chosen:
            owed = options.shortage[k].sum() if family is None else options.shortage[k, family]
            gap = float(options.cost[k] - options.cost[options.chosen])
            price = f"for {money(gap, month.currency)} more" if gap > 0.5 else "at the same cost"
            told.append(f"'{name}' would owe up to {units(float(owed))}, {price} in all")
    return f"Alternative: {listed(told)}." if told else "No alternative was put."


def _overloaded(month: Month) -> Iterator[Issue]:
    if not month.has_family_plan or not month.n.resources:
        return
    load, lacking = Load(month), []
    for r, name in enumerate(month.n.resources):
        over = [k for k, resource in load.overloaded(MEETING_MONTHS) if resource == r]
        if over:
            missing = float(sum(load.wished[k, r] - month.regular[k, r] for k in over))
            lacking.append(f"{name} lacks {hours(missing)} in {listed([month.ahead[k] for k in over])}")
    if lacking:
        extra = float(month.overtime[:MEETING_MONTHS].sum())
        decided = f"{hours(extra)} of overtime are authorised, the rest is made in other months or comes late"
        moved = "no overtime; it is made in other months or comes late"
        floor = "nothing: the floor finds out" if month.policy.capacity.name == "none" else moved
        yield Issue(f"{sentence('; '.join(lacking))}.", _instead(month), decided if extra > 0.5 else floor)


def _frozen(month: Month) -> Iterator[Issue]:
    asked = month.noted("changes asked inside the frozen zone")
    if asked is not None and float(asked) > 0.5:
        span = months(month.ahead[: month.policy.frozen_months])
        what = f"Changes of {units(float(asked))} of production were wanted in {span}, which is frozen."
        yield Issue(
            what, "Alternative: open the frozen zone, and let the floor change what it has begun.", "it stays frozen"
        )


def _biased(month: Month) -> Iterator[Issue]:
    found = accuracy.records(month)
    for name, signal in report.biased(month, found):
        bias = float(found["agreed"].bias()[month.families.index(name)])
        coming = float(month.by_family(month.of(month.plans.forecast)[1:4])[:, month.families.index(name)].sum())
        way = "high" if signal > 0 else "low"
        what = f"The forecast of {name} was {percent(abs(bias))} too {way} over the last months (tracking signal {signal:+.1f})."
        if not np.isfinite(bias):
            what = f"{sentence(name)} was forecast over the last months, and nothing fell due (tracking signal {signal:+.1f})."
        right = coming / (1 + bias) if np.isfinite(bias) else 0.0
        effect = "unknown" if bias <= -0.99 else f"{right - coming:+z,.0f} units in {months(month.ahead[1:4])}"
        alternative = f"Alternative: take the bias out now, which is {effect}."
        yield Issue(
            what, alternative, f"the demand manager says why on {_next(month, REPORT)}; the plan stands until then"
        )
