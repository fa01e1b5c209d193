"""Numbers, names and deviations as minutes put them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulator.kernel.messages import Message, Number, Text, Value, msg, number, percent, plural
from simulator.kernel.units import Array
from simulator.results.reading import deviation

ON_PLAN = 0.005
"""A deviation smaller than this share is none."""


def units(amount: float) -> Message:
    """Count goods, with a decimal where it is less than one."""
    return plural("{n} unit", "{n} units", number(amount, 1 if 0.05 <= abs(amount) < 0.95 else 0))


def rate(amount: float) -> Number:
    """Show units a day, with a decimal where they are few."""
    return number(amount, 1 if abs(amount) < 10 else 0)


def hours(amount: float) -> Message:
    """Count hours of work."""
    return msg("{n} hours", n=number(amount))


def days(amount: float) -> Message:
    """Count days, with a decimal."""
    return msg("{n} days", n=number(amount, 1))


def money(amount: float, currency: str) -> Message:
    """Show an amount of money, in millions where it is large."""
    if abs(amount) >= 1e6:
        return msg("{n}M {currency}", n=number(amount / 1e6, 2), currency=currency)
    return msg("{n} {currency}", n=number(amount), currency=currency)


class Yardstick(NamedTuple):
    """Something that a figure is held against, and what is said where there is none."""

    name: Message
    none: Message


PLAN = Yardstick(msg("plan"), msg("with no plan to hold it against"))
BUDGET = Yardstick(msg("budget"), msg("with no budget to hold it against"))
TARGET = Yardstick(msg("the target"), msg("with no target to hold it against"))
BUSINESS_PLAN = Yardstick(msg("the business plan"), msg("with no business plan to hold it against"))
SOLD_IN_BUSINESS_PLAN = Yardstick(msg("what the business plan sells of it"), BUSINESS_PLAN.none)


def against(actual: float, plan: float, what: Yardstick = PLAN) -> Message:
    """Say how far a figure is from what was planned: 3.2 % above plan."""
    gap = float(deviation(np.asarray(actual), np.asarray(plan)))
    if not np.isfinite(gap):
        return what.none
    if abs(gap) < ON_PLAN:
        return msg("on {plan}", plan=what.name)
    if gap > 0:
        return msg("{share} above {plan}", share=percent(gap), plan=what.name)
    return msg("{share} below {plan}", share=percent(-gap), plan=what.name)


def months(names: Sequence[str]) -> Text:
    """Name a span of months."""
    return names[0] if len(names) == 1 else msg("{first} to {last}", first=names[0], last=names[-1])


def beside_name(name: Text, figure: Value) -> Message:
    """Say a name and its figure; a name that ends with a digit is kept apart from it."""
    if isinstance(name, str) and name[-1:].isdigit():
        return msg("{name}: {figure}", name=name, figure=figure)
    return msg("{name} {figure}", name=name, figure=figure)


def largest(amounts: Array, most: int = 3) -> list[int]:
    """Find the rows with the largest amounts either way, nothing among them."""
    order = np.argsort(-np.abs(amounts), kind="stable")
    return [int(k) for k in order[:most] if abs(amounts[k]) >= 0.5]


def rule_name(name: str) -> Message:
    """Name a rule as people say it: order-up-to is order up to."""
    return Message(name.replace("-", " "))
