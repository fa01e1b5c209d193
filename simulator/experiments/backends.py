"""Where blocks are worked on: in this process, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from typing import Any, Protocol

from simulator.units import ScenarioError

LOCAL = "local"
"""The cluster that is started here, for this run."""

SECONDS_TO_CONNECT = 10
SECONDS_TO_LEAVE = 30
SECONDS_TO_STOP = 1


class Backend(Protocol):
    """Something that work can be handed to; all have the shape of concurrent.futures."""

    def slots(self) -> int:
        """How many blocks may be handed out at once: enough that nobody waits, few enough to be lost."""

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Hand out a piece of work."""

    def restart(self) -> None:
        """Make good for workers that died."""

    def close(self, now: bool = False) -> None:
        """Let the workers go; at once if nobody waits for what they do."""


class Serial:
    """Everything in this process, one after the other."""

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

    def restart(self) -> None:
        """Nobody dies here but all."""

    def close(self, now: bool = False) -> None:
        """Nobody else works here."""


class Processes:
    """Processes of this machine, a pool that is made anew when one of them dies."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        resource_tracker.ensure_running()  # lets Ctrl-C through while it starts, which must not be while work is handed out
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.workers, mp_context=spawn, initializer=_settle_in)

    def slots(self) -> int:
        """One in work and one in waiting for each process."""
        return 2 * self.workers

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Hand it to the pool."""
        with _ctrl_c_waits():
            return self.pool.submit(work, *arguments)

    def restart(self) -> None:
        """A pool that lost a process is of no use any more."""
        self.close(now=True)
        self.pool = self._new()

    def close(self, now: bool = False) -> None:
        """Wait for what is in work, or end it."""
        self.pool.shutdown(wait=not now, cancel_futures=True)
        for child in multiprocessing.active_children() if now else ():
            child.kill()
            child.join()


def _settle_in() -> None:
    """A worker ends when the one who started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Cluster:
    """Workers of a Dask scheduler: at an address, or a cluster of this machine for the length of the run."""

    def __init__(self, address: str, workers: int | None = None) -> None:
        try:
            from distributed import Client
            from distributed.comm.addressing import get_address_host_port
        except ImportError:
            raise ScenarioError(
                "--cluster needs Dask, which is not installed; install the extra: sop-sandbox[cluster]"
            ) from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what a user must know, we say
        self.cluster: Any = _local_cluster(workers or _cores()) if address == LOCAL else None
        try:
            if address != LOCAL:
                get_address_host_port(address)  # a client that is told half an address never lets go of it
            self.client: Any = Client(self.cluster or address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            why = str(error).split(";")[0].split("\n")[0]
            raise ScenarioError(f"--cluster is {address!r}, where no Dask scheduler answers ({why})") from None
        self.pool: Executor = self.client.get_executor(pure=False)

    def threads(self) -> int:
        """Of all workers that are there now; they may come and go."""
        return int(sum(self.client.nthreads().values()))

    def slots(self) -> int:
        """As many as all threads of all workers, twice."""
        return max(2, 2 * self.threads())

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Hand it to the scheduler, which gives it to another worker when one dies."""
        return self.pool.submit(work, *arguments)

    def restart(self) -> None:
        """The scheduler makes good for the dead by itself."""

    def close(self, now: bool = False) -> None:
        """Leave the scheduler; end a cluster that was only there for us."""
        seconds = SECONDS_TO_STOP if now else SECONDS_TO_LEAVE
        with suppress(TimeoutError, OSError):  # what was found is safe already
            self.pool.shutdown(wait=not now)
            self.client.close(timeout=seconds)
            if self.cluster is not None:
                self.cluster.close(timeout=seconds)


def _local_cluster(workers: int) -> Any:
    from distributed import LocalCluster

    with _ctrl_c_stays_here():
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address=None,
            host="127.0.0.1",
            silence_logs=logging.CRITICAL,
        )


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Ctrl-C is heard when this is over, and never by processes that are started meanwhile: they inherit that it is held back.

    Held back here, the system gives it to another thread, and Python to the main one: a handler remembers it until the end.
    """
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
        with _ctrl_c_stays_here():
            yield
        return
    pressed: list[int] = []
    heard = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)  # what was held back is remembered now
        signal.signal(signal.SIGINT, heard)
        if pressed:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def _ctrl_c_stays_here() -> Iterator[None]:
    """Processes that any thread starts meanwhile leave Ctrl-C to us, from their first moment on. Nobody hears it before this is over."""
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's
        yield
        return
    old = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, old)


def backend(workers: int | None = None, cluster: str | None = None) -> Backend:
    """As many processes as there are cores, unless told otherwise; one means this one."""
    count = _asked_for(workers, cluster)
    if cluster:
        return Cluster(cluster, count)
    return Serial() if count == 1 else Processes(count)


def hands(workers: int | None = None, cluster: str | None = None) -> tuple[int, int]:
    """How many workers there will be, and how many of them get on at the same time: here no more than there are cores.

    A scheduler is asked, so that one that does not answer is told before anything else is done.
    """
    count = _asked_for(workers, cluster)
    if not cluster or cluster == LOCAL:
        return count, min(count, _cores())
    crew = Cluster(cluster)
    try:
        return crew.threads(), crew.threads()
    finally:
        crew.close(now=True)


def _asked_for(workers: int | None, cluster: str | None) -> int:
    """As many processes as are asked for, one for each core if none are named."""
    if workers is not None and workers < 1:
        raise ScenarioError(f"--workers is {workers}; it must be at least 1")
    if workers is not None and cluster and cluster != LOCAL:
        raise ScenarioError(f"--workers is {workers}, but {cluster} has workers of its own; leave --workers out")
    return workers or _cores()


def _cores() -> int:
    return os.cpu_count() or 1
