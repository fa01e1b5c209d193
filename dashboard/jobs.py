"""Simulation beside the pages: each ask is a process group of its own, and a page only reads its folder."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from dashboard.asks import EXAMPLES, Ask, engine, to_json
from dashboard.case import HOME

ROOT = Path(__file__).resolve().parent.parent
STORE = "store"
"""What a sweep has finished: it stays when the sweep is stopped, and the same ask goes on from there."""

MOST_WAITING = 24
MOST_KEPT = 400
"""Answers that are kept on disk; the oldest are thrown away."""

_children: dict[str, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class State:
    """How far an answer is: none, waiting, running, done, failed or stopped."""

    status: str
    share: float = 0.0
    seconds_left: float | None = None
    sentence: str = ""


def folder_of(key: str) -> Path:
    """Where an answer lies: among the examples, or where this engine's answers are kept."""
    example = EXAMPLES / key
    return example if example.is_dir() else HOME / engine() / key


def state_of(key: str) -> State:
    """How far an answer is, from its folder alone: it survives a reload and a restarted server."""
    folder = folder_of(key)
    if (folder / "done.json").exists():
        return State("done", 1.0)
    if (folder / "problem.txt").exists():
        return State("failed", sentence=(folder / "problem.txt").read_text(encoding="utf-8"))
    if not folder.exists():
        return State("none")
    if not alive(folder):
        return State("done", 1.0) if (folder / "done.json").exists() else State("stopped", _share(folder))
    if not (folder / "began").exists():
        return State("waiting")
    share = _share(folder)
    elapsed = time.time() - (folder / "began").stat().st_mtime
    return State("running", share, elapsed * (1 - share) / share if share > 0.02 else None)


def _share(folder: Path) -> float:
    """Work done of all work, over the parts that run side by side."""
    done, total = 0, 0
    for part in folder.glob("progress-*.json"):
        with contextlib.suppress(OSError, ValueError):
            said = json.loads(part.read_text(encoding="utf-8"))
            done, total = done + said["done"], total + said["total"]
    return done / total if total else 0.0


def alive(folder: Path) -> bool:
    """Whether the process of an answer still runs."""
    child = _children.get(folder.name)
    if child is not None:
        return child.poll() is None
    try:
        pid = int((folder / "pid").read_text())
        os.kill(pid, 0)
        return b"dashboard.work" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return False


def waiting() -> int:
    """Asks that run or wait."""
    return sum(child.poll() is None for child in _children.values())


def start(ask: Ask) -> State:
    """Begin an answer, unless it is there or under way; whoever asks the same shares it."""
    found = state_of(ask.key)
    if found.status in ("done", "running", "waiting"):
        return found
    if waiting() >= MOST_WAITING:
        return State("failed", sentence="Too many simulations are waiting on this server; try again in a minute.")
    folder = HOME / engine() / ask.key
    _empty(folder)
    _make_room()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ask.json").write_text(to_json(ask), encoding="utf-8")
    child = _ready() or _worker(str(folder))
    if child.stdin:  # it waits to be told
        child.stdin.write(f"{folder}\n".encode())
        child.stdin.close()
    (folder / "pid").write_text(str(child.pid))
    _children[ask.key] = child
    return State("waiting")


def _worker(*folder: str) -> subprocess.Popen[bytes]:
    """A process of its own, in a group of its own, that answers one ask."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    here = {"SOP_RESULTS": str(HOME.parent), "PYTHONPATH": str(ROOT)}  # its parts run side by side: a thread each
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "log.txt").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "dashboard.work", *folder],
            env={**os.environ, **threads, **here},
            cwd=ROOT,
            stdin=subprocess.DEVNULL if folder else subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


_standing_by: list[subprocess.Popen[bytes]] = []


def stand_by() -> None:
    """Have a process ready that has loaded everything, so that the next answer comes two seconds sooner."""
    if not _standing_by:
        _standing_by.append(_worker())


def _ready() -> subprocess.Popen[bytes] | None:
    """The process that stands by, if it still does."""
    child = _standing_by.pop() if _standing_by else None
    return child if child and child.poll() is None else None


def stop(key: str) -> None:
    """End an ask and all its parts; what it had found so far is thrown away, but for the finished blocks of a sweep."""
    folder = HOME / engine() / key
    if alive(folder):
        with contextlib.suppress(OSError, ValueError):
            os.killpg(int((folder / "pid").read_text()), signal.SIGTERM)
        child = _children.pop(key, None)
        if child is not None:
            child.wait(timeout=5)
    if not (folder / "done.json").exists():
        _empty(folder)


def _empty(folder: Path) -> None:
    """Throw an answer away, but for what a sweep has finished."""
    if not (folder / STORE).is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        return
    for file in folder.iterdir():
        if file.is_file():
            file.unlink(missing_ok=True)


def _make_room() -> None:
    """Throw away the answers of older engines, and the oldest of this one beyond what is kept."""
    mine = HOME / engine()
    for old in HOME.glob("*"):
        if old.is_dir() and old != mine and old.name not in ("scenarios", "studies", "turns"):
            shutil.rmtree(old, ignore_errors=True)
    kept = sorted((path for path in mine.glob("*") if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for path in kept[: max(0, len(kept) - MOST_KEPT)]:
        if not alive(path):
            shutil.rmtree(path, ignore_errors=True)


SECONDS_A_RUN = 0.4
"""A policy over two years of giftware costs this much before any replication ..."""
SECONDS_A_LANE = 0.011
"""... and this much more for each; measured on one core of a small server."""


def seconds(runs: int, replications: int, months: int, rows: int) -> float:
    """What so many runs will take on two cores, within a factor of two: rows are items and segment-products."""
    size = months / 24 * (0.4 + 0.6 * rows / 90)
    return 1.5 + runs * (SECONDS_A_RUN + SECONDS_A_LANE * replications) * size / min(2, os.cpu_count() or 1)
