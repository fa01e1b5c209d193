"""Remake requirements.lock and requirements-test.lock from pyproject.toml (needs uv on the PATH).

Options are passed on to uv, for example `python3 .ci/lock.py --upgrade`.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME, TESTS = ROOT / "requirements.lock", ROOT / "requirements-test.lock"
# "fewest": one NumPy for all Pythons, so that a result does not depend on which Python is there.
SOLVE = ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--only-binary", ":all:"]
WRITE = ["--generate-hashes", "--no-header", "--no-annotate"]
COMPILE = ["uv", "pip", "compile", "--quiet", *SOLVE, *WRITE]


def entries(lock):
    """Split a lock into its requirements, each with the hashes that follow it."""
    found = []
    for line in lock.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith(" "):
            found[-1] += line
        else:
            found.append(line)
    return found


def main():
    """Pin what runs, then what only the tests need, at versions that agree."""
    options = sys.argv[1:]
    # Whoever has a checkout can use all of it, but for a compiler of a hundred megabytes that one figure would need.
    everything = ["--all-extras", "--no-extra", "forecasts", "pyproject.toml", "-o", RUNTIME.name]
    subprocess.run([*COMPILE, *options, *everything], cwd=ROOT, check=True)
    test_only = ["--group", "dev", "-c", RUNTIME.name, "-o", TESTS.name]
    subprocess.run([*COMPILE, *options, *test_only], cwd=ROOT, check=True)
    shared = set(entries(RUNTIME))
    TESTS.write_text("".join(entry for entry in entries(TESTS) if entry not in shared), encoding="utf-8")


if __name__ == "__main__":
    main()
