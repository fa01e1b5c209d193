"""Entries of a scenario file in words: what each may be, and what is wrong with one."""

from simulator.company.problems.places import KINDS, Place, allowed, is_record, members, shown, tag, unit_words
from simulator.company.problems.sentences import sentence

__all__ = ["KINDS", "Place", "allowed", "is_record", "members", "sentence", "shown", "tag", "unit_words"]
