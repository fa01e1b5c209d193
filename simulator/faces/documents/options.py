"""The options of a month: what each was expected to do, and which one was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents.paper import HOURS, OPTION, Figure, Grid, beside
from simulator.faces.documents.phrases import hours, money, units
from simulator.kernel.messages import Message, Text, capital, listed, msg
from simulator.kernel.units import Array
from simulator.results.reading.month import Month

CRITERION = msg(
    "the least expected cost of holding stock, of lateness and of overtime over the next {n} months",
    n=MEETING_MONTHS,
)
COST = msg("cost")


@dataclass(frozen=True)
class Options:
    """The options that lay before the meetings."""

    month: Month

    @property
    def names(self) -> tuple[Text, ...]:
        """In the order in which they were put."""
        return self.month.plans.options[self.month.index]

    @property
    def chosen(self) -> int:
        """Name the option recommended and approved."""
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
            Figure(msg("owed")): self.shortage.sum(axis=1),
            Figure(msg("stock")): self.stock.sum(axis=1),
            Figure(msg("worth"), self.month.currency): self.stock @ self.month.unit_cost,
            Figure(msg("overtime"), HOURS): self.overtime.sum(axis=1),
            Figure(COST, self.month.currency): self.cost,
        }
        title = msg("Over {n} months: most that is owed, mean stock, overtime, expected cost", n=MEETING_MONTHS)
        return beside(title, OPTION, self.names, figures, self.month.name)

    def impact(self, k: int) -> Message:
        """Say what one option would do."""
        owed, extra = float(self.shortage[k].sum()), float(self.overtime[k].sum())
        return msg(
            "{option}: {service}, holds {stock} on average, takes {overtime} of overtime and costs {money}.",
            option=capital(self.names[k]),
            service=msg("owes {units} at most", units=units(owed)) if owed > 0.5 else msg("owes nothing"),
            stock=units(self.stock[k].sum()),
            overtime=hours(extra),
            money=money(float(self.cost[k]), self.month.currency),
        )

    def why(self) -> Message:
        """Give the reason for the option chosen."""
        currency, best = self.month.currency, float(self.cost[self.chosen])
        others = [k for k in range(len(self.names)) if k != self.chosen]
        if not others:
            return msg("The process puts one plan to the meeting: there was nothing to choose.")
        if np.allclose(self.cost, best):
            return msg(
                "All options cost {money}: the first one stands, as nothing more is needed.",
                money=money(best, currency),
            )
        gaps = [
            msg("{money} less than '{option}'", money=money(float(self.cost[k]) - best, currency), option=self.names[k])
            for k in others
        ]
        return msg(
            "Criterion: {criterion}. It costs {money}, {gaps}.",
            criterion=CRITERION,
            money=money(best, currency),
            gaps=listed(gaps),
        )
