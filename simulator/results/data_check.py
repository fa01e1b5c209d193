"""Hold a company's own demand against what is generated from it: by product and in all, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from simulator.company import Days
from simulator.company.buckets import BUCKETS
from simulator.company.events import Market
from simulator.company.fit import fit
from simulator.company.history import OrderLines
from simulator.company.lives import Lives, product_lives
from simulator.company.phrases import first_names
from simulator.engine.scenario import Scenario, lines_of
from simulator.kernel.messages import Message, msg, number, percent, said
from simulator.kernel.units import Array, ScenarioError, in_file
from simulator.world.luck import draw
from simulator.world.network import Network

if TYPE_CHECKING:
    import pandas as pd

HISTORIES = 40
HISTORY_SEED = 1
ALIKE_WITHIN = (0.025, 0.975)
"""Between these shares of generated histories a real figure is taken for one of them."""

LIVES = {"": msg(""), "new": msg("new"), "gone": msg("gone"), "unsold": msg("unsold")}
"""Lives of products that were not sold all the time."""

VALUE_SHARES, VARIATION_BOUNDS = (0.8, 0.95), (0.5, 1.0)
"""Value up to which a product is A and B; deviation over mean of its months up to which it is X and Y."""

ABC = ("A", "B", "C")


def value_classes(value: ArrayLike) -> list[str]:
    """A for the products that make the first 80 % of the value, B up to 95 %, C for the rest."""
    amounts = np.asarray(value, dtype=np.float64)
    order = np.argsort(-amounts, kind="stable")
    before = np.empty(len(amounts))
    before[order] = np.cumsum(amounts[order]) - amounts[order]
    whole = max(amounts.sum(), 1e-9)
    return [ABC[sum(b >= (share - 1e-9) * whole for share in VALUE_SHARES)] for b in before]


@dataclass(frozen=True)
class HistoryFigure:
    """One figure of a history: real, and in generated ones of the same months."""

    name: Message
    real: float
    mean: float
    low: float
    high: float

    @property
    def alike(self) -> bool:
        """Tell if the real figure lies among the generated ones."""
        slack = 1e-9 + 1e-9 * abs(self.real)
        return self.low - slack <= self.real <= self.high + slack

    @property
    def off(self) -> float:
        """Return the distance of the real figure from the range of the generated ones, in half widths of it."""
        half = max((self.high - self.low) / 2, 1e-9, 0.01 * abs(self.mean))
        return max(self.low - self.real, self.real - self.high, 0.0) / half


@dataclass(frozen=True)
class DataCheck:
    """A company's rows of demand, and what is generated from them over the same months."""

    scenario: Scenario
    lines: OrderLines
    generated: Array  # (days, products, lanes)

    @cached_property
    def days(self) -> Days:
        """The days of the history."""
        return self.lines.days(self.scenario.company.calendar)

    @cached_property
    def real(self) -> Array:
        """Real units: (days, products)."""
        return np.asarray(self.lines.units_per_day.sum(axis=1))

    @cached_property
    def lives(self) -> Lives:
        """The life of each product."""
        return product_lives(self.lines, self.days)

    def by_month(self, units: Array) -> Array:
        """Sums over each month."""
        return np.asarray(np.add.reduceat(units, self.days.month_start[:-1], axis=0))

    def figures(self, product: int | None = None) -> list[HistoryFigure]:
        """Figures of a product, or of all together."""
        real = self.real.sum(axis=1) if product is None else self.real[:, product]
        drawn = self.generated.sum(axis=1) if product is None else self.generated[:, product]
        return [self._figure(name, real, drawn, measure) for name, measure in self._measures()]

    def _measures(self) -> Iterator[tuple[Message, str]]:
        yield msg("units a month"), "mean"
        yield msg("deviation of a month"), "sd"
        yield msg("largest month"), "most"
        yield msg("months without demand"), "none"
        if self.lines.bucket in ("line", "day", "week"):
            yield msg("deviation of a week"), "week"
        if self.lines.bucket in ("line", "day"):
            yield msg("deviation of a working day"), "day"
            yield msg("working days without demand"), "idle"

    def _figure(self, name: Message, real: Array, drawn: Array, measure: str) -> HistoryFigure:
        seen, generated = self._measured(real[:, None], measure)[0], self._measured(drawn, measure)
        low, high = np.quantile(generated, ALIKE_WITHIN)
        return HistoryFigure(name, float(seen), float(generated.mean()), float(low), float(high))

    def _measured(self, units: Array, measure: str) -> Array:
        """A figure of each column of daily units."""
        months = self.by_month(units)
        if measure in ("mean", "most"):
            return np.asarray(months.mean(axis=0) if measure == "mean" else months.max(axis=0))
        if measure == "sd":
            return np.asarray(months.std(axis=0, ddof=min(1, len(months) - 1)))
        if measure == "none":
            return np.asarray((months <= 0).mean(axis=0))
        if measure == "week":
            weeks = units[: len(units) // 7 * 7].reshape(-1, 7, units.shape[1]).sum(axis=1)
            return np.asarray(weeks.std(axis=0))
        worked = units[self.days.working]
        return np.asarray(worked.std(axis=0) if measure == "day" else (worked <= 0).mean(axis=0))

    @cached_property
    def classes(self) -> list[str]:
        """AX to CZ for each product: value of use at its price, and variation of its months."""
        items = self.scenario.company.products
        value = self.real.sum(axis=0) * np.array([items[name].price or 1.0 for name in self.lines.products])
        months = self.by_month(self.real)
        ratio = np.where(months.mean(axis=0) > 0, months.std(axis=0) / np.maximum(months.mean(axis=0), 1e-9), np.inf)
        return [
            letter + "XYZ"[sum(r > bound for bound in VARIATION_BOUNDS)]
            for letter, r in zip(value_classes(value), ratio, strict=True)
        ]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One line a product, the one whose real demand lies farthest outside the generated first."""
        import pandas as pd

        rows = []
        for k, name in enumerate(self.lines.products):
            units = float(self.real[:, k].sum())
            figures = self.figures(k) if units else []
            worst = max(figures, key=lambda figure: figure.off, default=None)
            sold = np.flatnonzero(self.real[:, k] > 0)
            rows.append(
                {
                    "product": name,
                    "class": self.classes[k],
                    "units": units,
                    "first": str(self.days.date(int(sold[0]))) if len(sold) else "",
                    "last": str(self.days.date(int(sold[-1]))) if len(sold) else "",
                    "life": self.life(k),
                    "month_mean": figures[0].real if figures else 0.0,
                    "month_sd": figures[1].real if figures else 0.0,
                    "month_sd_generated": figures[1].mean if figures else 0.0,
                    "outside": sum(not figure.alike for figure in figures),
                    "of": len(figures),
                    "worst": str(worst.name) if worst and worst.off else "",
                    "off": worst.off if worst else 0.0,
                }
            )
        return pd.DataFrame(rows).sort_values(["off", "units"], ascending=False, kind="stable").reset_index(drop=True)

    def class_table(self) -> list[list[str]]:
        """Products and share of units by class: value down, variation across."""
        units = self.real.sum(axis=0)
        rows = [[said("products, share of units"), "X", "Y", "Z"]]
        for value in "ABC":
            row = [value]
            for variation in "XYZ":
                inside = [k for k, each in enumerate(self.classes) if each == value + variation]
                share = percent(float(units[inside].sum() / max(units.sum(), 1e-9)), 0)
                row.append(f"{len(inside)}, {share}" if inside else "–")
            rows.append(row)
        return rows

    def records(self) -> list[dict[str, object]]:
        """The figures of all products together, for programs."""
        return [
            {"figure": str(f.name), "real": f.real, "generated": f.mean, "low": f.low, "high": f.high, "alike": f.alike}
            for f in self.figures()
        ]

    def life(self, product: int) -> str:
        """New, gone, never sold, or there all the time."""
        if not self.real[:, product].any():
            return "unsold"
        new, gone = self.lives.first[product] > 0, self.lives.last[product] < self.lives.count - 1
        return "new" if new else "gone" if gone else ""

    def sentences(self) -> list[Message]:
        """Say of which kind the rows are, which were kept, and how growth and lives were read."""
        histories = number(self.generated.shape[-1])
        rows = msg("Rows are {bucket}; {n} histories were generated.", bucket=BUCKETS[self.lines.bucket], n=histories)
        found = [rows, *self.scenario.notes]
        named = {word: [name for k, name in enumerate(self.lines.products) if self.life(k) == word] for word in LIVES}
        if named["new"]:
            found.append(msg("New in the file, with a rate of their own: {names}.", names=first_names(named["new"])))
        if named["gone"]:
            found.append(msg("Gone before its end, and generated no more: {names}.", names=first_names(named["gone"])))
        if named["unsold"]:
            found.append(msg("Without any demand: {names}.", names=first_names(named["unsold"])))
        return found


def _families(scenario: Scenario) -> dict[str, str]:
    return {name: product.family for name, product in scenario.company.products.items()}


def data_check(scenario: Scenario, lanes: int = HISTORIES) -> DataCheck:
    """Generate the history again, many times, from what was fitted to it."""
    wish = scenario.company.demand.history
    if wish is None:
        raise ScenarioError(in_file(scenario.source, msg("it names no file of demand; demand.history.file does")))
    lines = lines_of(scenario)
    calendar = scenario.company.calendar.model_copy(update={"start": lines.start})
    company = scenario.company
    turns = {"launch": None, "phase_out": None}
    alone = company.model_copy(
        update={
            "demand": type(company.demand)(everyday=fit(lines, calendar, _families(scenario), wish.together)),
            "calendar": calendar,
            "market": Market(),
            "sales": None,
            "disruptions": (),
            "products": {name: product.model_copy(update=turns) for name, product in company.products.items()},
        }
    )
    days = Days(calendar, lines.months)
    drawn = draw(alone, Network(alone), days, 0, HISTORY_SEED, range(lanes)).signed.sum(axis=1)
    return DataCheck(scenario, lines, drawn[: days.count])
