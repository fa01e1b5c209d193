"""The new-product plan: what is launched and what is phased out, as far as it is told."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.company import Product
from simulator.company.life import Launch, PhaseOut
from simulator.faces.documents import roles
from simulator.faces.documents.paper import PRODUCT, Figure, Section, by_month, said
from simulator.faces.documents.phrases import units
from simulator.kernel.messages import Message, Value, listed, msg
from simulator.results.reading.month import DEMAND, Month


def new_products(month: Month) -> Section | Message:
    """Launches with their ramps, ends with what is still to be sold and bought; and the demand plan of these products."""
    told = [(name, product) for name, product in month.company.products.items() if any(_told(product, month))]
    if not told:
        return msg("No product is being launched or phased out, so there is nothing to plan here.")
    points = [text for name, product in told for text in _sentences(name, product, month)]
    rows = [month.n.products.index(name) for name, _ in told]
    figures = {Figure(msg("demand plan")): month.demand[:, rows]}
    grid = by_month(msg("Demand plan"), PRODUCT, [name for name, _ in told], month.ahead, figures)
    return Section("", roles.DEVELOPMENT, said(*points), [grid])


def _told(product: Product, month: Month) -> Iterator[Launch | PhaseOut]:
    """List a product's launch and phase-out, each from when planners are told until the product is established or gone."""
    today = np.datetime64(month.date(DEMAND), "D")
    for turn in (product.launch, product.phase_out):
        if turn and np.datetime64(turn.month, "D") - turn.known <= today:
            ramp = turn.ramp if isinstance(turn, Launch) else 0
            if np.datetime64(turn.month, "M") + ramp >= np.datetime64(month.name, "M"):
                yield turn


def _sentences(name: str, product: Product, month: Month) -> Iterator[Message]:
    for turn in _told(product, month):
        if isinstance(turn, Launch):
            yield _launched(name, turn)
        else:
            yield msg("{product} is sold until the day before {date}.", product=name, date=turn.month)
            yield _until_the_end(name, month)


def _launched(name: str, launch: Launch) -> Message:
    """Describe a launch: its date, its speed, the demand expected of it, and the product whose customers it takes."""
    values: dict[str, Value] = {
        "product": name,
        "date": launch.month,
        "n": launch.ramp,
        "units": units(launch.expected),
    }
    if not launch.cannibalises:
        return msg(
            "{product} is launched on {date} and reaches its full level after {n} months: "
            "{units} a month in the business case.",
            **values,
        )
    return msg(
        "{product} is launched on {date} and reaches its full level after {n} months: "
        "{units} a month in the business case; it takes customers from {others}.",
        others=listed(launch.cannibalises, ", "),
        **values,
    )


def _until_the_end(name: str, month: Month) -> Message:
    """State the demand still to come, the stock there for it, and the parts that go with it."""
    n, k = month.n, month.n.products.index(name)
    to_come, there = float(month.demand[:, k].sum()), float(month.position(month.held[DEMAND])[k])
    gone = np.zeros((len(n.products), 1))
    gone[k] = 1.0
    only = (n.total_use.flow(gone) > 0) & (n.total_use.flow(1 - gone) <= 0)
    parts = [n.names[row] for row in np.flatnonzero(only[:, 0]) if row != k]
    values: dict[str, Value] = {"demand": units(to_come), "stock": units(there)}
    if not parts:
        return msg("{demand} are still to come, {stock} are there or under way for them.", **values)
    return msg(
        "{demand} are still to come, {stock} are there or under way for them; "
        "bought for the last time, as nothing else needs it: {parts}.",
        parts=listed(parts, ", "),
        **values,
    )
