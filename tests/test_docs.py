"""Every code block of the documents runs as it stands, whatever its marker; every path and function that they name exists."""

import ast
import functools
import hashlib
import json
import re
import runpy
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.company import history
from simulator.engine.day.timetable import DAY
from simulator.engine.decision_file import read_decisions
from simulator.engine.scenario import load, preset
from simulator.faces.cli import main
from simulator.kernel.clock import Hour
from simulator.kernel.version import VERSION
from simulator.planning import Policy
from simulator.studies.study import load_study

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / folder / "README.md" for folder in ("benchmarks", "dashboard", "scenarios/giftware")),
        *(ROOT / "simulator").rglob("*.md"),
    ]
)
MADE = runpy.run_path(str(ROOT / ".ci" / "documents.py"))
"""What remakes the documents that are generated."""

BLOCK = re.compile(r"^(<!-- not run: (?P<reason>[^\n]+) -->\n)?```(?P<kind>\S*)\n(?P<text>.*?)^```", re.S | re.M)
PREFIX = "python3 start.py sop "
BESIDES = {"python3 start.py", "python3 start.py test", "python3 start.py setup"}
"""Commands that set up or test everything: `.ci/run` runs them, and tests/test_launcher.py."""

LONG = {
    "fva giftware --replications 4",
    "bridge trading --element consensus --element smoothing --replications 4 --workers 1",
}
"""Commands that others of their kind stand in for where nobody asks for the slow tests."""

HISTORY = {"CHANGELOG.md", "decisions.md"}
"""Documents that tell of what was, and may name what is gone."""

OF_READERS = {"mine.py"}
"""Files that a reader writes."""

TREES = ("simulator", "dashboard", "tests", "docs", "scenarios", "benchmarks", ".ci")


@pytest.fixture(autouse=True, scope="module")
def read_once():
    """Read a file of order lines once for all commands: half a second each, and many of them simulate giftware."""
    read, known = history.read_lines, {}

    def remembered(file, calendar, products, units, rules):
        key = (str(file), repr(calendar), tuple(products), units, rules)
        if key not in known:
            known[key] = read(file, calendar, products, units, rules)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "read_lines", remembered)
        yield


def text_of(document):
    """Read a document."""
    return document.read_text(encoding="utf-8")


def blocks(*kinds):
    """The code blocks with these markers, each with where it stands; a block that is not run says why in a comment before it."""
    for document in DOCUMENTS:
        for k, found in enumerate(BLOCK.finditer(text_of(document))):
            if found["kind"] in kinds and not found["reason"]:
                yield pytest.param(found["text"], id=f"{document.name}-{k}")


def commands():
    """The commands of the product that the documents show, each once; those with their output are the tutorial's."""
    lines = [line for param in blocks("console") for line in param.values[0].splitlines()]
    for line in dict.fromkeys(lines):
        if line.startswith(PREFIX):
            words = line.removeprefix(PREFIX)
            marks = [pytest.mark.slow] if words in LONG else []
            yield pytest.param(shlex.split(words), id=words[:60], marks=marks)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_block_is_left_out(document):
    """A marker is one that is run, or the comment before the block says why it is not."""
    text = text_of(document)
    found = [*BLOCK.finditer(text)]
    assert len(found) == len(re.findall(r"^```\S*$", text, re.M)) / 2
    for block in found:
        assert block["reason"] or block["kind"] in ("console", "python", "toml", "json"), block["text"]
        if block["kind"] == "json":
            assert json.loads(block["text"])
        if block["kind"] == "console" and not block["reason"]:
            shown = [line for line in block["text"].splitlines() if not line.startswith((PREFIX, MADE["COMMAND"]))]
            assert "$" in block["text"] or set(shown) <= BESIDES, shown
    prose = BLOCK.sub("", text)
    assert not re.search(r"\n\n {4}(?![-*\d])\S", prose), "an indented block has no marker; fence it"


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
    """A scenario loads; a policy runs on a small company; a study lays out its points; decisions can be taken on giftware."""
    if text in MADE["steps"]():
        return  # a step of the tutorial, whose commands run it
    tables = tomllib.loads(text)
    file = tmp_path / "example.toml"
    file.write_text(text, encoding="utf-8")
    if "decisions" in tables:
        assert read_decisions(file, load("giftware"), preset("sop"))
    elif "factors" in tables:
        assert load_study(file).points
    elif not tables.keys() <= Policy.model_fields.keys():
        assert load(file).company.products
    else:
        assert load("trading").policy(str(file)).note == tables["note"]


# What is generated


def test_the_tutorial_shows_its_files_and_what_its_commands_print():
    """If this fails: .venv/bin/python .ci/documents.py, and read what has changed."""
    text = MADE["TUTORIAL"].read_text(encoding="utf-8")
    assert _alike(MADE["filled"](text)) == _alike(text)


def _alike(text):
    """Mask the hash of runs, whose last bits differ between types of processors."""
    return re.sub(r"content [0-9a-f]{32}", "content", text)


def test_the_reference_says_what_docstrings_say():
    """If this fails: .venv/bin/python .ci/documents.py."""
    assert MADE["API"].read_text(encoding="utf-8") == MADE["reference"]()


# What is named exists


