"""Independent pieces of work side by side on the cores of this machine; results come back in their order."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Found = TypeVar("Found")


def spread(
    work: Callable[..., Found],
    jobs: Sequence[tuple[Any, ...]],
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Found]:
    """Do every job; in processes where there is more than one core and more than one job."""
    count = min(workers or os.cpu_count() or 1, len(jobs))
    if count <= 1:
        results = []
        for done, job in enumerate(jobs, 1):
            results.append(work(*job))
            if progress:
                progress(done, len(jobs))
        return results
    return _in_processes(work, jobs, count, progress)


def _in_processes(
    work: Callable[..., Found], jobs: Sequence[tuple[Any, ...]], count: int, progress: Callable[[int, int], None] | None
) -> list[Found]:
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    results: dict[int, Found] = {}
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(work, *job): k for k, job in enumerate(jobs)}
        try:
            for done, future in enumerate(as_completed(futures), 1):
                results[futures[future]] = future.result()
                if progress:
                    progress(done, len(jobs))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [results[k] for k in range(len(jobs))]
