"""Blocks: the pieces that a study is cut into. Each is pure work, a part of the store, and a step of progress."""

from __future__ import annotations

import hashlib
import json
import pickle
import platform
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from typing import Any

import numpy as np

from simulator.experiments.evaluate import scores
from simulator.experiments.parts import Part
from simulator.experiments.settings import Setting
from simulator.experiments.study import RESULTS, Study
from simulator.run import lanes_at_once
from simulator.version import VERSION

FEWEST_LANES = 32
"""Lanes below which the fixed cost of a run rules."""

USUAL_RUNS, MOST_RUNS = 4, 64
"""Runs of the engine in a block, each as wide as memory holds: fewer than usual share the drawing of luck among too
few, more than the most show no progress."""

FEW_BLOCKS, MANY_BLOCKS = 32, 256
"""Blocks that a small study is cut into, so that all cores have work; blocks from which on they rather grow."""


@dataclass(frozen=True)
class Stage:
    """Replications of some points, all policies: what a study asks for at once."""

    points: tuple[int, ...] | None  # all where none are named
    start: int
    stop: int

    def record(self) -> dict[str, Any]:
        """As a manifest keeps it."""
        return {"points": self.points, "start": self.start, "stop": self.stop}


@dataclass(frozen=True)
class Block:
    """Some points, all policies, replications in a row."""

    points: tuple[int, ...]
    start: int
    stop: int

    def key(self, study_key: str) -> str:
        """By which its part is found again: the same for the same work."""
        told = json.dumps([study_key, self.points, self.start, self.stop])
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def cut(study: Study, stage: Stage, lanes: int | None = None) -> Iterator[Block]:
    """The blocks of a stage, at most so many lanes each: as the study says, whatever machine it runs on."""
    points = range(len(study.points)) if stage.points is None else stage.points
    wide, high = block_shape(study, len(points), stage.stop - stage.start, lanes)
    for first in range(stage.start, stage.stop, high):
        for place in range(0, len(points), wide):
            yield Block(tuple(points[place : place + wide]), first, min(first + high, stage.stop))


def block_shape(study: Study, points: int, replications: int, lanes: int | None = None) -> tuple[int, int]:
    """Points and replications of a block: all points share its luck, so that replications are cut last and points first."""
    at_once, policies = lanes_at_once(study.scenario), len(study.policies)
    whole = points * policies * replications
    if lanes is None:
        usual = min(USUAL_RUNS * at_once, max(FEWEST_LANES, whole // FEW_BLOCKS))
        lanes = min(max(usual, whole // MANY_BLOCKS), MOST_RUNS * at_once)
    high = min(replications, max(at_once, lanes // (points * policies)), lanes)
    high = ceil(replications / ceil(replications / high))  # in equal parts
    return max(1, lanes // (policies * high)), high


def count(study: Study, stage: Stage, lanes: int | None = None) -> int:
    """How many blocks a stage has."""
    points = len(study.points if stage.points is None else stage.points)
    wide, high = block_shape(study, points, stage.stop - stage.start, lanes)
    return ceil(points / wide) * ceil((stage.stop - stage.start) / high)


# --- the work --------------------------------------------------------------------------------------------------------


def maker() -> dict[str, Any]:
    """Who makes results here: the same maker gives the same bits."""
    return {
        "results": RESULTS,
        "sop-sandbox": VERSION,
        "python": ".".join(map(str, sys.version_info[:2])),
        "numpy": np.__version__,
        "processor": platform.machine(),
    }


def packed(study: Study) -> bytes:
    """A study as it travels to those who work on it, with every block; the points of a block travel with the block."""
    return zlib.compress(pickle.dumps(replace(study, points=())))


@lru_cache(maxsize=2)
def opened(travelled: bytes) -> Study:
    """A study that travelled here; unpacked once in each process."""
    study: Study = pickle.loads(zlib.decompress(travelled))
    return study


def work(travelled: bytes, block: Block, settings: Sequence[Setting]) -> tuple[dict[str, Any], Part]:
    """Simulate a block: who did it, and what came out. Pure: the same block gives the same part anywhere."""
    study = opened(travelled)
    cases = [(policy, setting) for setting in settings for policy in study.policies]
    numbers = np.arange(block.start, block.stop)
    found = scores(study.scenario, cases, numbers.tolist(), study.seed, study.measures)
    part = Part(
        np.repeat(np.array(block.points, dtype=np.int32), len(study.policies) * len(numbers)),
        np.tile(np.repeat(np.arange(len(study.policies), dtype=np.int32), len(numbers)), len(block.points)),
        np.tile(numbers, len(cases)),
        np.ascontiguousarray(found.swapaxes(0, 1).reshape(len(study.measures), -1)),
    )
    return maker(), part


Work = Callable[[bytes, Block, Sequence[Setting]], tuple[dict[str, Any], Part]]
"""What is done with a block."""


def described(study: Study, points: Sequence[int]) -> str:
    """Points with their parameters, for a message."""
    settings = ["; ".join(f"{entry} = {value}" for entry, value in study.points[p].items()) for p in points[:3]]
    more = f" and {len(points) - 3} more" if len(points) > 3 else ""
    named = ", ".join(f"point {p}{f' ({told})' if told else ''}" for p, told in zip(points, settings, strict=False))
    return f"{named}{more}, policies {', '.join(policy.name for policy in study.policies)}"
