"""Marketing's own forecast: what it believes of promotions and listings, its weight in what is agreed; digits worked by hand."""

import datetime as dt
from dataclasses import fields

import numpy as np
import pytest

from simulator.company.sales import Marketing
from simulator.engine.play import play
from simulator.engine.scenario import load
from simulator.kernel.units import ScenarioError
from simulator.planning.rules import Forecast
from simulator.results.forecast_value import stages_of
from simulator.world.view import Accuracy, Heard, MarketNews
from tests.engine.test_forecasts import WORKED, past
from tests.sop.test_new_decisions import FOLLOW, luck, shop

ONES = np.ones((12, 1, 2))
TEAM = Marketing(optimism=0.1, belief=0.5, noise=0.1)
RULES = {"statistical": Forecast.known["naive"](), "sales": Forecast.known["optimistic"](months=1, optimism=0.5)}


def expected(known, rule="marketing-team", **settings):
    """Units a working day of the first three months."""
    return (Forecast.known[rule](**settings)(known)[:3, 0, 0] / WORKED[:3]).tolist()


def test_marketing_overstates_what_it_promotes_and_lists():
    """Six as usual. A lift of a third becomes a half: 9 a day, with a tenth of optimism 9.9; two deviations make it a fifth more."""
    heard = Heard(ONES.copy(), np.array([1.0, 1.5])[:, None, None] * np.ones((2, 1, 2)))
    heard.ahead[2] = 4 / 3
    known = {"heard": heard, "marketing": TEAM}
    assert expected(past(6, 9, **known)) == pytest.approx([6.6, 6.6, 9.9])
    glad = past(6, 9, judgement=np.full((1, 2), 2.0), **known)
    assert expected(glad) == pytest.approx([1.2 * 6.6, 1.2 * 6.6, 1.2 * 9.9])
    news = MarketNews(ONES.copy(), np.array([1.0, 1.5])[:, None, None] * np.ones((2, 1, 1)), np.ones((1, 1)))
    news.ahead[2] = 4 / 3
    assert expected(past(6, 9, told=news, marketing=TEAM)) == pytest.approx([6.6, 6.6, 9.9])


def test_its_weight_is_learnt_or_stated():
    """Statistics say 8, sales 12, marketing 8.8: the mean of the three; by squared errors of 10, 40 and 40; or a stated half of it."""
    known = {"marketing": TEAM.model_copy(update={"noise": 0.0})}
    assert expected(past(3, 8), "consensus", **RULES)[0] == pytest.approx(10)
    usual = past(8, 8, **known)
    assert expected(usual, "consensus", **RULES)[0] == pytest.approx((8 + 12 + 8.8) / 3)
    record = {
        stage: Accuracy(6, *(np.full((1, 2), figure) for figure in (60.0, 60.0, 6 * squared)))
        for stage, squared in (("statistical", 10.0), ("sales", 40.0), ("marketing", 40.0))
    }
    told = past(8, 8, record=record, **known)
    blend = (8 / 10 + 12 / 40 + 8.8 / 40) / (1 / 10 + 2 / 40)
    assert expected(told, "consensus", **RULES)[0] == pytest.approx(blend)
    assert expected(usual, "consensus", marketing=0.5, **RULES)[0] == pytest.approx((10 + 8.8) / 2)
    assert expected(usual, "consensus", marketing=0.0, **RULES)[0] == pytest.approx(10)


def test_a_company_that_states_none_has_no_forecast_of_marketing():
    """The same luck and the same plans but for what it adds; its forecast is a stage beside the others."""
    promotion = {"family": "mugs", "start": dt.date(2025, 3, 1), "days": 31, "lift": 0.5}
    how = FOLLOW.model_copy(update={"forecast": Forecast.known["consensus"](**RULES)})
    without, stated = (
        shop(market={"promotions": [promotion]}, **more) for more in ({}, {"marketing": {"noise": 0.0, "belief": 0.5}})
    )
    one, other = luck(without), luck(stated)
    assert one.campaigns is None
    assert other.campaigns.shape == one.mood.shape
    assert (other.campaigns != one.mood).any()
    for each in fields(one):
        table = getattr(one, each.name)
        if isinstance(table, np.ndarray):
            np.testing.assert_array_equal(table, getattr(other, each.name))
    plain, full = (play(company, how, weather) for company, weather in ((without, one), (stated, other)))
    assert "forecast: marketing" not in plain.plans.tables
    # made in February of March: ten a day as ever, and half as much again as a lift of one half, .75
    np.testing.assert_allclose(full.plans.tables["forecast: marketing"][1, 0, 0], 31 * 10 * 1.75)
    np.testing.assert_array_equal(plain.plans.tables["forecast: sales"], full.plans.tables["forecast: sales"])
    assert [*stages_of(stated, how.forecast)] == ["naive", "statistical", "sales", "marketing", "consensus"]
    assert [*stages_of(without, how.forecast)] == ["naive", "statistical", "sales", "consensus"]


def test_what_marketing_cannot_be_is_refused():
    """One sentence with what is allowed."""
    with pytest.raises(ScenarioError, match=r"marketing\.noise is 3\.0 \(share\); it must be from 0 to 2"):
        load("giftware", {"marketing.noise": 3.0})
