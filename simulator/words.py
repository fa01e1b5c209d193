"""Validation problems in words: entry, value as given, unit, and what is allowed, from the declarations themselves."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from simulator.units import Record, nearest

LONGEST = 60  # characters of a value that are shown

KINDS = (
    "",
    "as the entry",
    "choice",
    "date",
    "days of week",
    "file",
    "list",
    "name",
    "number",
    "table",
    "text",
    "yes/no",
)
"""Units that say what kind of entry it is; nobody reads them behind a number."""

RATIOS = ("correlation", "deviations", "factor", "probability", "rank", "ratio", "share")
"""Units that explain a number without counting anything; they stand behind it in brackets."""

A_DATE = "a date such as 2024-01-31"

PLAIN = {bool: "true or false", int: "a whole number", float: "a number", str: "text", date: A_DATE}

BOUNDS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}


# --- where an entry is -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """An entry of a scenario file: its dotted path, and what its declaration says of it."""

    path: str
    kind: Any
    unit: str = ""
    bounds: tuple[Any, ...] = ()
    note: str = ""

    def below(self, name: str | int, kind: Any) -> Place:
        """An entry of this table or list; it is measured as they are."""
        return Place(joined(self.path, name), kind, self.unit, note=self.note)

    def field(self, name: str, field: FieldInfo) -> Place:
        """An entry of this record."""
        extra = field.json_schema_extra
        own = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
        unit = self.unit if own in ("", "as the entry") else own  # a law is measured as what it is the law of
        return Place(joined(self.path, name), field.annotation, unit, tuple(field.metadata), field.description or "")

    @property
    def options(self) -> list[Any]:
        """The types that the entry may have."""
        return members(self.kind)


def joined(path: str, name: str | int) -> str:
    """A longer path: names after a dot, quoted where TOML asks for it, places of a list in brackets."""
    if isinstance(name, int):
        return f"{path}[{name}]"
    word = name if re.fullmatch(r"[\w-]+", name) else shown(name)
    return f"{path}.{word}" if path else word


def members(kind: Any) -> list[Any]:
    """The types behind a declaration: without notes, nothing that is merely left out, unions one by one."""
    origin = get_origin(kind)
    if origin is Annotated:
        return members(get_args(kind)[0])
    if origin in (Union, UnionType):
        return [option for each in get_args(kind) if each is not NoneType for option in members(each)]
    return [kind]


def walk(place: Place, step: str | int) -> Place:
    """One step along pydantic's location, which also holds the tags of unions and the names of rules."""
    if step in (known := rules(place.kind)):
        return replace(place, kind=known[step])
    if len(place.options) > 1:
        return replace(place, kind=next((o for o in place.options if step in tags(o)), place.options[0]))
    kind = place.options[0]
    if is_record(kind):
        field = kind.model_fields.get(step)
        return place.field(str(step), field) if field else Place(joined(place.path, step), Any)
    parts = [part for part in get_args(kind) if part is not Ellipsis]
    return place.below(step, parts[-1] if parts else Any)


def is_record(kind: Any) -> bool:
    """Whether a type is one of our records."""
    return isinstance(kind, type) and issubclass(kind, Record)


def rules(kind: Any) -> Mapping[str | int, Any]:
    """The rules that a decision right can be given to, by name; none for anything else."""
    return vars(kind).get("known", {}) if is_record(kind) else {}


Tag: TypeAlias = tuple[str, tuple[Any, ...]]


def tag(kind: Any) -> Tag | None:
    """The entry by which a record is told from the others of a union, and what it says there."""
    for name, field in kind.model_fields.items() if is_record(kind) else ():
        if get_origin(field.annotation) is Literal:
            return name, get_args(field.annotation)
    return None


def tags(kind: Any) -> tuple[Any, ...]:
    """What may stand for a member of a union in pydantic's location."""
    told = tag(kind)
    return told[1] if told else (getattr(kind, "__name__", str(kind)),)


# --- what is allowed -------------------------------------------------------------------------------------------------


def allowed(place: Place) -> str:
    """What an entry may be: its type and bounds."""
    bounds, sized = limits(place), place.options[0] not in (int, float)
    return type_words(place) + (f"{' with' if sized else ','} {bounds}" if bounds else "")


