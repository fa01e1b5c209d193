"""A server of the training room as a process of its own: killed at random moments, and asked by a whole class at once."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPException
from pathlib import Path

import numpy as np
import pytest

from simulator.classroom.game import Game
from simulator.classroom.lesson import lesson_of, read_lesson
from simulator.classroom.log import GameLog
from simulator.classroom.roles import SEATS
from tests.classroom.phones import Phone, until

ROOT = Path(__file__).resolve().parents[2]
FIELD = "overtime:line"


def free_port():
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(folder, port):
    """Start a server, and wait until it answers."""
    told = json.dumps({"host": "127.0.0.1", "port": port, "address": f"http://127.0.0.1:{port}"})
    home = {**os.environ, "SOP_RESULTS": str(folder), "SOP_ADDRESSES": "", "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, "-m", "dashboard.classroom.server", told], env=home, cwd=ROOT)
    until(lambda: answers(Phone(port), "GET", "/ready") == 200, 60)
    return server


def answers(phone, *words):
    """The status of an answer; 0 where nobody answers."""
    try:
        return phone.ask(*words)[0]
    except (OSError, HTTPException):
        return 0


def submit_until_heard(phone, code, value, heard, over):
    """Send as a page's script does: the same form until an answer comes."""
    sent = {"role": "operations", "round": 1, "key": f"form-{value}", f"v:{FIELD}": value}
    while not over.is_set():
        try:
            status, told = phone.post(f"/c/{code}/submit", **sent)
        except (OSError, ValueError, HTTPException):  # killed before, or in the middle of, the answer
            time.sleep(0.05)
            continue
        assert status == 200, told
        heard.append(value)
        return


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_no_decision_is_lost_or_doubled_when_the_server_is_killed(tmp_path, lesson, kills):
    """Each decision that a phone was told is there is in the log once, in its order; an answer that was lost adds nothing."""
    folder, port, luck = tmp_path / "classes", free_port(), random.Random(20)
    folder.mkdir()
    log = GameLog(folder / "classes.db")
    game = Game.create(log, lesson, ["Red", "Blue"])
    server = started(tmp_path, port)
    try:
        phones = [Phone(port).join(game.code, team, "Ann", ["operations"]) for team in ("Red", "Blue")]
        game.advance()
        heard, over = [[], []], threading.Event()

        def play(k):
            for n in range(10_000):
                submit_until_heard(phones[k], game.code, 1 + n % 50 + n / 10_000, heard[k], over)
                if over.is_set():
                    return

        threads = [threading.Thread(target=play, args=(k,), daemon=True) for k in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(kills):
            before = [len(each) for each in heard]
            until(lambda before=before: all(len(now) > then + 2 for now, then in zip(heard, before, strict=True)), 60)
            time.sleep(luck.random() * 0.2)
            server.send_signal(signal.SIGKILL)
            server.wait()
            server = started(tmp_path, port)
        over.set()
        for thread in threads:
            thread.join(60)
        for k, team in enumerate(("Red", "Blue")):
            entries = [e for e in log.entries(game.code) if e.kind == "submit" and e.team == team]
            written = [e.body["values"][FIELD] for e in entries]
            assert len(written) == len(set(written))
            assert written[: len(heard[k])] == heard[k]
            assert len(written) <= len(heard[k]) + 1  # one may be written whose answer nobody waited for
            assert len(heard[k]) > 2 * kills
    finally:
        server.kill()
        server.wait()


@pytest.mark.slow
def test_a_full_class_is_answered_quickly(tmp_path, capsys):
    """Thirty teams of four play a round: nothing fails; how long answers took is printed, and held to a generous bound."""
    folder, port = tmp_path / "classes", free_port()
    folder.mkdir()
    found = read_lesson("siloed-against-sop")
    words = {**found.lesson.model_dump(mode="json"), "names": found.names.model_dump(mode="json")}
    minutes = dict.fromkeys(words["minutes"], 30.0)
    game = Game.create(
        GameLog(folder / "classes.db"),
        lesson_of({**words, "silent": [], "minutes": minutes}, "full"),
        [(f"Team {k}", 4) for k in range(30)],
    )
    server = started(tmp_path, port)
    try:
        times, failures = a_round(game, port)
    finally:
        server.kill()
        server.wait()
    with capsys.disabled():
        for kind, taken in sorted(times.items()):
            middle, most = np.quantile(taken, [0.5, 0.95]) * 1000
            print(f"\n{kind}: {len(taken)} answers, half within {middle:.0f} ms, 95 % within {most:.0f} ms", end="")
    assert not failures, failures[:3]
    everything = np.concatenate([*times.values()])
    assert np.quantile(everything, 0.95) < 5.0


def a_round(game, port):
    """One round of 120 phones; times of answers by kind, and what failed."""
    times, failures, lock = {}, [], threading.Lock()
    state = {"phase": "", "over": False}

    def timed(kind, phone, method, path, fields=None):
        begun = time.perf_counter()
        status, text = phone.ask(method, path, fields)
        with lock:
            times.setdefault(kind, []).append(time.perf_counter() - begun)
            if status != 200:
                failures.append((kind, status, text[:200]))
        return text

    def play(team, seat, roles):
        phone, mark, luck = Phone(port), "", random.Random(f"{team}{seat}")
        time.sleep(luck.random() * 10)
        fields = {"team": team, "name": f"P{seat}", "roles": list(roles), "key": f"j{seat}"}
        timed("join", phone, "POST", f"/c/{game.code}/join", fields)
        page, did = "", set()
        while not state["over"]:
            told = json.loads(timed("news", phone, "GET", f"/c/{game.code}/news"))
            if told.get("mark") != mark:
                mark = told.get("mark")
                page = json.loads(timed("page", phone, "GET", f"/c/{game.code}/page"))["html"]
            if told.get("phase") == "plan" and "submit" not in did and f"/c/{game.code}/submit" in page:
                did.add("submit")
                time.sleep(luck.random() * 8)
                sent = {"role": roles[0], "round": 1, "key": "s"}
                timed("submit", phone, "POST", f"/c/{game.code}/submit", sent)
            if told.get("phase") == "meeting" and seat == 0 and "commit" not in did and "name=option" in page:
                did.add("commit")
                seen = re.search(r'name="seen" value="(\w+)"', page)[1]
                sent = {"round": 1, "option": "A", "seen": seen, "reason": "as it is", "key": "c"}
                timed("commit", phone, "POST", f"/c/{game.code}/commit", sent)
            time.sleep(2.0)

    threads = [
        threading.Thread(target=play, args=(team, seat, roles), daemon=True)
        for team in list(game.state.teams)
        for seat, roles in enumerate(SEATS[4])
    ]
    for thread in threads:
        thread.start()
    until(lambda: len(game.state.players) == 120, 60)
    game.advance()
    time.sleep(15)
    game.advance()
    until(lambda: sum(len(team.submitted) for team in game.state.teams.values()) == 120, 180)
    game.advance()
    time.sleep(10)
    game.advance()
    until(lambda: all(1 in team.committed for team in game.state.teams.values()), 300)
    game.advance()
    time.sleep(15)
    game.advance()
    time.sleep(10)
    state["over"] = True
    for thread in threads:
        thread.join(30)
    return times, failures
