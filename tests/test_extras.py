"""The engine stands without a web server, charts or a cluster; whoever asks for a part that is missing is told its name."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.faces.cli import main
from simulator.kernel import extras

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PARTS = ("streamlit", "altair", "vl_convert", "xlsxwriter", "reportlab", "distributed")

WITHOUT = f"""
import sys
for name in {PARTS!r}:
    sys.modules[name] = None  # as if it were not installed
from click.testing import CliRunner
from simulator.faces.cli import main
for words in (["check", "trading"], ["describe", "trading"], ["run", "trading", "--months", "3", "--warm-up", "1"],
              ["compare", "trading", "--policy", "chase", "--replications", "2", "--months", "3", "--warm-up", "1"]):
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
"""


def test_the_engine_runs_without_them():
    subprocess.run([sys.executable, "-c", WITHOUT], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    ("words", "what", "missing", "extra"),
    [
        ("dashboard", "the dashboard", "streamlit", "dashboard"),
        ("bridge trading --chart b.svg", "--chart", "altair", "charts"),
        ("bridge trading --chart b.svg", "--chart", "vl_convert", "charts"),
        ("compare trading --out a.pptx", "an answer that ends in .pptx", "pptx", "files"),
        ("compare trading --out a.pdf", "an answer that ends in .pdf", "reportlab", "files"),
        ("sweep safety-stock --cluster local --yes", "--cluster", "distributed", "cluster"),
    ],
)
def test_what_is_missing_is_named(words, what, missing, extra, monkeypatch, tmp_path):
    found = extras.find_spec
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == missing else found(name))
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(main, words.split())
    assert told.exit_code == 2
    sentence = f"{what} needs {missing}, which is not installed; install the extra: pip install 'sop-sandbox[{extra}]'"
    assert told.output.splitlines()[-1] == f"sop: {sentence}"


def test_what_is_left_out_is_no_dependency():
    needed = " ".join(PROJECT["dependencies"])
    assert not [part for part in PARTS if part.replace("_", "-") in needed]
    offered = {name: " ".join(parts) for name, parts in PROJECT["optional-dependencies"].items()}
    assert {part for part in PARTS if any(part.replace("_", "-") in parts for parts in offered.values())} == {*PARTS}
    assert all(part in offered["dashboard"] for part in PROJECT["optional-dependencies"]["charts"])


def test_types_are_there_for_others():
    assert (ROOT / "simulator" / "py.typed").exists()
