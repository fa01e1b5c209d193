"""Run a study into a store: only what is missing, on as many workers as wanted, stopped and resumed at will."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.experiments.blocks import Block, Work, count, cut, described, maker, work
from simulator.experiments.parts import DamagedPartError, Part
from simulator.experiments.progress import Progress
from simulator.experiments.results import Results
from simulator.experiments.runner import Runner
from simulator.experiments.stages import stages
from simulator.experiments.store import FAILED, MANIFEST, PROGRESS, Store
from simulator.experiments.study import Study, load_study
from simulator.units import ScenarioError
from simulator.workers import Backend, crew

if TYPE_CHECKING:
    import pandas as pd

SAID_EVERY = 1.0
"""Seconds between two notes of progress."""

Tell = Callable[[Progress], None]


def sweep(
    study: Study | str | Path | Mapping[str, Any],
    out: str | Path,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Tell | None = None,
    lanes: int | None = None,
    do: Work = work,
) -> Results:
    """Run what the folder does not hold yet of a study, and give its results.

    `cluster` is the address of a Dask scheduler, or `local`; `lanes` cuts blocks smaller than the study would, to the same rows.
    """
    study = study if isinstance(study, Study) else load_study(study)
    store = Store(out)
    with crew(workers, cluster) as hands, store.only_writer():
        begin(study, store, lanes)
        _Sweep(study, store, hands, progress, lanes, do).run()
    return Results(store)


def begin(study: Study, store: Store, lanes: int | None) -> None:
    """Make the folder the study's own, or go on with it."""
    if is_new(study, store, lanes):
        store.write_points(points_table(study))
        store.note(manifest_of(study, lanes), MANIFEST)
    store.tidy()


def is_new(study: Study, store: Store, lanes: int | None = None) -> bool:
    """Whether the folder is still empty; refused if it belongs to something else."""
    manifest = store.manifest()
    if manifest is None:
        return True
    if manifest["key"] != study.key:
        name = manifest["study"]["name"]
        what = f"another state of the study {name!r}" if name == study.name else f"the study {name!r}"
        raise ScenarioError(f"{store.address} holds {what}; name another folder for {study.name!r}")
    if manifest["lanes"] != lanes:
        raise ScenarioError(f"{store.address} is cut into blocks of {manifest['lanes']} lanes, not {lanes}; keep to it")
    for what, here in maker().items():
        if manifest["made_with"][what] != here:
            raise ScenarioError(
                f"{store.address} was made with {what} {manifest['made_with'][what]}, here it is {here}; "
                "results would not repeat to the bit, so name another folder"
            )
    return False


def manifest_of(study: Study, lanes: int | None) -> dict[str, Any]:
    """Study, versions and processor: what the results are and who made them."""
    return {
        "made_by": "sop sweep",
        "key": study.key,
        "made_with": maker(),
        "lanes": lanes,
        "study": {
            "name": study.name,
            "words": study.words.model_dump(mode="json"),
            "scenario": study.scenario.name,
            "scenario_fingerprint": study.scenario.fingerprint,
            "currency": study.scenario.company.currency,
            "policies": [policy.name for policy in study.policies],
            "factors": [factor.record() for factor in study.factors],
            "measures": study.measures,
            "seed": study.seed,
        },
        "stages": [],
    }


def points_table(study: Study) -> pd.DataFrame:
    """Point and factors, a row a point."""
    import pandas as pd

    columns = {f.name: [f.cell(setting[f.entry]) for setting in study.points] for f in study.factors}
    return pd.DataFrame({"point": range(len(study.points)), **columns})


class _Sweep:
    """One session of a sweep: what is there, what is in work, what is told."""

    def __init__(
        self, study: Study, store: Store, hands: Backend, tell: Tell | None, lanes: int | None, do: Work
    ) -> None:
        self.study, self.store, self.tell, self.lanes = study, store, tell, lanes
        self.policies = [policy.name for policy in study.policies]
        self.progress, self.failures = Progress(study), list[dict[str, Any]]()
        self.runner = Runner(study, hands, self._commit, self._give_up, do)
        self.found, self.said_at = store.committed(), 0.0

    def run(self) -> None:
        """Stage after stage; the next one is known when the last is done."""
        state = "stopped"
        try:
            for stage in stages(self.study, self.store):
                self.progress.blocks += count(self.study, stage, self.lanes)
                points = len(self.study.points if stage.points is None else stage.points)
                self.progress.runs += points * len(self.policies) * (stage.stop - stage.start)
                self.runner.run(self._missing(cut(self.study, stage, self.lanes)), self._say)
            state = "failed" if self.failures else "finished"
        finally:
            self.store.note(self.failures, FAILED)
            self.store.note(self.progress.record(state), PROGRESS)
            self._say(at_once=True)

    def _missing(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """Blocks of which no whole part is there."""
        for block in blocks:
            part = self._found(block)
            if part is None:
                yield block
            else:
                self.progress.add(part, found=True)

    def _found(self, block: Block) -> Part | None:
        key = block.key(self.study.key)
        if key not in self.found:
            return None
        try:
            return self.store.part(key, self.policies, self.study.measures)[0]
        except DamagedPartError:
            return None

    def _commit(self, block: Block, part: Part) -> None:
        about = {"points": block.points, "start": block.start, "stop": block.stop}
        self.store.commit(block.key(self.study.key), part, self.policies, self.study.measures, about)
        self.progress.add(part)
        self._say()

    def _give_up(self, block: Block, reason: str) -> None:
        self.progress.failed += 1
        where = described(self.study, block.points)
        self.failures.append(
            {"where": where, "replications": [block.start, block.stop - 1], "points": block.points, "reason": reason}
        )

    def _say(self, at_once: bool = False) -> None:
        """Tell whoever asked, and whoever looks into the folder, about once a second."""
        now = time.monotonic()
        if not at_once and now - self.said_at < SAID_EVERY:
            return
        self.said_at = now
        if not at_once:
            self.store.note(self.progress.record("running"), PROGRESS)
        if self.tell:
            self.tell(self.progress)
