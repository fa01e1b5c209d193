"""The definition of a measure, and the register of all measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.kernel.units import Array
from simulator.results.reading.score import OF_CUSTOMERS, Score


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

    def is_by(self, by: str) -> bool:
        """Tell if the measure can be split by such parts; the company's total always can."""
        return by == "total" or not (self.per == "company" or (self.per == "goods" and by in OF_CUSTOMERS))


MEASURES: dict[str, Measure] = {}


def measure(
    title: str, unit: str, better: str, per: str = "goods"
) -> Callable[[Callable[[Score], Array]], Callable[[Score], Array]]:
    """Declare a measure; its definition is the function's docstring."""

    def declare(function: Callable[[Score], Array]) -> Callable[[Score], Array]:
        name = function.__name__
        definition = " ".join((function.__doc__ or "").split())
        MEASURES[name] = Measure(name, title, unit, better, definition, per, function)
        return function

    return declare
