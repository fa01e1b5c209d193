"""Tell a planner what sets a safety stock, and hold its formula against simulation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.company import Buy, Company, Demand
from simulator.company.laws import Constant, Gamma
from simulator.engine.play import weather_for
from simulator.engine.scenario import Experiment, Scenario, load
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import Array
from simulator.kernel.workers import Serial
from simulator.planning import Policy
from simulator.planning.replenishment import OrderUpTo
from simulator.planning.safety_stock import LUMPY
from simulator.results.compare import compare, estimate
from simulator.results.data_check import value_classes
from simulator.studies.stock_runs import Formula, formula_for, settled
from simulator.theory.inventory import (
    Demanded,
    Spread,
    deviation_at_risk,
    low_for_fill_rate,
    order_up_to_for_cycle_service,
    order_up_to_for_fill_rate,
    performance,
    tail,
)

if TYPE_CHECKING:
    import pandas as pd

X_VARIATION, Y_VARIATION = 0.25, 0.5
"""Products whose month varies by less than a quarter of its mean are X, by less than a half Y, the rest Z."""


REVIEW = "order-up-to"
"""The policy by whose forecast the lab's errors are made, and which holds the stock of now."""


def products(scenario: Scenario, replications: int, seed: int) -> pd.DataFrame:
    """A row a product: use a day, the error of its forecast, lead time, value, regularity, and the stock that is held now.

    The error is that of the forecast that the policy makes, over lead time and review, brought down to one day: what a planner
    does not know. The deviation between runs on the same days would leave out that season and growth have to be guessed.
    """
    import pandas as pd

    n, days = scenario.network, scenario.days
    due = _due(scenario, replications, seed)
    months = np.add.reduceat(due, days.month_start[:-1], axis=0)
    value = due.mean(axis=(0, 2)) * 365.25 * n.unit_cost[n.sold, 0]
    fed = _formula(scenario, replications, seed)
    rows = []
    for k, name in enumerate(n.products):
        rows.append(
            {
                "product": name,
                "family": n.families[int(n.family_of[k])],
                "mean": float(due[:, k].mean()),
                "sd": float(fed.error[k] / np.sqrt(max(fed.protection[k], 1.0))),
                "lead_time": float(n.lead_time[n.sold][k, 0]),
                "lead_time_sd": float(n.lead_time_sd[n.sold][k, 0]),
                "value": float(value[k]),
                "variation": float(_variation(months[:, k])),
                "today": float(np.mean(n.opening_stock[n.sold][k])),
                "safety_now": float(fed.safety_now[k]),
            }
        )
    return _classed(pd.DataFrame(rows))


def _formula(scenario: Scenario, replications: int, seed: int) -> Formula:
    """The error of the forecast and the stock held, under the policy of the lab."""
    case = settled(scenario)
    targets = np.full(len(case.network.names), case.experiment.service_target)
    return formula_for(case, case.policy(REVIEW), targets, range(max(replications, 2)), seed, Serial())


def weekly_or_so(scenario: Scenario, days: int) -> Policy:
    """The policy of the lab with a review every so many days."""
    policy = scenario.policy(REVIEW)
    right = {name: OrderUpTo(days=days) for name in ("products", "components")}
    return policy.model_copy(update=right)


def _due(scenario: Scenario, replications: int, seed: int) -> Array:
    """Demand due each day, which no policy moves: (days, products, lanes)."""
    from simulator.engine.play import play, trimmed

    weather = weather_for(scenario, seed, range(replications))
    books = trimmed(play(scenario, scenario.policy(REVIEW), weather, SCORED), replications)
    return np.asarray(books.flows["due"].sum(axis=1))


def _variation(months: Array) -> Array:
    """Deviation of a month's demand over its mean, the mean over runs."""
    mean = months.mean(axis=0)
    return np.asarray((months.std(axis=0, ddof=1) / np.maximum(mean, 1e-9)).mean())


def _classed(table: pd.DataFrame) -> pd.DataFrame:
    """The products with their classes: ABC by value, XYZ by regularity."""
    ranked = table.sort_values("value", ascending=False, kind="stable")
    ranked["abc"] = value_classes(ranked["value"])
    variation = ranked["variation"]
    ranked["xyz"] = np.select([variation < X_VARIATION, variation < Y_VARIATION], ["X", "Y"], "Z")
    return ranked.reset_index(drop=True)


