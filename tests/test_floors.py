"""Data goes down the floors and never back up: a file imports only from floors below its own."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A place is a module, or a package with all that is in it.
FLOORS = {
    "simulator.units": 0,
    "simulator.version": 0,
    "simulator.toml": 0.5,
    "simulator.interrupts": 0,  # how the program ends when it is told to
    "simulator.entries": 0.4,  # names of entries, read and written
    "simulator.gate": 0.5,  # the way in of every file and text
    "simulator.company": 1,
    "simulator.clock": 1,
    "simulator.lanes": 1,
    "simulator.theory": 1,
    "simulator.files": 1,
    "simulator.guard": 1,  # scripts that may not start workers
    "simulator.workers": 1,  # one pool for every command
    "simulator.words": 1,  # sentences about what is wrong with a record
    "simulator.staffing": 1.4,  # people, shifts, subcontractors as arrays
    "simulator.sources": 1.4,  # ways of buying as arrays
    "simulator.network": 1.5,  # the company as arrays, for all that draws, records or plans
    "simulator.chance": 2,
    "simulator.ledger": 2,
    "simulator.opening": 2,  # how a company stands on its first morning
    "simulator.plans": 2,
    "simulator.view": 2,
    "simulator.policies": 3,
    "simulator.departments": 3.5,
    "simulator.sop": 4,
    "simulator.archive": 3.6,  # the past, as planners are told it
    "simulator.accounts": 3.6,  # which books a company keeps
    "simulator.firm": 4,
    "simulator.processes": 5,
    "simulator.scenario": 6,
    "simulator.saving": 6.05,  # a scenario as a file
    "simulator.expected": 6.05,  # what a company must expect before any luck
    "simulator.running": 6.1,  # the months before the first day
    "simulator.books": 6,  # what a run leaves behind
    "simulator.money": 6.1,  # the books in money
    "simulator.measures": 6.2,
    "simulator.documents": 6.3,  # a run hands out the documents of its months
    "simulator.run": 6.4,
    "simulator.settled": 6.5,  # whether what is scored has settled
    "simulator.estimates": 6.9,  # how sure a figure is
    "simulator.comparison": 6.95,  # what was compared, and what it says
    "simulator.compare": 7,
    "simulator.describe": 6.15,  # a company in words; what is odd about it is said wherever figures are
    "simulator.bridge": 7.2,
    "simulator.forecast_value": 7.2,
    "simulator.experiments": 7.4,
    "simulator.charts": 7.35,  # figures in tips are those of reports
    "simulator.verify": 7,
    "simulator.report": 7.3,  # how results leave; it builds on the comparison
    "simulator": 7.5,  # the public names, handed on lazily from all floors: for the faces only
    "simulator.kinds": 7.45,  # what a file is, and whether it runs
    "simulator.cli": 8,
    "dashboard": 8,
}

# Two places of one floor know each other only where it is written here, as (importer, imported), with the reason.
ALLOWED_PAIRS: set[tuple[str, str]] = {
    ("simulator.view", "simulator.plans"),  # a planner reads the plans that were approved
    ("simulator.sop", "simulator.firm"),  # a step reads the firm and writes its plans; the firm knows no step
}


def module_name(path, root=ROOT):
    """The dotted name under which a file is imported."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def place_of(module):
    """The place on the list that a module belongs to; None if the list does not know it."""
    place = module
    while place not in FLOORS and "." in place:
        place = place.rpartition(".")[0]
    if place == "simulator" and module != "simulator":
        return None
    return place if place in FLOORS else None


def runtime_nodes(node):
    """All nodes of a file but those that only a type checker sees."""
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
        children = node.orelse
    else:
        children = ast.iter_child_nodes(node)
    for child in children:
        yield from runtime_nodes(child)