def test_links_lead_somewhere():
    """Every file, and every heading in it, that a document points to is there."""
    for document in DOCUMENTS:
        for link in re.findall(r"\]\((?!https?:)([^)]+)\)", BLOCK.sub("", text_of(document))):
            path, _, heading = link.partition("#")
            target = document.parent / path if path else document
            assert target.exists(), f"{document.name} points to {link}"
            assert not heading or heading in _headings(target), f"{document.name} points to {link}"


def _headings(document):
    """The headings of a document as links name them."""
    titles = re.findall(r"^#+ (.+)$", text_of(document), re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_functions_that_are_linked_are_defined_there():
    """[`ship`](.../deliver.py) names a function, class or table of that file."""
    for document in DOCUMENTS:
        for name, path in re.findall(r"\[`(\w+)`\]\(([^)]+\.py)\)", text_of(document)):
            assert name in _defined(document.parent / path), f"{document.name}: no {name} in {path}"


@functools.cache
def _defined(path):
    """Names that a module defines or assigns at its top, or as an entry of a class."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def test_paths_that_are_named_are_there():
    """`simulator/engine/month/` in a text is a path of the project, * in it stands for names; so is a module's dotted name."""
    for document in (document for document in DOCUMENTS if document.name not in HISTORY):
        for words in re.findall(r"`([^`\n]+)`", BLOCK.sub("", text_of(document))):
            if re.fullmatch(rf"({'|'.join(map(re.escape, TREES))})/[\w./*-]*", words):
                assert [*ROOT.glob(words.rstrip("/"))], f"{document.name} names {words}"
            elif re.fullmatch(r"\w+\.py", words) and words not in OF_READERS:
                assert words in _files(), f"{document.name} names {words}"
            elif re.fullmatch(r"simulator(\.\w+)+", words):
                assert _is_module(words), f"{document.name} names {words}"


@functools.cache
def _files():
    """The names of all Python files of the project."""
    return {path.name for tree in TREES for path in (ROOT / tree).rglob("*.py")} | {"start.py"}


def _is_module(dotted):
    """Whether a dotted name is a module, or defined in one."""
    path = ROOT.joinpath(*dotted.split("."))
    inner = path.parent / "__init__.py" if path.parent.is_dir() else path.parent.with_suffix(".py")
    return path.is_dir() or path.with_suffix(".py").exists() or path.name in _defined(inner)


def test_the_table_of_a_day_holds_every_hour_and_step():
    """The architecture's table of a day has each hour of the clock, in its order, and each process of the day."""
    text = text_of(ROOT / "docs" / "architecture.md")
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", text, re.M)
    assert [*dict.fromkeys((int(hour), name) for hour, name in rows)] == [(hour.value, hour.name) for hour in Hour]
    linked = {
        (int(hour), name)
        for hour, line in re.findall(r"^\| (\d+) \| `\w+` \| (.+)$", text, re.M)
        for name in re.findall(r"\[`(\w+)`\]", line)
    }
    assert {(hour.value, step.__name__) for hour, step, _ in DAY} <= linked
    theirs = {
        (getattr(Hour, row.elts[0].attr).value, row.elts[1].attr)
        for path in (ROOT / "simulator" / "engine" / "departments").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == "day"
        for row in (each.value for each in ast.walk(node) if isinstance(each, ast.Yield))
        if isinstance(row, ast.Tuple)
    }
    assert len(theirs) == 7
    assert theirs <= linked


def test_the_version_has_one_value():
    """Command, package, citation and changelog agree: the version is the one being written, with .dev0, else the latest dated one."""
    changelog = text_of(ROOT / "CHANGELOG.md")
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert package["project"]["dynamic"] == ["version"]
    place = ROOT / package["tool"]["hatch"]["version"]["path"]
    assert re.findall(r'^VERSION = "(.+)"$', place.read_text(encoding="utf-8"), re.M) == [VERSION]
    citation = dict(re.findall(r"^(version|date-released): (.+)$", text_of(ROOT / "CITATION.cff"), re.M))
    said = CliRunner().invoke(main, ["--version"]).output
    assert (citation["version"], said) == (VERSION, f"sop {VERSION}\n")
    headings = re.findall(r"^## \[(.+?)\] - (unreleased|\d{4}-\d\d-\d\d)$", changelog, re.M)
    assert len(headings) == len(re.findall(r"^## ", changelog, re.M))
    open_ones = [version for version, date in headings if date == "unreleased"]
    assert open_ones in ([], [headings[0][0]])
    assert (f"{headings[0][0]}.dev0" if open_ones else headings[0][0]) == VERSION
    assert citation.get("date-released") == (None if open_ones else headings[0][1])


CLOSED = {"0.1.0": "4e8f71bda85764c5"}
"""A short hash of what the changelog says of each release that is closed."""


@pytest.mark.parametrize(("version", "kept"), CLOSED.items())
def test_a_closed_release_is_not_rewritten(version, kept):
    """If lines of a merge have landed there, move them under the heading that is open."""
    changelog = text_of(ROOT / "CHANGELOG.md")
    section = re.search(rf"^## \[{re.escape(version)}\].*?(?=^## |\Z)", changelog, re.S | re.M)
    assert hashlib.sha256(section[0].encode()).hexdigest()[:16] == kept


def test_no_environment_is_kept_with_the_code():
    """A `.venv` in the repository, also as a link, would overwrite that of whoever pulls."""
    if not (ROOT / ".git").exists():
        pytest.skip("no repository")
    kept = subprocess.run(["git", "ls-files", ".venv"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not kept, "git rm --cached .venv"
