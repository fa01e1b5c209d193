"""Fill rate where orders come in lots: the position after a review is spread over a range and not at one level.

Two moments make a law of demand: the normal one, or the gamma one where demand is too lumpy for a normal law, which would
let customers bring goods back.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.theory.arrays import Array, as_floats
from simulator.theory.inventory.loss import second_order_loss, standard_loss

__all__ = ["Demanded", "Spread", "fill_rate_of_spread", "low_for_fill_rate", "share_at_top", "tail"]

STEPS = 60
NEAR = 1e-9
"""Of what is demanded between two receipts: how near to the answer a search stops."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Demanded:
    """Mean and deviation of what is demanded over some days, by the normal law or, where it is `lumpy`, the gamma law."""

    mean: Array
    sd: Array
    lumpy: Mask


@dataclass(frozen=True)
class Spread:
    """Where a review leaves the position: at the top of a range in a share of reviews, else anywhere in it alike."""

    width: Array
    top: Array

    def mean(self, lower: Array, upper: Array, over: Array) -> Array:
        """The mean of a figure over the range, from its value at both ends and its integral from one to the other."""
        wide = self.width > 0.0
        even = np.where(wide, over / np.where(wide, self.width, 1.0), lower)
        return np.asarray(self.top * upper + (1.0 - self.top) * even)


def share_at_top(width: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Array:
    """Share of reviews that leave the position at S where it is brought to S once it is S - width or lower, (s,S).

    Of the reviews of a cycle, width / mean + (1 + cv^2) / 2 (renewal theory; Tijms 2003, chapter 9), all but width / mean find
    it there; demand of a review has this mean and deviation.
    """
    w, expected, spread = as_floats(width), as_floats(mean), as_floats(sd)
    some = np.where(expected > 0.0, expected, 1.0)
    passed = w / some
    reviews = np.maximum(passed + 0.5 * (1.0 + np.square(spread / some)), 1.0)
    return np.where(expected > 0.0, np.maximum(1.0 - passed / reviews, 0.0), 1.0)


def tail(level: ArrayLike, demanded: Demanded) -> tuple[Array, Array, Array]:
    """Tell P(D > y), E(D - y)+ and its integral over all higher levels, E[(D - y)+ squared] / 2, at a level y."""
    from scipy.special import ndtr

    y, mean, sd, lumpy = np.broadcast_arrays(as_floats(level), demanded.mean, demanded.sd, demanded.lumpy)
    certain, varies = np.maximum(mean - y, 0.0), sd > 0.0
    scale = np.where(varies, sd, 1.0)
    k = (y - mean) / scale
    found = (
        np.where(varies, ndtr(-k), np.where(certain > 0.0, 1.0, 0.0)),
        np.where(varies, scale * standard_loss(k), certain),
        np.where(varies, np.square(scale) * second_order_loss(k), 0.5 * np.square(certain)),
    )
    these = lumpy & varies & (mean > 0.0)
    if these.any():
        for table, figures in zip(found, _gamma_tail(y[these], mean[these], sd[these]), strict=True):
            table[these] = figures
    return found


def _gamma_tail(y: Array, mean: Array, sd: Array) -> tuple[Array, Array, Array]:
    """The same for gamma demand (Burgin 1975)."""
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


def _short(low: Array, spread: Spread, demanded: Demanded) -> tuple[Array, Array]:
    """Mean shortage over the range, and by how much it falls for a unit more."""
    p_low, first_low, second_low = tail(low, demanded)
    p_high, first_high, second_high = tail(low + spread.width, demanded)
    return (
        spread.mean(first_low, first_high, second_low - second_high),
        spread.mean(p_low, p_high, first_low - first_high),
    )


def _new_short(low: Array, spread: Spread, before: Demanded, until: Demanded) -> tuple[Array, Array]:
    """What falls short from one receipt to the next, and by how much less for a unit more; old backlog is not new shortage."""
    (short, falls), (old, old_falls) = _short(low, spread, until), _short(low, spread, before)
    return short - old, falls - old_falls


def fill_rate_of_spread(low: ArrayLike, spread: Spread, before: Demanded, until: Demanded) -> Array:
    """Share of demand served from stock where a review leaves the position in a range from `low` up.

    `before` is demanded from the review to the receipt, `until` to the next one; a range without width is order-up-to. Orders
    in multiples of Q leave the position in (s, s+Q], each place alike: Hadley & Whitin (1963), chapter 5. Where nothing is
    demanded nothing is short: 1.
    """
    demanded = until.mean - before.mean
    new, _ = _new_short(as_floats(low), spread, before, until)
    return np.where(demanded > 0.0, 1.0 - new / np.where(demanded > 0.0, demanded, 1.0), 1.0)


def low_for_fill_rate(target: ArrayLike, spread: Spread, before: Demanded, until: Demanded) -> Array:
    """Lower end of the range for a target fill rate: `fill_rate_of_spread` turned round.

    Certain demand runs short of what the target allows; where nothing is demanded the answer is the mean until the next receipt.
    """
    demanded = until.mean - before.mean
    some = demanded > 0.0
    allowed = np.where(some, (1.0 - as_floats(target)) * demanded, 1.0)

    def change(low: Array) -> Array:
        new, falls = _new_short(low, spread, before, until)
        ratio = np.maximum(new, 1e-300) / allowed
        return np.where(some, np.log(ratio) * np.maximum(new, 1e-300) / np.maximum(falls, 1e-300), 0.0)

    widest = np.maximum(until.sd, demanded) + 0.0 * spread.width + 0.0 * allowed
    lowest, highest = before.mean - spread.width - 4.0 * widest, until.mean + 12.0 * widest
    return np.where(some, closed_in(change, lowest, highest, until.mean + 0.0 * widest, NEAR * demanded), until.mean)


def closed_in(change: Callable[[Array], Array], lowest: Array, highest: Array, start: Array, near: Array) -> Array:
    """Follow a change, upwards where the answer lies higher, and halve what is left where it leads out of what is left.

    An element that has arrived is frozen, so how long its neighbours still travel does not touch it.
    """
    point, low, high = start.copy(), lowest.copy(), highest.copy()
    moving = np.ones(point.shape, dtype=bool)
    for _ in range(STEPS):
        move = change(point)
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