def imports(path, root=ROOT):
    """Each import of our own modules in a file, also inside functions: line number and dotted name."""
    name = module_name(path, root)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in runtime_nodes(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = imported_from(node, package)
        else:
            continue
        yield from ((node.lineno, name) for name in names if name.split(".")[0] in ("simulator", "dashboard"))


def imported_from(node, package):
    """The modules behind `from ... import ...`: a name taken from a package may be a module of it."""
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    origin = ".".join([*above, *([node.module] if node.module else [])])
    if origin != "simulator":
        return [origin]
    names = [alias.name for alias in node.names if alias.name != "__version__"]  # a plain constant, on no floor
    return sorted({f"simulator.{name}" if f"simulator.{name}" in FLOORS else "simulator" for name in names})


def floor_name(place):
    """A place and its floor in words."""
    return f"{place} (floor {FLOORS[place]})"


def problem(importer, imported):
    """Why one place may not import the other, in words; nothing if it may."""
    if imported is None:
        return "which is on no floor; give it one in FLOORS"
    if importer == imported or FLOORS[imported] < FLOORS[importer] or (importer, imported) in ALLOWED_PAIRS:
        return ""
    if FLOORS[imported] > FLOORS[importer]:
        return f"but {floor_name(importer)} may only import from below, not from {floor_name(imported)}"
    return f"but {floor_name(importer)} and {floor_name(imported)} share a floor and are no pair of ALLOWED_PAIRS"


def problems(root=ROOT):
    """Every import that goes up, or across without leave, each as a sentence with file and line."""
    found = []
    for path in sorted([*root.glob("simulator/**/*.py"), *root.glob("dashboard/**/*.py")]):
        where, importer = path.relative_to(root).as_posix(), place_of(module_name(path, root))
        if importer == "simulator":
            continue  # simulator/__init__.py hands on the public names
        if importer is None:
            found.append(f"{where} is on no floor; give it one in FLOORS")
            continue
        for line, module in imports(path, root):
            reason = problem(importer, place_of(module))
            if reason:
                found.append(f"{where}:{line} imports {module}, {reason}.")
    return found


def test_imports_only_go_down():
    """Nobody knows those above."""
    found = problems()
    assert not found, "\n" + "\n".join(found)


def test_an_allowed_pair_shares_a_floor_and_goes_one_way():
    """An exception never makes a circle."""
    for importer, imported in ALLOWED_PAIRS:
        assert FLOORS[importer] == FLOORS[imported]
        assert (imported, importer) not in ALLOWED_PAIRS


@pytest.mark.parametrize(
    ("file", "code", "sentence"),
    [
        ("clock.py", "from simulator.ledger import move", "clock.py:1 imports simulator.ledger, but simulator.clock"),
        ("clock.py", "def f():\n    import simulator.run", "clock.py:2 imports simulator.run, but"),
        ("clock.py", "from . import firm", "may only import from below, not from simulator.firm (floor 4)"),
        ("sop/demand_plan.py", "from ..processes import make", "sop/demand_plan.py:1 imports simulator.processes"),
        ("clock.py", "from simulator.company import Product", "share a floor and are no pair of ALLOWED_PAIRS"),
        ("report.py", "from simulator import load", "not from simulator (floor 7.5)"),
        ("gossip.py", "", "simulator/gossip.py is on no floor"),
        ("cli.py", "from simulator.gossip import secret", "imports simulator.gossip, which is on no floor"),
        ("../dashboard/app.py", "import simulator.cli", "dashboard (floor 8) and simulator.cli (floor 8) share"),
        ("run.py", "if TYPE_CHECKING:\n    pass\nelse:\n    import simulator.cli", "run.py:4 imports simulator.cli"),
    ],
)
def test_an_import_that_goes_up_or_across_is_named(tmp_path, file, code, sentence):
    """The law is proved by breaking it."""
    assert sentence in "\n".join(written(tmp_path, file, code))


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("firm.py", "from simulator.ledger import Ledger\nfrom .units import ScenarioError\nimport numpy"),
        ("company/product.py", "from simulator.company.family import Family\nfrom . import finance"),
        ("report.py", "from simulator import __version__, units"),
        ("__init__.py", "from simulator.compare import compare"),
        ("view.py", "if TYPE_CHECKING:\n    from simulator.firm import Firm"),
        ("../dashboard/pages/lab.py", "from simulator import load\nfrom dashboard import charts"),
    ],
)
def test_an_import_that_goes_down_or_stays_at_home_is_fine(tmp_path, file, code):
    """So is one that only a type checker sees."""
    assert written(tmp_path, file, code) == []


def written(root, file, code):
    """What the law says about a project of this one file."""
    path = (root / "simulator" / file).resolve()
    path.parent.mkdir(parents=True)
    path.write_text(code, encoding="utf-8")
    return problems(root)
