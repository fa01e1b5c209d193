"""Progress of a process behind a page, told in small files that are written whole."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulator.kernel.messages import Value, as_data, from_data

PROBLEM = "problem.json"


def write_json(file: Path, content: Any) -> None:
    """Write a small file whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    part.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    os.replace(part, file)


def read_json(file: Path) -> Any:
    """Read such a file."""
    return json.loads(file.read_text(encoding="utf-8"))


def note_problem(folder: Path, problem: Value) -> None:
    """Write down why an answer cannot be had, so that it can be said in any reader's language."""
    write_json(folder / PROBLEM, as_data(problem))


def problem_of(folder: Path) -> Value:
    """Read the reason that an answer cannot be had; OSError if none was written down."""
    return from_data(json.loads((folder / PROBLEM).read_text(encoding="utf-8")))


def teller(folder: Path, part: int) -> Callable[[int, int], None]:
    """Make the function by which one part of the work reports its progress."""
    return lambda done, total: write_json(folder / f"progress-{part}.json", {"done": done, "total": total})
