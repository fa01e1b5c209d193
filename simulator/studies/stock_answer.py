"""The stock that a service target takes, product by product: by formula, by simulation where that is off, in the whole company."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine.scenario import Scenario
from simulator.kernel.guard import may_start_workers
from simulator.kernel.messages import Message, listed, msg
from simulator.kernel.units import Array, ScenarioError
from simulator.kernel.workers import Backend, crew
from simulator.planning import Policy
from simulator.planning.classes import ByValueAndVariation
from simulator.results.binding import Binding
from simulator.results.cautions import cautions
from simulator.studies.stock_cost import ServiceThatPays, paying_targets
from simulator.studies.stock_runs import (
    COMPANY_MEASURES,
    Formula,
    InCompany,
    causes_of,
    formula_for,
    outcome_of,
    settled,
    surely,
    with_listed,
)
from simulator.theory.statistics import Interval, mean_interval

if TYPE_CHECKING:
    import pandas as pd

Asked = float | Mapping[str, float] | ServiceThatPays
"""One fill rate for all, one for each class, or that of each product which pays."""

VALUE_CLASSES = ("A", "B", "C")
"""Classes that a target of one's own may be named for."""

ROUNDS_OF_STOCK = 7
"""Settings that are simulated for each product at most, all products at once."""

CLOSE = 0.004
"""Distance from the target at which a simulated setting is left as it is."""

WORTH_A_WORD = 0.01
"""Distance from the target up to which a setting is said to reach it."""

FIRST_STEP, LONGEST_STEP = 0.5, 2.0
"""Deviations of the error by which safety stock is changed first, and at most, where simulation finds the formula off."""

MOST_DEVIATIONS_MORE, MOST_DAYS_HELD = 8.0, 180.0
"""Deviations beyond the formula, and days of use, beyond which safety stock is no answer."""

FLAT = 0.05
"""Rise, on the scale of nines, over one deviation of safety stock below which more of it is in vain."""


class Says(StrEnum):
    """List on whose word a setting rests."""

    FORMULA = "formula"
    SIMULATION = "simulation"
    BOUND = "out of reach"


@dataclass
class Settling:
    """Search for the safety stock of a group: tried corrections of the formula, in deviations of the error, with their fill rates."""

    rows: Array
    target: float
    least: float
    tried: dict[float, float] = field(default_factory=dict)
    place: float = 0.0
    done: bool = False

    @property
    def reached(self) -> bool:
        """Tell if the place comes up to the target, on the luck that it was sought with."""
        return self.tried.get(self.place, 1.0) >= self.target - CLOSE

    def told(self, fill: float) -> None:
        """Take the fill rate at the present place, and go to the next."""
        self.tried[self.place] = fill
        if np.isnan(fill) or abs(fill - self.target) <= CLOSE or len(self.tried) >= ROUNDS_OF_STOCK:
            self.finish()
            return
        below = {k: f for k, f in self.tried.items() if f < self.target}
        above = {k: f for k, f in self.tried.items() if f >= self.target}
        if above and below:
            self.place = self._between(max(below, key=lambda k: below[k]), min(above, key=lambda k: above[k]))
        elif below:
            self._further(max(below), LONGEST_STEP)
        else:
            self._further(min(above), -LONGEST_STEP)
        if self.place in self.tried:
            self.finish()

    def _between(self, low: float, high: float) -> float:
        """Follow a straight line on the scale of nines to the target, not nearer to either end than a tenth of the way."""
        one, other, aim = _nines(self.tried[low]), _nines(self.tried[high]), _nines(self.target)
        share = (aim - one) / (other - one) if other > one else 0.5
        return low + min(max(share, 0.1), 0.9) * (high - low)

    def _further(self, end: float, most: float) -> None:
        """Go beyond the last place, twice as far as before; nowhere if the last step brought next to nothing."""
        places = sorted(self.tried)
        step = FIRST_STEP * np.sign(most)
        if len(places) > 1:
            last = end - (places[-2] if most > 0 else places[1])
            rise = (_nines(self.tried[end]) - _nines(self.tried[end - last])) / abs(last)
            if most > 0 and rise < FLAT:
                self.finish()
                return
            step = np.clip(2 * last, -LONGEST_STEP, LONGEST_STEP)
        self.place = float(np.clip(end + step, self.least, MOST_DEVIATIONS_MORE))

    def finish(self) -> None:
        """Choose the least place that comes near the target, else the least of those that do best."""
        self.done = True
        known = {k: f for k, f in self.tried.items() if not np.isnan(f)}
        if not known:
            self.place = 0.0
            return
        near = [k for k, f in known.items() if abs(f - self.target) <= CLOSE]
        enough = [k for k, f in known.items() if f >= self.target - CLOSE]
        if near or enough:
            self.place = min(near or enough, key=lambda k: (abs(known[k] - self.target), k))
            return
        best = max(known.values())
        self.place = min(k for k, f in known.items() if _nines(f) >= _nines(best) - FLAT)


