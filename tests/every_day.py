"""Which cases of a law the suite of every day takes."""

import pytest


def some(cases, *daily):
    """List all cases; those that are not named are slow: they repeat, on another company or policy, what these find."""
    assert set(daily) <= set(cases), daily
    return [case if case in daily else pytest.param(case, marks=pytest.mark.slow) for case in cases]
