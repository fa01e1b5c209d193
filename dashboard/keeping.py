"""Limits of the files kept on disk, by number, size and age; those unused for longest go first."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

HOME = Path(os.environ.get("SOP_RESULTS", "results")).absolute() / "dashboard"
SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True)
class Quota:
    """The most files, the most bytes in all, and the days a file may stay unused."""

    most: int
    most_bytes: float
    days: float


ANSWERS = Quota(1_200, 4e9, 60)
BROUGHT = Quota(400, 1e8, 60)
"""Answers, a folder each, and one for each policy of a comparison; scenarios and studies that readers loaded, a file each."""

MOST_LOG = 2_000_000
"""Bytes of the log; the one before is kept beside it, and no other."""

YOUNG = 3_600.0
"""Seconds for which nothing is thrown away that somebody used: to make room, that of others must go first."""

KEPT_FOLDERS = ("scenarios", "studies", "turns")


def note_use(path: Path) -> None:
    """Note that something is wanted, once in a while."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > YOUNG / 2:
            os.utime(path)


def clean(mine: Path, busy: Collection[str]) -> None:
    """Throw away the answers of older engines, and what is too old or too much of all that is kept."""
    for old in HOME.glob("*"):
        if (
            old.is_dir()
            and old != mine
            and old.name not in KEPT_FOLDERS
            and not any(old.name in Path(b).parts for b in busy)
        ):
            shutil.rmtree(old, ignore_errors=True)
    hold_to_quota(mine, ANSWERS, [Path(folder).name for folder in busy])
    for name in ("scenarios", "studies"):
        hold_to_quota(HOME / name, BROUGHT)


def hold_to_quota(folder: Path, quota: Quota, busy: Collection[str] = ()) -> None:
    """Throw away what is beyond the quota of a folder, but nothing that is in work."""
    now, count, size = time.time(), 0, 0
    for moment, path in sorted(_dated(folder), reverse=True):
        count, size = count + 1, size + _size(path)
        over = count > quota.most or size > quota.most_bytes
        half = path.suffix == ".part"
        if path.name in busy or (now - moment < YOUNG and not (over and path.is_dir())):
            continue
        if over or half or now - moment > quota.days * SECONDS_A_DAY:
            _throw_away(path)


def full(folder: Path, quota: Quota) -> bool:
    """Tell if one more file would be too much, since all that is there is in use."""
    hold_to_quota(folder, quota)
    sizes = [_size(path) for _, path in _dated(folder)]
    return len(sizes) >= quota.most or sum(sizes) >= quota.most_bytes


def log() -> Path:
    """Return the path of the log of faults; a long one is begun anew."""
    file = HOME / "log.txt"
    with contextlib.suppress(OSError):
        if file.stat().st_size > MOST_LOG:
            os.replace(file, HOME / "log-before.txt")
    return file


def _dated(folder: Path) -> Iterator[tuple[float, Path]]:
    for path in folder.glob("*"):
        with contextlib.suppress(OSError):
            yield path.stat().st_mtime, path


def _size(path: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    total = 0
    for each in path.rglob("*") if path.is_dir() else [path]:
        with contextlib.suppress(OSError):
            total += each.stat().st_size
    return total


def _throw_away(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
