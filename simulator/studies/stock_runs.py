"""Runs behind an answer on stock: the formula fed by the forecast's own errors, and what fixed settings do in the company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from math import ceil

import numpy as np
from pydantic import PrivateAttr

from simulator.engine.books import Books
from simulator.engine.play import play, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.units import DAYS_A_MONTH, Array
from simulator.kernel.workers import Backend, in_order
from simulator.planning import Policy
from simulator.planning.rules import SafetyStock
from simulator.planning.safety_stock import FillRateTarget, PerProduct, spread_of
from simulator.results.binding import Binding
from simulator.results.kpis import Score, in_company, values
from simulator.results.reading.lost import Cause
from simulator.theory.inventory import Demanded
from simulator.world.view import Desk

COMPANY_MEASURES = ("fill_rate", "stock_value", "all_stock_value", "economic_profit")
"""Measures of the company that settings are judged by."""

FEWEST_A_PART = 10
"""Replications from which on a part of them is worth a process of its own."""

MONTHS_TO_SETTLE = 2
"""Months, beyond the longest way of goods, until a company that begins with the stock of today runs as its settings say."""


@dataclass(frozen=True)
class Formula:
    """The mean over planning cycles and replications, by item: safety stock by the formula, and what it was fed with."""

    safety_stock: Array
    safety_now: Array  # of the policy as it is
    use: Array  # units a day
    error: Array  # deviation of the forecast's error over the protection interval
    protection: Array  # days: lead time and review
    review: Array  # days of use that one replenishment serves
    lot: Array  # units by which lots let the stock position differ
    held: Array  # units in the level beyond use and safety stock


@dataclass(frozen=True)
class InCompany:
    """The outcome of settings: by product and replication demand, shortage and mean stock; the company's measures; causes."""

    due: Array  # (products, replications), as are the next two
    short: Array
    on_hand: Array
    company: Array  # (measures, replications)
    causes: Array  # (causes, products, replications)

    @property
    def fill_rate(self) -> Array:
        """The fill rate of each product over all replications; not a number where nothing falls due."""
        due = self.due.sum(axis=1)
        return np.where(due > 0, 1 - self.short.sum(axis=1) / np.where(due > 0, due, 1.0), np.nan)

    def fill_of(self, rows: Array) -> float:
        """The fill rate of some products together."""
        due = float(self.due[rows].sum())
        return 1 - float(self.short[rows].sum()) / due if due > 0 else float("nan")

    @property
    def together(self) -> InCompany:
        """All products as one."""
        due, short, stock = (each.sum(axis=0, keepdims=True) for each in (self.due, self.short, self.on_hand))
        return InCompany(due, short, stock, self.company, self.causes.sum(axis=1, keepdims=True))

    @property
    def half_width(self) -> Array:
        """Half the 95 % interval of each product's fill rate, as a ratio of sums over replications (Cochran 1977, chapter 6)."""
        n, due = self.due.shape[1], self.due.mean(axis=1)
        off = self.short - (1 - np.nan_to_num(self.fill_rate))[:, None] * self.due
        return np.asarray(1.96 * off.std(axis=1, ddof=1) / np.sqrt(n) / np.maximum(due, 1e-9))


class Watched(SafetyStock):
    """A rule beside the one that decides: what it would hold is added up cycle by cycle, with what it was fed."""

    decides: SafetyStock
    beside: SafetyStock
    first: dt.date
    _sums: list[Array] = PrivateAttr(default_factory=list)
    _cycles: int = PrivateAttr(0)

    @property
    def goes_below_zero(self) -> bool:
        """Tell if the rule that decides does."""
        return self.decides.goes_below_zero

    def __call__(self, view: Desk, interval: Array) -> Array:
        """As the rule that decides says."""
        decided = self.decides(view, interval)
        if view.days.date(view.today) >= self.first:
            told = self._told(view, interval, decided)
            self._sums = [a + b for a, b in zip(self._sums, told, strict=True)] if self._sums else told
            self._cycles += 1
        return decided

    def _told(self, view: Desk, interval: Array, decided: Array) -> list[Array]:
        n, serving, use = view.network, view.serving, view.usage()
        demanded = Demanded(use * serving.days, np.zeros_like(use), np.zeros_like(use, dtype=bool))
        told = (
            self.beside(view, interval), decided, use, view.cumulative_error(serving.until), serving.until,
            serving.days, spread_of(serving, demanded, n).width, serving.held,
        )  # fmt: skip
        return [np.broadcast_to(each, use.shape).copy() for each in told]

    @property
    def mean(self) -> list[Array]:
        """The mean of each figure over the cycles, (items, lanes) each."""
        return [each / max(self._cycles, 1) for each in self._sums]


def formula_for(
    scenario: Scenario, policy: Policy, targets: Array, numbers: Sequence[int], seed: int, hands: Backend
) -> Formula:
    """Feed the formula with the errors that the policy's own forecast makes in the company, for a target of each item."""
    jobs = [partial(_formula, scenario, policy, targets, part, seed) for part in _parts(scenario, numbers, hands)]
    return Formula(*(np.concatenate(each, axis=-1).mean(axis=-1) for each in zip(*in_order(hands, jobs), strict=True)))


