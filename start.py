"""Set up this project and run it; all that must be there before is Python 3.11 or newer.

    python3 start.py               set up, then compare ways of planning the reference company (sop compare)
    python3 start.py sop ...       set up, then run any command, for example: python3 start.py sop --help
    python3 start.py test [--all]  set up, then run all checks and tests; --all adds slow and browser tests, and plants bugs
    python3 start.py setup         only set up

Everything is installed into the folder .venv beside this file (or into the folder that SOP_VENV names), from lock
files whose hashes are checked. Nothing else on the machine is changed. Uses uv where it is on the PATH, else pip.
"""

import os
import sys

FOREIGN = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
)  # would have Python import the user's own files
sys.path[:] = [place for place in sys.path if place not in os.environ.get("PYTHONPATH", "").split(os.pathsep)]

try:  # Ctrl-C may come at any moment, also while this loads
    import contextlib
    import hashlib
    import shutil
    import signal
    import subprocess
    import sysconfig
    import time
    from pathlib import Path
except KeyboardInterrupt:
    os._exit(130)

if sys.version_info < (3, 11):  # noqa: UP036 (the reader may well have an older Python)
    sys.exit(
        f"start.py needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
        "Run it with a newer one, for example: python3.12 start.py"
    )

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("SOP_VENV") or ROOT / ".venv").absolute()
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
ALONE = [str(PYTHON), "-I"]  # Python that imports nothing from the user's folders
SOP = SCRIPTS / "sop"
MARK = VENV / "made-by-start.py"  # there: ours to delete and remake
STAMP = VENV / "installed-locks.txt"  # what the finished environment was made from
TURN = VENV.with_name(VENV.name + ".lock")  # held while setting up; outside, since the folder is remade
RUNTIME, TESTS = ROOT / "requirements.lock", ROOT / "requirements-test.lock"
LEFT_OUT = "slow or browser"
TIDY_UP_SECONDS = 1
STOPPED, ENDED = 130, 143  # exit statuses after Ctrl-C and after SIGTERM


class SetupError(Exception):
    """The set-up cannot go on; the text says what to do."""


class Ended(BaseException):
    """Somebody else than the person at the keyboard told us to end."""


def end(number, frame):
    """Hear SIGTERM as an exception, so that nothing is left running."""
    raise Ended


def say(text):
    """Tell the person at the keyboard, without mixing into a command's output."""
    print(text, file=sys.stderr, flush=True)


def call(command, **options):
    """Run a command to its end and return its exit status; when we are told to end, it gets some seconds to tidy up."""
    with begun(command, **options) as child:
        try:
            return ended(child)
        except KeyboardInterrupt:  # it has heard it too, unless we alone were told
            leave(child)
            raise


@contextlib.contextmanager
def begun(command, **options):
    """Begin a command; what makes us leave before its end, ends it."""
    with subprocess.Popen(command, env=of_our_own(), **options) as child:
        try:
            yield child
        finally:
            leave(child, 0)


def ended(child):
    """Wait for the end of a command and return its exit status; killed by a signal: as a shell reports it."""
    status = child.wait()
    return status if status >= 0 else 128 - status


def leave(child, seconds=TIDY_UP_SECONDS):
    """Let a command end by itself, then ask it to, then make it."""
    for ask in (lambda: None, child.terminate, child.kill):
        ask()
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            child.wait(timeout=seconds)
            return
        seconds = TIDY_UP_SECONDS


def of_our_own():
    """The user's environment without what would have Python import other packages than the locked ones."""
    return {**{name: value for name, value in os.environ.items() if name not in FOREIGN}, "PYTHONNOUSERSITE": "1"}


# Setting up


def stamp_line(lock, venv=VENV):
    """One line that changes whenever the lock, this Python, either folder or the command sop does."""
    place = [sys.version, sys.base_prefix, str(venv), str(ROOT), sop_script()]
    digest = hashlib.sha256(lock.read_bytes() + os.fsencode("\n".join(place)))
    return f"{lock.name} {digest.hexdigest()}"


def stamp_lines(locks):
    """List what an environment made from these locks has in its stamp."""
    return {stamp_line(lock) for lock in locks}


def stamped():
    """Read what the environment was made from; nothing if it is missing or was never finished."""
    return set(STAMP.read_text(encoding="utf-8").splitlines()) if STAMP.is_file() else set()


def set_up(locks):
    """Make the environment hold what the locks name; one start.py at a time, the others wait."""
    if stamp_lines(locks) <= stamped():
        return
    with turn() as held:
        if not stamp_lines(locks) <= stamped():  # the one we waited for may have done it
            build(locks, held)


