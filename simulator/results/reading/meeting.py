"""Figures before the meetings: the options of a month, the balance of each family, and what changes against the plan in force."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from simulator.engine.month.further import FURTHER
from simulator.engine.month.impact import MEETING_MONTHS
from simulator.kernel.lanes import TINY, ranked, ration
from simulator.kernel.messages import Text
from simulator.kernel.units import Array, Mask
from simulator.planning.criteria import DEPARTMENTS, Criteria
from simulator.planning.shortage import ReleaseSafetyStock
from simulator.results.reading.capacity import Needs
from simulator.results.reading.last_month import TOLERANCE
from simulator.results.reading.month import EXECUTIVE, LOOK, PRE_MEETING, Month
from simulator.results.reading.record import LITTLE, ratio

SURPLUS, SHORTAGE, WAVE = "surplus", "shortage", "wave"

MOUNTAIN = 0.25
"""Demand comes in waves where a month's working day asks for so much more than the mean one."""

SHAVED = 0.8
"""Production whose daily rate spans a smaller share of the span of demand cuts the peaks."""


@dataclass(frozen=True)
class Options:
    """The options that lay before the meetings, seen from the approved one, or from the recommended one before it was approved."""

    month: Month
    before: bool = False

    @property
    def names(self) -> tuple[Text, ...]:
        """In the order in which they were put."""
        return self.month.plans.options[self.month.index]

    @cached_property
    def put(self) -> list[int]:
        """Number the options that lay before the meetings: one that decides nothing more than the others is none."""
        every, told = self.criteria, range(len(self.names))
        again = [k for k in told if self.names[k] in FURTHER and (every[:k] == every[k]).all(axis=1).any()]
        return [k for k in told if k not in again or k == self.chosen]

    @property
    def chosen(self) -> int:
        """Number the option recommended and approved."""
        return int(self.month.plans.chosen[self.month.index][self.month.lane])

    @property
    def recommended(self) -> int:
        """Number the option that the pre-S&OP meeting put first."""
        return int(self.month.plans.recommended[self.month.index][self.month.lane])

    @property
    def is_overruled(self) -> bool:
        """True if the executives approved another option than the recommended one."""
        return self.chosen != self.recommended

    @property
    def reason(self) -> int:
        """Number the criterion that spoke most for the approved option against the recommended one."""
        lanes = (np.array([self.chosen]), np.array([self.recommended]))
        return int(self.month.policy.executive_criteria.speaks_for(self.criteria[..., None], *lanes)[0])

    @property
    def wanted(self) -> dict[str, int]:
        """Number the option that each department asks for."""
        noted = self.month.noted("option wanted")
        assert noted is not None
        return {name: int(k) for name, k in zip(DEPARTMENTS, noted, strict=True)}

    @property
    def is_agreed(self) -> bool:
        """True if all departments ask for the same option."""
        return len(set(self.wanted.values())) == 1

    @property
    def standing(self) -> int:
        """Number the option from which the others are seen."""
        return self.recommended if self.before else self.chosen

    @property
    def others(self) -> list[int]:
        """Number the other options."""
        return [k for k in self.put if k != self.standing]

    def _noted(self, table: str) -> Array:
        noted = self.month.noted(table)
        assert noted is not None
        return noted[: len(self.names)]

    @cached_property
    def cost(self) -> Array:
        """Expected cost of each."""
        return self._noted("option cost")[:, 0]

    @cached_property
    def cost_range(self) -> tuple[Array, Array]:
        """Cost that is undercut, and exceeded, one time in ten."""
        noted = self._noted("option cost")
        return noted[:, 1], noted[:, 2]

    @cached_property
    def criteria(self) -> Array:
        """The meetings' criteria, shares of the planned turnover, (options, criteria)."""
        return self._noted("option criteria")

    def score(self, criteria: Criteria) -> Array:
        """The weighted criteria of each option; the least is the best."""
        return np.asarray(criteria.score(self.criteria[..., None])[:, 0])

    @cached_property
    def shortage(self) -> Array:
        """The most that each family would owe at a month's end, (options, families)."""
        return self._noted("option shortage")

    @cached_property
    def stock(self) -> Array:
        """Mean stock at the months' ends, (options, families)."""
        return self._noted("option stock")

    @cached_property
    def overtime(self) -> Array:
        """Overtime hours, (options, resources)."""
        return self._noted("option overtime")

    @property
    def worth(self) -> Array:
        """Mean stock at standard cost, (options,)."""
        return np.asarray(self.stock @ self.month.unit_cost)

    def owed(self, option: int, family: int | None = None) -> float:
        """The most that an option would owe, of a family or of all."""
        return float(self.shortage[option].sum() if family is None else self.shortage[option, family])

    def dearer(self, option: int) -> float:
        """Expected cost of an option beyond the one from which it is seen."""
        return float(self.cost[option]) - float(self.cost[self.standing])

    @property
    def are_alike(self) -> bool:
        """True if the choice makes no difference to any criterion."""
        return bool(np.allclose(self.criteria, self.criteria[self.chosen]))

    @property
    def short_families(self) -> list[int]:
        """Number the families that some option leaves short."""
        return np.flatnonzero((self.shortage > LITTLE).any(axis=0)).tolist()


