"""Fields that each role fills in in a round: prefilled with what the rules recommend, within the limits of the company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

import numpy as np

from simulator.classroom.playing import Morning, Playing
from simulator.classroom.roles import AGENDA, ISSUES, STATEMENT, Field
from simulator.engine.decided import WHOLE_COMPANY, can_be_decided, limits_of, names_for
from simulator.kernel.messages import Message, Text, msg
from simulator.kernel.units import Array
from simulator.planning.decisions import DECISION_KINDS, Decided, Decision

LOOK_AHEAD = 3
"""Months for which sales and the demand planner state what they expect."""

LONG_LEADS = 3
"""Parts that may be bought ahead: those with the longest way."""

MONEY_A_MONTH = "money a month"
"""The unit of a decision about money."""

ONE_IN_TEN = 1.2815515655446004
"""Deviations of a normal law beyond which one case in ten lies."""


@dataclass(frozen=True)
class Decides:
    """A kind of field: who fills it in, from which level on, for which months ahead, and what it is called."""

    kind: str
    role: str
    level: int
    ahead: tuple[int, ...]
    label: Message
    step: float = 1.0


DECIDES = (
    Decides("decline", "sales", 3, (0,), msg("Decline deals from this size on")),
    Decides("reserve", "sales", 3, (0,), msg("Days of demand kept for this segment")),
    Decides("promise", "sales", 3, (0,), msg("Days by which its orders are promised later")),
    Decides("promotion", "sales", 3, (1, 2), msg("Promotion: more demand"), 0.05),
    Decides("price", "sales", 3, (1,), msg("List price: change"), 0.01),
    Decides("forecast", "demand", 1, (0,), msg("Correct the demand plan of every month")),
    Decides("safety-stock", "demand", 2, (0,), msg("Safety stock")),
    Decides("production", "operations", 1, (0, 1), msg("Production plan")),
    Decides("overtime", "operations", 1, (0, 1), msg("Overtime")),
    Decides("people", "operations", 2, (0,), msg("People more than recommended, or fewer")),
    Decides("subcontract", "operations", 2, (0, 1), msg("Made outside")),
    Decides("order-ahead", "purchasing", 1, (0,), msg("Buy ahead")),
    Decides("expedite", "purchasing", 2, (0,), msg("Have so much come express")),
    Decides("purchases", "finance", 1, (0,), msg("Cap on purchases of the month"), 1000.0),
)
"""All that a class may decide, role by role."""


def unit_of(kind: str, currency: str) -> Text:
    """The unit of a kind of decision, in the company's own money."""
    unit = DECISION_KINDS[kind].unit
    return msg("{currency} a month", currency=currency) if unit == MONEY_A_MONTH else msg(unit)


