"""The points that the pre-S&OP meeting puts to the executives: each family's balance and the options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents.bought import comes_with_the_wave, is_awaited, is_below
from simulator.faces.documents.paper import HOURS, OPTION, SEGMENT, SHARE, Figure, Grid, beside
from simulator.faces.documents.phrases import beside_name, hours, money, months, rate, rule_name, units
from simulator.kernel.messages import Listed, Message, Text, Value, capital, listed, msg, percent, sentences
from simulator.planning.criteria import CRITERIA, Criteria
from simulator.planning.shortage import KeepSafetyStock
from simulator.results.reading import LITTLE
from simulator.results.reading.capacity import Load
from simulator.results.reading.further import line_broken_by
from simulator.results.reading.meeting import SHORTAGE, SURPLUS, WAVE, Balance, Bought, Options
from simulator.results.reading.month import LOOK, Month

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
    put = options.put
    figures = {
        Figure(msg("owed")): options.shortage.sum(axis=1)[put],
        Figure(msg("stock")): options.stock.sum(axis=1)[put],
        Figure(msg("worth"), options.month.currency): options.worth[put],
        Figure(msg("overtime"), HOURS): options.overtime.sum(axis=1)[put],
        Figure(COST, options.month.currency): options.cost[put],
    }
    if ranges:
        figures[Figure(msg("cost, P10"), options.month.currency)] = options.cost_range[0][put]
        figures[Figure(msg("cost, P90"), options.month.currency)] = options.cost_range[1][put]
    title = msg("Over {n} months: most that is owed, mean stock, overtime, expected cost", n=MEETING_MONTHS)
    return beside(title, OPTION, [options.names[k] for k in options.put], figures, options.month.name)


def criteria_grid(options: Options) -> Grid:
    """The meetings' criteria of each option, and how both meetings weigh them."""
    policy = options.month.policy
    figures = {
        Figure(CRITERION_NAMES[name], SHARE): options.criteria[options.put, k] for k, name in enumerate(CRITERIA)
    }
    figures[Figure(msg("weighed by the pre-S&OP meeting"), SHARE)] = options.score(policy.pre_meeting_criteria)[
        options.put
    ]
    figures[Figure(msg("weighed by the executives"), SHARE)] = options.score(policy.executive_criteria)[options.put]
    title = msg("Criteria over {n} months, of the planned turnover; less is better", n=MEETING_MONTHS)
    return beside(title, OPTION, [options.names[k] for k in options.put], figures, options.month.name)


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


def line_told(options: Options) -> Message | str:
    """Say by how much the cash plan breaks the credit line, and whether that closes options to the meetings."""
    broken = line_broken_by(options.month, len(options.names))
    if broken is None:
        return ""
    least, currency = int(np.argmin(broken)), options.month.currency
    values: dict[str, Value] = {
        "line": line_to_keep(options.month),
        "money": money(float(broken.max()), currency),
        "least": money(float(broken[least]), currency),
        "option": capital(options.names[least]),
    }
    if keeps_to_line(options):
        return msg(
            "The cash plan breaks {line} by {money}, by {least} with '{option}': options that break it further are not "
            "open to the meetings.",
            **values,
        )
    return msg(
        "The cash plan breaks {line} by {money}, by {least} with '{option}'; the bank asks its overdraft rate for it.",
        **values,
    )


def line_to_keep(month: Month) -> Message:
    """Name what the cash plan must not go beyond: the credit line, less the reserve that the policy leaves of it."""
    reserve = month.policy.further.cash_reserve
    if not reserve:
        return msg("the credit line")
    return msg("the credit line less a reserve of {money}", money=money(reserve, month.currency))


def keeps_to_line(options: Options) -> bool:
    """Tell if the credit line closes options to the meetings of this month."""
    return options.month.policy.further.keeps_to_line and line_broken_by(options.month, len(options.names)) is not None


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
