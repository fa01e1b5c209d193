"""Counts, names and figures as one reads them."""

from __future__ import annotations

from collections.abc import Iterable

MOST_NAMED = 4  # names in a sentence; more are counted


def count(number: int, thing: str) -> str:
    """So many things: 1 family, 5 families."""
    plural = f"{thing[:-1]}ies" if thing.endswith("ly") else f"{thing}s"
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
    return f"{100 * share:.0f} %"
