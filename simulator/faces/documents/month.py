"""The month that documents are about, as the reader of the books lays it out."""

from simulator.results.reading.month import DEMAND, EXECUTIVE, PRE_MEETING, REPORT, SUPPLY, Month

__all__ = ["DEMAND", "EXECUTIVE", "PRE_MEETING", "REPORT", "SUPPLY", "Month"]