@contextlib.contextmanager
def turn():
    """Wait until no other start.py is setting up this environment."""
    for place in (VENV, *VENV.parents):
        if os.path.lexists(place) and not place.is_dir():
            raise SetupError(
                f"{place} is no folder. Delete or rename it, or set SOP_VENV to a folder that start.py may use."
            )
    TURN.parent.mkdir(parents=True, exist_ok=True)
    with TURN.open("w") as held:
        if not taken(held):
            say("Another start.py is setting up this environment; waiting for it to finish.")
            while not taken(held):
                time.sleep(0.2)
        yield held


def taken(held):
    """Try to take the turn; the system gives it back when its holder ends, however it ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def build(locks, held):
    """Install what is missing; start from nothing unless the environment is sound and only lacks a lock."""
    began, have = time.monotonic(), stamped()
    if not have or not have <= stamp_lines([RUNTIME, TESTS]):
        start_over()
        have = set()
    STAMP.unlink(missing_ok=True)  # no stamp while installing: what is killed half-way is done again
    install([lock for lock in locks if stamp_line(lock) not in have], held)
    link_project()
    compile_project()
    STAMP.write_text("\n".join(sorted(have | stamp_lines(locks))) + "\n", encoding="utf-8")
    say(f"Set up in {time.monotonic() - began:.0f} s.")


def start_over():
    """Make an empty environment, but never out of a folder that someone else made."""
    import venv

    if VENV.exists() and any(VENV.iterdir()) and not MARK.exists():
        raise SetupError(
            f"{VENV} was not made by start.py, so it is left alone. Delete or rename it, "
            "or set SOP_VENV to a folder that start.py may use."
        )
    VENV.mkdir(exist_ok=True)
    MARK.write_text("start.py made this folder and may delete it at any time.\n", encoding="utf-8")
    for entry in list(VENV.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != MARK:  # the mark stays, so that a deletion killed half-way can go on
            entry.unlink()
    venv.EnvBuilder(symlinks=os.name != "nt").create(VENV)


def install(locks, held):
    """Install the locks with uv or, where uv is missing or fails, with pip."""
    names = " and ".join(lock.name for lock in locks)
    uv = shutil.which("uv")
    if uv:
        say(f"Installing {names} with uv (some seconds, only this time).")
        if installer(install_command(locks, uv), held) == 0:
            return
        say("uv could not install the packages; trying pip.")
    say(f"Installing {names} with pip (about a minute, only this time).")
    if installer([*ALONE, "-m", "ensurepip"], held, stdout=subprocess.DEVNULL) != 0:
        raise SetupError(
            "This Python cannot make an environment with pip. On Debian or Ubuntu: apt install python3-venv. "
            "Elsewhere: install uv or a Python from python.org. Then run the same command again."
        )
    if installer(install_command(locks), held) != 0:
        raise SetupError(
            "The packages could not be installed; the lines above say why. Check the network (pip's own settings for "
            "a proxy or a mirror are used) and that 1 GB of disk is free, then run the same command again."
        )


def install_command(locks, uv=None):
    """The command that installs exactly what the locks name, every hash checked and nothing built here."""
    if uv:
        tool = [uv, "pip", "install", "--python", str(PYTHON), "--quiet", "--compile-bytecode"]
    else:
        tool = [*ALONE, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    files = [word for lock in locks for word in ("-r", str(lock))]
    return [*tool, "--no-deps", "--require-hashes", "--only-binary", ":all:", *files]


def installer(command, held, stdout=sys.stderr):
    """Run an installer that holds our turn too: killed start.py or not, nobody deletes the folder under it.

    Ctrl-C is for us alone, who end it without a word of its own: what it had begun is done again the next time.
    """
    os.set_inheritable(held.fileno(), True)
    alone = {} if os.name == "nt" else {"process_group": 0}
    with subprocess.Popen(
        command, env=of_our_own(), stdout=stdout, stdin=subprocess.DEVNULL, close_fds=False, **alone
    ) as child:
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                child.kill() if os.name == "nt" else os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def link_project():
    """Make this checkout importable and put the command sop beside Python, without building anything."""
    packages = sysconfig.get_path("purelib", "venv", {"base": str(VENV)})
    Path(packages, "sop_sandbox.pth").write_text(f"{ROOT}\n")
    SOP.write_text(sop_script(holding_back()))
    SOP.chmod(0o755)
    if os.name == "nt":
        SOP.with_suffix(".cmd").write_text('@"%~dp0python.exe" -I "%~dp0sop" %*\n')


def compile_project():
    """Compile this checkout, which would take the first command longer than all else that it loads; packages come compiled."""
    ours = [str(ROOT / name) for name in ("simulator", "dashboard")]
    call([*ALONE, "-m", "compileall", "-qq", "-j", "0", *ours])  # what cannot be written is compiled when it is needed


def sop_script(before=""):
    """The text of the command sop; the shell hands it to Python, whose path may be long or hold spaces.

    That Python imports nothing from the user's folders (-I), and processes that it spawns do as it does. It listens to
    Ctrl-C when it has begun; until then `before` holds it back.
    """
    return f"""\
