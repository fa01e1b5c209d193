"""Counts, names and figures as sentences take them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from simulator.company import Item
from simulator.kernel.messages import Message, Number, Value, listed, msg, plural
from simulator.kernel.messages import number as with_places
from simulator.kernel.messages import percent as in_percent
from simulator.kernel.units import Array

NAMES_IN_A_SENTENCE = 4  # names in a sentence; more are counted

COUNTED: dict[str, Callable[[int], Message]] = {
    "block": lambda n: plural("{n} block", "{n} blocks", n),
    "component": lambda n: plural("{n} component", "{n} components", n),
    "day": lambda n: plural("{n} day", "{n} days", n),
    "demand stream": lambda n: plural("{n} demand stream", "{n} demand streams", n),
    "everyday stream": lambda n: plural("{n} everyday stream", "{n} everyday streams", n),
    "factor": lambda n: plural("{n} factor", "{n} factors", n),
    "family": lambda n: plural("{n} family", "{n} families", n),
    "holiday": lambda n: plural("{n} holiday", "{n} holidays", n),
    "machine": lambda n: plural("{n} machine", "{n} machines", n),
    "measure": lambda n: plural("{n} measure", "{n} measures", n),
    "month": lambda n: plural("{n} month", "{n} months", n),
    "part": lambda n: plural("{n} part", "{n} parts", n),
    "point": lambda n: plural("{n} point", "{n} points", n),
    "policy": lambda n: plural("{n} policy", "{n} policies", n),
    "product": lambda n: plural("{n} product", "{n} products", n),
    "replication": lambda n: plural("{n} replication", "{n} replications", n),
    "resource": lambda n: plural("{n} resource", "{n} resources", n),
    "run": lambda n: plural("{n} run", "{n} runs", n),
    "segment": lambda n: plural("{n} segment", "{n} segments", n),
    "shift": lambda n: plural("{n} shift", "{n} shifts", n),
    "station": lambda n: plural("{n} station", "{n} stations", n),
    "supplier": lambda n: plural("{n} supplier", "{n} suppliers", n),
    "worker": lambda n: plural("{n} worker", "{n} workers", n),
}
"""What is counted in sentences."""


def counted_things(number: int, thing: str) -> Message:
    """So many things: 1 family, 5 families."""
    return COUNTED[thing](number)


def first_names(names: Iterable[Value]) -> Value:
    """Names, the first few of many."""
    all_names = list(names)
    first, rest = listed(all_names[:NAMES_IN_A_SENTENCE], ", "), len(all_names) - NAMES_IN_A_SENTENCE
    return msg("{names} and {n} more", names=first, n=rest) if rest > 0 else first


def policies_named(names: Sequence[str]) -> Message:
    """Name one policy or several."""
    if len(names) == 1:
        return msg("policy {name}", name=names[0])
    return msg("policies {names}", names=listed(names, ", "))


def short_number(value: float) -> Number:
    """A figure as one reads it: thousands apart, no digits that say nothing."""
    return with_places(value, 0 if abs(value) >= 100 else places_of(value))


def as_given(value: float) -> Number:
    """A figure as somebody gave it, in six digits at most."""
    return with_places(value, places_of(value, 6))


def places_of(value: float, digits: int = 3) -> int:
    """Decimals that so many digits of a figure have, without zeros at their end."""
    mantissa, _, power = f"{value:.{digits}g}".partition("e")
    return max(0, len(mantissa.partition(".")[2]) - int(power or 0))


def percent(share: float) -> Number:
    """A share in whole percent."""
    return in_percent(share, 0)


def range_words(values: Array, told: Callable[[float], Number] = short_number) -> Value:
    """From the lowest to the highest; one figure where they are the same."""
    low, high = (told(float(value)) for value in (np.min(values), np.max(values)))
    return low if str(low) == str(high) else msg("{low} to {high}", low=low, high=high)


def price(value: float) -> Number:
    """A price to the cent, without cents where it is large."""
    return with_places(value, 2 if abs(value) < 100 else 0)


def small_percent(share: float, digits: int = 3) -> Number:
    """A small share in percent, with the digits that it has."""
    return in_percent(share, places_of(100 * share, digits))


def made_and_bought(items: Mapping[str, Item]) -> Value:
    """Count items that are made and items that are bought."""
    made = sum(item.make is not None for item in items.values())
    parts = [msg("{n} made", n=made)] if made else []
    return listed([*parts, *([msg("{n} bought", n=len(items) - made)] if made < len(items) else [])], ", ")
