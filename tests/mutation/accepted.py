"""Bugs that no test has to find, each with the reason."""

REASONS: dict[str, str] = {
    "planning.capacity.LongLead.beyond: 1.0 -> (2.0) (place 5)": "Shares of a family add up to 1: the bound takes off rounding only.",
}
"""Name of the bug, as the report prints it, to the reason."""
