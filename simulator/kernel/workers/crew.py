"""Choose who works: this process, processes of this machine, or a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from simulator.kernel.messages import msg, number
from simulator.kernel.starting import FORK, usual_start
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers.backends import LOCAL, MOST_WORKERS, UNGUARDED, Backend, Processes, Serial
from simulator.kernel.workers.cluster import Cluster
from simulator.kernel.workers.jobs import Found, in_order

INHERITED: list[Callable[[int], Any]] = []
"""Work of which processes that are forked meanwhile do the pieces."""


@contextmanager
def crew(workers: int | None = None, cluster: str | None = None, method: str | None = None) -> Iterator[Backend]:
    """Have workers for a while; if anything goes wrong meanwhile they end at once.

    `method` "fork" is for a program without threads that has loaded all that its workers need; usual is what the
    program has said, or else "spawn".
    """
    who = backend(workers, cluster, method)
    try:
        yield who
    except BaseException:
        who.close(now=True)
        raise
    who.close()


def in_forks(
    work: Callable[[int], Found],
    pieces: int,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Found]:
    """Do pieces 0, 1, ... of some work in processes that are forked from this one: they have all that it holds, and only results travel.

    As many as there are cores unless told otherwise; one does all of it here, as do systems other than Linux, where forking is not
    safe. No thread may be at work meanwhile, whose locks a forked process would wait for.
    """
    count = min(_asked_for(workers, None), pieces) if sys.platform == "linux" else 1
    INHERITED.append(work)
    try:
        with crew(max(count, 1), method=FORK) as hands:
            return in_order(hands, [partial(_piece, k) for k in range(pieces)], progress)
    finally:
        INHERITED.pop()


def _piece(k: int) -> Any:
    return INHERITED[-1](k)


def backend(workers: int | None = None, cluster: str | None = None, method: str | None = None) -> Backend:
    """As many processes as there are cores, unless told otherwise; one means this one."""
    count = _asked_for(workers, cluster)
    if getattr(multiprocessing.current_process(), "_inheriting", False) and count > 1:
        os._exit(UNGUARDED)  # a worker that is still reading the script that started it
    if cluster:
        return Cluster(cluster, count)
    return Serial() if count == 1 else Processes(count, method or usual_start())


def hands(workers: int | None = None, cluster: str | None = None) -> tuple[int, int]:
    """Count the workers there will be, and those of them that can work at the same time: on this machine at most one a core.

    A scheduler is asked, so that one that does not answer is told before anything else is done.
    """
    count = _asked_for(workers, cluster)
    if not cluster or cluster == LOCAL:
        return count, min(count, _cores())
    there = Cluster(cluster, count)
    try:
        return there.workers, there.workers
    finally:
        there.close(now=True)


def checked_workers(workers: Any) -> int:
    """Refuse a number of workers that cannot be."""
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= MOST_WORKERS:
        told = repr(workers) if isinstance(workers, str) else workers
        raise ScenarioError(
            msg(
                "--workers is {value}; it must be a whole number from 1 to {most}",
                value=f"{told}",
                most=number(MOST_WORKERS),
            )
        )
    return workers


def _asked_for(workers: int | None, cluster: str | None) -> int:
    """As many processes as are asked for, one for each core if none are named."""
    count = _cores() if workers is None else checked_workers(workers)
    if workers is not None and cluster and cluster != LOCAL:
        raise ScenarioError(
            msg(
                "--workers is {workers}, but {cluster} has workers of its own; leave --workers out",
                workers=workers,
                cluster=cluster,
            )
        )
    return count


def _cores() -> int:
    return os.cpu_count() or 1
