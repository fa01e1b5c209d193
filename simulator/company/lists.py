"""Lists of records that a company holds: what each is of, and what its entries may name; forms and summaries follow from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args, get_origin

from simulator.company.company import Company
from simulator.company.entries import dotted, keys
from simulator.company.problems import Place, is_record, members
from simulator.kernel.units import Record


@dataclass(frozen=True)
class RecordList:
    """Hold a list of a company, such as market.promotions: its entry, what it is a list of, and what it means."""

    entry: str
    kind: type[Record]
    note: str

    @property
    def title(self) -> str:
        """Name one record of it in words: price change."""
        return " ".join(re.findall("[A-Z][a-z]*", self.kind.__name__)).lower()

    def records(self, company: Company) -> tuple[Record, ...]:
        """Those that a company holds."""
        table: Any = company
        for key in keys(self.entry):
            table = getattr(table, key)
        found: tuple[Record, ...] = table
        return found


@lru_cache(maxsize=1)
def record_lists() -> tuple[RecordList, ...]:
    """Every list of records that is an entry of the company or of one of its tables, events before demand."""
    found = list(_within(Place("", Company)))
    return tuple(sorted(found, key=lambda each: each.entry.startswith("demand")))


def _within(place: Place) -> Iterator[RecordList]:
    for name, field in place.options[0].model_fields.items():
        below = place.field(name, field)
        kind, held = below.options[0], [each for each in get_args(below.options[0]) if is_record(each)]
        if get_origin(kind) is tuple and held:
            yield RecordList(below.path, held[0], below.note)
        elif is_record(kind):
            yield from _within(below)


def list_of(entry: str) -> RecordList | None:
    """The list that an entry is, or that it is a record of: market.promotions[2]."""
    parts = keys(entry)
    whole = dotted(*(parts[:-1] if parts[-1].isdigit() else parts))
    return next((each for each in record_lists() if each.entry == whole), None)


def field_title(name: str) -> str:
    """A field as a form labels it: pull_forward is Pull forward."""
    return "Standard deviation" if name == "sd" else name.replace("_", " ").capitalize()


def names_known(company: Company, field: str) -> list[str] | None:
    """Names that a field of a record may hold, by what the field is called; None where it holds no name of the company's."""
    suppliers = company.suppliers.values()
    known: dict[str, list[str]] = {
        "product": list(company.products),
        "products": list(company.products),
        "cannibalises": list(company.products),
        "family": company.families,
        "segment": list(company.segments),
        "segments": list(company.segments),
        "supplier": list(company.suppliers),
        "resource": list(company.resources),
        "route": list(dict.fromkeys(each.route for each in suppliers if each.route is not None)),
        "item": [name for name, item in company.items.items() if item.buy],
    }
    return known.get(field)


def named_in(record: dict[str, Any]) -> list[str]:
    """Names of the company's things that the words of a record are about: of products, a family, a supplier."""
    about = ("product", "products", "family", "supplier", "route", "resource", "item")
    found = [record[field] for field in about if record.get(field)]
    return [name for each in found for name in ([each] if isinstance(each, str) else each)]


def labelled(kind: Any) -> Iterator[str]:
    """Every label that a form of a record may show, those of the records in it included."""
    for option in members(kind):
        if is_record(option):
            for name, field in option.model_fields.items():
                yield field_title(name)
                yield from labelled(field.annotation)


__all__ = ["RecordList", "field_title", "labelled", "list_of", "named_in", "names_known", "record_lists"]
