"""The origin of an answer: the code that its worker imports, and the files that this code reads."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

from simulator import HOME as PUBLIC
from simulator.company.files import PLACES

PROJECT = Path(__file__).resolve().parent.parent
OURS = ("simulator", "dashboard")
ANSWERS = "examples"
"""The folder beside us that holds answers, which follow from the code and are not read by it to make others."""


def code_of(module: str, root: Path = PROJECT) -> str:
    """Hash the text of a module, of all of ours that it imports, however far down, and of the data that lie beside them."""
    found = closure(module, root)
    data = {path for file in found.values() for path in data_beside(file)}
    places = [] if root != PROJECT else PLACES
    shipped = {path for place in places for path in place.rglob("*") if path.is_file()}
    digest = hashlib.sha256()
    for name, path in sorted([*found.items(), *((path.name, path) for path in data | shipped)]):
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def closure(module: str, root: Path = PROJECT) -> dict[str, Path]:
    """Follow imports, those inside functions too, to all files of ours: by the names of their modules."""
    found: dict[str, Path] = {}
    ahead = [module]
    while ahead:
        parts = ahead.pop().split(".")
        for k in range(1, len(parts) + 1):
            name = ".".join(parts[:k])
            path = file_of(name, root) if name not in found else None
            if path is not None:
                found[name] = path
                ahead += imported(name, path)
    return found


def file_of(module: str, root: Path) -> Path | None:
    """Find the file of a module of ours; none where the name is something within a module, or of somebody else."""
    if module.partition(".")[0] not in OURS:
        return None
    place = root.joinpath(*module.split("."))
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


def imported(module: str, path: Path) -> Iterator[str]:
    """List what a file imports when it runs: modules, and names that may be modules."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in statements(ast.parse(path.read_bytes(), str(path)).body):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield origin
            yield from (PUBLIC.get(a.name, "") if origin == "simulator" else "" for a in node.names)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """List statements and those within them, but for what type checkers alone read."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" in (
            getattr(node.test, "id", ""),
            getattr(node.test, "attr", ""),
        ):
            yield from statements(node.orelse)
            continue
        for inner in ("body", "orelse", "finalbody"):
            yield from statements(getattr(node, inner, []))
        for part in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
            yield from statements(part.body)


def data_beside(file: Path) -> Iterator[Path]:
    """List what a module names that lies beside it and is no code: files, and those in folders."""
    text = file.read_text(encoding="utf-8")
    for place in file.parent.iterdir() if "__file__" in text else ():
        if f'"{place.name}"' in text and place.name != ANSWERS:
            paths = place.rglob("*") if place.is_dir() else [place]
            yield from (path for path in paths if path.is_file() and path.suffix not in (".py", ".pyc"))
