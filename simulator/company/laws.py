"""Laws of chance as data: what varies, around which mean, how far."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from simulator.kernel.messages import msg, number
from simulator.kernel.units import Array, Record, quantity

NEVER_CUT = 8.0
"""Standard deviations between the mean of a normal law and zero from which cutting it there is nothing that a number shows."""


@cache
def _cuts() -> tuple[Array, Array]:
    """Log of the coefficient of variation, rising, of a normal law cut at zero, and where its uncut mean lies in deviations."""
    from scipy.special import ndtr

    at = np.linspace(-6.0, NEVER_CUT, 28_001)
    density, below = np.exp(-at * at / 2) / np.sqrt(2 * np.pi), ndtr(at)
    mean, square = density + at * below, (1 + at * at) * below + at * density
    return np.log(square / mean**2 - 1)[::-1] / 2, at[::-1]


def cut_normal(mean: Array, sd: Array, u: Array) -> Array:
    """A normal law cut at zero, at each probability: mean and standard deviation are those after the cut.

    What is cut off would raise the mean, so the uncut law lies lower and spreads wider, the more the nearer zero is.
    """
    from scipy.special import ndtr, ndtri

    variation, at = _cuts()
    ratio = np.maximum(sd, 1e-300) / np.maximum(mean, 1e-300)
    far = ratio * NEVER_CUT <= 1
    where = np.interp(np.log(ratio), variation, at)
    wide = mean / (np.exp(-where * where / 2) / np.sqrt(2 * np.pi) + where * ndtr(where))
    middle, spread = np.where(far, mean, where * wide), np.where(far, sd, wide)
    return np.asarray(np.where(mean > 0, np.maximum(middle + spread * ndtri(u), 0.0), 0.0))


class Constant(Record):
    """Always the same."""

    law: Literal["constant"] = "constant"
    mean: Annotated[float, quantity("as the entry", "the value", ge=0)]

    def quantile(self, u: Array) -> Array:
        """The value at each probability."""
        return np.full_like(u, self.mean)

    @property
    def sd(self) -> float:
        """Nothing varies."""
        return 0.0


class Spread(Record):
    """A law that is known by its mean and standard deviation."""

    mean: Annotated[float, quantity("as the entry", "mean", gt=0)]
    sd: Annotated[float, quantity("as the entry", "standard deviation", ge=0)]


class Normal(Spread):
    """Symmetric about the mean, cut at zero so that mean and standard deviation after the cut are those stated."""

    law: Literal["normal"]

    def quantile(self, u: Array) -> Array:
        """The value at each probability; what would be negative is zero."""
        return cut_normal(np.array(self.mean), np.array(self.sd), u)


class Gamma(Spread):
    """Never negative, skewed to the right."""

    law: Literal["gamma"]

    def quantile(self, u: Array) -> Array:
        """The value at each probability."""
        from scipy.special import gammaincinv

        if self.sd == 0:
            return np.full_like(u, self.mean)
        shape = (self.mean / self.sd) ** 2
        return np.asarray(gammaincinv(shape, u) * (self.mean / shape), dtype=np.float64)


class Lognormal(Spread):
    """Never negative, with a heavy right tail."""

    law: Literal["lognormal"]

    def quantile(self, u: Array) -> Array:
        """The value at each probability."""
        from scipy.special import ndtri

        variance = float(np.log1p((self.sd / self.mean) ** 2))
        return np.asarray(self.mean * np.exp(np.sqrt(variance) * ndtri(u) - variance / 2), dtype=np.float64)


class Empirical(Record):
    """One of the values that were seen, each as likely as it is frequent."""

    law: Literal["empirical"]
    values: Annotated[tuple[float, ...], quantity("as the entry", "the values seen", min_length=1)]

    @model_validator(mode="after")
    def _not_negative(self) -> Empirical:
        if not all(0 <= value < float("inf") for value in self.values):
            raise ValueError(msg("{entry} must all be finite and at least 0", entry="values"))
        return self

    @cached_property
    def _sorted(self) -> Array:
        return np.sort(np.array(self.values))

    def quantile(self, u: Array) -> Array:
        """The value at each probability."""
        return self._sorted[(u * len(self._sorted)).astype(np.int64)]

    @property
    def mean(self) -> float:
        """The mean of the values seen."""
        return float(self._sorted.mean())

    @property
    def sd(self) -> float:
        """The standard deviation of the values seen."""
        return float(self._sorted.std())


class Poisson(Record):
    """Counts of independent events."""

    law: Literal["poisson"]
    mean: Annotated[float, quantity("as the entry", "mean", gt=0, le=10_000)]

    @property
    def sd(self) -> float:
        """The square root of the mean."""
        return float(np.sqrt(self.mean))

    @cached_property
    def _cumulative(self) -> Array:
        from scipy.special import pdtr

        top = int(self.mean + 12 * np.sqrt(self.mean) + 20)
        return np.asarray(pdtr(np.arange(top), self.mean), dtype=np.float64)

    def quantile(self, u: Array) -> Array:
        """The count at each probability."""
        return np.searchsorted(self._cumulative, u).astype(np.float64)


Law = Annotated[Constant | Normal | Gamma | Lognormal | Empirical | Poisson, Field(discriminator="law")]
"""Any of the laws, chosen by its entry `law`."""

MOST_DAYS = 3_650
"""Days that anything takes: ten years are longer than a run that anybody learns from."""


BEYOND_ANY_RUN = 32_000
"""Days that no run has: what chance makes later than that comes as little."""


def _within_years(law: Law) -> Law:
    """Refuse a delay of which nothing would come within any run."""
    told = {"mean": law.mean, "sd": law.sd, "values": max(law.values) if isinstance(law, Empirical) else 0.0}
    for entry, days in told.items():
        if days > MOST_DAYS:
            raise ValueError(
                msg(
                    "{entry} is {days} days; it must be at most {most}",
                    entry=entry,
                    days=f"{days:g}",
                    most=number(MOST_DAYS),
                )
            )
    return law


LawOfDays = Annotated[Law, AfterValidator(_within_years)]
"""A law of how long something takes, in days."""
