"""Decisions that people take in a month beside the policy's rules: what can be decided, within which limits, and its effect on plans.

Each kind of decision is data: what it is about, in which unit, and the step of the cycle in which it enters. A run
without decisions is left as it is to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from simulator.company import Days
from simulator.kernel.lanes import TINY, total
from simulator.kernel.units import Array, Mask, Whole
from simulator.world.network import Network


@dataclass(frozen=True)
class DecisionKind:
    """A kind of decision: what it is about, in which unit, the step of the cycle in which it enters, and what it does."""

    name: str
    about: str  # family, resource, part, segment, family or product, promotion, or company
    unit: str
    step: int  # of the cycle, from 1
    does: str
    below_zero: bool = False
    repeats: bool = False  # a later month given with it is the last one in whose cycle it holds, not the one it is for


DECISION_KINDS: Mapping[str, DecisionKind] = {
    kind.name: kind
    for kind in (
        DecisionKind(
            "forecast",
            "family",
            "units a month",
            2,
            "add to the demand plan of every month ahead",
            below_zero=True,
            repeats=True,
        ),
        DecisionKind("safety-stock", "family", "units", 3, "hold so much of a family", repeats=True),
        DecisionKind("production", "family", "units", 5, "make so much of a family in a month"),
        DecisionKind("overtime", "resource", "hours", 5, "authorise so many hours of overtime in a month"),
        DecisionKind("subcontract", "family", "units", 5, "have so much of a family made outside in a month"),
        DecisionKind(
            "people", "resource", "people", 5, "hire so many more than the policy does, or fewer", below_zero=True
        ),
        DecisionKind(
            "expedite",
            "part",
            "units a month",
            5,
            "have so much come express of what is on order or is ordered in a month",
            repeats=True,
        ),
        DecisionKind(
            "order-ahead",
            "part",
            "units",
            5,
            "order so much of a part beyond what the rules order, on one day of a month",
        ),
        DecisionKind(
            "reserve",
            "segment",
            "days of its planned demand",
            5,
            "keep so much stock of every product for a segment, whoever else is waiting",
            repeats=True,
        ),
        DecisionKind(
            "promise",
            "segment",
            "days",
            5,
            "promise new orders of a segment so many days later than they are asked for",
            repeats=True,
        ),
        DecisionKind(
            "decline",
            "family",
            "units of a deal",
            2,
            "decline deals in sight that are at least so large, and those that come into sight",
            repeats=True,
        ),
        DecisionKind(
            "purchases", "company", "money a month", 5, "order goods for no more than so much in a month", repeats=True
        ),
        DecisionKind(
            "option", "company", "number", 5, "approve the option of that number, in the order of the pre-S&OP meeting"
        ),
        DecisionKind(
            "promotion",
            "family or product",
            "share of demand",
            2,
            "promote it from the first of a month, with so much lift",
        ),
        DecisionKind(
            "move-promotion",
            "promotion",
            "days",
            2,
            "hold the next promotion so many days later, or earlier",
            below_zero=True,
        ),
        DecisionKind(
            "price",
            "family or product",
            "share of the list price",
            2,
            "raise the list price from the first of a month, or lower it",
            below_zero=True,
        ),
    )
}
"""All that can be decided, in the order of the steps."""

MARKET_KINDS = ("promotion", "move-promotion", "price")
"""Kinds of decisions on the market, of which there is one for all lanes."""


@dataclass(frozen=True)
class Decision:
    """A decision that is taken in a month's cycle, for that month or a later one; months are numbered from 0."""

    kind: str
    name: str
    amount: float
    taken: int
    month: int
    reason: str = ""  # given by who takes it
    lanes: tuple[int, ...] | None = None  # in which it is taken; None for all

    def where(self, lanes: int) -> Mask:
        """Mark the lanes in which it is taken, (lanes,)."""
        taken = np.full(lanes, self.lanes is None)
        taken[[*(self.lanes or ())]] = True
        return taken

    def amounts(self, lanes: int) -> Array | float:
        """The amount where it is taken and nothing elsewhere, (lanes,); the amount alone where it is taken in all lanes."""
        return self.amount if self.lanes is None else np.where(self.where(lanes), self.amount, 0.0)

    @property
    def step(self) -> int:
        """The step of the cycle in which it enters."""
        return DECISION_KINDS[self.kind].step

    def holds_in(self, cycle: int) -> bool:
        """Tell if it is to be kept to in the cycle of a month."""
        return self.taken <= cycle <= self.month

    def __str__(self) -> str:
        """Write it as it is typed, but for the month in which it is taken."""
        later = f"@{self.month + 1}" if self.month != self.taken else ""
        return f"{self.kind}:{self.name}{later}={self.amount:g}"


