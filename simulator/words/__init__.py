"""Entries of a scenario file in words: what each may be, and what is wrong with one."""

from simulator.words.places import KINDS, Place, allowed, is_record, members, shown, tag
from simulator.words.problems import sentence

__all__ = ["KINDS", "Place", "allowed", "is_record", "members", "sentence", "shown", "tag"]
