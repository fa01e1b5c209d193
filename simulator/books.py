"""What is left of a run: its books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.plans import Plans
from simulator.policies import Policy
from simulator.units import Array

if TYPE_CHECKING:
    from simulator.scenario import Scenario


@dataclass
class Books:
    """What one policy did in a block of replications: every account by day, and the plans."""

    scenario: Scenario
    policy: Policy
    replications: list[int]
    flows: dict[str, Array]  # (days, rows..., lanes)
    closing: dict[str, Array]
    plans: Plans
    memos: dict[str, Array]  # what is counted by day, (days, rows, lanes)
    demand_by_month: Array  # (past months and months, products, lanes)

    @property
    def hours_used(self) -> Array:
        """Hours worked by day, (days, resources, lanes)."""
        return self.memos["hours_used"]
