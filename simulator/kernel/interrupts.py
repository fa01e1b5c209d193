"""End the program when it is told to from outside: by Ctrl-C, by SIGTERM, by a terminal that is closed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

STATUS: dict[int, int] = {
    getattr(signal, name): 128 + getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)
}
"""What tells the program to end, and the exit status that a shell expects then."""

SECONDS_TO_TIDY_UP = 1.5
"""After that the program ends, whatever it is doing: an exception may be lost in foreign code, a signal is not."""

SHOW_CURSOR = b"\x1b[?25h"


class Ended(BaseException):
    """Somebody else than the person at the keyboard told the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = STATUS[number]


def end_on_the_spot() -> None:
    """From here on, end at once when told to: while a program loads there is nothing to tidy up.

    Whoever started it may have held Ctrl-C back until now.
    """

    def end(number: int, _: FrameType | None) -> None:
        _say(number)
        os._exit(STATUS[number])

    for number in STATUS:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, end)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def heard() -> Iterator[None]:
    """Raise what tells the program to end, once, so that everything can be tidied up; further presses change nothing.

    What is ignored stays ignored (nohup). Outside the main thread nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told: list[int] = []

    def hear(number: int, _: FrameType | None) -> None:
        if told:
            return
        told.append(number)
        _say(number)
        raise _ending(number)

    watch, usual = _Watch(told), sys.unraisablehook
    before = {
        number: signal.signal(number, hear)
        for number in STATUS
        if signal.getsignal(number) not in (signal.SIG_IGN, None)
    }
    sys.unraisablehook = _without_endings
    try:
        yield
        if told:  # it was lost on the way
            raise _ending(told[0])
    except BaseException:
        if told:  # foreign code may have made another error of it
            raise _ending(told[0]) from None
        raise
    finally:
        if not told:  # else the program ends now, within its seconds
            for number, handler in before.items():
                signal.signal(number, handler)
            sys.unraisablehook = usual
            watch.close()


@contextmanager
def held_back() -> Iterator[None]:
    """Hear what tells the program to end when this is over; processes that are started meanwhile never hear Ctrl-C.

    They inherit that it is held back. Held back here, the system gives it to another thread, and Python to the main one,
    where a handler remembers it until the end.
    """
    if threading.current_thread() is not threading.main_thread():
        with _ctrl_c_blocked():
            yield
        return
    pressed: list[int] = []
    before: dict[int, Any] = {}
    try:
        for number in STATUS:
            if callable(handler := signal.getsignal(number)):
                before[number] = handler
                signal.signal(number, lambda number, _: pressed.append(number))
        with _ctrl_c_blocked():
            yield
    finally:
        for number, handler in before.items():  # what was held back is remembered by now
            signal.signal(number, handler)
        if pressed:
            signal.raise_signal(pressed[0])


@contextmanager
def _ctrl_c_blocked() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def _ending(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else Ended(number)


class _Watch:
    """A thread that hears of signals whatever the main one is doing, and ends the program when its time is over."""

    def __init__(self, told: Sequence[int]) -> None:
        self.told = told
        if os.name == "nt":
            return
        self.ear, self.mouth = os.pipe()
        os.set_blocking(self.mouth, False)
        self.before = signal.set_wakeup_fd(self.mouth, warn_on_full_buffer=False)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while byte := os.read(self.ear, 1):
            if byte[0] in STATUS:
                time.sleep(SECONDS_TO_TIDY_UP)
                if not self.told:  # foreign code has put itself in our place
                    _say(byte[0])
                _end_now(byte[0])
        os.close(self.ear)

    def close(self) -> None:
        """Nobody is waited for any more."""
        if os.name != "nt":
            signal.set_wakeup_fd(self.before)
            os.close(self.mouth)


def _end_now(number: int) -> None:
    """End the workers and the program; those that start up right now end when they see that it is gone."""
    with suppress(Exception):
        started = sys.modules.get("multiprocessing.process")
        for child in started.active_children() if started else ():
            child.kill()
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), SHOW_CURSOR)
    os._exit(STATUS[number])


def _say(number: int) -> None:
    """Note in the log why there is no result, unless Ctrl-C was pressed."""
    if number != signal.SIGINT:
        with suppress(OSError):
            os.write(
                2,
                f"sop: ended from outside ({signal.Signals(number).name}); the same command starts it again\n".encode(),
            )


def _without_endings(problem: Any) -> None:
    """Keep quiet about an ending that was raised where Python cannot hand it on: the watch sees to it."""
    if not issubclass(problem.exc_type, KeyboardInterrupt | Ended):
        sys.__unraisablehook__(problem)
