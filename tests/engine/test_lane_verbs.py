"""The verbs of lanes, on cases that are worked out by hand."""

import numpy as np
import pytest

from simulator.kernel import lanes
from tests.engine.small import blank


def column(*numbers):
    """One lane."""
    return np.array(numbers, dtype=float)[:, None]


def test_ranked_serves_the_first_in_full():
    """4, 5 and 6 wanted of 7: 4, 3 and none."""
    assert lanes.ranked(column(4, 5, 6), np.array([7.0]))[:, 0].tolist() == [4, 3, 0]


def test_ration_serves_all_alike():
    """4, 5 and 6 wanted of 7.5: half of each; of 20: all."""
    assert lanes.ration(column(4, 5, 6), np.array([7.5]))[:, 0].tolist() == [2, 2.5, 3]
    assert lanes.ration(column(4, 5, 6), np.array([20.0]))[:, 0].tolist() == [4, 5, 6]


def test_oldest_first_serves_the_longest_wait():
    """Waiting since Monday 4 and 2, since Tuesday 3 and 3: of 9, all of Monday's and half of Tuesday's."""
    waiting = np.array([[[4.0], [2.0]], [[3.0], [3.0]]])
    assert lanes.oldest_first(waiting, np.array([9.0]))[:, 0].tolist() == [5.5, 3.5]
    assert lanes.oldest_first(waiting, np.array([3.0]))[:, 0].tolist() == [2, 1]


def test_lots_round_up():
    """To the minimum and to whole multiples; nothing stays nothing, and a whole multiple itself."""
    found = lanes.lots(column(0, 1, 40, 41, 75), column(*[40] * 5), column(*[25] * 5))
    assert found[:, 0].tolist() == [0, 50, 50, 50, 75]
    assert lanes.lots(column(3.5), column(0), column(0))[0, 0] == 3.5


def test_what_falls_due_is_posted_lane_by_lane():
    """The same row on another day in each lane; days beyond the calendar begin it again."""
    calendar = np.zeros((5, 2, 2))
    lanes.post_due(calendar, np.array([[3, 6]]), np.array([1]), np.array([[7.0, 9.0]]))
    lanes.post_due(calendar, np.array([[3, 4]]), np.array([1]), np.array([[1.0, 2.0]]))
    assert calendar[3, 1].tolist() == [8, 0]
    assert calendar[1, 1].tolist() == [0, 9]
    assert calendar[4, 1].tolist() == [0, 2]
    assert calendar.sum() == 19


def test_running_adds_up_from_row_to_row():
    """3, then 3 + 1, then 3 + 1 + 4; the most so far is 3, 3, 4. What is added up stays as it is."""
    amount = column(3, 1, 4)
    assert lanes.running(amount)[:, 0].tolist() == [3, 4, 8]
    assert lanes.running(amount, np.maximum)[:, 0].tolist() == [3, 3, 4]
    assert amount[:, 0].tolist() == [3, 1, 4]
    assert lanes.running(np.zeros((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("lanes_beside", [4, 40])
def test_running_gives_the_bits_of_a_plain_sum(lanes_beside):
    """Tenths add up to the same hair as one after the other in plain Python, in any layout."""
    tenths = np.arange(1, 1 + 2 * 3 * lanes_beside).reshape(2, 3, lanes_beside) / 10
    expected, so_far = [], 0.0
    for units in tenths[:, 1, 2].tolist():
        so_far += units
        expected.append(so_far)
    assert lanes.running(tenths)[:, 1, 2].tolist() == expected
    np.testing.assert_array_equal(lanes.running(tenths.swapaxes(0, 1)), np.cumsum(tenths.swapaxes(0, 1), axis=0))


def test_links_carry_amounts_and_find_the_tightest():
    """Two sources, three targets: flows add up; each source's share is that of its scarcest target, 1 without any."""
    links = lanes.Links([(0, 0, 2.0), (0, 1, 1.0), (1, 1, 3.0)], 3, 3)
    assert links.flow(column(10, 1, 5))[:, 0].tolist() == [20, 13, 0]
    assert links.tightest(column(0.9, 0.4, 0.1))[:, 0].tolist() == [0.4, 0.4, 1.0]


def test_blank_books_are_blank():
    """The books that the tests of measures fill in by hand start empty."""
    b = blank()
    assert not any(table.any() for table in (*b.flows.values(), *b.closing.values()))


@pytest.mark.parametrize("place", [[1, 1, 0, 0], [2, 2, 2, 2], [0, 1, 2, 0], [1, 0, 0, 2]])
@pytest.mark.parametrize("axis", [-1, 0])
def test_each_lane_goes_on_from_the_one_that_is_named(place, axis):
    """Three lanes of 1 and 10, 2 and 20, 3 and 30, spread over four: neighbours of one past, one for all, each its own."""
    few = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    wide = np.moveaxis(lanes.repeated(few if axis else few.T, np.array(place), axis), axis, -1)
    assert wide.tolist() == [[lane + 1.0 for lane in place], [10.0 * lane + 10.0 for lane in place]]
    wide[0, 0] = 7.0
    assert few[0].tolist() == [1.0, 2.0, 3.0]
