"""Safety stock product by product: each as little as brings its own fill rate to the target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine.books import Books
from simulator.engine.play import play, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario
from simulator.kernel.guard import may_start_workers
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.messages import Message, msg, number, percent, plural
from simulator.kernel.units import Array, ScenarioError
from simulator.kernel.workers import Backend, crew, in_order
from simulator.planning import Policy
from simulator.planning.safety_stock import PerProduct
from simulator.results.binding import Binding
from simulator.results.cautions import cautions
from simulator.results.kpis import values
from simulator.studies.stock_runs import causes_of, outcome_of, surely, with_listed
from simulator.studies.stock_words import causes_told
from simulator.theory.statistics import Interval, mean_interval
from simulator.world.luck import Weather

if TYPE_CHECKING:
    import pandas as pd

ROUNDS = 9
MOST_DAYS = 180.0
"""Days of mean demand beyond which safety stock is not raised."""

MOST_BLAMED = 3
"""Products that surely miss the target, and are named."""

AT_THE_END = 0.99
"""Share of the most days from which on the search ended where it may look no further."""

COMPANY = ("fill_rate", "stock_value", "all_stock_value", "economic_profit")


@dataclass(frozen=True)
class Scores:
    """A policy's scores: fill rates by product, and the measures of the company, a column a replication."""

    fill_rate: Array
    company: Array


@dataclass(frozen=True)
class Tuning:
    """The safety stock of each product, what it does on fresh luck, and what the policy did before."""

    scenario: Scenario
    policy: Policy
    target: float
    units: dict[str, float]
    days: Array
    fresh: Scores
    before: Scores
    binds: tuple[tuple[Binding, ...], ...] = ()
    """Causes of what each product does not serve on fresh luck, where one surely misses the target."""

    @property
    def cautions(self) -> list[Message]:
        """Cautions to read before these figures are believed, a sentence each."""
        return cautions(self.scenario, [self.policy])

    def table(self) -> pd.DataFrame:
        """A row a product: units, days of mean demand, fill rate on fresh luck, and before."""
        import pandas as pd

        now, then = (mean_interval(scores.fill_rate.T) for scores in (self.fresh, self.before))
        products = self.scenario.network.products
        columns = {
            "product": products,
            "units": [self.units[name] for name in products],
            "days": self.days,
            "fill_rate": now.mean,
            "fill_rate_half": now.half_width,
            "before": then.mean,
            "before_half": then.half_width,
        }
        return pd.DataFrame(columns)

    def change(self, measure: str) -> Interval:
        """Estimate the effect of tuning on a measure of the company, in pairs on the same fresh luck."""
        row = COMPANY.index(measure)
        return mean_interval(self.fresh.company[row] - self.before.company[row])

    def policy_words(self) -> dict[str, Any]:
        """The safety stock as a policy file says it."""
        return {"safety_stock": {"rule": PerProduct.name, "units": self.units}}

    def asked(self) -> Message:
        """Say the task in a line."""
        return msg(
            "{scenario}, policy {policy}: the least safety stock of each product that brings its fill rate to {target} %; "
            "{n} fresh replications",
            scenario=self.scenario.name,
            policy=self.policy.name,
            target=f"{100 * self.target:g}",
            n=self.fresh.company.shape[1],
        )

    def sentences(self) -> list[Message]:
        """Say the effects on the company."""
        currency, now = self.scenario.company.currency, self.fresh.company.mean(axis=1)
        fill, stock, worth = (self.change(name) for name in ("fill_rate", "all_stock_value", "economic_profit"))
        told = [
            msg(
                "Against {policy} as it is: fill rate {fill} ± {fill_half} points to {level}, all stock {stock} ± {stock_half} "
                "{currency}, economic profit {profit} ± {profit_half} {currency} a year.",
                policy=self.policy.name,
                fill=number(100 * float(fill.mean), 1, signed=True),
                fill_half=number(100 * float(fill.half_width), 1),
                level=percent(now[0]),
                stock=number(float(stock.mean), signed=True),
                stock_half=number(float(stock.half_width)),
                profit=number(float(worth.mean), signed=True),
                profit_half=number(float(worth.half_width)),
                currency=currency,
            )
        ]
        return [*told, *self._misses()]

    @property
    def missed(self) -> list[int]:
        """Places of products that stay below the target by more than the luck of search and score together explains."""
        now = mean_interval(self.fresh.fill_rate.T)
        return np.flatnonzero(now.mean + surely(len(now.mean)) * now.half_width < self.target).tolist()

    def _misses(self) -> Iterator[Message]:
        """Say how many products are below the target on fresh luck, which of them surely, and for what."""
        below = int((self.fresh.fill_rate.mean(axis=1) < self.target).sum())
        if not below:
            return
        yield plural(
            "On luck that the search never met {n} product is below the target, {surely} of these by more than luck explains.",
            "On luck that the search never met {n} products are below the target, {surely} of these by more than luck explains.",
            below,
            surely=len(self.missed),
        )
        products = self.scenario.network.products
        for k in self.missed[:MOST_BLAMED]:
            name, causes = products[k], causes_told(self.binds[k])
            if self.days[k] >= AT_THE_END * MOST_DAYS:
                yield msg(
                    "{name} misses it although it holds {n} days of use; of what is short: {causes}.",
                    name=name,
                    n=number(MOST_DAYS),
                    causes=causes,
                )
            else:
                yield msg("{name} misses it; of what is short: {causes}.", name=name, causes=causes)


