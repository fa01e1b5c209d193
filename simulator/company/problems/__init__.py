"""Problems of a scenario file in a sentence: the entry, its value and the values that are allowed. Begin with sentences.py."""

from simulator.company.problems.places import (
    KINDS,
    Place,
    allowed_words,
    is_record,
    members,
    tag,
    unit_words,
    value_as_written,
)
from simulator.company.problems.sentences import problem_sentence

__all__ = [
    "KINDS",
    "Place",
    "allowed_words",
    "is_record",
    "members",
    "problem_sentence",
    "tag",
    "unit_words",
    "value_as_written",
]
