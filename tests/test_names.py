"""Every name tells one thing: no public name is defined in more than two modules."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

MOST_MODULES = 2

SHARED = {"main": "A program begins at it: the command line, a worker's process, and each page as Streamlit runs it."}
"""Names that a protocol gives to many modules, each with the reason."""


def bound(statements):
    """List the names that statements of a module bind, those of its branches too; imports define nothing."""
    for statement in statements:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names = (node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
            yield from (name.id for name in names if isinstance(name.ctx, ast.Store))
        for branch in ("body", "handlers", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from bound(getattr(statement, branch, []))


def homes(root=ROOT):
    """Find the modules that define each public name: {name: paths}."""
    found = defaultdict(set)
    for path in sorted(path for top in ("simulator", "dashboard") for path in (root / top).rglob("*.py")):
        for name in bound(ast.parse(path.read_text(encoding="utf-8"), str(path)).body):
            if not name.startswith("_"):
                found[name].add(str(path.relative_to(root)))
    return found


def crowded(root=ROOT):
    """List the names with more homes than a reader can tell apart."""
    return {name: sorted(paths) for name, paths in homes(root).items() if len(paths) > MOST_MODULES}


def test_no_public_name_is_defined_in_more_than_two_modules():
    """Name each by what it makes, or give what they share one home."""
    assert {name: paths for name, paths in crowded().items() if name not in SHARED} == {}


def test_only_what_many_modules_need_is_let_off():
    assert {*SHARED} <= {*crowded()}


@pytest.mark.parametrize(
    "code",
    [
        "def plan(): ...",
        "class plan: ...",
        "plan = 1",
        "plan: int = 1",
        "first, (plan, last) = 1, (2, 3)",
        "if True:\n    plan = 1",
        "try:\n    pass\nfinally:\n    plan = 1",
    ],
)
def test_a_third_home_is_found(tmp_path, code):
    files = {"simulator/a.py": "plan = 1", "simulator/deep/b.py": "def plan(): ...", "dashboard/c.py": code}
    assert crowded(house(tmp_path, files)) == {"plan": ["dashboard/c.py", "simulator/a.py", "simulator/deep/b.py"]}


def test_imports_attributes_and_private_names_are_no_homes(tmp_path):
    code = "from simulator.a import plan\n_late = 1\nplan.late = 1\ndef use():\n    late = 1\nclass Use:\n    late = 1"
    assert crowded(house(tmp_path, {f"simulator/{name}.py": f"{code}\n{name} = 1" for name in "abcd"})) == {
        "use": [f"simulator/{name}.py" for name in "abcd"],
        "Use": [f"simulator/{name}.py" for name in "abcd"],
    }


def house(root, files):
    """Write the files of a small project."""
    for file, code in files.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    return root
