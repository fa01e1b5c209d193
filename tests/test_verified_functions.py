"""What `sop verify` certifies is what runs: each case names a function that a run, a rule, a study or a page calls."""

import ast
import sys

import pytest

from simulator.planning.rules import rights
from simulator.results.verify import cases, departments, simulated
from tests.reach import Project

VERIFY = "simulator.results.verify"
CASES = {case.name: case for case in cases()}


@pytest.fixture(scope="module")
def project():
    return Project()


@pytest.fixture(scope="module")
def reached(project):
    """All that pages, the command line and the rules that policies choose come to, not by way of the known answers."""
    faces = [name for name in project.defined if name[0].startswith(("dashboard", "simulator.faces"))]
    rules = [(rule.__module__, rule.__name__) for right in rights() for rule in right.known.values()]
    return project.reached([*faces, *(rule for rule in rules if rule in project.defined)], VERIFY)


@pytest.mark.parametrize("function", sorted({(c.holds.__module__, c.holds.__qualname__) for c in CASES.values()}))
def test_a_run_a_rule_or_a_page_reaches_what_a_case_holds(function, reached):
    module, name = function
    assert (module, name.split(".")[0]) in reached


def test_no_formula_stands_in_theory_for_its_own_sake(project, reached):
    """Everything that theory defines is come to from outside; what is not, is no part of the product."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    theory = {
        n for n, node in project.defined.items() if n[0].startswith("simulator.theory") and isinstance(node, kinds)
    }
    assert sorted(theory - reached) == []


def test_what_nobody_calls_is_seen(project):
    """From one page alone most of theory is not come to."""
    found = project.reached([("simulator.planning.anchoring", "AnchorAndAdjust")], VERIFY)
    assert ("simulator.planning.anchoring", "anchored_order") in found
    assert not [name for name in found if name[0] == "simulator.theory.selection"]


class Broken(Exception):
    """The function that a case holds was called."""


@pytest.mark.parametrize("name", CASES)
def test_a_case_calls_what_it_says_that_it_holds(name, monkeypatch):
    """Where the function fails, the case does."""
    case = CASES[name]

    def fail(*_, **__):
        raise Broken

    for module in [module for key, module in sys.modules.items() if key.startswith("simulator.")]:
        for attribute in [key for key, value in vars(module).items() if value is case.holds]:
            monkeypatch.setattr(module, attribute, fail)
    owner, _, method = case.holds.__qualname__.rpartition(".")
    if owner:
        monkeypatch.setattr(getattr(sys.modules[case.holds.__module__], owner), method, fail)
    for kept in (simulated.textbook_figures, departments.market_figures, departments.long_run, departments._line):
        kept.cache_clear()
    with pytest.raises(Broken):
        case.compute()


def test_the_command_names_the_function():
    assert CASES["Holt .1, .2: level, trend"].function == "simulator.planning.forecast.Holt.__call__"
    assert CASES["three stages in series: cost"].function == "simulator.results.run.simulate"
