"""Write files for other programs: JSON, CSV without live formulas, and a folder of results that repeats to the byte."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""A spreadsheet may run a text that begins like this."""

MAKER = "sop compare"
INPUTS = "inputs.json"
TABLES = ("measures", "summary", "settings")
FORMATS = ("parquet", "csv")
TUNED = re.compile(r"tuned-[\w.-]+\.toml")
"""A policy that was brought to a target, as a file that every command reads."""
OURS = {INPUTS, *(f"{table}.{form}" for table in TABLES for form in FORMATS)}


def as_csv(table: pd.DataFrame) -> str:
    """CSV whose texts no spreadsheet takes for a formula."""
    return table.map(harmless).to_csv(index=False, lineterminator="\n")


def harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def as_json(content: Any) -> str:
    """JSON that every reader takes: what is not a number is null."""
    return json.dumps(_finite(content), indent=2, ensure_ascii=False, allow_nan=False, default=str)


def _finite(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    return None if isinstance(content, float) and not float("-inf") < content < float("inf") else content


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as JSON knows them."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def may_hold_results(folder: Path) -> None:
    """Refuse a folder that holds anything but earlier results of ours, before any work is done."""
    held = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    foreign = [name for name in held if not _ours(name.removesuffix(".part"))]
    if not foreign and held and not _made_by_us(folder):
        foreign = held
    if foreign:
        raise ScenarioError(
            msg(
                "--out is {folder}, which holds {file}; name a new or an empty folder",
                folder=repr(str(folder)),
                file=repr(foreign[0]),
            )
        )


def _ours(name: str) -> bool:
    return name in OURS or TUNED.fullmatch(name) is not None


def _made_by_us(folder: Path) -> bool:
    try:
        inputs = json.loads((folder / INPUTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(inputs, dict) and inputs.get("made_by") == MAKER


def write_results(
    folder: Path,
    inputs: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    form: str,
    policies: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write inputs, tables and texts of tuned policies, each whole or not at all; those of an earlier run are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {INPUTS: as_json({"made_by": MAKER, **inputs}).encode() + b"\n"}
    contents |= {f"{name}.{form}": _bytes(table, form) for name, table in tables.items()}
    for name, text in (policies or {}).items():
        contents["tuned-" + re.sub(r"[^\w.-]+", "-", name) + ".toml"] = text.encode()
    for stale in [path for path in folder.iterdir() if _ours(path.name) and path.name not in contents]:
        stale.unlink()
    for name, content in contents.items():  # the inputs first: they say that the folder is ours
        part = folder / f"{name}.part"
        part.write_bytes(content)
        os.replace(part, folder / name)
    return [folder / name for name in contents]


def _bytes(table: pd.DataFrame, form: str) -> bytes:
    return as_csv(table).encode() if form == "csv" else table.to_parquet(index=False, engine="pyarrow")
