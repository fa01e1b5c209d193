"""The company of a class: every team's decisions in a lane of their own, all on the same luck."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from simulator.classroom.lesson import Happening, LessonFile
from simulator.engine.books import Books
from simulator.engine.decided import decisions_of
from simulator.engine.forking import day_of_step
from simulator.engine.play import books_of_firm, opening_state, play, weather_for
from simulator.engine.scenario import Scenario, load
from simulator.kernel.clock import Hour
from simulator.kernel.ledger import EVERYTHING
from simulator.planning import Policy
from simulator.planning.decisions import Decision

History = tuple[Decision, ...]
"""All that a team has decided so far, in the order of the rounds."""

FIRST_STEP = 2
"""The step of the cycle in which the first decision of a round may enter: a class decides on the morning on which it is held."""


@dataclass(frozen=True)
class Morning:
    """The morning on which a round is decided: what is in the books, and what the rules recommend, in a team's lane."""

    books: Books
    lane: int
    month: int
    day: int


class Playing:
    """The company of a lesson, with the events that came about; its answers follow from decisions alone."""

    def __init__(self, file: LessonFile, happened: Mapping[int, int] | None = None) -> None:
        self.file, self.lesson = file, file.lesson
        self.scenario = _with_happenings(file, happened or {})
        self.policy: Policy = file.policy()
        self._lock, self._mornings = threading.RLock(), dict[tuple[int, frozenset[History]], dict[History, Morning]]()

    def decisions(self, round: int, values: Mapping[str, float]) -> History:
        """The decisions of a round, as the company takes them; statements are none. ScenarioError says what cannot be decided."""
        found: list[Decision] = []
        month = self.lesson.month(round)
        for key, amount in values.items():
            if is_decision(key):
                found += decisions_of(f"{key}={amount!r}", self.scenario, self.policy, month)
        return tuple(found)

    def day(self, round: int) -> int:
        """The day on whose morning a round is decided."""
        return day_of_step(self.scenario, self.policy, self.lesson.month(round), FIRST_STEP)

    def mornings(self, round: int, histories: Sequence[History]) -> dict[History, Morning]:
        """The morning of a round after each of these histories."""
        wanted = frozenset(histories)
        with self._lock:
            for (held, have), found in self._mornings.items():
                if held == round and wanted <= have:
                    return found
            found = {}
            for history in sorted(wanted, key=repr):
                with self._until(self.day(round), history, after=Hour.MEET) as books:
                    found[history] = Morning(books, 0, self.lesson.month(round), self.day(round))
            self._mornings = {(round, wanted): found}
            return found

    def whole(self, history: History, policy: Policy | None = None, replications: Sequence[int] | None = None) -> Books:
        """The whole run with these decisions, or of another policy with none."""
        numbers = [self.lesson.replication] * 2 if replications is None else list(replications)
        weather = weather_for(self.scenario, self.lesson.seed, numbers)
        return play(self.scenario, policy or self.policy, weather, decisions=history)

    @contextmanager
    def _until(self, day: int, history: History, after: Hour) -> Iterator[Books]:
        """The books on a day after some hour."""
        from simpy import Environment

        from simulator.engine.day.timetable import work_day_by_day
        from simulator.engine.firm import Firm

        s = self.scenario
        weather = weather_for(s, self.lesson.seed, [self.lesson.replication] * 2)
        opening, env = opening_state(s, self.policy, weather), Environment()
        firm = Firm(env, s.company, s.network, s.days, weather, self.policy, EVERYTHING, None, opening, history)
        days = work_day_by_day(firm)
        env.process(days)
        env.run(until=24 * day + after + 1)
        books = books_of_firm(firm, s, self.policy)
        days.close()
        vars(firm).clear()
        yield books


def is_decision(key: str) -> bool:
    """Tell if the field of a key decides something; what is only said begins with a sign of its own."""
    return not key.startswith("~")


def _with_happenings(file: LessonFile, happened: Mapping[int, int]) -> Scenario:
    """The company with the events of the lesson, and those that the trainer let come, on their dates."""
    base, rounds = file.scenario, {k: h.round for k, h in enumerate(file.lesson.happenings) if h.round} | dict(happened)
    if not rounds:
        return base
    words: dict[str, Any] = {
        "disruptions": list(base.words.get("disruptions", [])),
        "market.shocks": list(base.words.get("market", {}).get("shocks", [])),
        "market.promotions": list(base.words.get("market", {}).get("promotions", [])),
    }
    before = {name: len(found) for name, found in words.items()}
    for k in sorted(rounds):
        happening = file.lesson.happenings[k]
        start = _date(base, file.lesson.month(rounds[k]), happening)
        tables = {
            "disruptions": happening.out,
            "market.shocks": happening.shock,
            "market.promotions": happening.promotion,
        }
        for entry, table in tables.items():
            if table:
                words[entry].append({**table, "start": start})
    changed = {name: found for name, found in words.items() if len(found) > before[name]}
    own = {"experiment.months": file.lesson.months, "experiment.warm_up": file.lesson.first_month - 1}
    found = load(file.lesson.scenario, {**file.lesson.overrides, **own, **changed})
    return replace(found, changes=base.changes)


def _date(scenario: Scenario, month: int, happening: Happening) -> str:
    first = scenario.days.date(int(scenario.days.month_start[month]))
    return (first + dt.timedelta(days=happening.day - 1)).isoformat()
