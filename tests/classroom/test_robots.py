"""Robots see what a person sees, and a role sees nothing that it may not know."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from dashboard.classroom.markdown import as_page
from simulator.classroom import playing as playing_module
from simulator.classroom.game import ROBOTS, Game
from simulator.classroom.lesson import as_words, guide_of, lesson_names, lesson_of, read_lesson
from simulator.classroom.log import GameLog
from simulator.classroom.playing import Playing, in_order
from simulator.classroom.robots import PLAYERS, fields_seen, luck_of, play, visible
from simulator.classroom.roles import ROLES, for_page
from simulator.classroom.scoring import class_scores, measured
from simulator.classroom.screens import role_view
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.world.luck import Fork


def screens(log, lesson, round=1):
    """All that the roles of a team see in a round, as JSON."""
    game = Game.create(log, lesson, [("Red", 4)])
    while (game.phase().round, game.phase().phase) != (round, "plan"):
        game.advance()
    return {role: json.dumps(for_page(role_view(game, "Red", role))) for role in ROLES}


@pytest.mark.parametrize("round", [1, 2])
def test_what_comes_moves_nothing_on_any_screen(log, lesson, monkeypatch, round):
    """Other luck from the morning on: every screen is the same to the last sign."""
    was = screens(log, lesson, round)
    forked = playing_module.fork_of

    def other(*arguments):
        found = forked(*arguments)
        return replace(found, anew=found.anew + 1)

    monkeypatch.setattr(playing_module, "fork_of", other)
    assert isinstance(other(lesson.scenario, 0, 5, 40), Fork)
    assert screens(log, lesson, round) == was


def test_the_future_that_is_tampered_with_would_be_seen_later(lesson, monkeypatch):
    """The other luck is another: it moves the futures themselves."""
    forked = playing_module.fork_of
    first = playing_module.Playing(lesson, futures=41)._futures(1)[1]
    monkeypatch.setattr(playing_module, "fork_of", lambda *a: replace(forked(*a), anew=7))
    second = playing_module.Playing(lesson, futures=41)._futures(1)[1]
    day = playing_module.Playing(lesson).day(1)
    np.testing.assert_array_equal(first.signed[:day], second.signed[:day])
    assert (first.signed[day:] != second.signed[day:]).any()


def test_news_of_one_role_moves_nothing_on_the_screens_of_others(log, words):
    told = {"round": 1, "role": "purchasing", "text": "the mill closes", "true": False}
    happening = {"title": "Boom", "round": 1, "role": "sales", "news": "it booms", "shock": {"factor": 1.0}}
    was = screens(log, lesson_of(words, "calm"))
    now = screens(log, lesson_of({**words, "rumours": [told], "happenings": [happening]}, "loud"))
    assert {role for role in ROLES if was[role] != now[role]} == {"purchasing", "sales"}
    assert "the mill closes" in now["purchasing"]
    assert "false" not in now["purchasing"].partition("the mill closes")[0][-40:]


def test_plans_of_other_roles_move_nothing_on_a_role_s_screen(game):
    ann = game.join("Red", "Ann", ["operations"])
    game.advance()
    was = {role: json.dumps(for_page(role_view(game, "Red", role))) for role in ROLES}
    game.submit(ann.id, "operations", 1, {"overtime:line": 5.0})
    now = {role: json.dumps(for_page(role_view(game, "Red", role))) for role in ROLES}
    assert {role for role in ROLES if was[role] != now[role]} == {"operations"}


def test_each_role_has_figures_of_its_own(game):
    game.advance()
    titles = {role: [str(section.title) for section in role_view(game, "Red", role).sections] for role in ROLES}
    assert "Load of the works" in titles["operations"]
    assert "Parts on their way" in titles["purchasing"]
    assert "Cash" in titles["finance"]
    assert "How good the forecasts were" in titles["demand"]
    assert not {"Load of the works", "Cash"} & set(titles["sales"])


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_robot_answers_within_the_limits_of_what_it_sees(game, robot):
    game.advance()
    seen = visible(game, "Red")
    values = PLAYERS[robot](seen, luck_of(game, "Red", 1))["values"]
    known = {field["key"]: field for field in fields_seen(seen)}
    assert json.loads(json.dumps(seen)) == seen
    for key, value in values.items():
        assert (known[key]["low"] is None) or value >= known[key]["low"]
        assert (known[key]["high"] is None) or value <= known[key]["high"]
    assert bool(values) == (robot != "recommend")


def test_a_robot_plays_a_lesson_to_its_end(tmp_path, lesson):
    game = play(lesson, "recommend", path=tmp_path / "games.db")
    assert game.phase().phase == "debrief"
    by_name = {score.name: score for score in class_scores(game)}
    assert by_name["recommend"].measures == by_name["sop"].measures
    again = Game.open(GameLog(tmp_path / "games.db"), game.code)
    assert class_scores(again) == class_scores(game)


def test_a_program_plays_line_by_line(tmp_path, words):
    """Each round comes as a line of JSON, and each answer is one."""
    told = []

    def program(seen):
        told.append(seen["round"])
        return {"values": {"overtime:line": 7.0}, "reason": "by the program"}

    game = play(lesson_of(words, "tight"), program)
    assert told == [1, 2]
    assert [c.values for c in game.state.teams["program"].committed.values()] == [{"overtime:line": 7.0}] * 2


def test_the_command_lists_plays_and_guides(tmp_path):
    """Lessons, a guide in two languages, and refusals in one sentence."""
    listed = CliRunner().invoke(main, ["play"])
    assert listed.exit_code == 0
    assert "siloed-against-sop: Siloed against S&OP" in listed.stdout
    assert "各自为政" in CliRunner().invoke(main, ["--language", "zh", "play"]).stdout
    assert CliRunner().invoke(main, ["play", "cash", "--guide"]).stdout.startswith("# Cash: the trainer's guide")
    for words, sentence in (
        (["play", "cash"], "nobody plays"),
        (["play", "moon", "--robot", "silo"], "there is no lesson 'moon'"),
        (["play", "cash", "--robot", "boss"], "there is no robot 'boss'"),
    ):
        answer = CliRunner().invoke(main, words)
        assert answer.exit_code == 2
        assert sentence in answer.stderr


def test_the_command_answers_in_json():
    answer = CliRunner().invoke(main, ["play", "first-month", "--json"], input='{"values": {"overtime:line": 0}}\n')
    assert answer.exit_code == 0, answer.output
    first, last = (json.loads(line) for line in answer.stdout.splitlines())
    assert set(first["seen"]["roles"]) == set(ROLES)
    assert {score["name"] for score in last["scores"]} >= {"program", "siloed", "sop"}
    wrong = CliRunner().invoke(main, ["play", "first-month", "--json"], input="not json\n")
    assert (wrong.exit_code, "one line of JSON" in wrong.stderr) == (2, True)


def test_every_lesson_has_a_guide_in_both_languages():
    assert len(lesson_names()) == 6
    for name in lesson_names():
        english, chinese = guide_of(name), guide_of(name, "zh")
        assert english != chinese
        assert read_lesson(name).lesson.title in english
        for guide, own, every in (
            (english, "Questions of this lesson", "Press R last"),
            (chinese, "本课的问题", "最后按 R"),
        ):
            assert own in guide
            assert every in guide
            assert "*" not in as_page(guide)
    with pytest.raises(ScenarioError, match="no guide"):
        guide_of("moon")


def test_the_fire_of_the_long_lesson_costs_and_express_in_time_brings_back_half():
    """An event that does nothing teaches the wrong thing; one that nothing can be done about teaches nothing."""
    lesson = read_lesson("siloed-against-sop")
    quiet = lesson_of({**as_words(lesson), "events": False}, "quiet")
    fire = Playing(lesson)
    early, late = (in_order(fire.decisions(round, {"expedite:ec-motor": 1000.0})) for round in (2, 3))
    earned = {key: measured(books)["economic_profit"] for key, books in fire.whole([(), early, late]).items()}
    lost = measured(Playing(quiet).whole([()])[()])["economic_profit"] - earned[()]
    assert lost > 100_000
    assert earned[early] - earned[()] == pytest.approx(0, abs=0.1 * lost)  # nothing leaves the works
    assert 0.5 * lost < earned[late] - earned[()] < lost
