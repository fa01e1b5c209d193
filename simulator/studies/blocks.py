"""The work of a block: pure, a part of the store, and a step of progress."""

from __future__ import annotations

import pickle
import platform
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from simulator.engine.play import lanes_at_once
from simulator.engine.settings import Setting, changed_policy
from simulator.kernel.messages import Message, Value, listed, msg
from simulator.kernel.version import VERSION
from simulator.planning import Policy
from simulator.studies.cutting import Block, Cut, Stage
from simulator.studies.evaluate import scores
from simulator.studies.result_part import ResultPart
from simulator.studies.seal import Origin
from simulator.studies.study import RESULTS, Study


def cutting_of_study(study: Study, lanes: int | None = None) -> Cut:
    """Return the cutting of a study, alike on any machine."""
    return Cut(len(study.points), len(study.policies), lanes_at_once(study.scenario), lanes)


def blocks_of_stage(study: Study, stage: Stage, lanes: int | None = None) -> Iterator[Block]:
    """The blocks of a stage, at most so many lanes each."""
    return cutting_of_study(study, lanes).blocks(stage)


def count_blocks(study: Study, stage: Stage, lanes: int | None = None) -> int:
    """Count the blocks of a stage."""
    return cutting_of_study(study, lanes).count(stage)


# --- the work --------------------------------------------------------------------------------------------------------


def maker_of_results() -> dict[str, Any]:
    """Name the versions and processor that make results here: the same maker gives the same bits."""
    return {
        "results": RESULTS,
        "sop-sandbox": VERSION,
        "python": ".".join(map(str, sys.version_info[:2])),
        "numpy": np.__version__,
        "processor": platform.machine(),
    }


def origin_of(study: Study) -> Origin:
    """Name the origin of results made here of a study."""
    return Origin(study.key, study.name, maker_of_results())


def packed_study(study: Study) -> bytes:
    """A study as it travels to those who work on it, with every block; the points of a block travel with the block."""
    return zlib.compress(pickle.dumps(replace(study, points=())))


@lru_cache(maxsize=2)
def unpacked_study(travelled: bytes) -> Study:
    """A study that travelled here; unpacked once in each process."""
    study: Study = pickle.loads(zlib.decompress(travelled))
    return study


def simulate_block(travelled: bytes, block: Block, settings: Sequence[Setting]) -> tuple[dict[str, Any], ResultPart]:
    """Simulate a block: who did it, and what came out. Pure: the same block gives the same part anywhere."""
    study = unpacked_study(travelled)
    cases = [
        (policy, setting)
        for point, setting in zip(block.points, settings, strict=True)
        for policy in policies_at(study, point, setting)
    ]
    found = scores(study.scenario, cases, range(block.start, block.stop), study.seed, study.measures)
    values = np.ascontiguousarray(found.swapaxes(0, 1).reshape(len(study.measures), -1))
    return maker_of_results(), ResultPart(*block.rows(len(study.policies)), values)


def policies_at(study: Study, point: int, setting: Setting) -> list[Policy]:
    """The policies of a study at a point, each with the buffer that was set there, if any was."""
    if not study.buffers:
        return [*study.policies]
    changed = [changed_policy(policy, setting, study.name) for policy in study.policies]
    return [policy.with_buffer(amount) for policy, amount in zip(changed, study.buffers[point], strict=True)]


Work = Callable[[bytes, Block, Sequence[Setting]], tuple[dict[str, Any], ResultPart]]
"""What is done with a block."""


def points_in_words(study: Study, points: Sequence[int]) -> Message:
    """Points with their parameters, for a message."""
    settings = ["; ".join(f"{entry} = {value}" for entry, value in study.points[p].items()) for p in points[:3]]
    named: Value = listed((_point(p, told) for p, told in zip(points, settings, strict=False)), ", ")
    if len(points) > 3:
        named = msg("{names} and {n} more", names=named, n=len(points) - 3)
    policies = listed((policy.name for policy in study.policies), ", ")
    return msg("{points}, policies {policies}", points=named, policies=policies)


def _point(number: int, setting: str) -> Message:
    if not setting:
        return msg("point {number}", number=number)
    return msg("point {number} ({setting})", number=number, setting=setting)
