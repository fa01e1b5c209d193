"""Documents of a month in a file and back, their sentences as messages: what a page shows is what the process wrote."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from simulator.faces.documents import Document, Figure, Grid, Point, Section
from simulator.kernel.messages import Message, Text, as_data, from_data, msg
from simulator.kernel.units import WorkError

FORM = 2
"""How documents are kept: their sentences as messages, to be written in the reader's language."""


def write_month(file: Path, documents: Sequence[Document]) -> None:
    """Keep the documents of a month, small and whole."""
    content = {"form": FORM, "documents": [_document(document) for document in documents]}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(gzip.compress(text.encode(), mtime=0))
    os.replace(part, file)


def read_month(file: Path) -> list[Document]:
    """Read the documents of a month; refuse those that an older version wrote as finished English."""
    content = json.loads(gzip.decompress(file.read_bytes()))
    if not isinstance(content, dict) or content.get("form") != FORM:
        raise WorkError(
            msg(
                "{file} holds documents as another version wrote them; take them away and ask again, "
                "or make the examples afresh with sop dashboard --examples",
                file=f"{file.parent.name}/{file.name}",
            )
        )
    return [_as_document(said) for said in content["documents"]]


def _document(document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "title": as_data(document.title),
        "held": _day(document.held),
        "present": [as_data(role) for role in document.present],
        "sections": [
            {
                "heading": as_data(section.heading),
                "owner": as_data(section.owner),
                "points": [(as_data(p.text), as_data(p.owner), _day(p.due), _day(p.effective)) for p in section.points],
                "grids": [_grid(grid) for grid in section.grids],
            }
            for section in document.sections
        ],
    }


def _grid(grid: Grid) -> dict[str, Any]:
    values = [float(value) if np.isfinite(value) else None for value in grid.values.ravel()]
    return {
        "title": as_data(grid.title),
        "kind": as_data(grid.kind),
        "names": [as_data(name) for name in grid.names],
        "figures": [(as_data(f.name), as_data(f.unit), f.signed, f.names_unit) for f in grid.figures],
        "columns": [as_data(column) for column in grid.columns],
        "values": values,
    }


def _as_document(said: dict[str, Any]) -> Document:
    sections = [
        Section(
            _text(each["heading"]),
            _text(each["owner"]),
            [
                Point(from_data(text), _text(owner), _as_day(due), _as_day(holds))
                for text, owner, due, holds in each["points"]
            ],
            [_as_grid(grid) for grid in each["grids"]],
        )
        for each in said["sections"]
    ]
    present = [_text(role) for role in said["present"]]
    return Document(said["name"], _text(said["title"]), sections, _as_day(said["held"]), present)


def _as_grid(said: dict[str, Any]) -> Grid:
    figures = [Figure(_text(name), _text(unit), signed, bare) for name, unit, signed, bare in said["figures"]]
    shape = (len(said["names"]), len(figures), len(said["columns"]))
    values = np.array([np.nan if value is None else value for value in said["values"]], dtype=float).reshape(shape)
    names, columns = ([_text(each) for each in said[part]] for part in ("names", "columns"))
    return Grid(_text(said["title"]), cast(Message, from_data(said["kind"])), names, figures, columns, values)


def _text(data: Any) -> Text:
    return cast(Text, from_data(data))


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _as_day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
