"""Fill rate where orders come in lots: the position after a review is spread over a range and not at one level.

Two moments make a law of demand: the normal one; the gamma one where demand is too lumpy for a normal law, which would let
customers bring goods back; and where orders are few, their number counts.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, Mask, as_floats
from simulator.theory.inventory.loss import second_order_loss, standard_loss

__all__ = ["Demanded", "FromTop", "Spread", "low_for_fill_rate", "tail"]

FEW = 6
"""Orders over some days, or reviews from S to s, up to which each is looked at by itself."""

MOST_ORDERS = 24
"""Orders beyond which more than so many do not come where few are expected: less than once in 10 million."""

LEAST_VARIATION = 0.02
"""Deviation of an order's size over its mean that is reckoned with at least."""

SEARCH_STEPS = 60
NEAR = 1e-9
"""Of what is demanded between two receipts: how near to the answer a search stops."""


@dataclass(frozen=True)
class Demanded:
    """Mean and deviation of what is demanded over some days, by the normal law or, where it is `lumpy`, the gamma law.

    Where less than a few `orders` are expected over these days, their number is Poisson and each of them gamma.
    """

    mean: Array
    sd: Array
    lumpy: Mask
    orders: Array | float = np.inf

    def and_more(self, mean: Array, sd: Array) -> "Demanded":
        """With what was demanded before, of this mean and deviation."""
        return replace(self, mean=self.mean + mean, sd=np.hypot(self.sd, sd), orders=np.inf)

    def at(self, these: Mask) -> "Demanded":
        """Give that of these elements only."""
        mean, sd, lumpy, orders = (_at(part, these) for part in (self.mean, self.sd, self.lumpy, self.orders))
        return Demanded(mean, sd, lumpy.astype(bool), orders)


def _at(table: ArrayLike, these: Mask) -> Array:
    return np.asarray(np.broadcast_to(table, these.shape)[these])


class Spread:
    """Describe the position after a review: at a level, or anywhere from there to a lot higher, each place alike.

    Orders in multiples of Q leave it in (s, s+Q], each place alike: Hadley & Whitin (1963), chapter 5. What else puts it off
    its level is told by points along the first axis of `off`, each alike, and `earlier` for what is short before the receipt.
    """

    def __init__(self, width: ArrayLike, off: ArrayLike = (0.0,), earlier: ArrayLike = (0.0,)) -> None:
        self.width, self.off, self.earlier = as_floats(width), as_floats(off), as_floats(earlier)

    def at(self, these: Mask) -> Self:
        """Give that of these elements only."""
        some = copy(self)
        some.width = _at(self.width, these)
        some.off, some.earlier = (
            np.stack([_at(point, these) for point in points]) for points in (self.off, self.earlier)
        )
        return some

    def short(self, low: Array, demanded: Demanded, off: ArrayLike = (0.0,)) -> tuple[Array, Array]:
        """Mean shortage where the range begins at `low`, and by how much it falls for a unit more; over points off it."""
        first, *others = as_floats(off)
        short, falls = self._even_from(low + first, demanded)
        for point in others:
            more, faster = self._even_from(low + point, demanded)
            short, falls = short + more, falls + faster
        return short / (1 + len(others)), falls / (1 + len(others))

    def _even_from(self, low: Array, demanded: Demanded) -> tuple[Array, Array]:
        """Mean shortage and how it falls, where every place of the range is alike and it begins at `low`."""
        p_low, first_low, second_low = tail(low, demanded)
        _, first_high, second_high = tail(low + self.width, demanded)
        return self._even(first_low, second_low - second_high), self._even(p_low, first_low - first_high)

    def _even(self, lower: Array, over: Array) -> Array:
        """The mean of a figure over the range, from its value at the low end and its integral over all of it."""
        wide = self.width > 0.0
        return np.where(wide, over / np.where(wide, self.width, 1.0), lower)


