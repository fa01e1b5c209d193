"""How workers start: forked by the command line, spawned for everybody else, and made good for either way."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from simulator.kernel.starting import FORK, SPAWN, usual_start
from simulator.kernel.workers import as_they_come, crew

BY_THE_COMMAND = """
import sys
from simulator.faces.cli.__main__ import run
sys.argv = ["sop", "--version"]
try:
    run()
except SystemExit:
    from simulator.kernel.starting import usual_start
    print(usual_start())
"""


def dies_once(mark: Path) -> int:
    """Die of the first try, and find something in the second."""
    if not mark.exists():
        mark.touch()
        os._exit(9)
    return 7


def test_library_spawns_its_workers():
    assert usual_start() == SPAWN


@pytest.mark.skipif(sys.platform != "linux", reason="forked on Linux alone")
def test_command_line_forks_its_workers():
    done = subprocess.run([sys.executable, "-c", BY_THE_COMMAND], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == FORK


@pytest.mark.skipif(sys.platform != "linux", reason="forked on Linux alone")
def test_piece_whose_forked_worker_dies_is_done_by_another(tmp_path):
    with crew(2, method=FORK) as hands:
        found = dict(as_they_come(hands, [("first", partial(dies_once, tmp_path / "mark")), ("second", int)]))
    assert found == {"first": 7, "second": 0}
