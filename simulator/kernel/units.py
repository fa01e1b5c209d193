"""Units, bounds and meaning of every parameter, declared once; the errors a user can cause; array names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from simulator.kernel.messages import Listed, Message, listed, msg, written

Array: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
Index: TypeAlias = NDArray[np.signedinteger[Any]]
Mask: TypeAlias = NDArray[np.bool_]

DAYS_A_YEAR = 365.25
DAYS_A_MONTH = DAYS_A_YEAR / 12
"""Means, leap years included."""


class ToldError(Exception):
    """An error that says what is wrong in a message, which is written in the language that is spoken where it is read."""

    def __init__(self, text: Message | Listed | str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        """Write the message in the language that is spoken here."""
        return written(self.text)


class ScenarioError(ToldError, ValueError):
    """A user's file or option is wrong; the message says where, what, what is allowed and what to do."""


class PolicyError(ScenarioError):
    """A rule answered something that no company can act on; the message names rule, day and replication."""


class WorkError(ToldError, RuntimeError):
    """Work could not be done although nothing that the user wrote is wrong; the message says why and what to do."""


def in_file(source: Message | Path | str, problem: Message | Listed | str) -> Message:
    """Say of what file something is wrong."""
    return msg("{source}: {problem}", source=source if isinstance(source, Message) else f"{source}", problem=problem)


def bare(text: Message | Listed | str, instead: Message | None = None) -> Message | Listed | str:
    """Leave out of what file something is wrong, where that is known or no matter; or name the file otherwise."""
    if isinstance(text, Listed):
        return listed([bare(line, instead) for line in text.values if isinstance(line, Message | str)], text.sign)
    values = dict(text.values) if isinstance(text, Message) else {}
    problem = values.get("problem")
    if "source" not in values or not isinstance(problem, Message | Listed | str):
        return text
    return in_file(instead, bare(problem)) if instead else bare(problem)


def quantity(unit: str, note: str, by_lane: bool = False, luck: bool | str = True, **bounds: Any) -> Any:
    """Declare a parameter: its unit, what it means, and what it may be (gt, ge, lt, le, min_length, default ...).

    The one declaration feeds the validator, the data dictionary, the sweep axis and the screen's widget. A parameter
    `by_lane` is only reckoned with element by element, so that each lane of a run may have a value of its own. No drawing
    of luck reads a parameter of which `luck` is False; where it names another entry of the record, none reads it unless
    that one is there.
    """
    return Field(description=note, json_schema_extra={"unit": unit, "by_lane": by_lane, "luck": luck}, **bounds)


class Record(BaseModel):
    """Something the company is: frozen, and valid once it exists."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def __eq__(self, other: object) -> bool:
        """Tell whether both say the same; what was worked out from it and kept is no part of it."""
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).model_fields)


def nearest(word: str, known: Sequence[str]) -> Message:
    """Say which known names are closest to a misspelt one, for the end of an error message."""
    return meant(word, known) or msg("known: {names}", names=listed(sorted(known) or [msg("none")], ", "))


def meant(word: str, known: Sequence[str]) -> Message:
    """Ask whether one of the closest known names was meant; say nothing where none is close."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=3, cutoff=0.4)
    return msg("did you mean {names}?", names=listed(close, " or ")) if close else msg("")
