"""Told to end, by whomever and whenever, every command ends at once: no traceback, nobody left behind.

How fast is measured by benchmarks/hardships.py; here, a busy machine is given some seconds more.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import start

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are told otherwise there")

ROOT = Path(start.__file__).parent
STUCK = str(ROOT / "tests" / "stuck.py")
COMPANY = (ROOT / "tests" / "experiments" / "bakery.py").read_text(encoding="utf-8").split('"""')[3]
STUDY = """
scenario = "bakery.toml"
policies = ["order-up-to"]
replications = 4
measures = ["fill_rate"]
[[factors]]
entry = "policy.safety_stock.z"
values = [0.0, 1.0, 2.0, 3.0]
"""
TUNED = ["bakery.toml", "--policy", "order-up-to", "--service", "0.5", "--replications", "5"]
SHARED = {
    "bridge": ["bridge", "bakery.toml", "--element", "consensus", "--element", "safety-stock", "--replications", "2"],
    "optimise": ["optimise", *TUNED, "--budget", "20"],
    "tune": ["optimise", *TUNED, "--by-product"],
    "sweep": ["sweep", "study.toml"],
}
"""Commands that share their work out."""

ALONE = {
    "compare": ["compare", "bakery.toml", "--policy", "order-up-to", "--out", "out"],
    "fva": ["fva", "bakery.toml"],
    "run": ["run", "bakery.toml", "--policy", "order-up-to"],
    "cycle": ["cycle", "bakery.toml", "--policy", "order-up-to"],
    "warmup": ["warmup", "bakery.toml", "--policy", "order-up-to"],
}
"""Commands that work by themselves."""


