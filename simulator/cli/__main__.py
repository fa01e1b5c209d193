"""`python -m simulator.cli` is `sop`."""

from simulator.cli import main

main(prog_name="sop")
