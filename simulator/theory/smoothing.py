"""Work out the calmest production plan that demand and storage allow."""

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats

__all__ = ["taut_string"]

SLACK = 1e-9  # share of the largest quantity below which a clash of bounds is rounding


def taut_string(
    demand: ArrayLike,
    opening: ArrayLike,
    room: ArrayLike,
    closing: ArrayLike,
    *,
    least_stock: ArrayLike = 0.0,
    days: ArrayLike = 1.0,
    capacity_per_day: ArrayLike = np.inf,
) -> Array:
    """Peak-shaving: the production plan of least variance that demand and storage allow.

    Cumulative production is a string pulled tight between what must be made by each month (demand and least stock) and
    what there is room for. Modigliani & Hohn (1955); Veinott (1971).

    Demand is (months, ...); trailing axes are lanes, each with its own bounds. `opening`, `closing` and
    `capacity_per_day` are (...), `room` and `least_stock` broadcast against demand, `days` (working days) is one number
    or one a month and makes the daily rate level. Returns production, shaped as demand.

    The taut string is the calmest plan by every convex measure, its peak and its lowest month included. So where any
    plan keeps between zero and capacity this one does, and both only decide whether there is one. Raises ValueError
    naming the month and what is missing.
    """
    wanted = as_floats(demand)
    workdays = np.broadcast_to(_column(days, wanted.ndim), wanted.shape)
    lower, upper = _bounds(wanted, *(as_floats(x) for x in (opening, room, closing, least_stock)))
    _check_reachable(lower, upper, workdays, as_floats(capacity_per_day))
    made, rows = np.zeros(wanted.shape[1:]), []
    for month in range(wanted.shape[0]):
        rate = _first_slope(made, lower[month:], upper[month:], workdays[month:])
        # Clipping keeps rounding from adding up: the bounds were met but for the last bits.
        reached = np.maximum(np.clip(made + rate * workdays[month], lower[month], upper[month]), made)
        rows.append(reached - made)
        made = reached
    return np.stack(rows)


def _column(values: ArrayLike, dimensions: int) -> Array:
    """Read months as a column beside the lanes; a scalar stays a scalar."""
    read = as_floats(values)
    return read if read.ndim == 0 else read.reshape(-1, *([1] * (dimensions - 1)))


def _bounds(demand: Array, opening: Array, room: Array, closing: Array, least: Array) -> tuple[Array, Array]:
    """Cumulative production that each month's end needs, and that there is room for; the closing stock is both."""
    needed = np.add.accumulate(demand, axis=0) - opening
    lower, upper = needed + least, needed + room
    lower[-1] = np.maximum(lower[-1], needed[-1] + closing)
    upper[-1] = np.minimum(upper[-1], needed[-1] + closing)
    return lower, upper


def _check_reachable(lower: Array, upper: Array, days: Array, capacity_per_day: Array) -> None:
    """Raise for the first month that no production between zero and capacity can reach within the bounds."""
    low = high = np.zeros(lower.shape[1:])
    for month in range(lower.shape[0]):
        worked = days[month] > 0.0
        most = np.where(worked, np.where(worked, days[month], 1.0) * capacity_per_day, 0.0)
        low, high = np.maximum(lower[month], low), np.minimum(upper[month], high + most)
        clash = low - high > SLACK * (1.0 + np.maximum(np.abs(low), np.abs(high)))
        if clash.any():
            raise ValueError(f"month {month + 1}{_what_is_missing(low, high, clash)}")


def _what_is_missing(low: Array, high: Array, clash: Array) -> str:
    """Words for the first lane whose bounds clash."""
    where = tuple(int(i) for i in np.argwhere(clash)[0])
    lane = f", lane {', '.join(map(str, where))}" if where else ""
    return (
        f"{lane}: {low[where] - high[where]:g} units missing: demand and stock need at least {low[where]:g} "
        f"made by then, storage and capacity allow at most {high[where]:g}"
    )


def _first_slope(made: Array, lower: Array, upper: Array, days: Array) -> Array:
    """Daily rate of the string's first piece: look ahead until the lowest ceiling and the highest floor cross."""
    elapsed = np.add.accumulate(days, axis=0)
    floor, ceiling = np.full(made.shape, -np.inf), np.full(made.shape, np.inf)
    rate, looking = np.zeros(made.shape), np.ones(made.shape, dtype=bool)
    for ahead in range(lower.shape[0]):
        worked = elapsed[ahead] > 0.0  # no rate helps or hurts before the first working day
        span = np.where(worked, elapsed[ahead], 1.0)
        needs = np.where(worked, (lower[ahead] - made) / span, -np.inf)
        allows = np.where(worked, (upper[ahead] - made) / span, np.inf)
        rate = np.where(looking & (needs >= ceiling), ceiling, rate)
        rate = np.where(looking & (allows <= floor), floor, rate)
        looking = looking & (needs < ceiling) & (allows > floor)
        floor, ceiling = np.maximum(floor, needs), np.minimum(ceiling, allows)
    # Still looking: straight to the closing stock, where floor and ceiling are one; nowhere without a working day.
    return np.where(looking, np.where(np.isfinite(floor), floor, 0.0), rate)
