"""Time of a play by step of the day and of the month: `python -m benchmarks profile`.

Steps are those of the timetable and of the monthly cycle; below each stand the engine's functions that take most of it, each without those
that it calls. Timing costs a little itself, so that shares say more than milliseconds.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import isfunction, isgeneratorfunction
from time import process_time
from typing import Any

import simulator.engine
from benchmarks.ours import SEED
from simulator import load
from simulator.engine.day import meet, timetable
from simulator.engine.play import play, weather_for
from simulator.kernel.ledger import SCORED
from simulator.results.kpis import MAIN, values

PARTS_IN = ("day", "month", "departments", "money")
"""Folders of the engine whose functions are told apart within a step."""

BETWEEN = "the calendar, the opening, between steps"


class Clock:
    """Processor time by step and function, each without what is told apart inside it."""

    def __init__(self) -> None:
        self.spent: dict[tuple[str, str], float] = {}
        self.calls: dict[tuple[str, str], int] = {}
        self._inside: list[tuple[str, str]] = []
        self._since = process_time()

    def _turn(self) -> None:
        now = process_time()
        if self._inside:
            here = self._inside[-1]
            self.spent[here] = self.spent.get(here, 0.0) + now - self._since
        self._since = now

    @contextmanager
    def at(self, step: str = "", part: str = "itself") -> Iterator[None]:
        """Spend time on a step, or on a part of the step that is under way."""
        self._turn()
        here = (step or self._inside[-1][0], part)
        self._inside.append(here)
        self.calls[here] = self.calls.get(here, 0) + 1
        try:
            yield
        finally:
            self._turn()
            self._inside.pop()

    def timed(self, work: Callable[..., Any], step: str = "", part: str = "itself") -> Callable[..., Any]:
        """Wrap a function so that it is timed."""

        @wraps(work)
        def measured(*given: Any, **named: Any) -> Any:
            with self.at(step, part):
                return work(*given, **named)

        return measured

    def steps(self) -> list[tuple[str, float]]:
        """Steps with all that is inside them, the longest first."""
        whole: dict[str, float] = {}
        for (step, _), seconds in self.spent.items():
            whole[step] = whole.get(step, 0.0) + seconds
        return sorted(whole.items(), key=lambda each: -each[1])


@contextmanager
def instead(changes: list[tuple[Any, str, Any]]) -> Iterator[None]:
    """Let names of modules stand for something else for a while."""
    before = [(module, name, getattr(module, name)) for module, name, _ in changes]
    for module, name, value in changes:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def timed_steps(clock: Clock) -> list[tuple[Any, str, Any]]:
    """The steps of the day, named by their hour, and those of the month, each timed."""
    rows = timetable.timetable

    def timed_timetable(firm: Any) -> list[tuple[Any, Callable[[], None]]]:
        return [(hour, clock.timed(work, f"{hour:>2} {hour.name}")) for hour, work in rows(firm)]

    cycle = tuple(
        clock.timed(step, f"month, step {number}: {step.__name__}")
        for number, step in enumerate(meet.CYCLE_STEPS, start=1)
    )
    return [(timetable, "timetable", timed_timetable), (meet, "CYCLE_STEPS", cycle)]


def timed_parts(clock: Clock) -> list[tuple[Any, str, Any]]:
    """The functions of all steps, timed wherever another module has taken them in."""
    modules = [
        importlib.import_module(each.name)
        for each in pkgutil.walk_packages(simulator.engine.__path__, "simulator.engine.")
    ]
    changes = []
    for module in modules:
        if module.__name__.split(".")[2] not in PARTS_IN:
            continue
        for work in [each for each in vars(module).values() if isfunction(each) and each.__module__ == module.__name__]:
            if isgeneratorfunction(work) or work.__name__.startswith("_") or module is timetable:
                continue
            measured = clock.timed(work, part=f"{work.__name__} ({module.__name__.rpartition('.')[2]}.py)")
            changes += [
                (user, name, measured) for user in modules for name, value in vars(user).items() if value is work
            ]
    return changes


def profile(company: str, policy: str, lanes: int, least: float = 0.01) -> Iterator[tuple[str, str, str, str]]:
    """Rows of a table: step or part, share of the play, milliseconds, calls; drawing and measures beside."""
    scenario = load(company)
    play(scenario, scenario.policy(policy), weather_for(scenario, SEED, [0, 1]), SCORED)  # all is loaded
    clock, beside = Clock(), Clock()
    with beside.at("drawing"):
        weather = weather_for(scenario, SEED, range(lanes))
    with instead(timed_parts(clock)), instead(timed_steps(clock)), clock.at(BETWEEN):
        books = play(scenario, scenario.policy(policy), weather, SCORED)
    with beside.at("main measures"):
        values(books, MAIN, "total")
    played = sum(clock.spent.values())
    yield "a play", "100.0 %", f"{played * 1e3:.0f}", ""
    for step, seconds in clock.steps():
        yield step, f"{100 * seconds / played:.1f} %", f"{seconds * 1e3:.0f}", ""
        for (of, part), own in sorted(clock.spent.items(), key=lambda each: -each[1]):
            if of == step and own >= least * played and own < seconds:
                yield f"    {part}", f"{100 * own / played:.1f} %", f"{own * 1e3:.0f}", f"{clock.calls[of, part]:,}"
    for step, seconds in beside.steps():
        yield f"beside it: {step}", f"{100 * seconds / played:.1f} %", f"{seconds * 1e3:.0f}", ""
