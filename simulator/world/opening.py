"""Open a company that states no opening stock with the state in which an earlier run of it ended."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernel.units import Array, Whole

if TYPE_CHECKING:
    from simulator.company import Company
    from simulator.world.network import Network


@dataclass(frozen=True)
class Suppliers:
    """Hold the deliveries under way by source, for a company that tells its sources apart; calendars begin with the first day."""

    dock: Array  # (days ahead, sources, lanes), as are the next two
    punctual: Array
    bad: Array | None
    waiting: Array  # (sources, lanes), as are the next two
    part_rejected: Array
    last_arrival: Whole


@dataclass(frozen=True)
class Opening:
    """Stock, work in process and orders on the way; of items whose opening stock is stated that alone."""

    on_hand: Array  # (items, lanes)
    on_order: Array
    arrivals: Array  # (days ahead, items, lanes): good units by the day on which they come
    to_start: Array  # (items, lanes), as are the next two
    begun: Array
    not_yet_good: Array
    last_arrival: Whole  # (bought items whose lead time varies, lanes)
    suppliers: Suppliers | None = None
    verdicts: Array | None = None  # (days ahead, uncertain items, what is found, lanes)


def in_lanes(opening: Opening, lanes: int) -> Opening:
    """The opening in so many lanes: as it is, or that of a replication which is the same in all of them."""
    if opening.on_hand.shape[-1] == lanes:
        return opening

    def repeated(state: Any) -> Any:
        if is_dataclass(state) and not isinstance(state, type):
            return replace(state, **{f.name: repeated(getattr(state, f.name)) for f in fields(state)})
        return state if state is None else np.repeat(state[..., :1], lanes, axis=-1)

    found: Opening = repeated(opening)
    return found


def with_open_purchases(opening: Opening | None, company: Company, network: Network, lanes: int) -> Opening | None:
    """Add the purchase orders that are on their way on the first day; items that have some begin with their stated stock."""
    if not company.open_purchases:
        return opening
    first = company.calendar.start
    ahead = [max((purchase.due - first).days, 0) for purchase in company.open_purchases]
    rows = [network.names.index(purchase.item) for purchase in company.open_purchases]
    units = [purchase.quantity for purchase in company.open_purchases]
    coming = np.zeros((max(ahead) + 1, len(network.names), lanes))
    for day, row, quantity in zip(ahead, rows, units, strict=True):
        coming[day, row] += quantity
    found = opening or _stock_alone(network, lanes)
    suppliers = found.suppliers or _nothing_under_way(network, lanes)
    by_source = np.zeros((len(coming), len(network.sources.records), lanes))
    by_source[:, network.sources.first] = coming[:, network.bought]
    return replace(
        found,
        on_order=found.on_order + coming.sum(axis=0),
        arrivals=_joined(found.arrivals, coming),
        suppliers=replace(
            suppliers, dock=_joined(suppliers.dock, by_source), punctual=_joined(suppliers.punctual, by_source)
        ),
    )


def _stock_alone(network: Network, lanes: int) -> Opening:
    """The stated stock, and nothing else."""
    stock = np.repeat(np.nan_to_num(network.opening_stock), lanes, axis=-1)
    nothing = np.zeros_like(stock)
    late = np.zeros((len(network.varying), lanes), dtype=np.int64)
    return Opening(stock, nothing, nothing[None], nothing, nothing, nothing, late)


def _nothing_under_way(network: Network, lanes: int) -> Suppliers:
    nothing = np.zeros((len(network.sources.records), lanes))
    return Suppliers(nothing[None], nothing[None], None, nothing, nothing, nothing.astype(np.int64))


def _joined(before: Array, more: Array) -> Array:
    """Two calendars as one, as long as the longer."""
    longest = max(len(before), len(more))
    both = np.zeros((longest, *more.shape[1:]))
    enter(both, before)
    enter(both, more)
    return both


def from_today(calendar: Array, today: int) -> Array:
    """A calendar that goes round, read from a day on."""
    return np.roll(calendar, -(today % len(calendar)), axis=0)


def enter(calendar: Array, ahead: Array) -> None:
    """Put what is to come into a calendar whose first day is today."""
    calendar[: len(ahead)] += ahead


def days_from(day: NDArray[np.int64], today: int) -> Whole:
    """Days from today on, none before it."""
    return np.maximum(day - today, 0)