class FromTop(Spread):
    """Describe the position after a review under (s,S): at S, then lower by the demand of each review until it is s or less.

    Demand of a review is `review`. Of the first reviews of a cycle each is looked at by itself; where demand is lumpy or the
    range takes many, all but the first find the position anywhere in it alike (renewal theory; Tijms 2003, chapter 9). What is
    not `from_top` is replenished in lots.
    """

    def __init__(
        self,
        width: ArrayLike,
        review: Demanded,
        from_top: ArrayLike = True,
        off: ArrayLike = (0.0,),
        earlier: ArrayLike = (0.0,),
    ) -> None:
        super().__init__(width, off, earlier)
        self.from_top = np.asarray(from_top, dtype=bool)
        some = np.where(review.mean > 0.0, review.mean, 1.0)
        passed = self.width / some
        self.few = (passed <= FEW) & ~review.lumpy & (review.mean > 0.0)
        reviews = np.maximum(passed + 0.5 * (1.0 + np.square(review.sd / some)), 1.0)
        self.top = np.maximum(1.0 - passed / reviews, 0.0)
        self.visits = [_below(self.width, n * review.mean, np.sqrt(n) * review.sd) for n in range(1, FEW + 5)]

    def at(self, these: Mask) -> Self:
        """Give that of these elements only."""
        some = super().at(these)
        some.from_top, some.few = (_at(mask, these).astype(bool) for mask in (self.from_top, self.few))
        some.top = _at(self.top, these)
        some.visits = [(_at(chance, these), _at(mean, these), _at(sd, these)) for chance, mean, sd in self.visits]
        return some

    def short(self, low: Array, demanded: Demanded, off: ArrayLike = (0.0,)) -> tuple[Array, Array]:
        """Mean shortage where s is `low`, and by how much it falls for a unit more."""
        p_top, first_top, _ = tail(low + self.width, demanded)
        even, at_top = super().short(low, demanded, off), np.where(self.from_top, self.top, 0.0)
        blurred = [at_top * upper + (1.0 - at_top) * rest for upper, rest in zip((first_top, p_top), even, strict=True)]
        few = self.few & self.from_top
        if not few.any():
            return blurred[0], blurred[1]
        times, short, falls = np.ones_like(p_top), first_top, p_top
        for chance, mean, sd in self.visits:
            p, first, _ = tail(low + self.width, demanded.and_more(mean, sd))
            times, short, falls = times + chance, short + chance * first, falls + chance * p
        return np.where(few, short / times, blurred[0]), np.where(few, falls / times, blurred[1])


def _below(limit: Array, mean: Array, sd: Array) -> tuple[Array, Array, Array]:
    """Chance that a normal figure is below a limit, and its mean and deviation where it is."""
    from scipy.special import ndtr

    scale = np.where(sd > 0.0, sd, 1.0)
    k = np.where(sd > 0.0, (limit - mean) / scale, np.where(limit > mean, 40.0, -40.0))
    chance = ndtr(k)
    hazard = np.exp(-0.5 * k * k) / np.sqrt(2.0 * np.pi) / np.maximum(chance, 1e-12)
    kept = np.maximum(1.0 - k * hazard - np.square(hazard), 0.0)
    return chance, np.minimum(mean - sd * hazard, limit), sd * np.sqrt(kept)


def tail(level: ArrayLike, demanded: Demanded) -> tuple[Array, Array, Array]:
    """Tell P(D > y), E(D - y)+ and its integral over all higher levels, E[(D - y)+ squared] / 2, at a level y."""
    y, mean, sd, lumpy, orders = np.broadcast_arrays(
        as_floats(level), demanded.mean, demanded.sd, demanded.lumpy, demanded.orders
    )
    found = _normal_tail(y, mean, sd)
    skewed, rare = lumpy & (sd > 0.0) & (mean > 0.0), (orders < FEW) & (mean > 0.0)
    for these, law in ((skewed & ~rare, _gamma_tail), (rare, _ordered_tail)):
        if these.any():
            more = (orders[these],) if law is _ordered_tail else ()
            for table, figures in zip(found, law(y[these], mean[these], sd[these], *more), strict=True):
                table[these] = figures
    return found


def _normal_tail(y: Array, mean: Array, sd: Array) -> tuple[Array, Array, Array]:
    """Work out the tail for normal demand, and for certain demand if nothing varies."""
    from scipy.special import ndtr

    certain, varies = np.maximum(mean - y, 0.0), sd > 0.0
    scale = np.where(varies, sd, 1.0)
    k = (y - mean) / scale
    return (
        np.where(varies, ndtr(-k), np.where(certain > 0.0, 1.0, 0.0)),
        np.where(varies, scale * standard_loss(k), certain),
        np.where(varies, np.square(scale) * second_order_loss(k), 0.5 * np.square(certain)),
    )


