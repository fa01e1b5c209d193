"""Choices of a trainer who sets up a class: a lesson with other rounds, minutes, events, luck or level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from simulator.classroom.game import MOST_TEAMS
from simulator.classroom.lesson import LessonFile, Weights
from simulator.classroom.log import RefusedError
from simulator.kernel.messages import LANGUAGES, msg

MOST_MINUTES, MOST_SEED, MOST_WEIGHT = 120, 2**31 - 1, 100
"""Minutes of a month, the largest seed, and the largest weight of a part of the score, that can be chosen."""

WEIGHT = "weight-"
"""Fields of the page that weigh a part of the score begin like this."""


@dataclass(frozen=True)
class Choices:
    """All that is chosen; None for what stays as the lesson has it."""

    lesson: str
    teams: int = 6
    robots: int = 0
    rounds: int | None = None
    level: int | None = None
    minutes: int | None = None
    events: bool = True
    seed: int | None = None
    language: str = "en"
    weights: Mapping[str, float] = field(default_factory=dict)  # by part of the score, those that were chosen

    @classmethod
    def read(cls, told: Mapping[str, str]) -> Choices:
        """Read what a page sends; RefusedError is one sentence on what is wrong."""
        language = told.get("language", "en")
        return cls(
            told.get("lesson", "")[:80],
            _whole(told, "teams", 0, MOST_TEAMS) or 0,
            _whole(told, "robots", 0, 3) or 0,
            _whole(told, "rounds", 1, 12),
            _whole(told, "level", 1, 3),
            _whole(told, "minutes", 1, MOST_MINUTES),
            told.get("events", "on") != "off",
            _whole(told, "seed", 0, MOST_SEED),
            language if language in LANGUAGES else "en",
            {
                part: weight
                for part in Weights.model_fields
                if (weight := _amount(told, f"{WEIGHT}{part}", MOST_WEIGHT)) is not None
            },
        )


def _amount(told: Mapping[str, str], name: str, high: int) -> float | None:
    """A number from 0 on, with decimals; None for a field that was left empty."""
    text = told.get(name, "").strip()
    if not text:
        return None
    try:
        amount = float(text) if len(text) < 12 else -1.0
    except ValueError:
        amount = -1.0
    if not (isfinite(amount) and 0 <= amount <= high):
        limits = msg("{low} to {high}", low="0", high=f"{high}")
        raise RefusedError(msg("{key} is {value}; it must be {limits}", key=name, value=repr(text[:40]), limits=limits))
    return amount


def _whole(told: Mapping[str, str], name: str, low: int, high: int) -> int | None:
    text = told.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high):
        limits = msg("{low} to {high}", low=f"{low}", high=f"{high}")
        raise RefusedError(msg("{key} is {value}; it must be {limits}", key=name, value=repr(text[:40]), limits=limits))
    return int(text)


def changes_of(found: LessonFile, choices: Choices) -> dict[str, Any]:
    """Entries of a lesson as they are chosen; minutes are shared between the phases as the lesson shares them."""
    chosen = {"rounds": choices.rounds, "level": choices.level, "seed": choices.seed}
    changes: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
    if choices.minutes is not None:
        shares = found.lesson.minutes.model_dump()
        whole = sum(shares.values())
        changes["minutes"] = {name: share * choices.minutes / whole for name, share in shares.items()}
    if choices.weights:
        changes["weights"] = {**found.lesson.weights.model_dump(), **choices.weights}
    return changes if choices.events else {**changes, "events": False}
