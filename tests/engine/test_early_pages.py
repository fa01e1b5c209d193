"""Books whose first pages many lanes share: read and written as whole ones are."""

import numpy as np
import pytest

from simulator.kernel.ledger import Pages, by_day

EARLY = np.arange(12.0).reshape(3, 2, 2)  # three days, two rows, two pasts
PLACE = np.array([1, 0, 1])


def book(place=PLACE):
    """Three days in two lanes and two in three; the whole of it beside it."""
    late = 100.0 + np.arange(12.0).reshape(2, 2, 3)
    return Pages(EARLY, late, place), np.concatenate([EARLY[..., place], late])


@pytest.mark.parametrize("place", [PLACE, np.array([1, 1, 1])])
@pytest.mark.parametrize(
    "key",
    [
        0, 2, 3, 4, -1, -5, np.int64(1), (1, 0), (4, 1), (4, slice(None), 2), slice(None), slice(1, 4), slice(3, 5), slice(0, 2),
        slice(2, 2), slice(4, 4), slice(None, None, -1), (slice(1, 4), 0), (slice(1, 4), [1, 0]), (slice(0, 5), slice(None), 1),
        (slice(2, 4), ..., 0), np.array([0, 4, 2]), np.array([3, 4]), (np.array([[1], [4]]), np.array([0, 1])), (..., 1),
        np.array([True, False, True, True, False]),
    ],
)  # fmt: skip
def test_pages_are_read_as_the_whole_book_is(key, place):
    """Days before and after the lanes part, one or many, with rows or without."""
    pages, whole = book(place)
    np.testing.assert_array_equal(pages[key], whole[key])


def test_pages_are_reckoned_with_as_the_whole_book_is():
    """Sums, differences and functions see all days in all lanes; day 0 of the first lane is that of the second past."""
    pages, whole = book()
    assert (len(pages), pages.shape) == (5, (5, 2, 3))
    assert pages[0].tolist() == [[1.0, 0.0, 1.0], [3.0, 2.0, 3.0]]
    np.testing.assert_array_equal(pages.sum(axis=0), whole.sum(axis=0))
    np.testing.assert_array_equal(pages - pages, whole * 0)
    np.testing.assert_array_equal(np.diff(pages, axis=0), np.diff(whole, axis=0))
    mine = pages[..., 1:]
    np.testing.assert_array_equal(mine[:], whole[..., 1:])
    assert mine.shape == (5, 2, 2)


def test_only_pages_of_ones_own_are_written():
    """What a lane writes from the day of parting on is in no other lane, and nobody changes what is common."""
    pages, whole = book()
    pages[3, 0] += np.array([1.0, 2.0, 3.0])
    assert pages[3, 0].tolist() == [101.0, 103.0, 105.0]
    np.testing.assert_array_equal(pages[:3], whole[:3])
    with pytest.raises(AssertionError, match="this page is shared by many lanes"):
        pages[2] = 0.0


@pytest.mark.parametrize(("days", "lanes"), [(slice(0, 2), [2]), (slice(1, 5), [2, 3]), (slice(3, 5), [3])])
def test_what_is_worked_out_of_common_pages_is_so_once(days, lanes):
    """Rows of a day added up: 2, 4 of day 0 in two pasts, not in three lanes; days after the parting in all three."""
    pages, whole = book()
    asked = []

    def rows_together(part):
        asked.append(part.shape[-1])
        return part.sum(axis=1)

    np.testing.assert_array_equal(by_day(pages, days, rows_together), whole[days].sum(axis=1))
    assert asked == lanes
    np.testing.assert_array_equal(by_day(whole, days, rows_together), whole[days].sum(axis=1))
    assert by_day(pages, slice(0, 1), rows_together).tolist() == [[4.0, 2.0, 4.0]]
