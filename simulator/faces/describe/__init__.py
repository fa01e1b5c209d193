"""A scenario in words (profile.py), and the data dictionary (dictionary.py), from the declarations of the records."""

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
