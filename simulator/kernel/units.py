"""Units, bounds and meaning of every parameter, declared once; the errors a user can cause; array names."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

Array: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
Index: TypeAlias = NDArray[np.signedinteger[Any]]
Mask: TypeAlias = NDArray[np.bool_]


class ScenarioError(ValueError):
    """A user's file or option is wrong; the message says where, what, what is allowed and what to do."""


class PolicyError(ScenarioError):
    """A rule answered something that no company can act on; the message names rule, day and replication."""


class WorkError(RuntimeError):
    """Work could not be done although nothing that the user wrote is wrong; the message says why and what to do."""


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


def nearest(word: str, known: list[str]) -> str:
    """Say which known names are closest to a misspelt one, for the end of an error message."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=3, cutoff=0.4)
    return f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(sorted(known)) or 'none'}"
