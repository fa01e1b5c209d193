"""The points that the pre-S&OP meeting puts to the executives: each family's balance, the options, the open issues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents.bought import comes_with_the_wave, is_awaited, is_below, other_supply
from simulator.faces.documents.paper import HOURS, OPTION, SEGMENT, SHARE, Figure, Grid, beside
from simulator.faces.documents.phrases import beside_name, hours, money, months, rate, rule_name, units
from simulator.faces.documents.supply_plan import is_out, other_way
from simulator.kernel.messages import Listed, Message, Text, Value, capital, listed, msg, number, percent, sentences
from simulator.planning.criteria import CRITERIA, Criteria
from simulator.planning.shortage import KeepSafetyStock
from simulator.results.reading import LITTLE
from simulator.results.reading.accuracy import biased, without_bias
from simulator.results.reading.capacity import Load, Needs, come_express, express_offers, outages
from simulator.results.reading.meeting import SHORTAGE, SURPLUS, WAVE, Balance, Bought, Options, balances
from simulator.results.reading.month import LOOK, REPORT, SUPPLY, Month

CRITERION_NAMES: Mapping[str, Message] = {
    "cost": msg("expected cost"),
    "service": msg("service"),
    "cash": msg("cash"),
    "steadiness": msg("steady production"),
    "business_plan": msg("the business plan"),
    "risk": msg("risk"),
}
"""Names of the meetings' criteria."""

DEPARTMENT_NAMES: Mapping[str, Message] = {
    "sales": msg("Sales"),
    "production": msg("Production"),
    "finance": msg("Finance"),
}
"""Departments that ask for an option of their own."""

COST = msg("cost")

# --- balance ---


def balanced(balance: Balance) -> Listed:
    """Say which balancing rule holds for a family, of the three, and what follows from it."""
    told = {SURPLUS: _surplus, SHORTAGE: _shortage, WAVE: _wave}[balance.rule]
    low = is_below(balance) if isinstance(balance, Bought) and balance.rule != SHORTAGE else ()
    return sentences([*told(balance), *_later(balance), *low])


def _span(balance: Balance) -> Text:
    """The months for which the must-meet quantity is fixed."""
    return months(balance.month.ahead[: balance.worst + 1])


def _later(balance: Balance) -> Iterator[Message]:
    first = balance.first_short
    if balance.rule != SHORTAGE and first is not None:
        yield msg(
            "From {month} on up to {units} would be owed; that is an open issue, not yet a decision.",
            month=balance.month.ahead[first],
            units=units(balance.short.max()),
        )


def _surplus(balance: Balance) -> Iterator[Message]:
    yield msg("{family}: supply exceeds demand.", family=balance.name)
    yield msg(
        "The executable plan is the unconstrained demand, {demand} in {months}; "
        "safety stock of {safety_stock} is kept and absorbs the error.",
        demand=units(balance.asked_soon),
        months=months(balance.month.ahead[:LOOK]),
        safety_stock=units(balance.safety_stock()),
    )


def _wave(balance: Balance) -> Iterator[Message]:
    demand, production = balance.daily
    yield msg(
        "{family}: demand comes in waves, from {least} to {most} units a working day over the next {n} months.",
        family=balance.name,
        least=rate(demand.min()),
        most=rate(demand.max()),
        n=len(demand),
    )
    least, most = rate(production.min()), rate(production.max())
    if isinstance(balance, Bought):
        yield comes_with_the_wave(balance)
    elif balance.is_shaved:
        yield msg(
            "The peak is cut and the valley filled: production runs between {least} and {most} a day, "
            "{units} of the peaks are made in other months.",
            least=least,
            most=most,
            units=units(balance.shaved),
        )
    else:
        yield msg(
            "Nothing is shaved, as the strategy is {strategy}: production runs between {least} and {most} a day "
            "and follows the wave.",
            strategy=rule_name(balance.month.policy.supply_plan.name),
            least=least,
            most=most,
        )
    yield msg("Safety stock of {units} is kept.", units=units(balance.safety_stock()))


