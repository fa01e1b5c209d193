"""Plant bugs one after another in copies of the project and see whether the tests find them."""

import itertools
import os
import queue
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.operators import ROOT, Bug

COPIED = (
    "simulator",
    "dashboard",
    "scenarios",
    "tests",
    "benchmarks",
    "docs",
    ".ci",
    "pyproject.toml",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "start.py",
)
FEW, MANY = 3.0, 60.0
"""Seconds of tests in the first look, the quickest ones, and in both together; one test at least is run, however long it takes."""
PATIENCE, TIMES = 120.0, 10
"""A run counts as one without an end after so many seconds and so many times as long as its tests took without the bug."""
FOUND, MISSED = 1, 0
_ticks = itertools.count(1)


@dataclass(frozen=True)
class Fate:
    """The end of a bug: the number of tests that looked at it, and whether one of them failed."""

    bug: Bug
    tests: int
    ended: str  # found, missed, unseen, endless

    @property
    def alive(self):
        """Tell whether the bug outlived its tests."""
        return self.ended in ("missed", "unseen")


def fates(bugs, lines, folder, workers=2, tell=lambda fate, number, of: None):
    """Plant each bug on its own; the order of the answers is the order in which they come."""
    copies = queue.SimpleQueue()
    for number in range(workers):
        copies.put(_copy(Path(folder) / f"copy-{number}"))

    def fate(bug):
        copy = copies.get()
        try:
            return _fate(bug, [(test, lines.seconds_of(test)) for test in lines.seeing(bug)], copy)
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(workers) as crew:
        for number, answer in enumerate(crew.map(fate, bugs), 1):
            tell(answer, number, len(bugs))
            yield answer


def _copy(folder):
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / name)
    return folder


def _fate(bug, tests, copy):
    """Let the tests that see a bug look at it: first the quickest, then the others."""
    if not tests:
        return Fate(bug, 0, "unseen")
    file = copy / bug.file
    right = file.read_text(encoding="utf-8")
    try:
        _write(file, bug.planted(right))
        few, many = within(tests, FEW), within(tests, MANY)
        ended = _outcome(copy, tests[:few])
        if ended == "missed" and many > few:
            ended = _outcome(copy, tests[few:many])
        return Fate(bug, many, ended)
    finally:
        _write(file, right)


def within(tests, seconds):
    """Count the tests, the quickest first, that fit into so many seconds; one at least."""
    return max(1, sum(until <= seconds for until in itertools.accumulate(time for _, time in tests)))


def _write(file, text):
    """Write with a time of its own, so that no compiled file passes for it."""
    file.write_text(text, encoding="utf-8")
    moment = 1_000_000_000 + next(_ticks)
    os.utime(file, (moment, moment))


def _outcome(copy, tests):
    """Run tests, (name, seconds) each, on a copy: found where one fails, missed where all pass."""
    listed, patience = copy / "tests-to-run.txt", PATIENCE + TIMES * sum(seconds for _, seconds in tests)
    listed.write_text("\n".join(test for test, _ in tests), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov",
               f"@{listed}"]  # fmt: skip
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))}
    try:
        done = subprocess.run(
            command, cwd=copy, env=clean, capture_output=True, text=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        return "endless"
    lost = done.returncode == 4 and "ERROR collecting" not in done.stdout  # no bug, but a test that is not there
    interrupted = done.returncode == 2 and "ERROR collecting" not in done.stdout
    if lost or interrupted or done.returncode not in (0, 1, 2, 4):
        raise RuntimeError(f"pytest ended with status {done.returncode}:\n{done.stdout[-2_000:]}{done.stderr[-2_000:]}")
    return "missed" if done.returncode == 0 else "found"
