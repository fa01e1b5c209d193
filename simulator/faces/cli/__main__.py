"""`python -m simulator.faces.cli` is `sop`; so is the command that pip puts on the path."""

from __future__ import annotations

from typing import NoReturn

from simulator.kernel.interrupts import end_on_the_spot


def run() -> NoReturn:
    """Run the command line as a program of its own."""
    end_on_the_spot()
    from simulator.faces.cli import main
    from simulator.kernel.starting import fork_workers

    fork_workers()
    raise SystemExit(main(prog_name="sop"))


if __name__ == "__main__":
    run()