@dataclass(frozen=True)
class Balance:
    """One family in the pre-S&OP meeting."""

    month: Month
    family: int
    is_bought: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name of the family."""
        return self.month.families[self.family]

    @property
    def products(self) -> Array:
        """Its products that are made here, as a mask."""
        return np.asarray((self.month.n.family_of == self.family) & self.month.is_made)

    @cached_property
    def short(self) -> Array:
        """The backlog that the recommended option leaves at the end of each month that the meeting looks at."""
        noted = self.month.noted("shortage")
        assert noted is not None
        return np.asarray(noted[:MEETING_MONTHS, self.family])

    @property
    def _rule_of_shortage(self) -> ReleaseSafetyStock:
        """The policy's shortage rule, or the usual one where it has none."""
        rule = self.month.policy.shortage
        return rule if isinstance(rule, ReleaseSafetyStock) else ReleaseSafetyStock()

    @property
    def is_fixed(self) -> bool:
        """True if must-meet quantities are held to in this month's shipments."""
        return (
            not self.is_bought
            and isinstance(self.month.policy.shortage, ReleaseSafetyStock)
            and self._rule_of_shortage.commits
        )

    @property
    def near(self) -> int:
        """Months within which a shortage calls for the shortage rule."""
        return self._rule_of_shortage.months

    @property
    def is_short(self) -> Mask:
        """In which of the months that the meeting looks at more is owed than the shortage rule lets pass."""
        demand = self.month.by_family(self.month.demand)[:MEETING_MONTHS, self.family]
        return np.asarray(self.short > self._rule_of_shortage.tolerance * demand + TINY)

    @property
    def first_short(self) -> int | None:
        """The first month ahead that is short; None where none is."""
        return int(np.argmax(self.is_short)) if self.is_short.any() else None

    @property
    def worst(self) -> int:
        """The month ahead, among the near ones, at whose end most is owed: by then the must-meet quantity is fixed."""
        return int(np.argmax(self.short[: self.near]))

    @cached_property
    def daily(self) -> tuple[Array, Array]:
        """Demand and approved production a working day, over the months that the meeting looks at."""
        days = np.maximum(self.month.working[:MEETING_MONTHS], 1.0)
        demand = self.month.demand[:MEETING_MONTHS, self.products].sum(axis=1)
        return demand / days, self.month.production[:MEETING_MONTHS, self.family] / days

    @property
    def rule(self) -> str:
        """Surplus, shortage or wave."""
        if self.is_short[: self.near].any():
            return SHORTAGE
        demand = self.daily[0]
        return WAVE if demand.max() > (1 + MOUNTAIN) * demand.mean() else SURPLUS

    @property
    def is_shaved(self) -> bool:
        """True if production runs calmer than the waves of demand."""
        demand, production = self.daily
        return bool(np.ptp(production) < SHAVED * np.ptp(demand))

    @property
    def shaved(self) -> float:
        """The part of the peaks that is made in other months: demand beyond production, month by month."""
        days = self.month.working[:MEETING_MONTHS]
        demand, production = self.daily
        return float((np.maximum(demand - production, 0.0) * days).sum())

    @property
    def asked_soon(self) -> float:
        """Demand for its planned products over the next months."""
        return float(self.month.demand[:LOOK, self.products].sum())

    def safety_stock(self, drafted: bool = False) -> float:
        """Of its planned products, in force or as it was drafted before the shortage rule."""
        if not drafted:
            return float(self.month.safety_stock[self.products].sum())
        stock = self.month.noted("safety stock drafted")
        return 0.0 if stock is None else float(stock[self.month.n.sold][self.products].sum())

    # --- who must be served ---

    @cached_property
    def wanted(self) -> Array:
        """The wants of each segment until the worst of the near months is over: its backlog, and its usual share of demand to come."""
        month, day = self.month, self.month.supply_day
        backlog = month.morning("backlog", day)[:, self.products].sum(axis=1)
        lately = month.flow("due", day - 365, day)[:, self.products].sum(axis=1)
        lately = lately if lately.sum() > 0 else month.morning("order_book", day)[:, self.products].sum(axis=1)
        share = lately / lately.sum() if lately.sum() > 0 else np.full(len(lately), 1 / len(lately))
        return np.asarray(backlog + share * month.projected.to_come[: self.worst + 1, self.family].sum())

    @property
    def available(self) -> float:
        """The units that supply allows to be shipped from the supply plan on until that month is over."""
        return float(max(self.wanted.sum() - self.month.projected.backlog[self.worst, self.family], 0.0))

    @property
    def is_ranked(self) -> bool:
        """True if orders are ranked, false if a shortage falls on all customers alike."""
        return self.month.policy.allocation.by_rank

    @cached_property
    def must_be_met(self) -> Array:
        """By segment: the first in rank in full, then the next; where orders are not ranked, all alike."""
        serve = ranked if self.is_ranked else ration
        return serve(self.wanted[:, None], np.array([self.available]))[:, 0]

    @property
    def late(self) -> Array:
        """By segment: wanted and not met."""
        return np.asarray(self.wanted - self.must_be_met)

    @property
    def met(self) -> Array:
        """By segment: the share of what is wanted that must be met."""
        return ratio(self.must_be_met, self.wanted)


