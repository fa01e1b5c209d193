"""Open issues: what the executives must decide or know, what else could be done, and what was decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import accuracy, report, suppliers
from simulator.faces.documents.balance import SHORTAGE, balances
from simulator.faces.documents.options import Options
from simulator.faces.documents.phrases import hours, money, months, units
from simulator.kernel.messages import Message, Text, Value, listed, msg, number, percent
from simulator.results.reading.capacity import Load
from simulator.results.reading.month import REPORT, SUPPLY, Month


class Issue(NamedTuple):
    """Something that the plan leaves open."""

    what: Message
    alternative: Message
    decided: Message


def open_issues(month: Month) -> list[Issue]:
    """All of them: what is out, shortage, overload, frozen months, biased forecasts."""
    return [*_out(month), *_short(month), *_overloaded(month), *_frozen(month), *_biased(month)]


def _next(month: Month, step: int) -> dt.date:
    """The date of a step of the next cycle."""
    return month.days.date(month.days.working_day(month.next_cycle, month.policy.meeting_days[step]))


def _out(month: Month) -> Iterator[Issue]:
    for outage in suppliers.outages(month):
        decided = (
            msg("the plan is made with the hours that are left")
            if outage.kind == "resource"
            else msg("requirements are planned with the delay")
        )
        yield Issue(outage.sentence(), suppliers.other_way(month, outage), decided)


def _short(month: Month) -> Iterator[Issue]:
    for balance in balances(month):
        if balance.is_short.any():
            first = month.ahead[int(np.argmax(balance.is_short))]
            decided = (
                msg("the shortage rule holds, and customers are given new dates")
                if balance.rule == SHORTAGE
                else msg("a plan that closes it is due on {date}", date=_next(month, SUPPLY))
            )
            owed = units(balance.short.max())
            what = msg("{family} owes up to {units}, from {month} on.", family=balance.name, units=owed, month=first)
            yield Issue(what, _instead(month, balance.family), decided)


def _instead(month: Month, family: int | None = None) -> Message:
    """The options that were not chosen, with what they would owe and cost."""
    options = Options(month)
    told = []
    for k, name in enumerate(options.names):
        if k != options.chosen:
            owed = options.shortage[k].sum() if family is None else options.shortage[k, family]
            gap = float(options.cost[k] - options.cost[options.chosen])
            told.append(_other(name, float(owed), gap, month.currency))
    return msg("Alternative: {options}.", options=listed(told)) if told else msg("No alternative was put.")


def _other(name: Text, owed: float, gap: float, currency: str) -> Message:
    """An option with what it would owe, and what it would cost beyond the one that was chosen."""
    if gap <= 0.5:
        return msg("'{option}' would owe up to {units}, at the same cost in all", option=name, units=units(owed))
    return msg(
        "'{option}' would owe up to {units}, for {money} more in all",
        option=name,
        units=units(owed),
        money=money(gap, currency),
    )


def _overloaded(month: Month) -> Iterator[Issue]:
    if not month.has_family_plan or not month.n.resources:
        return
    load, lacking = Load(month), []
    for r, name in enumerate(month.n.resources):
        over = [k for k, resource in load.overloaded(MEETING_MONTHS) if resource == r]
        if over:
            missing = float(sum(load.wished[k, r] - month.regular[k, r] for k in over))
            when = listed(month.ahead[k] for k in over)
            lacking.append(
                msg("{resource} lacks {hours} in {months}", resource=name, hours=hours(missing), months=when)
            )
    if lacking:
        what = msg("{facts}.", facts=listed(lacking, "; "))
        yield Issue(what, _instead(month), _overtime_decided(month))


def _overtime_decided(month: Month) -> Message:
    """Word the decision on resources that are short of hours."""
    extra = float(month.overtime[:MEETING_MONTHS].sum())
    if extra > 0.5:
        return msg(
            "{hours} of overtime are authorised, the rest is made in other months or comes late", hours=hours(extra)
        )
    if month.policy.capacity.name == "none":
        return msg("nothing: the floor finds out")
    return msg("no overtime; it is made in other months or comes late")


def _frozen(month: Month) -> Iterator[Issue]:
    asked = month.noted("changes asked inside the frozen zone")
    if asked is not None and float(asked) > 0.5:
        span = months(month.ahead[: month.policy.frozen_months])
        what = msg(
            "Changes of {units} of production were wanted in {months}, which is frozen.",
            units=units(float(asked)),
            months=span,
        )
        other = msg("Alternative: open the frozen zone, and let the floor change what it has begun.")
        yield Issue(what, other, msg("it stays frozen"))


def _biased(month: Month) -> Iterator[Issue]:
    found = accuracy.records(month)
    for name, signal in report.biased(month, found):
        bias = float(found[accuracy.AGREED].bias()[month.families.index(name)])
        coming = float(month.by_family(month.of(month.plans.forecast)[1:4])[:, month.families.index(name)].sum())
        what = _told_bias(name, bias, signal)
        right = coming / (1 + bias) if np.isfinite(bias) else 0.0
        effect = msg("{n} units in {months}", n=number(right - coming, signed=True), months=months(month.ahead[1:4]))
        other = msg(
            "Alternative: take the bias out now, which is {effect}.",
            effect=msg("unknown") if bias <= -0.99 else effect,
        )
        date = _next(month, REPORT)
        yield Issue(what, other, msg("the demand manager says why on {date}; the plan stands until then", date=date))


def _told_bias(name: str, bias: float, signal: float) -> Message:
    """Word the bias of a family's forecasts over the last months."""
    values: dict[str, Value] = {
        "family": name,
        "share": percent(abs(bias)),
        "signal": number(signal, 1, signed=True),
    }
    if not np.isfinite(bias):
        del values["share"]
        return msg(
            "{family} was forecast over the last months, and nothing fell due (tracking signal {signal}).", **values
        )
    if signal > 0:
        return msg(
            "The forecast of {family} was {share} too high over the last months (tracking signal {signal}).", **values
        )
    return msg(
        "The forecast of {family} was {share} too low over the last months (tracking signal {signal}).", **values
    )
