"""Results of a study, as analysis reads them: points, tidy rows, arrays, means with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.kernel.messages import Message, Value, from_data, msg
from simulator.kernel.units import Array, ScenarioError, nearest
from simulator.results.kpis import MEASURES
from simulator.studies.cutting import Block, Cut, Stage
from simulator.studies.factors import Factor
from simulator.studies.result_part import ResultPart, rows_digest
from simulator.studies.seal import DamagedError, Origin
from simulator.studies.store import FAILED, MANIFEST, PARTS_FOLDER, POINTS, PROGRESS, Store, part_of
from simulator.theory.statistics import student_quantile

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE = 0.95


@dataclass(frozen=True)
class ManifestWords:
    """The manifest's words on the study: enough to read its results without its files."""

    name: str
    key: str
    words: dict[str, Any]
    scenario: str
    currency: str
    policies: tuple[str, ...]
    measures: tuple[str, ...]
    seed: int
    cautions: tuple[Value, ...] = ()  # what deserves a look before figures are believed

    @property
    def design(self) -> str:
        """The kind of its design."""
        return str(self.words.get("design", {}).get("kind", "grid"))


class Results:
    """All parts that the stages of a study ask for: what they say does not depend on how or where they were made.

    Nothing else in the folder is read, and no part that is not whole and of this study. `damaged` says what is not as it
    was written, `strangers` what belongs to no block, `missing` which parts are not there.
    """

    def __init__(self, folder: str | Path | Store) -> None:
        self.store = folder if isinstance(folder, Store) else Store(folder)
        manifest = self.store.manifest()
        if manifest is None:
            raise ScenarioError(_no_manifest(self.store))
        self.manifest: dict[str, Any] = manifest
        told, self.origin = manifest["study"], Origin.of(manifest)
        self.stages = [*map(Stage.of, manifest["stages"])]
        self.cut = Cut(**manifest["cut"])
        self.study = ManifestWords(
            manifest["name"], manifest["key"], told["words"], told["scenario"], told["currency"],
            tuple(told["policies"]), tuple(told["measures"]), told["seed"], tuple(map(from_data, told.get("cautions", ()))),
        )  # fmt: skip
        self.factors = [Factor(**{**f, "levels": tuple(f["levels"])}) for f in told["factors"]]

    @cached_property
    def points(self) -> pd.DataFrame:
        """Point, policy, and a column for each factor; a row for each point and policy, in the order of `array`."""
        import pandas as pd

        try:
            table = self.store.points(self.origin)
        except DamagedError as error:
            raise ScenarioError(
                msg(
                    "{file}: {problem}; {remedy}",
                    file=f"{self.store.address}/{POINTS}",
                    problem=error.text,
                    remedy=remedy_for_damage(self.store),
                )
            ) from None
        wide = table.loc[table.index.repeat(len(self.study.policies))].reset_index(drop=True)
        wide.insert(1, "policy", pd.Series(list(self.study.policies) * len(table)))
        return wide

    @cached_property
    def _files(self) -> dict[str, Block]:
        """The part of each block that the stages ask for."""
        return {part_of(block, self.origin): block for stage in self.stages for block in self.cut.blocks(stage)}

    @cached_property
    def _found(self) -> tuple[Array, str, int]:
        """Values, (measures, points x policies, replications); the hash of all rows; how many there are."""
        there = [file for file in self._files if file not in self._absent]
        self._broken, parts = dict[str, str](), list[tuple[ResultPart, int]]()
        with ThreadPoolExecutor(4) as pool:
            for file, found in zip(there, pool.map(self._read, there), strict=True):
                if isinstance(found, DamagedError):
                    self._broken[file] = str(found)
                else:
                    parts.append(found)
        most = max((int(part.replication.max()) + 1 for part, _ in parts), default=0)
        policies = len(self.study.policies)
        values = np.full((len(self.study.measures), len(self.points), most), np.nan)
        for part, _ in parts:
            values[:, part.point * policies + part.policy, part.replication] = part.values
        return values, f"{rows_digest([digest for _, digest in parts]):032x}", sum(len(part.point) for part, _ in parts)

    def _read(self, file: str) -> tuple[ResultPart, int] | DamagedError:
        try:
            return self.store.part(self._files[file], self.origin, self.study.policies, self.study.measures)
        except DamagedError as error:
            return error

    # --- what is not as it should be ---

    @cached_property
    def _there(self) -> set[str]:
        return self.store.parts()

    @cached_property
    def _absent(self) -> set[str]:
        return self._files.keys() - self._there

    @property
    def damaged(self) -> dict[str, str]:
        """Files that are not what was written or not where they belong, left out of all that is shown; and what is wrong."""
        _ = self._found
        return {**self._broken, **{file: wrong for file, (_, wrong) in self._notes.items() if wrong}}

    @property
    def strangers(self) -> list[str]:
        """Files beside the parts that belong to no block of this study."""
        return sorted(self._there - self._files.keys())

    @property
    def missing(self) -> list[str]:
        """Parts that are not there although the runner left off as if they were."""
        if (self.progress or {}).get("state") in ("running", "stopped"):
            return []
        spans = [(tuple(block["points"]), *block["replications"]) for block in self.failed]
        failed = {part_of(Block(points, first, last + 1), self.origin) for points, first, last in spans}
        return sorted(self._absent - failed)

    @property
    def whole(self) -> bool:
        """True if the folder is as sop sweep left it."""
        return not (self.damaged or self.strangers or self.missing)

    @property
    def content(self) -> str:
        """The hash of all rows: the same for any back end, number of workers or size of blocks."""
        return self._found[1]

    @property
    def runs(self) -> int:
        """Runs committed."""
        return self._found[2]

    @property
    def runs_wanted(self) -> int:
        """Runs that the stages ask for."""
        return sum(map(self.cut.runs, self.stages))

    @cached_property
    def _notes(self) -> dict[str, tuple[dict[str, Any] | None, str]]:
        """Notes of the runner, each with its damage; damaged notes may be left out, since they pass."""
        found: dict[str, tuple[dict[str, Any] | None, str]] = {}
        for file in (FAILED, PROGRESS):
            try:
                told = self.store.noted(file)
                self.origin.refuse_other(told)
                found[file] = told, ""
            except DamagedError as error:
                found[file] = None, "" if self.store.read(file) is None else str(error)
        return found

    @property
    def failed(self) -> list[dict[str, Any]]:
        """Blocks that were given up, with their parameters."""
        told = self._notes[FAILED][0]
        blocks = told["blocks"] if told else []
        return [{**block, **{name: from_data(block[name]) for name in ("where", "reason")}} for block in blocks]

    @property
    def progress(self) -> dict[str, Any] | None:
        """The runner's last note on its progress."""
        return self._notes[PROGRESS][0]

    def _row(self, measure: str) -> int:
        if measure not in self.study.measures:
            hint = nearest(measure, list(self.study.measures))
            raise ScenarioError(
                msg(
                    "{address} holds no measure {measure}; {hint}",
                    address=self.store.address,
                    measure=repr(measure),
                    hint=hint,
                )
            )
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


def remedy_for_damage(store: Store) -> Message:
    """Say the remedy for any damage in a folder."""
    return msg(
        "run sop sweep on its study again with --out {folder}, which writes it anew and keeps what is whole",
        folder=store.address,
    )


def _no_manifest(store: Store) -> Message:
    """Give the reason that nothing can be shown of a folder."""
    held = store.held()
    if not held & {POINTS, PARTS_FOLDER}:
        return msg("{address} holds no results of sop sweep; give the folder of a sweep", address=store.address)
    what = msg("it is not what was written") if MANIFEST in held else msg("it is missing")
    return msg(
        "{file}: {problem}; {remedy}", file=f"{store.address}/{MANIFEST}", problem=what, remedy=remedy_for_damage(store)
    )


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
