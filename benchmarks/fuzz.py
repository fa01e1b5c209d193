"""Trials of any input: status 0 or 2, a line for each problem, no warning, no fault, within a second and 200 MB.

`python -m benchmarks.fuzz --minutes 10 --seed 1 --keep FOLDER` tries files and arguments that mutations.py makes.
"""

import argparse
import contextlib
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from click.testing import CliRunner

from benchmarks import mutations
from benchmarks.ours import ROOT
from simulator.faces.cli import main as sop

SECONDS, SIMULATED, HANGS = 1.0, 10.0, 120
"""Seconds of a core in which wrong input is refused, in which a small company is simulated, and in which nothing is done."""

MEGABYTES = 200
LONGEST_LINE = 1_500
REAL = 40
"""One of so many trials is a process of its own."""

PROGRESS = re.compile(r"^(comparing|optimising|bad|good|textbook|linear program)\b|runs in .* blocks?;")


@dataclass(frozen=True)
class Finding:
    """A trial that ended otherwise than it may."""

    trial: str
    words: tuple[str, ...]
    what: str
    content: bytes = b""

    def __str__(self) -> str:
        return f"{self.trial}: sop {shlex.join(word if len(word) < 300 else word[:300] + '…' for word in self.words)}: {self.what}"


@dataclass(frozen=True)
class Outcome:
    """The outcome of a command."""

    status: int
    said: str
    seconds: float
    megabytes: float
    warned: tuple[str, ...] = ()
    where: str = ""

    def problem(self) -> str:
        """Name the fault of the outcome, or nothing where it ended as it may."""
        limit = SIMULATED if self.status == 0 else SECONDS
        lines = self.said.splitlines()
        told = [line for line in lines if not (self.status == 0 or PROGRESS.search(line))]
        if self.warned:
            return f"warning: {self.warned[0]}"
        if self.status not in (0, 2) or "fault of the program" in self.said or "Traceback" in self.said:
            return f"status {self.status}: {self.said[-600:]} {self.where}"
        if self.status == 2 and not 1 <= len(told) <= 6:
            return f"{len(told)} lines: {self.said[:600]}"
        if any(not line.startswith("sop: ") for line in told):
            return f"no sentence: {self.said[:600]}"
        if any(not line.isprintable() for line in told):
            return f"control characters: {self.said[:600]!r}"
        if any(len(line) > LONGEST_LINE for line in told):
            return f"a line of {max(map(len, told)):,} characters: {self.said[:300]}"
        if self.seconds > limit:
            return f"{self.seconds:.1f} s of a core, status {self.status}: {self.said[:200]}"
        return f"{self.megabytes:.0f} MB: {self.said[:200]}" if self.megabytes > MEGABYTES else ""


class TooLongError(BaseException):
    """Nothing came of it."""