FACTORS = (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
"""Safety factors at which the formula is held against simulation."""


def spread_at_risk(numbers: Mapping[str, float], days: float) -> float:
    """Deviation of what is demanded over so many days, the variation of the lead time once in it."""
    return float(deviation_at_risk(numbers["sd"], days, numbers["mean"], numbers["lead_time_sd"]))


def is_lumpy(numbers: Mapping[str, float], days: float) -> bool:
    """Tell if no normal law holds: a day varies by more than half its mean, or late deliveries vary more than demand."""
    late = numbers["mean"] * numbers["lead_time_sd"]
    return bool(numbers["sd"] > LUMPY * numbers["mean"] or late > np.sqrt(days) * numbers["sd"])


def is_textbook(numbers: Mapping[str, float], review: int) -> bool:
    """Tell if demand may be taken as normal and the lead time does not vary, so that the formulas of the books hold as they stand."""
    return numbers["lead_time_sd"] == 0 and not is_lumpy(numbers, numbers["lead_time"] + review - 1)


def demanded_until(numbers: Mapping[str, float], review: int) -> tuple[Demanded, Demanded]:
    """Describe demand before a receipt, and until the next one, as the fill-rate target of a policy takes it."""
    until = numbers["lead_time"] + review - 1
    lumpy = np.array([is_lumpy(numbers, until)])

    def over(days: float) -> Demanded:
        return Demanded(np.array([numbers["mean"] * days]), np.array([spread_at_risk(numbers, days)]), lumpy)

    return over(until - review), over(until)


def level_for(numbers: Mapping[str, float], review: int, target: float, cycle: bool) -> float:
    """The level to order up to for a fill rate, or for a share of cycles without a stock-out."""
    if is_textbook(numbers, review):
        level_of = order_up_to_for_cycle_service if cycle else order_up_to_for_fill_rate
        return float(level_of(target, numbers["mean"], numbers["sd"], numbers["lead_time"] - 1, review))
    before, until = demanded_until(numbers, review)
    if not cycle:
        return float(low_for_fill_rate(target, Spread(np.zeros(1)), before, until)[0])
    from scipy.optimize import brentq

    most = float(until.mean[0] + 12 * until.sd[0])
    if not until.sd[0]:
        return float(until.mean[0])
    return float(brentq(lambda level: target - 1 + float(tail([level], until)[0][0]), -most, most))


def promised(level: float, numbers: Mapping[str, float], review: int) -> dict[str, float]:
    """Work out the service and stock that the formula promises at a level."""
    if is_textbook(numbers, review):
        found = performance(level, numbers["mean"], numbers["sd"], numbers["lead_time"], review)
        fill, covered, held_on_average = found.fill_rate, found.cycle_service, found.on_hand
        return {
            "fill_formula": float(fill),
            "cycle_formula": float(covered),
            "stock_formula": float(held_on_average),
        }
    before, until = demanded_until(numbers, review)
    short, old = (float(tail([level], each)[1][0]) for each in (until, before))
    held = []
    for days in np.arange(numbers["lead_time"], numbers["lead_time"] + review):
        mean = numbers["mean"] * days
        demand = Demanded(np.array([mean]), np.array([spread_at_risk(numbers, days)]), until.lumpy)
        held.append(level - mean + float(tail([level], demand)[1][0]))
    demanded = max(numbers["mean"] * review, 1e-9)
    return {
        "fill_formula": 1 - (short - old) / demanded,
        "cycle_formula": 1 - float(tail([level], until)[0][0]),
        "stock_formula": float(np.mean(held)),
    }


def levels(numbers: Mapping[str, float], review: int) -> tuple[Array, Array]:
    """Safety stocks of several factors, and the levels to order up to that hold them."""
    at_risk = numbers["lead_time"] + review - 1
    buffers = np.array(FACTORS) * spread_at_risk(numbers, at_risk)
    return buffers, buffers + numbers["mean"] * at_risk


def formula_against_simulation(
    scenario: Scenario,
    product: str,
    numbers: Mapping[str, float],
    review: int,
    replications: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """A row a safety stock and world: service that the formula promises and that simulation finds, with its interval.

    In the formula's own world every day is alike, normal or gamma; in the company's demand comes as its customers order.
    """
    import pandas as pd

    buffers, ups = levels(numbers, review)
    worlds = {"formula": _formula_world(numbers), "company": _alone(scenario, product, numbers)}
    rows: list[dict[str, Any]] = []
    for k, (world, case) in enumerate(worlds.items()):
        name = "unit" if world == "formula" else product
        policies = [_order_up_to(f"level-{i}", name, float(up), review) for i, up in enumerate(ups)]

        def tell(done: int, total: int, k: int = k) -> None:
            if progress:
                progress(k * total + done, 2 * total)

        found = compare(
            case, policies, replications, seed, ("fill_rate", "cycle_service", "stock_units"), progress=tell
        )
        for i, policy in enumerate(policies):
            fill, cycle, stock = (estimate(found.found[policy.name][row]) for row in range(3))
            rows.append(
                {"world": world, "safety_stock": float(buffers[i]), "level": float(ups[i]), "stock": stock.mean}
                | {"fill": fill.mean, "fill_low": fill.low, "fill_high": fill.high}
                | {"cycle": cycle.mean, "cycle_low": cycle.low, "cycle_high": cycle.high}
                | promised(float(ups[i]), numbers, review)
            )
    return pd.DataFrame(rows)


def _order_up_to(name: str, product: str, level: float, review: int) -> Policy:
    rule = {"rule": "order-up-to", "days": review, "level": {product: level}}
    return Policy.model_validate_json(
        _json({"name": name, "supply_plan": "none", "products": rule, "components": rule})
    )


def _json(words: Mapping[str, Any]) -> str:
    import json

    return json.dumps(words)


def _formula_world(numbers: Mapping[str, float]) -> Scenario:
    """One product whose demand is alike every day, as the formula takes it: gamma where it is lumpy, with the same mean."""
    law = {"law": "constant", "mean": max(1.0, numbers["lead_time"])}
    if numbers["lead_time_sd"] > 0:
        law = {"law": "gamma", "mean": max(1.0, numbers["lead_time"]), "sd": numbers["lead_time_sd"]}
    lumpy = numbers["sd"] > LUMPY * numbers["mean"]  # a normal law, cut at zero, would ask for more than its mean
    daily = {"law": "gamma" if lumpy else "normal", "mean": numbers["mean"], "sd": numbers["sd"]}
    return load(
        {
            "name": "formula",
            "company": {"whole_units": False},
            "suppliers": {"works": {}},
            "products": {"unit": {"opening_stock": numbers["level"], "buy": {"supplier": "works", "lead_time": law}}},
            "demand": {"everyday": [{"product": "unit", "segment": "customers", "daily": daily}]},
            "experiment": {"months": 27, "warm_up": 3},
        }
    )


def _alone(scenario: Scenario, product: str, numbers: Mapping[str, float]) -> Scenario:
    """The company with this product only, bought with the same lead time and never short of hours or parts."""
    company = scenario.company
    mean, sd = max(1.0, numbers["lead_time"]), numbers["lead_time_sd"]
    law = Gamma(law="gamma", mean=mean, sd=sd) if sd > 0 else Constant(law="constant", mean=mean)
    buy = Buy(supplier="works", lead_time=law)
    alone = company.products[product].model_copy(update={"make": None, "buy": buy, "opening_stock": numbers["level"]})
    demand = Demand.model_validate(_only(company.demand, product))
    parts = {"products": {product: alone}, "components": {}, "resources": {}, "suppliers": _works(), "demand": demand}
    experiment = scenario.experiment
    bare = Experiment(months=experiment.months, warm_up=experiment.warm_up, history=0)
    return replace(
        scenario, company=_fresh(company, parts), experiment=bare, policies={}, replayed=None, past=None, name=product
    )


def _only(demand: Demand, product: str) -> dict[str, Any]:
    kinds: Sequence[str] = ("everyday", "contracts", "frames", "projects")
    return {kind: tuple(s for s in getattr(demand, kind) if s.product == product) for kind in kinds}


def _works() -> dict[str, Any]:
    from simulator.company import Supplier

    return {"works": Supplier()}


def _fresh(company: Company, parts: Mapping[str, Any]) -> Company:
    """A company with other parts; what was computed of the old one is not taken along."""
    said = {name: getattr(company, name) for name in type(company).model_fields}
    today = {"open_purchases": (), "open_orders": (), "open_frames": ()}  # which may be of other items
    return Company.model_construct(**{**said, **today, **parts})
