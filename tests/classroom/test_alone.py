"""One person alone: no clock, all plans at once, the policies beside; and the puzzle of a day, whose first answer stands."""

import datetime as dt
import json
import re

import pytest
from click.testing import CliRunner

from simulator.classroom import puzzle as puzzles
from simulator.classroom.alone import begin_alone, go_on_alone, minutes_alone, submit_alone
from simulator.classroom.debrief.regret import of_a_year
from simulator.classroom.game import Game
from simulator.classroom.lesson import read_lesson
from simulator.classroom.log import RefusedError
from simulator.classroom.puzzle import choose, day_told, puzzle, puzzle_game, puzzle_of_day, shares_of_answers, solved
from simulator.classroom.scoring import measured
from simulator.faces.cli import main
from tests.classroom.phones import Phone, serving

DAY = dt.date(2026, 11, 30)


def test_one_person_leads_and_no_clock_runs(log, lesson, clock):
    game, player = begin_alone(log, lesson)
    assert (game.phase().round, game.phase().phase) == (1, "report")
    assert (game.phase().seconds, game.phase().left) == (None, None)
    clock[0] += 10_000
    assert game.tick().phase == "report"
    assert player.roles == ("sales", "demand", "operations", "purchasing", "finance")
    go_on_alone(game, (1, "report"))
    go_on_alone(game, (1, "report"))  # pressed twice
    assert game.phase().phase == "plan"
    submit_alone(game, player, 1, {"overtime:line": 7.0, "forecast:heavy": -3.0}, "k")
    assert game.state.teams[player.team].together(1) == {"overtime:line": 7.0, "forecast:heavy": -3.0}
    again = Game.open(log, game.code)
    assert again.alone
    assert again.state.teams[player.team].together(1) == game.state.teams[player.team].together(1)


def test_a_class_is_led_by_its_trainer(game):
    with pytest.raises(RefusedError, match="the trainer leads"):
        go_on_alone(game, (0, "lobby"))


def test_a_lesson_alone_takes_as_long_as_its_clock():
    """Six rounds of 1.5 + 2 + .5 + 3 + .7 + 1.3 = 9 minutes."""
    assert minutes_alone(read_lesson("siloed-against-sop")) == 54


def test_the_date_gives_the_puzzle():
    """The same for all on a day; the question changes from day to day."""
    assert puzzle_of_day(DAY).lesson == puzzle_of_day(DAY).lesson
    days = [DAY - dt.timedelta(days=k) for k in range(3)]
    assert len({puzzles.kind_of_day(day) for day in days}) == 3
    assert len({puzzle_of_day(day).lesson.seed for day in days}) == 3
    assert {puzzle_of_day(day).lesson.first_month for day in days} <= {*puzzles.BUSY}


@pytest.mark.parametrize("text", ["2026-12-01", "2026-10-30", "tomorrow", "20261130", "2026-13-01"])
def test_no_later_day_and_none_long_ago_is_told(text):
    assert day_told("", DAY) == day_told("2026-11-30", DAY) == DAY
    with pytest.raises(RefusedError, match="it must be a day from 2026-10-31 to 2026-11-30"):
        day_told(text, DAY)


@pytest.fixture
def small(monkeypatch, lesson):
    """A puzzle on the small company: overtime at its line."""
    from dataclasses import replace

    own = lesson.lesson.model_copy(update={"rounds": 1})
    monkeypatch.setattr(
        puzzles, "puzzle_of_day", lambda day: replace(lesson, lesson=own, name=f"puzzle-{day.isoformat()}")
    )
    monkeypatch.setattr(puzzles, "kind_of_day", lambda day: "overtime")
    monkeypatch.setattr("simulator.classroom.game.FUTURES_ALONE", 12)


def test_a_puzzle_is_answered_once_and_its_truth_is_the_run(log, small):
    """Four answers from nothing to all hours; what came is the run of the lesson with that decision."""
    game = puzzle_game(log, DAY)
    assert puzzle_game(log, DAY).code == game.code
    asked = puzzle(game)
    amounts = [option.values.get("overtime:line") for option in asked.options]
    assert len(amounts) == 4
    with pytest.raises(RefusedError, match="there is no option 'Z'; choose one of A, B, C, D"):
        choose(game, asked, "ann", "Z")
    assert [choose(game, asked, "ann", "B"), choose(game, asked, "ann", "C"), choose(game, asked, "bob", "C")] == [
        *"BBC"
    ]
    assert shares_of_answers(Game.open(log, game.code)) == {"B": 1, "C": 1}
    found = solved(game, asked)
    history = game.playing.decisions(1, asked.options[3].values)
    truth = measured(game.playing.whole([history])[history])
    assert found[3].came[0] == 100 * truth["fill_rate"]
    assert found[3].came_worth == of_a_year(game.playing) * truth["economic_profit"]
    assert all(each.low <= each.middle <= each.high for one in found for each in one.outcomes)


