"""The launcher's promises that need neither network nor environment."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import start

ROOT = Path(start.__file__).parent
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-test.lock"]


def entries(path):
    """Each requirement of a lock with the hashes that follow it."""
    return re.split(r"\n(?! )", path.read_text(encoding="utf-8").strip())


@pytest.fixture
def lock(tmp_path):
    """A small lock file of our own to change."""
    path = tmp_path / "requirements.lock"
    path.write_text("click==8.5.1\n", encoding="utf-8")
    return path


def launch(*words):
    """Run start.py as a person would, but with an environment that must not come into being."""
    environment = {**os.environ, "SOP_VENV": str(ROOT / "no-such-environment")}
    command = [sys.executable, str(ROOT / "start.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_no_address(path):
    """Where packages come from is the business of whoever installs them."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--extra-index|--find-links|file:| @ ", text)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_hashed(path):
    """A package that was tampered with is never installed."""
    for entry in entries(path):
        assert re.match(r"[a-z0-9-]+==[^\s;]+( ;[^\n]+)? \\\n", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_locks_share_no_package():
    """What only the tests need stays out of what a user installs."""
    runtime, tests = ({entry.split("==")[0] for entry in entries(path)} for path in LOCKS)
    assert not runtime & tests


def test_every_wanted_package_is_locked():
    """A dependency added to pyproject.toml without `make lock` is noticed here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    own = {project["project"]["name"]}  # an extra that names another one
    offered = project["project"]["optional-dependencies"]
    extras = [text for name, ranges in offered.items() if name != "forecasts" for text in ranges]  # see .ci/lock.py
    wanted = [project["project"]["dependencies"] + extras, project["dependency-groups"]["dev"]]
    for path, ranges in zip(LOCKS, wanted, strict=True):
        locked = {entry.split("==")[0] for entry in entries(path)}
        assert {re.match(r"[\w-]+", text).group() for text in ranges} - own <= locked, f"{path.name}: run make lock"


def test_the_stamp_stays_while_nothing_changes(lock):
    """The second run has nothing to set up."""
    assert start.stamp_line(lock) == start.stamp_line(lock)


def test_the_stamp_changes_with_the_lock(lock):
    """A changed lock is installed anew."""
    before = start.stamp_line(lock)
    lock.write_text("click==8.5.2\n", encoding="utf-8")
    assert start.stamp_line(lock) != before


def test_the_stamp_changes_with_the_place(lock, tmp_path):
    """An environment cannot be moved, so a moved one is made anew."""
    assert start.stamp_line(lock, tmp_path / "here") != start.stamp_line(lock, tmp_path / "there")


def test_the_stamp_changes_with_the_python(lock, monkeypatch):
    """Packages are installed for one Python."""
    before = start.stamp_line(lock)
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert start.stamp_line(lock) != before


def test_a_missing_stamp_means_that_nothing_is_installed(tmp_path, monkeypatch):
    """A killed set-up leaves no stamp, so it is done again."""
    monkeypatch.setattr(start, "STAMP", tmp_path / "none")
    assert start.stamped() == set()


@pytest.mark.parametrize("uv", ["/somewhere/uv", None])
def test_packages_are_installed_with_their_hashes_checked_and_nothing_built(uv):
    """uv and pip are held to the same rules."""
    command = start.install_command(LOCKS, uv)
    assert {"--require-hashes", "--only-binary", "--no-deps", *map(str, LOCKS)} <= set(command)
    assert command[command.index("--only-binary") + 1] == ":all:"


def test_uv_installs_where_it_is_found_and_pip_elsewhere():
    """Both install into our environment and no other."""
    with_uv, with_pip = start.install_command(LOCKS, "/somewhere/uv"), start.install_command(LOCKS)
    assert with_uv[:3] == ["/somewhere/uv", "pip", "install"]
    assert with_uv[with_uv.index("--python") + 1] == str(start.PYTHON)
    assert with_pip[:5] == [str(start.PYTHON), "-I", "-m", "pip", "install"]


def test_set_up_compiles_what_the_first_command_will_load(tmp_path, monkeypatch):
    """Ours after it is linked; packages by whoever installs them: pip does so itself, uv where it is told to."""
    for name in ("simulator", "dashboard"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.py").write_text("ONE = 1\n", encoding="utf-8")
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "ALONE", [sys.executable, "-I"])
    start.compile_project()
    made = sorted(path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("one.*.pyc"))
    assert made == ["dashboard", "simulator"]
    assert "--compile-bytecode" in start.install_command(LOCKS, "/somewhere/uv")


def test_a_folder_that_someone_else_made_is_left_alone(tmp_path, monkeypatch):
    """start.py deletes only what it made."""
    precious = tmp_path / "precious.txt"
    precious.write_text("mine", encoding="utf-8")
    monkeypatch.setattr(start, "VENV", tmp_path)
    monkeypatch.setattr(start, "MARK", tmp_path / "made-by-start.py")
    with pytest.raises(start.SetupError, match="was not made by"):
        start.start_over()
    assert precious.exists()


def test_slow_and_browser_tests_run_only_when_asked_for():
    """The everyday test run stays short."""
    assert "not (slow or browser)" in start.checks()["pytest"]
    assert "not (slow or browser)" not in start.checks(everything=True)["pytest"]
    assert "slow or browser" in start.not_run(everything=False)
    assert "slow or browser" not in start.not_run(everything=True)


def test_bugs_are_planted_where_everything_is_asked_for():
    """By the tool that CONTRIBUTING.md names; every day nobody waits for it."""
    assert "planted bugs" not in start.checks()
    assert start.checks(everything=True)["planted bugs"][1:3] == ["-m", "tests.mutation"]
    assert "planted" in start.not_run(everything=False)
    assert "planted" not in start.not_run(everything=True)


def saying(text, status=0):
    """A command that says something and ends."""
    return [sys.executable, "-c", f"print({text!r}); raise SystemExit({status})"]


def test_mypy_works_beside_the_tests_and_is_heard_after_them(monkeypatch, capfd):
    """Nothing that it says stands among theirs, and its status counts."""
    told = {"ruff check": saying("first"), "mypy": saying("types", 3), "pytest": saying("second")}
    monkeypatch.setattr(start, "set_up", lambda locks: None)
    monkeypatch.setattr(start, "checks", lambda everything: told)
    assert start.run_checks() == 1
    printed = capfd.readouterr().out
    words = ("== ruff check", "first", "== pytest", "second", "== mypy", "types", "Summary", "FAILED (status 3) mypy")
    places = [printed.index(each) for each in words]
    assert places == sorted(places)


def test_a_command_beside_others_ends_with_us():
    """Nobody is left working for nothing."""
    with pytest.raises(KeyboardInterrupt), start.begun([sys.executable, "-c", "import time; time.sleep(100)"]) as child:
        raise KeyboardInterrupt
    assert child.poll() is not None


KILLED = "import os, signal; signal.signal(2, signal.SIG_DFL); os.kill(os.getpid(), 2)"
"""A command that Ctrl-C ends, also where the tests themselves were started to ignore it."""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
def test_a_command_killed_by_a_signal_has_the_status_a_shell_would_report():
    """Exit statuses pass through."""
    assert start.call([sys.executable, "-c", "raise SystemExit(7)"]) == 7
    assert start.call([sys.executable, "-c", KILLED], stderr=subprocess.DEVNULL) == 130


@pytest.mark.parametrize("words", [["tset"], ["test", "--al"], ["setup", "now"]])
def test_an_unknown_word_is_answered_with_what_is_allowed(words):
    """One clear message, status 2, and nothing set up."""
    answer = launch(*words)
    assert answer.returncode == 2
    assert answer.stdout == ""
    for allowed in ("sop ...", "test", "setup", "--help"):
        assert allowed in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (ROOT / "no-such-environment").exists()


def test_help_needs_no_environment():
    """Whoever asks first is answered at once."""
    answer = launch("--help")
    assert answer.returncode == 0
    assert "python3 start.py test" in answer.stdout


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "two workers"])
def test_a_run_says_how_many_tests_it_left_out(workers):
    """Of the nineteen of a file eighteen are not called so; with workers the run itself counts them, alone pytest does."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/test_mutation_tool.py",
        "-k",
        "each_target",
    ]
    done = subprocess.run([*command, *workers], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    wanted = "Tests left out by their marks or names: 18" if workers else "18 deselected"
    assert wanted in done.stdout
