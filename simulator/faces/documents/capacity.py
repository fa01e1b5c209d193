"""Rough-cut capacity that documents are about, as the reader of the books works it out."""

from simulator.results.reading.capacity import FULL, LITTLE, Load, Needs

__all__ = ["FULL", "LITTLE", "Load", "Needs"]
