"""Keep the books of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.ledger import Pages
from simulator.kernel.plans import Plans
from simulator.kernel.units import Array
from simulator.planning import Policy
from simulator.planning.decisions import Decision

if TYPE_CHECKING:
    from simulator.company import Company
    from simulator.engine.scenario import Scenario

TABLES: Any = (np.ndarray, Pages)
"""Kinds of what has its lanes as the last axis."""


@dataclass
class Books:
    """Hold the books of one policy in a block of replications: every account by day, and the plans."""

    scenario: Scenario
    policy: Policy
    replications: list[int]
    flows: dict[str, Array]  # (days, rows..., lanes)
    closing: dict[str, Array]
    plans: Plans
    memos: dict[str, Array]  # what is counted by day, (days, rows, lanes)
    demand_by_month: Array  # (past months and months, products, lanes)
    opened: dict[str, Array] = field(
        default_factory=dict
    )  # stock and goods on the way on the first morning, (items, lanes)
    decisions: tuple[Decision, ...] = ()  # that people took beside the policy's rules
    decided_company: Company | None = None  # the company with the promotions and prices that were decided

    @property
    def company(self) -> Company:
        """The company with its market as it came to be."""
        return self.decided_company or self.scenario.company

    def each(self, change: Callable[[Array], Array], replications: list[int]) -> Books:
        """Change every array of the books along its lanes."""

        def changed(tables: Mapping[Any, Any]) -> dict[Any, Any]:
            return {name: change(table) if isinstance(table, TABLES) else table for name, table in tables.items()}

        plans, noted = copy(self.plans), ("tables", "effective", "recommended", "chosen", "carried")
        vars(plans).update(changed(vars(plans)))
        vars(plans).update({name: changed(getattr(self.plans, name)) for name in noted})
        return replace(
            self,
            replications=replications,
            flows=changed(self.flows),
            closing=changed(self.closing),
            plans=plans,
            memos=changed(self.memos),
            demand_by_month=change(self.demand_by_month),
            opened=changed(self.opened),
        )

    def of_lane(self, lane: int) -> Books:
        """The books of one replication by itself; nothing is copied."""
        return self.each(lambda book: book[..., lane : lane + 1], self.replications[lane : lane + 1])

    def on_first_morning(self, account: str) -> Array:
        """Return the opening balance of an account of goods, (items, 1 or lanes)."""
        stated = np.nan_to_num(self.scenario.network.opening_stock)
        return self.opened.get(account, stated if account == "on_hand" else np.zeros_like(stated))

    @property
    def hours_used(self) -> Array:
        """Hours worked by day, (days, resources, lanes)."""
        return self.memos["hours_used"]

    @property
    def hours_there(self) -> Array:
        """Return regular hours available, (days or 1, resources, lanes or 1): those of a working day if they are not counted."""
        counted, out, n = self.memos.get("hours_there"), self.memos.get("outage"), self.scenario.network
        sites = np.flatnonzero(n.sources.outage_of_resource < len(n.sources.disrupted))
        if counted is not None or out is None or not sites.size:
            return n.hours[None] if counted is None else counted
        working = self.scenario.days.working[:, None, None]
        there: Array = np.repeat(n.hours, out.shape[-1], axis=1) * working
        there[:, sites] *= 1.0 - out[: len(there), n.sources.outage_of_resource[sites]]
        return there

    @property
    def overtime_hours(self) -> Array:
        """Hours worked beyond the regular ones by day, (days, resources, lanes)."""
        return self.overtime_in(slice(None))

    def overtime_in(self, over: slice) -> Array:
        """Hours worked beyond the regular ones on some days, (days, resources, lanes)."""
        there = self.hours_there
        return np.maximum(self.hours_used[over] - (there[over] if len(there) > 1 else there) - TINY, 0.0)
