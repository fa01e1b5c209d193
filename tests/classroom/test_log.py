"""The log loses and doubles nothing: keys, order, bounds, many writers, and a writer that is killed."""

import json
import multiprocessing
import os
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from simulator.classroom.log import LETTERS, MOST_BYTES, GameLog, RefusedError


def test_a_code_is_not_guessable_and_finds_its_game_only(log):
    games = [log.register({"name": f"{k}"}) for k in range(20)]
    assert len({game.code for game in games}) == 20
    assert all(len(game.code) == 8 and set(game.code) <= set(LETTERS) for game in games)
    assert len(LETTERS) ** 8 > 10**12
    assert [log.game(game.code).lesson["name"] for game in games] == [f"{k}" for k in range(20)]
    with pytest.raises(RefusedError, match="there is no game with this code"):
        log.game("AAAAAAAA")


def test_a_key_writes_one_entry_however_often_it_is_sent(log):
    code = log.register({}).code
    first = log.write(code, "submit", {"a": 1}, key="k")
    again = log.write(code, "submit", {"a": 2}, key="k")
    other = log.write(code, "submit", {"a": 3}, key="l")
    assert first == again
    assert [entry.body for entry in log.entries(code)] == [{"a": 1}, {"a": 3}]
    assert (first.number, other.number) == (1, 2)


def test_two_games_on_one_log_see_nothing_of_each_other(log):
    mine, theirs = log.register({}).code, log.register({}).code
    log.write(mine, "submit", {"secret": 1}, key="k")
    log.write(theirs, "submit", {"other": 2}, key="k")
    assert [entry.body for entry in log.entries(theirs)] == [{"other": 2}]


def test_what_a_check_refuses_is_not_written(log):
    code = log.register({}).code

    def never(entries):
        raise RefusedError("no")

    with pytest.raises(RefusedError):
        log.write(code, "submit", {}, allowed=never)
    assert log.entries(code) == []


def test_an_entry_is_bounded(log):
    code = log.register({}).code
    with pytest.raises(RefusedError, match="shorten it"):
        log.write(code, "submit", {"text": "x" * MOST_BYTES})
    with pytest.raises(ValueError, match="not JSON compliant"):
        log.write(code, "submit", {"x": float("nan")})


def test_many_threads_write_each_entry_once_and_in_one_order(log):
    code = log.register({}).code
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda k: log.write(code, "submit", {"k": k % 40}, key=f"{k % 40}"), range(120)))
    entries = log.entries(code)
    assert [entry.number for entry in entries] == [*range(1, 41)]
    assert sorted(entry.body["k"] for entry in entries) == [*range(40)]


def write_for_ever(path, code, sent):
    """Write numbered entries and say of each, once it is written, that it is."""
    log = GameLog(path)
    for k in range(10_000):
        log.write(code, "submit", {"k": k}, key=f"{k}")
        os.write(sent, json.dumps(k).encode() + b"\n")


@pytest.mark.parametrize("wait", [0.05, 0.11, 0.23])
def test_a_killed_writer_loses_nothing_that_it_said_was_written(tmp_path, wait):
    path = tmp_path / "games.db"
    log = GameLog(path)
    code = log.register({}).code
    read, sent = os.pipe()
    writer = multiprocessing.get_context("fork").Process(target=write_for_ever, args=(path, code, sent))
    writer.start()
    os.close(sent)
    first = os.read(read, 1)
    time.sleep(wait)
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    told = first
    while more := os.read(read, 65536):
        told += more
    acknowledged = [int(line) for line in told.split(b"\n")[:-1]]
    log.close()
    reopened = GameLog(path)
    kept = [entry.body["k"] for entry in reopened.entries(code)]
    assert acknowledged
    assert kept[: len(acknowledged)] == acknowledged
    assert kept == [*range(len(kept))]
    assert len(kept) <= len(acknowledged) + 1
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    reopened.close()
