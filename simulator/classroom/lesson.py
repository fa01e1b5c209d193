"""A lesson: the company that a class runs, for how many months, by which clock, and what happens on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import model_validator

from simulator.company.files import PLACES, read_toml
from simulator.company.names import Names, refuse_unknown
from simulator.engine.scenario import Scenario, load
from simulator.engine.validation import validated
from simulator.kernel.messages import msg
from simulator.kernel.units import Record, ScenarioError, in_file, nearest, quantity
from simulator.planning import Policy

ONE_SITTING = (1, 2, 2, 2, 2)
"""Working days of the five steps: sales report on the first, and a class decides all the rest on the next morning."""

RIVALS = ("siloed", "chase", "sop", "sop-optimised")
"""Policies that play beside the teams: the first is 0 on the scale of the score, the best of them 100."""


class Minutes(Record):
    """State how long each phase of a month lasts."""

    report: Annotated[float, quantity("minutes", "to read the report and one's own news", gt=0, le=60)] = 1.5
    plan: Annotated[float, quantity("minutes", "to submit a plan of one's own", gt=0, le=60)] = 2.0
    collision: Annotated[float, quantity("minutes", "to see where the plans clash", gt=0, le=60)] = 0.5
    meeting: Annotated[float, quantity("minutes", "to agree on one plan", gt=0, le=60)] = 3.0
    days: Annotated[float, quantity("minutes", "in which the days run by", gt=0, le=60)] = 0.7
    review: Annotated[float, quantity("minutes", "to see what came true", gt=0, le=60)] = 1.3


class Weights(Record):
    """State what a team is scored by; the weights are shares of their sum."""

    profit: Annotated[float, quantity("weight", "of economic profit, between silo and best policy", ge=0, le=100)] = 50
    service: Annotated[float, quantity("weight", "of service against the contract", ge=0, le=100)] = 25
    plan: Annotated[float, quantity("weight", "of the plan that was kept", ge=0, le=100)] = 10
    actions: Annotated[float, quantity("weight", "of actions done in time", ge=0, le=100)] = 7.5
    ranges: Annotated[float, quantity("weight", "of ranges that were stated and came true", ge=0, le=100)] = 7.5

    @model_validator(mode="after")
    def _weighs_something(self) -> Weights:
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise ValueError(msg("{entry} are all 0; give at least one of them a weight", entry="weights"))
        return self


class Happening(Record):
    """Something that happens to the company on the day after a round is decided, on its own or when the trainer lets it."""

    title: Annotated[str, quantity("text", "what the trainer's screen calls it", min_length=1, max_length=80)]
    round: Annotated[int, quantity("round", "in which it happens; 0 for when the trainer lets it", ge=0, le=12)] = 0
    news: Annotated[str, quantity("text", "what is told, by the role that hears of it", max_length=300)] = ""
    role: Annotated[str, quantity("name", "the role that hears of it; leave out for all")] = ""
    out: Annotated[dict[str, Any], quantity("table", "a disruption without its start: supplier, length ...")] = {}
    shock: Annotated[dict[str, Any], quantity("table", "a shock of demand without its start: family, factor ...")] = {}
    promotion: Annotated[dict[str, Any], quantity("table", "a promotion without its start: family, lift ...")] = {}


class Rumour(Record):
    """News that a role hears at the beginning of a round; it may be false."""

    round: Annotated[int, quantity("round", "in which it is heard", ge=1, le=12)]
    role: Annotated[str, quantity("name", "the role that hears it", min_length=1)]
    text: Annotated[str, quantity("text", "what is said", min_length=1, max_length=300)]
    true: Annotated[bool, quantity("yes/no", "told after the game")] = True


class Lesson(Record):
    """A game for a class: a company from a month on, rounds of a month, a clock, and what happens on the way."""

    title: Annotated[str, quantity("text", "of the lesson", min_length=1, max_length=80)]
    note: Annotated[str, quantity("text", "what it teaches", max_length=500)] = ""
    scenario: Annotated[str, quantity("name", "of the company's scenario", min_length=1)]
    overrides: Annotated[dict[str, Any], quantity("table", "entries of the scenario to set, by dotted name")] = {}
    policy: Annotated[str, quantity("name", "of the policy that recommends", min_length=1)] = "sop"
    level: Annotated[int, quantity("level", "1 for few decisions, 3 for all", ge=1, le=3)] = 2
    first_month: Annotated[int, quantity("month", "of the run in which the class takes over, from 1", ge=4, le=120)] = (
        13
    )
    rounds: Annotated[int, quantity("rounds", "of a month each", ge=1, le=12)] = 6
    settle: Annotated[int, quantity("months", "run after the last round by the recommendation", ge=1, le=6)] = 2
    seed: Annotated[int, quantity("number", "from which all luck follows", ge=0, le=2**63 - 1)] = 1
    replication: Annotated[int, quantity("number", "of the run that is played", ge=0, le=1_000_000)] = 0
    silent: Annotated[tuple[int, ...], quantity("rounds", "in which nobody talks: no meeting is held")] = ()
    minutes: Minutes = Minutes()
    weights: Weights = Weights()
    happenings: Annotated[tuple[Happening, ...], quantity("list", "what happens to the company")] = ()
    rumours: Annotated[tuple[Rumour, ...], quantity("list", "what roles hear")] = ()
    events: Annotated[bool, quantity("yes/no", "whether what is dated happens, and rumours are heard")] = True

    @model_validator(mode="after")
    def _roles_known(self) -> Lesson:
        from simulator.classroom.roles import ROLES

        for role in (*(each.role for each in self.happenings), *(each.role for each in self.rumours)):
            if role and role not in ROLES:
                raise ValueError(msg("there is no role {name}; {hint}", name=repr(role), hint=nearest(role, [*ROLES])))
        return self

    @property
    def months(self) -> int:
        """Months of the run: until the end of the last round, and those in which it settles."""
        return self.first_month - 1 + self.rounds + self.settle

    @property
    def dated(self) -> dict[int, int]:
        """The rounds in which happenings come by themselves, by their number; those after the last round do not."""
        return {
            k: each.round for k, each in enumerate(self.happenings) if self.events and 1 <= each.round <= self.rounds
        }

    def month(self, round: int) -> int:
        """The month of a round, counted from 0; rounds are counted from 1."""
        return self.first_month - 2 + round


@dataclass(frozen=True)
class LessonFile:
    """A lesson as it was read: its texts in other languages, and the name of its file."""

    name: str
    lesson: Lesson
    names: Names

    @cached_property
    def scenario(self) -> Scenario:
        """The company for as long as the lesson runs, scored from the first round on."""
        own = {"experiment.months": self.lesson.months, "experiment.warm_up": self.lesson.first_month - 1}
        return load(self.lesson.scenario, {**self.lesson.overrides, **own})

    def policy(self, name: str = "") -> Policy:
        """A policy of the scenario, the recommending one when none is named; who meets at all meets in one sitting."""
        found = self.scenario.policy(name or self.lesson.policy)
        if len(set(found.meeting_days)) > 1 or not name:
            return found.model_copy(update={"meeting_days": ONE_SITTING})
        return found

    def texts(self, language: str) -> dict[str, str]:
        """Names and texts of the company and of the lesson in a language."""
        return {**self.scenario.names(language), **self.names.of(language)}


def lesson_names() -> list[str]:
    """Lessons that come with the product."""
    return sorted({path.stem for place in PLACES for path in (place / "lessons").glob("*.toml")})


def read_lesson(choice: str | Path) -> LessonFile:
    """A lesson by the name of one that comes with the product, or by file.

    Raises ScenarioError: one sentence that names file, entry and what is allowed.
    """
    path = Path(choice)
    if path.suffix != ".toml":
        found = [place / "lessons" / f"{choice}.toml" for place in PLACES]
        path = next((file for file in found if str(choice) in lesson_names() and file.is_file()), path)
        if path.suffix != ".toml":
            raise ScenarioError(
                msg(
                    "there is no lesson {name}; {hint}; or give the path of a .toml file",
                    name=repr(str(choice)),
                    hint=nearest(str(choice), lesson_names()),
                )
            )
    if not path.is_file():
        raise ScenarioError(msg("there is no file {path}; give the path of a lesson", path=f"{path}"))
    return lesson_of(read_toml(path, "lesson"), path.stem, path.name)


def guide_of(name: str, language: str = "en") -> str:
    """The trainer's guide of a lesson that comes with the product, and what every lesson needs, in Markdown; in English where
    there is none in a language."""
    if name not in lesson_names():
        raise ScenarioError(msg("there is no guide for lesson {name}", name=repr(name)))
    return "\n\n".join([_in_language(name, language), common_guide(language)])


def common_guide(language: str = "en") -> str:
    """All that a trainer needs for every lesson, one of their own included."""
    return _in_language("every/guide", language)


def _in_language(name: str, language: str) -> str:
    files = [place / "lessons" / f"{name}{ending}" for ending in (f".{language}.md", ".md") for place in PLACES]
    return next(file for file in files if file.is_file()).read_text(encoding="utf-8").rstrip("\n")


def lesson_of(words: dict[str, Any], name: str, source: str = "lesson") -> LessonFile:
    """A lesson from a table, as a file or the log of a game holds it."""
    words = dict(words)
    names = validated(Names, words.pop("names", {}), source, "names")
    lesson = validated(Lesson, words, source)
    refuse_unknown(names.model_dump(), lesson, source, "lesson")
    found = LessonFile(name, lesson, names)
    if not 1 <= lesson.month(lesson.rounds) < found.scenario.days.months:
        raise ScenarioError(in_file(source, msg("the rounds do not lie in the run")))
    return found


def as_words(found: LessonFile) -> dict[str, Any]:
    """A lesson as a table, for the log of a game."""
    return {**found.lesson.model_dump(mode="json"), "names": found.names.model_dump(mode="json")}
