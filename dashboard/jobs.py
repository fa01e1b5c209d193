"""Simulation beside the pages: each ask is a process group of its own, and a page only reads its folder."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from dashboard import keeping, readers, turns
from dashboard.asks import EXAMPLES, Ask, engine, to_json
from dashboard.case import HOME, LOADED, files_of
from dashboard.progress import note_problem, problem_of
from dashboard.standing_by import STANDING_BY, worker
from dashboard.turns import Book, Wish
from simulator.kernel.messages import Message, Value, msg

STORE = "store"
"""What a sweep has finished: it stays when the sweep is stopped, and the same ask goes on from there."""

MOST_OF_ONE = 6
"""Runs that one reader may have under way, waiting ones with them ..."""
MOST_WAITING = 100
"""... and all readers together; one that waits is a line in a book and has no process yet."""

STAYS = ("sweep",)
"""Kinds that go on when their readers close the page; others end with the last reader who wanted them."""

TURN = 300.0
"""Seconds that a study may have while others wait; then it waits itself, and goes on from what it has finished."""

PATIENCE = 2.0
"""Seconds that a process has to end by itself."""

_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class State:
    """The progress of an answer: none, waiting, running, done, failed, stopped or refused."""

    status: str
    share: float = 0.0
    seconds_left: float | None = None
    sentence: Value = ""
    before: int = 0
    owners: tuple[str, ...] = ()


def folder_of(key: str) -> Path:
    """Return the path of an answer: among the examples, or among the answers of this engine."""
    example = EXAMPLES / key
    return example if example.is_dir() else HOME / engine() / key


def _place(key: str) -> str:
    """The folder of an answer as the book names it."""
    return f"{engine()}/{key}"


def state_of(key: str) -> State:
    """Read the progress of an answer from its folder and the book alone, to survive a reload and a restarted server."""
    folder = folder_of(key)
    if settled := _settled(folder):
        return settled
    book = turns.read_book()
    wish = book.find(_place(key))
    if wish is None or (wish.pid is not None and not alive(wish)):
        return _settled(folder) or _unfinished(folder)
    if wish.pid is None and not any(alive(each) for each in book.running(wish.long)):
        advance()  # a turn has ended, and nobody said so
    return _under_way(book, wish)


def _under_way(book: Book, wish: Wish) -> State:
    """Tell the progress of a run, or the number of runs before one that waits."""
    owners, folder = tuple(wish.owners), HOME / wish.folder
    if wish.pid is None:
        before = len(book.running(wish.long)) + book.order(wish.long).index(wish)
        return State("waiting", before=before, owners=owners)
    if not (folder / "began").exists():
        return State("waiting", owners=owners)
    share = _share(folder)
    elapsed = time.time() - wish.since
    return State("running", share, elapsed * (1 - share) / share if share > 0.02 else None, owners=owners)


def _settled(folder: Path) -> State | None:
    """The state of an answer that nothing more will happen to."""
    if (folder / "done.json").exists():
        if folder.parent != EXAMPLES:
            keeping.note_use(folder)
        return State("done", 1.0)
    with contextlib.suppress(OSError):
        return State("failed", sentence=problem_of(folder))
    return None


def _unfinished(folder: Path) -> State:
    return State("stopped", _share(folder)) if folder.exists() else State("none")


def _share(folder: Path) -> float:
    """Work done of all work, over the parts that run side by side."""
    done, total = 0, 0
    for part in folder.glob("progress-*.json"):
        with contextlib.suppress(OSError, ValueError):
            said = json.loads(part.read_text(encoding="utf-8"))
            done, total = done + said["done"], total + said["total"]
    return done / total if total else 0.0


def alive(wish: Wish) -> bool:
    """Tell if the process of a wish still runs."""
    if wish.pid is None:
        return False
    child = _children.get(wish.pid)
    if child is not None:
        return child.poll() is None
    try:
        os.kill(wish.pid, 0)
        return b"dashboard.work" in Path(f"/proc/{wish.pid}/cmdline").read_bytes()
    except OSError:
        return False


# --- beginning ---


def start(ask: Ask, reader: str | None = None) -> State:
    """Begin an answer, unless it is there or under way; whoever asks the same shares it, and owns it with the others."""
    reader = reader or readers.me()
    with turns.opened() as book:
        if (folder_of(ask.key) / "done.json").exists():
            return State("done", 1.0)
        wish = book.find(_place(ask.key))
        if wish and (wish.pid is None or alive(wish)):
            wish.owners += [reader] * (reader not in wish.owners)
            wish.ahead = False
            return _under_way(book, wish)
        _strike_out_ended(book)
        if refusal := _refusal(book, reader):
            return State("refused", sentence=refusal)
        _prepare(ask)
        book.add(ask.key, _place(ask.key), ask.kind, reader)
        _advance(book)
        wish = book.find(_place(ask.key))
        return _under_way(book, wish) if wish else state_of(ask.key)


def _refusal(book: Book, reader: str) -> Message:
    """Give the reason that a reader may not begin one more run; nothing if they may."""
    if (mine := sum(not wish.ahead for wish in book.of(reader))) >= MOST_OF_ONE:
        return msg(
            "{n} simulations of yours run or wait already, the most that one reader may have; wait until one is done, or stop one.",
            n=mine,
        )
    if len(book.wishes) >= MOST_WAITING:
        return msg("Too many simulations are waiting on this server; try again in a minute.")
    return msg("")


def begin_ahead(ask: Ask) -> None:
    """Begin an answer that a reader is about to ask for, where a process stands by and nobody waits for another answer.

    It is one that nobody waits for yet, and ends when somebody asks for something else.
    """
    reader = readers.me()
    with turns.opened() as book:
        _strike_out_ended(book)
        others = any(not wish.ahead or reader not in wish.owners for wish in book.wishes)
        if others or book.find(_place(ask.key)) or folder_of(ask.key).exists():
            return
        _end_ahead(book)
        _prepare(ask)
        if pid := STANDING_BY.begin(HOME / _place(ask.key), patience=0.0):
            wish = book.add(ask.key, _place(ask.key), ask.kind, reader)
            wish.ahead = True
            book.begin(wish, pid, time.time())
        else:
            _empty(folder_of(ask.key))


def _end_ahead(book: Book) -> None:
    """End what nobody waits for yet."""
    for wish in [each for each in book.wishes if each.ahead]:
        _withdraw(book, wish, list(wish.owners))


def _prepare(ask: Ask) -> None:
    """A folder that holds the ask and nothing else, but for what a sweep has finished."""
    folder = HOME / engine() / ask.key
    _empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ask.json").write_text(to_json(ask), encoding="utf-8")
    if LOADED.fullmatch(ask.case.base):
        for path in files_of(ask.case.base):
            keeping.note_use(path)


def watch(key: str, reader: str) -> None:
    """Own a run with the others, as everybody does who looks at it."""
    with turns.opened() as book:
        wish = book.find(_place(key))
        if wish and reader not in wish.owners:
            wish.owners.append(reader)


def advance() -> None:
    """Strike out what has ended, and give the next of those who wait their turn."""
    with turns.opened() as book:
        _advance(book)


def _advance(book: Book) -> None:
    _strike_out_ended(book)
    if any(wish.pid is None for wish in book.wishes):
        _end_ahead(book)
    for long in (False, True):
        for wish in book.running(long):
            if wish.kind == "sweep" and time.time() - wish.since > TURN and _others_wait(book, wish):
                _end(wish)
                book.put_back(wish)
        waiting = book.order(long)
        if waiting and not book.running(long):
            _launch(book, waiting[0])


def _strike_out_ended(book: Book) -> None:
    for wish in [each for each in book.wishes if each.pid is not None and not alive(each)]:
        _children.pop(wish.pid or 0, None)
        book.drop(wish)


def _others_wait(book: Book, wish: Wish) -> bool:
    """Tell if another reader waits in the same line."""
    return any(not set(each.owners) & set(wish.owners) for each in book.order(wish.long))


def _launch(book: Book, wish: Wish) -> None:
    """The process of a wish; where the system has none left, the wish has failed and says so."""
    folder = HOME / wish.folder
    (folder / "began").unlink(missing_ok=True)
    try:
        pid = STANDING_BY.begin(folder) or _started(folder)
    except OSError:
        book.drop(wish)
        with contextlib.suppress(OSError):
            note_problem(folder, NO_PROCESS)
        return
    book.begin(wish, pid, time.time())


NO_PROCESS = msg("No simulation can be started on this server now; try again in a minute.")


def _started(folder: Path) -> int:
    """The number of a new process that answers one ask."""
    child = worker(str(folder))
    _children[child.pid] = child
    return child.pid


# --- ending ---


def stop(key: str, reader: str | None = None) -> bool:
    """Withdraw a reader from a run; it ends with the last one, and then this is true.

    What it had found so far is thrown away, but for the finished blocks of a sweep.
    """
    reader = reader or readers.me()
    with turns.opened() as book:
        wish = book.find(_place(key))
        if wish is None:
            return True
        ended = _withdraw(book, wish, [reader])
        _advance(book)
        return ended


def stop_all(reader: str | None = None) -> None:
    """Withdraw a reader from everything."""
    reader = reader or readers.me()
    with turns.opened() as book:
        for wish in book.of(reader):
            _withdraw(book, wish, [reader])
        _advance(book)


def _withdraw(book: Book, wish: Wish, leaving: list[str]) -> bool:
    """Strike out owners; a run that has none left ends."""
    wish.owners = [owner for owner in wish.owners if owner not in leaving]
    if wish.owners:
        return False
    _end(wish)
    book.drop(wish)
    folder = HOME / wish.folder
    if not (folder / "done.json").exists():
        _empty(folder)
    return True


def _end(wish: Wish) -> None:
    """End the process of a wish and all its parts, in any case."""
    if wish.pid is None:
        return
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(wish.pid, number)
            else:
                os.kill(wish.pid, number)
        until = time.monotonic() + PATIENCE
        while alive(wish) and time.monotonic() < until:
            time.sleep(0.01)
    _children.pop(wish.pid, None)


def _empty(folder: Path) -> None:
    """Throw an answer away, but for what a sweep has finished."""
    if not (folder / STORE).is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        return
    for file in folder.iterdir():
        if file.is_file():
            file.unlink(missing_ok=True)


# --- looking after ---

EVERY, CLEANED_EVERY = 1.0, 600.0


def look_after() -> None:
    """Withdraw readers who are gone, and give others their turn."""
    book = turns.read_book()
    if not book.wishes:
        return
    away = [owner for owner in {owner for wish in book.wishes for owner in wish.owners} if readers.gone(owner)]
    with turns.opened() as book:
        for wish in list(book.wishes):
            if wish.kind in STAYS:
                wish.owners = [owner for owner in wish.owners if owner not in away]
            elif set(wish.owners) & set(away):
                _withdraw(book, wish, away)
        _advance(book)


def clean() -> None:
    """Throw away what is too old or too much."""
    with turns.opened() as book:
        keeping.clean(HOME / engine(), [wish.folder for wish in book.wishes])


def caretaker() -> None:
    """Look after everything for as long as the server runs."""
    cleaned = -CLEANED_EVERY
    while True:
        with contextlib.suppress(OSError):
            look_after()
            if time.monotonic() - cleaned >= CLEANED_EVERY:
                cleaned = time.monotonic()
                clean()
                readers.forget()
        time.sleep(EVERY)


SECONDS_A_RUN = 0.4
"""A policy over two years of giftware costs this much before any replication ..."""
SECONDS_A_LANE = 0.011
"""... and this much more for each; measured on one core of a small server."""


def seconds(runs: int, replications: int, months: int, rows: int) -> float:
    """Estimate the time of so many runs on two cores, within a factor of two; rows are items and segment-products."""
    size = months / 24 * (0.4 + 0.6 * rows / 90)
    return 1.5 + runs * (SECONDS_A_RUN + SECONDS_A_LANE * replications) * size / min(2, os.cpu_count() or 1)
