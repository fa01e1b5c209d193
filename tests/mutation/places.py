"""The code whose bugs are planted: all that decides, counts or weighs."""

TARGETS = ("policies", "sop", "measures", "money", "experiments")
"""Folders of simulator/: planning rules, the five steps, measures, money, studies."""
