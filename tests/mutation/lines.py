"""Find out which test runs which line, so that a bug is held against the tests that can see it."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import coverage

from tests.mutation.operators import ROOT
from tests.mutation.places import OF_DECLARATIONS, TARGETS

FAST = "not (slow or browser)"
UNKNOWN = 10.0
"""Seconds that a test counts for whose time was not measured."""


def measure(file, workers=2):
    """Run the fast tests once and note for each line of the targets the tests that run it."""
    settings = file.with_suffix(".ini")
    sources = "".join(f"\n    simulator/{target}" for target in TARGETS)
    settings.write_text(f"[run]\nsource = {sources}\ndata_file = {file}\nparallel = true\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "--dist", "loadfile", "-m", FAST, "-p",
               "no:cacheprovider", "--cov", f"--cov-config={settings}", "--cov-context=test", "--cov-report=",
               f"--junitxml={times_file(file)}"]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The tests fail without any bug; mend them first.\n{done.stdout[-3_000:]}")


def times_file(file):
    """Name the file beside a coverage run that says how long each test took."""
    return file.with_suffix(".xml")


def seconds_of(file):
    """Read how long each test took, by file and name."""
    cases = ElementTree.parse(times_file(file)).iter("testcase")
    return {
        (case.get("classname", "").replace(".", "/") + ".py", case.get("name")): float(case.get("time"))
        for case in cases
    }


def failing_in(file):
    """Find the tests that failed without any bug: they would find every bug."""
    cases = ElementTree.parse(times_file(file)).iter("testcase")
    failed = (case for case in cases if case.find("failure") is not None or case.find("error") is not None)
    return {(case.get("classname", "").replace(".", "/") + ".py", case.get("name")) for case in failed}


class Lines:
    """The tests that run each line, the quickest first; those that failed without a bug are left out."""

    def __init__(self, file):
        self.seconds, failing = seconds_of(file), failing_in(file)
        self.known = {"::".join(test) for test in self.seconds if test not in failing}
        self.data = coverage.CoverageData(str(file))
        self.data.read()
        self.tests = {}
        for path in self.data.measured_files():
            by_line = self.data.contexts_by_lineno(path)
            self.tests[_place(path)] = {
                line: {_test(c) for c in contexts if c and tuple(_test(c).split("::", 1)) not in failing}
                for line, contexts in by_line.items()
            }

    def seeing(self, bug):
        """List the tests that run the line of a bug; of its file and of declarations where the line runs on import."""
        by_line = self.tests.get(bug.file, {})
        last = bug.line + bug.old.count("\n")
        tests = set().union(*(by_line.get(line, set()) for line in range(bug.line, last + 1)))
        if bug.on_import or not tests:
            tests = set().union(*by_line.values(), {test for test in self.known if test.startswith(OF_DECLARATIONS)})
        return sorted(tests, key=lambda test: (self.seconds_of(test), test))

    def seconds_of(self, test):
        """Tell how long a test took; a long time where nobody knows."""
        return self.seconds.get(tuple(test.split("::", 1)), UNKNOWN)


def _place(path):
    """Name a measured file from the project's folder on, whichever copy of the project was measured."""
    parts = Path(path).parts
    top = max(k for k, part in enumerate(parts) if part in ("simulator", "dashboard"))
    return "/".join(parts[top:])


def _test(context):
    return context.rpartition("|")[0] or context
