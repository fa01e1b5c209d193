"""Numbers, names and deviations as minutes put them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.kernel.units import Array

ON_PLAN = 0.005
"""A deviation smaller than this share is none."""


def units(amount: float) -> str:
    """A quantity of goods."""
    shown = f"{amount:,.1f}" if 0.05 <= abs(amount) < 0.95 else f"{amount:z,.0f}"
    return f"{shown} unit" if shown == "1" else f"{shown} units"


def rate(amount: float) -> str:
    """Units a day, with a decimal where they are few."""
    return f"{amount:z,.1f}" if abs(amount) < 10 else f"{amount:z,.0f}"


def hours(amount: float) -> str:
    """Hours of work."""
    return f"{amount:z,.0f} hours"


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{100 * share:z.1f} %"


def money(amount: float, currency: str) -> str:
    """An amount of money, in millions where it is large."""
    return f"{amount / 1e6:z,.2f}M {currency}" if abs(amount) >= 1e6 else f"{amount:z,.0f} {currency}"


def against(actual: float, plan: float, what: str = "plan") -> str:
    """How far a figure is from what was planned: 3.2 % above plan."""
    if not (np.isfinite(plan) and plan > 0):
        return f"with no {what.removeprefix('the ')} to hold it against"
    gap = actual / plan - 1
    if abs(gap) < ON_PLAN:
        return f"on {what}"
    return f"{percent(abs(gap))} {'above' if gap > 0 else 'below'} {what}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: bags, lights and warmth."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def months(names: Sequence[str]) -> str:
    """A span of months."""
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def largest(names: Sequence[str], amounts: Array, most: int = 3) -> list[int]:
    """Which rows have the largest amounts either way, nothing among them."""
    order = np.argsort(-np.abs(amounts), kind="stable")
    return [int(k) for k in order[:most] if abs(amounts[k]) >= 0.5]


def sentence(text: str) -> str:
    """With a capital to begin with."""
    return text[:1].upper() + text[1:]
