"""A scenario in words, and the data dictionary: both from what records declare of themselves."""

from simulator.describe.cautions import cautions, cautions_beside
from simulator.describe.dictionary import Entry, dictionaries, dictionary, rule_dictionaries
from simulator.describe.profile import in_short, profile, sections
from simulator.expected import expected_units, planned_load

__all__ = [
    "Entry",
    "cautions",
    "cautions_beside",
    "dictionaries",
    "dictionary",
    "expected_units",
    "in_short",
    "planned_load",
    "profile",
    "rule_dictionaries",
    "sections",
]