@dataclass(frozen=True)
class Decided:
    """The decisions of a run, each step's own; every answer is what it was given, untouched, where nothing was decided."""

    network: Network
    days: Days
    decisions: Sequence[Decision] = field(default=())
    lanes: int = 1

    @cached_property
    def _of_kind(self) -> dict[str, list[Decision]]:
        found: dict[str, list[Decision]] = {}
        for decision in self.decisions:
            found.setdefault(decision.kind, []).append(decision)
        return found

    def _now(self, kind: str, cycle: int) -> Iterator[tuple[Decision, int]]:
        """Decisions of a kind that hold in the cycle of a month, with the months from it to the one that they are for."""
        for decision in self._of_kind.get(kind, ()):
            if decision.holds_in(cycle):
                yield decision, decision.month - cycle

    def demand_plan(self, cycle: int, plan: Array) -> Array:
        """The demand plan, (months ahead, products, lanes), with corrections by family; nothing goes below nothing."""
        for decision, _ in self._now("forecast", cycle):
            rows = self._products(decision)
            moved = np.maximum(plan[:, rows] + decision.amount * _shares(plan[:, rows]), 0.0)
            plan = plan.copy()
            plan[:, rows] = _where(decision, moved, plan[:, rows])
        return plan

    def safety_stock(self, cycle: int, stock: Array, demand: Array) -> Array:
        """Safety stock, (items, lanes); a family's is shared out as its planned demand, (months ahead, products, lanes)."""
        for decision, _ in self._now("safety-stock", cycle):
            rows = self._products(decision)
            stock = stock.copy()
            held = decision.amount * _shares(total(demand[:, rows])[None])[0]
            stock[rows] = _where(decision, held, stock[rows])
        return stock

    def production(self, cycle: int, plan: Array) -> Array:
        """The production plan, (months ahead, families, lanes)."""
        for decision, ahead in self._now("production", cycle):
            plan = _set(plan, ahead, self.network.families.index(decision.name), decision, decision.amount)
        return plan

    def outside(self, cycle: int, plan: Array) -> Array:
        """Units to be made outside, (months ahead, families, lanes)."""
        for decision, ahead in self._now("subcontract", cycle):
            plan = _set(plan, ahead, self.network.families.index(decision.name), decision, decision.amount)
        return plan

    def overtime(self, cycle: int, plan: Array, effective: int) -> Array:
        """Hours of overtime a working day, (months ahead, resources, lanes), of decisions that take effect on a day."""
        for decision, ahead in self._now("overtime", cycle):
            hours = decision.amount / max(self.working_days(decision, effective), TINY)
            plan = _set(plan, ahead, self.network.resources.index(decision.name), decision, hours)
        return plan

    def working_days(self, decision: Decision, effective: int) -> float:
        """Working days over which a month's decision is spread: of the month in which it is taken, those after it takes effect."""
        first, end = self.days.month_start[decision.month : decision.month + 2]
        first = max(first, effective) if decision.month == decision.taken else first
        worked = self.days.worked_so_far
        return float(worked[end] - worked[min(first, end)])

    def people(self, cycle: int, settled: bool) -> Array | None:
        """People more than the policy wants, (resources, lanes), or None. Where it wants as many as ever, all that were decided."""
        mine = [d for d in self._of_kind.get("people", ()) if (d.taken <= cycle if settled else d.taken == cycle)]
        if not mine:
            return None
        more = np.zeros((len(self.network.resources), self.lanes))
        for decision in mine:
            more[self.network.resources.index(decision.name)] += decision.amounts(self.lanes)
        return more

    # --- orders, deals and stock ---

    def ordered_ahead(self, month: int, taken_now: bool) -> Array | None:
        """Units to be ordered in a month beyond what the rules order, of its own cycle or of earlier ones: (bought items, lanes)."""
        mine = [d for d in self._of_kind.get("order-ahead", ()) if d.month == month and (d.taken == month) == taken_now]
        if not mine:
            return None
        more = np.zeros((len(self.network.bought), self.lanes))
        for decision in mine:
            more[self.bought_row(decision)] += decision.amounts(self.lanes)
        return more

    def held_in(self, kind: str, month: int) -> list[Decision]:
        """Decisions of a kind that hold in a month."""
        return [decision for decision, _ in self._now(kind, month)]

    def approved(self, cycle: int) -> Iterator[tuple[int, Mask]]:
        """Numbers of options that are approved in a cycle, from 0, each with its lanes; in all others the meeting's criteria choose."""
        for decision in self._of_kind.get("option", ()):
            if decision.taken == cycle:
                yield round(decision.amount) - 1, decision.where(self.lanes)

    def declined_from(self, cycle: int) -> Array | None:
        """Units from which on a family's deals are declined, (families, lanes); None for none."""
        mine = list(self._now("decline", cycle))
        if not mine:
            return None
        least = np.full((len(self.network.families), self.lanes), np.inf)
        for decision, _ in mine:
            row = self.network.families.index(decision.name)
            least[row] = _where(decision, np.minimum(least[row], decision.amount), least[row])
        return least

    def in_the_market(self, cycle: int) -> list[Decision]:
        """Decisions of a cycle on promotions and prices; there is one market for all lanes."""
        return [d for kind in MARKET_KINDS for d in self._of_kind.get(kind, ()) if d.taken == cycle]

    def bought_row(self, decision: Decision) -> int:
        """The row of a decision's part among the bought items."""
        return int(np.flatnonzero(self.network.bought == self.network.names.index(decision.name))[0])

    @property
    def expedites(self) -> Sequence[Decision]:
        """Decisions on express orders."""
        return self._of_kind.get("expedite", ())

    def express(self, taken: Sequence[Decision], month: int, so_far: Array) -> Array | None:
        """Units left to come express of a month's decisions, (bought items, lanes); None where nothing was decided."""
        left: Array | None = None
        for decision in taken:
            if decision.holds_in(month):
                row = self.bought_row(decision)
                left = np.zeros_like(so_far) if left is None else left
                left[row] = _where(decision, np.maximum(decision.amount - so_far[row], 0.0), left[row])
        return left

    def _products(self, decision: Decision) -> Whole:
        """The products of a decision's family."""
        return np.flatnonzero(self.network.family_of == self.network.families.index(decision.name))


NOTHING: tuple[Decision, ...] = ()
"""Nobody decides anything beside the rules."""


def _set(plan: Array, ahead: int, row: int, decision: Decision, amount: float) -> Array:
    """A plan with one figure of it decided."""
    plan = plan.copy()
    plan[ahead, row] = _where(decision, np.full(plan.shape[-1], amount), plan[ahead, row])
    return plan


def _where(decision: Decision, decided: Array, was: Array) -> Array:
    """Figures as decided in the lanes in which the decision is taken, as they were in all others: (..., lanes)."""
    return decided if decision.lanes is None else np.where(decision.where(was.shape[-1]), decided, was)


def _shares(plan: Array) -> Array:
    """Each product's part of its family's plan, (months, products, lanes); equal parts where nothing is planned."""
    whole = plan.sum(axis=1, keepdims=True)
    share: Array = np.where(whole > TINY, plan / np.maximum(whole, TINY), 1.0 / plan.shape[1])
    return share
