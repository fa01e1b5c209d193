"""Open orders in a fork: what is known of them stays, and when they come is drawn by its law; digits worked by hand."""

import numpy as np
import pytest

from simulator.results.run import simulate
from tests.sop.test_new_decisions import FOLLOW, shop

LANES, DAY = 200, 31
SHARE = pytest.approx(0.5, abs=4.5 * 0.5 / LANES**0.5)


def company(inspection=0, overtaking=True):
    """Ten mugs a day are ordered, and take five days or nine, at even chances; then they are inspected."""
    buy = {
        "supplier": "near",
        "lead_time": {"law": "empirical", "values": [5, 9]},
        "overtaking": overtaking,
        "inspection_days": inspection,
    }
    mug = {"family": "mugs", "price": 5.0, "unit_cost": 2.0, "opening_stock": 100.0, "elasticity": 2.0, "buy": buy}
    return shop(months=2, products={"mug": mug})


def received(run):
    """Mugs that come into stock by day, and lane."""
    return next(run.books()).flows["received"][:, 0]


@pytest.mark.parametrize("inspection", [0, 2])
def test_what_is_open_comes_by_the_law_of_what_has_not_come(inspection):
    """An order of five days ago comes at even chances this morning, else in four days; one of eight days comes tomorrow."""
    run = simulate(company(inspection), FOLLOW, [3])
    futures = run.fork(2, LANES)
    assert futures.fork_of.day == DAY
    was, now = received(run)[:, 0], received(futures)
    first = DAY + inspection
    np.testing.assert_array_equal(now[:first], np.repeat(was[:first, None], LANES, axis=1))
    ordered = next(run.books()).flows["released"][:, 0, 0]
    assert (ordered[DAY - 9 : DAY] == 10).all()
    came = now[first] > 0
    assert came.mean() == SHARE
    assert (now[first + 4, ~came] >= 10).all()
    for k in (1, 2, 3):
        late = now[first + k].min()  # of nine days less k ago, known to take nine or to be in stock
        assert late in (0, 10)
        assert ((now[first + k] - late) / 10).mean() == SHARE
    open_now = next(run.books()).closing["on_order"][DAY - 1, 0, 0] - was[DAY:first].sum()
    new = (now[first + 5 : first + 9] > 0).sum(axis=0)
    assert (now[first : first + 5].sum(axis=0) <= open_now).all()
    assert (now[first : first + 9].sum(axis=0) >= open_now).all()
    assert new.any()


@pytest.mark.parametrize("inspection", [0, 2])
def test_first_in_is_first_out_in_every_future(inspection):
    """What comes in the nine days after forks of many replications is on average what comes in replications of their own."""
    first, many = DAY + inspection, 25
    fresh = received(simulate(company(inspection, overtaking=False), FOLLOW, range(many, 4 * many)))
    runs = simulate(company(inspection, overtaking=False), FOLLOW, range(many))
    forks = np.stack([received(runs.fork(2, 1, replication=number))[:, 0] for number in range(many)], axis=1)
    for until in (first + 1, first + 3, first + 5):
        mine, theirs = (table[first:until].sum(axis=0) for table in (fresh, forks))
        error = np.sqrt(mine.var() / mine.size + theirs.var() / theirs.size)
        assert abs(mine.mean() - theirs.mean()) <= 4.5 * error
    assert (forks[first:] != received(runs)[first:]).any()
