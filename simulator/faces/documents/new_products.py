"""The new-product plan: what is launched and what is phased out, as far as it is told."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.company import Product
from simulator.company.life import Launch, PhaseOut
from simulator.faces.documents import roles
from simulator.faces.documents.month import DEMAND, Month
from simulator.faces.documents.paper import Figure, Section, by_month, said
from simulator.faces.documents.phrases import units


def new_products(month: Month) -> Section | str:
    """Launches with their ramps, ends with what is still to be sold and bought; and the demand plan of these products."""
    told = [(name, product) for name, product in month.company.products.items() if any(_told(product, month))]
    if not told:
        return "No product is being launched or phased out, so there is nothing to plan here."
    points = [text for name, product in told for text in _sentences(name, product, month)]
    rows = [month.n.products.index(name) for name, _ in told]
    figures = {Figure("demand plan"): month.demand[:, rows]}
    grid = by_month("Demand plan", "product", [name for name, _ in told], month.ahead, figures)
    return Section("", roles.DEVELOPMENT, said(*points), [grid])


def _told(product: Product, month: Month) -> Iterator[Launch | PhaseOut]:
    """What planners know of the life of a product, from when they are told until the product is established or gone."""
    today = np.datetime64(month.date(DEMAND), "D")
    for turn in (product.launch, product.phase_out):
        if turn and np.datetime64(turn.month, "D") - turn.known <= today:
            ramp = turn.ramp if isinstance(turn, Launch) else 0
            if np.datetime64(turn.month, "M") + ramp >= np.datetime64(month.name, "M"):
                yield turn


def _sentences(name: str, product: Product, month: Month) -> Iterator[str]:
    for turn in _told(product, month):
        if isinstance(turn, Launch):
            others = f"; it takes customers from {', '.join(turn.cannibalises)}" if turn.cannibalises else ""
            yield (
                f"{name} is launched on {turn.month} and reaches its full level after {turn.ramp} months: "
                f"{units(turn.expected)} a month in the business case{others}."
            )
        else:
            yield f"{name} is sold until the day before {turn.month}. {_until_the_end(name, month)}"


def _until_the_end(name: str, month: Month) -> str:
    """What is still to be sold, what is there for it, and the parts that go with it."""
    n, k = month.n, month.n.products.index(name)
    to_come, there = float(month.demand[:, k].sum()), float(month.position(month.held[DEMAND])[k])
    gone = np.zeros((len(n.products), 1))
    gone[k] = 1.0
    only = (n.total_use.flow(gone) > 0) & (n.total_use.flow(1 - gone) <= 0)
    parts = [n.names[row] for row in np.flatnonzero(only[:, 0]) if row != k]
    bought = f"; bought for the last time, as nothing else needs it: {', '.join(parts)}" if parts else ""
    return f"{units(to_come)} are still to come, {units(there)} are there or under way for them{bought}."
