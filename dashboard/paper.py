"""Documents of a month in a file and back: what a page shows is what the process wrote."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simulator.faces.documents import Document, Figure, Grid, Point, Section


def write_month(file: Path, documents: Sequence[Document]) -> None:
    """Keep the documents of a month, small and whole."""
    text = json.dumps([_document(document) for document in documents], ensure_ascii=False, separators=(",", ":"))
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(gzip.compress(text.encode(), mtime=0))
    os.replace(part, file)


def read_month(file: Path) -> list[Document]:
    """The documents of a month."""
    return [_as_document(said) for said in json.loads(gzip.decompress(file.read_bytes()))]


def _document(document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "title": document.title,
        "held": _day(document.held),
        "present": [*document.present],
        "sections": [
            {
                "heading": section.heading,
                "owner": section.owner,
                "points": [(p.text, p.owner, _day(p.due), _day(p.effective)) for p in section.points],
                "grids": [_grid(grid) for grid in section.grids],
            }
            for section in document.sections
        ],
    }


def _grid(grid: Grid) -> dict[str, Any]:
    values = [float(value) if np.isfinite(value) else None for value in grid.values.ravel()]
    return {
        "title": grid.title,
        "kind": grid.kind,
        "names": [*grid.names],
        "figures": [tuple(figure) for figure in grid.figures],
        "columns": [*grid.columns],
        "values": values,
    }


def _as_document(said: dict[str, Any]) -> Document:
    sections = [
        Section(
            each["heading"],
            each["owner"],
            [Point(text, owner, _as_day(due), _as_day(holds)) for text, owner, due, holds in each["points"]],
            [_as_grid(grid) for grid in each["grids"]],
        )
        for each in said["sections"]
    ]
    return Document(said["name"], said["title"], sections, _as_day(said["held"]), said["present"])


def _as_grid(said: dict[str, Any]) -> Grid:
    figures = [Figure(*figure) for figure in said["figures"]]
    shape = (len(said["names"]), len(figures), len(said["columns"]))
    values = np.array([np.nan if value is None else value for value in said["values"]], dtype=float).reshape(shape)
    return Grid(said["title"], said["kind"], said["names"], figures, said["columns"], values)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _as_day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
