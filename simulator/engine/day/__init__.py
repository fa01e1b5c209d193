"""The working day and what interrupts it, one file for each function of the company."""

from collections.abc import Generator

from simpy.events import Event

Steps = Generator[Event, None, None]
"""What a process yields: the hour it waits for."""
