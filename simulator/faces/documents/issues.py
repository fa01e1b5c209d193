"""The issues that a plan leaves open, each with an alternative and what was decided on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents.bought import other_supply
from simulator.faces.documents.phrases import hours, money, months, units
from simulator.faces.documents.recommendation import line_to_keep, positions, weights_in_words
from simulator.faces.documents.supply_plan import is_out, other_way
from simulator.kernel.messages import Message, Text, Value, listed, msg, number, percent
from simulator.results.reading import LITTLE
from simulator.results.reading.accuracy import biased, without_bias
from simulator.results.reading.capacity import Load, Needs, come_express, express_offers, outages
from simulator.results.reading.further import line_broken_by, purchase_budget
from simulator.results.reading.meeting import SHORTAGE, Bought, Options, balances
from simulator.results.reading.month import LOOK, REPORT, SUPPLY, Month


class Issue(NamedTuple):
    """Something that the plan leaves open."""

    what: Message
    alternative: Message
    decided: Message


def open_issues(month: Month) -> list[Issue]:
    """All of them: what is out, shortage, overload, departments that do not agree, frozen months, biased forecasts."""
    return [
        *_out(month),
        *_short(month),
        *_parts(month),
        *_cash(month),
        *_overloaded(month),
        *_disagreed(month),
        *_frozen(month),
        *_biased(month),
    ]


def issues_put(month: Month) -> list[Message]:
    """Number the open issues, each with its alternative."""
    return [
        msg("{k}. {issue} {alternative}", k=k, issue=each.what, alternative=each.alternative)
        for k, each in enumerate(open_issues(month), start=1)
    ]


def _next(month: Month, step: int) -> dt.date:
    """The date of a step of the next cycle."""
    return month.days.date(month.days.working_day(month.next_cycle, month.policy.meeting_days[step]))


def _out(month: Month) -> Iterator[Issue]:
    for outage in outages(month):
        decided = (
            msg("the plan is made with the hours that are left")
            if outage.kind == "resource"
            else msg("requirements are planned with the delay")
        )
        yield Issue(is_out(outage), other_way(month, outage), decided)


def _short(month: Month) -> Iterator[Issue]:
    for balance in balances(month):
        if balance.first_short is not None:
            first = month.ahead[balance.first_short]
            decided = (
                msg("the shortage rule holds, and customers are given new dates")
                if balance.rule == SHORTAGE
                else msg("a plan that closes it is due on {date}", date=_next(month, SUPPLY))
            )
            owed = units(balance.short.max())
            what = msg("{family} owes up to {units}, from {month} on.", family=balance.name, units=owed, month=first)
            other = other_supply(balance) if isinstance(balance, Bought) else _instead(month, balance.family)
            yield Issue(what, other, decided)


def _parts(month: Month) -> Iterator[Issue]:
    """Long-lead parts that the wished plan lacks, and what express delivery would cost."""
    offers, coming = express_offers(month), come_express(month)
    for name, when, most in Needs(month).shortest()[:LOOK]:
        what = msg("{item} is short from {month} on, by {units} at most.", item=name, month=when, units=units(most))
        other = msg("No source delivers it express.")
        if name in offers:
            other = msg(
                "Alternative: have {units} come express, which costs {money}.",
                units=units(most),
                money=money(most * offers[name], month.currency),
            )
        decided = msg("nothing comes express; work waits for what is on order")
        if name in coming:
            decided = msg("{units} come express", units=units(coming[name]))
        yield Issue(what, other, decided)


def _cash(month: Month) -> Iterator[Issue]:
    """Put the credit line to the executives where an option breaks it."""
    if not month.has_family_plan:
        return
    options = Options(month)
    broken = line_broken_by(month, len(options.names))
    if broken is None:
        return
    what = msg(
        "The cash plan breaks {line} by {money}.",
        line=line_to_keep(month),
        money=money(float(broken.max()), month.currency),
    )
    budget = purchase_budget(month)
    decided = msg("nothing is held back")
    if budget is not None:
        decided = msg("goods are ordered for no more than {money} a month", money=money(budget, month.currency))
    yield Issue(what, _instead(month), decided)


def _instead(month: Month, family: int | None = None) -> Message:
    """The options that were not chosen and would owe less or cost less, with what they would owe and cost."""
    options = Options(month, before=True)
    if not options.others:
        return msg("No alternative was put.")
    usual = options.owed(options.standing, family)
    helps = [k for k in options.others if options.owed(k, family) < usual - LITTLE or options.dearer(k) < -LITTLE]
    told = [_other(options.names[k], options.owed(k, family), options.dearer(k), month.currency) for k in helps]
    return (
        msg("Alternative: {options}.", options=listed(told, "; "))
        if told
        else msg("No option owes less or costs less.")
    )


def _other(name: Text, owed: float, gap: float, currency: str) -> Message:
    """An option with what it would owe, and what it would cost beyond the one that was chosen."""
    late = msg("would owe up to {units}", units=units(owed)) if owed > LITTLE else msg("would owe nothing")
    if abs(gap) <= LITTLE:
        return msg("'{option}' {late}, at the same cost in all", option=name, late=late)
    if gap < 0:
        return msg("'{option}' {late}, for {money} less in all", option=name, late=late, money=money(-gap, currency))
    return msg("'{option}' {late}, for {money} more in all", option=name, late=late, money=money(gap, currency))


def _overloaded(month: Month) -> Iterator[Issue]:
    if not month.has_family_plan or not month.n.resources:
        return
    lacking = [
        msg(
            "{resource} lacks {hours} in {months}",
            resource=month.n.resources[each.resource],
            hours=hours(each.beyond_regular),
            months=listed(month.ahead[k] for k in each.months),
        )
        for each in Load(month).overloads(MEETING_MONTHS)
    ]
    if lacking:
        what = msg("{facts}.", facts=listed(lacking, "; "))
        yield Issue(what, _instead(month), _overtime_decided(month))


def _overtime_decided(month: Month) -> Message:
    """Word the decision on resources that are short of hours."""
    extra = float(month.overtime[:MEETING_MONTHS].sum())
    if extra > LITTLE:
        return msg(
            "{hours} of overtime are authorised, the rest is made in other months or comes late", hours=hours(extra)
        )
    if month.policy.capacity.name == "none":
        return msg("nothing: the floor finds out")
    return msg("no overtime; it is made in other months or comes late")


def _disagreed(month: Month) -> Iterator[Issue]:
    """Put to the executives what departments could not settle in the pre-S&OP meeting."""
    if not month.has_family_plan:
        return
    options = Options(month)
    if options.are_alike or options.is_agreed:
        return
    decided = msg(
        "'{option}', as the executives weigh {criteria}",
        option=options.names[options.chosen],
        criteria=weights_in_words(month.policy.executive_criteria),
    )
    yield Issue(positions(options), msg("The options are above."), decided)


def _frozen(month: Month) -> Iterator[Issue]:
    asked = month.noted("changes asked inside the frozen zone")
    if asked is not None and float(asked) > LITTLE:
        span = months(month.ahead[: month.policy.frozen_months])
        what = msg(
            "Changes of {units} of production were wanted in {months}, which is frozen.",
            units=units(float(asked)),
            months=span,
        )
        other = msg("Alternative: open the frozen zone, and let the floor change what it has begun.")
        yield Issue(what, other, msg("it stays frozen"))


def _biased(month: Month) -> Iterator[Issue]:
    for name, signal in biased(month):
        bias, change = without_bias(month, name)
        what, effect = _told_bias(name, bias, signal), msg("unknown")
        if change is not None:
            effect = msg("{n} units in {months}", n=number(change, signed=True), months=months(month.ahead[1:4]))
        other = msg("Alternative: take the bias out now, which is {effect}.", effect=effect)
        date = _next(month, REPORT)
        if month.policy.corrects_bias:
            decided = msg("the demand manager takes it out on {date}, as far as it is more than luck", date=date)
        else:
            decided = msg("the demand manager says why on {date}; the plan stands until then", date=date)
        yield Issue(what, other, decided)


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
