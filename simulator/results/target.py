"""A target of service, or of stock, to which policies are brought before they are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, log
from typing import Any

import numpy as np

from simulator.kernel.messages import Message, inside, listed, msg, number
from simulator.kernel.units import Array, ScenarioError
from simulator.results.kpis import MEASURES, Measure
from simulator.theory.crossing import logit

SHARE_TARGETS, STOCK_TARGETS = ("fill_rate", "otif", "contract_missed"), ("all_stock_value",)
TARGETS = (*SHARE_TARGETS, *STOCK_TARGETS)
"""Measures to which policies can be brought by their buffers."""

AS_STEEP = 5.0
"""Times a logarithm of stock, so that a step of it weighs as one of service does: .3 are 6 % of stock, 1.4 points at 95 %."""

EXAMPLE = "fill_rate=0.95"


@dataclass(frozen=True)
class CommonTarget:
    """A measure and the figure to which every policy is brought."""

    name: str
    value: float

    @property
    def measure(self) -> Measure:
        """The measure itself."""
        return MEASURES[self.name]

    @property
    def rises(self) -> bool:
        """Tell whether the measure rises as the buffer does."""
        return self.name != "contract_missed"

    def height(self, figure: float) -> float:
        """Put a figure on a scale on which it rises with the buffer in nearly a straight line."""
        if self.name in STOCK_TARGETS:
            return AS_STEEP * log(max(figure, 1.0))
        return logit(figure) if self.rises else -logit(figure)

    def kept(self, sample: Array) -> Array:
        """Tell of each replication whether it is on target or better; stock is better below."""
        good = sample <= self.value if self.name in STOCK_TARGETS or not self.rises else sample >= self.value
        return np.where(np.isnan(sample), np.nan, good.astype(np.float64))

    def told(self, figure: float | None = None, decimals: int = 1) -> Message:
        """Say a figure as the measure is read: a share in percent, stock in money."""
        figure = self.value if figure is None else figure
        if self.name in STOCK_TARGETS:
            return msg("{amount}", amount=number(figure))
        return msg("{percent} %", percent=number(100 * figure, decimals))

    def words(self) -> Message:
        """Name measure and figure."""
        shown = 100 * self.value
        return msg(
            "{measure} {figure}",
            measure=inside(msg(self.measure.title)),
            figure=self.told(decimals=1 if abs(shown * 10 - round(shown * 10)) < 1e-6 else 2),
        )


def target_of(at: CommonTarget | str | Mapping[str, Any]) -> CommonTarget:
    """Read a target: a measure's name and one figure, as `fill_rate=0.95` or `{"fill_rate": 0.95}`."""
    if isinstance(at, CommonTarget):
        return at
    if isinstance(at, str):
        name, sign, value = at.partition("=")
        at = {name.strip(): value.strip()} if sign else {at.strip(): ""}
    if len(at) != 1:
        raise ScenarioError(
            msg(
                "--at names {n} targets; policies are brought to one, the same for all, such as {example}",
                n=len(at),
                example=EXAMPLE,
            )
        )
    ((name, value),) = at.items()
    if name not in TARGETS:
        raise ScenarioError(
            msg(
                "--at names {name}, to which no buffer can be set; allowed are {names}, with one figure for all policies",
                name=repr(name),
                names=listed(TARGETS, ", "),
            )
        )
    return CommonTarget(name, _figure(name, value))


def _figure(name: str, value: Any) -> float:
    """The figure of a target."""
    try:
        figure = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else float("nan")
    except ValueError:
        figure = float("nan")
    if not isfinite(figure):
        raise ScenarioError(
            msg(
                "--at gives {name} the figure {value}; it must be one number, the same for all policies, such as {example}",
                name=name,
                value=repr(value),
                example=EXAMPLE if name in SHARE_TARGETS else "all_stock_value=40000",
            )
        )
    if name in SHARE_TARGETS and not 0 < figure < 1:
        raise ScenarioError(
            msg("--at gives {name} the figure {value}; it must be above 0 and below 1", name=name, value=f"{figure:g}")
        )
    if name in STOCK_TARGETS and figure <= 0:
        raise ScenarioError(
            msg("--at gives {name} the figure {value}; it must be above 0", name=name, value=f"{figure:g}")
        )
    return figure
