"""Luck, drawn before the clock starts into tables by day and name. Begin with weather.py."""

from simulator.world.luck.events import Events
from simulator.world.luck.everyday import day_moments
from simulator.world.luck.fork import Fork, Seed, forked
from simulator.world.luck.stream import Stream
from simulator.world.luck.supply import Outages
from simulator.world.luck.weather import Weather, draw

__all__ = ["Events", "Fork", "Outages", "Seed", "Stream", "Weather", "day_moments", "draw", "forked"]
