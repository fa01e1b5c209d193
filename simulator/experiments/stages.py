"""Stages: which replications a study asks for next, from what is there; the same whenever it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from simulator.experiments.blocks import Stage
from simulator.experiments.results import Results, means_of
from simulator.experiments.store import MANIFEST, Store
from simulator.experiments.study import Precision, Study


def stages(study: Study, store: Store) -> Iterator[Stage]:
    """Stages that the folder has begun, then those that are still wanted; each is written down before it starts."""
    manifest = store.manifest()
    assert manifest is not None
    begun = stages_of(manifest)
    yield from begun
    while fresh := next_stages(study, store, begun):
        begun += fresh
        store.note({**manifest, "stages": [stage.record() for stage in begun]}, MANIFEST)
        yield from fresh


def stages_of(manifest: dict[str, Any]) -> list[Stage]:
    """The stages that a manifest has written down."""
    return [
        Stage(None if stage["points"] is None else tuple(stage["points"]), stage["start"], stage["stop"])
        for stage in manifest["stages"]
    ]


def next_stages(study: Study, store: Store, begun: list[Stage]) -> list[Stage]:
    """What is wanted beyond the stages so far; nothing when the study is as large or as precise as it asks."""
    done = max((stage.stop for stage in begun if stage.points is None), default=0)
    wanted = study.replications
    if isinstance(wanted, int):
        return [Stage(None, done, wanted)] if done < wanted else []
    if done < wanted.at_least:
        return [Stage(None, done, wanted.at_least)]
    counts = np.full(len(study.points), done)
    for stage in begun:
        if stage.points is not None:
            counts[list(stage.points)] = np.maximum(counts[list(stage.points)], stage.stop)
    wide = too_wide(Results(store), wanted, len(study.points)) & (counts < wanted.at_most)
    sizes = np.unique(counts[wide])
    return [
        Stage(tuple(np.flatnonzero(wide & (counts == n)).tolist()), int(n), min(_more(int(n)), wanted.at_most))
        for n in sizes
    ]


def _more(replications: int) -> int:
    """Half as many again: fewer rounds than small steps, less waste than doubling."""
    return replications + max(10, replications // 2)


def too_wide(results: Results, wanted: Precision, points: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Points of which some policy's interval is wider than asked; one that gives no interval is not pursued."""
    wide = np.zeros(points, dtype=bool)
    for measure, width in wanted.half_width.items():
        halves = means_of(results.array(measure))[2].reshape(points, -1)
        wide |= (halves > width).any(axis=1)
    return wide
