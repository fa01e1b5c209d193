"""The buffer of a rule on one scale, from none upwards, so that policies of any kind can be brought to the same service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log10
from typing import TypeVar

from simulator.kernel.units import Record

Ruled = TypeVar("Ruled", bound=Record)

MOST_TIMES = 8.0
"""Times of what is stated that listed quantities, and rules of several classes, are raised to at most."""

FEWEST_NINES, MOST_NINES = 0.005, 4.0
"""A target share of 1.1 % and of 99.99 %, as nines."""


@dataclass(frozen=True)
class Buffer:
    """One number that says how much a rule holds beyond what it expects to use: 0 is none, and more is more stock."""

    entry: str
    """What is set, as a policy file names it."""
    amount: float
    """Set at present."""
    most: float
    """From here on more makes no sense."""
    times: bool = False
    """The amount is a multiple of what is stated, 1 at present."""
    nines: bool = False
    """The amount counts the nines of a target share: 2 for .99."""

    def shown(self, amount: float) -> float:
        """The amount as the entry itself would be written."""
        return 1 - 10.0**-amount if self.nines else amount

    def under(self, entry: str) -> Buffer:
        """Name the buffer by where its rule lies, below an entry."""
        return replace(self, entry=f"{entry}.{self.entry}" if self.entry else entry)


def nines_of(share: float) -> float:
    """Count the nines of a target share."""
    return -log10(1 - share)


def together(parts: Sequence[Buffer | None]) -> Buffer | None:
    """Several buffers that are raised in proportion: the amount is a multiple of what each has; None where none has any."""
    held = [part for part in parts if part is not None and part.amount > 0]
    if not held:
        return None
    most = min(MOST_TIMES, max(part.most / part.amount for part in held))
    return Buffer(" + ".join(part.entry for part in held), 1.0, most, times=True)


def times_of(part: Buffer | None, times: float) -> float | None:
    """The amount of one of several buffers at so many times what it has; None where there is none to set."""
    return None if part is None or part.amount <= 0 else min(part.amount * times, part.most)


def of_listed(rule: Record, *tables: str) -> Buffer | None:
    """The buffer of quantities listed by item, which are raised in proportion; None where nothing is listed."""
    listed = [name for name in tables if any(amount > 0 for amount in (getattr(rule, name) or {}).values())]
    return Buffer(" + ".join(listed), 1.0, MOST_TIMES, times=True) if listed else None


def listed_times(rule: Ruled, times: float, *tables: str) -> Ruled:
    """The rule with so many times the quantities that it lists by item."""
    held = {name: getattr(rule, name) for name in tables if getattr(rule, name)}
    return rule.model_copy(
        update={name: {key: times * amount for key, amount in table.items()} for name, table in held.items()}
    )
