"""A scenario in words, and the data dictionary: both from what records declare of themselves."""

from simulator.faces.describe.dictionary import Entry, dictionaries, dictionary, rule_dictionaries
from simulator.faces.describe.profile import in_short, profile, sections

__all__ = [
    "Entry",
    "dictionaries",
    "dictionary",
    "in_short",
    "profile",
    "rule_dictionaries",
    "sections",
]