#!/bin/sh
'''exec' {before}"{PYTHON}" -I "$0" "$@"
' '''
if __name__ == "__main__":  # processes that are spawned read this file again
    from simulator.faces.cli.__main__ import run

    run()
"""


def holding_back():
    """The words that start a program with Ctrl-C held back, on a system that has them."""
    words = ["env", "--block-signal=INT"]
    try:
        known = subprocess.run([*words, "true"], capture_output=True).returncode == 0
    except OSError:
        return ""
    return f"{' '.join(words)} " if known else ""


# Running


def main_job():
    """Compare ways of planning the reference company, then say where to go from there."""
    set_up([RUNTIME])
    status = call([*ALONE, str(SOP), "compare"])
    if status == 0:
        if (ROOT / "dashboard" / "app.py").exists():
            say("Open the dashboard: python3 start.py sop dashboard, then http://127.0.0.1:8501 in a browser")
        say("Read next: README.md; all commands: python3 start.py sop --help")
    return status


def pass_on(arguments):
    """Become the command sop, so that its exit status and Ctrl-C are its own."""
    set_up([RUNTIME])
    command = [*ALONE, str(SOP), *arguments]
    if os.name == "nt":  # there, a process cannot become another
        return call(command)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until it has begun
    return os.execve(command[0], command, of_our_own())


def checks(everything=False):
    """The checks of the project by name, each with its command."""
    python = [str(PYTHON), "-m"]
    planted = {"planted bugs": [*python, "tests.mutation", "--bugs", "60", "--seed", "1"]} if everything else {}
    return {
        "ruff check": [*python, "ruff", "check", "."],
        "ruff format": [*python, "ruff", "format", "--check", "."],
        "mypy": [*python, "mypy"],
        "pytest": [
            *python,
            "pytest",
            "-n",
            "2",
            "--dist",
            "loadfile",
            *([] if everything else ["-m", f"not ({LEFT_OUT})"]),
        ],
        **planted,
    }


def run_checks(everything=False):
    """Run every check, also after one has failed, and sum up; mypy works beside the others and is heard after them."""
    import tempfile

    set_up([RUNTIME, TESTS])
    commands = checks(everything)
    with tempfile.TemporaryFile() as said:
        with begun(commands.pop("mypy"), cwd=ROOT, stdout=said, stderr=said) as mypy:
            results = [(name, *timed(name, command)) for name, command in commands.items()]
            results.append(("mypy", ended(mypy), "beside the others"))
        said.seek(0)
        print(f"\n== mypy\n{said.read().decode(errors='replace')}", end="")
    print("\nSummary")
    for name, status, took in results:
        print(f"  {'ok' if status == 0 else f'FAILED (status {status})':17} {name}, {took}")
    print(not_run(everything), flush=True)
    return int(any(status for _, status, _ in results))


def timed(name, command):
    """Run one check under its heading; return its exit status and how long it took."""
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    return call(command, cwd=ROOT), f"{time.monotonic() - began:.1f} s"


def not_run(everything):
    """Say what the summary does not speak for, and why."""
    left_out = ["  benchmarks/: need other people's simulators (dependency group benchmarks)"]
    if not everything:
        left_out.append(
            "  tests marked slow or browser: they take minutes or need Chromium "
            "(pytest's last lines say how many; python3 start.py test --all runs them)"
        )
        left_out.append(
            "  bugs planted to see that the tests find them: takes half an hour (python3 start.py test --all)"
        )
    return "\n".join(["Not run, and why (skipped tests give their reason above):", *left_out])


def main(arguments):
    """Do what the words after start.py ask for; the result is the exit status."""
    if not arguments:
        return main_job()
    if arguments[0] == "sop":
        return pass_on(arguments[1:])
    if arguments in (["test"], ["test", "--all"]):
        return run_checks(everything="--all" in arguments)
    if arguments == ["setup"]:
        set_up([RUNTIME])
        say(f"Ready: {SOP}")
        return 0
    if arguments in (["-h"], ["--help"], ["help"]):
        print(__doc__.strip())
        return 0
    asked = " ".join(arguments)
    say(f"start.py does not know '{asked}'. Allowed: nothing at all, sop ..., test, test --all, setup, --help.")
    return 2


def told(work):
    """Do some work and return the exit status; whatever ends it early is told in a sentence."""
    try:
        signal.signal(signal.SIGTERM, end)
        return work()
    except KeyboardInterrupt:
        say("\nStopped. The same command starts it again.")
        return STOPPED
    except Ended:
        say("start.py: ended from outside (SIGTERM); the same command starts it again.")
        return ENDED
    except (SetupError, OSError) as problem:
        say(f"start.py: {problem}")
        return 1


if __name__ == "__main__":
    sys.exit(told(lambda: main(sys.argv[1:])))
