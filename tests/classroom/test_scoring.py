"""The score by hand, part by part; a game that is scored again from its log gives the same bits."""

import datetime as dt
import json
import re
from types import SimpleNamespace

import pytest

from simulator.classroom.debrief.bias import biases, bridge_to_best
from simulator.classroom.debrief.broken import look_back
from simulator.classroom.debrief.luck import batches, luck_and_skill
from simulator.classroom.debrief.regret import ghosts, hindsight, of_a_year, regrets
from simulator.classroom.debrief.screens import debrief_of, sections_of_debrief
from simulator.classroom.debrief.workbook import game_tables
from simulator.classroom.fields import unit_of
from simulator.classroom.game import Game
from simulator.classroom.lesson import Weights
from simulator.classroom.log import GameLog
from simulator.classroom.meeting import cards, collision
from simulator.classroom.review import causes, days_of_round, review
from simulator.classroom.robots import let_robots_play
from simulator.classroom.roles import for_page
from simulator.classroom.scoring import (
    action_points,
    class_scores,
    interval_score,
    measured,
    plan_points,
    profit_points,
    range_points,
    service_points,
    total_points,
    trend,
)
from simulator.kernel.messages import speaking
from simulator.results.reading.lost import Cause, LostTo

# --- by hand ---


def test_economic_profit_lies_between_silo_and_the_best_policy():
    """Silo 200, best 600: 300 is a quarter of the way, 100 a quarter below nothing; the ends are held."""
    assert profit_points(300, 200, 600) == 25
    assert profit_points(100, 200, 600) == -25
    assert profit_points(600, 200, 600) == 100
    assert profit_points(700, 200, 600) == 125
    assert profit_points(2_000, 200, 600) == 150
    assert profit_points(-2_000, 200, 600) == -100
    assert profit_points(-300, -400, -200) == 50


def test_where_no_policy_is_better_than_the_silo_there_is_no_scale():
    assert profit_points(300, 300, 300) == 100
    assert profit_points(299, 300, 300) == -100


def test_service_earns_from_twenty_points_below_the_contract():
    """Target 95 %: 75 % earns nothing, 85 % half, 95 % and more all."""
    assert [service_points(fill, 0.95) for fill in (0.70, 0.75, 0.85, 0.95, 0.99)] == pytest.approx(
        [0, 0, 50, 100, 100]
    )


def test_a_plan_is_kept_by_the_share_of_it_that_was_made():
    assert plan_points(0.83) == pytest.approx(83)
    assert plan_points(-0.2) == 0
    assert plan_points(float("nan")) is None


def test_actions_count_when_they_are_due():
    """Of four, one is not due; of the other three one is done in time."""
    assert action_points(["done", "late", "dropped", "open"]) == pytest.approx(100 / 3)
    assert action_points(["open"]) is None
    assert action_points([]) is None


def test_a_range_costs_its_width_and_ten_times_what_it_was_missed_by():
    """Winkler for four ranges of five: 80 to 120 is 40 wide; at 125 it was missed by 5, which costs 50 more."""
    assert interval_score(80, 120, 100) == 40
    assert interval_score(80, 120, 125) == 90
    assert interval_score(80, 120, 79) == 50


def test_ranges_are_held_against_those_recommended():
    """30 against 90 of the recommended: 90 / 120; as good is 50."""
    assert range_points([10, 20], [40, 50]) == 75
    assert range_points([90], [90]) == 50
    assert range_points([], []) is None


def test_the_total_is_the_weighted_mean_of_the_parts_that_there_are():
    """Usual weights 50, 25, 10, 7.5, 7.5: (50x40 + 25x80 + 10x90) / 85 without actions and ranges."""
    parts = {"profit": 40.0, "service": 80.0, "plan": 90.0, "actions": None, "ranges": None}
    assert total_points(parts, Weights()) == pytest.approx(4_900 / 85)
    every = {"profit": 40.0, "service": 80.0, "plan": 90.0, "actions": 100.0, "ranges": 50.0}
    assert total_points(every, Weights()) == pytest.approx((2_000 + 2_000 + 900 + 750 + 375) / 100)
    only_service = Weights(profit=0, service=1, plan=0, actions=0, ranges=0)
    assert total_points(every, only_service) == 80


