"""Measures of people and resources: hires, dismissals, hours paid, set-ups, subcontracting."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import DAYS_A_YEAR, Array
from simulator.results.kpis.registry import measure
from simulator.results.reading.record import ratio
from simulator.results.reading.score import Score


@measure("Hires", "people/year", "lower", "company")
def hires(s: Score) -> Array:
    """People who started, a year."""
    return _counted(s, "hired") * (DAYS_A_YEAR / s.span)


@measure("Dismissals", "people/year", "lower", "company")
def dismissals(s: Score) -> Array:
    """People who were told to go and left, a year."""
    return _counted(s, "dismissed") * (DAYS_A_YEAR / s.span)


@measure("Hours paid", "hours/year", "lower", "company")
def hours_paid(s: Score) -> Array:
    """Regular hours paid to people and for machines, worked or idle, a year."""
    return _counted(s, "paid_hours") * (DAYS_A_YEAR / s.span)


@measure("Set-ups", "share", "lower", "company")
def setup_share(s: Score) -> Array:
    """Hours that set-ups took / hours used, all resources together."""
    return ratio(_counted(s, "setup_hours"), _counted(s, "hours_used"))


@measure("Made outside", "share", "", "company")
def outside_share(s: Score) -> Array:
    """Units ordered from subcontractors / units ordered from them or started here, of made products."""
    if "subcontracted" not in s.books.flows:
        return s.unknown
    outside = s.flow("subcontracted").sum(axis=(0, 1))[None]
    here = s.flow("released")[:, s.made_products].sum(axis=(0, 1))[None]
    return ratio(outside, outside + here)


def _counted(s: Score, memo: str) -> Array:
    """Sum a count over all resources on the scored days; not a number where the company does not keep it."""
    book = s.memo(memo)
    return s.unknown if book is None else np.asarray(book.sum(axis=(0, 1))[None])
