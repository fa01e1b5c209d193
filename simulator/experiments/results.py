"""Results of a study, as analysis reads them: points, tidy rows, arrays, means with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.experiments.factors import Factor
from simulator.experiments.parts import DamagedPartError, Part, added
from simulator.experiments.store import FAILED, PROGRESS, Store
from simulator.measures import MEASURES
from simulator.theory.statistics import student_quantile
from simulator.units import Array, ScenarioError, nearest

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Told:
    """What the manifest says of the study: enough to read its results without its files."""

    name: str
    key: str
    words: dict[str, Any]
    scenario: str
    currency: str
    policies: tuple[str, ...]
    measures: tuple[str, ...]
    seed: int
    stages: tuple[dict[str, Any], ...]
    cautions: tuple[str, ...] = ()  # what deserves a look before figures are believed

    @property
    def design(self) -> str:
        """The kind of its design."""
        return str(self.words.get("design", {}).get("kind", "grid"))


class Results:
    """All parts of a store that are whole, sorted: what they say does not depend on how or where they were made."""

    def __init__(self, folder: str | Path | Store) -> None:
        self.store = folder if isinstance(folder, Store) else Store(folder)
        manifest = self.store.manifest()
        if manifest is None:
            raise ScenarioError(f"{self.store.address} holds no results of sop sweep; give the folder of a sweep")
        self.manifest: dict[str, Any] = manifest
        told = manifest["study"]
        self.study = Told(
            told["name"], manifest["key"], told["words"], told["scenario"], told["currency"],
            tuple(told["policies"]), tuple(told["measures"]), told["seed"], tuple(manifest["stages"]),
            tuple(told.get("cautions", ())),
        )  # fmt: skip
        self.factors = [Factor(**{**f, "levels": tuple(f["levels"])}) for f in told["factors"]]
        self.damaged: list[str] = []

    @cached_property
    def points(self) -> pd.DataFrame:
        """Point, policy, and a column for each factor; a row for each point and policy, in the order of `array`."""
        import pandas as pd

        table = self.store.points()
        wide = table.loc[table.index.repeat(len(self.study.policies))].reset_index(drop=True)
        wide.insert(1, "policy", pd.Series(list(self.study.policies) * len(table)))
        return wide

    @cached_property
    def _found(self) -> tuple[Array, str, int]:
        """Values, (measures, points x policies, replications); the hash of all rows; how many there are."""
        keys, parts = sorted(self.store.committed()), list[tuple[Part, int]]()
        with ThreadPoolExecutor(4) as pool:
            for key, whole in zip(keys, pool.map(self._whole, keys), strict=True):
                if whole is None:
                    self.damaged.append(key)
                else:
                    parts.append(whole)
        most = max((int(part.replication.max()) + 1 for part, _ in parts if len(part.point)), default=0)
        policies = len(self.study.policies)
        values = np.full((len(self.study.measures), len(self.points), most), np.nan)
        for part, _ in parts:
            values[:, part.point * policies + part.policy, part.replication] = part.values
        return values, f"{added([digest for _, digest in parts]):032x}", sum(len(part.point) for part, _ in parts)

    def _whole(self, key: str) -> tuple[Part, int] | None:
        try:
            return self.store.part(key, self.study.policies, self.study.measures)
        except DamagedPartError:
            return None

    @property
    def content(self) -> str:
        """The hash of all rows: the same for any back end, number of workers or size of blocks."""
        return self._found[1]

    @property
    def runs(self) -> int:
        """How many runs are committed."""
        return self._found[2]

    @property
    def runs_wanted(self) -> int:
        """How many the stages ask for."""
        points = len(self.points) // len(self.study.policies)
        sizes = [(len(s["points"]) if s["points"] else points, s["stop"] - s["start"]) for s in self.study.stages]
        return int(sum(a * b for a, b in sizes)) * len(self.study.policies)

    @property
    def failed(self) -> list[dict[str, Any]]:
        """Blocks that were given up, with their parameters."""
        return list(self.store.noted(FAILED) or [])

    @property
    def progress(self) -> dict[str, Any] | None:
        """What the runner last said."""
        told: dict[str, Any] | None = self.store.noted(PROGRESS)
        return told

    def _row(self, measure: str) -> int:
        if measure not in self.study.measures:
            hint = nearest(measure, list(self.study.measures))
            raise ScenarioError(f"{self.store.address} holds no measure {measure!r}; {hint}")
        return self.study.measures.index(measure)

    def array(self, measure: str) -> Array:
        """Values, (points x policies, replications), not a number where a run is missing or nothing was measured."""
        found: Array = self._found[0][self._row(measure)]
        return found

    def mean(self, measure: str) -> pd.DataFrame:
        """Point, policy, factors, then replications, mean and half-width of the 95 % interval."""
        counts, means, halves = means_of(self.array(measure))
        return self.points.assign(replications=counts, mean=means, half_width=halves)

    def summary(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """The means of several measures under each other, with unit and direction."""
        import pandas as pd

        tables = []
        for name in measures or self.study.measures:
            table = self.mean(name)
            place = 1 + len(self.factors) + 1
            for k, (column, value) in enumerate(
                {"measure": name, "unit": MEASURES[name].unit, "better": MEASURES[name].better}.items()
            ):
                table.insert(place + k, column, value)
            tables.append(table)
        return self._of_scenario(pd.concat(tables, ignore_index=True))

    def _of_scenario(self, table: pd.DataFrame) -> pd.DataFrame:
        """Say in every line of which company it is, and what the study changed of it."""
        table.insert(0, "scenario", self.study.scenario)
        return table

    def table(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """Tidy rows: scenario, point, policy, replication, measure, value; sorted, runs that are missing left out."""
        import pandas as pd

        keys, parts = self.points[["point", "policy"]], []
        there = ~np.isnan(self._found[0]).all(axis=0)
        row, replication = np.nonzero(there)
        for name in measures or self.study.measures:
            part = keys.iloc[row].reset_index(drop=True)
            parts.append(part.assign(replication=replication, measure=name, value=self.array(name)[row, replication]))
        return self._of_scenario(pd.concat(parts, ignore_index=True))


def means_of(sample: Array) -> tuple[Array, Array, Array]:
    """Count, mean and half-width of the 95 % interval of each row, over the values that are there."""
    there = np.isfinite(sample)
    counts = there.sum(axis=1)
    full = bool(there.all())
    values = sample if full else np.where(there, sample, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = values.sum(axis=1) / counts
        apart = sample - means[:, None] if full else np.where(there, sample - means[:, None], 0.0)
        deviations = np.sqrt(np.square(apart).sum(axis=1) / (counts - 1))
        halves = student_quantile(CONFIDENCE, counts - 1) * deviations / np.sqrt(counts)
    return counts, means, np.where(counts > 1, halves, np.nan)