# --- a whole game ---


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A game of four teams that is over: people, and three robots."""
    from simulator.classroom.lesson import lesson_of
    from tests.classroom.conftest import WORDS

    log = GameLog(tmp_path_factory.mktemp("log") / "games.db")
    teams = [("Red", 4), ("Rob", 4, "recommend"), ("Dice", 1, "random"), ("Silo", 3, "silo")]
    game = Game.create(log, lesson_of({**WORDS, "level": 2}, "tight"), teams)
    ann = game.join("Red", "Ann", ["operations", "demand", "sales"])
    seen = {}
    for round in (1, 2):
        while game.phase().phase != "meeting":
            game.advance()
        let_robots_play(game)
        hours = next(field for field in game.fields("Red") if field.key == "overtime:line")
        month = game.lesson.month(round)
        game.submit(ann.id, "operations", round, {"overtime:line": round * 10.0 if hours.high >= 20 else hours.high})
        game.submit(ann.id, "demand", round, {"forecast:heavy": -3.0})
        game.submit(ann.id, "sales", round, {f"~expects:heavy@{month + 2}": 77.0})
        ends = f"@{month + 1}"
        seen["expects"] = {f.about: f.default for f in game.fields("Red") if f.role == "sales" and f.key.endswith(ends)}
        seen["collision"], seen["cards"] = collision(game, "Red"), cards(game, "Red")
        told = [{"text": "staff the line", "owner": "operations", "due": 2, "field": "overtime:line"}]
        told += [{"text": "call the mill", "owner": "purchasing", "due": 2}] if round == 1 else []
        game.commit(ann.id, round, "B", seen["cards"][1].values, "hours", told)
        while game.phase().phase != "review":
            game.advance()
        seen["review"], seen["days"] = review(game, "Red"), days_of_round(game, "Red")
    game.advance()
    yield game, seen
    log.close()


def test_a_robot_that_plays_the_recommendation_scores_as_the_policy_does(played):
    by_name = {score.name: score for score in class_scores(played[0])}
    assert by_name["Rob"].measures == by_name["sop"].measures
    for part in ("profit", "service", "plan", "ranges"):
        assert by_name["Rob"].parts[part] == by_name["sop"].parts[part]


def test_a_game_scored_again_from_its_log_gives_the_same_bits(played):
    game, _ = played
    again = Game.open(GameLog(game.log.path), game.code)
    assert class_scores(again) == class_scores(game)


def test_a_trend_in_the_game_knows_nothing_of_what_comes(played):
    """The score after the first round is the same whatever is decided, and comes, later."""
    game, _ = played
    after_first = {score.name: score for score in class_scores(game, 1)}
    first, _ = trend(game, "Red")
    assert first.total == after_first["Red"].total
    mine = game.history("Red", 2)
    books, month = game.playing.whole([mine])[mine], game.lesson.month(1) + 1
    for book in (*books.flows.values(), *books.closing.values()):
        book[game.playing.scenario.days.month_start[month] :] = 0.0
    assert measured(books, month) == after_first["Red"].measures


def test_the_parts_of_a_score_are_its_measures_by_hand(played):
    by_name = {score.name: score for score in class_scores(played[0])}
    red = by_name["Red"]
    profits = {name: score.measures["economic_profit"] for name, score in by_name.items() if score.is_policy}
    assert red.parts["profit"] == profit_points(
        red.measures["economic_profit"], profits["siloed"], max(profits.values())
    )
    assert red.parts["actions"] == pytest.approx(100 * 2 / 3)  # staffed twice; nobody called the mill
    assert by_name["Rob"].parts["actions"] is None
    assert by_name["Rob"].parts["ranges"] == 50


def test_the_collision_screen_shows_four_plans(played):
    titles = [str(section.title) for section in played[1]["collision"]]
    assert titles == ["Demand", "Hours", "Parts", "Cash"]
    demand = played[1]["collision"][0].tables[0]
    said = [cells for title, cells in demand.rows if str(title).startswith("heavy, ")]
    assert said[1][0].value == 77.0  # of the next month, as sales expect it
    assert said[1][0].red == (abs(77.0 - said[1][1].value) > 0.1 * said[1][1].value)


def test_cards_tell_three_options_with_ranges(played):
    found = played[1]["cards"]
    assert [card.letter for card in found] == ["A", "B", "C"]
    assert found[0].values == {}
    assert found[1].values == {"overtime:line": found[1].values["overtime:line"], "forecast:heavy": -3.0}
    assert found[2].values == {"forecast:heavy": -3.0}
    for card in found:
        assert [outcome.measure for outcome in card.outcomes] == ["fill_rate", "ebit_before_absorption", "lowest_cash"]
        assert all(outcome.low <= outcome.middle <= outcome.high for outcome in card.outcomes)
    assert found[0].outcomes != found[1].outcomes


def test_the_review_accounts_for_actions_and_days(played):
    game, seen = played
    titles = [str(section.title) for section in seen["review"]]
    assert titles == ["Last month", "Not served, and why", "Expected and come", "Actions"]
    rows = seen["review"][2].tables[0].rows
    assert {family: cells[0].value for family, cells in rows} == seen["expects"]  # sales left this month's alone
    assert all(cells[3].value == cells[2].value - cells[0].value for _, cells in rows)
    days = seen["days"]
    assert len(days["demand"]) == len(days["days"]) == len(days["stock"])
    month = game.lesson.month(2)
    books = next(iter(game.playing.whole([game.history("Red", 3)]).values()))
    first, end = game.playing.scenario.days.month_start[[month, month + 1]]
    due = books.flows["due"][first:end, ..., 0].sum()
    assert sum(map(sum, days["demand"])) == pytest.approx(due)


def test_a_ghost_is_the_game_without_one_decision(played):
    """Together with what is left, a decision's worth is the difference of two runs in the same luck."""
    game, _ = played
    found = ghosts(game, "Red")
    assert {(g.round, g.what) for g in found if not g.whole} == {
        (1, "overtime:line=10"), (1, "forecast:heavy=-3"), (2, "overtime:line=20"), (2, "forecast:heavy=-3"),
    }  # fmt: skip
    assert ghosts(game, "Rob") == []
    assert any(g.profit for g in found)