@pytest.fixture
def place(tmp_path):
    """A folder with a company, a study of it, and a place where simulations say that they have begun."""
    (tmp_path / "bakery.toml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "begun").mkdir()
    return tmp_path


def begun(place, words, how):
    """A command in a session of its own, whose simulations stand still."""
    home = {**os.environ, "PYTHONPATH": str(ROOT), "STUCK_IN": str(place / "begun"), "HOW": how}
    return subprocess.Popen(
        [sys.executable, STUCK, *words], cwd=place, env=home, start_new_session=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def soon(happened):
    """Wait for something; the machine may be busy."""
    until = time.monotonic() + 60
    while not happened() and time.monotonic() < until:
        time.sleep(0.02)
    assert happened()


def working(place, command):
    """Who simulates by now."""
    assert command.poll() is None, command.communicate()
    return [int(file.name) for file in (place / "begun").iterdir() if file.name.isdigit()]


def gone(group):
    """Whether nothing of a process group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def told(place, words, how, number, group=True, workers=1):
    """What a command says and its status when it is told to end in the middle of its work; then nothing of it runs."""
    command = begun(place, words, how)
    soon(lambda: len(working(place, command)) >= workers)
    (os.killpg if group else os.kill)(command.pid, number)
    asked = time.monotonic()
    printed, said = command.communicate(timeout=60)
    assert time.monotonic() - asked < 10
    soon(lambda: gone(command.pid))
    assert printed == ""
    assert "Traceback" not in said
    assert "Warning" not in said
    return command.returncode, said


def over(commands, *quick):
    """All commands of a kind; the suite of every day takes those that are named."""
    return pytest.mark.parametrize(
        "name", [pytest.param(n, marks=[] if n in quick else pytest.mark.slow) for n in commands]
    )


@over(SHARED, "bridge")
def test_ctrl_c_ends_workers_too(place, name):
    """It reaches all of them; they leave it to the first, which says nothing more."""
    status, said = told(place, [*SHARED[name], "--workers", "2"], "workers", signal.SIGINT, workers=2)
    assert status == 130
    assert "sop:" not in said


@over(SHARED, "bridge")
def test_a_killed_command_leaves_no_workers(place, name):
    """Nobody can tell them any more; they see it."""
    status, _ = told(place, [*SHARED[name], "--workers", "2"], "workers", signal.SIGKILL, group=False, workers=2)
    assert status == -9


@over(SHARED, "bridge")
@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (signal.SIGINT, 130), pytest.param(signal.SIGHUP, 129, marks=pytest.mark.slow)],
)
def test_told_alone_the_first_ends_its_workers(place, name, number, status):
    """With a sentence, but after Ctrl-C."""
    words = [*SHARED[name], "--workers", "2"]
    ended, said = told(place, words, "workers", number, group=False, workers=2)
    assert ended == status
    sentence = f"sop: ended from outside ({number.name}); the same command starts it again"
    assert said.count(sentence) == (number != signal.SIGINT)


@over(SHARED, "bridge")
def test_a_dead_worker_is_made_good(place, name):
    """Whatever the number of workers, and whoever of them dies: the same bits."""
    words = [*SHARED[name], "--json"]
    command = begun(place, [*words, "--workers", "2"], "workers")
    soon(lambda: len(working(place, command)) >= 2)
    victim = working(place, command)[0]
    (place / "begun" / "free").touch()
    os.kill(victim, signal.SIGKILL)
    printed, said = command.communicate(timeout=120)
    assert command.returncode == 0, said
    assert "Traceback" not in said
    (place / "sweeps").rename(place / "done") if name == "sweep" else None
    alone = begun(place, [*words, "--workers", "1"], "workers")
    assert alone.communicate(timeout=120)[0] == printed


@over(SHARED, "bridge")
def test_workers_that_always_die_are_told_in_a_sentence(place, name):
    """Status 1, and what to do; a sweep names what it had to leave out."""
    command = begun(place, [*SHARED[name], "--workers", "2"], "dying")
    _, said = command.communicate(timeout=120)
    assert command.returncode == 1
    assert "Traceback" not in said
    if name != "sweep":
        assert said.splitlines()[-1] == (
            "sop: a worker died 3 times over the same piece of work, which is mostly for want of memory; "
            "take fewer workers (--workers 1), months or products"
        )


@over(ALONE, "compare")
def test_ctrl_c_ends_commands_that_work_alone(place, name):
    """Before the first result; nothing is left half written."""
    status, said = told(place, ALONE[name], "here", signal.SIGINT)
    assert status == 130
    assert "sop:" not in said
    assert not (place / "out").exists()


@pytest.mark.parametrize("how", ["lost", "other"])
def test_ctrl_c_that_foreign_code_loses_ends_the_command_all_the_same(place, how):
    """Caught in a loop, or made another error: it was pressed."""
    assert told(place, ALONE["compare"], how, signal.SIGINT)[0] == 130


@pytest.mark.parametrize("words", ["0", "-1", "1e9", "1000000000", "x", "2.5", ""])
@pytest.mark.parametrize("name", SHARED)
def test_workers_that_cannot_be_are_refused_alike(place, name, words, monkeypatch):
    """Before anything else is done."""
    from click.testing import CliRunner

    from simulator.faces.cli import main

    monkeypatch.chdir(place)
    answer = CliRunner().invoke(main, [*SHARED[name], "--workers", words])
    assert answer.exit_code == 2
    shown = words if re.fullmatch(r"-?\d+", words) else repr(words)
    assert answer.stderr == f"sop: --workers is {shown}; it must be a whole number from 1 to 1,000\n"


# --- while the program loads -----------------------------------------------------------------------------------------


@pytest.fixture
def sop(tmp_path, monkeypatch):
    """The command that start.py makes."""
    monkeypatch.setattr(start, "PYTHON", sys.executable)
    file = tmp_path / "sop"
    file.write_text(start.sop_script(start.holding_back()), encoding="utf-8")
    file.chmod(0o755)
    return file


@pytest.mark.skipif(not start.holding_back(), reason="nothing here holds Ctrl-C back until Python has begun")
def test_ctrl_c_while_the_program_loads_ends_it_without_a_word(sop):
    """Pressed from the first moment on, in steps of 8 ms."""
    for step in range(20):
        command = subprocess.Popen(
            [str(sop), "policies"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        time.sleep(0.008 * step)
        command.send_signal(signal.SIGINT)
        _, said = command.communicate(timeout=60)
        assert command.returncode in (
            130,
            -2,
            0,
        )  # -2: before Python had begun, which a shell calls 130; 0: it was done
        assert said.strip() == ""


# --- what is imported ------------------------------------------------------------------------------------------------


@pytest.fixture
def poisoned(tmp_path):
    """A folder of the user's, with modules that have the names of locked ones."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("numpy", "click", "pandas", "pydantic"):
        (folder / f"{name}.py").write_text("import os\nos.write(2, b'POISONED')\nos._exit(77)\n")
    (folder / "bakery.toml").write_text(COMPANY, encoding="utf-8")
    return folder


def test_nothing_is_imported_from_the_users_folders(sop, poisoned):
    """Neither from PYTHONPATH nor from the current folder, and not by workers either."""
    home = {**os.environ, "PYTHONPATH": str(poisoned), "PYTHONUSERBASE": str(poisoned)}
    words = [str(sop), *SHARED["bridge"], "--workers", "2"]
    answer = subprocess.run(words, cwd=poisoned, env=home, capture_output=True, text=True)
    assert "POISONED" not in answer.stderr
    assert answer.returncode == 0, answer.stderr


def test_what_start_py_starts_sees_no_folder_of_the_users(poisoned, monkeypatch):
    """Installers and checks: what lies in PYTHONPATH is neither imported nor taken as installed."""
    for name in start.FOREIGN:
        monkeypatch.setenv(name, str(poisoned))
    see = "import os, sys; sys.exit(any(name in os.environ for name in ('PYTHONPATH', 'PYTHONHOME')) or 'mine' in str(sys.path))"
    assert start.call([sys.executable, "-c", see]) == 0
    assert start.install_command(start.ROOT.glob("*.lock"))[1] == "-I"


def test_start_py_itself_loads_nothing_of_the_users(poisoned):
    """Not even in place of a module of Python's own."""
    (poisoned / "hashlib.py").write_text("raise SystemExit(77)\n")
    home = {**os.environ, "PYTHONPATH": str(poisoned), "SOP_VENV": str(poisoned / "no-such-environment")}
    command = [sys.executable, str(ROOT / "start.py"), "--help"]
    assert subprocess.run(command, env=home, cwd=poisoned, capture_output=True).returncode == 0


def test_an_environment_that_is_a_file_is_told(tmp_path):
    """In one sentence, as is a folder above it."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for where in (tmp_path / "file", tmp_path / "file" / "below"):
        answer = subprocess.run(
            [sys.executable, str(ROOT / "start.py"), "setup"], env={**os.environ, "SOP_VENV": str(where)}, capture_output=True, text=True
        )  # fmt: skip
        assert answer.returncode == 1
        assert answer.stderr == (
            f"start.py: {tmp_path / 'file'} is no folder. Delete or rename it, or set SOP_VENV to a folder that start.py may use.\n"
        )
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


INSTALLER = """
import os, sys, signal, subprocess, time
sys.path.insert(0, {root!r})
signal.signal(signal.SIGINT, signal.default_int_handler)
import start
from pathlib import Path
start.VENV = Path({folder!r}, "venv")
start.TURN = Path({folder!r}, "turn")
pip = "import os, sys, time; open({mark!r}, 'w').write(str(os.getpid())); time.sleep(100)"
start.build = lambda locks, held: start.installer([sys.executable, "-c", pip], held)
start.stamped = lambda: set()
sys.exit(start.told(lambda: start.set_up([start.RUNTIME])))
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_told_to_end_while_it_installs_start_py_ends_the_installer(tmp_path, number, status):
    """One sentence, which is not pip's."""
    mark = tmp_path / "pip"
    code = INSTALLER.format(root=str(ROOT), folder=str(tmp_path), mark=str(mark))
    command = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stderr=subprocess.PIPE, text=True)
    soon(lambda: mark.exists() and mark.read_text())
    os.killpg(command.pid, number)
    _, said = command.communicate(timeout=60)
    assert command.returncode == status, said
    assert said.strip().count("\n") == 0
    assert "The same command starts it again" in said or "the same command starts it again" in said
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def test_a_script_that_workers_would_begin_anew_is_told_in_a_sentence(place):
    """Without the guard that Python asks for, each worker would start the work that it was started for."""
    (place / "plain.py").write_text(
        "from simulator import sweep\nprint('begins')\nsweep('study.toml', 'out', workers=2)\nprint('ends')\n"
    )
    words = [sys.executable, "plain.py"]
    answer = subprocess.run(
        words, cwd=place, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert answer.returncode == 1
    assert "ends" not in answer.stdout
    assert answer.stderr.count("Traceback") == 1
    assert answer.stderr.splitlines()[-1] == (
        "simulator.kernel.units.ScenarioError: plain.py calls sweep() where every worker process would call it again; "
        'put the call under `if __name__ == "__main__":`, or give workers=1'
    )
