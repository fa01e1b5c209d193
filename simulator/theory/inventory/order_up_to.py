"""Order up to a level: one stage, no fixed cost, backorders.

Two ways of counting. `days_at_risk` (L) is the sandbox's: an order released at the end of day t is on the shelf at the
start of day t+L, so L days of demand fall between ordering and the end of the day of receipt. `lead_time` is the one of
the books: days of demand between ordering and the receipt itself, one less; `review` days more until the next receipt.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats, newton
from simulator.theory.inventory.loss import inverse_standard_loss, normal_shortage

__all__ = [
    "Performance",
    "deviation_at_risk",
    "fill_rate",
    "fill_rate_between",
    "order_up_to_for_cycle_service",
    "order_up_to_for_fill_rate",
    "order_up_to_for_fill_rate_between",
    "performance",
]


@dataclass(frozen=True)
class Performance:
    """Hold the performance of a rule: service as shares, then stock and backlog as units at day's end."""

    fill_rate: Array
    cycle_service: Array
    on_hand: Array
    backlog: Array


def performance(
    order_up_to: ArrayLike, mean: ArrayLike, sd: ArrayLike, days_at_risk: ArrayLike, review: int = 1
) -> Performance:
    """Service and stock of ordering up to S every `review` days, demand normal and independent from day to day.

    Stock and backlog are averaged over the day's ends of a cycle; cycle service is read just before a receipt.
    """
    from scipy.special import ndtr

    level, daily, spread, first = (as_floats(x) for x in (order_up_to, mean, sd, days_at_risk))
    days = [first + later for later in range(review)]
    short = [normal_shortage(level, daily * n, spread * np.sqrt(n)) for n in days]
    held = [level - daily * n + s for n, s in zip(days, short, strict=True)]
    last_mean, last_sd = daily * days[-1], spread * np.sqrt(days[-1])
    safe = np.where(last_sd > 0.0, last_sd, 1.0)
    covered = np.where(last_sd > 0.0, ndtr((level - last_mean) / safe), np.where(level >= last_mean, 1.0, 0.0))
    fill = fill_rate(level, daily, spread, first - 1.0, review)
    return Performance(fill, covered, _mean_of(held), _mean_of(short))


def _mean_of(arrays: list[Array]) -> Array:
    added = arrays[0]
    for array in arrays[1:]:
        added = added + array
    return added / len(arrays)


def fill_rate_between(
    order_up_to: ArrayLike, mean_before: ArrayLike, sd_before: ArrayLike, mean_until: ArrayLike, sd_until: ArrayLike
) -> Array:
    """Share of demand served from stock, from what is known of demand before the receipt and until the next one.

    beta = 1 - [s1 G(k1) - s0 G(k0)] / (m1 - m0): the shortage just before the next receipt less the one left over from
    before this receipt (old backlog is not new shortage). Silver, Pyke & Thomas (2017); Teunter (2009). Where nothing
    is demanded nothing is short: 1.
    """
    demanded = as_floats(mean_until) - as_floats(mean_before)
    new = normal_shortage(order_up_to, mean_until, sd_until) - normal_shortage(order_up_to, mean_before, sd_before)
    return np.where(demanded > 0.0, 1.0 - new / np.where(demanded > 0.0, demanded, 1.0), 1.0)


def fill_rate(
    order_up_to: ArrayLike, mean: ArrayLike, sd: ArrayLike, lead_time: ArrayLike, review: ArrayLike = 1.0
) -> Array:
    """Share of demand served from stock under periodic review, demand normal and independent from day to day.

    beta = 1 - [s(R+L) G(k(R+L)) - s(L) G(k(L))] / (mu R), s(x) = sd sqrt(x), L = days_at_risk - 1.
    """
    before, until = as_floats(lead_time), as_floats(lead_time) + as_floats(review)
    daily, spread = as_floats(mean), as_floats(sd)
    return fill_rate_between(
        order_up_to, daily * before, spread * np.sqrt(before), daily * until, spread * np.sqrt(until)
    )


def order_up_to_for_fill_rate_between(
    target: ArrayLike, mean_before: ArrayLike, sd_before: ArrayLike, mean_until: ArrayLike, sd_until: ArrayLike
) -> Array:
    """Level to order up to for a target fill rate (strictly between 0 and 1): `fill_rate_between` turned round.

    The answer that forgets the second loss term is always too high, so it is where the search begins. Without demand
    the level is the mean until the next receipt; with certain demand it is exact.
    """
    from scipy.special import ndtr

    m0, s0, m1, s1 = (as_floats(x) for x in (mean_before, sd_before, mean_until, sd_until))
    demanded = m1 - m0
    searched = (demanded > 0.0) & (s1 > 0.0)
    allowed = np.where(searched, (1.0 - as_floats(target)) * demanded, 1.0)
    scale, before = np.where(searched, s1, 1.0), np.where(s0 > 0.0, s0, 1.0)

    def change(level: Array) -> Array:
        short = normal_shortage(level, m1, scale) - normal_shortage(level, m0, s0)
        already = np.where(s0 > 0.0, ndtr((m0 - level) / before), np.where(level < m0, 1.0, 0.0))
        slope = ndtr((m1 - level) / scale) - already
        return np.where(searched, np.log(np.where(searched, short / allowed, 1.0)) * short / slope, 0.0)

    level = newton(m1 + scale * inverse_standard_loss(allowed / scale), change)
    return np.where(searched, level, np.where(demanded > 0.0, m0 + as_floats(target) * demanded, m1))


def order_up_to_for_fill_rate(
    target: ArrayLike, mean: ArrayLike, sd: ArrayLike, lead_time: ArrayLike, review: ArrayLike = 1.0
) -> Array:
    """Level to order up to for a target fill rate under periodic review: `fill_rate` turned round."""
    before, until = as_floats(lead_time), as_floats(lead_time) + as_floats(review)
    daily, spread = as_floats(mean), as_floats(sd)
    return order_up_to_for_fill_rate_between(
        target, daily * before, spread * np.sqrt(before), daily * until, spread * np.sqrt(until)
    )


def order_up_to_for_cycle_service(
    target: ArrayLike, mean: ArrayLike, sd: ArrayLike, lead_time: ArrayLike, review: ArrayLike = 1.0
) -> Array:
    """Level to order up to for a target share of cycles without backlog: S = mu (R+L) + Phi^-1(target) sd sqrt(R+L)."""
    from scipy.special import ndtri

    until = as_floats(lead_time) + as_floats(review)
    return as_floats(mean) * until + ndtri(as_floats(target)) * as_floats(sd) * np.sqrt(until)


def deviation_at_risk(sd: ArrayLike, periods: ArrayLike, mean: ArrayLike = 0.0, periods_sd: ArrayLike = 0.0) -> Array:
    """Deviation of demand over the periods at risk, whose number may itself vary.

    sqrt(L sd^2 + mean^2 sL^2); under periodic review L is review plus lead time. Chopra & Meindl (2016), chapter 12.
    Lead times are taken as independent: a supplier who delivers first in, first out varies less than that.
    """
    return np.sqrt(as_floats(periods) * as_floats(sd) ** 2 + as_floats(mean) ** 2 * as_floats(periods_sd) ** 2)