def test_a_ghost_of_a_round_is_the_game_without_all_that_was_decided_in_it(played):
    """What round 2 brought is the game as played less that with round 1 alone, in money and in points."""
    game, _ = played
    (mine,) = (g for g in ghosts(game, "Red") if g.whole and g.round == 2)
    assert sorted(mine.what.split(" + ")) == ["forecast:heavy=-3", "overtime:line=20"]
    histories = [game.history("Red", 3), game.history("Red", 2)]
    found = [measured(game.playing.whole(histories)[each]) for each in histories]
    assert mine.service == found[0]["fill_rate"] - found[1]["fill_rate"]
    assert mine.profit == of_a_year(game.playing) * (found[0]["economic_profit"] - found[1]["economic_profit"])


def test_luck_is_a_dot_over_a_box(played):
    found = {luck.name: luck for luck in luck_and_skill(played[0], 12)}
    for luck in found.values():
        assert list(luck.box) == sorted(luck.box)
        assert 0 <= luck.quantile <= 1
        assert luck.lucks == 12
    assert found["Rob"] == type(found["Rob"])(**{**vars(found["sop"]), "name": "Rob", "is_policy": False})
    assert found["siloed"].against_silo == 0


def test_regret_is_never_below_nothing_and_nothing_for_the_recommendation(played):
    assert all(each.regret >= 0 for each in regrets(played[0], "Red"))
    assert [each.regret for each in regrets(played[0], "Rob")] == [0.0, 0.0]


def test_hindsight_is_the_best_of_the_same_options_by_what_came(played):
    """Taken back one round at a time, in the team's own luck; the recommendation of the robot has no other option."""
    game, _ = played
    found = [*hindsight(game, "Red")]
    assert [each.round for each in found] == [1, 2]
    assert all(each.regret >= 0 for each in found)
    mine = game.history("Red", 3)
    second = tuple(d for d in mine if d.taken == game.lesson.month(1))  # as recommended in round 2
    ghost, own = (measured(game.playing.whole([each])[each])["economic_profit"] for each in (second, mine))
    days = game.playing.scenario.days.month_start
    share = (days[game.lesson.months] - days[game.lesson.first_month - 1]) / 365.25
    assert found[1].regret == pytest.approx(max(0.0, share * (ghost - own)))
    assert [each.regret for each in hindsight(game, "Rob")] == [0.0, 0.0]


def test_other_lucks_come_in_batches_that_leave_out_the_one_that_was_played(played):
    found = batches(played[0], 100)
    assert sorted(k for batch in found for k in batch) == [*range(1, 101)]
    assert len(found[0]) <= len(found[1])


# --- where plans broke ---


@pytest.fixture(scope="module")
def again(played):
    """The rounds of all teams, played again."""
    return look_back(played[0])


def test_a_broken_plan_is_told_with_its_largest_cause(played, again):
    _, seen = played
    breaks = again["Red"].breaks
    assert [each.round for each in breaks] == [1, 2]
    told = next(section for section in seen["review"] if str(section.title) == "Not served, and why")
    assert str(breaks[1].cause or "All that was due was served on the day.") == str(told.sentences[0])


