"""A class of thirty teams: the cards of their meetings, their months, and every log in other lucks for the debrief."""

from collections.abc import Callable, Sequence
from time import process_time
from typing import Any

from benchmarks.targets import Today
from dashboard.classroom.work import TEAMS_AT_ONCE
from simulator.classroom.game import futures_for
from simulator.classroom.lesson import as_words, lesson_of, read_lesson
from simulator.classroom.meeting import SCORE_OF_PROFIT, keep_worth
from simulator.classroom.playing import History, Option, Playing
from simulator.results.kpis import values

TEAMS, ROUND, LUCKS, LUCKS_AT_ONCE = 30, 2, 200, 7
LESSON = "siloed-against-sop"


def seconds(work: Callable[[], Any]) -> float:
    """Processor seconds of some work."""
    began = process_time()
    work()
    return process_time() - began


def class_of_thirty(**changes: Any) -> tuple[Playing, list[History]]:
    """A class whose teams have decided different hours of overtime in the first round."""
    file = lesson_of({**as_words(read_lesson(LESSON)), **changes}, LESSON)
    playing = Playing(file, futures=futures_for(TEAMS))
    return playing, [hours(playing, 1, 0.1 * (team + 1)) for team in range(TEAMS)]


def hours(playing: Playing, round: int, amount: float) -> History:
    """Overtime on the first resource, decided in a round."""
    return playing.decisions(round, {f"overtime:{playing.scenario.network.resources[0]}": amount})


def cards_of_all() -> Today:
    """Simulate three options of each team, in the futures that come first and in all."""
    playing, teams = class_of_thirty()
    options: list[Option] = [(team, hours(playing, ROUND, 0.5 * k) if k else ()) for team in teams for k in range(3)]
    mornings = seconds(lambda: playing.mornings(ROUND, teams))

    def simulate(some: Sequence[Option], futures: int) -> None:
        size = 3 * TEAMS_AT_ONCE
        for k in range(0, len(some), size):
            keep_worth(playing, ROUND, some[k : k + size], futures)

    first = seconds(lambda: simulate(options, playing.at_first))
    every = first + seconds(lambda: simulate(options, playing.futures))
    told = f"{playing.at_first} futures {first:.1f} s, {playing.futures} {every:.1f} s of a processor"
    return Today(f"{told}, after mornings of {mornings:.1f} s", first / 3)


def months_of_all() -> Today:
    """Play thirty-six months of all teams."""
    playing, teams = class_of_thirty(first_month=30)
    spent = seconds(lambda: playing.whole(teams))
    return Today(f"{playing.scenario.days.months} months {spent:.1f} s of a processor", spent / 2)


def other_lucks() -> Today:
    """Replay all logs in a few other lucks, and reckon what two hundred take."""
    playing, teams = class_of_thirty()

    def replay() -> None:
        for books in playing.whole(teams, range(1, LUCKS_AT_ONCE + 1)).values():
            values(books, [SCORE_OF_PROFIT])

    spent = seconds(replay)
    return Today(f"{LUCKS_AT_ONCE} lucks {spent:.0f} s of a processor, {LUCKS} {spent * LUCKS / LUCKS_AT_ONCE:.0f} s")
