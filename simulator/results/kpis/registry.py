"""The definition of a measure, and the register of all measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.kernel.messages import Message, msg, number, percent
from simulator.kernel.units import Array
from simulator.results.reading.score import OF_CUSTOMERS, Score


@dataclass(frozen=True)
class Amount:
    """The smallest difference that matters: so much in the measure's unit, or such a share of a year's sales or of the reference."""

    size: float
    of: str = "unit"  # "unit", "sales" or "reference"

    def in_unit(self, sales: float, reference: float) -> float:
        """The amount in the measure's unit, where a year's expected sales and the reference's mean are such."""
        return self.size * {"unit": 1.0, "sales": sales, "reference": abs(reference)}[self.of]

    def text(self, unit: str) -> Message:
        """Write the amount, in a measure's unit or as a share of what it is a share of."""
        if self.of == "sales":
            return msg("{share} of a year's sales", share=percent(self.size, 2))
        if self.of == "reference":
            return msg("{share} of the reference", share=percent(self.size))
        if unit in ("share", "probability"):
            return msg("{size} points", size=number(100.0 * self.size, 1))
        return msg(
            "{size} {unit}",
            size=number(self.size, 3 if self.size < 0.01 else 2 if self.size < 0.1 else 1),
            unit=msg(unit),
        )


MATTERS: dict[str, Amount] = {
    "share": Amount(0.005),
    "probability": Amount(0.02),
    "ratio": Amount(0.05),
    "points": Amount(1.0),
    "money": Amount(0.001, "sales"),
    "money/year": Amount(0.002, "sales"),
    "days": Amount(0.5),
    "working days": Amount(0.5),
    "a year": Amount(0.1),
    "customers": Amount(0.5),
    "people/year": Amount(0.5),
}
"""The smallest difference that matters by unit, where a measure names none of its own; of all other units one percent of the reference."""

OF_REFERENCE = Amount(0.01, "reference")
SERVICE = Amount(0.002)
"""Two orders in a thousand."""


@dataclass(frozen=True)
class Measure:
    """A measure as it is shown: what it is called, in what, which way is better, and how it is defined."""

    name: str
    title: str
    unit: str
    better: str  # "higher", "lower" or ""
    definition: str
    per: str  # "orders" (also by segment), "goods" or "company"
    function: Callable[[Score], Array]
    matters: Amount

    def is_by(self, by: str) -> bool:
        """Tell if the measure can be split by such parts; the company's total always can."""
        return by == "total" or not (self.per == "company" or (self.per == "goods" and by in OF_CUSTOMERS))


MEASURES: dict[str, Measure] = {}


def measure(
    title: str, unit: str, better: str, per: str = "goods", matters: Amount | None = None
) -> Callable[[Callable[[Score], Array]], Callable[[Score], Array]]:
    """Declare a measure; its definition is the function's docstring."""

    def declare(function: Callable[[Score], Array]) -> Callable[[Score], Array]:
        name = function.__name__
        definition = " ".join((function.__doc__ or "").split())
        amount = matters or MATTERS.get(unit, OF_REFERENCE)
        MEASURES[name] = Measure(name, title, unit, better, definition, per, function, amount)
        return function

    return declare
