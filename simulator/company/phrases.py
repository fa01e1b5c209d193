"""Counts, names and figures as one reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from simulator.company import Item
from simulator.kernel.units import Array

MOST_NAMED = 4  # names in a sentence; more are counted


def count(number: int, thing: str) -> str:
    """So many things: 1 family, 5 families, 2 policies."""
    plural = f"{thing[:-1]}ies" if thing.endswith(("ly", "cy")) else f"{thing}s"
    return f"{number:,} {thing if number == 1 else plural}"


def some(names: Iterable[str]) -> str:
    """Names, the first few of many."""
    all_names = list(names)
    rest = len(all_names) - MOST_NAMED
    return ", ".join(all_names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def number(value: float) -> str:
    """A figure as one reads it: thousands apart, no digits that say nothing."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def percent(share: float) -> str:
    """A share in whole percent."""
    return f"{100 * share:z.0f} %"


def span(values: Array, told: Callable[[float], str] = number) -> str:
    """From the lowest to the highest; one figure where they are the same."""
    return " to ".join(dict.fromkeys(told(float(value)) for value in (np.min(values), np.max(values))))


def price(value: float) -> str:
    """A price to the cent, without cents where it is large."""
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"


def rate(share: float) -> str:
    """A small share in percent, with the digits that it has."""
    return f"{100 * share:.3g} %"


def made_and_bought(items: Mapping[str, Item]) -> str:
    """Count items that are made and items that are bought."""
    made = sum(item.make is not None for item in items.values())
    return ", ".join(f"{n} {how}" for n, how in ((made, "made"), (len(items) - made, "bought")) if n)
