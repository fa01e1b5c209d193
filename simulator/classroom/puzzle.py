"""The puzzle of a day: one morning of a company and one decision; then the truth, over what each answer was worth.

The date gives all of it, so that everybody has the same puzzle on the same day. Whoever has chosen has chosen: the first answer
stands in the log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from simulator.classroom.debrief.regret import of_a_year
from simulator.classroom.game import Game
from simulator.classroom.lesson import LessonFile, lesson_of
from simulator.classroom.log import GameLog, RefusedError
from simulator.classroom.meeting import CARD_MEASURES, SCORE_OF_PROFIT, CardOutcome, worth_of
from simulator.classroom.roles import Section
from simulator.classroom.scoring import measured
from simulator.classroom.screens import BOARD, sections_of
from simulator.classroom.state import LOBBY
from simulator.classroom.together import Together
from simulator.kernel.messages import Message, Text, listed, msg, number, percent

EVERYBODY = "everybody"
"""The one team of a puzzle, whose morning all see."""

BUSY = (17, 18, 19, 20, 21, 22)
"""Months of the run from which a puzzle is taken: from May of the second year to October, when hours and goods are scarce."""

LITTLE_TO_CHOOSE = 0.02
"""Answers that are worth the same but for this share of the range of EBIT are as good as each other."""

MOST_DAYS_BACK = 30
"""Days for which old puzzles may be solved."""

ROLE_OF = {
    "overtime": "operations", "forecast": "demand", "safety-stock": "demand",
}  # fmt: skip
"""What is asked, and the role whose figures are shown."""


@dataclass(frozen=True)
class PuzzleOption:
    """An answer: its letter, what it says, and the values that it decides."""

    letter: str
    title: Text
    values: Mapping[str, float]


@dataclass(frozen=True)
class Puzzle:
    """A question with its answers, and what could be known on that morning."""

    day: str
    month: str
    question: Text
    options: Sequence[PuzzleOption]
    sections: Sequence[Section]


@dataclass(frozen=True)
class Solved:
    """An answer after the fact: its outcomes in many futures from that morning, their mean profit, and what came."""

    option: PuzzleOption
    outcomes: Sequence[CardOutcome]
    came: Sequence[float]  # beside each outcome
    worth: float
    came_worth: float


# --- the puzzle of a day ---


def puzzle_of_day(day: dt.date) -> LessonFile:
    """The morning of a day's puzzle, as a lesson of one month; the date alone decides."""
    first = int(_luck(day, b"month").choice(BUSY))
    words: dict[str, Any] = {
        "title": "Puzzle of the day", "scenario": "appliances", "level": 3, "first_month": first, "rounds": 1, "settle": 2,
        "seed": day.toordinal(),
    }  # fmt: skip
    return lesson_of(words, f"puzzle-{day.isoformat()}")


def kind_of_day(day: dt.date) -> str:
    """The decision that is asked for: each in turn, so that no two days in a row ask the same."""
    return [*ROLE_OF][day.toordinal() % len(ROLE_OF)]


def _luck(day: dt.date, what: bytes) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(day.toordinal(), spawn_key=(crc32(b"puzzle"), crc32(what))))


def day_told(text: str, today: dt.date) -> dt.date:
    """A day that somebody asks for: today where nothing is said, and no later one."""
    if not text:
        return today
    try:
        day = dt.date.fromisoformat(text[:10]) if len(text) == 10 else None
    except ValueError:
        day = None
    first = today - dt.timedelta(days=MOST_DAYS_BACK)
    if day is None or not first <= day <= today:
        limits = msg("a day from {first} to {last}, such as {last}", first=f"{first}", last=f"{today}")
        raise RefusedError(
            msg("{key} is {value}; it must be {limits}", key="day", value=repr(text[:20]), limits=limits)
        )
    return day


def puzzle_game(log: GameLog, day: dt.date) -> Game:
    """The game of a day's puzzle on a log: the one that is there, or a new one."""
    file = puzzle_of_day(day)
    for code in log.codes():
        registered = log.game(code)
        if registered.lesson["name"] == file.name:
            return Game(log, registered)
    game = Game.create(log, file, [(EVERYBODY, 1)], alone=True)
    game.advance((0, LOBBY))
    return game


def puzzle(game: Game) -> Puzzle:
    """The question of a puzzle, its answers, and the figures of that morning."""
    day = dt.date.fromisoformat(game.file.name.removeprefix("puzzle-"))
    kind = kind_of_day(day)
    question, answers = _asked(game, kind, _luck(day, b"about"))
    options = [PuzzleOption("ABCDE"[k], title, values) for k, (title, values) in enumerate(answers)]
    plans = Together(game.morning(EVERYBODY), {})
    sections = [
        *sections_of(game, EVERYBODY, BOARD),
        Section(msg("The plan that the rules recommend"), tables=[plans.demand_table(), plans.hours_table()]),
        *sections_of(game, EVERYBODY, ROLE_OF[kind]),
    ]
    return Puzzle(day.isoformat(), game.phase().month, question, options, sections)


