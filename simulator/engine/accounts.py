"""List the books that a company keeps: the rows of every flow, account and memo."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from simulator.company import Company
from simulator.engine.departments import DEPARTMENTS, Department
from simulator.kernel.ledger import SCORED
from simulator.world.network import Network

Shapes = dict[str, tuple[int, ...]]


def departments_of(company: Company) -> list[type[Department]]:
    """The departments that the company describes."""
    return [kind for kind in DEPARTMENTS if kind.wanted(company)]


def accounts(n: Network, lanes: int, kinds: Sequence[type[Department]]) -> Shapes:
    """The rows of every flow and account that the company has."""
    rows = _rows(n, lanes)
    goods = (
        "released",
        "received",
        "consumed",
        "on_hand",
        "on_order",
        *(flow for kind in kinds for flow in kind.flows),
    )
    return {
        **dict.fromkeys(goods, rows["items"]),
        "shipped": rows["products"],
        **dict.fromkeys(("signed", "due", "served", "lost", "order_book", "backlog"), rows["orders"]),
    }


def memos(n: Network, lanes: int, kinds: Sequence[type[Department]]) -> Shapes:
    """The rows of everything that is counted."""
    rows, by = _rows(n, lanes), {"hours_used": "resources"}
    if n.bill:
        by["called_for"] = "items"  # by the releases of what they go into
    if n.inputs:
        by["waiting"] = "made"  # released, and not started by the evening
    for kind in kinds:
        by |= kind.memos
    return {name: rows[what] for name, what in by.items()}


def figures_a_day(company: Company, n: Network) -> int:
    """Numbers that the books which measures read take up by day, in one lane."""
    kinds = departments_of(company)
    kept = {name: shape for name, shape in accounts(n, 1, kinds).items() if name in SCORED}
    return sum(prod(shape) for shapes in (kept, memos(n, 1, kinds)) for shape in shapes.values())


def _rows(n: Network, lanes: int) -> Shapes:
    products = len(n.products)
    return {
        "items": (len(n.names), lanes), "products": (products, lanes), "orders": (len(n.segments), products, lanes),
        "segments": (len(n.segments), lanes), "resources": (len(n.resources), lanes), "bought": (len(n.bought), lanes),
        "made": (len(n.made), lanes),
        "suppliers": (len(n.suppliers), lanes),
        "company": (1, lanes), "uncertain": (len(n.uncertain), lanes),
        "sources": (len(n.sources.records), lanes), "disrupted": (len(n.sources.disrupted), lanes),
    }  # fmt: skip
