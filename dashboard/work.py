"""The process behind one ask: simulate in parts side by side, write the answer whole."""

from __future__ import annotations

import os
import sys
import time
import traceback
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Answer the ask of the folder that is named, or that is named on standard input once there is one."""
    if hasattr(os, "nice"):
        os.nice(5)  # pages come first
    folder = Path(arguments[0]) if arguments else named_later()
    if folder is None:
        return 0  # the server is gone
    (folder / "began").touch()
    return answer_ask(folder)


def named_later() -> Path | None:
    """Load all that a simulation needs, then wait to be told which one."""
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import scipy.special  # noqa: F401

    from dashboard.case import Case, scenario_of
    from dashboard.kinds import KINDS  # noqa: F401

    scenario_of(Case())
    line = sys.stdin.readline().strip()
    return Path(line) if line else None


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
