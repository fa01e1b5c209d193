"""Say how low cash falls against the credit line, and what would raise it."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.faces.documents.phrases import beside_name, money
from simulator.kernel.messages import Message, capital, listed, msg
from simulator.results.reading.month import Month
from simulator.results.reading.planned_cash import (
    EARLIER,
    HELD,
    LATER,
    LINE_AT_RISK,
    LINE_BROKEN,
    LINE_KEPT,
    NOT_DRAWN,
    PlannedCash,
    planned_cash,
)

LEVERS = {
    HELD: msg("hold orders that are still to be placed"),
    EARLIER: msg("let customers pay a week earlier"),
    LATER: msg("pay suppliers a week later"),
    NOT_DRAWN: msg("draw nothing out of the company"),
}
"""What raises the lowest point, by code."""


def cash_told(month: Month) -> Iterator[Message]:
    """Say how low cash falls, what that means for the credit line, and what helps where it does not hold."""
    cash = planned_cash(month)
    if not cash.is_stated:
        yield msg(
            "The company states neither its opening cash nor a credit line (finance.opening_cash, finance.credit_line): "
            "cash counts from nothing on the first morning, and no limit is held against it."
        )
    yield msg("{lowest}; {line}.", lowest=capital(_lowest(cash)), line=_against_line(cash))
    if cash.state != LINE_KEPT:
        yield _to_decide(cash)


def cash_decides(month: Month) -> bool:
    """Tell if the credit line is at risk, so that cash is what the meeting must decide on first."""
    return planned_cash(month).state != LINE_KEPT


def _lowest(cash: PlannedCash) -> Message:
    """Name the lowest evening, as it is expected with the errors of past plans, or planned before there are any."""
    expected = money(float(cash.expected[cash.worst]), cash.month.currency)
    if cash.likely is None:
        return msg("lowest cash {planned} ({date})", planned=expected, date=cash.worst_date)
    low = money(float(cash.low.min()), cash.month.currency)
    return msg(
        "lowest cash {expected} ({date}), one of ten below {low}", expected=expected, date=cash.worst_date, low=low
    )


def _against_line(cash: PlannedCash) -> Message:
    """Say what becomes of the credit line."""
    currency, line = cash.month.currency, cash.line
    if line is None:
        return msg("no bank sets a limit")
    allowed = money(line, currency)
    if cash.state == LINE_BROKEN:
        missing = money(cash.missing, currency)
        return msg("that breaks the line of {line} by {missing}", line=allowed, missing=missing)
    if cash.state == LINE_AT_RISK:
        missing = money(cash.missing_at_worst, currency)
        return msg("the line of {line} holds, in one of ten it is broken by {missing}", line=allowed, missing=missing)
    return msg("the line of {line} is kept", line=allowed)


def _to_decide(cash: PlannedCash) -> Message:
    """Say what must be decided on, and what raises cash until then."""
    currency, date = cash.month.currency, cash.until_date
    helps = [beside_name(LEVERS[each.code], money(each.amount, currency)) for each in cash.levers]
    if not helps:
        return msg(
            "To be decided: how cash is raised until {date}; no plan of this company holds anything back.", date=date
        )
    return msg(
        "To be decided: what raises cash until {date}. At the most: {levers}.", date=date, levers=listed(helps, "; ")
    )
