"""A program plays a team of a running class over its address: it sees what a person sees, and what it sends is bounded."""

import json
import socket
import threading
import time

import pytest
from click.testing import CliRunner

from dashboard.classroom.server import application
from simulator.classroom.game import Game
from simulator.classroom.robots import visible
from simulator.faces.cli import main
from simulator.faces.cli.class_player import Seat, play_in_class
from simulator.kernel.units import ScenarioError
from tests.classroom.phones import Phone, serving, until

FIELD = "overtime:line"


@pytest.fixture
def room(tmp_path, lesson, monkeypatch):
    """A server with one class of one team, asked often."""
    monkeypatch.setattr("simulator.faces.cli.class_player.LOOK_EVERY", 0.05)
    with serving(tmp_path) as (app, port):
        game = Game.create(app.state.room.log, lesson, ["Red"])
        yield game, port


def test_a_program_plays_a_team_to_the_debrief(room):
    """Two rounds, each decided once and committed by itself; what it is told is what a robot on this machine sees."""
    game, port = room
    seen, meant, scores = [], [], []

    def decide(told):
        seen.append(told)
        meant.append(visible(Game.open(game.log, game.code), "Machine"))
        return {"values": {FIELD: 7.0}, "reason": "the peak"}

    address = f"http://127.0.0.1:{port}/c/{game.code}"
    program = threading.Thread(target=lambda: scores.extend(play_in_class(address, "Machine", decide)), daemon=True)
    program.start()
    until(lambda: "Machine" in game.state.teams)
    while game.phase().phase != "debrief":
        phase = game.advance()
        if phase.phase == "plan":
            until(lambda round=phase.round: round in game.state.teams["Machine"].committed, 120)
    program.join(120)
    assert [each["round"] for each in seen] == [1, 2]
    assert seen == json.loads(json.dumps(meant))
    committed = game.state.teams["Machine"].committed
    assert [(dict(committed[k].values), committed[k].reason) for k in (1, 2)] == [({FIELD: 7.0}, "the peak")] * 2
    names = {each["name"] for each in scores if not each["is_policy"]}
    assert names == {"Machine"}  # the ranking is hidden, so that no other team's is told


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("[1]", 'a decision is one line of JSON, such as {"values"'),
        ("[" * 9_000, 'a decision is one line of JSON, such as {"values"'),
        ('{"values": {"moon": 1}}', "there is nothing to fill in that is called 'moon'"),
        ('{"values": [1]}', "a plan must be a table of at most 200 values"),
        ('{"values": {"overtime:line": 1e9}}', f"{FIELD} is 1e+09; it must be 0 to "),
        ('{"reason": "' + 301 * "x" + '"}', "a reason"),
        ('{"actions": [1]}', "a meeting agrees on at most 3 actions"),
    ],
)
def test_what_a_program_sends_is_bounded(room, answer, sentence):
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Machine", ["operations"])
    game.advance()
    game.advance()
    until(lambda: json.loads(phone.get(f"/c/{game.code}/seen"))["seen"])
    status, told = phone.post(f"/c/{game.code}/play", round="1", answer=answer)
    assert status == 422
    assert sentence in told["error"]
    assert 1 not in game.state.teams["Red"].committed


def test_a_program_sees_its_own_roles_and_nothing_between_rounds(room):
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Machine", ["operations"])
    assert json.loads(phone.get(f"/c/{game.code}/seen"))["seen"] is None  # in the lobby
    game.advance()
    game.advance()
    until(lambda: json.loads(phone.get(f"/c/{game.code}/seen"))["seen"])
    assert [*json.loads(phone.get(f"/c/{game.code}/seen"))["seen"]["roles"]] == ["operations"]
    assert json.loads(Phone(port).get(f"/c/{game.code}/seen")) == {"gone": True}  # who has not joined
    assert phone.post(f"/c/{game.code}/play", round="1", answer="{}")[0] == 200
    assert json.loads(phone.get(f"/c/{game.code}/seen"))["seen"] is None  # committed


def test_a_program_does_not_commit_for_people(room):
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Machine", ["operations"])
    Phone(port).join(game.code, "Red", "Ann", ["sales"]).get(f"/c/{game.code}/news")
    game.advance()
    game.advance()
    status, told = phone.post(f"/c/{game.code}/play", round="1", answer="{}")
    assert (status, told["error"]) == (422, "a program plays a team of its own; in this one play Ann")


def test_a_class_that_is_being_opened_is_waited_for(tmp_path, lesson):
    """A program that asks before the server listens joins as soon as it does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = application(tmp_path, addresses="")
    game = Game.create(app.state.room.log, lesson, ["Red"])
    program = threading.Thread(target=Seat(f"http://127.0.0.1:{port}/c/{game.code}", "Machine").join, daemon=True)
    program.start()
    time.sleep(0.3)
    with serving(tmp_path, app=app, port=port):
        until(lambda: "Machine" in game.state.teams)
    program.join(10)


@pytest.mark.parametrize("named", ["ftp://x/c/ABCDEFGH", "http://127.0.0.1:1/", "a b"])
def test_an_address_that_is_none_is_told_in_a_sentence(named):
    with pytest.raises(ScenarioError, match="it must be a class's code, or its address with the code"):
        Seat(named, "Machine")


def test_a_class_that_is_not_there_ends_the_command_with_a_sentence(room, monkeypatch):
    monkeypatch.setattr("simulator.faces.cli.class_player.OPENS_WITHIN", 0.1)
    game, port = room
    for address, sentence in (
        ("http://127.0.0.1:1/c/ABCDEFGH", "no class answers at http://127.0.0.1:1/c/ABCDEFGH/join"),
        (f"http://127.0.0.1:{port}/c/ABCDEFGH", "there is no game with this code"),
    ):
        found = CliRunner().invoke(main, ["play", "--json", "--class", address])
        assert found.exit_code == 2
        assert sentence in found.output
    assert "leave it out" in CliRunner().invoke(main, ["play", "cash", "--json", "--class", game.code]).output
