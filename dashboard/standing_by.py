"""The process that stands by: it has loaded everything, knows what is looked at, and forks for each ask."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

from dashboard import keeping
from dashboard.asks import ENGINE, Ask, engine, to_json
from dashboard.case import HOME
from dashboard.origin import PROJECT

KNOW, ANSWER, READY = "know", "answer", "ready"
"""What the process is told: an ask whose company and luck will be needed, the folder of one to be answered; and what it says once
all is loaded, and whenever it knows what it was told to."""


def worker(*folder: str) -> subprocess.Popen[bytes]:
    """A process of its own, in a group of its own, that answers one ask; without one, it stands by and is told."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    here = {
        "SOP_RESULTS": str(HOME.parent),
        "PYTHONPATH": str(PROJECT),
        ENGINE: engine(),
    }  # its parts run side by side: a thread each
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
"""Seconds in which the process that stands by has drawn what it is to know, and in which it says that it has begun. One that still
draws is left to it; one that does not begin is let go."""


class StandBy:
    """A process that has loaded everything, with the company and the luck of what is looked at, and forks for each ask."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.loaded, self.drawing = False, 0
        self.known: tuple[object, ...] = ()
        self.lock = threading.Lock()

    def ready(self, ask: Ask | None) -> None:
        """Have the process there, and have it know what an ask rests on."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self.process, self.loaded, self.drawing, self.known = worker(), False, 0, ()
            rests_on = (ask.case, ask.replications, ask.seed) if ask else ()
            if ask and rests_on != self.known:
                self.known, self.drawing = rests_on, self.drawing + 1
                self._tell(KNOW, to_json(ask))

    def begin(self, folder: Path, patience: float = ANSWERS_WITHIN) -> int | None:
        """Begin an answer, and say which process it is; nothing if none stands by, or draws for longer than one has patience."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                return None
            if not self._listens(patience):
                return None
            with contextlib.suppress(OSError, ValueError):
                self._tell(ANSWER, str(folder))
                return int(self._heard(ANSWERS_WITHIN))
            self._let_go()
            return None

    def _listens(self, patience: float) -> bool:
        """Tell if it has loaded everything and drawn what it was told to."""
        self.loaded = self.loaded or self._heard(0.0) == READY
        while self.loaded and self.drawing and self._heard(patience) == READY:
            self.drawing -= 1
        return self.loaded and not self.drawing

    def _let_go(self) -> None:
        """End a process that does not begin, and with it whoever it has forked meanwhile: nobody would know how to stop that one."""
        assert self.process
        self.process.kill()
        self.process.wait()
        while number := self._heard(ANSWERS_WITHIN):  # one that was forked says it before anything else
            with contextlib.suppress(OSError, ValueError):
                os.killpg(int(number), signal.SIGKILL)
        self.process = None

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
