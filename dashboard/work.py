"""The process behind one ask: simulate in parts side by side, write the answer whole."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
import traceback
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Answer the ask of the folder that is named, or stand by for those that will be named on standard input."""
    if hasattr(os, "nice"):
        os.nice(5)  # pages come first
    if not arguments:
        return stand_by()
    return answer_in(Path(arguments[0]))


def answer_in(folder: Path) -> int:
    """Answer the ask of a folder."""
    (folder / "began").touch()
    return answer_ask(folder)


def stand_by() -> int:
    """Load all that a simulation needs once; then fork for each ask, and end with the server."""
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import scipy.special  # noqa: F401

    from dashboard.asks import from_json
    from dashboard.case import Case, scenario_of
    from dashboard.comparing import foresee
    from dashboard.kinds import KINDS  # noqa: F401
    from dashboard.standing_by import KNOW, READY
    from simulator.kernel.units import ScenarioError
    from simulator.kernel.workers.backends import start_tracker

    scenario_of(Case())
    start_tracker()  # else each that is forked starts one of its own
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who answer
    print(READY, flush=True)
    while line := sys.stdin.readline():
        gc.freeze()  # what is here is shared with those who answer, and looked at by none of them
        word, _, rest = line.strip().partition(" ")
        if word == KNOW:
            with contextlib.suppress(ScenarioError, MemoryError):
                foresee(from_json(rest))
            print(READY, flush=True)
        elif os.fork() == 0:
            os._exit(answer_apart(Path(rest)))
    return 0


def answer_apart(folder: Path) -> int:
    """Answer in a process of its own, in a group of its own, that has told its number to the server."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    print(os.getpid(), flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    try:
        return answer_in(folder)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stderr.flush()


def answer_ask(folder: Path) -> int:
    """Simulate, and say what went wrong where something did."""
    from dashboard.asks import from_json
    from dashboard.case import names_only
    from dashboard.kinds import KINDS
    from dashboard.progress import note_problem, write_json
    from simulator.kernel.messages import msg
    from simulator.kernel.units import ScenarioError, WorkError

    began, ask = time.monotonic(), from_json((folder / "ask.json").read_text(encoding="utf-8"))
    try:
        KINDS[ask.kind](ask, folder)
    except ScenarioError as problem:
        note_problem(folder, names_only(problem.text))
        return 2
    except WorkError as problem:
        note_problem(folder, names_only(problem.text))
        return 1
    except MemoryError:
        note_problem(folder, msg("The memory does not suffice; take fewer months, replications or products."))
        return 1
    except Exception as problem:  # whatever it is, the page must be able to say so; the log says where
        traceback.print_exc()
        fault = "The simulation failed ({kind}); this is a fault of the program."
        note_problem(folder, msg(fault, kind=type(problem).__name__))
        return 1
    write_json(folder / "done.json", {"seconds": round(time.monotonic() - began, 2)})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