def _shortage(balance: Balance) -> Iterator[Message]:
    worst = balance.worst
    yield msg(
        "{family}: demand exceeds supply, {units} are owed at the end of {month}.",
        family=balance.name,
        units=units(balance.short[worst]),
        month=balance.month.ahead[worst],
    )
    if isinstance(balance, Bought):
        yield from is_awaited(balance)
    else:
        yield _released(balance)
        yield _bottleneck(balance)
    values: dict[str, Value] = {"units": units(balance.available), "months": _span(balance)}
    if balance.is_fixed:
        yield msg(
            "Sales and purchasing commit to {units} for {months}; until this month is over nobody is shipped what the first in "
            "rank must get.",
            **values,
        )
    else:
        yield msg("Sales and purchasing commit to {units} for {months}.", **values)


def _released(balance: Balance) -> Message:
    drafted, kept = balance.safety_stock(drafted=True), balance.safety_stock()
    if isinstance(balance.month.policy.shortage, KeepSafetyStock):
        return msg(
            "This process has no shortage rule: safety stock of {units} is planned as ever and competes with orders.",
            units=units(kept),
        )
    if drafted < LITTLE:
        return msg("There is no safety stock that could be released.")
    return msg(
        "Safety stock is released from {drafted} to {kept}: all stock supports the front line.",
        drafted=units(drafted),
        kept=msg("zero") if kept < LITTLE else units(kept),
    )


def _bottleneck(balance: Balance) -> Message:
    month, load = balance.month, Load(balance.month)
    found = load.bottleneck(balance.near, balance.family)
    if found is None:
        return msg("No resource is full: what is missing cannot come sooner, for want of parts or of time in process.")
    k, r = found
    return msg(
        "The bottleneck, {resource}, is loaded to its maximum of {hours} in {month}.",
        resource=month.n.resources[r],
        hours=hours(load.approved[k, r]),
        month=month.ahead[k],
    )


def must_meet(balance: Balance) -> Grid:
    """Segments by rank: wanted, must be met, late."""
    figures = {
        Figure(msg("wanted")): balance.wanted,
        Figure(msg("must be met")): balance.must_be_met,
        Figure(msg("late")): balance.late,
        Figure(msg("met"), SHARE): balance.met,
    }
    title = msg("{family}: what must be met in {months}, by rank", family=balance.name, months=_span(balance))
    return beside(title, SEGMENT, balance.month.n.segments, figures, _span(balance))


def ranking(balance: Balance) -> Message:
    """Say how orders are ranked, in a sentence."""
    month = balance.month
    if not balance.is_ranked:
        return msg(
            "Orders for {family} are not ranked ({rule}): the shortage falls on all customers alike.",
            family=balance.name,
            rule=rule_name(month.policy.allocation.name),
        )
    each = zip(month.n.segments, balance.met, balance.wanted, strict=True)
    return msg(
        "Orders for {family} are ranked; {units} must be met: {shares} of what they want.",
        family=balance.name,
        units=units(balance.must_be_met.sum()),
        shares=listed(beside_name(name, percent(met)) for name, met, wanted in each if wanted > LITTLE),
    )


# --- options ---


def option_grid(options: Options, ranges: bool = True) -> Grid:
    """The options side by side."""
    figures = {
        Figure(msg("owed")): options.shortage.sum(axis=1),
        Figure(msg("stock")): options.stock.sum(axis=1),
        Figure(msg("worth"), options.month.currency): options.worth,
        Figure(msg("overtime"), HOURS): options.overtime.sum(axis=1),
        Figure(COST, options.month.currency): options.cost,
    }
    if ranges:
        figures[Figure(msg("cost, P10"), options.month.currency)] = options.cost_range[0]
        figures[Figure(msg("cost, P90"), options.month.currency)] = options.cost_range[1]
    title = msg("Over {n} months: most that is owed, mean stock, overtime, expected cost", n=MEETING_MONTHS)
    return beside(title, OPTION, options.names, figures, options.month.name)


def criteria_grid(options: Options) -> Grid:
    """The meetings' criteria of each option, and how both meetings weigh them."""
    policy = options.month.policy
    figures = {Figure(CRITERION_NAMES[name], SHARE): options.criteria[:, k] for k, name in enumerate(CRITERIA)}
    figures[Figure(msg("weighed by the pre-S&OP meeting"), SHARE)] = options.score(policy.pre_meeting_criteria)
    figures[Figure(msg("weighed by the executives"), SHARE)] = options.score(policy.executive_criteria)
    title = msg("Criteria over {n} months, of the planned turnover; less is better", n=MEETING_MONTHS)
    return beside(title, OPTION, options.names, figures, options.month.name)