class Prefilled:
    """The fields of a team on the morning of a round."""

    def __init__(self, playing: Playing, morning: Morning) -> None:
        self.playing, self.morning = playing, morning
        self.scenario, self.policy, self.network = playing.scenario, playing.policy, playing.scenario.network
        self.plans, self.month, self.lane = morning.books.plans, morning.month, morning.lane
        self.decided = Decided(self.network, self.scenario.days)
        delay = self.policy.decision_delay
        self.effective = self.scenario.days.working_days_from(morning.day, delay)

    def fields(self) -> list[Field]:
        """All fields of the level, in the order of the roles."""
        own = [field for each in DECIDES for field in self._of_kind(each)]
        return [*self._expected(), *own, *agenda_fields()]

    # --- decisions ---

    def _of_kind(self, kind: Decides) -> Iterator[Field]:
        """The fields of a kind, one for each thing and month that it can be decided for."""
        if kind.level > self.playing.lesson.level:
            return
        for name in self._things(kind.kind):
            for ahead in kind.ahead:
                decision = Decision(kind.kind, name, 0.0, self.month, self.month + ahead)
                if not can_be_decided(decision, self.scenario, self.policy):
                    continue
                low, high = limits_of(decision, self.scenario, self.policy)
                later = f"@{decision.month + 1}" if ahead else ""
                about: Text = msg("the company") if name == WHOLE_COMPANY else name
                shown = msg("{what}, {month}", what=kind.label, month=self.scenario.days.month_name(decision.month))
                yield Field(
                    f"{kind.kind}:{name}{later}", kind.role, about, shown if len(kind.ahead) > 1 else kind.label,
                    unit_of(kind.kind, self.scenario.company.currency), _within(self._recommended(decision), high),
                    _end(low), _end(high), kind.step,
                    group=kind.label,
                )  # fmt: skip

    def _things(self, kind: str) -> list[str]:
        names, n = names_for(self.scenario, kind), self.network
        if kind == "order-ahead":
            lead = {n.names[row]: float(n.lead_time[row, 0]) for row in n.bought}
            return sorted(names, key=lambda name: -lead[name])[:LONG_LEADS]
        return n.families if DECISION_KINDS[kind].about == "family or product" else names

    def _recommended(self, decision: Decision) -> float | None:
        """The figure that the rules recommend; None where they set no limit."""
        plans, n, ahead = self.plans, self.network, decision.month - self.month
        if decision.kind in ("production", "subcontract"):
            cube = plans.production if decision.kind == "production" else plans.outside
            return _round(cube[self.month, ahead, n.families.index(decision.name), self.lane])
        if decision.kind == "overtime":
            daily = plans.overtime[self.month, ahead, n.resources.index(decision.name), self.lane]
            return _round(daily * self.decided.working_days(decision, self.effective))
        if decision.kind == "safety-stock":
            mine = n.family_of == n.families.index(decision.name)
            return _round(plans.safety_stock[self.month, n.sold, self.lane][mine].sum())
        return None if decision.kind in ("purchases", "decline") else 0.0

    # --- statements ---

    def _expected(self) -> Iterator[Field]:
        """Demand of each family as sales expect it, and the range in which eight of ten months lie."""
        plan = self.network.by_family(self.plans.demand[self.month, :LOOK_AHEAD, :, self.lane][..., None])[..., 0]
        low, high = self.range_of_next()
        for row, family in enumerate(self.network.families):
            for ahead in range(LOOK_AHEAD):
                month = self.month + ahead
                name = self.scenario.days.month_name(month) if month < self.scenario.days.months else f"+{ahead}"
                yield Field(
                    f"~expects:{family}@{month + 1}", "sales", family, msg("Demand expected, {month}", month=name),
                    msg("units"), _round(plan[ahead, row]), 0.0, does=STATEMENT, group=msg("Forecast"),
                )  # fmt: skip
            ends = (("low", msg("Next month: at least"), low), ("high", msg("Next month: at most"), high))
            for key, label, figure in ends:
                yield Field(
                    f"~{key}:{family}@{self.month + 2}", "demand", family, label, msg("units"), _round(figure[row]), 0.0,
                    does=STATEMENT, group=msg("Range"), note=msg("eight of ten months should lie between the two"),
                )  # fmt: skip

    def range_of_next(self) -> tuple[Array, Array]:
        """The range that past errors of the demand plan suggest for next month, by family."""
        by_family, books = self.network.by_family, self.morning.books
        past = len(books.demand_by_month) - self.scenario.days.months
        made = [m for m in books.plans.made_in if m + 1 < self.month][-12:]
        told = by_family(books.plans.demand[self.month, 1, :, self.lane][:, None])[:, 0]
        if not made:
            return 0.5 * told, 1.5 * told
        errors = np.stack(
            [
                by_family((books.demand_by_month[past + m + 1] - books.plans.demand[m, 1])[:, self.lane][:, None])[:, 0]
                for m in made
            ]
        )
        spread = ONE_IN_TEN * np.sqrt(np.square(errors).mean(axis=0))
        return np.maximum(told - spread, 0.0), told + spread


def agenda_fields() -> Iterator[Field]:
    """The six issues of which the demand planner puts three on the agenda."""
    for name, title in ISSUES.items():
        yield Field(
            f"{AGENDA}{name}", "demand", title, title, msg("three of six"), 0.0, 0.0, 1.0, does=STATEMENT,
            group=msg("Agenda of the meeting"),
        )  # fmt: skip


def _within(figure: float | None, high: float) -> float | None:
    """A recommended figure that is rounded up beyond the limit is rounded down."""
    return figure if figure is None or figure <= high else float(np.floor(high))


def _end(limit: float) -> float | None:
    return limit if isfinite(limit) else None


def _round(figure: float) -> float:
    return float(np.round(figure)) + 0.0
