"""A game is its log: who joins, what is submitted when, what a commit closes, and what a trainer may do."""

import pytest

from simulator.classroom import meeting
from simulator.classroom.game import MOST_TEAMS, Game
from simulator.classroom.lesson import lesson_names, lesson_of, read_lesson
from simulator.classroom.log import RefusedError
from simulator.classroom.roles import ROLES, SEATS, for_page
from simulator.classroom.screens import board, role_view
from simulator.kernel.units import ScenarioError


def started(game):
    """Begin the first round with two players of Red."""
    ann, bob = game.join("Red", "Ann"), game.join("Red", "Bob")
    game.advance()
    return ann, bob


def test_players_take_the_first_free_seat_and_hold_its_roles(game):
    names = [game.join("Red", f"{k}").roles for k in range(5)]
    assert names == [("sales",), ("demand", "finance"), ("operations",), ("purchasing",), ()]
    with pytest.raises(RefusedError, match="full"):
        game.join("Red", "sixth")
    assert [team.missing for team in game.teams()] == [[], [*ROLES]]
    assert all(sorted(role for seat in SEATS[size] for role in seat) == sorted(ROLES) for size in SEATS)


def test_joining_twice_with_one_key_is_joining_once(game):
    assert game.join("Red", "Ann", key="phone") == game.join("Red", "Ann", key="phone")
    assert len(game.teams()[0].players) == 1


def test_an_option_has_two_hundred_futures_for_one_team_of_people(log, lesson):
    """Robots look at no card, and wait for none; a second team of people halves the futures."""
    game = Game.create(log, lesson, [("Red", 4, ""), ("One", 1, "recommend"), ("Two", 1, "random")])
    assert game.playing.futures == 200
    game.add_team("Blue", 4)
    assert game.playing.futures == 100


def test_plans_are_simulated_ahead_once_all_who_are_here_have_submitted(game, monkeypatch):
    """Before that, what no plan changes; Bob's sales are waited for until he goes."""
    asked = []
    monkeypatch.setattr(meeting, "keep_worth", lambda playing, round, options, futures: asked.append(set(options)))
    ann, bob = started(game)
    game.advance()
    game.take_roles(ann.id, ["operations"])
    game.take_roles(bob.id, ["sales"])
    game.submit(ann.id, "operations", 1, {"overtime:line": 7.0})
    assert not game.state.all_submitted("Red")
    meeting.simulate_ahead(game, ["Red"])
    assert asked.pop() == {((), ())}
    game.leave(bob.id)
    assert game.state.all_submitted("Red")
    meeting.simulate_ahead(game, ["Red"])
    assert any(decision.amount == 7.0 for _, option in asked.pop() for decision in option)


def test_the_last_submit_before_the_commit_counts_and_none_after_it(game):
    ann, bob = started(game)
    game.take_roles(ann.id, ["operations"])
    field = next(f for f in game.fields("Red") if f.key == "overtime:line")
    for share, key in ((0.5, "a"), (0.25, "b"), (0.5, "a")):  # the third is the first, sent again
        game.submit(ann.id, "operations", 1, {"overtime:line": share * field.high}, key)
    assert game.state.teams["Red"].together(1) == {"overtime:line": 0.25 * field.high}
    game.commit(bob.id, 1, "B", game.state.teams["Red"].together(1), "more hours", [], "c")
    game.commit(bob.id, 1, "B", {}, "sent again", [], "c")
    assert game.state.teams["Red"].committed[1].reason == "more hours"
    with pytest.raises(RefusedError, match="has committed this round by Bob"):
        game.submit(ann.id, "operations", 1, {}, "d")
    with pytest.raises(RefusedError, match="has committed this round by Bob"):
        game.commit(ann.id, 1, "A", {})


