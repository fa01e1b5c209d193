"""The log of games: every decision, in the order in which it was taken, in one SQLite file; nothing is ever changed in it."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.kernel.messages import msg, number
from simulator.kernel.units import ScenarioError

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Signs of a join code: none that is read as another."""

CODE, PIN = 8, 6
"""Signs of a join code, and digits of a trainer's PIN."""

MOST_GAMES, MOST_ENTRIES, MOST_BYTES = 2_000, 50_000, 32_768
"""Games in a file, entries of a game, bytes of an entry."""

WAIT = 10.0
"""Seconds for which a writer waits for another."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS games (
    code TEXT PRIMARY KEY, pin TEXT NOT NULL, created REAL NOT NULL, lesson TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
    code TEXT NOT NULL REFERENCES games (code), number INTEGER NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL,
    team TEXT NOT NULL, player TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (code, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS once ON entries (code, key) WHERE key <> '';
"""


class RefusedError(ScenarioError):
    """A request that cannot be met in this game now; the sentence says why."""


@dataclass(frozen=True)
class Entry:
    """A line of the log: a number that only rises, when, what, by whom, and what it says."""

    number: int
    at: float
    kind: str
    team: str
    player: str
    key: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Registered:
    """A game as it stands in the log: its code, the trainer's PIN and the words of its lesson."""

    code: str
    pin: str
    created: float
    lesson: dict[str, Any]


class GameLog:
    """A file of games; safe for many threads and many processes at once.

    An entry is on the disk when the call that wrote it returns, and a key writes one entry however often it is sent.
    """

    def __init__(self, path: Path | str, now: Callable[[], float] = time.time) -> None:
        self.path, self.now, self._here = str(path), now, threading.local()
        self._every: list[sqlite3.Connection] = []
        with self._writing() as connection:
            for statement in filter(str.strip, SCHEMA.split(";")):
                connection.execute(statement)

    @property
    def _connection(self) -> sqlite3.Connection:
        """The connection of this thread."""
        if getattr(self._here, "connection", None) is None:
            connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            self._here.connection = connection
            self._every.append(connection)
        found: sqlite3.Connection = self._here.connection
        return found

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction in which nobody else writes; all of it is written, or nothing."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        for connection in self._every:
            connection.close()
        self._every.clear()
        self._here = threading.local()

    # --- games ---

    def register(self, lesson: dict[str, Any]) -> Registered:
        """Open a game of a lesson: with a code that nobody can guess, and a PIN for the trainer."""
        words = _told(lesson, 8 * MOST_BYTES)
        with self._writing() as connection:
            if connection.execute("SELECT count(*) FROM games").fetchone()[0] >= MOST_GAMES:
                raise RefusedError(
                    msg("there are {most} games in the log; begin another file", most=number(MOST_GAMES))
                )
            code, pin = _drawn(LETTERS, CODE), _drawn("0123456789", PIN)
            now = self.now()
            connection.execute("INSERT INTO games VALUES (?, ?, ?, ?)", (code, pin, now, words))
        return Registered(code, pin, now, lesson)

    def game(self, code: str) -> Registered:
        """Find a game by its code."""
        row = self._connection.execute("SELECT * FROM games WHERE code = ?", (str(code)[:CODE],)).fetchone()
        if row is None:
            raise RefusedError(msg("there is no game with this code; look at the trainer's screen"))
        return Registered(row[0], row[1], row[2], json.loads(row[3]))

    def codes(self) -> list[str]:
        """List the codes of all games, the latest first."""
        return [row[0] for row in self._connection.execute("SELECT code FROM games ORDER BY created DESC")]

    # --- entries ---

    def entries(self, code: str, after: int = 0) -> list[Entry]:
        """List the entries of a game behind a number, in their order."""
        return _entries(self._connection, code, after)

    def write(
        self,
        code: str,
        kind: str,
        body: dict[str, Any],
        team: str = "",
        player: str = "",
        key: str = "",
        allowed: Callable[[list[Entry]], None] | None = None,
        after: int = 0,
    ) -> Entry:
        """Write an entry, unless one with its key is there already, which is returned instead.

        `allowed` is asked, while nobody else can write, with the entries behind the number `after`; it refuses by raising.
        """
        with self._writing() as connection:
            if key:
                row = connection.execute("SELECT * FROM entries WHERE code = ? AND key = ?", (code, key)).fetchone()
                if row is not None:
                    return _entry(row)
            last = connection.execute("SELECT max(number) FROM entries WHERE code = ?", (code,)).fetchone()[0] or 0
            if last >= MOST_ENTRIES:
                raise RefusedError(msg("the log of this game is full with {most} entries", most=number(MOST_ENTRIES)))
            if allowed is not None:
                allowed(_entries(connection, code, after))
            words = _told(body, MOST_BYTES)  # the check may have filled something in
            entry = Entry(last + 1, self.now(), kind, team, player, key, json.loads(words))
            connection.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (code, entry.number, entry.at, kind, team, player, key, words),
            )
        return entry


def _drawn(signs: str, many: int) -> str:
    return "".join(secrets.choice(signs) for _ in range(many))


def _told(body: dict[str, Any], most: int) -> str:
    """The body of an entry, as JSON of a bounded length."""
    words = json.dumps(body, ensure_ascii=False, allow_nan=False, sort_keys=True)
    if len(words.encode()) > most:
        raise RefusedError(msg("this is longer than {most} bytes; shorten it", most=number(most)))
    return words


def _entries(connection: sqlite3.Connection, code: str, after: int) -> list[Entry]:
    rows = connection.execute("SELECT * FROM entries WHERE code = ? AND number > ? ORDER BY number", (code, after))
    return [_entry(row) for row in rows]


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(row[1], row[2], row[3], row[4], row[5], row[6], json.loads(row[7]))
