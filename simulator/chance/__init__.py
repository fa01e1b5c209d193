"""Chance is drawn before the clock starts: keyed streams, and the tables that they fill."""

from simulator.chance.events import Events
from simulator.chance.everyday import day_moments
from simulator.chance.stream import Stream
from simulator.chance.supply import Outages
from simulator.chance.weather import Weather, draw

__all__ = ["Events", "Outages", "Stream", "Weather", "day_moments", "draw"]
