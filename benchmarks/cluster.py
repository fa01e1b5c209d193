"""Two Dask workers as if on machines of their own, one killed in the middle: `python -m benchmarks.cluster`, as root.

Each worker lives in a network namespace with its own address on a bridge; scheduler and driver stay outside. The rows
must be those of two processes on one machine.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.hardships import finished, place, start, unbroken
from simulator.studies.results import Results

BRIDGE, NETWORK = "sop-bridge", "10.77.0"
SCHEDULER = f"tcp://{NETWORK}.1:8786"
HOSTS = ("sop-east", "sop-west")


def ip(*words: str) -> None:
    """Configure a network."""
    subprocess.run(["ip", *words], check=True)


@contextmanager
def network() -> Iterator[None]:
    """A bridge with two hosts on it, taken down in any case."""
    with ExitStack() as stack:
        ip("link", "add", BRIDGE, "type", "bridge")
        stack.callback(ip, "link", "del", BRIDGE)
        ip("addr", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for place_, host in enumerate(HOSTS, 2):
            ip("netns", "add", host)
            stack.callback(ip, "netns", "del", host)
            ip("link", "add", f"veth{place_}", "type", "veth", "peer", "name", "eth0", "netns", host)
            ip("link", "set", f"veth{place_}", "master", BRIDGE, "up")
            ip("-n", host, "addr", "add", f"{NETWORK}.{place_}/24", "dev", "eth0")
            ip("-n", host, "link", "set", "eth0", "up")
            ip("-n", host, "link", "set", "lo", "up")
        yield


@contextmanager
def process(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Something that runs in a group of its own, and is gone afterwards."""
    run = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield run
    finally:
        end(run)


def end(run: subprocess.Popen[bytes]) -> None:
    """Kill a group."""
    try:
        os.killpg(run.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    run.wait()


def worker(host: str, address: str) -> list[str]:
    """The command of a worker on a host."""
    dask = [sys.executable, "-m", "distributed.cli.dask_worker", SCHEDULER, "--nthreads", "1", "--no-dashboard"]
    return ["ip", "netns", "exec", host, *dask, "--host", address]


def main() -> None:
    """Run the study on one machine, on two, and on two of which one dies."""
    if os.geteuid() or not shutil.which("ip"):
        sys.exit("this needs root and the command ip")
    wanted = unbroken()
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", f"{NETWORK}.1", "--no-dashboard"]
    with network(), process(*scheduler), place() as folder:
        commands = [worker(host, f"{NETWORK}.{k}") for k, host in enumerate(HOSTS, 2)]
        with process(*commands[0]), process(*commands[1]) as second:
            status, content, said = finished(folder, "--cluster", SCHEDULER)
            print(f"two machines: status {status}, {'the same rows' if content == wanted else said}")
            run = start(folder, "--cluster", SCHEDULER, out="again")
            committed_in_the_middle(folder / "again")
            end(second)
            _, errors = run.communicate()
            same = run.returncode == 0 and Results(folder / "again").content == wanted
            print(f"one of them killed: status {run.returncode}, {'the same rows' if same else errors}")


def committed_in_the_middle(out: Path, parts: int = 5) -> None:
    """Wait until some parts are there."""
    while len(list(out.rglob("parts/*/*.parquet"))) < parts:
        time.sleep(0.01)


if __name__ == "__main__":
    main()