def test_a_verdict_tells_what_could_be_known_apart_from_what_came():
    """Worth 100, 90, 40 and came 10, 30, 20: B is worth 10 less than A, and came as the best."""
    from simulator.classroom.meeting import CardOutcome

    def one(letter, worth, came):
        spread = [CardOutcome("fill_rate", "", "%", 0, 0, 1), CardOutcome("ebit", "", "EUR", 0.0, 50.0, 100.0)]
        return puzzles.Solved(puzzles.PuzzleOption(letter, letter, {}), spread, [0.0, 0.0], worth, came)

    found = [one("A", 100, 10), one("B", 90, 30), one("C", 40, 20)]
    assert [str(each) for each in puzzles.judged(found, "B", "EUR")] == [
        "The best that could be known was A; B is worth 10 EUR less over three months, on average over all futures.",
        "By what came, B was the best.",
    ]
    assert "60 EUR more than the worst" in str(puzzles.judged(found, "A", "EUR")[0])
    assert "B would have brought 10 EUR more" in str(puzzles.judged(found, "C", "EUR")[1])
    alike = [one("A", 100, 10), one("B", 99, 10)]
    assert "within 1 EUR" in str(puzzles.judged(alike, "B", "EUR")[0])


def test_the_command_refuses_what_a_puzzle_has_no_use_for():
    for words in (["--puzzle", "--robot", "silo"], ["--choose", "B"], ["--puzzle", "--day", "1999-01-01"]):
        answer = CliRunner().invoke(main, ["play", *words])
        assert answer.exit_code == 2, answer.output


def test_a_game_alone_and_a_puzzle_in_the_browser(tmp_path, small, monkeypatch, lesson):
    """Begun by a button, led by the player; a stranger sees neither; what a class has for its trainer alone is not there."""
    from dashboard.classroom import alone_page

    monkeypatch.setattr(alone_page, "lessons_alone", lambda: [lesson])
    with serving(tmp_path, alone=True) as (app, port):
        phone, stranger = Phone(port), Phone(port)
        assert "Tight" in phone.get("/alone")
        assert stranger.ask("GET", "/new")[0] == 404
        assert phone.post("/alone", lesson="moon")[0] == 422
        status, told = phone.post("/alone", lesson="tight")
        assert status == 200, told
        code = told["to"].split("/")[2]
        assert "Go on: Your own plan" in phone.wait_for(code, "Last month")
        assert "Go on" not in stranger.get(f"/c/{code}")
        assert stranger.post(f"/c/{code}/next", at="1:report")[0] == 422
        assert phone.post(f"/c/{code}/next", at="1:report", key="n")[0] == 200
        assert "These are my plans" in phone.wait_for(code, "overtime:line")
        sent = {"round": 1, "v:overtime:line": "7", "v:forecast:heavy": "-3", "key": "p"}
        assert phone.post(f"/c/{code}/plans", **sent)[0] == 200
        game = Game.open(app.state.room.log, code)
        assert game.state.teams["You"].together(1) == {"overtime:line": 7.0, "forecast:heavy": -3.0}
        assert game.phase().phase == "collision"
        assert "Your games" in phone.get("/alone")
        assert "Your games" not in stranger.get("/alone")
        phone_wait(phone, "This is my decision")
        assert phone.post("/alone/puzzle", letter="B", day=dt.date.today().isoformat())[0] == 200
        page = phone_wait(phone, "You chose B.")
        assert len(re.findall("class=came", page)) >= 8
        assert phone.post("/alone/puzzle", letter="C")[0] == 200
        assert "You chose B." in phone.get("/alone/puzzle")
        assert "You chose" not in stranger.get("/alone/puzzle")
        assert stranger.ask("GET", "/alone/puzzle?day=2001-01-01")[0] == 422


def phone_wait(phone, text):
    """Ask for the puzzle until it shows a text."""
    from tests.classroom.phones import until

    until(lambda: text in phone.get("/alone/puzzle"), 60)
    return phone.get("/alone/puzzle")


def test_a_puzzle_is_plain_json_in_both_languages(log, small):
    from simulator.classroom.roles import for_page

    asked = puzzle(puzzle_game(log, DAY))
    english, chinese = (json.dumps(for_page(asked, code), allow_nan=False) for code in ("en", "zh"))
    assert english != chinese
