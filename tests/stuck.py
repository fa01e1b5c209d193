"""`sop` whose simulations stand still, so that a test can do something to it meanwhile.

A simulation leaves a file in the folder STUCK_IN when it begins. HOW says what it does then: `workers` stand still, unless
the folder holds a file `free`, and `dying` ones end; `here` everybody does; `lost` and `other` have foreign code lose what is
raised, or make another error of it.
"""

import os
import signal
import sys
import time
from pathlib import Path

from simulator.engine import play as run

play, how, folder = run.play, os.environ["HOW"], Path(os.environ["STUCK_IN"])
in_worker = __name__ != "__main__"  # which reads this file anew


def stand_still(*arguments, **options):
    """Say so, then do nothing."""
    if (folder / "free").exists():
        return play(*arguments, **options)
    (folder / f"{os.getpid()}").touch()
    if how == "dying":
        os._exit(9)
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            time.sleep(0.05)
        except BaseException as error:
            if how == "lost":
                continue
            if how == "other":
                raise ValueError("something was raised in foreign code") from error
            raise
    return None


if in_worker or how not in ("workers", "dying"):
    run.play = stand_still
else:
    run.lanes_at_once = lambda *_: 3  # so that even small work is shared out

if __name__ == "__main__":
    from simulator.faces.cli import main

    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # the tests may have been started where signals are ignored
    for number in ("SIGHUP", "SIGTERM"):
        if hasattr(signal, number):
            signal.signal(getattr(signal, number), signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))
