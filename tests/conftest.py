"""What all tests share: arithmetic that goes wrong stops them, and a run says how many of them it left out."""

import gc
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the workers of the tests have all processors already

import numpy as np
import pytest


def pytest_collection_finish():
    """What is there before the first test stays: whoever clears up memory need not look through it time and again."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _arithmetic_is_sound():
    """Nothing divides by zero or overflows unnoticed while a test runs."""
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


LEFT_OUT = pytest.StashKey[int]()


def pytest_deselected(items):
    """A worker counts the tests that its run leaves out; every worker collects them all."""
    config = items[0].config
    if hasattr(config, "workeroutput"):
        config.workeroutput["left out"] = config.workeroutput.get("left out", 0) + len(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """The run hears from its workers how many that were; one that crashed says nothing."""
    told = getattr(node, "workeroutput", {}).get("left out", 0)
    node.config.stash[LEFT_OUT] = max(told, node.config.stash.get(LEFT_OUT, 0))


def pytest_terminal_summary(terminalreporter, config):
    """The last lines say how many tests were left out, as they do where there are no workers."""
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(f"Tests left out by their marks or names: {count}")
