"""Books lie side by side on one piece of paper, and memory that is freed is kept."""

import subprocess
import sys

import numpy as np
import pytest

from simulator.kernel.ledger import Ledger

SHAPES = {
    **dict.fromkeys(("released", "received", "consumed", "on_hand", "on_order"), (2, 3)),
    "shipped": (1, 3),
    **dict.fromkeys(("signed", "due", "served", "lost", "order_book", "backlog"), (1, 1, 3)),
}


def test_books_share_one_piece_and_no_number():
    """Two days: nine books of goods, orders and hours take 5 x 12 + 6 + 2 x 6 + 6 numbers, each its own."""
    ledger = Ledger(
        2, SHAPES, {"hours_used": (1, 3)}, {*SHAPES} - {"signed", "order_book", "served", "lost"}, shelf := {}
    )
    books = [*ledger.book.values(), *ledger.memo.values(), *ledger.closing.values()]
    assert [paper.size for paper in shelf.values()] == [5 * 12 + 6 + 2 * 6 + 6]
    for number, book in enumerate(books, start=1):
        book[...] = number
    assert [float(book.sum()) for book in books] == [number * book.size for number, book in enumerate(books, start=1)]


def test_paper_is_used_again_and_its_first_page_is_empty():
    """The second ledger writes on the paper of the first, from an empty page on."""
    shelf = {}
    first = Ledger(2, SHAPES, {}, shelf=shelf)
    first.move("received", np.full((2, 3), 5.0))
    second = Ledger(2, SHAPES, {}, shelf=shelf)
    assert second.book["received"].base is first.book["received"].base
    assert second.book["received"][0].sum() == 0.0


FAULTS = """
import resource, numpy as np
from simulator.kernel.memory import keep_what_is_freed
keep_what_is_freed()
[np.ones(375_000) for _ in range(20)]
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
[np.ones(375_000) for _ in range(20)]
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the setting is one of glibc")
def test_arrays_of_three_megabytes_are_cleared_once():
    """Twenty more arrays of 3 MB, 733 pages each, ask the system for fewer pages than one of them has."""
    told = subprocess.run([sys.executable, "-c", FAULTS], stdout=subprocess.PIPE, check=True, text=True)
    assert int(told.stdout) < 733
