"""Say how long a pilot must run to see a difference: before and after in one company, or at several sites like it.

A company has one past: its difference before and after has the luck of both stretches of months, which no common luck takes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, sqrt

__all__ = ["months_needed", "signal", "sites_needed", "smallest_seen", "wrong_way"]


def signal(confidence: float = 0.95, power: float = 0.8) -> float:
    """Standard errors that a true difference must have to be told with this power: z(1 - alpha / 2) + z(power)."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + 0.5 * confidence) + ndtri(power))


def smallest_seen(variance: float, confidence: float = 0.95, power: float = 0.8) -> float:
    """The smallest true difference that is told with this power, where the difference found has this variance."""
    return signal(confidence, power) * sqrt(variance)


def sites_needed(variance: float, difference: float, confidence: float = 0.95, power: float = 0.8) -> int:
    """Independent sites, or pairs of them, over which a difference with this variance at one must be averaged to be told.

    n = (z(1 - alpha / 2) + z(power))^2 variance / difference^2; with variance 2 sigma^2 the sample size of each of two groups in any
    textbook, e.g. Chow, Shao & Wang (2008), section 3.2.
    """
    return max(1, ceil(signal(confidence, power) ** 2 * variance / _real(difference) ** 2 - 1e-9))


def months_needed(
    variances: Mapping[int, float], difference: float, confidence: float = 0.95, power: float = 0.8
) -> int:
    """Months before and as many after from which a difference is told, by the variance of it at some numbers of months.

    Between those numbers and beyond the last, luck evens out as that of months which have nothing to do with each other.
    """
    needed = signal(confidence, power) ** 2 / _real(difference) ** 2
    known = sorted(variances)
    for months, longer in zip(known, [*known[1:], None], strict=True):
        enough = max(months, ceil(needed * variances[months] * months - 1e-9))
        if longer is None or enough < longer:
            return enough
    raise ValueError("no number of months has a variance")


def wrong_way(variance: float, difference: float) -> float:
    """Probability that a difference found has the other sign than the true one, by the normal law."""
    from scipy.special import ndtr

    return float(ndtr(-abs(difference) / sqrt(variance))) if variance > 0.0 else 0.0


def _real(difference: float) -> float:
    if difference == 0.0:
        raise ValueError("the difference is 0; nothing can be seen")
    return difference
