"""Names of a company's own things in other languages, as its file says them: `[names.zh]`, text by text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import model_validator

from simulator.company.entries import dotted
from simulator.kernel.messages import msg
from simulator.kernel.units import Record, ScenarioError, in_file, nearest, quantity

MOST_SIGNS, MOST_TEXTS = 500, 2_000
"""What a text may be long, and how many there may be of one language."""


USUAL_NAMES = {"zh": {"all": "全部产品", "customers": "客户"}}
"""What the family and the segment are called that a file leaves to us."""


class Names(Record):
    """The company's own names and notes in other languages, each by the text that it stands for."""

    en: Annotated[
        dict[str, str],
        quantity("table", "names and notes in English, of a file that says others", max_length=MOST_TEXTS),
    ] = {}
    zh: Annotated[
        dict[str, str],
        quantity(
            "table", 'names and notes in Chinese by the text that they stand for: bags = "包袋"', max_length=MOST_TEXTS
        ),
    ] = {}

    @model_validator(mode="after")
    def _says_something(self) -> Names:
        for language, said in self:
            for text, name in said.items():
                if not 1 <= len(name.strip()) <= MOST_SIGNS:
                    raise ValueError(
                        f"{dotted(language, text)} has {len(name.strip()):,} characters; it must have from 1 to {MOST_SIGNS}"
                    )
        return self

    def of(self, language: str) -> dict[str, str]:
        """Give the texts of a language; none of the file's own for one that it does not speak."""
        return {**USUAL_NAMES.get(language, {}), **getattr(self, language, {})}


def texts(thing: Any) -> Iterator[str]:
    """Yield every name and text that a record, a table or a list holds."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Record):
        for name in type(thing).model_fields:
            yield from texts(getattr(thing, name))
    elif isinstance(thing, Mapping):
        for name, value in thing.items():
            yield name
            yield from texts(value)
    elif isinstance(thing, tuple | list):
        for value in thing:
            yield from texts(value)


def refuse_unknown(own: object, things: object, source: str, owner: str = "company") -> None:
    """Refuse the name of something that is not there; what a base says of things that a variant took out is no fault."""
    if not isinstance(own, Mapping) or not any(own.values()):
        return
    known = set(texts(things))
    for language, said in own.items():
        for text in said:
            if text not in known:
                raise ScenarioError(
                    in_file(
                        source,
                        msg(
                            "{entry} stands for a name or note that the {owner} does not have; {nearest}; or take it out",
                            entry=dotted("names", language, text),
                            owner=msg(owner),
                            nearest=nearest(text, sorted(known)),
                        ),
                    )
                )
