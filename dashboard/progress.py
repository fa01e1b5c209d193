"""How a process behind a page says how far it is: small files, written whole."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def write_json(file: Path, content: Any) -> None:
    """Write a small file whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    part.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    os.replace(part, file)


def teller(folder: Path, part: int) -> Callable[[int, int], None]:
    """How one part of the work says how far it is."""
    return lambda done, total: write_json(folder / f"progress-{part}.json", {"done": done, "total": total})