def test_plans_are_refused_outside_their_round(game):
    ann, _ = started(game)
    with pytest.raises(RefusedError, match="round 2 is not open for plans; the class is in round 1"):
        game.submit(ann.id, "sales", 2, {})
    for _ in range(4):
        game.advance()
    assert game.phase().phase == "days"
    with pytest.raises(RefusedError, match="round 1 is not open"):
        game.submit(ann.id, "sales", 1, {})


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"overtime:line": -1}, "overtime:line is -1; it must be 0 to"),
        ({"overtime:line": 1e9}, "it must be 0 to"),
        ({"overtime:line": float("nan")}, "it must be a number"),
        ({"overtime:line": float("inf")}, "it must be a number"),
        ({"overtime:line": True}, "it must be a number"),
        ({"overtime:line": "5"}, "it must be a number"),
        ({"overtime:moon": 5}, "there is nothing to fill in that is called 'overtime:moon'"),
        ({"forecast:heavy": 5}, "there is nothing to fill in"),  # another role's
        ({f"{k}": 1 for k in range(300)}, "at most 200 values"),
        ([1], "a plan must be a table"),
    ],
)
def test_values_are_checked_one_by_one(game, values, sentence):
    ann, _ = started(game)
    game.take_roles(ann.id, ["operations"])
    with pytest.raises(RefusedError, match=sentence):
        game.submit(ann.id, "operations", 1, values)
    assert game.state.teams["Red"].submitted == {}


def test_an_agenda_has_three_of_six_issues(game):
    ann = game.join("Red", "Ann", ["demand"])
    for _ in range(2):
        game.advance()
    wanted = {f"~agenda:{name}": 1 for name in ("parts", "cash", "hours")}
    game.submit(ann.id, "demand", 1, wanted)
    assert game.state.teams["Red"].agenda(1) == ["hours", "parts", "cash"]  # in the order of the screen
    for more in ({"~agenda:demand": 1}, {"~agenda:cash": 0.5}):
        with pytest.raises(RefusedError, match="an agenda has 3 issues at most"):
            game.submit(ann.id, "demand", 1, {**wanted, **more})


def test_a_role_that_is_not_held_submits_nothing(game):
    ann, _ = started(game)
    with pytest.raises(RefusedError, match="you do not hold the role 'operations'"):
        game.submit(ann.id, "operations", 1, {})
    with pytest.raises(RefusedError, match="join again"):
        game.submit("somebody else", "sales", 1, {})


def test_a_vetoed_option_is_not_committed_until_the_veto_is_taken_back(game):
    ann, bob = started(game)
    game.veto(bob.id, 1, "B", "too dear")
    with pytest.raises(RefusedError, match="finance has vetoed this option: too dear"):
        game.commit(ann.id, 1, "B", {})
    game.veto(bob.id, 1, "B", "")
    game.commit(ann.id, 1, "B", {})


def test_the_clock_can_be_stretched_and_stopped(game, clock):
    started(game)
    assert game.phase().left == 90
    clock[0] += 30
    game.pause()
    clock[0] += 1000
    assert (game.phase().left, game.phase().paused) == (60, True)
    game.resume()
    game.extend(15)
    clock[0] += 5
    assert game.phase().left == 70
    clock[0] += 70
    assert game.tick().phase == "plan"
    assert game.tick().phase == "plan"


def test_two_that_go_on_at_once_go_on_once(game):
    game.advance((0, "lobby"))
    game.advance((0, "lobby"))
    assert (game.phase().round, game.phase().phase) == (1, "report")


def test_a_silent_round_has_no_meeting(log, words):
    game = Game.create(log, lesson_of({**words, "silent": [1]}, "silent"), ["Red"])
    phases = [game.advance().phase for _ in range(5)]
    assert phases == ["report", "plan", "days", "review", "report"]
    assert game.phase().round == 2
    assert [game.advance().phase for _ in range(6)] == ["plan", "collision", "meeting", "days", "review", "debrief"]
    assert game.advance().phase == "debrief"


def test_a_game_reopened_from_its_log_is_where_it_was(log, game):
    ann, bob = started(game)
    game.submit(ann.id, "sales", 1, {"~expects:heavy@8": 17.0})
    game.commit(bob.id, 1, "A", {}, "as it is", [{"text": "call the mill", "owner": "purchasing", "due": 2}])
    game.action_done(bob.id, 1)
    again = Game.open(log, game.code)
    assert vars(again.state)["teams"] == vars(game.state)["teams"]
    assert again.phase() == game.phase()
    assert again.state.teams["Red"].done == {1: 1}
    assert again.is_trainer(game.pin)
    assert not again.is_trainer("")