def _nines(fill: float) -> float:
    return float(-np.log10(max(1 - fill, 1e-4)))


@dataclass(frozen=True)
class StockAnswer:
    """The stock that each product should hold for its target, what it does in the whole company, and what it holds now."""

    scenario: Scenario
    policy: Policy
    tuned: Policy
    by: str
    classes: dict[str, str]
    targets: Array
    formula: Formula
    units: Array
    says: tuple[Says, ...]
    groups: tuple[Array, ...]
    by_formula: InCompany
    before: InCompany
    after: InCompany
    binds: tuple[tuple[Binding, ...], ...]

    @property
    def cautions(self) -> list[Message]:
        """Cautions to read before these figures are believed, a sentence each."""
        return cautions(self.scenario, [self.policy])

    @property
    def stated(self) -> Array:
        """The stock of today, where the company states it; not a number elsewhere."""
        n = self.scenario.network
        return np.asarray(n.opening_stock[n.sold].mean(axis=1))

    @property
    def cost(self) -> Array:
        """The standard cost of each product."""
        n = self.scenario.network
        return np.asarray(n.unit_cost[n.sold, 0])

    @cached_property
    def order_point(self) -> Array:
        """The stock position up to which, or at which, each product is ordered."""
        f, n = self.formula, len(self.units)
        return np.asarray(f.use[:n] * f.protection[:n] + f.held[:n] + self.units)

    @cached_property
    def order_quantity(self) -> Array:
        """The units that one replenishment brings: the lot, or what is used from one review to the next."""
        f, net, n = self.formula, self.scenario.network, len(self.units)
        least = np.maximum(np.maximum(f.lot[:n], f.use[:n] * f.review[:n]), net.minimum[net.sold].mean(axis=1))
        multiple = net.multiple[net.sold].mean(axis=1)
        whole = np.where(multiple > 0, np.ceil(least / np.maximum(multiple, 1e-9) - 1e-9) * multiple, least)
        return np.asarray(np.ceil(whole - 1e-9) if self.scenario.company.whole_units else whole)

    def table(self) -> pd.DataFrame:
        """A row a product, those of most value first."""
        import pandas as pd

        n, products, f = self.scenario.network, self.scenario.network.products, self.formula
        sold = len(products)
        use = np.maximum(f.use[:sold], 1e-9)
        now, then = (one.on_hand.mean(axis=1) for one in (self.before, self.after))
        columns: dict[str, Any] = {
            "product": products,
            "name": [self.scenario.company.products[name].note for name in products],
            "family": [n.families[int(k)] for k in n.family_of],
            "class": [self.classes[name] for name in products],
            "on_hand_today": self.stated,
            "safety_stock_now": f.safety_now[:sold],
            "safety_stock": self.units,
            "change": self.units - np.round(f.safety_now[:sold]),
            "order_point": self.order_point,
            "order_quantity": self.order_quantity,
            "stock_now": now,
            "stock": then,
            "value_now": now * self.cost,
            "value": then * self.cost,
            "cover_now": now / use,
            "cover": then / use,
            "asked": self.targets,
            "service_now": self.before.fill_rate,
            "service": self.after.fill_rate,
            "service_half": self.after.half_width,
            "by_formula": f.safety_stock[:sold],
            "service_by_formula": self.by_formula.fill_rate,
            "says": [one.value for one in self.says],
            "binds": [one[0].cause.value if one else "" for one in self.binds],
            "binds_name": [one[0].name if one else "" for one in self.binds],
            "binds_share": [one[0].share if one else np.nan for one in self.binds],
            "use_a_day": f.use[:sold],
            "error": f.error[:sold],
            "protection_days": f.protection[:sold],
        }
        table = pd.DataFrame(columns)
        order = np.argsort(-(f.use[:sold] * self.cost), kind="stable")
        return table.iloc[order].reset_index(drop=True)

    def change(self, measure: str) -> Interval:
        """Estimate the effect of the settings on a measure of the company, in pairs on the same fresh luck."""
        row = COMPANY_MEASURES.index(measure)
        return mean_interval(self.after.company[row] - self.before.company[row])

    @property
    def missed(self) -> list[int]:
        """Places of groups that stay below their target by more than luck explains, that of the search and the fresh one together."""
        return [k for k, group in enumerate(self.groups) if self._shortfall(group) > 0]

    def _shortfall(self, rows: Array) -> float:
        """By how much a group's fill rate, with what luck may hide, is below its target."""
        weight = self.after.due[rows].sum(axis=1)
        half = float(np.sqrt(np.square(self.after.half_width[rows] * weight).sum()) / max(float(weight.sum()), 1e-9))
        return (
            float(self.targets[rows[0]]) - self.after.fill_of(rows) - max(surely(len(self.groups)) * half, WORTH_A_WORD)
        )

    @cached_property
    def causes_of_all(self) -> tuple[Binding, ...]:
        """The causes of what all products together do not serve."""
        return causes_of(self.scenario, self.after.together)[0]

    def policy_words(self) -> dict[str, Any]:
        """The safety stock as a policy file says it."""
        return {"safety_stock": self.tuned.model_dump(mode="json")["safety_stock"]}


