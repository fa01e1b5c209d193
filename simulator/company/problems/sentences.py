"""Say each problem that pydantic finds with an entry in one sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, Literal, TypeAlias, get_args, get_origin

from simulator.company.entries import below
from simulator.company.problems.places import (
    KINDS,
    Place,
    allowed,
    either,
    in_unit,
    is_record,
    limits,
    shown,
    tag,
    tags,
    walk,
)
from simulator.kernel.units import Record, nearest

Problem: TypeAlias = Mapping[str, Any]

MONEY = "money"
"""The unit that stands for the company's currency."""


def sentence(
    problem: Problem, kind: type[Record], where: str, others: Sequence[str] = (), currency: str = MONEY
) -> str:
    """Tell one problem of a pydantic ValidationError: entry, value, unit, what is allowed.

    `where` is the entry that the record is, `others` the entries that its table may hold beside the record's own.
    """
    place = priced(reduce(walk, problem["loc"], Place(where, kind)), currency)
    tell = TELLERS.get(problem["type"], told_type)
    if tell is not told_unknown:
        return tell(problem, place)
    *above, _ = problem["loc"]
    return told_unknown(problem, place, reduce(walk, above, Place(where, kind)), () if above else others)


def priced(place: Place, currency: str) -> Place:
    """Measure an entry in the company's own currency where it is measured in money."""
    what, slash, each = place.unit.partition("/")
    return replace(place, unit=f"{currency}{slash}{each}") if what == MONEY else place


def told_type(problem: Problem, place: Place) -> str:
    """Something else than the entry must be."""
    value, told = problem["input"], tag(place.options[0])
    it_is, unit = f"{place.path or 'it'} is {shown(value)}", place.unit
    if len(place.options) > 1 and told and isinstance(value, int | float):
        return f'{it_is}; it must be a table such as {{{told[0]} = "{told[1][0]}", mean = {shown(value)}}} ({unit})'
    bracket = "" if unit in KINDS else f" ({unit})"
    return f"{it_is}; it must be {allowed(place)}{bracket}{guess(value, place)}"


def guess(value: Any, place: Place) -> str:
    """The choice that was probably meant."""
    choices = [str(c) for c in get_args(place.options[0])] if get_origin(place.options[0]) is Literal else []
    hint = nearest(value, choices) if isinstance(value, str) and choices else ""
    return f"; {hint}" if hint.startswith("did you mean") else ""


def told_bound(problem: Problem, place: Place) -> str:
    """A number beyond its bounds."""
    finite = "" if math.isfinite(problem["input"]) else "a finite number"
    must = ", ".join(filter(None, (finite, limits(place))))
    told = f"{place.path} is {in_unit(shown(problem['input']), place.unit)}; it must be {must}"
    return told + in_percent(problem["input"], place.unit)


def in_percent(value: float, unit: str) -> str:
    """The share that was probably meant where one is given in percent."""
    share = unit.startswith(("share", "probability")) and 2 <= value <= 100
    return f"; {value:g} % is {value / 100:g}" if share else ""


def told_size(problem: Problem, place: Place) -> str:
    """A list, table or text of the wrong length."""
    value = problem["input"]
    if isinstance(value, str):
        return f"{place.path} is {shown(value)}; it must have {limits(place)}"
    return f"{place.path} has {len(value)} {'entry' if len(value) == 1 else 'entries'}; it must have {limits(place)}"


def told_missing(problem: Problem, place: Place) -> str:
    """Say that a required entry is missing."""
    unit = "" if place.unit in KINDS else f" ({place.unit})"
    return f"{place.path} is missing; give {allowed(place)}{unit}{f': {place.note}' if place.note else ''}"


def told_unknown(problem: Problem, place: Place, table: Place, others: Sequence[str] = ()) -> str:
    """An entry that does not exist."""
    kind, name = table.options[0], str(problem["loc"][-1])
    hint = nearest(name, sorted({*(kind.model_fields if is_record(kind) else ()), *others} - {name}))
    return f"{place.path} is {shown(problem['input'])}, but there is no such entry; {hint}"


def told_choice(problem: Problem, place: Place) -> str:
    """A union that cannot tell which of its members is meant."""
    entry, choices = problem["ctx"]["discriminator"].strip("'"), [t for option in place.options for t in tags(option)]
    path = below(place.path, entry)
    if problem["type"] == "union_tag_not_found":
        return f"{path} is missing; it must be {either(choices)}"
    given = problem["input"].get(entry) if isinstance(problem["input"], dict) else problem["ctx"]["tag"]
    hint = nearest(str(given), choices)
    return f"{path} is {shown(given)}; it must be {either(choices)}{f'; {hint}' if hint.startswith('did') else ''}"


def told_by_record(problem: Problem, place: Place) -> str:
    """Say the problem that a record's own check found, with the path of the entries that it speaks of."""
    said, kind = str(problem["ctx"]["error"]), place.options[0]
    first = re.match(r"\w+", said)
    if not place.path:
        return said
    if said.startswith("is "):
        return f"{place.path} {said}"
    names = {"rule", *kind.model_fields} if is_record(kind) else set()
    return f"{place.path}.{said}" if first and first.group() in names else f"{place.path}: {said}"


def told_depth(problem: Problem, place: Place) -> str:
    """Words that were valid as TOML and still cannot be taken in."""
    return f"{place.path or 'it'} holds tables or lists that lie too deep; a scenario needs no more than ten levels"


TELLERS: dict[str, Callable[..., str]] = {
    **dict.fromkeys(("greater_than", "greater_than_equal", "less_than", "less_than_equal"), told_bound),
    "finite_number": told_bound,
    **dict.fromkeys(("too_short", "too_long", "string_too_short", "string_too_long"), told_size),
    **dict.fromkeys(("union_tag_invalid", "union_tag_not_found"), told_choice),
    "json_invalid": told_depth,
    "missing": told_missing,
    "extra_forbidden": told_unknown,
    "value_error": told_by_record,
}
