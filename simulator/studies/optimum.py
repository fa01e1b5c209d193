"""The request of an optimisation and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.engine.settings import changed_policy, changed_scenario
from simulator.kernel.messages import Message, listed, msg
from simulator.kernel.units import Array, ScenarioError
from simulator.results.cautions import cautions
from simulator.results.kpis import MEASURES, Measure, measures_named
from simulator.studies.trials import Trials
from simulator.theory.selection import Selection
from simulator.theory.statistics import Interval, mean_interval, unpaired_interval

if TYPE_CHECKING:
    import pandas as pd

AIMS = {"cost": "economic_profit", "stock": "all_stock_value"}
"""What may be made least, in words: all costs are least where profit is highest once capital has its price, too."""


@dataclass(frozen=True)
class Aim:
    """The aim of an optimisation: a measure as good as may be, service at a target or above, a confidence."""

    measure: Measure
    service: Measure
    target: float
    confidence: float = 0.95

    def gain(self, values: Array) -> Array:
        """More is better."""
        return values if self.measure.better == "higher" else -values

    def floor(self, service: Array) -> float:
        """Return the lower limit of mean service, with the confidence."""
        found = mean_interval(service, 2.0 * self.confidence - 1.0)
        return float(found.low)


@dataclass(frozen=True)
class Optimum:
    """The setting, what it does on fresh luck, and how it was found."""

    aim: Aim
    setting: dict[str, Any]
    confirmed: bool  # the target is surely reached on fresh luck
    search: Trials
    fresh: Trials
    place: int  # of the setting, in the search
    fresh_place: int
    selection: Selection
    feasible: list[int]  # settings of the search that surely reach the target
    difference: float | None  # worth finding; none where a budget was spent instead

    @property
    def cautions(self) -> list[Message]:
        """Cautions to read before these figures are believed, a sentence each."""
        trials, setting = self.search, self.setting
        policy = changed_policy(trials.policy, setting, "the setting")
        return cautions(changed_scenario(trials.scenario, setting), [policy])

    def scores(self) -> pd.DataFrame:
        """A row a measure: on fresh luck, in the search, and by how much the search flattered, each with its interval."""
        import pandas as pd

        return pd.DataFrame([self._score(measure) for measure in self.search.measures])

    def _score(self, measure: Measure) -> dict[str, Any]:
        fresh = self.fresh.of(self.fresh_place, measure.name)
        seen = self.search.of(self.place, measure.name)
        told = {"measure": measure.name, "title": measure.title, "unit": measure.unit, "better": measure.better}
        flattered = unpaired_interval(seen, fresh) if measure.better == "higher" else unpaired_interval(fresh, seen)
        parts = {"": mean_interval(fresh), "search_": mean_interval(seen), "optimism_": flattered}
        return told | {name: end for prefix, found in parts.items() for name, end in _ends(prefix, found).items()}

    @property
    def service_at_least(self) -> float:
        """The lower limit of mean service on fresh luck, with the confidence."""
        return self.aim.floor(self.fresh.of(self.fresh_place, self.aim.service.name))

    def settings(self) -> pd.DataFrame:
        """A row a setting that was tried, by service: means with half-widths, whether it surely reaches the target."""
        import pandas as pd

        rows = []
        for k, setting in enumerate(self.search.settings):
            means = {m.name: mean_interval(self.search.of(k, m.name)) for m in self.search.measures}
            row = {name: float(found.mean) for name, found in means.items()}
            halves = {f"{name}_half": float(found.half_width) for name, found in means.items()}
            count = self.search.values[k].shape[1]
            rows.append({**setting, "replications": count, **row, **halves, "reaches": k in self.feasible})
        return pd.DataFrame(rows).sort_values(self.aim.service.name, ignore_index=True)


def _ends(prefix: str, found: Interval) -> dict[str, float]:
    figures = {"mean": found.mean, "low": found.low, "high": found.high}
    return {prefix + name: float(figure) for name, figure in figures.items()}


def checked_aim(minimise: str, service_measure: str, target: float, confidence: float) -> Aim:
    """The aim, or what is wrong with it."""
    measure, service = measures_named([AIMS.get(minimise, minimise), service_measure])
    if not measure.better:
        raise ScenarioError(
            msg("{name} has no better direction; minimise cost, stock or a measure that has one", name=measure.name)
        )
    if service.better != "higher" or service.unit != "share":
        shares = [m.name for m in MEASURES.values() if m.better == "higher" and m.unit == "share"]
        raise ScenarioError(
            msg("{name} is no measure of service; there are {names}", name=service.name, names=listed(shares, ", "))
        )
    if not 0.0 < target < 1.0:
        raise ScenarioError(
            msg(
                "the service target is {target}; it must be a share above 0 and below 1, such as 0.97",
                target=f"{target:g}",
            )
        )
    if not 0.5 < confidence < 1.0:
        raise ScenarioError(
            msg(
                "the confidence is {confidence}; it must be above 0.5 and below 1, such as 0.95",
                confidence=f"{confidence:g}",
            )
        )
    return Aim(measure, service, target, confidence)