def runs_of_stock(replications: int) -> tuple[int, float]:
    """Replications that are run side by side, and how often, until every product is set and scored on fresh luck."""
    return replications, 1 + ROUNDS_OF_STOCK + 2 * 3


def stock_answer(
    scenario: Scenario,
    policy: Any,
    service: Asked,
    by: str = "product",
    replications: int = 30,
    seed: int | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StockAnswer:
    """Set the safety stock of each product to a target: by the formula, corrected where the whole company shows it to be off.

    The formula is fed with the errors that the policy's own forecast makes over lead time and review, with lots and minimum
    orders, and lead times as they vary. Each product's service may be the one that pays. By product each reaches its target;
    by class the products of a class do together. What comes out is scored on luck that nothing was set by.
    """
    may_start_workers("stock_answer", workers)
    chosen, seed = scenario.policy(policy), scenario.experiment.seed if seed is None else seed
    check_stock(scenario, chosen, service, by, replications)
    with crew(workers) as hands:
        return _answered(settled(scenario), chosen, service, by, range(replications), seed, hands, progress)


def check_stock(scenario: Scenario, policy: Policy, service: Asked, by: str, replications: int) -> None:
    """Refuse targets that are no shares, classes that there are not, and policies whose stock no safety stock moves."""
    if isinstance(service, ServiceThatPays) and by == "class":
        raise ScenarioError(msg("the service that pays differs by product; leave --by class out"))
    asked: Mapping[str, float] = {"": service} if isinstance(service, float | int) else {}
    asked = service if isinstance(service, Mapping) else asked
    for name, share in asked.items():
        if not 0.0 < share < 1.0:
            raise ScenarioError(
                msg(
                    "the service target is {target}; it must be a share above 0 and below 1, such as 0.97",
                    target=f"{share:g}",
                )
            )
        if name and name not in VALUE_CLASSES:
            raise ScenarioError(
                msg("the class {name} is none of {names}", name=repr(name), names=listed(VALUE_CLASSES, ", "))
            )
    if isinstance(service, Mapping) and set(service) != set(VALUE_CLASSES):
        raise ScenarioError(
            msg("a target by class must be given for each of {names}", names=listed(VALUE_CLASSES, ", "))
        )
    if by not in ("product", "class"):
        raise ScenarioError(msg("by is {value}; it must be one of {names}", value=repr(by), names="product, class"))
    if replications < 2:
        raise ScenarioError(msg("replications is {n}; tuning needs at least 2", n=replications))
    held = policy.products.buffer()
    if (held is not None and held.times) or not policy.holds_cycles(
        list(scenario.company.products), list(scenario.company.components)
    ):
        raise ScenarioError(
            msg(
                "policy {name} lists its levels, so that no safety stock moves them; leave the levels out, or take another policy",
                name=repr(policy.name),
            )
        )


def targets_of(scenario: Scenario, service: Asked) -> tuple[dict[str, str], Array]:
    """The class of each item by value and variation, and the target of each item; parts take the highest."""
    classes = dict(ByValueAndVariation()(scenario.company, scenario.network))
    if isinstance(service, ServiceThatPays):
        return classes, np.full(len(scenario.network.names), scenario.experiment.service_target)
    shares = service if isinstance(service, Mapping) else dict.fromkeys(VALUE_CLASSES, service)
    sold = set(scenario.network.products)
    found = [shares[classes[name][0]] if name in sold else max(shares.values()) for name in scenario.network.names]
    return classes, np.array(found)


def _answered(
    scenario: Scenario,
    policy: Policy,
    service: Asked,
    by: str,
    numbers: Sequence[int],
    seed: int,
    hands: Backend,
    progress: Callable[[int, int], None] | None,
) -> StockAnswer:
    tell = progress or (lambda done, total: None)
    sold = len(scenario.network.products)
    classes, targets = targets_of(scenario, service)
    formula = formula_for(scenario, policy, targets, numbers, seed, hands)
    if isinstance(service, ServiceThatPays):
        targets[:sold] = paying_targets(scenario, formula, service)
        formula = formula_for(scenario, policy, targets, numbers, seed, hands)
    tell(1, ROUNDS_OF_STOCK + 4)
    groups = _groups(scenario, classes, targets[:sold], formula, by)
    for step in range(ROUNDS_OF_STOCK):
        found = outcome_of(scenario, _set(scenario, policy, formula, groups), numbers, seed, hands)
        for group in groups:
            if not group.done:
                group.told(found.fill_of(group.rows))
        tell(step + 2, ROUNDS_OF_STOCK + 4)
        if all(group.done for group in groups):
            break
    fresh = range(max(numbers) + 1, max(numbers) + 1 + 2 * len(numbers))
    tuned = _set(scenario, policy, formula, groups)
    plain = with_listed(policy, scenario, _within(formula, formula.safety_stock[:sold]), formula.safety_now)
    before, by_formula = (outcome_of(scenario, one, fresh, seed, hands) for one in (policy, plain))
    after = outcome_of(scenario, tuned, fresh, seed, hands, causes=True)
    tell(ROUNDS_OF_STOCK + 4, ROUNDS_OF_STOCK + 4)
    units = np.array([tuned.safety_stock.units[name] for name in scenario.network.products])  # type: ignore[attr-defined]
    return StockAnswer(
        scenario, policy, tuned, by, classes, targets[:sold], formula, units, _says(groups, sold),
        tuple(group.rows for group in groups), by_formula, before, after, tuple(causes_of(scenario, after)),
    )  # fmt: skip


def _groups(
    scenario: Scenario, classes: Mapping[str, str], targets: Array, formula: Formula, by: str
) -> list[Settling]:
    """Products each by itself, or those of a class together, with the lowest place that leaves no level below zero."""
    products = scenario.network.products
    letters = [classes[name][0] for name in products]
    rows = (
        [np.array([k]) for k in range(len(products))]
        if by == "product"
        else [
            np.array([k for k, one in enumerate(letters) if one == name]) for name in VALUE_CLASSES if name in letters
        ]
    )
    room = (formula.safety_stock + formula.use * formula.protection) / np.maximum(formula.error, 1e-9)
    return [Settling(mine, float(targets[mine[0]]), -float(room[mine].max())) for mine in rows]


def _within(formula: Formula, units: Array) -> Array:
    """No level below zero, and no more than so many days of use."""
    n = len(units)
    return np.asarray(
        np.clip(units, -formula.use[:n] * formula.protection[:n], np.maximum(MOST_DAYS_HELD * formula.use[:n], 1.0))
    )


def _set(scenario: Scenario, policy: Policy, formula: Formula, groups: Sequence[Settling]) -> Policy:
    """The policy with every group at its place."""
    units = formula.safety_stock[: len(scenario.network.products)].copy()
    for group in groups:
        units[group.rows] += group.place * formula.error[group.rows]
    return with_listed(policy, scenario, _within(formula, units), formula.safety_now)


def _says(groups: Sequence[Settling], products: int) -> tuple[Says, ...]:
    """On whose word each setting rests."""
    found = [Says.SIMULATION] * products
    for group in groups:
        for k in group.rows:
            found[k] = Says.BOUND if not group.reached else Says.FORMULA if group.place == 0.0 else Says.SIMULATION
    return tuple(found)