def _asked(game: Game, kind: str, luck: np.random.Generator) -> tuple[Message, list[tuple[Text, dict[str, float]]]]:
    """The question, and the answers from little to much, each with what it decides."""
    fields = {each.key: each for each in game.fields(EVERYBODY)}
    made = [key.split(":")[1] for key in fields if key.startswith("production:") and "@" not in key]
    name = "line" if kind == "overtime" else made[int(luck.integers(len(made)))]
    field = fields[f"{kind}:{name}"]
    usual = field.default or 0.0
    if kind == "overtime":
        most = float(np.floor(field.high or 0.0))
        amounts = [0.0, np.round(most / 3), np.round(2 * most / 3), most]
        question = msg("How many hours of overtime do you authorise at {name} this month?", name=name)
    elif kind == "forecast":
        plan = Together(game.morning(EVERYBODY), {}).agreed[:, game.playing.scenario.network.families.index(name)]
        amounts = [float(np.round(share * plan.mean(), -1)) for share in (-0.3, -0.15, 0.0, 0.15, 0.3)]
        question = msg("By how much do you correct the demand plan of {name}, in every month ahead?", name=name)
    else:
        amounts = [float(np.round(share * usual, -1)) for share in (0.0, 0.5, 1.0, 2.0, 3.0)]
        question = msg("How much safety stock of {name} do you hold?", name=name)
    answers: list[tuple[Text, dict[str, float]]] = []
    for amount in dict.fromkeys(float(each) for each in amounts):
        title = msg("{n} {unit}", n=number(amount, signed=kind == "forecast"), unit=field.unit)
        answers.append((title, {} if amount == field.default else {field.key: amount}))
    return question, answers


# --- to answer it ---


def choose(game: Game, asked: Puzzle, who: str, letter: str) -> str:
    """Choose an answer; the letter that stands is handed back, which is the first one that this person chose."""
    known = [option.letter for option in asked.options]
    if letter not in known:
        raise RefusedError(
            msg(
                "there is no option {letter}; choose one of {letters}",
                letter=repr(letter[:10]),
                letters=listed(known, ", "),
            )
        )
    return game.write_choice(who, letter)


def solved(game: Game, asked: Puzzle) -> list[Solved]:
    """All answers after the fact: what each was worth in many futures from that morning, and what came."""
    playing, options = game.playing, asked.options
    history = game.history(EVERYBODY)
    taken = [playing.decisions(1, option.values) for option in options]
    worth = [
        each for one in taken for each in worth_of(playing, 1, history, [one])
    ]  # one by one: all at once take gigabytes
    books, share = playing.whole(taken), of_a_year(playing)
    found = []
    for option, decided, each in zip(options, taken, worth, strict=True):
        truth = measured(books[decided])
        factors = {"fill_rate": 100.0, "ebit_before_absorption": share, "lowest_cash": 1.0}
        came = [truth[name] * factors[name] for name in CARD_MEASURES]
        found.append(Solved(option, each.outcomes, came, each.profit, share * truth[SCORE_OF_PROFIT]))
    playing.forget()
    return found


def judged(found: Sequence[Solved], letter: str, currency: str) -> list[Text]:
    """Say how good an answer was on what could be known, and by what came."""
    mine = next(each for each in found if each.option.letter == letter)
    best, came = max(found, key=lambda each: each.worth), max(found, key=lambda each: each.came_worth)
    worst = min(found, key=lambda each: each.worth)
    told: list[Text] = []
    ebit = best.outcomes[1]
    if best.worth - worst.worth < LITTLE_TO_CHOOSE * (ebit.high - ebit.low):
        told.append(
            msg(
                "There is little to choose: all answers are worth the same within {amount} {currency}, since the rules mend in the next "
                "months what is too much or too little in this one.",
                amount=number(best.worth - worst.worth), currency=currency,
            )
        )  # fmt: skip
    elif best is mine:
        told.append(
            msg(
                "{letter} was the best that could be known: over three months it is worth {amount} {currency} more than the worst answer, "
                "on average over all futures.",
                letter=letter, amount=number(best.worth - worst.worth), currency=currency,
            )
        )  # fmt: skip
    else:
        told.append(
            msg(
                "The best that could be known was {best}; {letter} is worth {amount} {currency} less over three months, on average over "
                "all futures.",
                best=best.option.letter, letter=letter, amount=number(best.worth - mine.worth), currency=currency,
            )
        )  # fmt: skip
    if came is mine:
        told.append(msg("By what came, {letter} was the best.", letter=letter))
    else:
        told.append(
            msg(
                "By what came, {best} would have brought {amount} {currency} more; nobody could know that.",
                best=came.option.letter, amount=number(came.came_worth - mine.came_worth), currency=currency,
            )
        )  # fmt: skip
    return told


def answer_in_words(each: Solved, currency: str) -> Message:
    """An answer after the fact, in a line: ranges and what came."""
    service, ebit = each.outcomes[0], each.outcomes[1]
    return msg(
        "{letter}, {title}: worth {worth} {currency}; served on the day {low} to {high}, came {served}; "
        "EBIT {least} to {most}, came {ebit}",
        letter=each.option.letter, title=each.option.title, worth=number(each.worth), currency=currency,
        low=percent(service.low / 100), high=percent(service.high / 100), served=percent(each.came[0] / 100),
        least=number(ebit.low), most=number(ebit.high), ebit=number(each.came[1]),
    )  # fmt: skip


def shares_of_answers(game: Game) -> dict[str, int]:
    """Number of people who chose each letter, on this log."""
    counts: dict[str, int] = {}
    for letter in game.state.chosen.values():
        counts[letter] = counts.get(letter, 0) + 1
    return counts
