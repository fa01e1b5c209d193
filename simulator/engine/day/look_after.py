"""Look after stock: it is counted, comes back, goes bad and goes missing."""

from __future__ import annotations

from simulator.engine.day import Steps
from simulator.engine.firm import Firm
from simulator.kernel.clock import Hour, upcoming


def take_back(firm: Firm) -> Steps:
    """Each afternoon take in what customers send back."""
    while firm.quality and firm.weather.return_days is not None:
        yield upcoming(firm.env, Hour.RETURN)
        firm.quality.sendings.take_back()


def write_off_expired(firm: Firm) -> Steps:
    """Each evening take off the shelf what is past its life."""
    while firm.quality and firm.quality.freshness.rows.size:
        yield upcoming(firm.env, Hour.EXPIRE)
        firm.quality.freshness.expire()


def count_stock(firm: Firm) -> Steps:
    """Each working morning count the items whose turn it is."""
    while firm.stockroom and firm.company.stockroom and firm.company.stockroom.count:
        yield upcoming(firm.env, Hour.COUNT)
        firm.stockroom.count()


def lose_track(firm: Firm) -> Steps:
    """Each night note what the record says; from week to week it says less of what is there."""
    while firm.stockroom:
        yield upcoming(firm.env, Hour.WRITE_OFF)
        firm.stockroom.close_the_day()