def test_what_no_picture_showed_was_not_seen(played, again, monkeypatch):
    """The same red cells, with the pictures shown and in silence."""
    game, _ = played
    shown = [each for team in again.values() for each in team.breaks]
    assert game.state.showed == {1, 2}
    assert any(each.seen for each in shown)
    assert not any(each.unseen for each in shown)
    monkeypatch.setattr(game.state, "showed", set())
    silent = [each for team in look_back(game).values() for each in team.breaks]
    assert [each.unseen for each in silent] == [each.seen for each in shown]
    assert not any(each.seen for each in silent)


def test_private_plans_stand_beside_the_agreed_one(again):
    found = again["Red"].private
    sales = [each for each in found if each.role == "sales"]
    assert [(each.round, each.about, each.submitted) for each in sales] == [(1, "heavy", 77.0), (2, "heavy", 77.0)]
    assert sales[0].agreed == pytest.approx(sales[0].recommended - 3, abs=0.5)  # the demand plan less three
    hours = next(each for each in found if each.role == "operations")
    assert hours.submitted == hours.agreed == 10.0


def test_the_debrief_of_a_team_is_plain_json_in_both_languages(played, again):
    game, _ = played
    found = sections_of_debrief(debrief_of(game, "Red", again), "EUR")
    assert len(found) == 6
    for language in ("en", "zh"):
        assert json.dumps(for_page(found, language), allow_nan=False)


def test_the_bridge_to_the_best_policy_adds_up(played):
    game, _ = played
    by_name = {score.name: score for score in class_scores(game)}
    best = max((s for s in by_name.values() if s.is_policy), key=lambda s: s.measures["economic_profit"])
    books = [
        game.playing.whole([game.history("Red", 3)])[game.history("Red", 3)],
        game.playing.whole([()], policy=game.file.policy(best.name))[()],
    ]
    from simulator.results.kpis import values

    days = game.playing.scenario.days.month_start
    share = (days[game.lesson.months] - days[game.lesson.first_month - 1]) / 365.25
    own, theirs = (values(found, ["ebit"])[1][0, 0] * share for found in books)
    assert sum(amount for _, amount in bridge_to_best(game, "Red")) == pytest.approx(theirs - own)


def test_a_role_is_biased_by_the_sum_of_its_errors(played):
    found = {bias.role: bias for bias in biases(played[0], "Red")}
    assert set(found) == {"sales", "demand", "operations"}
    assert all(bias.error >= abs(bias.bias) for bias in found.values())


def test_a_workbook_holds_everything(played, again):
    found = game_tables(played[0])
    assert set(found) == {"scores", "plans", "commitments", "actions", "log"}
    entries = played[0].log.entries(played[0].code)
    assert len(found["log"]) == len(entries)
    assert dt.datetime.fromisoformat(found["log"]["written at"][0]).timestamp() == int(entries[0].at)
    assert set(found["scores"]["name"]) >= {"Red", "Rob", "siloed", "sop-optimised"}
    more = game_tables(played[0], luck_and_skill(played[0], 3), [debrief_of(played[0], "Red", again)])
    assert set(more) - set(found) == {
        "luck", "visible then", "hindsight", "without one decision", "where it broke", "private and agreed", "bias", "bridge",
    }  # fmt: skip
    assert list(more["luck"]["other lucks"]) == [3] * 6


def test_a_workbook_in_chinese_has_no_english_head(played, again):
    """But for the currency, and what programs call things by."""
    debrief = debrief_of(played[0], "Red", again)
    with speaking("zh"):
        found = game_tables(played[0], luck_and_skill(played[0], 2), [debrief])
        heads = [head for table in found.values() for head in table.columns]
        english = [word for head in [*found, *heads] for word in re.findall("[A-Za-z]+", head)]
        assert set(english) == {"EUR"}
        assert list(found["计划"].columns) == ["团队", "轮次", "角色", "内容", "数值", "字段（程序用名）"]
        assert "此后三个月错失，EUR" in found["当时可见"]
        assert "计分月份错失，EUR" in found["事后来看"]


def test_less_than_half_a_unit_is_not_told_as_missing():
    lost = [LostTo(Cause.HOURS, "line", 0.0, 0.49), LostTo(Cause.DEMAND, "", 0.0, 7.4)]
    assert [*map(str, causes(SimpleNamespace(lost_to=lost)))] == [
        "7 units were not served on the day since customers wanted more than planned."
    ]


def test_money_is_decided_in_the_money_of_the_company():
    assert str(unit_of("purchases", "CHF")) == "CHF a month"
    assert str(unit_of("overtime", "CHF")) == "hours"
