"""Growth and season of products and customer segments, estimated from the months of a history.

Two years hold each month of the year twice, so a product says little about its season, and one segment of it less.
Every group of orders (family, product, product in a segment) therefore starts from the pattern of the group above it
and moves to its own as far as its months tell the two apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.kernel.units import Array, Whole

MOST_GROWTH = float(np.log(4.0))  # a level that quadruples within a year, or falls to a quarter, is a launch or an exit
FREE_FACTORS = 11  # twelve factors whose mean is 1
NOTHING = 1e-9  # keeps a history without any noise from dividing by zero


def ratio(above: Array, below: Array) -> Array:
    """One over the other, 0 where there is nothing below."""
    shape = np.broadcast_shapes(above.shape, below.shape)
    return np.divide(above, below, out=np.zeros(shape), where=np.broadcast_to(below > 0, shape))


@dataclass(frozen=True)
class Patterns:
    """Hold the monthly pattern of each product and segment."""

    growth: Array  # log of the growth a year: (segments, products)
    season: Array  # factors of mean 1, January first: (12, segments, products)
    own: Array  # share of the season that is the group's own, not its parents': (segments, products)
    common: float = 0.0  # share of the company's season that is more than noise


def season_patterns(units: Array, exposure: Array, of_year: Whole, families: Sequence[str]) -> Patterns:
    """Estimate growth and season from units by month: (months, segments, products).

    `exposure` weighs a month by its working days, `of_year` is its month of the year, `families` is each product's.
    """
    months = _Months(exposure, of_year)
    _, family = np.unique(np.array(families), return_inverse=True)
    by_family = np.stack([units[:, :, family == k].sum(axis=(1, 2)) for k in range(family.max() + 1)], axis=1)
    by_segment, by_product, company = units.sum(axis=2), units.sum(axis=1), units.sum(axis=(1, 2))[:, None]
    cells = units.reshape(len(units), -1)

    growth = months.growth(company)
    of_segment = months.growth(by_segment, growth)
    of_product = months.growth(by_product, months.growth(by_family, growth)[family])
    of_cell = months.growth(cells, (of_segment[:, None] + of_product - growth).ravel())

    season, common = months.season(company, growth)
    segment_season, _ = months.season(by_segment, of_segment, season)
    family_season, _ = months.season(by_family, months.growth(by_family, growth), season)
    product_season, _ = months.season(by_product, of_product, family_season[:, family])
    both = (ratio(segment_season, season)[:, :, None] * product_season[:, None, :]).reshape(12, -1)
    cell_season, own = months.season(cells, of_cell, ratio(both, both.mean(axis=0)))
    shape = units.shape[1:]
    return Patterns(of_cell.reshape(shape), cell_season.reshape(12, *shape), own.reshape(shape), float(common[0]))


@dataclass(frozen=True)
class _Months:
    """The months of a history: how many days of trade each has, and which month of the year it is."""

    exposure: Array
    of_year: Whole

    def growth(self, units: Array, parent: Array | None = None) -> Array:
        """Log of the yearly growth of each group, from each month over the same month a year before.

        The error of a ratio of sums is that of Cochran (1977, ch. 6); the share of the group's own growth is the
        moment estimate of DerSimonian and Laird (1986). Below two years nothing is known, and growth is the parent's.
        """
        above = np.zeros(units.shape[1]) if parent is None else np.broadcast_to(parent, units.shape[1])
        if len(units) < 24:
            return above
        rate = ratio(units, self.exposure[:, None])
        both = (self.exposure[12:] > 0) & (self.exposure[:-12] > 0)  # a month in which nobody traded says nothing
        if not both.any():
            return above
        later, earlier = rate[12:][both], rate[:-12][both]
        total = later.sum(axis=0)
        known = (total > 0) & (earlier.sum(axis=0) > 0)
        grown = ratio(total, earlier.sum(axis=0))
        own = np.clip(np.log(np.where(known, grown, 1.0)), -MOST_GROWTH, MOST_GROWTH)
        pairs = len(later)
        error = ratio(((later - grown * earlier) ** 2).sum(axis=0) * pairs / max(pairs - 1, 1), total**2) + NOTHING
        if parent is None:  # no growth is where the company's own starts from
            return np.asarray(own * np.maximum(0.0, 1.0 - error / np.maximum(own**2, NOTHING)))
        trust = np.where(known, 1.0 / error, 0.0)
        beyond = (trust * (own - above) ** 2).sum() - known.sum()
        spread = max(0.0, beyond / max(trust.sum(), NOTHING))
        return above + np.where(known, (own - above) * spread / (spread + error), 0.0)

    def season(self, units: Array, growth: Array, parent: Array | None = None) -> tuple[Array, Array]:
        """The twelve factors of each group and the share of them that is its own.

        The share is James and Stein's (1961): 1 less the expected over the seen distance between the group's months
        and those that its parent's season foretells, in units of the noise between its years. Below two years this
        noise is unknown and the season is the parent's; the company's own takes one year, and starts from a flat one where
        there are two.
        """
        flat = self.exposure[:, None] * np.exp(growth * (np.arange(len(units)) / 12)[:, None])
        own, traded = ratio(self._by_month(units), self._by_month(flat)), self._by_month(self.exposure[:, None]) > 0
        usual = own.sum(axis=0) / max(traded.sum(), 1)
        own = np.where(
            (units.sum(axis=0) > 0) & traded, ratio(own, usual), 1.0
        )  # a month that is always closed has none
        if parent is None and len(units) < 24:
            return (own if len(units) >= 12 else np.ones_like(own)), np.ones(units.shape[1])
        parent = np.ones_like(own) if parent is None else np.broadcast_to(parent, own.shape)
        if len(units) < 24:
            return parent, np.zeros(units.shape[1])
        fitted, foretold = (self._scaled(units, flat * factors[self.of_year]) for factors in (own, parent))
        noise = ratio((units - fitted) ** 2, fitted).sum(axis=0) / (len(units) - FREE_FACTORS - 2) + NOTHING
        seen = ratio((self._by_month(units) - self._by_month(foretold)) ** 2, self._by_month(foretold)).sum(axis=0)
        share = np.maximum(0.0, 1.0 - ratio((FREE_FACTORS - 2) * noise, seen)) * (seen > 0)
        return parent + share * (own - parent), share

    def _by_month(self, amounts: Array) -> Array:
        """Sums over the years: (12, groups)."""
        return np.stack([amounts[self.of_year == month].sum(axis=0) for month in range(12)])

    @staticmethod
    def _scaled(units: Array, level: Array) -> Array:
        """The level, brought to the group's total."""
        return level * ratio(units.sum(axis=0), level.sum(axis=0))
