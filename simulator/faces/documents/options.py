"""The options of a month: what each was expected to do, and which one was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents.month import Month
from simulator.faces.documents.paper import Figure, Grid, beside
from simulator.faces.documents.phrases import hours, listed, money, units
from simulator.kernel.units import Array

CRITERION = (
    f"the least expected cost of holding stock, of lateness and of overtime over the next {MEETING_MONTHS} months"
)


@dataclass(frozen=True)
class Options:
    """What lay before the meetings."""

    month: Month

    @property
    def names(self) -> tuple[str, ...]:
        """In the order in which they were put."""
        return self.month.plans.options[self.month.index]

    @property
    def chosen(self) -> int:
        """Which one was recommended and approved."""
        return int(self.month.plans.chosen[self.month.index][self.month.lane])

    def _noted(self, table: str) -> Array:
        noted = self.month.noted(table)
        assert noted is not None
        return noted[: len(self.names)]

    @cached_property
    def cost(self) -> Array:
        """Expected cost of each."""
        return self._noted("option cost")

    @cached_property
    def shortage(self) -> Array:
        """The most that each family would owe at a month's end, (options, families)."""
        return self._noted("option shortage")

    @cached_property
    def stock(self) -> Array:
        """Mean stock at the months' ends, (options, families)."""
        return self._noted("option stock")

    @cached_property
    def overtime(self) -> Array:
        """Overtime hours, (options, resources)."""
        return self._noted("option overtime")

    def grid(self) -> Grid:
        """The options side by side."""
        figures = {
            Figure("owed"): self.shortage.sum(axis=1),
            Figure("stock"): self.stock.sum(axis=1),
            Figure("worth", self.month.currency): self.stock @ self.month.unit_cost,
            Figure("overtime", "hours"): self.overtime.sum(axis=1),
            Figure("cost", self.month.currency): self.cost,
        }
        return beside(
            f"Over {MEETING_MONTHS} months: most that is owed, mean stock, overtime, expected cost",
            "option",
            self.names,
            figures,
            self.month.name,
        )

    def impact(self, k: int) -> str:
        """What one option would do."""
        owed, extra = float(self.shortage[k].sum()), float(self.overtime[k].sum())
        service = f"owes {units(owed)} at most" if owed > 0.5 else "owes nothing"
        return (
            f"{service}, holds {units(self.stock[k].sum())} on average, takes {hours(extra)} of overtime and costs "
            f"{money(float(self.cost[k]), self.month.currency)}"
        )

    def why(self) -> str:
        """Why the chosen one was chosen."""
        currency, best = self.month.currency, float(self.cost[self.chosen])
        others = [k for k in range(len(self.names)) if k != self.chosen]
        if not others:
            return "The process puts one plan to the meeting: there was nothing to choose."
        if np.allclose(self.cost, best):
            return f"All options cost {money(best, currency)}: the first one stands, as nothing more is needed."
        gaps = [f"{money(float(self.cost[k]) - best, currency)} less than '{self.names[k]}'" for k in others]
        return f"Criterion: {CRITERION}. It costs {money(best, currency)}, {listed(gaps)}."
