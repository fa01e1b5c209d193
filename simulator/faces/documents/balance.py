"""Name the balancing rule that holds for a family, of the three, in its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents.paper import SEGMENT, SHARE, Figure, Grid, beside
from simulator.faces.documents.phrases import beside_name, hours, months, rate, rule_name, units
from simulator.kernel.lanes import TINY, ranked, ration
from simulator.kernel.messages import Listed, Message, Text, listed, msg, percent, sentences
from simulator.kernel.units import Array, Mask
from simulator.planning.shortage import KeepSafetyStock, ReleaseSafetyStock
from simulator.results.reading import ratio
from simulator.results.reading.capacity import Load
from simulator.results.reading.month import Month

SURPLUS, SHORTAGE, WAVE = "surplus", "shortage", "wave"

MOUNTAIN = 0.25
"""Demand comes in waves where a month's working day asks for so much more than the mean one."""


@dataclass(frozen=True)
class Balance:
    """One family in the pre-S&OP meeting."""

    month: Month
    family: int

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
    def near(self) -> int:
        """Months within which a shortage calls for the shortage rule."""
        rule = self.month.policy.shortage
        return rule.months if isinstance(rule, ReleaseSafetyStock) else ReleaseSafetyStock().months

    @property
    def is_short(self) -> Mask:
        """In which of the months that the meeting looks at more is owed than the shortage rule lets pass."""
        rule = self.month.policy.shortage
        tolerance = (rule if isinstance(rule, ReleaseSafetyStock) else ReleaseSafetyStock()).tolerance
        demand = self.month.by_family(self.month.demand)[:MEETING_MONTHS, self.family]
        return np.asarray(self.short > tolerance * demand + TINY)

    @property
    def worst(self) -> int:
        """The month ahead, among the near ones, at whose end most is owed: by then the must-meet quantity is fixed."""
        return int(np.argmax(self.short[: self.near]))

    @property
    def span(self) -> Text:
        """The months for which the must-meet quantity is fixed."""
        return months(self.month.ahead[: self.worst + 1])

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
    def shaved(self) -> float:
        """The part of the peaks that is made in other months: demand beyond production, month by month."""
        days = self.month.working[:MEETING_MONTHS]
        demand, production = self.daily
        return float((np.maximum(demand - production, 0.0) * days).sum())

    def safety_stock(self, drafted: bool = False) -> float:
        """Of its made products, in force or as it was drafted before the shortage rule."""
        stock = self.month.noted("safety stock drafted") if drafted else self.month.of(self.month.plans.safety_stock)
        return 0.0 if stock is None else float(stock[self.month.n.sold][self.products].sum())

    # --- in words ---

    def sentences(self) -> Listed:
        """The rule, and what follows from it."""
        told = {SURPLUS: self._surplus, SHORTAGE: self._shortage, WAVE: self._wave}[self.rule]
        return sentences([*told(), *self._later()])

    def _later(self) -> Iterator[Message]:
        later = np.flatnonzero(self.is_short)
        if self.rule != SHORTAGE and later.size:
            yield msg(
                "From {month} on up to {units} would be owed; that is an open issue, not yet a decision.",
                month=self.month.ahead[int(later[0])],
                units=units(self.short.max()),
            )

    def _surplus(self) -> Iterator[Message]:
        near = slice(0, 3)
        asked = float(self.month.demand[near, self.products].sum())
        yield msg("{family}: supply exceeds demand.", family=self.name)
        yield msg(
            "The executable plan is the unconstrained demand, {demand} in {months}; "
            "safety stock of {safety_stock} is kept and absorbs the error.",
            demand=units(asked),
            months=months(self.month.ahead[near]),
            safety_stock=units(self.safety_stock()),
        )

    def _wave(self) -> Iterator[Message]:
        demand, production = self.daily
        yield msg(
            "{family}: demand comes in waves, from {least} to {most} units a working day over the next {n} months.",
            family=self.name,
            least=rate(demand.min()),
            most=rate(demand.max()),
            n=len(demand),
        )
        least, most = rate(production.min()), rate(production.max())
        if np.ptp(production) < 0.8 * np.ptp(demand):
            yield msg(
                "The peak is cut and the valley filled: production runs between {least} and {most} a day, "
                "{units} of the peaks are made in other months.",
                least=least,
                most=most,
                units=units(self.shaved),
            )
        else:
            yield msg(
                "Nothing is shaved, as the strategy is {strategy}: production runs between {least} and {most} a day "
                "and follows the wave.",
                strategy=rule_name(self.month.policy.supply_plan.name),
                least=least,
                most=most,
            )
        yield msg("Safety stock of {units} is kept.", units=units(self.safety_stock()))

    def _shortage(self) -> Iterator[Message]:
        worst = self.worst
        yield msg(
            "{family}: demand exceeds supply, {units} are owed at the end of {month}.",
            family=self.name,
            units=units(self.short[worst]),
            month=self.month.ahead[worst],
        )
        yield self._released()
        yield self._bottleneck()
        yield msg(
            "Sales and purchasing commit to {units} for {months}, and customers get no more.",
            units=units(self.available),
            months=self.span,
        )

    def _released(self) -> Message:
        drafted, kept = self.safety_stock(drafted=True), self.safety_stock()
        if isinstance(self.month.policy.shortage, KeepSafetyStock):
            return msg(
                "This process has no shortage rule: safety stock of {units} is planned as ever and competes with orders.",
                units=units(kept),
            )
        if drafted < 0.5:
            return msg("There is no safety stock that could be released.")
        return msg(
            "Safety stock is released from {drafted} to {kept}: all stock supports the front line.",
            drafted=units(drafted),
            kept=msg("zero") if kept < 0.5 else units(kept),
        )

    def _bottleneck(self) -> Message:
        found = Load(self.month).bottleneck(self.near, self.family)
        if found is None:
            return msg(
                "No resource is full: what is missing cannot come sooner, for want of parts or of time in process."
            )
        k, r = found
        return msg(
            "The bottleneck, {resource}, is loaded to its maximum of {hours} in {month}.",
            resource=self.month.n.resources[r],
            hours=hours(Load(self.month).approved[k, r]),
            month=self.month.ahead[k],
        )

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

    def must_be_met(self) -> Array:
        """By segment: the first in rank in full, then the next; where orders are not ranked, all alike."""
        there = np.array([self.available])
        serve = ranked if self.month.policy.allocation.name == "ranked" else ration
        return serve(self.wanted[:, None], there)[:, 0]

    def must_meet_grid(self) -> Grid:
        """Segments by rank: wanted, must be met, late."""
        met = self.must_be_met()
        share = ratio(met, self.wanted)
        figures = {
            Figure(msg("wanted")): self.wanted,
            Figure(msg("must be met")): met,
            Figure(msg("late")): self.wanted - met,
            Figure(msg("met"), SHARE): share,
        }
        title = msg("{family}: what must be met in {months}, by rank", family=self.name, months=self.span)
        return beside(title, SEGMENT, self.month.n.segments, figures, self.span)

    def ranking(self) -> Message:
        """Say how orders are ranked, in a sentence."""
        met = self.must_be_met()
        if self.month.policy.allocation.name != "ranked":
            return msg(
                "Orders for {family} are not ranked ({rule}): the shortage falls on all customers alike.",
                family=self.name,
                rule=rule_name(self.month.policy.allocation.name),
            )
        shares = [
            beside_name(name, percent(m / w))
            for name, m, w in zip(self.month.n.segments, met, self.wanted, strict=True)
            if w > 0.5
        ]
        return msg(
            "Orders for {family} are ranked; {units} must be met: {shares} of what they want.",
            family=self.name,
            units=units(met.sum()),
            shares=listed(shares),
        )


def balances(month: Month) -> list[Balance]:
    """Every family that makes anything."""
    if not month.has_family_plan or month.noted("shortage") is None:
        return []
    found = [Balance(month, k) for k in range(len(month.families))]
    return [balance for balance in found if balance.products.any()]
