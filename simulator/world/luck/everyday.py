"""Draw everyday demand, which arrives day by day and is not signed ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from simulator.company import Days, Everyday, Orders, Pattern
from simulator.company.laws import Poisson, cut_normal
from simulator.kernel.units import Array
from simulator.world.luck.counts import draw_counts
from simulator.world.luck.fork import Seed
from simulator.world.luck.stream import Stream


def swings(
    pattern: Pattern,
    months: int,
    seed: Seed,
    name: str,
    replications: Sequence[int],
    per: str = "month",
    foreseen: float = 0.0,
) -> Array:
    """The month's level about its pattern, mean 1, each month remembering the last: (months, lanes).

    Its logarithm is the sum of what the sales team is told of, a share `foreseen` of the variance, and of the rest.
    """
    z = _scores(seed, "swing", name, per, pattern, months, replications)
    if foreseen:
        told = _told_scores(seed, name, per, pattern, months, replications)
        z = np.sqrt(1 - foreseen) * z + np.sqrt(foreseen) * told
    return _levels(z, pattern, 1.0)


def swings_told(
    pattern: Pattern, months: int, seed: Seed, name: str, replications: Sequence[int], per: str, foreseen: float
) -> Array:
    """Return the month's level as it is to be expected by whoever is told of that share of its variance, (months, lanes)."""
    told = _told_scores(seed, name, per, pattern, months, replications)
    return _levels(np.sqrt(foreseen) * told, pattern, foreseen)


def _told_scores(seed: Seed, name: str, per: str, pattern: Pattern, months: int, replications: Sequence[int]) -> Array:
    """The luck of which a sales team is told; a fork knows it for the months of which it has been told."""
    return _scores(seed, "swing told", name, "told" if per == "month" else per, pattern, months, replications)


def _scores(
    seed: Seed, source: str, name: str, per: str, pattern: Pattern, months: int, replications: Sequence[int]
) -> Array:
    """Normal scores by month, in part those of all streams: (months, lanes)."""
    own = _by_month(Stream(seed, source, name, per), pattern, months, replications)
    if not pattern.together:
        return own
    every = "past/all" if per == "past" else "all"
    common = _by_month(Stream(seed, f"{source} together", every, per), pattern, months, replications)
    return np.asarray(np.sqrt(1 - pattern.together) * own + np.sqrt(pattern.together) * common)


def _by_month(luck: Stream, pattern: Pattern, months: int, replications: Sequence[int]) -> Array:
    """Normal scores, each remembering the last: (months, lanes)."""
    from scipy.special import ndtri

    z = np.ascontiguousarray(ndtri(luck.table(replications, months)).T)
    for month in range(1, months):
        z[month] = pattern.memory * z[month - 1] + np.sqrt(1 - pattern.memory**2) * z[month]
    return z


def _levels(z: Array, pattern: Pattern, share: float) -> Array:
    """Levels of mean 1 from scores whose variance is a share of 1."""
    spread = np.sqrt(np.log1p(pattern.swing**2))
    return np.asarray(np.exp(spread * z - share * spread**2 / 2))


def everyday(stream: Everyday, days: Days, seed: Seed, replications: Sequence[int], foreseen: float = 0.0) -> Array:
    """Draw one stream's quantities by day, (days, lanes), in fractions of units if its law has them."""
    name = f"{stream.segment}/{stream.product}"
    factor, u = stream.pattern.factors(days), Stream(seed, "demand", name, "orders").table(replications, days.count)
    if isinstance(stream.daily, Orders):
        quantity = _order_lines(stream.daily, factor, u, Stream(seed, "size", name), replications)
    elif isinstance(stream.daily, Poisson):
        quantity = draw_counts(stream.daily.mean * factor, 1.0, u).T.astype(np.float64)
    else:
        quantity = stream.daily.quantile(_remembered(u, stream.correlation)).T * factor[:, None]
    if stream.pattern.swing:
        level = swings(stream.pattern, days.months, seed, name, replications, foreseen=foreseen)
        quantity = quantity * level[days.month]
    return np.ascontiguousarray(quantity)


