"""The steps of the working day, a file for each function of the company; clock.py lists their hours. Begin with deliver.py."""

from collections.abc import Generator

from simpy.events import Event

Steps = Generator[Event, None, None]
"""What a process yields: the hour it waits for."""
