"""Count alerts of the sales organisation by hand."""

import datetime as dt
from types import SimpleNamespace

import numpy as np

from simulator.planning.discipline import Discipline
from simulator.results.kpis.market import sales_alerts
from tests.sop.test_new_decisions import FOLLOW, shop
from tests.sop.workshop import changed, played


def test_alerts_are_summed_over_days_and_segments_and_told_a_month():
    """Five alerts of one segment and one of another in three months: 2 a month."""
    alerts = np.zeros((90, 2, 1))
    alerts[[0, 7, 14, 40, 70], 0] = 1.0
    alerts[21, 1] = 1.0
    score = SimpleNamespace(
        memo=lambda name: alerts, end_month=15, first_month=12, by="total", orders=lambda units: units.sum(axis=(0, 1))
    )
    np.testing.assert_allclose(sales_alerts(score), 2.0)


def sold_by(discipline, mends):
    """Books of ten mugs a day with a target of eleven, alerts from five per cent on, acted on five working days later."""
    sales = {"targets": {"shops": {"growth": 0.1}}, "alert": 0.05, "mends": mends, "mends_days": 5}
    company = changed(shop(14, channels={"shops": {}}, sales=sales), **{"segments.customers.channel": "shops"})
    return company, played(company, FOLLOW.model_copy(update={"discipline": Discipline(**discipline)}))


def test_an_alert_is_acted_on_within_the_month():
    """The first of January is a Wednesday, and the first to lag is seen on Monday the 6th: on the 11th 11 x 11 less 11 x 10 are brought.

    They are missing on the first of February; of ten days' 100 a fifth would be given.
    """
    company, books = sold_by({}, 0.2)
    days, due = company.days, books.flows["signed"][:, 0, 0, 0]
    assert days.date(5) == dt.date(2025, 1, 6)
    assert books.memos["alerts"][:5].sum() == 0
    np.testing.assert_allclose(books.memos["alerts"][5, 0], 1.0)
    np.testing.assert_allclose(due[:10], 10.0)
    np.testing.assert_allclose(due[10], 10.0 + 11.0)
    np.testing.assert_allclose(books.memos["mended"][:, 0, 0, 0][10], 11.0)
    np.testing.assert_allclose(due[31:34], [0.0, 9.0, 10.0])


def test_nobody_acts_who_is_not_disciplined_or_may_not():
    """Dropped actions, and a company that agrees to nothing, leave orders as they are; late ones come ten working days later."""
    for discipline, mends in (({"in_time": 0.0}, 0.2), ({}, 0.0)):
        _, books = sold_by(discipline, mends)
        assert books.memos["mended"].sum() == 0
    _, books = sold_by({"in_time": 0.0, "late": 1.0}, 0.2)
    np.testing.assert_allclose(np.flatnonzero(books.memos["mended"][:31, 0, 0, 0])[0], 20)
