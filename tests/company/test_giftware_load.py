"""The reference company: slack on average, short in the peak, costs that add up, data that are real."""

import csv
from pathlib import Path

import numpy as np
import pytest

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
HOURLY_RATE = 16.0  # GBP, as giftware.toml says


@pytest.fixture(scope="module")
def needed(company, lines):
    """Units of each item that the real demand needs by month, through the bills and over the yields; and the days."""
    days = lines.days(company.calendar)
    sold = np.add.reduceat(lines.units_per_day.sum(axis=1), days.month_start[:-1], axis=0)
    units = dict.fromkeys(company.items, 0.0) | dict(zip(lines.products, sold.T, strict=True))
    for item in (item for level in company.levels for item in level):
        if make := company.items[item].make:
            for part, each in make.bill.items():
                units[part] = units[part] + units[item] / make.good * each
    return units, days


@pytest.fixture(scope="module")
def load(company, needed):
    """Hours needed over regular hours, by resource: (months,)."""
    units, days = needed
    worked = np.add.reduceat(days.working.astype(float), days.month_start[:-1])
    hours = {name: np.zeros(days.months) for name in company.resources}
    for item, record in company.items.items():
        for name, each in record.make.hours.items() if record.make else ():
            hours[name] += units[item] / record.make.good * each
    load = {}
    for name, resource in company.resources.items():
        regular = resource.hours * resource.availability * worked
        load[name], load[name, "average"] = hours[name] / regular, hours[name].sum() / regular.sum()
        print(f"{name:9} average {load[name, 'average']:4.0%}, by month", *(f"{share:4.0%}" for share in load[name]))
    return load


def test_every_shop_has_slack_on_average(company, load):
    """Three quarters to four fifths of the regular hours over the 24 months."""
    for name in company.resources:
        assert 0.74 <= load[name, "average"] <= 0.82


def test_packing_is_short_in_both_novembers_and_idle_in_summer(load, needed):
    """The peak cannot be made in the month it is sold, and the months before it leave room to build ahead."""
    _, days = needed
    packing = load["packing"]
    peaks = sorted(np.argsort(packing)[-3:])
    assert [days.month_name(int(month)) for month in peaks] == ["2009-12", "2010-11", "2011-11"]
    assert packing[peaks].min() > 1.1
    assert packing.max() < 1.45
    for november in (11, 23):
        assert packing[november - 10 : november + 1].mean() < 0.85
        assert packing[november - 6 : november - 3].max() < 0.75


def test_packing_is_what_limits_the_peak(company, load):
    """All that is made passes it, and over both peaks it is loaded most."""
    for record in company.products.values():
        assert record.buy or "packing" in record.make.hours
    peak = {name: load[name][[11, 23]].sum() for name in company.resources}
    assert max(peak, key=peak.get) in ("packing", "sewing")


def test_costs_add_up(company):
    """What is made costs its components and hours over its yield; what is sold costs about half of its price."""
    for item, record in company.items.items():
        assert record.unit_cost > 0
        if make := record.make:
            parts = sum(company.items[part].unit_cost * each for part, each in make.bill.items())
            cost = (parts + HOURLY_RATE * sum(make.hours.values())) / make.good
            assert record.unit_cost == pytest.approx(cost, abs=0.006), item
    for code, product in company.products.items():
        assert 0.44 <= product.unit_cost / product.price <= 0.56, code


def test_batches_orders_and_opening_stocks_fit_the_demand(company, needed):
    """A batch is a week's demand or less, an order three weeks' or less; stocks last until the first ones arrive."""
    units, days = needed
    for item, record in company.items.items():
        a_day = units[item].sum() / days.count
        stock = record.opening_stock / a_day
        if record.make:
            assert record.make.batch <= 7 * a_day
            assert stock == pytest.approx(24 if item in company.products else 14, rel=0.05), item
        else:
            assert record.buy.minimum_order <= 21 * a_day, item
            assert record.buy.multiple <= 8 * a_day, item
            assert stock == pytest.approx(record.buy.lead_time.mean + 14, rel=0.05), item


def test_names_families_and_prices_of_the_scenario_are_those_of_the_data(company):
    """One product a line of products.csv, word for word."""
    with (SCENARIOS / "giftware" / "products.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["product"] for row in rows} == set(company.products)
    for row in rows:
        product = company.products[row["product"]]
        assert (product.note, product.family) == (row["name"].strip(), row["family"])
        assert product.price == float(row["price"])


def test_holidays_are_the_days_without_trade(company, lines):
    """On every working day of the calendar the real company sold something, and on every holiday nothing."""
    days = lines.days(company.calendar)
    np.testing.assert_array_equal(days.working, lines.units_per_day.sum(axis=(1, 2)) > 0)


def test_the_data_carry_their_attribution():
    """As the licence asks."""
    for file in ("giftware/README.md", "giftware.toml"):
        words = " ".join((SCENARIOS / file).read_text(encoding="utf-8").replace("#", " ").split())
        for part in ("Online Retail II", "Daqing Chen", "UCI Machine Learning Repository", "10.24432/C5CG6D"):
            assert part in words
        assert "CC BY 4.0" in words
