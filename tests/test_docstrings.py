"""Docstrings are plain: an imperative sentence or a noun in business words, never a clause that needs its neighbour."""

import ast
import re
from pathlib import Path

import pytest

from tests.test_storeys import STOREYS

ROOT = Path(__file__).resolve().parent.parent
CLAUSE = re.compile(r"(who|whose|whom|whoever|what|whatever|whether|how|where|which|when|why|the same)\b", re.I)
"""Openings that tell a story instead of the matter: `What is left` (the rest), `Whether it is` (Tell if it is), `The same of`."""

BESIDE = ("dashboard", "benchmarks")
"""Folders beside simulator/ that are held to the same."""


def docstrings(place):
    """The docstrings of a storey, or of a folder beside simulator/, each with where it stands."""
    folder = ROOT / place if place in BESIDE else ROOT / "simulator" / place
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                found = ast.get_docstring(node)
                if found:
                    yield f"{path.relative_to(ROOT)}: {getattr(node, 'name', 'module')}", found


@pytest.mark.parametrize("storey", [*STOREYS, *BESIDE])
def test_docstrings_open_plainly(storey):
    """No storey and no folder beside it has an opening by a clause."""
    told = [f"{where}: {text.splitlines()[0]}" for where, text in docstrings(storey) if CLAUSE.match(text)]
    assert not told, "\n".join(told)


def test_every_package_says_what_is_inside():
    """One line of at most 130 signs: what a newcomer finds there, and where to begin."""
    for path in sorted([*(ROOT / "simulator").rglob("__init__.py"), *(ROOT / "dashboard").rglob("__init__.py")]):
        first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
        assert first.endswith("."), path
        assert len(first) <= 130, path
        assert not CLAUSE.match(first), path
