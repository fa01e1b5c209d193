"""Sweeps under hardship: `python -m benchmarks.hardships`, or `--only` with one hardship's name and the tries.

Kills at random moments, dead workers, a full disk, damaged folders, Ctrl-C. Every one ends with the rows of an unbroken run.
Every other command that takes long is told to end. And files and arguments of every kind are taken, or refused in a sentence
(fuzz.py).
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.damages import damaged
from benchmarks.fuzz import files
from benchmarks.ours import ROOT
from simulator.studies.results import Results

STUDY = """
scenario = "textbook/w2"
policies = ["order-up-to"]
replications = 100
measures = ["fill_rate", "stock_value"]
changes = { "experiment.months" = 6, "experiment.warm_up" = 1 }
[[factors]]
entry = "policy.products.fraction"
values = [0.3, 0.5, 0.7, 0.9]
[[factors]]
entry = "segments.customers.patience"
values = [1, 2, 4, 8]
"""
MOST_KILLS = 3


@contextmanager
def place(where: str | None = None) -> Iterator[Path]:
    """A folder with the study in it."""
    with tempfile.TemporaryDirectory(dir=where) as folder:
        (Path(folder) / "study.toml").write_text(STUDY, encoding="utf-8")
        yield Path(folder)


def start(folder: Path, *words: str, out: str | None = None) -> subprocess.Popen[str]:
    """A sweep in a process group of its own."""
    command = [
        sys.executable,
        "-m",
        "simulator.faces.cli",
        "sweep",
        "study.toml",
        "--yes",
        "--out",
        out or "out",
        *words,
    ]
    return subprocess.Popen(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finished(folder: Path, *words: str, out: str | None = None) -> tuple[int, str, str]:
    """A sweep to its end: status, hash of the rows, what it said."""
    run = start(folder, *words, out=out)
    said, errors = run.communicate()
    content = Results(folder / (out or "out")).content if run.returncode == 0 else ""
    return run.returncode, content, said + errors


def unbroken() -> str:
    """The hash of a run that nothing happened to."""
    with place() as folder:
        return finished(folder, "--workers", "2")[1]


def left_over(group: int) -> bool:
    """Tell if anything of a process group still runs."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def killed(trials: int) -> str:
    """kill -9 of the whole group at random moments of the time that a run takes, a few times, then to the end."""
    began = time.monotonic()
    wanted, same, kills, luck = unbroken(), 0, 0, random.Random(1)
    usual = time.monotonic() - began
    for _ in range(trials):
        with place() as folder:
            for _ in range(luck.randint(1, MOST_KILLS)):
                run = start(folder, "--workers", "2")
                try:
                    run.communicate(timeout=luck.uniform(0.2, 1.0) * usual)
                except subprocess.TimeoutExpired:
                    os.killpg(run.pid, signal.SIGKILL)
                    run.communicate()
                    kills += 1
            same += finished(folder, "--workers", "2")[1] == wanted
    return f"{same} of {trials} the same rows, {kills} kills"


def dead_workers(trials: int) -> str:
    """A worker process is killed in the middle of work."""
    wanted, same = unbroken(), 0
    for _ in range(trials):
        with place() as folder:
            run = start(folder, "--workers", "2")
            _wait_for_parts(folder, 3)
            children = _children(run.pid)
            os.kill(max(children), signal.SIGKILL)
            run.communicate()
            same += run.returncode == 0 and Results(folder / "out").content == wanted
    return f"{same} of {trials} the same rows"


def _children(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(parent)], capture_output=True, text=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "spawn_main" in line]


def _wait_for_parts(folder: Path, count: int) -> None:
    while len(list((folder / "out").rglob("*.parquet"))) < count:
        time.sleep(0.01)


def full_disk(trials: int) -> str:
    """A file system of 80 kB fills up; it is made larger, and the same command goes on."""
    if os.geteuid() or not shutil.which("mount"):
        return "not tried: only root may mount a small file system"
    wanted, same, told = unbroken(), 0, 0
    for _ in range(trials):
        with place() as folder:
            (folder / "out").mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80k", "tmpfs", folder / "out"], check=True)
            try:
                status, _, said = finished(folder, "--workers", "2")
                told += status == 1 and "the disk is full" in said and "Traceback" not in said
                subprocess.run(["mount", "-o", "remount,size=8m", folder / "out"], check=True)
                same += finished(folder, "--workers", "2")[1] == wanted
            finally:
                subprocess.run(["umount", folder / "out"], check=True)
    return f"{told} of {trials} told in one sentence, {same} the same rows after"


