"""Find an entry of a scenario file and its declaration: type, unit, bounds, meaning."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from simulator.company.entries import dotted_below
from simulator.kernel.messages import Listed, Message, Value, listed, msg, number, plural
from simulator.kernel.units import Record

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

PLAIN = {
    bool: msg("true or false"),
    int: msg("a whole number"),
    float: msg("a number"),
    str: msg("text"),
    date: msg("a date such as 2024-01-31"),
}
LISTS = {
    int: msg("a list of whole numbers"),
    float: msg("a list of numbers"),
    str: msg("a list of texts"),
    date: msg("a list of dates"),
}
TABLE_WORDS = {
    int: msg("a table of whole numbers"),
    float: msg("a table of numbers"),
    str: msg("a table of texts"),
    date: msg("a table of dates"),
}


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
        return Place(dotted_below(self.path, name), kind, self.unit, note=self.note)

    def field(self, name: str, field: FieldInfo) -> Place:
        """An entry of this record."""
        extra = field.json_schema_extra
        own = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
        unit = self.unit or own if own in ("", "as the entry") else own  # a law is measured as what it is the law of
        return Place(
            dotted_below(self.path, name), field.annotation, unit, tuple(field.metadata), field.description or ""
        )

    @property
    def options(self) -> list[Any]:
        """The types that the entry may have."""
        return members(self.kind)


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
    if step in (known := rules(members(place.kind)[0])):
        return replace(place, kind=known[step])
    if len(place.options) > 1:
        return replace(place, kind=next((o for o in place.options if step in tags(o)), place.options[0]))
    kind = place.options[0]
    if is_record(kind):
        field = kind.model_fields.get(step)
        return place.field(str(step), field) if field else Place(dotted_below(place.path, step), Any)
    parts = [part for part in get_args(kind) if part is not Ellipsis]
    return place.below(step, parts[-1] if parts else Any)


def is_record(kind: Any) -> bool:
    """Tell if a type is one of our records."""
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
    """List the names that stand for a member of a union in pydantic's location."""
    told = tag(kind)
    return told[1] if told else (getattr(kind, "__name__", str(kind)),)


# --- what is allowed -------------------------------------------------------------------------------------------------


def allowed_words(place: Place) -> Message:
    """Say the type and bounds of an entry in words."""
    bounds, sized = bounds_words(place), place.options[0] not in (int, float)
    kind = type_words(place)
    if not bounds:
        return kind
    return msg("{kind} with {bounds}" if sized else "{kind}, {bounds}", kind=kind, bounds=bounds)


def type_words(place: Place) -> Message:
    """The type of an entry in words."""
    kind = place.options[0]
    if known := rules(kind):
        rule = next(iter(known))
        return msg('{names}; or a table such as {{rule = "{rule}"}}', names=choice_words(list(known)), rule=rule)
    if len(place.options) > 1 and (told := tag(kind)):
        names = choice_words([o for each in place.options for o in tags(each)])
        return msg("a table with an entry {entry}: {names}", entry=told[0], names=names)
    if get_origin(kind) is Literal:
        return msg("{names}", names=choice_words(get_args(kind)))
    held = [part for part in get_args(kind)[-2:] if part in TABLE_WORDS]  # of a table its values, not its names
    if get_origin(kind) in (tuple, list):
        return LISTS[held[0]] if held else msg("a list")
    return PLAIN.get(kind) or (TABLE_WORDS[held[-1]] if len(held) > 1 else msg("a table"))


def choice_words(choices: Sequence[Any]) -> Listed:
    """Choices as one says them: a, b or c."""
    words = [str(choice) for choice in choices]
    return listed([listed(words[:-1], ", "), words[-1]] if len(words) > 1 else words, " or ")


def bounds_words(place: Place) -> Value:
    """The bounds of an entry in words."""
    names = (*BOUNDS, "min_length", "max_length")
    declared = {name: getattr(bound, name, None) for bound in place.bounds for name in names if hasattr(bound, name)}
    found = {name: value for name, value in declared.items() if value is not None}
    if "ge" in found and "le" in found:
        return msg("from {low} to {high}", low=bound_words(found["ge"]), high=bound_words(found["le"]))
    edges = [edge(bound_words(found[name])) for name, edge in BOUNDS.items() if name in found]
    sizes = size_words(place, found.get("min_length"), found.get("max_length"))
    return listed([*edges, *sizes], " and ") if edges or sizes else ""


BOUNDS: dict[str, Callable[[Value], Message]] = {
    "gt": lambda n: msg("above {n}", n=n),
    "ge": lambda n: msg("at least {n}", n=n),
    "lt": lambda n: msg("below {n}", n=n),
    "le": lambda n: msg("at most {n}", n=n),
}
"""Bounds of numbers as pydantic names them."""


def size_words(place: Place, least: int | None, most: int | None) -> list[Message]:
    """Say the length that an entry must have."""
    sized = character_count if place.options[0] is str else entry_count
    if least == most:
        return [] if least is None else [sized(least)]
    low = [] if least is None else [msg("at least {size}", size=sized(least))]
    return low if most is None else [*low, msg("at most {size}", size=sized(most))]


def character_count(count: int) -> Message:
    """So many characters."""
    return plural("{n} character", "{n} characters", count)


def entry_count(count: int) -> Message:
    """So many entries."""
    return plural("{n} entry", "{n} entries", count)


def bound_words(value: float) -> Value:
    """A bound, without digits that say nothing."""
    if abs(value) >= 2**53:
        return f"{int(value):,}"  # of which a float would lose the last digits
    return number(value) if value == int(value) else f"{value:g}"


def in_unit(words: str, unit: str) -> Value:
    """A number with its unit behind it."""
    if unit in KINDS:
        return words
    if unit.split("/")[0] in RATIOS:
        return msg("{value} ({unit})", value=words, unit=unit_words(unit))
    return msg("{value} {unit}", value=words, unit=unit_words(unit))


def unit_words(unit: str) -> Message:
    """Name a unit as it is declared: money stands for the company's own currency."""
    what, slash, each = unit.partition("/")
    if what != "money" and not (len(what) == 3 and what.isupper()):
        return msg(unit)
    currency: Value = msg("money") if what == "money" else what
    return (
        msg("{currency}/{each}", currency=currency, each=msg(each)) if slash else msg("{currency}", currency=currency)
    )


def value_as_written(value: Any) -> str:
    """A value as it stands in the file, cut to a length that one reads."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    words = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
