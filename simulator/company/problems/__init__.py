"""Problems of a scenario file in a sentence: the entry, its value and the values that are allowed. Begin with sentences.py."""

from simulator.company.problems.places import KINDS, Place, allowed, is_record, members, shown, tag, unit_words
from simulator.company.problems.sentences import sentence

__all__ = ["KINDS", "Place", "allowed", "is_record", "members", "sentence", "shown", "tag", "unit_words"]
