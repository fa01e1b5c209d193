"""The code whose bugs are planted: all that decides, counts or weighs."""

TARGETS = ("planning", "engine/month", "results/kpis", "results/money", "studies")
"""Folders of simulator/: planning rules, the five steps, measures, money, studies."""
