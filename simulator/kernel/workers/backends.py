"""Hand work to this process, to processes of this machine, or to a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from simulator.kernel.interrupts import held_back
from simulator.kernel.messages import msg
from simulator.kernel.units import WorkError

MOST_WORKERS = 1_000
MOST_ON_WINDOWS = 61

UNGUARDED = 86
"""Exit status of a worker that would begin, while it starts, the work that it was started for."""

LOCAL = "local"
"""The cluster that is started here, for this run."""

QUIET = "ignore::UserWarning:multiprocessing.resource_tracker"


ERRANDS: list[Callable[[], None]] = []
"""What every worker does before its first work, such as loading rules that its work names."""


def first_of_all(errand: Callable[[], None]) -> None:
    """Have every worker that starts from now on do this first; a function that can travel, and may be done twice."""
    ERRANDS.append(errand)


class Backend(Protocol):
    """Something that work can be handed to; all have the shape of concurrent.futures."""

    @property
    def workers(self) -> int:
        """Count the workers that work side by side."""

    def slots(self) -> int:
        """Limit the blocks that are handed out at once: enough to keep all busy, few enough to lose."""

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Hand out a piece of work."""

    def look(self) -> None:
        """Look for workers that died while nothing came back."""

    def restart(self) -> None:
        """Make good for workers that died."""

    def close(self, now: bool = False) -> None:
        """Let the workers go; at once if their work is no longer wanted."""


class Serial:
    """Everything in this process, one after the other."""

    workers = 1

    def slots(self) -> int:
        """One at a time."""
        return 1

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def look(self) -> None:
        """Nobody else is there."""

    def restart(self) -> None:
        """Nobody dies here but all."""

    def close(self, now: bool = False) -> None:
        """Nobody else works here."""


class Processes:
    """Processes of this machine, started when the first work comes; a pool that is made anew when one of them dies."""

    def __init__(self, workers: int, method: str = "spawn") -> None:
        self.workers, self.method = workers, method
        self.pool: ProcessPoolExecutor | None = None
        self.children: list[BaseProcess] = []

    def slots(self) -> int:
        """One in work and one in waiting for each process."""
        return 2 * self.workers

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Hand it to the pool, which may start a process for it."""
        if self.pool is None:
            self.pool = self._new()
        with held_back():
            others = multiprocessing.active_children()
            try:
                return self.pool.submit(work, *arguments)
            except OSError as error:
                why = error.strerror or f"{error}"
                raise WorkError(
                    msg(
                        "no more workers can be started here ({why}); give --workers fewer than {workers}",
                        why=why,
                        workers=self.workers,
                    )
                ) from None
            finally:
                self.children += [child for child in multiprocessing.active_children() if child not in others]

    def _new(self) -> ProcessPoolExecutor:
        start_tracker()
        context = multiprocessing.get_context(self.method)
        most = min(self.workers, MOST_ON_WINDOWS) if os.name == "nt" else self.workers
        return ProcessPoolExecutor(most, mp_context=context, initializer=_settle_in, initargs=(tuple(ERRANDS),))

    def look(self) -> None:
        """Have the pool look at its processes: of one that it started last it only learns with the next job or result."""
        if any(child.exitcode is not None for child in self.children):
            with suppress(BrokenProcessPool):
                self.submit(int)

    def restart(self) -> None:
        """Let a pool go that lost a process; it is of no use any more."""
        unguarded = any(child.exitcode == UNGUARDED for child in self.children)
        self.close(now=True)
        if unguarded:
            raise WorkError(
                msg(
                    "each worker reads your script anew, and would begin this work anew; put what your script "
                    'does below `if __name__ == "__main__":`, or give workers=1'
                )
            )

    def close(self, now: bool = False) -> None:
        """Wait for what is in work, or end it."""
        if self.pool is not None:
            self.pool.shutdown(wait=not now, cancel_futures=True)
        for child in self.children if now else ():
            child.kill()
            child.join()
        self.pool = None
        self.children.clear()


def start_tracker() -> None:
    """Start Python's tracker of resources, which lets Ctrl-C through meanwhile, as must not be while work is handed out.

    It outlives a program that is killed, tidies up after it, and would write a warning about that; who killed it knows.
    """
    if QUIET not in sys.warnoptions:
        sys.warnoptions.append(QUIET)  # for those who start up from now on
    resource_tracker.ensure_running()


def _settle_in(errands: tuple[Callable[[], None], ...]) -> None:
    """Do what comes first; end a worker when the one who started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    signal.set_wakeup_fd(-1)  # who was forked would tell the parent of signals that only this process gets

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    for errand in errands:
        errand()
