"""Each law is proved by breaking the code: a planted bug that no test finds is a law that says nothing."""

import pytest

from tests.laws.mutants import MUTANTS, outcome, places, planted
from tests.laws.quality_mutants import QUALITY_MUTANTS

EVERY = [*MUTANTS, *QUALITY_MUTANTS]

FAILED = 1
"""Pytest's exit status when tests ran and failed; others mean that none was found or that the copy does not work."""


@pytest.mark.parametrize("mutant", EVERY, ids=lambda m: m.bug)
def test_the_bug_can_be_planted(mutant):
    """One function of that name holds once what it replaces: a bug that is nowhere is found by every test."""
    assert len(places(mutant)) == 1
    assert mutant.new != mutant.old


@pytest.mark.slow
@pytest.mark.parametrize("mutant", EVERY, ids=lambda m: m.bug)
def test_the_bug_is_found(mutant, tmp_path):
    """Its law fails on a copy of the simulator with the bug in it."""
    status, said = outcome(planted(mutant, tmp_path), mutant.tests)
    assert status == FAILED, said


@pytest.mark.slow
def test_without_a_bug_all_laws_hold(tmp_path):
    """The copy itself is not what fails."""
    status, said = outcome(planted(None, tmp_path), "")
    assert status == 0, said
