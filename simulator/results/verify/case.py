"""A known answer, and the rule by which the simulator is held against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from simulator.kernel.units import Array
from simulator.results.run import simulate

LEAST_REPLICATIONS = 30
STANDARD_ERRORS = 4.0
"""A simulated figure may be so many standard errors away from the answer."""


@dataclass(frozen=True)
class KnownAnswer:
    """A figure that somebody else printed, and how to find it here."""

    name: str
    source: str
    answer: tuple[float, ...]
    floor: float  # how far a figure may be away whatever the noise
    kind: Literal["formula", "simulation"]
    compute: Callable[[], ArrayLike]  # formula: the figures; simulation: one figure a replication
    holds: Callable[..., Any]  # what runs, rules or pages call, and is held to the answer here
    digits: int = 5  # decimals that are shown

    @property
    def function(self) -> str:
        """The full name of what is held to the answer."""
        return f"{self.holds.__module__}.{self.holds.__qualname__}"

    def check(self) -> Result:
        """Do the sums."""
        return check(self)


@dataclass(frozen=True)
class Result:
    """Result of a case on this machine."""

    case: KnownAnswer
    value: tuple[float, ...]
    standard_error: float  # 0 for a formula
    tolerance: float
    passed: bool
    seconds: float

    @property
    def ok(self) -> bool:
        """True if the figure is the known one."""
        return self.passed

    @property
    def found(self) -> str:
        """The figure found, in words."""
        if self.case.kind == "formula":
            return printed_figures(self.value, self.case.digits)
        return f"{printed_figures(self.value, self.case.digits + 1)} +- {self.standard_error:.2g}"

    @property
    def expected(self) -> str:
        """The printed figure and its tolerance, in words."""
        return f"{printed_figures(self.case.answer, self.case.digits)} (within {self.tolerance:.2g})"


def printed_figures(figures: tuple[float, ...], digits: int) -> str:
    """Figures with the decimals of the printed ones."""
    return " ".join(f"{figure:,.{digits}f}" for figure in figures)


def check(case: KnownAnswer) -> Result:
    """Near enough is within the floor or four standard errors; noise above half the floor passes nothing."""
    start = perf_counter()
    found: Array = np.atleast_1d(np.asarray(case.compute(), dtype=np.float64))
    seconds = perf_counter() - start
    if case.kind == "formula":
        value, error, quiet = found, 0.0, True
    else:
        value, error = np.atleast_1d(found.mean()), float(found.std(ddof=1) / np.sqrt(len(found)))
        quiet = len(found) >= LEAST_REPLICATIONS and error <= case.floor / 2
    tolerance = max(case.floor, STANDARD_ERRORS * error)
    near = value.shape == (len(case.answer),) and bool(np.all(np.abs(value - case.answer) <= tolerance))
    return Result(case, tuple(value.tolist()), error, tolerance, near and quiet, seconds)


def printed(text: str) -> tuple[tuple[float, ...], int]:
    """Figures as they stand in a book, and how many decimals they have at most."""
    words = text.replace(",", "").split()
    return tuple(float(word) for word in words), max(len(word.partition(".")[2]) for word in words)


def formula(
    name: str,
    source: str,
    text: str,
    holds: Callable[..., Any],
    compute: Callable[[], ArrayLike],
    floor: float | None = None,
) -> KnownAnswer:
    """A figure that a function must give to the last printed digit, or within a floor."""
    answer, digits = printed(text)
    last_digit = 0.5000001 * 10.0**-digits
    return KnownAnswer(name, source, answer, last_digit if floor is None else floor, "formula", compute, holds, digits)


def simulation(name: str, source: str, text: str, floor: float, sample: Callable[[], Array]) -> KnownAnswer:
    """A figure that the engine must find, from one value a replication."""
    answer, digits = printed(text)
    return KnownAnswer(name, source, answer, floor, "simulation", sample, simulate, digits)
