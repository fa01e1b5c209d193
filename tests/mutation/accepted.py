"""Bugs that no test has to find, each with the reason."""

REASONS: dict[str, str] = {}
"""Name of the bug, as the report prints it, to the reason."""
