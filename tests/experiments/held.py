"""`sop` whose sweeps stand still in the middle: from some point on no block is ever done, until somebody ends the run."""

import signal
import sys
import time
from functools import partial

from simulator.faces.cli import main
from simulator.studies import blocks, sweep

DONE = 3
"""Points whose blocks are done."""


def work(travelled, block, settings):
    """A block, if it is one of the first."""
    if block.points[0] >= DONE:
        time.sleep(3_600)
    return blocks.simulate_block(travelled, block, settings)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the tests may have been started where Ctrl-C is ignored
    sweep.sweep = partial(sweep.sweep, do=work)
    main(sys.argv[1:])
