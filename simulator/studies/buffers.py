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
from simulator.planning import Policy
from simulator.results.compare import compare, estimate
from simulator.theory.inventory import performance

if TYPE_CHECKING:
    import pandas as pd

A_SHARE, B_SHARE = 0.8, 0.95
"""Products that make the first 80 % of value are A, up to 95 % B, the rest C."""

X_VARIATION, Y_VARIATION = 0.25, 0.5
"""Products whose month varies by less than a quarter of its mean are X, by less than a half Y, the rest Z."""


def products(scenario: Scenario, replications: int, seed: int) -> pd.DataFrame:
    """A row a product: use a day, deviation, lead time, days at risk, value and regularity, from the luck of many runs.

    The deviation is that between runs on the same days, so that season and growth, which planners know, are no
    uncertainty; it is taken over the days at risk and brought down to one, so that what lasts for months counts too.
    """
    import pandas as pd

    n, days = scenario.network, scenario.days
    due = _due(scenario, replications, seed)
    months = np.add.reduceat(due, days.month_start[:-1], axis=0)
    value = due.mean(axis=(0, 2)) * 365.25 * n.unit_cost[n.sold, 0]
    rows = []
    for k, name in enumerate(n.products):
        lead = float(n.lead_time[n.sold][k, 0])
        at_risk = max(1, round(lead))
        rows.append(
            {
                "product": name,
                "family": n.families[int(n.family_of[k])],
                "mean": float(due[:, k].mean()),
                "sd": _deviation(due[:, k], at_risk),
                "lead_time": lead,
                "lead_time_sd": float(n.lead_time_sd[n.sold][k, 0]),
                "value": float(value[k]),
                "variation": float(_variation(months[:, k])),
            }
        )
    return _classed(pd.DataFrame(rows))


def _due(scenario: Scenario, replications: int, seed: int) -> Array:
    """Demand due each day, which no policy moves: (days, products, lanes)."""
    from simulator.engine.play import play, trimmed

    weather = weather_for(scenario, seed, range(replications))
    books = trimmed(play(scenario, scenario.policy("order-up-to"), weather, SCORED), replications)
    return np.asarray(books.flows["due"].sum(axis=1))


def _deviation(due: Array, at_risk: int) -> float:
    """Deviation between runs of the demand over the days at risk, as of one day."""
    sums = np.cumsum(np.concatenate([np.zeros((1, due.shape[1])), due]), axis=0)
    windows = sums[at_risk:] - sums[:-at_risk]
    return float(np.sqrt(windows.var(axis=1, ddof=1).mean() / at_risk)) if due.shape[1] > 1 else 0.0


def _variation(months: Array) -> Array:
    """Deviation of a month's demand over its mean, the mean over runs."""
    mean = months.mean(axis=0)
    return np.asarray((months.std(axis=0, ddof=1) / np.maximum(mean, 1e-9)).mean())


def _classed(table: pd.DataFrame) -> pd.DataFrame:
    """The products with their classes: ABC by value, XYZ by regularity."""
    ranked = table.sort_values("value", ascending=False, kind="stable")
    before = (ranked["value"].cumsum() - ranked["value"]) / max(ranked["value"].sum(), 1e-9)
    ranked["abc"] = np.select([before < A_SHARE, before < B_SHARE], ["A", "B"], "C")
    variation = ranked["variation"]
    ranked["xyz"] = np.select([variation < X_VARIATION, variation < Y_VARIATION], ["X", "Y"], "Z")
    return ranked.reset_index(drop=True)


FACTORS = (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
"""Safety factors at which the formula is held against simulation."""


def levels(numbers: Mapping[str, float], review: int) -> tuple[Array, Array]:
    """Safety stocks of several factors, and the levels to order up to that hold them."""
    at_risk = numbers["lead_time"] + review - 1
    spread = np.sqrt(at_risk * numbers["sd"] ** 2 + (numbers["mean"] * numbers["lead_time_sd"]) ** 2)
    buffers = np.array(FACTORS) * spread
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

    In the formula's own world demand is normal and every day alike; in the company's it comes as its customers order.
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
                | _promised(float(ups[i]), numbers, review)
            )
    return pd.DataFrame(rows)


def _promised(level: float, numbers: Mapping[str, float], review: int) -> dict[str, float]:
    """Work out the service that the formula promises at a level; lead-time variation is folded into the deviation of a day."""
    at_risk = numbers["lead_time"]
    spread = np.sqrt(numbers["sd"] ** 2 + (numbers["mean"] * numbers["lead_time_sd"]) ** 2 / max(at_risk, 1.0))
    told = performance(level, numbers["mean"], spread, at_risk, review)
    return {"fill_formula": float(told.fill_rate), "cycle_formula": float(told.cycle_service)}


def _order_up_to(name: str, product: str, level: float, review: int) -> Policy:
    rule = {"rule": "order-up-to", "days": review, "level": {product: level}}
    return Policy.model_validate_json(
        _json({"name": name, "supply_plan": "none", "products": rule, "components": rule})
    )


def _json(words: Mapping[str, Any]) -> str:
    import json

    return json.dumps(words)


def _formula_world(numbers: Mapping[str, float]) -> Scenario:
    """One product whose demand is normal and every day alike, as the formula takes it."""
    law = {"law": "constant", "mean": max(1.0, numbers["lead_time"])}
    if numbers["lead_time_sd"] > 0:
        law = {"law": "gamma", "mean": max(1.0, numbers["lead_time"]), "sd": numbers["lead_time_sd"]}
    daily = {"law": "normal", "mean": numbers["mean"], "sd": numbers["sd"]}
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
    today = {"open_purchases": (), "open_orders": ()}  # which may be of other items
    return Company.model_construct(**{**said, **today, **parts})