def test_a_restarted_month_is_played_again(game):
    ann, bob = started(game)
    game.commit(bob.id, 1, "A", {})
    for _ in range(6):
        game.advance()
    assert game.phase().round == 2
    game.restart(1)
    assert (game.phase().round, game.phase().phase) == (1, "report")
    assert game.state.teams["Red"].committed == {}
    game.commit(ann.id, 1, "B", {})
    assert game.advance().phase == "plan"
    with pytest.raises(RefusedError, match="round 2 has not been played"):
        game.restart(2)


def test_names_and_teams_are_bounded(game):
    with pytest.raises(RefusedError, match="1 to 40"):
        game.join("Red", "x" * 41)
    with pytest.raises(RefusedError, match="there is a team 'Red' already"):
        game.add_team("Red")
    for k in range(MOST_TEAMS - 2):
        game.add_team(f"team {k}")
    with pytest.raises(RefusedError, match="there are 30 teams"):
        game.add_team("one more")


def test_a_view_is_plain_json_in_both_languages(game):
    started(game)
    for language in ("en", "zh"):
        view = for_page(role_view(game, "Red", "operations"), language)
        assert [field["key"] for field in view["fields"]][:2] == ["production:heavy", "production:heavy@8"] or view[
            "fields"
        ]
        assert view["autopilot"] is True
        assert for_page(board(game, "Red"), language)[0]["figures"]
    assert for_page(role_view(game, "Red", "operations"), "zh")["title"] == "生产运营"


def test_lessons_that_come_with_the_product_can_be_read():
    for name in lesson_names():
        found = read_lesson(name)
        assert found.lesson.title in found.texts("zh")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"level": 4}, "level"),
        ({"moon": 1}, "moon"),
        ({"rumours": [{"round": 1, "role": "boss", "text": "x"}]}, "boss"),
        ({"weights": {"profit": 0, "service": 0, "plan": 0, "actions": 0, "ranges": 0}}, "all 0"),
    ],
)
def test_a_wrong_lesson_is_refused_in_a_sentence(words, change, sentence):
    with pytest.raises(ScenarioError, match=sentence):
        lesson_of({**words, **change}, "wrong", "wrong.toml")


def test_an_event_that_the_trainer_lets_happen_is_told_and_comes_true(log, words):
    """It begins the day after the round is decided, and nothing before moves; one that is not kept ready is refused."""
    shock = {"title": "Boom", "news": "it booms", "role": "sales", "shock": {"factor": 3.0, "family": "heavy"}}
    game = Game.create(log, lesson_of({**words, "happenings": [shock]}, "boom"), ["Red"])
    with pytest.raises(RefusedError, match="events begin while plans are open"):
        game.inject(0)
    game.advance()
    calm = game.playing.whole([()])[()].flows["due"]
    assert "it booms" not in role_view(game, "Red", "sales").news
    game.inject(0)
    assert "it booms" in role_view(game, "Red", "sales").news
    assert "it booms" not in role_view(game, "Red", "purchasing").news
    boom, day = game.playing.whole([()])[()].flows["due"], game.playing.day(1) + 1
    assert (boom[:day] == calm[:day]).all()
    assert boom[day:].sum() > calm[day:].sum()
    with pytest.raises(RefusedError, match="no event 3"):
        game.inject(3)


def test_a_robot_team_and_a_team_of_nobody_go_on(log, lesson):
    """A robot commits when it is let; a team that commits nothing plays what was submitted, else the recommendation."""
    from simulator.classroom.robots import let_robots_play

    game = Game.create(log, lesson, [("Red", 4), ("Silo", 1, "silo")])
    ann = game.join("Red", "Ann", ["operations"])
    game.advance()
    let_robots_play(game)
    let_robots_play(game)
    assert [1 in game.state.teams[name].committed for name in ("Red", "Silo")] == [False, True]
    game.submit(ann.id, "operations", 1, {"overtime:line": 6.0})
    while game.phase().phase != "days":
        game.advance()
    assert [str(decision) for decision in game.history("Red", 2)] == ["overtime:line=6"]