def runs_of_tuning(replications: int) -> tuple[int, float]:
    """Replications that are run side by side, and how often, until every product is tuned and scored on fresh luck."""
    return replications, 1 + ROUNDS + 2 * 2


def tune(
    scenario: Scenario,
    policy: Any,
    target: float,
    replications: int = 60,
    seed: int | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Tuning:
    """Halve the interval of every product's safety stock at once, by its own fill rate, then score it on fresh luck.

    Products share plant and parts, so that each coordinate moves the others a little; what comes out is what was scored.
    Parts and semi-finished items keep the safety stock that the policy gives them on average.
    """
    may_start_workers("tune", workers)
    check_tuning(target, replications)
    chosen, seed = scenario.policy(policy), scenario.experiment.seed if seed is None else seed
    with crew(workers) as hands:
        return _tuned(
            Bench(scenario, seed, hands), chosen, target, replications, progress or (lambda done, total: None)
        )


def check_tuning(target: float, replications: int) -> None:
    """Refuse a target that is no share, and fewer than two replications."""
    if not 0.0 < target < 1.0:
        raise ScenarioError(
            msg(
                "the service target is {target}; it must be a share above 0 and below 1, such as 0.97",
                target=f"{target:g}",
            )
        )
    if replications < 2:
        raise ScenarioError(msg("replications is {n}; tuning needs at least 2", n=replications))


def _tuned(
    bench: Bench, chosen: Policy, target: float, replications: int, progress: Callable[[int, int], None]
) -> Tuning:
    """Tune on the first replications, and score on as many again twice over, which tuning never met."""
    scenario, numbers = bench.scenario, range(replications)
    start, use = bench.usual(chosen, numbers)
    products = len(scenario.network.products)
    low, high, trial = np.zeros(products), MOST_DAYS * use, np.minimum(start[:products], MOST_DAYS * use)
    for step in range(ROUNDS):
        found = bench.scores(with_listed(chosen, scenario, trial, start), numbers).fill_rate.mean(axis=1)
        enough = found >= target
        low, high = np.where(enough, low, trial), np.where(enough, trial, high)
        trial = (low + high) / 2.0
        progress(step + 1, ROUNDS + 2)
    tuned = with_listed(chosen, scenario, high, start)
    fresh = range(replications, 3 * replications)
    now, then = bench.scores(tuned, fresh), bench.scores(chosen, fresh)
    progress(ROUNDS + 2, ROUNDS + 2)
    rule = tuned.safety_stock
    assert isinstance(rule, PerProduct)
    found = Tuning(scenario, chosen, target, dict(rule.units), high / use, now, then)
    if not found.missed:
        return found
    seen = outcome_of(scenario, tuned, fresh, bench.seed, bench.crew, causes=True)
    return replace(found, binds=tuple(causes_of(scenario, seen)))


@dataclass(frozen=True)
class Bench:
    """Runs policies on the same luck and reads what tuning needs."""

    scenario: Scenario
    seed: int
    crew: Backend

    def scores(self, policy: Policy, numbers: Sequence[int]) -> Scores:
        """Fill rates by product and measures of the company."""
        jobs = [
            partial(_scores, self.scenario, policy, block, self.seed)
            for block in replication_blocks(self.scenario, numbers)
        ]
        found = in_order(self.crew, jobs)
        return Scores(
            *(np.concatenate([getattr(part, name) for part in found], axis=1) for name in ("fill_rate", "company"))
        )

    def usual(self, policy: Policy, numbers: Sequence[int]) -> tuple[Array, Array]:
        """The mean safety stock of every item under the policy as it is, and the mean demand of every product a day."""
        block = next(replication_blocks(self.scenario, numbers))
        books = _played(self.scenario, policy, weather_for(self.scenario, self.seed, block), len(block))
        first = self.scenario.experiment.warm_up
        made = [month for month in books.plans.made_in if month >= first]
        held = books.plans.safety_stock[made].mean(axis=(0, 2)) if made else np.zeros(len(self.scenario.network.names))
        day = int(self.scenario.days.month_start[first])
        return held, np.asarray(books.flows["due"][day:].sum(axis=1).mean(axis=(0, 2)))


def _played(scenario: Scenario, policy: Policy, weather: Weather, lanes: int) -> Books:
    return trimmed(play(scenario, policy, weather, SCORED, Shelf()), lanes)


def _scores(scenario: Scenario, policy: Policy, block: list[int], seed: int) -> Scores:
    books = _played(scenario, policy, weather_for(scenario, seed, block), len(block))
    return Scores(values(books, ("fill_rate",), "product")[1], values(books, COMPANY)[1])
