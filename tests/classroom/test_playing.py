"""Teams are lanes: each plays as if alone, a morning holds what came before it, and options go on from there."""

import numpy as np
import pytest

from simulator.classroom.fields import Prefilled
from simulator.classroom.lesson import lesson_of
from simulator.classroom.meeting import keep_worth, worth_of
from simulator.classroom.playing import Playing, in_order, sharing_a_run
from simulator.engine.play import play, weather_for

FUTURES = 41


@pytest.fixture(scope="module")
def playing():
    from tests.classroom.conftest import WORDS

    return Playing(lesson_of(dict(WORDS), "tight"), futures=FUTURES)


def tables_of(books, days=None, lane=slice(None)):
    """All books of goods until a day."""
    every = {**books.flows, **books.closing, **books.memos}
    return {name: table[:days, ..., lane] for name, table in every.items()}


def same(first, second):
    """Hold two sets of tables against each other, bit for bit."""
    for name in first.keys() & second.keys():
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)
    assert first.keys() & second.keys()


def alone(playing, history):
    """The run of one team by itself, from the first day to the last."""
    weather = weather_for(playing.scenario, playing.lesson.seed, [playing.lesson.replication] * 2)
    return play(playing.scenario, playing.policy, weather, decisions=history)


def histories(playing):
    """Three teams: the recommendation, more hours, a promotion too many."""
    hours = playing.decisions(1, {"overtime:line": 20.0, "forecast:heavy": -5.0})
    less = playing.decisions(1, {"production:turned": 10.0})
    return [(), hours, less]


def test_teams_in_one_run_play_as_each_by_itself(playing):
    found = playing.whole(histories(playing))
    for history, books in found.items():
        same(tables_of(books), tables_of(alone(playing, history), lane=slice(0, 1)))
    first, second, third = (found[h].flows["shipped"] for h in histories(playing))
    assert (first != second).any()
    assert (first != third).any()


def test_the_recommendation_is_the_policy_to_the_last_bit(playing):
    mine = playing.whole([()])[()]
    weather = weather_for(playing.scenario, playing.lesson.seed, [playing.lesson.replication] * 2)
    same(tables_of(mine), tables_of(play(playing.scenario, playing.policy, weather), lane=slice(0, 1)))


def test_a_morning_holds_the_past_of_its_team_and_not_a_day_more(playing):
    mornings = playing.mornings(2, histories(playing))
    for history, morning in mornings.items():
        lane = slice(morning.lane, morning.lane + 1)
        same(tables_of(morning.books, morning.day, lane), tables_of(alone(playing, history), morning.day, slice(0, 1)))


def test_the_recommended_figures_are_those_that_the_policy_takes(playing):
    """Prefilled on the morning, they are the plans that the whole run makes that day."""
    morning = playing.mornings(2, [()])[()]
    fields = {field.key: field.default for field in Prefilled(playing, morning).fields()}
    books, n = alone(playing, ()), playing.scenario.network
    for k, family in enumerate(n.families):
        if f"production:{family}" in fields:
            planned = books.plans.production[morning.month, 0, k, 0]
            assert fields[f"production:{family}"] == np.round(planned)
    assert any(key.startswith("production") for key in fields)


def test_deciding_the_recommended_plan_is_the_recommendation_to_half_a_unit(playing):
    """What is decided is what the plan holds, hour by hour and unit by unit."""
    morning = playing.mornings(1, [()])[()]
    fields = {f.key: f for f in Prefilled(playing, morning).fields() if f.key.startswith(("production", "overtime"))}
    history = playing.decisions(1, {key: field.default for key, field in fields.items()})
    was, now = (found.plans for found in playing.whole([(), history]).values())
    month = morning.month
    assert np.abs(was.production[month, :2] - now.production[month, :2]).max() <= 0.5
    days = playing.scenario.days.worked[month : month + 2]
    assert (np.abs(was.overtime[month, :2] - now.overtime[month, :2])[..., 0].max(axis=1) * days <= 1.0).all()


def test_options_go_on_from_the_morning_in_futures_that_part_there(playing):
    morning = playing.mornings(2, histories(playing))[histories(playing)[1]]
    mine = histories(playing)[1]
    overtime = playing.decisions(2, {"overtime:line": 40.0})
    first, second = (books for _, books in playing.options(2, [(mine, ()), (mine, overtime)]))
    for books in (first, second):
        past = tables_of(alone(playing, mine), morning.day, slice(0, 1))
        same(tables_of(books, morning.day, slice(0, 1)), past)
        same(tables_of(books, morning.day, slice(FUTURES - 1, FUTURES)), past)
        assert len(np.unique(books.flows["due"][morning.day :].sum(axis=(0, 1, 2)))) > FUTURES // 2
    same({"due": first.flows["due"]}, {"due": second.flows["due"]})
    assert (first.flows["released"] != second.flows["released"]).any()


