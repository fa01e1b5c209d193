"""Stages: which replications a study asks for next, from what is there; the same whenever it is asked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.studies.cutting import Stage
from simulator.studies.results import Results, means_of
from simulator.studies.store import Store
from simulator.studies.study import Precision, Study


def next_stages(study: Study, store: Store, begun: list[Stage]) -> list[Stage]:
    """Return the stages wanted beyond those so far; nothing when the study is as large or as precise as it asks.

    No run is asked for twice: each point goes on from where its own stages end.
    """
    wanted, done = study.replications, _done(begun, len(study.points))
    target = done.copy()
    if isinstance(wanted, int):
        target[:] = wanted
    elif (done < wanted.at_least).any():
        target[:] = wanted.at_least
    else:
        wide = too_wide(Results(store), wanted, len(study.points))
        target[wide] = np.minimum(_more(done[wide]), wanted.at_most)
    return [_stage(done, target, n) for n in np.unique(done[done < target])]


def _stage(done: NDArray[np.int64], target: NDArray[np.int64], n: int) -> Stage:
    """The next replications of all points that have n of them and want more."""
    points = np.flatnonzero((done == n) & (done < target))
    return Stage(None if len(points) == len(done) else tuple(points.tolist()), int(n), int(target[points[0]]))


def _done(begun: list[Stage], points: int) -> NDArray[np.int64]:
    """Replications of each point that stages have asked for."""
    done = np.zeros(points, dtype=np.int64)
    for stage in begun:
        some = slice(None) if stage.points is None else list(stage.points)
        done[some] = np.maximum(done[some], stage.stop)
    return done


def _more(replications: NDArray[np.int64]) -> NDArray[np.int64]:
    """Half as many again: fewer rounds than small steps, less waste than doubling."""
    return replications + np.maximum(10, replications // 2)


def too_wide(results: Results, wanted: Precision, points: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Points of which some policy's interval is wider than asked; one that gives no interval is not pursued."""
    wide = np.zeros(points, dtype=bool)
    for measure, width in wanted.half_width.items():
        halves = means_of(results.array(measure))[2].reshape(points, -1)
        wide |= (halves > width).any(axis=1)
    return wide