def weights_in_words(criteria: Criteria) -> Listed:
    """Name the criteria of a meeting with their weights; a single one by itself."""
    for name, weight in zip(CRITERIA, criteria.weights, strict=True):
        if weight == 1:
            return listed([CRITERION_NAMES[name]])
    each = zip(CRITERIA, criteria.weights, strict=True)
    return listed(beside_name(CRITERION_NAMES[name], percent(weight, 0)) for name, weight in each if weight > 0)


def positions(options: Options) -> Message:
    """Say which option each department asks for."""
    if options.is_agreed:
        return msg(
            "All departments ask for '{option}'.", option=capital(options.names[next(iter(options.wanted.values()))])
        )
    asked: dict[int, list[Message]] = {}
    for name, k in options.wanted.items():
        asked.setdefault(k, []).append(DEPARTMENT_NAMES[name])
    each = [
        msg("'{option}' is wanted by {departments}", option=options.names[k], departments=listed(names))
        for k, names in asked.items()
    ]
    return msg("The departments do not agree: {positions}.", positions=listed(each, "; "))


def impact(options: Options, k: int) -> Message:
    """Say what one option would do."""
    owed = options.owed(k)
    return msg(
        "{option}: {service}, holds {stock} on average, takes {overtime} of overtime and costs {money}, eight times in ten "
        "between {low} and {high}.",
        option=capital(options.names[k]),
        service=msg("owes {units} at most", units=units(owed)) if owed > LITTLE else msg("owes nothing"),
        stock=units(options.stock[k].sum()),
        overtime=hours(float(options.overtime[k].sum())),
        money=money(float(options.cost[k]), options.month.currency),
        low=money(float(options.cost_range[0][k]), options.month.currency),
        high=money(float(options.cost_range[1][k]), options.month.currency),
    )


def why(options: Options) -> Message:
    """Give the reason for the option chosen."""
    currency, cost = options.month.currency, money(float(options.cost[options.chosen]), options.month.currency)
    if not options.others:
        return msg("The process puts one plan to the meeting: there was nothing to choose.")
    if options.are_alike:
        return msg("All options cost {money}: the first one stands, as nothing more is needed.", money=cost)
    criteria, chosen = weights_in_words(options.month.policy.executive_criteria), options.chosen
    low, high = (money(float(each[chosen]), currency) for each in options.cost_range)
    gaps = [_against(options.names[k], options.dearer(k), currency) for k in options.others]
    values: dict[str, Value] = {"criteria": criteria, "money": cost, "low": low, "high": high, "gaps": listed(gaps)}
    return msg(
        "The executives weigh {criteria}. It costs {money}, eight times in ten between {low} and {high}: {gaps}.",
        **values,
    )


def _against(name: Text, gap: float, currency: str) -> Message:
    """The cost of the approved option against another."""
    if abs(gap) <= LITTLE:
        return msg("as much as '{option}'", option=name)
    if gap > 0:
        return msg("{money} less than '{option}'", money=money(gap, currency), option=name)
    return msg("{money} more than '{option}'", money=money(-gap, currency), option=name)


# --- open issues ---


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


def _instead(month: Month, family: int | None = None) -> Message:
    """The options that were not chosen, with what they would owe and cost."""
    options = Options(month, before=True)
    told = [
        _other(options.names[k], options.owed(k, family), options.dearer(k), month.currency) for k in options.others
    ]
    return msg("Alternative: {options}.", options=listed(told, "; ")) if told else msg("No alternative was put.")


def _other(name: Text, owed: float, gap: float, currency: str) -> Message:
    """An option with what it would owe, and what it would cost beyond the one that was chosen."""
    if abs(gap) <= LITTLE:
        return msg("'{option}' would owe up to {units}, at the same cost in all", option=name, units=units(owed))
    if gap < 0:
        return msg(
            "'{option}' would owe up to {units}, for {money} less in all",
            option=name,
            units=units(owed),
            money=money(-gap, currency),
        )
    return msg(
        "'{option}' would owe up to {units}, for {money} more in all",
        option=name,
        units=units(owed),
        money=money(gap, currency),
    )


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
