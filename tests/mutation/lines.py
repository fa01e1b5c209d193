"""Find out which test runs which line, so that a bug is held against the tests that can see it."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import coverage

from tests.mutation.operators import ROOT
from tests.mutation.places import TARGETS

FAST = "not (slow or browser)"


def measure(file, workers=2):
    """Run the fast tests once and note for each line of the targets the tests that run it."""
    settings = file.with_suffix(".ini")
    sources = "".join(f"\n    simulator/{target}" for target in TARGETS)
    settings.write_text(f"[run]\nsource = {sources}\ndata_file = {file}\nparallel = true\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "-m", FAST, "-p", "no:cacheprovider",
               "--cov", f"--cov-config={settings}", "--cov-context=test", "--cov-report="]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The tests fail without any bug; mend them first.\n{done.stdout[-3_000:]}")


class Lines:
    """The tests that run each line, those first that run little else."""

    def __init__(self, file):
        self.data = coverage.CoverageData(str(file))
        self.data.read()
        self.tests = {}
        size = defaultdict(int)
        for path in self.data.measured_files():
            by_line = self.data.contexts_by_lineno(path)
            place = str(Path(path).relative_to(ROOT))
            self.tests[place] = {line: {_test(c) for c in contexts if c} for line, contexts in by_line.items()}
            for tests in self.tests[place].values():
                for test in tests:
                    size[test] += 1
        self.size = size

    def seeing(self, bug):
        """List the tests that run the line of a bug; of its file where the line runs on import."""
        by_line = self.tests.get(bug.file, {})
        last = bug.line + bug.old.count("\n")
        tests = set().union(*(by_line.get(line, set()) for line in range(bug.line, last + 1)))
        tests = tests or set().union(*by_line.values()) if by_line else tests
        return sorted(tests, key=lambda test: (self.size[test], test))


def _test(context):
    return context.rpartition("|")[0] or context
