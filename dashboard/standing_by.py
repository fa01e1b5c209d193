"""The process that stands by: it has loaded everything, knows what is looked at, and forks for each ask."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import threading
from pathlib import Path

from dashboard import keeping
from dashboard.asks import ENGINE, Ask, engine, to_json
from dashboard.case import HOME
from dashboard.origin import PROJECT

KNOW, ANSWER, THERE = "know", "answer", "there"
"""What the process is told: an ask whose company and luck will be needed, the folder of one to be answered; and what it says once
all is loaded."""


def worker(*folder: str) -> subprocess.Popen[bytes]:
    """A process of its own, in a group of its own, that answers one ask; without one, it stands by and is told."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    here = {"SOP_RESULTS": str(HOME.parent), "PYTHONPATH": str(PROJECT), ENGINE: engine()}  # its parts run side by side: a thread each
    HOME.mkdir(parents=True, exist_ok=True)
    with keeping.log().open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "dashboard.work", *folder],
            env={**os.environ, **threads, **here},
            cwd=PROJECT,
            bufsize=0,
            stdin=subprocess.DEVNULL if folder else subprocess.PIPE,
            stdout=log if folder else subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


CAN_FORK = Path("/proc/self/cmdline").exists() and hasattr(os, "fork")
"""Elsewhere a process that was forked could not be told from another one with its number."""

ANSWERS_WITHIN = 2.0
"""Seconds in which the process that stands by says that it has begun; it is let go if it does not."""


class StandBy:
    """A process that has loaded everything, with the company and the luck of what is looked at, and forks for each ask."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.loaded = False
        self.known: tuple[object, ...] = ()
        self.lock = threading.Lock()

    def ready(self, ask: Ask | None) -> None:
        """Have the process there, and have it know what an ask rests on."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self.process, self.loaded, self.known = worker(), False, ()
            rests_on = (ask.case, ask.replications, ask.seed) if ask else ()
            if ask and rests_on != self.known:
                self.known = rests_on
                self._tell(KNOW, to_json(ask))

    def begin(self, folder: Path) -> int | None:
        """Begin an answer, and say which process it is; nothing if none stands by."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                return None
            self.loaded = self.loaded or self._heard(0.0) == THERE
            if not self.loaded:
                return None
            with contextlib.suppress(OSError, ValueError):
                self._tell(ANSWER, str(folder))
                return int(self._heard(ANSWERS_WITHIN))
            self.process.kill()
            self.process = None
            return None

    def _heard(self, within: float) -> str:
        """A line that the process says within some seconds; nothing if it says none."""
        assert self.process
        assert self.process.stdout
        if not select.select([self.process.stdout], [], [], within)[0]:
            return ""
        return self.process.stdout.readline().decode().strip()

    def _tell(self, word: str, rest: str) -> None:
        assert self.process
        assert self.process.stdin
        self.process.stdin.write(f"{word} {rest}\n".encode())


STANDING_BY = StandBy()


def stand_by(ask: Ask | None = None) -> None:
    """Have a process ready, so that the next answer comes two seconds sooner, and that on the same company and luck at once."""
    if CAN_FORK:
        with contextlib.suppress(OSError):
            STANDING_BY.ready(ask)
