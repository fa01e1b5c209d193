"""An answer is kept under what its worker imports and reads: all of it, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from dashboard import asks
from dashboard.case import Case
from dashboard.kinds import KINDS
from dashboard.origin import closure, code_of, data_beside

ROOT = Path(__file__).resolve().parents[2]
WORKER = "dashboard.work"

LOADED = """
import sys
from dashboard.work import stand_by
import dashboard.kinds
stand_by()
from simulator.results.verify import cases
cases()
print(*[name for name in sys.modules if name.split(".")[0] in ("simulator", "dashboard")])
"""


def test_all_that_a_worker_loads_is_followed():
    """What Python itself says of a worker that stands by for its first work, and has the known answers ready."""
    run = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, input="", capture_output=True, text=True, check=True)
    assert {*run.stdout.splitlines()[-1].split()} <= {*closure(WORKER)}


def test_code_that_makes_numbers_counts_and_looks_do_not():
    found = closure(WORKER)
    assert {work.__module__ for work in KINDS.values()} <= {*found}
    makers = (
        "results.story",
        "studies.buffers",
        "results.verify.formulas",
        "engine.day.deliver",
        "kernel.lanes",
    )
    assert {f"simulator.{name}" for name in makers} <= {*found}
    assert not [
        name for name in found if name.startswith(("simulator.faces.cli", "simulator.faces.charts", "dashboard.pages"))
    ]


def test_data_count_that_the_code_reads():
    data = {path.name for path in closure(WORKER).values() for path in data_beside(path)}
    assert {"siloed.toml", "elements.toml", "scorecard.toml"} <= data


def test_an_answer_follows_from_the_text_of_rules_that_packages_bring(monkeypatch):
    ask = asks.Ask("compare", Case("trading"), ("chase",), 2, 1)
    plain = asks._key.__wrapped__(ask)
    monkeypatch.setattr(asks, "texts_behind", lambda *said: ["a hash"])
    assert asks._key.__wrapped__(ask) != plain


@pytest.fixture
def house(tmp_path):
    """A worker that imports one module within a function and another for type checkers only, and data beside it."""
    files = {
        "dashboard/__init__.py": "",
        "dashboard/work.py": "from __future__ import annotations\ndef f():\n    try:\n"
        "        from simulator.a import x\n    except E:\n        pass",
        "simulator/__init__.py": "",
        "simulator/a/__init__.py": "from pathlib import Path\nfrom typing import TYPE_CHECKING\nfrom .b import c\n"
        'DATA = Path(__file__).with_name("data")\nif TYPE_CHECKING:\n    from simulator import types\n',
        "simulator/a/b.py": "c = 1",
        "simulator/a/data/more/one.toml": "x = 1",
        "simulator/a/notes.txt": "read by nobody",
        "simulator/types.py": "",
        "simulator/other.py": "",
    }  # fmt: skip
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "matters"),
    [
        ("dashboard/work.py", True),
        ("simulator/a/__init__.py", True),
        ("simulator/a/b.py", True),
        ("simulator/a/data/more/one.toml", True),
        ("simulator/a/notes.txt", False),
        ("simulator/types.py", False),
        ("simulator/other.py", False),
    ],
)
def test_a_change_moves_the_mark_where_it_matters(house, file, matters):
    before = code_of(WORKER, house)
    with (house / file).open("a", encoding="utf-8") as text:
        text.write("\n# a remark\n")
    assert (code_of(WORKER, house) != before) is matters
