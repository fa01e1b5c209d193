"""Hold the tool that plants bugs to its own rules: which file, which folder, which tests, how long."""

from collections import namedtuple

import pytest

from tests.mutation import lines, operators, report, run
from tests.mutation.__main__ import every_bug
from tests.mutation.accepted import REASONS

Drawn = namedtuple("Drawn", "file")


@pytest.mark.parametrize(
    ("measured", "place"),
    [
        ("/home/me/sandbox/simulator/studies/cost.py", "simulator/studies/cost.py"),
        ("/srv/simulator/copy/simulator/engine/month/impact.py", "simulator/engine/month/impact.py"),
        ("/srv/copy/dashboard/pages/cycle.py", "dashboard/pages/cycle.py"),
    ],
)
def test_a_file_is_known_from_the_projects_folder_on(measured, place):
    assert lines._place(measured) == place


def test_each_target_is_counted_by_itself():
    files = ["results/kpis/stock.py", "engine/money/journal.py", "engine/month/impact.py", "studies/cost.py"]
    folders = [report.folder(Drawn(f"simulator/{file}")) for file in files]
    assert folders == ["results/kpis", "engine/money", "engine/month", "studies"]


@pytest.mark.parametrize(("seconds", "count"), [(3.0, 2), (3.5, 3), (0.5, 1), (60.0, 4)])
def test_the_quickest_tests_that_fit_are_run_and_one_at_least(seconds, count):
    tests = [("a", 1.0), ("b", 1.5), ("c", 1.0), ("d", 20.0)]
    assert run.within(tests, seconds) == count


@pytest.mark.parametrize(
    ("status", "printed", "ended"),
    [(0, "", "missed"), (1, "1 failed", "found"), (2, "ERROR collecting tests/test_a.py", "found")],
)
def test_a_bug_is_found_where_a_test_fails_or_cannot_be_read(monkeypatch, tmp_path, status, printed, ended):
    assert _outcome(monkeypatch, tmp_path, status, printed) == ended


@pytest.mark.parametrize(("status", "printed"), [(2, "Interrupted"), (3, "INTERNALERROR"), (4, "not found: test_a")])
def test_a_run_that_says_nothing_of_the_bug_does_not_count(monkeypatch, tmp_path, status, printed):
    with pytest.raises(RuntimeError, match=f"status {status}"):
        _outcome(monkeypatch, tmp_path, status, printed)


def test_a_run_without_an_end_waits_ten_times_as_long_as_its_tests(monkeypatch, tmp_path):
    asked = {}

    def never(*_, timeout, **__):
        asked["timeout"] = timeout
        raise run.subprocess.TimeoutExpired("pytest", timeout)

    monkeypatch.setattr(run.subprocess, "run", never)
    assert run._outcome(tmp_path, [("test_a", 2.0), ("test_b", 4.0)]) == "endless"
    assert asked["timeout"] == 120 + 10 * 6


def _outcome(monkeypatch, folder, status, printed):
    done = namedtuple("Done", "returncode stdout stderr")(status, printed, "")
    monkeypatch.setattr(run.subprocess, "run", lambda *_, **__: done)
    return run._outcome(folder, [("test_a", 1.0)])


def test_a_line_that_runs_on_import_is_seen_by_tests_of_its_file_and_of_declarations():
    """A line that a test runs is seen by that test alone."""
    made = lines.Lines.__new__(lines.Lines)
    defaults, own = "tests/sop/test_defaults.py::test_rules", "tests/test_a.py::test_a"
    made.seconds = {tuple(test.split("::")): seconds for test, seconds in ((defaults, 1.0), (own, 2.0))}
    made.known, made.tests = {defaults, own}, {"simulator/planning/a.py": {1: set(), 5: {own}}}
    file, Bug = "simulator/planning/a.py", namedtuple("Bug", "file line old on_import")
    assert made.seeing(Bug(file, 5, "x", False)) == [own]
    assert made.seeing(Bug(file, 4, "x\ny", False)) == [own]
    assert made.seeing(Bug(file, 1, "x", True)) == made.seeing(Bug(file, 5, "x", True)) == [defaults, own]


def test_what_runs_on_import_is_told_from_what_is_called(tmp_path, monkeypatch):
    """Figures of a file, of a class and of a default are there before anything is called."""
    monkeypatch.setattr(operators, "ROOT", tmp_path)
    file = tmp_path / "simulator" / "a.py"
    file.parent.mkdir()
    file.write_text("A = 2\n\n\nclass B:\n    c = 3\n\n    def d(self, e=4):\n        return 5\n", encoding="utf-8")
    assert {bug.old: bug.on_import for bug in operators.bugs_in(file)} == {"2": True, "3": True, "4": True, "5": False}


def test_a_report_tells_the_share_of_all_and_of_those_that_change_something(monkeypatch):
    """Three of five are found; one of the others changes nothing: 60 % of all, 75 % of the rest."""
    monkeypatch.setattr(report, "REASONS", {"d": "It changes nothing."})
    Named = namedtuple("Named", "name file")
    bugs = [Named(name, "simulator/studies/cost.py") for name in "abcde"]
    ends = ("found", "found", "endless", "missed", "unseen")
    ended = [run.Fate(bug, 7, end) for bug, end in zip(bugs, ends, strict=True)]
    told = report.report(ended, bugs * 3, 5)
    assert "**3 of 5 bugs found (60.0%)**, 1 of them by a run without an end; drawn from 15." in told
    assert "3 of 4 (75.0%)" in told
    assert "| studies | 15 | 5 | 3 | 2 |" in told
    assert told.endswith("| `d` | 7 | It changes nothing. |\n| `e` | 7 |  |\n")
    assert report.share_found(ended) == 0.75


def test_every_reason_is_that_of_a_bug_that_can_be_planted():
    """A reason does not outlive its bug."""
    assert REASONS.keys() <= {bug.name for bug in every_bug()}