def _formula(scenario: Scenario, policy: Policy, targets: Array, block: list[int], seed: int) -> list[Array]:
    formula = FillRateTarget.model_construct(fill_rate=targets[:, None])  # type: ignore[arg-type]
    first = scenario.days.date(int(scenario.days.month_start[scenario.experiment.warm_up]))
    watched = Watched.model_construct(decides=policy.safety_stock, beside=formula, first=first)
    weather = weather_for(scenario, seed, block)
    play(scenario, policy.model_copy(update={"safety_stock": watched, "safety_stock_static": False}), weather, SCORED)
    return [each[:, : len(block)] for each in watched.mean]


def _parts(scenario: Scenario, numbers: Sequence[int], hands: Backend) -> list[list[int]]:
    """Cut replications so that each worker has some, as long as they are enough to be worth a process."""
    parts = []
    for block in replication_blocks(scenario, list(numbers)):
        cuts = max(1, min(hands.workers, len(block) // FEWEST_A_PART))
        parts += [part.tolist() for part in np.array_split(np.asarray(block), cuts)]
    return parts


def outcome_of(
    scenario: Scenario, policy: Policy, numbers: Sequence[int], seed: int, hands: Backend, causes: bool = False
) -> InCompany:
    """Simulate settings in the whole company; the causes of what is short are worked out where they are asked for."""
    jobs = [partial(_outcome, scenario, policy, part, seed, causes) for part in _parts(scenario, numbers, hands)]
    parts = in_order(hands, jobs)
    return InCompany(*(np.concatenate([getattr(part, f.name) for part in parts], axis=-1) for f in fields(InCompany)))


def _outcome(scenario: Scenario, policy: Policy, block: list[int], seed: int, causes: bool) -> InCompany:
    lanes, weather = len(block), weather_for(scenario, seed, block)
    books: Books = in_company(trimmed(play(scenario, policy, weather, SCORED, Shelf()), lanes))
    score = Score(books)
    lost = score.lost.total if causes else np.zeros((0, *score.due.shape[1:]))
    found = (
        score.due.sum(axis=0), score.short.sum(axis=0), score.mean_on_hand[score.network.sold], values(books, COMPANY_MEASURES)[1], lost,
    )  # fmt: skip
    return InCompany(*(np.array(each[..., :lanes]) for each in found))


def causes_of(scenario: Scenario, found: InCompany) -> list[tuple[Binding, ...]]:
    """The causes of what each product does not serve, the largest first, with their shares of it."""
    n = scenario.network
    names = [(Cause.PARTS, name) for name in n.names] + [(Cause.HOURS, name) for name in n.resources]
    every: list[tuple[Cause, str]] = names + [(cause, "") for cause in tuple(Cause)[2:]]
    units = found.causes.sum(axis=2)
    told = []
    for product in range(units.shape[1]):
        whole = float(units[:, product].sum())
        order = np.argsort(-units[:, product], kind="stable")
        told.append(
            tuple(
                Binding(every[row][0], every[row][1], float(units[row, product]) / whole)
                for row in order
                if units[row, product] > 0
            )
            if whole > 0
            else ()
        )
    return told


def with_listed(policy: Policy, scenario: Scenario, products: Array, usual: Array) -> Policy:
    """The policy with the safety stock of each item listed, in whole units: of products as given, of parts as is usual."""
    names, sold = scenario.network.names, len(scenario.network.products)
    units = np.concatenate([np.ceil(products - 1e-9), np.ceil(usual[sold:])])
    rule = PerProduct(units=dict(zip(names, (units + 0.0).tolist(), strict=True)), below_zero=bool((units < 0).any()))
    return policy.model_copy(update={"safety_stock": rule, "safety_stock_static": False})


def surely(many: int) -> float:
    """Half-widths of 95 % that leave one chance in a hundred to all of so many together (Bonferroni).

    For one they are 2.58 / 1.96 x sqrt(3): the search that set it had half as many replications as the score.
    """
    from scipy.special import ndtri

    return float(ndtri(1 - 0.005 / max(many, 1)) / 1.96 * np.sqrt(3))


def settled(scenario: Scenario) -> Scenario:
    """The scenario, scored only once the stock with which it begins has been used up; what replays real days stays as it is.

    A company that states its stock begins with too much of some items and too little of others, which settings mend as soon
    as the first orders arrive, and no sooner.
    """
    e, way = scenario.experiment, scenario.network.longest_way
    needed = ceil(max(way, float(scenario.network.lead_time.max())) / DAYS_A_MONTH) + MONTHS_TO_SETTLE
    if scenario.opens_running or scenario.replayed is not None or e.warm_up >= needed:
        return scenario
    longer = e.model_copy(update={"warm_up": needed, "months": e.months - e.warm_up + needed})
    return replace(scenario, experiment=longer)
