"""The code whose bugs are planted: all that decides, counts or weighs."""

TARGETS = ("planning", "engine/month", "results/kpis", "engine/money", "results/money", "studies")
"""Folders of simulator/: planning rules, the five steps, measures, money, studies."""

OF_DECLARATIONS = ("tests/sop/test_defaults.py",)
"""Tests that read what classes declare: they see lines that run when a file is imported, whichever test imports it."""
