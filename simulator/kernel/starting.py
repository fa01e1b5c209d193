"""The way in which processes start that work beside this one; a program says it before it loads anything else."""

from __future__ import annotations

import sys

SPAWN, FORK = "spawn", "fork"

_usual = [SPAWN]


def fork_workers() -> None:
    """Have workers forked from here on where nothing else is said, on Linux: for a program of one thread, such as the command line.

    They have then loaded all that this process has, which takes a spawned one most of a second.
    """
    if sys.platform == "linux":
        _usual[0] = FORK


def usual_start() -> str:
    """The way in which workers start where nothing else is said."""
    return _usual[0]
