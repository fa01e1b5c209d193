"""The cutting of a study: stages of replications, and the blocks of each. A study is cut alike everywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        return asdict(self)

    @classmethod
    def of(cls, record: dict[str, Any]) -> Stage:
        """As a manifest kept it."""
        points = record["points"]
        return cls(None if points is None else tuple(points), record["start"], record["stop"])


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

    def record(self) -> dict[str, Any]:
        """As its part tells it."""
        return {"points": [*self.points], "start": self.start, "stop": self.stop}

    def rows(self, policies: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
        """Point, policy and replication of each of its runs, in the order in which its part holds them."""
        numbers = np.arange(self.start, self.stop)
        return (
            np.repeat(np.array(self.points, dtype=np.int32), policies * len(numbers)),
            np.tile(np.repeat(np.arange(policies, dtype=np.int32), len(numbers)), len(self.points)),
            np.tile(numbers, len(self.points) * policies),
        )


@dataclass(frozen=True)
class Cut:
    """The sizes of a study that decide the cutting of a stage into blocks."""

    points: int
    policies: int
    at_once: int  # replications whose books fit in memory
    lanes: int | None = None  # at most so many in a block, where somebody wants smaller ones

    def blocks(self, stage: Stage) -> Iterator[Block]:
        """The blocks of a stage, whatever machine it runs on."""
        points = range(self.points) if stage.points is None else stage.points
        wide, high = self._shape(stage)
        for first in range(stage.start, stage.stop, high):
            for place in range(0, len(points), wide):
                yield Block(tuple(points[place : place + wide]), first, min(first + high, stage.stop))

    def count(self, stage: Stage) -> int:
        """Count the blocks of a stage."""
        wide, high = self._shape(stage)
        return ceil(self._points(stage) / wide) * ceil((stage.stop - stage.start) / high)

    def runs(self, stage: Stage) -> int:
        """Count the runs of a stage."""
        return self._points(stage) * self.policies * (stage.stop - stage.start)

    def _points(self, stage: Stage) -> int:
        return self.points if stage.points is None else len(stage.points)

    def _shape(self, stage: Stage) -> tuple[int, int]:
        """Points and replications of a block: all points share its luck, so that replications are cut last and points first."""
        points, replications, lanes = self._points(stage), stage.stop - stage.start, self.lanes
        if lanes is None:
            whole = self.runs(stage)
            usual = min(USUAL_RUNS * self.at_once, max(FEWEST_LANES, whole // FEW_BLOCKS))
            lanes = min(max(usual, whole // MANY_BLOCKS), MOST_RUNS * self.at_once)
        high = min(replications, max(self.at_once, lanes // (points * self.policies)), lanes)
        high = ceil(replications / ceil(replications / high))  # in equal parts
        return max(1, lanes // (self.policies * high)), high
