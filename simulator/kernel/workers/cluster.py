"""Workers of a Dask scheduler; Dask is loaded only when it is asked for."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any

from simulator.kernel.extras import must_have
from simulator.kernel.interrupts import held_back
from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers.backends import ERRANDS, LOCAL, start_tracker

SECONDS_TO_CONNECT = 10
SECONDS_TO_LEAVE = 30
SECONDS_TO_STOP = 1
TALKATIVE = ("distributed", "tornado", "asyncio")


def must_have_dask() -> None:
    """Refuse a cluster where Dask is not installed."""
    must_have("--cluster", "cluster", "distributed")


class Cluster:
    """Workers of a Dask scheduler: at an address, or a cluster of this machine for the length of the run."""

    def __init__(self, address: str, workers: int) -> None:
        must_have_dask()
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port

        _silence()
        self.cluster: Any = _local_cluster(workers) if address == LOCAL else None
        try:
            if address != LOCAL:
                get_address_host_port(address)  # a client that is told half an address never lets go of it
            self.client: Any = Client(self.cluster or address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            why = str(error).split(";")[0].split("\n")[0]
            raise ScenarioError(
                msg("--cluster is {address}, where no Dask scheduler answers ({why})", address=repr(address), why=why)
            ) from None
        self.pool: Executor = self.client.get_executor(pure=False)

    @property
    def workers(self) -> int:
        """The threads of all workers that are there now; they may come and go."""
        with held_back():
            return int(sum(self.client.nthreads().values()))

    def slots(self) -> int:
        """As many as all threads of all workers, twice."""
        return max(2, 2 * self.workers)

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Hand it to the scheduler, which gives it to another worker when one dies."""
        with held_back():
            if ERRANDS:  # workers may come and go, and unpack only what they can name
                return self.pool.submit(_after_errands, tuple(ERRANDS), pickle.dumps((work, arguments)))
            return self.pool.submit(work, *arguments)

    def look(self) -> None:
        """The scheduler sees it by itself."""

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


def _after_errands(errands: tuple[Callable[[], None], ...], travelled: bytes) -> Any:
    """Do what comes first, then unpack the work and do it."""
    for errand in errands:
        errand()
    work, arguments = pickle.loads(travelled)
    return work(*arguments)


def _silence() -> None:
    """Keep Dask and what it stands on from writing tracebacks when it is let go of; what a user must know, we say."""
    named = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in TALKATIVE]
    for name in {*named, *TALKATIVE}:  # those below have levels of their own
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _local_cluster(workers: int) -> Any:
    from distributed import LocalCluster

    start_tracker()
    with held_back():
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address=None,
            host="127.0.0.1",
            silence_logs=logging.CRITICAL,
        )
