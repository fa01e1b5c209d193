"""Run a study into a store: only what is missing, on as many workers as wanted, stopped and resumed at will."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.kernel.guard import may_start_workers
from simulator.kernel.messages import as_data, msg
from simulator.kernel.starting import SPAWN
from simulator.kernel.units import ScenarioError, WorkError
from simulator.kernel.workers import Backend, Lost, as_they_come, crew
from simulator.studies.at_service import with_buffers
from simulator.studies.blocks import (
    Work,
    cutting_of_study,
    maker_of_results,
    origin_of,
    packed_study,
    points_in_words,
    simulate_block,
)
from simulator.studies.claim import stages_begun
from simulator.studies.cutting import Block, Cut, Stage
from simulator.studies.optimise import next_stages
from simulator.studies.progress import Progress
from simulator.studies.result_part import ResultPart
from simulator.studies.results import Results
from simulator.studies.seal import DamagedError
from simulator.studies.store import FAILED, MANIFEST, PROGRESS, Store, part_of
from simulator.studies.study import Study, load_study

if TYPE_CHECKING:
    import pandas as pd


TRIES = 3
"""How often a block is tried before it is given up."""

Done = Callable[[Block, ResultPart], None]
Failed = Callable[[Block, Lost], None]


class Runner:
    """The runner of a study: works off its blocks and reports each."""

    def __init__(self, study: Study, backend: Backend, done: Done, failed: Failed, do: Work) -> None:
        self.study, self.backend, self.done, self.failed, self.do = study, backend, done, failed, do
        self.travels = packed_study(study)
        self.made_by = maker_of_results()

    def run(self, blocks: Iterator[Block], tick: Callable[[], None] = lambda: None) -> None:
        """Work off all blocks; `tick` is called about once a second."""
        jobs = ((block, self._job(block)) for block in blocks)
        for block, found in as_they_come(self.backend, jobs, tick, TRIES):
            if isinstance(found, Lost):
                self.failed(block, found)
                continue
            made_by, part = found
            self._same_maker(made_by)
            self.done(block, part)

    def _job(self, block: Block) -> Callable[[], tuple[dict[str, Any], ResultPart]]:
        return partial(self.do, self.travels, block, [self.study.points[point] for point in block.points])

    def _same_maker(self, made_by: dict[str, Any]) -> None:
        """Refuse a worker whose versions or processor would give other bits."""
        for what, here in self.made_by.items():
            if made_by[what] != here:
                raise ScenarioError(
                    msg(
                        "a worker has {what} {there}, here it is {here}; results would not repeat to the bit, so make both alike",
                        what=what,
                        there=f"{made_by[what]}",
                        here=f"{here}",
                    )
                )


# --- sweep ---


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
    do: Work = simulate_block,
    setting: Callable[[int, int], None] | None = None,
) -> Results:
    """Run what the folder does not hold yet of a study, and give its results.

    `cluster` is the address of a Dask scheduler, or `local`; `lanes` cuts blocks smaller than the study would, to the same rows.
    At equal service buffers are set first; `setting` is told of how many points they are.
    Blocks that fail are listed in `failed` of the results; where all of them do, the first reason is raised.
    """
    may_start_workers("sweep", workers, cluster)
    study = study if isinstance(study, Study) else load_study(study)
    store = Store(out)
    stages_begun(study, store, lanes)  # before anything is written: a folder of something else is refused
    with crew(workers, cluster, SPAWN) as hands, store.only_writer():  # files are written by threads meanwhile
        study = with_buffers(study, store, origin_of(study), hands, setting)
        _Sweep(study, store, hands, progress, lanes, do).run()
    results = Results(store)
    if results.failed and not results.runs:
        first = results.failed[0]
        said = msg("nothing of {name} could be run: {why}", name=repr(study.name), why=first["reason"])
        raise ScenarioError(said) if first["wrong_input"] else WorkError(said)
    return results


def manifest_of(study: Study, how: Cut, stages: Sequence[Stage]) -> dict[str, Any]:
    """The study, how it is cut, and the stages that it has begun."""
    return {
        "made_by": "sop sweep",
        "cut": asdict(how),
        "study": {
            "words": study.words.model_dump(mode="json"),
            "scenario": study.scenario.case,
            "scenario_fingerprint": study.scenario.fingerprint,
            "currency": study.scenario.company.currency,
            "policies": [policy.name for policy in study.policies],
            "factors": [factor.record() for factor in study.factors],
            "measures": study.measures,
            "seed": study.seed,
            "cautions": [as_data(caution) for caution in study.cautions],
        },
        "stages": [stage.record() for stage in stages],
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
        self.study, self.store, self.tell = study, store, tell
        self.origin, self.cut, self.begun = (
            origin_of(study),
            cutting_of_study(study, lanes),
            stages_begun(study, store, lanes),
        )
        self.policies = [policy.name for policy in study.policies]
        self.progress, self.failures = Progress(study), list[dict[str, Any]]()
        self.runner = Runner(study, hands, self._commit, self._give_up, do)
        self.stage, self.wanted, self.said_at = Stage(None, 0, 0), set[str](), 0.0

    def run(self) -> None:
        """Stage after stage; the next one is known when the last is done."""
        self._begin()
        state = "stopped"
        try:
            for stage in self._stages():
                self.stage = stage
                self.progress.blocks += self.cut.count(stage)
                self.progress.runs += self.cut.runs(stage)
                self.runner.run(self._missing(self.cut.blocks(stage)), self._say)
            self.store.set_aside(self.store.parts() - self.wanted)
            state = "failed" if self.failures else "finished"
        finally:
            self._note(state)
            self._say(at_once=True)

    def _begin(self) -> None:
        """Make the folder the study's own: all but its parts is written anew, whatever lies there."""
        self._note("running")
        self.store.write_points(points_table(self.study), self.origin)
        self._write_manifest()
        self.store.tidy()

    def _note(self, state: str) -> None:
        self.store.note(FAILED, self.origin, {"blocks": self.failures})
        self.store.note(PROGRESS, self.origin, self.progress.record(state))

    def _write_manifest(self) -> None:
        self.store.note(MANIFEST, self.origin, manifest_of(self.study, self.cut, self.begun))

    def _stages(self) -> Iterator[Stage]:
        """Stages that the folder has begun, then those that are still wanted; each is written down before it starts."""
        yield from self.begun
        while fresh := next_stages(self.study, self.store, self.begun):
            self.begun = self.begun + fresh
            self._write_manifest()
            yield from fresh

    def _missing(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """Blocks of which no whole part is there."""
        for block in blocks:
            self.wanted.add(part_of(block, self.origin))
            try:
                part, _ = self.store.part(block, self.origin, self.policies, self.study.measures)
            except DamagedError:
                yield block
            else:
                self.progress.add(part, found=True)

    def _commit(self, block: Block, part: ResultPart) -> None:
        stage = [self.stage.start, self.stage.stop] if self.stage.points is None else None
        self.store.commit(block, part, self.origin, self.policies, self.study.measures, {"stage": stage})
        self.progress.add(part)
        self._say()

    def _give_up(self, block: Block, lost: Lost) -> None:
        self.progress.failed += 1
        where = points_in_words(self.study, block.points)
        self.failures.append(
            {
                "where": as_data(where),
                "replications": [block.start, block.stop - 1],
                "points": block.points,
                "reason": as_data(lost.reason),
                "wrong_input": not isinstance(lost.error, WorkError),
            }
        )

    def _say(self, at_once: bool = False) -> None:
        """Tell whoever asked, and whoever looks into the folder, about once a second."""
        now = time.monotonic()
        if not at_once and now - self.said_at < SAID_EVERY:
            return
        self.said_at = now
        if not at_once:
            self.store.note(PROGRESS, self.origin, self.progress.record("running"))
        if self.tell:
            self.tell(self.progress)
