"""The cost of a study before it runs: runs, blocks, hours, bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import ceil
from time import perf_counter

import numpy as np

from simulator.company.phrases import counted_things as counted
from simulator.engine.play import lanes_at_once, play, weather_for
from simulator.engine.settings import changed_policy, changed_scenario
from simulator.engine.settings_in_lanes import shared_words
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.messages import Message, msg, number
from simulator.kernel.workers import hands
from simulator.planning import Policy
from simulator.results.kpis import values
from simulator.studies.blocks import blocks_of_stage, count_blocks, cutting_of_study, origin_of
from simulator.studies.claim import stages_begun
from simulator.studies.cutting import Block, Stage
from simulator.studies.luck import luck_key
from simulator.studies.result_part import ResultPart, packed_part
from simulator.studies.store import Store, part_of
from simulator.studies.study import Study
from simulator.world.luck import Weather

ASKED_FROM = 600.0
"""Seconds of estimated work above which a run wants to be confirmed."""

TRIED = (2, 48)
"""Lanes of the two short runs that tell what a run costs at all, and what each lane adds."""


@dataclass(frozen=True)
class Plan:
    """The cost of what is still missing of a study."""

    points: int
    policies: int
    replications: int  # at most
    runs: int
    runs_found: int
    blocks: int
    seconds: float  # on this many workers, as fast as this machine
    core_seconds: float
    workers: int
    bytes: int
    open_end: bool = False  # replications are run until they are precise enough; these are the most

    def sentence(self) -> Message:
        """The plan in words."""
        runs, disk = counted(self.runs, "run"), size_words(self.bytes)
        work = msg("{runs} in {blocks}", runs=self._most(runs), blocks=counted(self.blocks, "block"))
        if self.runs_found:
            work = msg("{runs}, {n} of them are there already", runs=work, n=number(self.runs_found))
        few, one = counted(self.workers, "worker"), msg("one worker, once one joins the scheduler")
        replications = counted(self.replications, "replication")
        time = duration_words(self.seconds)
        return msg(
            "{points} x {policies} x {replications} = {runs}; {time} on {who} ({work}) and {disk} on disk",
            points=counted(self.points, "point"),
            policies=counted(self.policies, "policy"),
            replications=msg("up to {n}", n=replications) if self.open_end else replications,
            runs=work,
            time=self._most(time) if self.open_end else msg("about {time}", time=time),
            who=few if self.workers else one,
            work=core_time(self.core_seconds),
            disk=self._most(disk),
        )

    def _most(self, amount: Message) -> Message:
        """An amount that is an upper bound where replications are run until they are precise enough."""
        return msg("at most {n}", n=amount) if self.open_end else amount


def duration_words(seconds: float) -> Message:
    """A length of time as one says it."""
    if seconds >= 2 * 86_400:
        return msg("{n} days", n=number(seconds / 86_400))
    if seconds >= 2 * 3_600:
        return msg("{n} hours", n=number(seconds / 3_600))
    return msg("{n} minutes", n=number(seconds / 60)) if seconds >= 120 else msg("{n} s", n=number(seconds))


def core_time(seconds: float) -> Message:
    """Work, as one orders it: core-hours, or less where it is less."""
    if seconds >= 7_200:
        return msg("{n} core-hours", n=number(seconds / 3600))
    return msg("{time} of a core", time=duration_words(seconds))


def size_words(count_of_bytes: float) -> Message:
    """Bytes as one says them."""
    for unit, scale in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count_of_bytes >= scale:
            return msg("{n} {unit}", n=number(count_of_bytes / scale, 1), unit=unit)
    return msg("{n} {unit}", n=number(count_of_bytes / 1e3), unit="kB")


def plan(
    study: Study,
    store: Store | None = None,
    workers: int | None = None,
    lanes: int | None = None,
    cluster: str | None = None,
) -> Plan:
    """Count the runs, and time two short ones of each policy to say how long all of them take."""
    there, at_once = hands(workers, cluster)
    stage = Stage(None, 0, study.most_replications)
    runs = len(study.points) * len(study.policies) * stage.stop
    blocks, found = count_blocks(study, stage, lanes), _runs_found(study, store, lanes)
    first = next(blocks_of_stage(study, stage, lanes))
    own = len(first.points) * len(study.policies) * (first.stop - first.start)
    core = _block_seconds(study, first) * (runs - found) / own
    return Plan(
        len(study.points), len(study.policies), stage.stop, runs, found, blocks,
        seconds=core / max(1, min(at_once, blocks)), core_seconds=core, workers=min(there, blocks),
        bytes=int((runs - found) * _bytes_a_run(study, own)), open_end=not isinstance(study.replications, int),
    )  # fmt: skip


def _runs_found(study: Study, store: Store | None, lanes: int | None) -> int:
    """Runs of the study that the folder holds."""
    if store is None:
        return 0
    files, mine, how = store.parts(), origin_of(study), cutting_of_study(study, lanes)
    blocks = (block for stage in stages_begun(study, store, lanes) for block in how.blocks(stage))
    there = sum(len(b.points) * (b.stop - b.start) for b in blocks if part_of(b, mine) in files)
    return there * len(study.policies)


@dataclass(frozen=True)
class Pace:
    """Seconds that a piece of work takes at all, and for each lane."""

    fixed: float
    each: float

    def seconds(self, times: int, lanes: int) -> float:
        """Of doing it so many times, with so many lanes in all."""
        return times * self.fixed + lanes * self.each


def _pace(work: Callable[[int], object]) -> Pace:
    """Time a piece of work with few lanes and with more."""
    few, more = (min(_seconds(work, lanes) for _ in range(2)) for lanes in TRIED)
    each = max(more - few, 0.0) / (TRIED[1] - TRIED[0])
    return Pace(max(few - TRIED[0] * each, 0.0), each)


def _seconds(work: Callable[[int], object], lanes: int) -> float:
    began = perf_counter()
    work(lanes)
    return perf_counter() - began


def _block_seconds(study: Study, block: Block) -> float:
    """Estimate the seconds of one block: drawing its luck, and running its cases side by side."""
    lanes, at_once = block.stop - block.start, lanes_at_once(study.scenario)
    settings = [study.points[point] for point in block.points]
    scenarios = [changed_scenario(study.scenario, setting) for setting in settings]
    draws = len({luck_key(scenario) for scenario in scenarios})
    drawing = _pace(lambda n: weather_for(study.scenario, study.seed, range(n)))
    weathers = {n: weather_for(study.scenario, study.seed, range(n)) for n in TRIED}
    seconds = drawing.seconds(draws * ceil(lanes / at_once), draws * lanes)
    for policy in study.policies:
        chosen = [changed_policy(policy, setting, study.name) for setting in settings]
        sharing = Counter((s.fingerprint, shared_words(p)) for s, p in zip(scenarios, chosen, strict=True))
        plays = sum(ceil(cases * lanes / at_once) for cases in sharing.values())
        seconds += _pace(partial(_play, study, policy, weathers)).seconds(plays, len(settings) * lanes)
    return seconds


def _play(study: Study, policy: Policy, weathers: Mapping[int, Weather], lanes: int) -> None:
    """One run as a block does it, its luck not counted."""
    values(play(study.scenario, policy, weathers[lanes], SCORED, Shelf()), study.measures)


def _bytes_a_run(study: Study, runs: int) -> float:
    """Estimate the bytes a run of a part with this many runs; figures do not compress, so random ones will do."""
    luck = np.random.default_rng(0)
    keys = np.zeros(runs, dtype=np.int32)
    part = ResultPart(keys, keys, np.arange(runs), luck.random((len(study.measures), runs)))
    policies = [policy.name for policy in study.policies]
    return len(packed_part(part, "", origin_of(study), policies, study.measures, {})) / runs