@dataclass(frozen=True)
class Bought(Balance):
    """One family of which nothing is made here."""

    is_bought: ClassVar[bool] = True

    @property
    def products(self) -> Array:
        """Its products, all of them bought, as a mask."""
        return np.asarray(self.month.n.family_of == self.family)

    @cached_property
    def short(self) -> Array:
        """The backlog that is expected at the end of each month that the meeting looks at."""
        return np.asarray(self.month.projected.backlog[:MEETING_MONTHS, self.family])

    @cached_property
    def daily(self) -> tuple[Array, Array]:
        """Demand and receipts a working day, over the months that the meeting looks at."""
        month = self.month
        demand = month.demand[:MEETING_MONTHS, self.products].sum(axis=1)
        receipts = month.projected.receipts[:MEETING_MONTHS, self.family]
        days, left = np.maximum(month.working, 1.0), np.maximum(month.days_left, 1.0)
        return demand / days[:MEETING_MONTHS], receipts / left[:MEETING_MONTHS]

    @property
    def last_short(self) -> int:
        """The last month of those in a row that are short."""
        first = self.first_short or 0
        after = np.flatnonzero(~self.is_short[first:])
        return first + (int(after[0]) if after.size else len(self.is_short) - first) - 1

    @cached_property
    def below_safety_stock(self) -> Array:
        """Units that its products lack of their safety stock at the end of each month that the meeting looks at."""
        there = np.maximum(self.month.projected.products[:MEETING_MONTHS, self.products], 0.0)
        return np.asarray(np.maximum(self.month.safety_stock[self.products] - there, 0.0).sum(axis=1))

    @property
    def first_below(self) -> int | None:
        """The first month at whose end a noticeable part of safety stock is missing."""
        low = self.below_safety_stock > TOLERANCE * self.safety_stock() + LITTLE
        return int(np.argmax(low)) if low.any() else None

    @property
    def sources(self) -> list[int]:
        """Number the sources of its products."""
        n = self.month.n
        mine = np.isin(n.bought[n.sources.item], np.flatnonzero(self.products))
        return np.flatnonzero(mine).tolist()

    @property
    def lead_times(self) -> dict[str, float]:
        """Days that planners count on from each of its suppliers, the longest of its products."""
        found: dict[str, float] = {}
        for k in self.sources:
            name = self.month.n.suppliers[self.month.n.sources.supplier[k]]
            found[name] = max(found.get(name, 0.0), float(self.month.n.sources.lead_time[k, 0]))
        return found

    @property
    def express(self) -> list[int]:
        """Number the sources that deliver express, under a policy that orders so."""
        if self.month.policy.expediting.name == "none":
            return []
        return [k for k in self.sources if self.month.n.sources.express_days[k, 0] > 0]


