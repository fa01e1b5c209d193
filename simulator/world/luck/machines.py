"""Draw stops of resources before the clock starts: failures of machines, resignations of people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.company import Company, Days, Failures, Resource
from simulator.kernel.units import Array
from simulator.world.luck.fork import Fork, Seed
from simulator.world.luck.stream import Stream, share_up_to


def uptime(company: Company, days: Days, seed: Seed, replications: Sequence[int]) -> Array | None:
    """Share of each day's hours in which machines run, (days, resources, lanes), 1 on days off; None where none ever fails."""
    if not any(resource.failures for resource in company.resources.values()):
        return None
    share = np.ones((days.count, len(company.resources), len(replications)))
    for row, (name, resource) in enumerate(company.resources.items()):
        failures = resource.failures
        if failures:
            a_day = resource.hours / failures.machines
            runs = [
                _running(failures, a_day, days, Stream(seed, "failures", f"{name}/{machine}"), replications)
                for machine in range(failures.machines)
            ]
            share[days.working, row] = np.mean(runs, axis=0)
    if isinstance(seed, Fork):  # to the last bit: what a machine ran before depends on nothing that comes
        run = uptime(company, days, seed.seed, [seed.replication])
        assert run is not None
        share[: seed.day] = run[: seed.day]
    return share


def _running(failures: Failures, a_day: float, days: Days, stream: Stream, replications: Sequence[int]) -> Array:
    """Share of each working day that one machine runs, (working days, lanes); it runs on the first morning."""
    ends = a_day * np.arange(int(days.working.sum()) + 1)
    known = _as_it_stands(failures, a_day * float(days.worked_so_far[stream.fork.day]), stream) if stream.fork else None
    until, down = _until_covered(failures, ends[-1], stream, replications, known)
    share = np.empty((len(ends) - 1, len(replications)))
    for lane in range(len(replications)):
        repaired = np.cumsum(until[lane] + down[lane])
        clock = np.concatenate([[0.0], np.column_stack([repaired - down[lane], repaired]).ravel()])
        run = np.concatenate([[0.0], np.repeat(np.cumsum(until[lane]), 2)])
        share[:, lane] = np.diff(np.interp(ends, clock, run)) / a_day
    return np.clip(share, 0.0, 1.0)


def _until_covered(
    failures: Failures,
    hours: float,
    stream: Stream,
    replications: Sequence[int],
    known: tuple[int, float] | None = None,
) -> tuple[Array, Array]:
    """Hours until each failure and hours of each repair, (lanes, failures): as many as cover the run in every lane."""
    count = 16
    while True:
        luck = stream.table(replications, 2 * count, *(known or ()))  # a longer table begins with the shorter one
        until = -failures.time_to_failure * np.log1p(-luck[:, ::2])
        down = failures.repair.quantile(luck[:, 1::2])
        if ((until + down).sum(axis=1) > hours).all():
            return until, down
        count *= 2


def _as_it_stands(failures: Failures, hours: float, stream: Stream) -> tuple[int, float]:
    """Count the numbers of a machine's luck that are known after some hours of a run, and tell how high the next is at least.

    It has run since the last repair, or is in repair, for some time: that long it takes to the next change, and longer.
    """
    assert stream.fork is not None
    until, down = _until_covered(failures, hours, stream.of_the_run(stream.fork), [stream.fork.replication])
    repaired = np.cumsum(until[0] + down[0])
    over = int(np.searchsorted(repaired, hours, side="right"))
    since = hours - (repaired[over - 1] if over else 0.0)
    if since < until[0, over]:
        return 2 * over, float(-np.expm1(-since / failures.time_to_failure))
    return 2 * over + 1, share_up_to(failures.repair.quantile, since - until[0, over])


def resignations(company: Company, days: Days, seed: Seed, replications: Sequence[int]) -> Array | None:
    """Uniform numbers by month, (months, resources, lanes), from which follows how many leave; None where all stay."""
    if not any(_leave(resource) for resource in company.resources.values()):
        return None
    luck = np.zeros((days.months, len(company.resources), len(replications)))
    for row, (name, resource) in enumerate(company.resources.items()):
        if _leave(resource):
            luck[:, row] = Stream(seed, "attrition", name, "month").table(replications, days.months).T
    return luck


def _leave(resource: Resource) -> bool:
    return resource.people is not None and resource.people.attrition > 0
