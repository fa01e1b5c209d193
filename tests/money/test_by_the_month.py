"""Work out by hand how purchases swing from month to month, and what is sold at the price of the day."""

from types import SimpleNamespace

import numpy as np

from simulator.results.kpis.smoothness import purchase_swing
from simulator.results.money.margin import _at_price_of_day


def test_purchases_swing_by_the_mean_change_of_each_item_over_the_mean_month():
    """Flour at 2 for 10, 20, 20 kg: 20, 40, 40, a mean change of 10; salt always 15 at 2: none; months of 100/3 + 30."""
    bought = np.array([0, 1])
    units = np.array([[10.0, 15.0], [20.0, 15.0], [20.0, 15.0]])[..., None]
    score = SimpleNamespace(
        network=SimpleNamespace(bought=bought),
        flow=lambda name: {"released": units}[name],
        unit_cost=np.array([[2.0], [2.0]]),
        by_month=lambda daily: daily,
    )
    np.testing.assert_allclose(purchase_swing(score), [[10 / (100 / 3 + 30)]])


def test_what_is_served_is_sold_at_the_price_of_its_day():
    """Day one: 10 due, 4 of them owed at night, 6 at a price of 2. Day two: 5 due, 1 lost, 3 owed: 5 at 3. Together 27."""
    days = (2, 1, 1, 1)
    books = SimpleNamespace(
        flows={"due": np.reshape([10.0, 5.0], days), "lost": np.reshape([0.0, 1.0], days)},
        closing={"backlog": np.reshape([4.0, 3.0], days)},
    )
    money = SimpleNamespace(books=books, read=SimpleNamespace(price_of_day=np.array([[2.0], [3.0]])))
    np.testing.assert_allclose(_at_price_of_day(money, slice(0, 2)), [[[27.0]]])
