"""The company of a class: every team's decisions in a lane of their own, all on the same luck."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from simpy import Environment

from simulator.classroom.lesson import Happening, LessonFile
from simulator.engine.books import Books
from simulator.engine.day.timetable import work_day_by_day
from simulator.engine.decided import decisions_of
from simulator.engine.firm import Firm
from simulator.engine.forking import day_of_step, fork_of, until
from simulator.engine.from_there import number_of_lanes, on_the_morning
from simulator.engine.play import books_of_firm, opening_state, play, weather_for
from simulator.engine.scenario import Scenario, load
from simulator.engine.settings_in_lanes import part_of, tiled
from simulator.engine.widening import narrowed, widen
from simulator.kernel.clock import Hour
from simulator.kernel.ledger import EVERYTHING, SCORED
from simulator.planning import Policy
from simulator.planning.decisions import MARKET_KINDS, Decision
from simulator.world.luck import Weather

History = tuple[Decision, ...]
"""All that a team has decided so far, in one order whoever typed it."""

Option = tuple[History, History]
"""What a team has decided so far, and what it would decide in this round."""

FIRST_STEP = 2
"""The step of the cycle in which the first decision of a round may enter: a class decides on the morning on which it is held."""

MONTHS_AHEAD = 3
"""Months for which the options of a meeting are simulated."""


FEWEST_AT_FIRST, SHARE_AT_FIRST = 15, 5
"""Futures that an option is simulated in at first, so that a team can look at it: a fifth of all, and no fewer than these."""

LANES_AT_ONCE = 300
"""Futures that are simulated side by side: more of them take less time each, and more memory."""


@dataclass(frozen=True)
class Morning:
    """The morning on which a round is decided: the books so far, and the recommendation of the rules, in a team's lane."""

    books: Books
    lane: int
    month: int
    day: int


@dataclass
class _Past:
    """A firm on the evening before a round is decided, a lane for each history, and the futures that are drawn from there."""

    firm: Firm
    scenario: Scenario
    weather: Weather
    lanes: dict[History, int]


