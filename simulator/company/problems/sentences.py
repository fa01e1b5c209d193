"""Say each problem that pydantic finds with an entry in one sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, Literal, TypeAlias, get_args, get_origin

from simulator.company.entries import dotted_below, under
from simulator.company.problems.places import (
    KINDS,
    Place,
    allowed_words,
    bounds_words,
    choice_words,
    entry_count,
    in_unit,
    is_record,
    tag,
    tags,
    unit_words,
    value_as_written,
    walk,
)
from simulator.company.toml import unread
from simulator.kernel.messages import Message, Value, msg
from simulator.kernel.units import Record, meant, nearest

Problem: TypeAlias = Mapping[str, Any]

MONEY = "money"
"""The unit that stands for the company's currency."""


def problem_sentence(
    problem: Problem, kind: type[Record], where: str, others: Sequence[str] = (), currency: str = MONEY
) -> Message:
    """Tell one problem of a pydantic ValidationError: entry, value, unit, what is allowed.

    `where` is the entry that the record is, `others` the entries that its table may hold beside the record's own.
    """
    place = priced(reduce(walk, problem["loc"], Place(where, kind)), currency)
    tell = TELLERS.get(problem["type"], type_sentence)
    if tell is not unknown_sentence:
        return tell(problem, place)
    *above, _ = problem["loc"]
    return unknown_sentence(problem, place, reduce(walk, above, Place(where, kind)), () if above else others)


def priced(place: Place, currency: str) -> Place:
    """Measure an entry in the company's own currency where it is measured in money."""
    what, slash, each = place.unit.partition("/")
    return replace(place, unit=f"{currency}{slash}{each}") if what == MONEY else place


def must_be(entry: str, value: Value, what: Value, hint: Message) -> Message:
    """Say what an entry is and what it must be, and what was probably meant where that can be told."""
    if hint:
        return msg("{entry} is {value}; it must be {what}; {hint}", entry=entry, value=value, what=what, hint=hint)
    return msg("{entry} is {value}; it must be {what}", entry=entry, value=value, what=what)


def type_sentence(problem: Problem, place: Place) -> Message:
    """Something else than the entry must be."""
    value, told, entry = problem["input"], tag(place.options[0]), place.path or "it"
    if len(place.options) > 1 and told and isinstance(value, int | float):
        table = f'{{{told[0]} = "{told[1][0]}", mean = {value_as_written(value)}}}'
        such = msg("a table such as {table} ({unit})", table=table, unit=unit_words(place.unit))
        return must_be(entry, value_as_written(value), such, msg(""))
    return must_be(entry, value_as_written(value), measured(place), guess(value, place))


def measured(place: Place) -> Message:
    """Say the type and bounds of an entry, with its unit."""
    if place.unit in KINDS:
        return allowed_words(place)
    return msg("{what} ({unit})", what=allowed_words(place), unit=unit_words(place.unit))


def guess(value: Any, place: Place) -> Message:
    """The choice that was probably meant, or why a list or a table is none."""
    rest = unread(value) if isinstance(value, str) else None
    if rest is not None:
        return msg("it cannot be read from {place} on", place=repr(rest)) if rest else msg("it breaks off at its end")
    choices = [str(c) for c in get_args(place.options[0])] if get_origin(place.options[0]) is Literal else []
    return meant(value, choices) if isinstance(value, str) and choices else msg("")


def bound_sentence(problem: Problem, place: Place) -> Message:
    """A number beyond its bounds."""
    value, must = problem["input"], bounds_words(place)
    if not math.isfinite(value):
        must = msg("a finite number, {bounds}", bounds=must) if must else msg("a finite number")
    return must_be(place.path, in_unit(value_as_written(value), place.unit), must, in_percent(value, place.unit))


def in_percent(value: float, unit: str) -> Message:
    """The share that was probably meant where one is given in percent."""
    share = unit.startswith(("share", "probability")) and 2 <= value <= 100
    return msg("{percent} % is {share}", percent=f"{value:g}", share=f"{value / 100:g}") if share else msg("")


def size_sentence(problem: Problem, place: Place) -> Message:
    """A list, table or text of the wrong length."""
    value = problem["input"]
    if isinstance(value, str):
        return msg(
            "{entry} is {value}; it must have {size}",
            entry=place.path,
            value=value_as_written(value),
            size=bounds_words(place),
        )
    return msg(
        "{entry} has {n}; it must have {size}", entry=place.path, n=entry_count(len(value)), size=bounds_words(place)
    )


def missing_sentence(problem: Problem, place: Place) -> Message:
    """Say that a required entry is missing."""
    if place.note:
        note = msg(place.note)
        return msg("{entry} is missing; give {what}: {note}", entry=place.path, what=measured(place), note=note)
    return msg("{entry} is missing; give {what}", entry=place.path, what=measured(place))


def unknown_sentence(problem: Problem, place: Place, table: Place, others: Sequence[str] = ()) -> Message:
    """An entry that does not exist."""
    kind, name = table.options[0], str(problem["loc"][-1])
    hint = nearest(name, sorted({*(kind.model_fields if is_record(kind) else ()), *others} - {name}))
    return msg(
        "{entry} is {value}, but there is no such entry; {hint}",
        entry=place.path,
        value=value_as_written(problem["input"]),
        hint=hint,
    )


def choice_sentence(problem: Problem, place: Place) -> Message:
    """A union that cannot tell which of its members is meant."""
    entry, choices = problem["ctx"]["discriminator"].strip("'"), [t for option in place.options for t in tags(option)]
    path = dotted_below(place.path, entry)
    if problem["type"] == "union_tag_not_found":
        return msg("{entry} is missing; it must be {what}", entry=path, what=choice_words(choices))
    given = problem["input"].get(entry) if isinstance(problem["input"], dict) else problem["ctx"]["tag"]
    return must_be(path, value_as_written(given), choice_words(choices), meant(str(given), choices))


def record_sentence(problem: Problem, place: Place) -> Message:
    """Say the problem that a record's own check found, with the path of the entries that it speaks of."""
    (said,) = problem["ctx"]["error"].args or ("",)
    return under(place.path, said if isinstance(said, Message) else str(said))


def depth_sentence(problem: Problem, place: Place) -> Message:
    """Words that were valid as TOML and still cannot be taken in."""
    return msg(
        "{entry} holds tables or lists that lie too deep; a scenario needs no more than ten levels",
        entry=place.path or "it",
    )


TELLERS: dict[str, Callable[..., Message]] = {
    **dict.fromkeys(("greater_than", "greater_than_equal", "less_than", "less_than_equal"), bound_sentence),
    "finite_number": bound_sentence,
    **dict.fromkeys(("too_short", "too_long", "string_too_short", "string_too_long"), size_sentence),
    **dict.fromkeys(("union_tag_invalid", "union_tag_not_found"), choice_sentence),
    "json_invalid": depth_sentence,
    "missing": missing_sentence,
    "extra_forbidden": unknown_sentence,
    "value_error": record_sentence,
}
