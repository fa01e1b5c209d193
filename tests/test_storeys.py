"""The house has storeys: a file imports only from storeys below its own, and no files import each other in a circle."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

STOREYS = ("kernel", "theory", "company", "world", "planning", "engine", "results", "studies", "classroom", "faces")
"""Folders of simulator/, from the ground up; dashboard/ stands on them all."""

SEEN_BY_TYPES_ONLY = {("simulator.world.view.now", "simulator.engine.firm")}
"""(importer, imported) where a type checker alone may look up: a view reads the firm that is handed to it."""


def storey(module):
    """Number a module's storey from 0; the package itself, which hands on public names, stands on the last but one."""
    top, _, rest = module.partition(".")
    if top == "dashboard":
        return len(STOREYS) + 1
    return STOREYS.index(rest.partition(".")[0]) if rest else len(STOREYS)


def name_of(path, root):
    """Name a file as it is imported."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path, root, known):
    """List (line, module, only for types) of each import of our own, also inside functions."""
    package = name_of(path, root) if path.name == "__init__.py" else name_of(path, root).rpartition(".")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            names = [f"{origin}.{a.name}" if f"{origin}.{a.name}" in known else origin for a in node.names]
        for name in dict.fromkeys(names):
            if name.split(".")[0] in ("simulator", "dashboard"):
                yield node.lineno, name, id(node) in for_types


def project(root=ROOT):
    """Read every file's imports: {module: [(line, imported, only for types)]}."""
    files = {name_of(path, root): path for top in ("simulator", "dashboard") for path in (root / top).rglob("*.py")}
    return {name: list(imported(path, root, files)) for name, path in sorted(files.items())}


def going_up(modules):
    """Say of every import that goes up where it stands."""
    for importer, found in modules.items():
        if importer == "simulator":
            continue  # hands on the public names
        for line, name, for_types in found:
            if storey(name) > storey(importer) and not (for_types and (importer, name) in SEEN_BY_TYPES_ONLY):
                yield f"{importer}, line {line}: imports {name}, which stands on a storey above"


def circle(modules):
    """Find files that import each other in a circle when they run; the names along it, or nothing.

    Whoever imports a file of another package runs that package's own file first.
    """
    below = {
        name: [m for _, wanted, for_types in found if not for_types for m in loaded(wanted, name) if m in modules]
        for name, found in modules.items()
    }
    done = set()
    for start in below:
        trail, ahead = [start], [iter(below[start])]
        while ahead:
            for name in ahead[-1]:
                if name in trail:
                    return [*trail[trail.index(name) :], name]
                if name not in done and name in below:
                    trail.append(name)
                    ahead.append(iter(below[name]))
                    break
            else:
                ahead.pop()
                done.add(trail.pop())
    return []


def loaded(wanted, importer):
    """List a module and the packages on the way to it, but for those in which the importer lives, and itself."""
    parts = wanted.split(".")
    way = [".".join(parts[:k]) for k in range(1, len(parts) + 1)]
    return [m for m in way if m != importer and not importer.startswith(f"{m}.")]


def test_every_file_stands_on_a_storey():
    folders = {path.name for path in (ROOT / "simulator").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert folders == {*STOREYS}
    assert [path.name for path in (ROOT / "simulator").glob("*.py")] == ["__init__.py"]


def test_imports_go_down_only():
    assert not [*going_up(project())]


def test_no_files_import_each_other_in_a_circle():
    modules = {name: found for name, found in project().items() if name not in ("simulator", "dashboard")}
    assert circle(modules) == []


@pytest.mark.parametrize(
    ("file", "code", "sentence"),
    [
        ("kernel/clock.py", "from simulator.engine.firm import Firm", "line 1: imports simulator.engine.firm"),
        ("kernel/clock.py", "def f():\n    import simulator.results.run", "line 2: imports simulator.results.run"),
        ("world/view.py", "from ..engine import firm", "line 1: imports simulator.engine.firm"),
        ("engine/firm.py", "from simulator import load", "line 1: imports simulator, which"),
        ("faces/page.py", "import dashboard.app", "line 1: imports dashboard.app"),
        ("world/a.py", "if TYPE_CHECKING:\n    from simulator.engine.firm import Firm", "line 2"),
    ],
)
def test_an_import_that_goes_up_is_named(tmp_path, file, code, sentence):
    found = [*going_up(house(tmp_path, {file: code, "engine/firm.py": code if "firm" in file else ""}))]
    assert len(found) == 1
    assert sentence in found[0]


def test_an_import_that_goes_down_is_fine(tmp_path):
    files = {
        "engine/firm.py": "from simulator.kernel.clock import hour\nfrom ..world import view\nimport numpy",
        "world/view.py": "from . import luck",
        "world/luck.py": "",
        "kernel/clock.py": "",
    }
    assert [*going_up(house(tmp_path, files))] == []
    assert circle(house(tmp_path, files)) == []


def test_a_circle_is_found(tmp_path):
    files = {
        "world/a.py": "from simulator.world.b import x",
        "world/b.py": "def f():\n    from simulator.world import a",
    }
    assert circle(house(tmp_path, files)) == ["simulator.world.a", "simulator.world.b", "simulator.world.a"]


def house(root, files):
    """Build a project of these files and read it."""
    for file, code in files.items():
        path = root / "simulator" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    return project(root)