class Playing:
    """The company of a lesson, with the events that came about; its answers follow from decisions alone."""

    def __init__(self, file: LessonFile, happened: Mapping[int, int] | None = None, futures: int = 100) -> None:
        self.file, self.lesson, self.futures = file, file.lesson, futures
        self.policy: Policy = file.policy()
        self.rounds = file.lesson.dated | dict(happened or {})
        self.scenario = self._as_of(None)
        self._lock = threading.RLock()
        self._weather: dict[int, tuple[Scenario, Weather]] = {}
        self.kept: dict[tuple[int, History, Any], Any] = {}  # what was worked out by round, history, and option or role
        self._decided: dict[tuple[int, tuple[tuple[str, float], ...]], History] = {}
        self.rivals: dict[str, Books] = {}  # whole runs of other policies
        self._wide: tuple[tuple[int, range, int], Weather] | None = None
        self._pasts: dict[tuple[int, History], _Past] = {}
        self._mornings: dict[tuple[int, History], Morning] = {}

    def decisions(self, round: int, values: Mapping[str, float]) -> History:
        """The decisions of a round, as the company takes them; statements are none. ScenarioError says what cannot be decided."""
        wanted = (round, tuple(sorted((key, amount) for key, amount in values.items() if is_decision(key))))
        if wanted not in self._decided:
            month, found = self.lesson.month(round), list[Decision]()
            for key, amount in wanted[1]:
                found += decisions_of(f"{key}={amount!r}", self.scenario, self.policy, month)
            self._decided[wanted] = in_order(found)
        return self._decided[wanted]

    def day(self, round: int) -> int:
        """The day on whose morning a round is decided."""
        return day_of_step(self.scenario, self.policy, self.lesson.month(round), FIRST_STEP)

    # --- the present ---

    def mornings(self, round: int, histories: Sequence[History]) -> dict[History, Morning]:
        """The morning of a round after each of these histories."""
        with self._lock:
            if any(held != round for held, _ in self._mornings):
                self._mornings, self._pasts = {}, {}
            lacking = [each for each in dict.fromkeys(histories) if (round, each) not in self._mornings]
            for group in sharing_a_run(lacking):
                past = self._past(round, group)
                going_on = on_the_morning(past.firm, self.day(round), joined(past.lanes.items()))
                with _days_of(going_on):
                    going_on.env.run(until=24 * self.day(round) + Hour.MEET + 1)
                    books = books_of_firm(going_on, past.scenario, self.policy)
                for history, lane in past.lanes.items():
                    self._pasts[round, history] = past
                    self._mornings[round, history] = Morning(books, lane, self.lesson.month(round), self.day(round))
            return {each: self._mornings[round, each] for each in histories}

    def _past(self, round: int, group: Sequence[History]) -> _Past:
        """The firm on the evening before, simulated from its start."""
        scenario, weather = self._futures(round)
        day, least = self.day(round), len(group)
        lanes = number_of_lanes(scenario, self.policy, weather, day, least)
        few = narrowed(weather, lanes, day)
        by_history = {history: k for k, history in enumerate(group)}
        firm = _begun(scenario, self.policy, few, joined(by_history.items()), EVERYTHING)
        days = work_day_by_day(firm)
        firm.env.process(days)
        firm.env.run(until=24 * day)
        return _Past(firm, scenario, weather, by_history)

    def _futures(self, round: int) -> tuple[Scenario, Weather]:
        """Possible futures from the morning of a round on; the past is that of the run that is played."""
        if round not in self._weather:
            month = self.lesson.month(round)
            scenario = until(self._as_of(round), month, min(MONTHS_AHEAD, self.scenario.days.months - month))
            fork = fork_of(scenario, self.lesson.replication, self.lesson.seed, self.day(round))
            self._weather = {round: (scenario, weather_for(scenario, fork, range(self.futures)))}
        return self._weather[round]

    # --- possible futures ---

    @property
    def at_first(self) -> int:
        """Futures that come first: all of them where they are few."""
        first = max(FEWEST_AT_FIRST, self.futures // SHARE_AT_FIRST)
        return first if self.futures >= 2 * first else self.futures

    def options(
        self, round: int, wanted: Sequence[Option], futures: range | None = None
    ) -> Iterator[tuple[Option, Books]]:
        """Each option with its books in the possible futures of its team, or in some of them, a lane each; several options in one run."""
        part = range(self.futures) if futures is None else futures
        with self._lock:
            self.mornings(round, [history for history, _ in wanted])
            for group in self._side_by_side(round, wanted, len(part)):
                yield from self._together(round, group, part)

    def _side_by_side(self, round: int, wanted: Sequence[Option], each: int) -> Iterator[list[Option]]:
        """Options that can share a run: of teams with one past and one market, and no more than fit into little memory."""
        groups: dict[tuple[int, History], list[Option]] = {}
        for history, option in dict.fromkeys(wanted):
            market = tuple(d for d in option if d.kind in MARKET_KINDS)
            groups.setdefault((id(self._pasts[round, history]), market), []).append((history, option))
        many = max(LANES_AT_ONCE // each, 1)
        yield from (group[k : k + many] for group in groups.values() for k in range(0, len(group), many))

    def _together(self, round: int, group: Sequence[Option], part: range) -> Iterator[tuple[Option, Books]]:
        """Options of one run: the past of its team in the lanes of each, and its decisions from the morning on."""
        past, each = self._pasts[round, group[0][0]], len(part)
        wide = on_the_morning(past.firm, self.day(round), ())
        widen(
            wide,
            self._repeated(past.weather, part, len(group)),
            np.repeat([past.lanes[mine] for mine, _ in group], each),
        )
        lanes = [range(k * each, (k + 1) * each) for k in range(len(group))]
        decided = joined([((*history, *option), mine) for (history, option), mine in zip(group, lanes, strict=True)])
        wide.decided = replace(wide.decided, decisions=decided, lanes=wide.lanes)
        with _days_of(wide):
            wide.env.run(until=24 * past.scenario.days.count)
            books = books_of_firm(wide, past.scenario, self.policy)
        for option, mine in zip(group, lanes, strict=True):
            yield option, _part(books, slice(mine.start, mine.stop), [*part])

    def _repeated(self, weather: Weather, part: range, times: int) -> Weather:
        """Futures side by side, once for each option."""
        wanted = (id(weather), part, times)
        if self._wide is None or self._wide[0] != wanted:
            self._wide = None  # before the next is made
            self._wide = (wanted, tiled(part_of(weather, part), len(part), times))
        return self._wide[1]

    def forget(self) -> None:
        """Let go of mornings and futures, which are large; what is asked for again is simulated again."""
        with self._lock:
            self._mornings, self._pasts, self._weather, self._wide = {}, {}, {}, None

    # --- whole runs ---

    def whole(
        self, histories: Sequence[History], replications: Sequence[int] | None = None, policy: Policy | None = None
    ) -> dict[History, Books]:
        """The whole run after each history, or of another policy, in one replication or in many: a lane for each."""
        numbers = [self.lesson.replication] if replications is None else list(replications)
        found: dict[History, Books] = {}
        for group in sharing_a_run(list(dict.fromkeys(histories))):
            width = len(numbers)
            base = weather_for(self.scenario, self.lesson.seed, numbers)
            weather = tiled(base, width, max(len(group), 2 if width == 1 else 1))
            lanes = {history: range(k * width, (k + 1) * width) for k, history in enumerate(group)}
            books = play(self.scenario, policy or self.policy, weather, SCORED, decisions=joined(lanes.items()))
            for history, mine in lanes.items():
                part = slice(mine.start, mine.stop)
                found[history] = _part(books, part, numbers)
        return found

    def _as_of(self, round: int | None) -> Scenario:
        """The company with the events that came about by a round, or with all of the game, each on its date."""
        base, begun = self.file.scenario, {k: r for k, r in self.rounds.items() if round is None or r <= round}
        words: dict[str, list[Any]] = {}
        for k in sorted(begun):
            happening = self.file.lesson.happenings[k]
            start = self._date(begun[k])
            for entry, table in happening_tables(happening).items():
                there = base.words.get(entry.split(".")[0], {})
                first = there if entry == "disruptions" else there.get(entry.split(".")[1], []) if there else []
                words.setdefault(entry, [*(first or [])]).append({**table, "start": start})
        if not words:
            return base
        own = {"experiment.months": self.lesson.months, "experiment.warm_up": self.lesson.first_month - 1}
        found = load(self.lesson.scenario, {**self.lesson.overrides, **own, **words})
        return replace(found, changes=base.changes)

    def _date(self, round: int) -> str:
        """The day after a round is decided: what begins then is known, and nothing can be done any more."""
        day = day_of_step(self.file.scenario, self.policy, self.lesson.month(round), FIRST_STEP)
        first: dt.date = self.file.scenario.days.date(day)
        return (first + dt.timedelta(days=1)).isoformat()


def _part(books: Books, lanes: slice, replications: list[int]) -> Books:
    """The books of some lanes; nothing is copied."""
    return books.each(lambda book: book[..., lanes], replications)


def is_decision(key: str) -> bool:
    """Tell if the field of a key decides something; what is only said begins with a sign of its own."""
    return not key.startswith("~")


def in_order(decisions: Sequence[Decision]) -> History:
    """Decisions in one order, however they were typed."""
    return tuple(sorted(decisions, key=lambda d: (d.taken, d.kind, d.name, d.month)))


def happening_tables(happening: Happening) -> dict[str, dict[str, Any]]:
    """The tables of an event, by the entry of the scenario that lists such."""
    tables = {"disruptions": happening.out, "market.shocks": happening.shock, "market.promotions": happening.promotion}
    return {entry: table for entry, table in tables.items() if table}


def sharing_a_run(histories: Sequence[History]) -> list[list[History]]:
    """Histories that can share a run: there is one market for all lanes, so that what is decided on it must be alike."""
    groups: dict[History, list[History]] = {}
    for history in dict.fromkeys(histories):
        groups.setdefault(tuple(d for d in history if d.kind in MARKET_KINDS), []).append(history)
    return list(groups.values())


def joined(by_lane: Iterable[tuple[History, int | range]]) -> History:
    """The decisions of all lanes, each with the lanes in which it is taken."""
    lanes: dict[Decision, list[int]] = {}
    for history, mine in by_lane:
        for decision in history:
            lanes.setdefault(decision, []).extend([mine] if isinstance(mine, int) else mine)
    own = [d if d.kind in MARKET_KINDS else replace(d, lanes=tuple(each)) for d, each in lanes.items()]
    return in_order(own)


def _begun(scenario: Scenario, policy: Policy, weather: Weather, decisions: History, keep: Any) -> Firm:
    """A firm on its first morning."""
    opening = opening_state(scenario, policy, weather)
    return Firm(
        Environment(),
        scenario.company,
        scenario.network,
        scenario.days,
        weather,
        policy,
        keep,
        None,
        opening,
        decisions,
    )


class _days_of:
    """The days of a firm that goes on, which are stopped at the end."""

    def __init__(self, firm: Firm) -> None:
        self.firm, self.days = firm, work_day_by_day(firm)

    def __enter__(self) -> None:
        self.firm.env.process(self.days)

    def __exit__(self, *_: object) -> None:
        self.days.close()
        vars(self.firm).clear()
