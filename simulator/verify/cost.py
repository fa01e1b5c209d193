"""What holding the simulator against known answers takes on this machine."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.experiments.cost import OF_A_PROCESS, Cost, timed
from simulator.scenario import load
from simulator.verify.case import Case

PIECES = 4.0
"""Times the short timed run that a simulated case takes on average."""

BOOKS = 4e8
"""Bytes of the books of the largest case."""


def cost(cases: Sequence[Case]) -> Cost:
    """Time a short run of a small company; formulas take next to nothing beside it."""
    simulated = sum(case.kind == "simulation" for case in cases)
    if not simulated:
        return Cost(0.0, OF_A_PROCESS)
    scenario = load("trading")
    fixed, each = timed(scenario, scenario.policy("sop"))
    return Cost(PIECES * simulated * (fixed + 12 * each), OF_A_PROCESS + BOOKS)
