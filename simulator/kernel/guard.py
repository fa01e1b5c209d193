"""Refuse to start worker processes from a script without a guard: each of them would run it anew."""

from __future__ import annotations

import ast
import multiprocessing
import sys
from pathlib import Path
from types import FrameType

from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError

SO = msg('put the call under `if __name__ == "__main__":`, or give workers=1')


def may_start_workers(what: str, workers: int | None, cluster: str | None = None) -> None:
    """Refuse a script that calls something with workers outside its guard, before any of them is started."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise ScenarioError(msg("{call}() is called while a worker process starts; {remedy}", call=what, remedy=SO))
    if (workers == 1 and cluster is None) or cluster not in (None, "local"):
        return
    script = getattr(sys.modules["__main__"], "__file__", None)
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    line = _line_in_main(sys._getframe())
    if script and not (spec and spec.name.endswith("__main__")) and line and not _guarded(Path(script), line):
        raise ScenarioError(
            msg(
                "{script} calls {call}() where every worker process would call it again; {remedy}",
                script=Path(script).name,
                call=what,
                remedy=SO,
            )
        )


def _line_in_main(frame: FrameType | None) -> int | None:
    """The line of the script's own level that is being run; nothing where no script is."""
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals is vars(sys.modules["__main__"]):
            return frame.f_lineno
        frame = frame.f_back
    return None


def _guarded(script: Path, line: int) -> bool:
    """Tell if a line stands under a condition on the script's name; yes if the script cannot be read."""
    try:
        tree = ast.parse(script.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return True
    conditions = (node for node in ast.walk(tree) if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test))
    return any(node.lineno <= line <= (node.end_lineno or node.lineno) for node in conditions)
