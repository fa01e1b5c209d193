"""The few verbs on arrays whose last axis is the lane: one replication of the run per lane.

Every verb works element by element or over a named business axis, so a lane's result does not
depend on which lanes are beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from simulator.kernel.units import Array, Whole

TINY = 1e-9

WIDE_ROW = 100
"""Numbers in a row from which on rows are quicker than columns."""


class Links:
    """Weighted links from sources to targets: a bill of materials, a bill of resources."""

    def __init__(self, links: list[tuple[int, int, float]], sources: int, targets: int) -> None:
        from scipy.sparse import csr_array

        rows, columns, weights = [t for _, t, _ in links], [s for s, _, _ in links], [w for _, _, w in links]
        self.matrix = csr_array((weights, (rows, columns)), shape=(targets, sources))
        self.matrix.sort_indices()
        self.targets = targets
        self.any = bool(links)
        mine: list[list[int]] = [[] for _ in range(sources)]
        for source, target, _ in links:
            mine[source].append(target)
        self.slots: Whole = np.full((sources, max(map(len, mine), default=0)), targets)
        for source, its in enumerate(mine):
            self.slots[source, : len(its)] = its

    def __bool__(self) -> bool:
        return self.any

    def flow(self, amount: Array) -> Array:
        """Return the amount that each target receives from these amounts of the sources, (sources, lanes) -> (targets, lanes)."""
        return np.asarray(self.matrix @ amount)  # row by row, link by link: the same bits for any number of lanes

    def tightest(self, share: Array) -> Array:
        """The smallest share among each source's targets, 1 for a source without any."""
        padded = np.concatenate([share, np.ones((1, share.shape[-1]))])
        return np.asarray(np.minimum.reduce(padded.take(self.slots.T, axis=0), initial=1.0))


def stretch(rows: Whole) -> slice | Whole:
    """Rows as a slice where each follows the one before: they are then read and written where they stand, without a copy."""
    follow = rows.size > 0 and bool((np.diff(rows) == 1).all())
    return slice(int(rows[0]), int(rows[-1]) + 1) if follow else rows


def share_of(available: Array, wanted: Array) -> Array:
    """The share of what is wanted that is available, at most 1."""
    return np.minimum(available / np.maximum(wanted, TINY), 1.0)


def ranked(wanted: Array, available: Array) -> Array:
    """Serve the first claimant in full, then the next: (claimants, ..., lanes) from (..., lanes)."""
    if len(wanted) == 1:
        return np.minimum(wanted, available)
    served = np.empty_like(wanted)
    left = available
    for claimant, claim in enumerate(wanted):
        served[claimant] = np.minimum(claim, left)
        left = left - served[claimant]
    return served


def ration(wanted: Array, available: Array) -> Array:
    """Serve all claimants in the same proportion."""
    return wanted * share_of(available, total(wanted))


def oldest_first(unserved_by_age: Array, available: Array) -> Array:
    """Serve the longest wait first, over all claimants; equal waits in proportion.

    (ages from oldest to newest, claimants, ..., lanes) from (..., lanes) -> (claimants, ..., lanes).
    """
    cohort = unserved_by_age.sum(axis=1)
    before = running(cohort) - cohort
    share = np.clip((available - before) / np.maximum(cohort, TINY), 0.0, 1.0)
    served: Array = (unserved_by_age * share[:, None]).sum(axis=0)
    return served


def column(figures: Iterable[float | Array]) -> Array:
    """A figure for each row, the same in all lanes or one for each: (rows, 1 or lanes)."""
    return np.stack(np.broadcast_arrays(*(np.atleast_1d(figure) for figure in figures)))


def only_rows(amount: Array, rows: slice | Whole) -> Array:
    """An amount of these rows, and nothing of the others."""
    kept = np.zeros_like(amount)
    kept[rows] = amount[rows]
    return kept


def new_shortage(due: Array, backlog: Array, lost: Array) -> Array:
    """Work out the part of a day's demand that stock could not serve after the old backlog; the newest is owed or lost at its end."""
    return np.minimum(due, backlog + lost)


def total(amount: Array) -> Array:
    """The sum over the first axis, row by row."""
    result: Array = np.add.reduce(amount, axis=0)
    return result


def running(amount: Array, verb: np.ufunc = np.add) -> Array:
    """The sums over the first axis so far, or another verb's results.

    Wide rows one after the other: NumPy goes down one column after the next, which takes up to fourteen times as long.
    """
    if amount[:1].size < WIDE_ROW:
        return np.asarray(verb.accumulate(amount, axis=0), dtype=np.float64)
    so_far = np.array(amount, dtype=np.float64)
    for before, now in pairwise(so_far):
        verb(before, now, out=now)
    return so_far


def lots(amount: Array, minimum: Array, multiple: Array) -> Array:
    """Round each order up to its minimum and to whole multiples; nothing stays nothing."""
    if not (minimum.any() or multiple.any()):
        return amount
    ordered = np.where(amount > TINY, np.maximum(amount, minimum), 0.0)
    return np.where(multiple > 0, np.ceil(ordered / np.maximum(multiple, TINY) - TINY) * multiple, ordered)


def lots_within(most: Array, minimum: Array, multiple: Array) -> Array:
    """The largest order in whole multiples that is no more than this; nothing where that is less than the minimum."""
    ordered = np.maximum(most, 0.0)
    ordered = np.where(multiple > 0, np.floor(ordered / np.maximum(multiple, TINY) + TINY) * multiple, ordered)
    return np.where(ordered >= minimum, ordered, 0.0)


def between(table: Array, place: Array) -> Array:
    """Read a table, (rows, steps, lanes), at places between its steps, (rows, places, 1 or lanes)."""
    rows, low = np.arange(len(table))[:, None], np.minimum(place[..., 0].astype(np.int64), table.shape[1] - 2)
    part = place[..., :1] - low[..., None]
    first = table[rows, low]  # whole lines: most rows are read at the same places in all lanes
    found: Array = first + part * (table[rows, low + 1] - first)
    apart = np.flatnonzero((place != place[..., :1]).any(axis=(1, 2)))
    if apart.size:
        mine, lines = place[apart], table[apart]
        below = np.minimum(mine.astype(np.int64), table.shape[1] - 2)
        first, second = (np.take_along_axis(lines, step, axis=1) for step in (below, below + 1))
        found[apart] = first + (mine - below) * (second - first)
    return found


def repeated(amount: Array, place: Whole, axis: int = -1) -> Array:
    """Let every lane go on from the one that is named for it: an array whose axis of lanes is as long as `place`."""
    axis %= amount.ndim
    turns = np.flatnonzero(place[1:] != place[:-1])
    each = int(turns[0]) + 1 if turns.size else len(place)
    if len(place) % each or (place.reshape(-1, each) != place[::each, None]).any():
        return np.take(amount, place, axis=axis)
    heads = np.take(amount, place[::each], axis=axis)  # neighbours go on from the same lane: to spread it is quicker
    before, after = heads.shape[:axis], heads.shape[axis + 1 :]
    spread = np.empty((*before, len(place) // each, each, *after), dtype=heads.dtype)
    spread[...] = np.expand_dims(heads, axis + 1)
    return spread.reshape(*before, len(place), *after)


def post_due(calendar: Array, day: Whole, rows: Whole, amount: Array) -> None:
    """Add each amount, (rows, lanes), to the day on which it falls due; the calendar is (days, all rows, lanes)."""
    calendar[day % len(calendar), rows[:, None], np.arange(amount.shape[-1])] += amount