def balances(month: Month) -> list[Balance]:
    """Every family that is planned: of made ones their production, of bought ones their purchases."""
    if not month.is_planned or month.noted("shortage") is None:
        return []
    every = range(len(month.families))
    makes = month.by_family(month.is_made.astype(np.float64)) > 0
    return [Balance(month, k) if makes[k] else Bought(month, k) for k in every]


# --- against the plan in force ---


@dataclass(frozen=True)
class Change:
    """A plan as approved beside the one in force on the day of a meeting, (months ahead, rows)."""

    before: Array
    approved: Array
    is_first: bool  # no plan was in force

    @property
    def difference(self) -> Array:
        """Approved less in force."""
        return np.asarray(self.approved - self.before)

    @property
    def soon(self) -> Array:
        """The difference over the next months, (rows,)."""
        return np.asarray(self.difference[:LOOK].sum(axis=0))


def demand_change(month: Month) -> Change:
    """The demand plan by family, over the next months, in the pre-S&OP meeting."""
    before = month.by_family(month.in_force(month.plans.demand, month.held[PRE_MEETING])[:LOOK])
    return Change(before, month.by_family(month.demand[:LOOK]), not before.any())


def production_change(month: Month) -> Change:
    """The production plan that the executives approve, by family, over the months that they look at."""
    before = month.in_force(month.plans.production, month.held[EXECUTIVE])[:MEETING_MONTHS]
    return Change(before, month.production[:MEETING_MONTHS], not before.any())


def purchasing_change(month: Month) -> Change:
    """Requirements of bought items over the next months, by the plans approved and by those in force: (bought items,) each."""
    needs, day = Needs(month), month.held[EXECUTIVE]
    production, demand = month.in_force(month.plans.production, day), month.in_force(month.plans.demand, day)
    before, approved = needs.soon(production, demand), needs.soon(month.production, month.demand)
    return Change(before, approved, not (production.any() or demand.any()))


def slipped(month: Month) -> tuple[int, int]:
    """Working days by which the decision slipped, and those from the end of the month it looks back on until it holds."""
    worked = month.days.worked_so_far
    late = round(float(worked[month.effective] - worked[month.due]))
    return late, round(float(worked[month.effective] - worked[month.span(month.index)[0]]))


def share_over(month: Month) -> float:
    """The share of this month's working days that are over when the decision is to hold."""
    worked = month.days.worked_so_far
    return float(1 - float(worked[month.span(month.index)[1]] - worked[month.due]) / month.working[0])