@contextlib.contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """End what does not end by itself."""

    def over(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _memory(entry: str) -> float:
    """An entry of this process's memory in MB; none where the system does not tell."""
    try:
        text = Path("/proc/self/status").read_text(encoding="utf-8")
        return float(re.search(rf"{entry}:\s+(\d+)", text)[1]) / 1e3  # type: ignore[index]
    except (OSError, TypeError):
        return 0.0


def inside(words: tuple[str, ...]) -> Outcome:
    """A command in this process."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak begins anew
    before, began, where = _memory("VmRSS"), time.process_time(), ""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            with at_most(HANGS):
                result = CliRunner().invoke(sop, list(words))
            status, said = result.exit_code, result.stderr
        except TooLongError:
            status, said = -1, f"did not end in {HANGS} s"
    taken, peak = time.process_time() - began, _memory("VmHWM")
    if status not in (0, 2):
        with warnings.catch_warnings(), contextlib.suppress(TooLongError), at_most(HANGS):
            warnings.simplefilter("ignore")
            where = _where(CliRunner().invoke(sop, [*words, "--debug"]).exception)
    told = tuple(f"{w.category.__name__}: {w.message} ({w.filename}:{w.lineno})" for w in heard if _ours(w.filename))
    return Outcome(status, said, taken, max(0.0, peak - before), told, where)


def _ours(file: str) -> bool:
    """Tell if a user would see a warning, not one that Python keeps to itself."""
    return not file.endswith("<string>")


def _where(error: BaseException | None) -> str:
    frames = traceback.extract_tb(error.__traceback__) if error else []
    ours = [frame for frame in frames if str(ROOT) in frame.filename and ".venv" not in frame.filename]
    return f"[{ours[-1].filename.removeprefix(str(ROOT))}:{ours[-1].lineno}]" if ours else ""


def outside(words: tuple[str, ...], folder: Path, base: float) -> Outcome:
    """Run a command in a process of its own, as a user would start it."""
    began = time.monotonic()
    run = subprocess.Popen(
        [sys.executable, "-m", "simulator.faces.cli", *words], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        _, said = run.communicate(timeout=2 * HANGS)
    except subprocess.TimeoutExpired:
        run.kill()
        run.communicate()
        return Outcome(-1, f"did not end in {time.monotonic() - began:.0f} s", 0.0, 0.0)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    text = said.decode("utf-8", "replace")
    heard = tuple(line for line in text.splitlines() if "Warning" in line)
    return Outcome(run.returncode, text, 0.0, max(0.0, peak - base) if base else 0.0, heard)


# --- trials ----------------------------------------------------------------------------------------------------------


KINDS = ("scenario", "scenario", "scenario", "policy", "study", "set", "set", "factor", "words")
"""What is tried, as often as it stands here."""


def trials(luck: Random, folder: Path, kinds: Sequence[str] = KINDS) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """The commands of one trial, and the file that they read; what comes after the first is tried where that ended well."""
    kind = luck.choice(kinds)
    bad = folder / "bad.toml"
    if kind in ("set", "factor"):
        yield _argument(luck, kind), b""
        return
    if kind == "words":
        yield _words(luck), b""
        return
    files = {"scenario": mutations.SCENARIOS, "policy": mutations.POLICIES, "study": mutations.STUDIES}[kind]
    content = mutations.mutated(luck, mutations.shipped(luck, files))
    bad.write_bytes(content)
    if kind == "scenario":
        yield ("check", "bad.toml"), content
        yield ("compare", "bad.toml", "--replications", "2", "--json"), content
    elif kind == "policy":
        company = luck.choice(("textbook/w1", "textbook/serial", "trading"))
        yield ("check", "bad.toml", "--with", company), content
        yield ("run", company, "--policy", "bad.toml", "--json"), content
    else:
        yield ("check", "bad.toml", "--with", "trading"), content


def _argument(luck: Random, kind: str) -> tuple[str, ...]:
    file = luck.choice(mutations.SCENARIOS)
    name, text = file.relative_to(ROOT / "scenarios").with_suffix("").as_posix(), file.read_text(encoding="utf-8")
    if kind == "set":
        return ("run", name, "--set", mutations.setting(luck, text), "--json")
    few = ("--service", "0.9", "--replications", "5", "--workers", "1", "--json", "--months", "3", "--warm-up", "0")
    return ("optimise", "trading", "--policy", "sop", "--factor", mutations.factor(luck, text), *few)


def _words(luck: Random) -> tuple[str, ...]:
    """A command with an option or argument that it does not expect."""
    odd = luck.choice(
        ("", " ", "a\x00b", "x" * 5_000, "../../etc/passwd", "/dev/zero", "\udcff", "巧克力", "\x1b[2J", "no.toml", ".", "..",
         "/", "9" * 400, "-1", "1e308", "nan", "inf", "0", "-", "%s", "{x}", "*", "s3://", "file:///x", "a/" * 3_000, "x.toml/")
    )  # fmt: skip
    shapes: tuple[tuple[str, ...], ...] = (
        ("check", odd), ("check", odd + ".toml"), ("describe", odd), ("compare", odd), ("run", odd), ("cycle", odd),
        ("sweep", odd, "--plan"), ("results", odd), ("optimise", odd, "--service", "0.9"), ("bridge", odd), (odd,),
        ("compare", "trading", "--policy", odd), ("compare", "trading", "--policy", odd + ".toml"),
        ("compare", "trading", "--measure", odd, "--replications", "2"), ("compare", "trading", "--seed", odd, "--replications", "2"),
        ("compare", "trading", "--months", odd, "--replications", "2"),
        ("compare", "trading", "--out", odd + "/x.toml", "--replications", odd),
        ("compare", "trading", "--chart", odd + ".svg", "--replications", odd), ("compare", "trading", "--by", odd),
        ("run", "trading", "--month", odd), ("run", "trading", "--replication", odd), ("cycle", "trading", "--month", odd),
        ("cycle", "trading", "--document", odd), ("cycle", "trading", "--out", odd + ".html", "--month", odd),
        ("check", "trading", "--with", odd), ("sweep", "safety-stock", "--plan", "--replications", odd, "--out", "nowhere"),
        ("verify", "--only", odd + "no case"), ("compare", "trading", "--against", odd), ("results", ".", "--heat", odd),
        ("optimise", "trading", "--service", odd), ("warmup", odd), ("fva", odd),
        ("compare", "trading", "--warm-up", odd, "--replications", "2"),
    )  # fmt: skip
    return luck.choice(shapes)


def tried(seed: int, number: int, folder: Path, base: float = 0.0, kinds: Sequence[str] = KINDS) -> list[Finding]:
    """Run one trial and list its faults, always the same for the same seed and number."""
    luck, found = Random(f"{seed}/{number}"), list[Finding]()
    first: Outcome | None = None
    for words, content in trials(luck, folder, kinds):
        own = number % REAL == REAL - 1 and "\x00" not in "".join(words)
        ended = outside(words, folder, base) if own else inside(words)
        what = ended.problem()
        overruled = (
            first is not None and "experiment.replications" in first.said
        )  # by the option, in the second command
        if first is not None and not what and not overruled and ended.status != first.status:
            what = f"check ended with {first.status}, this with {ended.status}: {first.said[:300]} {ended.said[:300]}"
        if what:
            found.append(Finding(f"seed {seed} trial {number}", words, what, content))
            break
        first = first or ended
    return found


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder to work in."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


def fuzzed(
    seed: int,
    seconds: float,
    most: int = 10**9,
    keep: Path | None = None,
    tell: bool = False,
    kinds: Sequence[str] = KINDS,
) -> tuple[int, list[Finding]]:
    """Try until the time is over or so often: how often it was, and what was found."""
    began, found, number = time.monotonic(), list[Finding](), 0
    _loaded()
    with workplace() as folder:
        base = _usual(folder) if most > REAL else 0.0
        while time.monotonic() - began < seconds and number < most:
            for finding in tried(seed, number, folder, base, kinds):
                found.append(finding)
                if tell:
                    print(finding, flush=True)
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{finding.trial.replace(' ', '-')}.toml").write_bytes(finding.content)
                    with (keep / "found.txt").open("a", encoding="utf-8", errors="backslashreplace") as log:
                        log.write(f"{finding}\n")
            number += 1
    return number, found


def _loaded() -> None:
    """Load what commands load when they are first given, so that no trial is timed with it."""
    for words in (("compare", "textbook/w1", "--replications", "2"), ("check", "safety-stock", "--with", "trading")):
        CliRunner().invoke(sop, list(words))
    CliRunner().invoke(sop, ["optimise", "textbook/w1", "--service", "0.1", "--replications", "5", "--workers", "1"])


def _usual(folder: Path) -> float:
    """Measure the memory of a process that checks a small company: the libraries alone."""
    outside(("check", "textbook/w1"), folder, 0.0)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3


def files(minutes: int) -> str:
    """Files and arguments by the thousand, as long as one likes."""
    number, found = fuzzed(1, 60.0 * minutes, tell=True)
    return f"{number:,} trials, {len(found)} ended otherwise than they may"


def main() -> None:
    """Fuzz from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trials", type=int, default=10**9)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    keep = asked.keep and asked.keep.absolute()
    number, found = fuzzed(asked.seed, 60 * asked.minutes, asked.trials, keep, tell=True)
    print(f"{number:,} trials, {len(found)} ended otherwise than they may")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