def type_words(place: Place) -> str:
    """The type of an entry in words."""
    kind = place.options[0]
    if known := rules(kind):
        return f'a table such as {{rule = "{next(iter(known))}"}}'
    if len(place.options) > 1 and (told := tag(kind)):
        return f"a table with an entry {told[0]}: {either([o for each in place.options for o in tags(each)])}"
    if get_origin(kind) is Literal:
        return either(get_args(kind))
    if get_origin(kind) in (tuple, list):
        return "a list"
    return PLAIN.get(kind, "a table")


def either(choices: Sequence[Any]) -> str:
    """Choices as one says them: a, b or c."""
    words = [str(choice) for choice in choices]
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def limits(place: Place) -> str:
    """The bounds of an entry in words."""
    names = (*BOUNDS, "min_length", "max_length")
    declared = {name: getattr(bound, name, None) for bound in place.bounds for name in names if hasattr(bound, name)}
    found = {name: value for name, value in declared.items() if value is not None}
    if "ge" in found and "le" in found:
        return f"from {figure(found['ge'])} to {figure(found['le'])}"
    edges = [f"{word} {figure(found[name])}" for name, word in BOUNDS.items() if name in found]
    return " and ".join([*edges, *size_words(place, found.get("min_length"), found.get("max_length"))])


def size_words(place: Place, least: int | None, most: int | None) -> list[str]:
    """How long an entry must be."""
    one, many = ("character", "characters") if place.options[0] is str else ("entry", "entries")
    sizes = [("", least)] if least == most else [("at least ", least), ("at most ", most)]
    return [f"{word}{size} {one if size == 1 else many}" for word, size in sizes if size is not None]


def figure(value: float) -> str:
    """A bound, without digits that say nothing."""
    return f"{int(value):,}" if value == int(value) else f"{value:g}"


def in_unit(words: str, unit: str) -> str:
    """A number with its unit behind it."""
    if unit in KINDS:
        return words
    return f"{words} ({unit})" if unit.split("/")[0] in RATIOS else f"{words} {unit}"


def shown(value: Any) -> str:
    """A value as it stands in the file, cut to a length that one reads."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    words = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


# --- what is wrong ---------------------------------------------------------------------------------------------------

Problem: TypeAlias = Mapping[str, Any]


def sentence(problem: Problem, kind: type[Record], where: str, others: Sequence[str] = ()) -> str:
    """Tell one problem of a pydantic ValidationError: entry, value, unit, what is allowed.

    `where` is the entry that the record is, `others` the entries that its table may hold beside the record's own.
    """
    place = reduce(walk, problem["loc"], Place(where, kind))
    tell = TELLERS.get(problem["type"], told_type)
    if tell is not told_unknown:
        return tell(problem, place)
    *above, _ = problem["loc"]
    return told_unknown(problem, place, reduce(walk, above, Place(where, kind)), () if above else others)


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
    return f"{place.path} is {in_unit(shown(problem['input']), place.unit)}; it must be {must}"


def told_size(problem: Problem, place: Place) -> str:
    """A list, table or text of the wrong length."""
    value = problem["input"]
    if isinstance(value, str):
        return f"{place.path} is {shown(value)}; it must have {limits(place)}"
    return f"{place.path} has {len(value)} {'entry' if len(value) == 1 else 'entries'}; it must have {limits(place)}"


def told_missing(problem: Problem, place: Place) -> str:
    """An entry that nobody can do without."""
    unit = "" if place.unit in KINDS else f" ({place.unit})"
    return f"{place.path} is missing; give {allowed(place)}{unit}{f': {place.note}' if place.note else ''}"


def told_unknown(problem: Problem, place: Place, table: Place, others: Sequence[str] = ()) -> str:
    """An entry that does not exist."""
    kind = table.options[0]
    hint = nearest(str(problem["loc"][-1]), [*(kind.model_fields if is_record(kind) else ()), *others])
    return f"{place.path} is {shown(problem['input'])}, but there is no such entry; {hint}"


def told_choice(problem: Problem, place: Place) -> str:
    """A union that cannot tell which of its members is meant."""
    entry, choices = problem["ctx"]["discriminator"].strip("'"), [t for option in place.options for t in tags(option)]
    path = joined(place.path, entry)
    if problem["type"] == "union_tag_not_found":
        return f"{path} is missing; it must be {either(choices)}"
    given = problem["input"].get(entry) if isinstance(problem["input"], dict) else problem["ctx"]["tag"]
    hint = nearest(str(given), choices)
    return f"{path} is {shown(given)}; it must be {either(choices)}{f'; {hint}' if hint.startswith('did') else ''}"


def told_by_record(problem: Problem, place: Place) -> str:
    """What a record's own check says; it speaks of its entries, so that their path is put before it."""
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
