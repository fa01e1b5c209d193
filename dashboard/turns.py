"""The book of what runs and waits: one file that all servers of a folder share, changed by one of them at a time."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from dashboard.case import HOME

LONG_KINDS = ("bridge", "sweep")
"""Kinds that take minutes; they wait for each other, never in the way of short ones."""

FILE = HOME / "turns" / "book.json"

_here = threading.RLock()


@dataclass
class Wish:
    """One ask under way: whose it is, its place in the order of asking, its process once it has one, and if nobody waits for it yet."""

    key: str
    folder: str
    kind: str
    number: int
    owners: list[str] = field(default_factory=list)
    pid: int | None = None
    since: float = 0.0
    ahead: bool = False

    @property
    def long(self) -> bool:
        """Tell if it waits among those that take minutes."""
        return self.kind in LONG_KINDS


@dataclass
class Book:
    """The runs under way and waiting, and each reader's last turn."""

    wishes: list[Wish] = field(default_factory=list)
    served: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def find(self, folder: str) -> Wish | None:
        """The wish whose answer goes to a folder."""
        return next((wish for wish in self.wishes if wish.folder == folder), None)

    def add(self, key: str, folder: str, kind: str, reader: str) -> Wish:
        """One more wish, the last of all so far."""
        self.count += 1
        wish = Wish(key, folder, kind, self.count, [reader])
        self.wishes.append(wish)
        return wish

    def drop(self, wish: Wish) -> None:
        """Strike out a wish; turns of readers who wait for nothing are forgotten."""
        self.wishes.remove(wish)
        there = {"", *(owner for each in self.wishes for owner in each.owners)}
        self.served = {reader: turn for reader, turn in self.served.items() if reader in there}

    def of(self, reader: str) -> list[Wish]:
        """List the wishes of a reader, running and waiting."""
        return [wish for wish in self.wishes if reader in wish.owners]

    def running(self, long: bool) -> list[Wish]:
        """Wishes with a process."""
        return [wish for wish in self.wishes if wish.pid is not None and wish.long == long]

    def order(self, long: bool) -> list[Wish]:
        """Wishes that wait, as their turns will come: readers one after the other, each with the oldest first."""
        waiting = [wish for wish in self.wishes if wish.pid is None and wish.long == long]
        served, count, found = dict(self.served), self.count, []
        while waiting:
            wish = min(waiting, key=lambda each: (served.get(_whose(each, served), 0), each.number))
            count += 1
            served[_whose(wish, served)] = count
            waiting.remove(wish)
            found.append(wish)
        return found

    def begin(self, wish: Wish, pid: int, now: float) -> None:
        """Give a wish its process, on the turn of the owner who waited longest for one."""
        self.count += 1
        self.served[_whose(wish, self.served)] = self.count
        wish.pid, wish.since = pid, now

    def put_back(self, wish: Wish) -> None:
        """Have a wish wait again, behind those who wait already."""
        self.count += 1
        wish.pid, wish.number = None, self.count


def _whose(wish: Wish, served: dict[str, int]) -> str:
    """The owner whose turn it is: the one who had none for longest; all whom their readers left count as one reader's."""
    return min(wish.owners, key=lambda owner: served.get(owner, 0), default="")


def read_book() -> Book:
    """The book as it stands; an empty one where there is none."""
    try:
        said: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
        return Book([Wish(**wish) for wish in said["wishes"]], said["served"], said["count"])
    except (OSError, ValueError, KeyError, TypeError):
        return Book()


@contextlib.contextmanager
def opened() -> Iterator[Book]:
    """The book to be changed, by nobody else meanwhile: no thread of this server, and no other server."""
    with _here:
        FILE.parent.mkdir(parents=True, exist_ok=True)
        with FILE.with_name("book.lock").open("a+b") as held:
            _lock(held.fileno())
            book = read_book()
            before = asdict(book)
            try:
                yield book
            finally:
                if asdict(book) != before:
                    part = FILE.with_name("book.part")
                    part.write_text(json.dumps(asdict(book)), encoding="utf-8")
                    os.replace(part, FILE)


def _lock(handle: int) -> None:
    """Wait for a file that the system lets go of when its holder ends, however that is."""
    try:
        import fcntl
    except ImportError:  # on Windows
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(handle, fcntl.LOCK_EX)