def _remembered(u: Array, correlation: float) -> Array:
    """Uniforms whose normal scores remember the day before, (lanes, days)."""
    if not correlation:
        return u
    from scipy.special import ndtr, ndtri

    z = np.ascontiguousarray(ndtri(u).T)
    for day in range(1, len(z)):
        z[day] = correlation * z[day - 1] + np.sqrt(1 - correlation**2) * z[day]
    return np.asarray(ndtr(z)).T


def _order_lines(law: Orders, factor: Array, u: Array, sizes: Stream, replications: Sequence[int]) -> Array:
    """A day's quantity as the sum of its order lines, (days, lanes); in a fork what is known is added up once."""
    draw, fork = partial(_added_up, law, law.lines * factor, u), sizes.fork
    if fork is None or fork.orders <= 0:
        return np.ascontiguousarray(draw(slice(None), replications, sizes.fill)[0])
    past, lines = draw(slice(fork.orders), [fork.replication], sizes.of_the_run(fork).fill)
    to_come, _ = draw(slice(fork.orders, None), replications, partial(sizes.after, known=lines))
    return np.concatenate([np.broadcast_to(past, (len(past), len(u))), to_come])


def _added_up(
    law: Orders, rate: Array, u: Array, days: slice, replications: Sequence[int], fill: Callable[[int, Array], Array]
) -> tuple[Array, int]:
    """The quantity of some days, (days, lanes), from lines whose numbers are filled in by lane; and how many lines there are."""
    counts = draw_counts(rate, law.dispersion, u[: len(replications), days], days)
    if not counts.size:
        return np.zeros(counts.T.shape), 0
    ends, seen = np.cumsum(counts.ravel()), np.sort(np.array(law.sizes))
    pick, bounds = np.empty(int(ends[-1])), ends[counts.shape[1] - 1 :: counts.shape[1]]
    for replication, mine in zip(replications, np.split(pick, bounds[:-1]), strict=True):
        fill(replication, mine)
    size = np.append(seen[(pick * len(seen)).astype(np.int64)], 0.0)
    by_day = np.add.reduceat(size, ends - counts.ravel())  # each day by itself: a running sum rounds by lane
    quantity: Array = np.zeros(counts.shape)
    np.copyto(quantity, by_day.reshape(counts.shape), where=counts > 0)
    return quantity.T, len(pick)


def months_past(
    stream: Everyday, before: Days, seed: Seed, replications: Sequence[int], foreseen: float = 0.0
) -> Array:
    """Demand of the months before the first day, from the mean and variance of a month: (months, lanes)."""
    name = f"{stream.segment}/{stream.product}"
    factor = stream.pattern.factors(before, months_before=before.months)
    mean, variance = day_moments(stream)
    by_month = np.array([[f[before.month == m].sum() for m in range(before.months)] for f in (factor, factor**2)])
    power = (
        0 if isinstance(stream.daily, Orders | Poisson) else 1
    )  # the variance of counts grows with their level, not its square
    sd = np.sqrt(variance * by_month[power])
    u = Stream(seed, "past", name, "past").table(replications, before.months)
    months = cut_normal((mean * by_month[0])[:, None], sd[:, None], u.T)
    if stream.pattern.swing:
        months *= swings(stream.pattern, before.months, seed, f"past/{name}", replications, "past", foreseen)
    return np.ascontiguousarray(months)


def day_moments(stream: Everyday) -> tuple[float, float]:
    """Mean and variance of a working day's quantity at level 1."""
    law = stream.daily
    if isinstance(law, Orders):
        sizes = np.array(law.sizes)
        return law.mean, law.lines * float(sizes.var() + law.dispersion * sizes.mean() ** 2)
    return law.mean, law.sd**2
