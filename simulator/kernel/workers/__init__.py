"""Independent pieces of work on all cores or a cluster, for every command. Begin with crew.py."""

from simulator.kernel.workers.backends import (
    LOCAL,
    MOST_WORKERS,
    Backend,
    Processes,
    Serial,
    first_of_all,
)
from simulator.kernel.workers.crew import backend, checked_workers, crew, hands, in_forks
from simulator.kernel.workers.jobs import Growing, Lost, as_they_come, in_order

__all__ = [
    "LOCAL", "MOST_WORKERS", "Backend", "Growing", "Lost", "Processes", "Serial", "as_they_come", "backend", "checked_workers", "crew",
    "first_of_all", "hands", "in_forks", "in_order",
]  # fmt: skip