def test_an_option_is_simulated_to_the_bits_of_a_run_from_the_start(playing):
    """The short way, by a common past that is widened, is the long way; what was decided last month for this one counts in it."""
    mine = playing.decisions(1, {"overtime:line": 20.0, "production:heavy@8": 450.0})
    overtime = playing.decisions(2, {"overtime:line": 40.0})
    ((_, short),) = playing.options(2, [(mine, overtime)])
    scenario, weather = playing._futures(2)
    same(tables_of(short), tables_of(play(scenario, playing.policy, weather, decisions=in_order([*mine, *overtime]))))


def test_options_of_teams_side_by_side_are_those_of_each_by_itself(playing):
    """Two teams with different pasts in one run, to the last bit."""
    overtime = playing.decisions(2, {"overtime:line": 40.0})
    wanted = [(mine, option) for mine in histories(playing)[:2] for option in ((), overtime)]
    together = dict(playing.options(2, wanted))
    assert len([*playing._side_by_side(2, wanted, FUTURES)]) == 1
    for option, books in together.items():
        same(tables_of(books), tables_of(dict(playing.options(2, [option]))[option]))


@pytest.mark.parametrize(("futures", "first"), [(200, 40), (100, 20), (75, 15), (50, 15), (30, 15), (29, 29), (4, 4)])
def test_a_fifth_of_the_futures_comes_first_and_no_fewer_than_fifteen(lesson, futures, first):
    """All at once where the rest would be fewer than the first."""
    assert Playing(lesson, futures=futures).at_first == first


def test_futures_in_two_parts_are_those_of_one(playing, monkeypatch):
    """Fifteen first and 26 behind them, of two teams in one run: to the last bit, and no future is simulated twice."""
    overtime = playing.decisions(2, {"overtime:line": 40.0})
    wanted = [(mine, overtime) for mine in histories(playing)[:2]]
    together, later = dict(playing.options(2, wanted)), dict(playing.options(2, wanted, range(15, FUTURES)))
    for option, books in later.items():
        assert books.replications == [*range(15, FUTURES)]
        same(tables_of(books), tables_of(together[option], lane=slice(15, FUTURES)))
    simulated, options = [], playing.options

    def counting(round, some, futures):
        simulated.append((len(some), futures))
        yield from options(round, some, futures)

    monkeypatch.setattr(playing, "options", counting)
    monkeypatch.setattr(playing, "kept", {})
    first = [worth_of(playing, 2, mine, [option], playing.at_first)[0] for mine, option in wanted]
    every = [worth_of(playing, 2, mine, [option])[0] for mine, option in wanted]
    again = [worth_of(playing, 2, mine, [option], playing.at_first)[0] for mine, option in wanted]
    assert simulated == [(1, range(15)), (1, range(15)), (1, range(15, FUTURES)), (1, range(15, FUTURES))]
    assert [each.futures for each in (*first, *every, *again)] == [15, 15, FUTURES, FUTURES, FUTURES, FUTURES]
    monkeypatch.setattr(playing, "kept", {})
    keep_worth(playing, 2, wanted)
    assert simulated[4:] == [(2, range(FUTURES))]
    assert [worth_of(playing, 2, mine, [option])[0] for mine, option in wanted] == every


def test_what_is_decided_on_the_market_has_a_run_of_its_own():
    from simulator.planning.decisions import Decision

    price, hours = Decision("price", "a", 0.1, 5, 6), Decision("overtime", "b", 4.0, 5, 5)
    assert sharing_a_run([(), (hours,), (price,), (hours, price)]) == [[(), (hours,)], [(price,), (hours, price)]]


def test_an_event_changes_nothing_before_the_morning_after_which_it_begins(words):
    shock = {"title": "Boom", "round": 2, "shock": {"factor": 3.0, "family": "heavy"}}
    calm, boom = (
        Playing(lesson_of({**words, "happenings": list(each)}, "x"), futures=FUTURES) for each in ((), (shock,))
    )
    day = calm.day(2) + 1
    mine, theirs = (next(iter(p.whole([()]).values())) for p in (calm, boom))
    same(tables_of(mine, day), tables_of(theirs, day))
    assert (mine.flows["due"][day:] != theirs.flows["due"][day:]).any()
    assert boom._futures(1)[0].company.market.shocks == ()
    assert len(boom._futures(2)[0].company.market.shocks) == 1
