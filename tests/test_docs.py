"""Every code block of the documents runs as it stands."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.planning import Policy
from simulator.studies.study import load_study

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "benchmarks" / "README.md"])
PREFIX = "python3 start.py sop "


def blocks(language):
    """The code blocks of a language, each with where it stands."""
    for document in DOCUMENTS:
        for k, found in enumerate(re.findall(rf"```{language}\n(.*?)```", document.read_text(encoding="utf-8"), re.S)):
            yield pytest.param(found, id=f"{document.name}-{k}")


def commands():
    """The commands of the product that the documents show."""
    for param in blocks("console"):
        for line in param.values[0].splitlines():
            if line.startswith(PREFIX):
                yield pytest.param(shlex.split(line.removeprefix(PREFIX)), id=line.removeprefix(PREFIX)[:60])


@pytest.mark.parametrize("code", [*blocks("python")])
def test_python_runs(code, monkeypatch):
    """What a reader copies works."""
    monkeypatch.chdir(ROOT)
    exec(compile(code, "document", "exec"), {"__name__": "document"})


@pytest.mark.parametrize("words", [*commands()])
def test_commands_run(words, monkeypatch):
    """What a reader types works."""
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert result.output.strip()


@pytest.mark.parametrize("text", [*blocks("toml")])
def test_files_are_valid(text, tmp_path):
    """A scenario loads; a policy runs on a small company; a study lays out its points."""
    tables = tomllib.loads(text)
    file = tmp_path / "example.toml"
    file.write_text(text, encoding="utf-8")
    if "factors" in tables:
        assert load_study(file).points
    elif not tables.keys() <= Policy.model_fields.keys():
        assert load(file).company.products
    else:
        assert load("trading").policy(str(file)).note == tables["note"]


def test_links_lead_somewhere():
    """Every file that a document points to is there."""
    for document in DOCUMENTS:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / link).exists(), f"{document.name} points to {link}"
