"""Every month of the real past is forecast from the months before it, by hand."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from simulator.faces.cli import main
from simulator.results import back_test as module
from simulator.results.back_test import AUTO_ETS, back_test

TEN_DAYS = 10


def history(*products, idle=()):
    """Months of ten working days each, with the units of each month on its first day; `idle` names months without work."""
    units = np.array(products, dtype=float).T
    days = np.zeros((TEN_DAYS * len(units), units.shape[1]))
    days[::TEN_DAYS] = units
    starts = np.arange(0, len(days) + 1, TEN_DAYS)
    working = np.ones(len(days), dtype=bool)
    for month in idle:
        working[starts[month] : starts[month + 1]] = False
    return SimpleNamespace(
        real=days,
        by_month=lambda each: np.add.reduceat(each, starts[:-1], axis=0),
        days=SimpleNamespace(working=working, month_start=starts),
        lines=SimpleNamespace(start=SimpleNamespace(month=1)),
    )


@pytest.fixture(autouse=True)
def _without_statsforecast(monkeypatch):
    """What is installed here does not decide what is tested."""
    monkeypatch.setattr(module, "auto_ets", lambda: None)


def test_last_month_again_is_one_behind_a_line_that_rises_by_one():
    """1 to 14: months 7 to 14 are forecast, each one too low; 8 of 84 units."""
    found = back_test(history(range(1, 15)))
    assert found.error("naive") == pytest.approx(8 / 84)
    assert found.bias("naive") == pytest.approx(-8 / 84)
    assert "seasonal" not in found.said_of  # of the first month forecast no year is known


def test_the_same_month_a_year_ago_is_twelve_behind():
    """1 to 30: the last twelve months sum to 294, each forecast is twelve too low."""
    found = back_test(history(range(1, 31)))
    assert len(found.actual) == 12
    assert found.error("seasonal") == pytest.approx(144 / 294)
    assert found.error("naive") == pytest.approx(12 / 294)


def test_errors_of_products_do_not_cancel_and_their_bias_does():
    """One product is said two too high, one two too low, in each of six months of 20 units in all."""
    found = back_test(history([12, 10] * 6, [8, 10] * 6))
    assert found.error("naive") == pytest.approx(4 / 20)
    assert found.bias("naive") == pytest.approx(0)


def test_a_month_without_work_is_neither_known_nor_forecast():
    """Month 8 of ten is idle: three months are left, and month 9 is forecast from month 7."""
    found = back_test(history([10] * 7 + [0, 14, 14], idle=[7]))
    assert found.actual[:, 0].tolist() == [10, 14, 14]
    assert found.said_of["naive"][:, 0].tolist() == [10, 10, 14]


@pytest.mark.parametrize("units", [[5] * 6, [5] * 6 + [0] * 3])
def test_half_a_year_alone_or_nothing_to_forecast_is_no_test(units):
    assert back_test(history(units)) is None


def test_auto_ets_is_given_what_was_known_and_left_out_where_it_takes_too_long(monkeypatch):
    seen = []
    monkeypatch.setattr(module, "auto_ets", lambda: lambda months: seen.append(len(months)) or 3.0)
    found = back_test(history(range(1, 9)))
    assert seen == [6, 7]
    assert found.error(AUTO_ETS) == pytest.approx((4 + 5) / 15)
    monkeypatch.setattr(module, "MOST_FITS", 1)
    found = back_test(history(range(1, 9)))
    assert AUTO_ETS not in found.said_of
    assert str(found.sentences()[-1]) == "AutoETS was left out: it would take 2 fits, and 1 are waited for."


def test_the_command_tells_the_test():
    told = CliRunner().invoke(main, ["data", "giftware", "--worst", "0"])
    assert told.exit_code == 0, told.output
    assert "Each of the last 12 months was forecast from those before it" in told.output
    assert re.search(r"naive, as last month +40\.9 % +\+2\.7 %", told.output)