def _ordered_tail(y: Array, mean: Array, sd: Array, orders: Array) -> tuple[Array, Array, Array]:
    """Work out the tail for few orders: a Poisson number, each gamma, with this mean and deviation in all."""
    size = mean / orders
    varies = np.sqrt(np.maximum(np.square(sd) / orders - np.square(size), np.square(LEAST_VARIATION * size)))
    chances = [np.exp(-orders)]
    for n in range(1, MOST_ORDERS):
        chances.append(chances[-1] * orders / n)
    many = np.arange(1, MOST_ORDERS).reshape(-1, *(1,) * y.ndim)
    none = _normal_tail(y, np.zeros_like(y), np.zeros_like(y))
    some = _gamma_tail(y, many * size, np.sqrt(many) * varies)
    chance = np.stack(chances)
    parts = [chance * np.concatenate([a[np.newaxis], more]) for a, more in zip(none, some, strict=True)]
    p, first, second = (np.add.accumulate(part)[-1] for part in parts)  # one after the other, however many there are
    return p, first, second


def _gamma_tail(y: Array, mean: Array, sd: Array) -> tuple[Array, Array, Array]:
    """Work out the tail for gamma demand (Burgin 1975)."""
    from scipy.special import gammaincc, gammaln, xlogy

    shape, scale = np.square(mean / sd), np.square(sd) / mean
    x = np.maximum(y, 0.0) / scale
    beyond = gammaincc(shape, x)
    once = beyond + np.exp(xlogy(shape, x) - x - gammaln(shape + 1.0))
    twice = once + np.exp(xlogy(shape + 1.0, x) - x - gammaln(shape + 2.0))
    second = 0.5 * (mean * scale * (shape + 1.0) * twice - 2.0 * y * mean * once + np.square(y) * beyond)
    below = y < 0.0
    return (
        np.where(below, 1.0, beyond),
        np.where(below, mean - y, np.maximum(mean * once - y * beyond, 0.0)),
        np.where(below, 0.5 * (np.square(mean - y) + np.square(sd)), np.maximum(second, 0.0)),
    )


def _new_short(low: Array, spread: Spread, before: Demanded, until: Demanded) -> tuple[Array, Array]:
    """Work out the shortage from one receipt to the next, and how much less it is for a unit more; old backlog is not new shortage."""
    (short, falls), (old, old_falls) = spread.short(low, until, spread.off), spread.short(low, before, spread.earlier)
    return short - old, falls - old_falls


def low_for_fill_rate(target: ArrayLike, spread: Spread, before: Demanded, until: Demanded) -> Array:
    """Find the lower end of the range in which a review leaves the position, for a share of demand to be served from stock.

    Certain demand runs short of what the target allows; where nothing is demanded the answer is the mean until the next receipt.
    """
    demanded = until.mean - before.mean
    some = demanded > 0.0
    allowed = np.where(some, (1.0 - as_floats(target)) * demanded, 1.0)

    def change(low: Array, these: Mask) -> Array:
        new, falls = _new_short(low, spread.at(these), before.at(these), until.at(these))
        ratio = np.maximum(new, 1e-300) / _at(allowed, these)
        return np.where(_at(some, these), np.log(ratio) * np.maximum(new, 1e-300) / np.maximum(falls, 1e-300), 0.0)

    widest = np.maximum(until.sd, demanded) + 0.0 * spread.width + 0.0 * allowed
    lowest, highest = before.mean - spread.width - 4.0 * widest, until.mean + 12.0 * widest
    lowest, highest = lowest - np.maximum.reduce(spread.off), highest - np.minimum.reduce(spread.earlier)
    return np.where(some, closed_in(change, lowest, highest, until.mean + 0.0 * widest, NEAR * demanded), until.mean)


def closed_in(
    change: Callable[[Array, Mask], Array], lowest: Array, highest: Array, start: Array, near: Array
) -> Array:
    """Follow a change, upwards where the answer lies higher, and halve what is left where it leads out of what is left.

    The change is asked of the elements that still travel only: those that have arrived stay where they are.
    """
    point, low, high = start.copy(), lowest.copy(), highest.copy()
    moving = np.ones(point.shape, dtype=bool)
    for _ in range(SEARCH_STEPS):
        move = np.zeros(point.shape)
        move[moving] = change(point[moving], moving)
        low, high = np.where(moving & (move > 0.0), point, low), np.where(moving & (move <= 0.0), point, high)
        wanted = point + move
        inside = (wanted > low) & (wanted < high)
        following = np.where(inside, wanted, 0.5 * (low + high))
        far = np.abs(following - point) > near
        point = np.where(moving, following, point)
        moving = moving & far
        if not moving.any():
            break
    return point
