"""Say how sure a simulated figure is: Student intervals, paired differences, replications needed, batch means.

Values are (replications, ...): the first axis is averaged over, the others are measures or policies of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats, average, total

__all__ = [
    "Interval",
    "interval_from_summary",
    "mean_interval",
    "mean_p_value",
    "paired_share_ends",
    "paired_share_p_value",
    "range_of_next",
    "replications_for_half_width",
    "share_ends",
    "student_quantile",
    "unpaired_interval",
]

MOST_REPLICATIONS = 2**40


@dataclass(frozen=True)
class Interval:
    """A mean and how far the truth may be from it."""

    mean: Array
    half_width: Array

    @property
    def low(self) -> Array:
        """Lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> Array:
        """Upper end."""
        return self.mean + self.half_width


def student_quantile(confidence: ArrayLike, degrees: ArrayLike) -> Array:
    """Half-width in standard errors of a two-sided Student-t interval: t(1 - alpha/2) with these degrees of freedom."""
    from scipy.special import stdtrit

    return stdtrit(as_floats(degrees), 0.5 + 0.5 * as_floats(confidence))


def mean_p_value(values: ArrayLike) -> float:
    """Two-sided p-value of a mean of 0 (Student): below 1 - confidence exactly where the interval of that confidence leaves 0 out."""
    from scipy.special import stdtr

    sample = as_floats(values)
    error = sample.std(ddof=1) / np.sqrt(len(sample))
    if error == 0.0:
        return 0.0 if sample.any() else 1.0
    return float(2.0 * stdtr(len(sample) - 1, -abs(sample.mean()) / error))


def interval_from_summary(mean: ArrayLike, variance: ArrayLike, count: int, confidence: float = 0.95) -> Interval:
    """Interval for a mean of `count` independent values with this sample variance (ddof 1)."""
    if count < 2:
        raise ValueError(f"an interval needs at least 2 values, not {count}")
    error = np.sqrt(as_floats(variance) / count)
    return Interval(as_floats(mean), student_quantile(confidence, count - 1) * error)


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Mean over replications with its Student-t interval. Law (2015), equation 4.12."""
    sample = as_floats(values)
    count, mean = sample.shape[0], average(sample)
    variance = total((sample - mean) ** 2) / max(count - 1, 1)
    return interval_from_summary(mean, variance, count, confidence)


def unpaired_interval(first: ArrayLike, second: ArrayLike, confidence: float = 0.95) -> Interval:
    """Difference of means, first less second, of samples that have luck of their own. Welch (1938); Law (2015), 10.2.2."""
    one, other = as_floats(first), as_floats(second)
    errors = np.array([one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)])
    weights = float(errors[0] ** 2 / (len(one) - 1) + errors[1] ** 2 / (len(other) - 1))
    degrees = float(errors.sum()) ** 2 / weights if weights > 0.0 else 1.0
    gap = as_floats(one.mean() - other.mean())
    return Interval(gap, student_quantile(confidence, degrees) * np.sqrt(errors.sum()))


def share_ends(hits: int, count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Ends of the interval for a probability of which `hits` of `count` runs came true. Wilson (1927).

    Student's interval has no width where no run or every run came true, and reaches below 0 or above 1 near there.
    """
    z = _normal_quantile(confidence)
    share, more = hits / count, z * z / count
    centre = (share + more / 2) / (1 + more)
    half = z / (1 + more) * np.sqrt(share * (1 - share) / count + more / (4 * count))
    low, high = float(centre - half), float(centre + half)
    return (0.0 if hits == 0 else low), (1.0 if hits == count else high)


def paired_share_ends(only_first: int, only_second: int, count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Ends of the interval for a difference of probabilities, first less second, of runs in pairs. Agresti & Min (2005).

    Half a pair is added to each of the four outcomes; without it, pairs that all agree would leave no doubt.
    """
    gap, error = _paired_share(only_first, only_second, count)
    half = _normal_quantile(confidence) * error
    return max(-1.0, gap - half), min(1.0, gap + half)


def paired_share_p_value(only_first: int, only_second: int, count: int) -> float:
    """Two-sided p-value of equal probabilities, of the same statistic as the interval of their difference."""
    from scipy.special import ndtr

    gap, error = _paired_share(only_first, only_second, count)
    return float(2.0 * ndtr(-abs(gap) / error))


def _paired_share(only_first: int, only_second: int, count: int) -> tuple[float, float]:
    """Difference of probabilities and its standard error, half a pair added to each of the four outcomes."""
    pairs = count + 2
    gap = (only_first - only_second) / pairs
    return gap, float(np.sqrt((only_first + only_second + 1 - pairs * gap * gap) / pairs**2))


def _normal_quantile(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + 0.5 * confidence))


def _fewest(enough: Callable[[int], bool], at_least: int) -> int:
    """Smallest count from `at_least` on that is enough, given that more is never worse."""
    low, high = at_least - 1, at_least
    while not enough(high):
        if high > MOST_REPLICATIONS:
            raise ValueError("no practical number of replications gives this precision")
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def replications_for_half_width(variance: float, half_width: float, count: int = 2, confidence: float = 0.95) -> int:
    """Replications in all for a half-width, from the variance that `count` of them showed.

    Smallest i >= n with t(i-1) sqrt(S^2/i) <= beta. Law (2015), section 9.4.1.
    """
    if half_width <= 0.0:
        raise ValueError(f"half-width is {half_width:g}; it must be above 0")

    def enough(i: int) -> bool:
        return bool(student_quantile(confidence, i - 1) * np.sqrt(variance / i) <= half_width)

    return _fewest(enough, max(count, 2))


def range_of_next(values: Array, weights: Array, outside: float) -> tuple[Array, Array]:
    """Two ends beyond each of which the next value falls with a probability, by earlier ones of less weight: (n, ...), (n,).

    The next one weighs 1, so that a share of all weight lies beyond the farthest (Barber, Candès, Ramdas & Tibshirani 2023,
    Conformal prediction beyond exchangeability, equation 11); where all weigh 1 these are Weibull's k / (n + 1). Straight between
    values, and never beyond the farthest.
    """
    order = np.argsort(values, axis=0, kind="stable")
    ranked, weight = np.take_along_axis(values, order, axis=0), weights[order]
    return _end(ranked, weight, outside), _end(ranked[::-1], weight[::-1], outside)


def _end(ranked: Array, weight: Array, outside: float) -> Array:
    """The point of ranked values up to which, from the first on, lies a share of all weight and that of the next."""
    up_to = np.cumsum(weight, axis=0) / (weight.sum(axis=0) + 1)
    after = np.clip((up_to < outside).sum(axis=0), 1, len(ranked) - 1)[None]
    near, far = (np.take_along_axis(up_to, k, axis=0) for k in (after - 1, after))
    here, there = (np.take_along_axis(ranked, k, axis=0) for k in (after - 1, after))
    return np.asarray((here + np.clip((outside - near) / (far - near), 0, 1) * (there - here))[0])
