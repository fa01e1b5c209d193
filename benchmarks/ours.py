"""This project's own rows: the same workloads as the peers, and how far it is from its targets of speed and size.

Nothing here passes or fails on a time: clocks differ. A row says "not yet: ..." while what it needs is missing.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from types import SimpleNamespace

from benchmarks.workloads import WORKLOADS, Outcome, mean_and_error

ROOT = Path(__file__).resolve().parents[1]
GIFTWARE = ROOT / "scenarios" / "giftware.toml"
EVERYTHING = ROOT / "scenarios" / "giftware-everything.toml"
POLICY = "chase"
DEFAULT_POLICIES = ("siloed", "chase", "level", "sop", "sop-smoothed", "sop-optimised")
SEED = 7
SOP = [sys.executable, "-m", "simulator.faces.cli"]


def scenario_file(workload: str) -> Path:
    """Return the path of the scenario of a workload."""
    return ROOT / "scenarios" / "textbook" / f"{workload}.toml"


def missing(scenario: Path) -> str | None:
    """Name in words the part that is not there yet, or nothing."""
    try:
        import simulator
    except ImportError as error:
        return f"simulator cannot be imported ({error})"
    if not all(hasattr(simulator, name) for name in ("load", "simulate", "compare")):
        return "simulator does not offer load, simulate and compare"
    return None if scenario.exists() else f"{scenario.relative_to(ROOT)} is missing"


def fill_rate_and_seconds(workload: str, replications: int, seed: int, measured: bool = False) -> Outcome:
    """Fill rate, its standard error, seconds of simulate() with its drawing, and node-days of its own calendar.

    `measured` has the main measures timed too.
    """
    from simulator import load, simulate

    scenario = load(str(scenario_file(workload)))
    start = process_time()
    run = simulate(scenario, replications=replications, seed=seed)
    table = run.measures() if measured else None
    seconds = process_time() - start
    table = run.measures() if table is None else table
    rates = table.loc[table["measure"] == "fill_rate", "value"].to_numpy()
    if len(rates) != replications:
        raise ValueError(f"{workload}: {len(rates)} fill rates for {replications} replications")
    node_days = len(WORKLOADS[workload].base_stock) * scenario.days.count * replications
    return Outcome(*mean_and_error(rates), seconds, node_days)


MEASURED = SimpleNamespace(fill_rate_and_seconds=partial(fill_rate_and_seconds, measured=True))
"""The same with the measures that one then waits for."""


@contextmanager
def one_core() -> Iterator[None]:
    """Keep to one core, where the system lets a program choose."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def giftware_seconds(replications: int, repeats: int) -> list[float]:
    """Seconds of simulate() on the reference company, drawing included, one policy, one core."""
    from simulator import load, simulate

    scenario, seconds = load(str(GIFTWARE)), []
    with one_core():
        for _ in range(repeats):
            start = perf_counter()
            simulate(scenario, policy=POLICY, replications=replications, seed=SEED)
            seconds.append(perf_counter() - start)
    return seconds


def speed() -> str:
    """Best and median of five runs of the reference company."""
    seconds = giftware_seconds(100, repeats=5)
    return f"best {min(seconds):.2f} s, median {statistics.median(seconds):.2f} s"


def cost_of_everything() -> str:
    """Every part of the company switched on, as a multiple of the bare one; in turns, so that both meet the same machine."""
    from simulator import load, simulate

    scenarios, told = (load(str(GIFTWARE)), load(str(EVERYTHING))), []
    for policy in (POLICY, "sop"):
        seconds: tuple[list[float], list[float]] = ([], [])
        with one_core():
            for _ in range(5):
                for scenario, spent in zip(scenarios, seconds, strict=True):
                    start = perf_counter()
                    simulate(scenario, policy=policy, replications=100, seed=SEED)
                    spent.append(perf_counter() - start)
        bare, full = min(seconds[0]), min(seconds[1])
        told.append(f"{policy} {full / bare:.2f} times ({bare:.2f} s, {full:.2f} s)")
    return ", ".join(told)


def cost_of_a_lane() -> str:
    """Measure the cost of a replication among a thousand, as a share of its cost alone."""
    alone, together = min(giftware_seconds(1, repeats=5)), min(giftware_seconds(1000, repeats=3)) / 1000
    return f"1/{alone / together:.0f} ({alone * 1000:.0f} ms alone, {together * 1000:.2f} ms among 1,000)"


def peak_megabytes(command: list[str]) -> float:
    """Largest resident memory of a command or of any one process it started.

    A small Python process stands in between: Linux counts the memory of the process that starts a program as the
    program's own, and this one may be large.
    """
    between = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    child = subprocess.run([sys.executable, "-c", between, *command], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    return int(child.stdout) * unit / 1e6


def memory() -> str:
    """Peak memory of `sop compare` with its defaults, and with four times the replications."""
    from simulator import load

    usual = load(str(GIFTWARE)).experiment.replications
    peaks = [peak_megabytes([*SOP, "compare", "--replications", str(n)]) for n in (usual, 4 * usual)]
    return f"{peaks[0]:.0f} MB with {usual} replications, {peaks[1]:.0f} MB with {4 * usual}"


def import_seconds() -> str:
    """Median of five imports, each in a Python of its own."""
    code = "from time import perf_counter, process_time as t; s = t(); import simulator; print(t() - s)"
    command = [sys.executable, "-c", code]
    runs = [float(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout) for _ in range(5)]
    return f"median {statistics.median(runs):.2f} s"