def ctrl_c(trials: int) -> str:
    """SIGINT to the group: how long until nothing runs any more, and what is said."""
    luck, took, clean = random.Random(3), list[float](), 0
    for _ in range(trials):
        with place() as folder:
            run = start(folder, "--workers", "2")
            _wait_for_parts(folder, 1)
            time.sleep(luck.uniform(0, 2))
            began = time.monotonic()
            os.killpg(run.pid, signal.SIGINT)
            _, errors = run.communicate()
            while left_over(run.pid):
                time.sleep(0.01)
            took.append(time.monotonic() - began)
            clean += run.returncode == 130 and "Traceback" not in errors
    return f"{clean} of {trials} with status 130 and no traceback, at most {max(took):.1f} s until nothing runs"


LONG = {
    "sweep": ["sweep", "study.toml", "--yes", "--workers", "2"],
    "bridge": ["bridge", "giftware", "--replications", "40", "--workers", "2"],
    "optimise": ["optimise", "giftware", "--service", "0.97", "--workers", "2"],
    "by product": [
        "optimise",
        "giftware",
        "--service",
        "0.97",
        "--by-product",
        "--replications",
        "300",
        "--workers",
        "2",
    ],
    "dask": ["sweep", "study.toml", "--yes", "--workers", "2", "--cluster", "local"],
    "compare": ["compare", "giftware", "--replications", "2000"],
    "fva": ["fva", "giftware", "--replications", "2000"],
    "warmup": ["warmup", "giftware", "--replications", "2000"],
}
"""Commands that take long enough to be told to end."""

ENDINGS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}
LATEST = 12.0
"""Seconds after its start within which a command is told to end: while it loads, starts workers, hands out work."""


def endings(trials: int) -> str:
    """Ctrl-C, SIGTERM and kill -9 of the first process at random moments, over all long commands."""
    luck, took, clean, tried = random.Random(4), list[float](), 0, 0
    for _ in range(trials):
        for words in LONG.values():
            number = luck.choice(list(ENDINGS))
            with place() as folder:
                run = subprocess.Popen(
                    [sys.executable, "-m", "simulator.faces.cli", *words], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
                    start_new_session=True, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                )  # fmt: skip
                time.sleep(luck.uniform(0.5, LATEST))
                if run.poll() is not None:
                    run.communicate()
                    continue
                began, tried = time.monotonic(), tried + 1
                (os.kill if number == signal.SIGKILL else os.killpg)(run.pid, number)
                _, errors = run.communicate()
                while left_over(run.pid):
                    time.sleep(0.01)
                took.append(time.monotonic() - began)
                clean += run.returncode == ENDINGS[number] and "Traceback" not in errors and "Warning" not in errors
    return f"{clean} of {tried} with the right status and not a word too many, at most {max(took):.1f} s until nothing runs"


HARDSHIPS: dict[str, tuple[Callable[[int], str], int]] = {
    "killed": (killed, 200), "dead-workers": (dead_workers, 20), "full-disk": (full_disk, 5),
    "store": (damaged, 1_000), "ctrl-c": (ctrl_c, 20), "endings": (endings, 10),
    "files": (files, 10),
}  # fmt: skip


def main() -> None:
    """Try every hardship, or one of them so often."""
    parser = argparse.ArgumentParser(description="What sweeps survive.")
    parser.add_argument("--only", choices=HARDSHIPS, help="one hardship")
    parser.add_argument(
        "--trials", type=int, help="how often, or for files how many minutes; its usual number if not given"
    )
    words = parser.parse_args()
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # where it is ignored, as in the background, children would too
    for name in [words.only] if words.only else HARDSHIPS:
        hardship, trials = HARDSHIPS[name]
        print(f"{name}: {hardship(words.trials or trials)}", flush=True)


if __name__ == "__main__":
    main()
