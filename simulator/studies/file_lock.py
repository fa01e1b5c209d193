"""Turns of several programs: a lock on a file that the system gives back when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from typing import IO


def lock_taken(lock: IO[str]) -> bool:
    """Take the turn; no if somebody else has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    os.set_inheritable(lock.fileno(), False)
    return True
