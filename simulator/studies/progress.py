"""The progress of a sweep: blocks and runs, time left, and results so far."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator.kernel.units import Array
from simulator.studies.result_part import ResultPart
from simulator.studies.study import Study


@dataclass
class Progress:
    """Counts and sums only: it takes the same memory for ten runs and for a billion."""

    study: Study
    blocks: int = 0
    runs: int = 0
    blocks_done: int = 0
    runs_done: int = 0
    runs_found: int = 0  # of those done, committed before this session
    failed: int = 0
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        shape = (len(self.study.measures), len(self.study.policies))
        self._sums: Array = np.zeros(shape)
        self._counts: Array = np.zeros(shape)

    def add(self, part: ResultPart, found: bool = False) -> None:
        """Count a block that is finished."""
        self.blocks_done += 1
        self.runs_done += len(part.point)
        self.runs_found += len(part.point) if found else 0
        for row, values in enumerate(part.values):
            finite = np.isfinite(values)
            policies, most = part.policy[finite], len(self.study.policies)
            self._sums[row] += np.bincount(policies, values[finite], most)
            self._counts[row] += np.bincount(policies, minlength=most)

    @property
    def seconds(self) -> float:
        """Since this session began."""
        return time.monotonic() - self.began

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; unknown before the first block."""
        own = self.runs_done - self.runs_found
        return (self.runs - self.runs_done) * self.seconds / own if own else None

    def so_far(self) -> dict[str, dict[str, float | None]]:
        """Mean of every measure by policy, over all points that are finished."""
        with np.errstate(invalid="ignore", divide="ignore"):
            means = self._sums / self._counts
        return {
            policy.name: {
                measure: float(means[row, k]) if np.isfinite(means[row, k]) else None
                for row, measure in enumerate(self.study.measures)
            }
            for k, policy in enumerate(self.study.policies)
        }

    def record(self, state: str) -> dict[str, Any]:
        """For pages and people who look into the folder: running, finished or stopped."""
        left = self.seconds_left
        return {
            "state": state,
            "blocks": self.blocks,
            "blocks_done": self.blocks_done,
            "blocks_failed": self.failed,
            "runs": self.runs,
            "runs_done": self.runs_done,
            "seconds": round(self.seconds, 1),
            "seconds_left": None if left is None else round(left, 1),
            "so_far": self.so_far(),
        }
