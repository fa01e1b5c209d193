"""What all tests share: arithmetic that goes wrong stops them."""

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _arithmetic_is_sound():
    """Nothing divides by zero or overflows unnoticed while a test runs."""
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield
