"""The generator that is fitted to a company's order lines: against known laws, and against the real lines."""

import datetime as dt

import numpy as np
import pytest

from simulator.company import Calendar, Days
from simulator.company.fit import REPRESENTATIVES, expected_per_day, fit
from simulator.company.history import read_lines
from simulator.company.treatment import SEGMENTS
from simulator.kernel.units import ScenarioError
from simulator.world.luck import draw
from simulator.world.network import Network

REPLICATIONS = 40


def families(company):
    """The family of each product."""
    return {code: product.family for code, product in company.products.items()}


@pytest.fixture(scope="module")
def fitted(company, lines):
    """The generator of the reference company."""
    return fit(lines, company.calendar, families(company))


@pytest.fixture(scope="module")
def generated(company, lines, fitted):
    """Real and generated units, (days, segments, products), the second with an axis of replications; and the days."""
    company = company.model_copy(update={"demand": company.demand.model_copy(update={"everyday": fitted})})
    days = lines.days(company.calendar)
    return lines.units_per_day, draw(company, Network(company), days, 0, 5, range(REPLICATIONS)).signed, days


def monthly(units, days):
    """Sums over each month."""
    return np.add.reduceat(units, days.month_start[:-1], axis=0)


# ---- Fit -------------------------------------------------------------------------------------------------------------


def test_expected_units_are_the_real_ones(company, lines, fitted):
    """For every product and segment, over the history."""
    days, real = lines.days(company.calendar), lines.units_per_day.sum(axis=0)
    for stream in fitted:
        place = SEGMENTS.index(stream.segment), lines.products.index(stream.product)
        assert expected_per_day(stream, days).sum() == pytest.approx(real[place], rel=1e-12)
    assert len(fitted) == np.count_nonzero(real)


def test_a_run_that_starts_later_continues_the_same_level(company, lines):
    """The level belongs to a date, whenever the run starts."""
    later = company.calendar.model_copy(update={"start": dt.date(2010, 12, 1)})
    days = Days(later, 12)
    for now, then in zip(fit(lines, company.calendar), fit(lines, later), strict=True):
        np.testing.assert_allclose(
            expected_per_day(then, days), expected_per_day(now, days, months_before=-12), rtol=1e-9
        )


def test_seasons_and_weeks_have_mean_one_and_saturday_is_closed(fitted):
    """Means of one over the twelve months and over the days of the week that are worked."""
    for stream in fitted:
        assert np.mean(stream.pattern.season) == pytest.approx(1)
        assert stream.pattern.weekday[5] == 0
        assert sum(stream.pattern.weekday) == pytest.approx(6)


def test_order_sizes_keep_their_mean(lines, fitted):
    """Few representatives, whole units, the mean of all lines to half a unit over all of them."""
    for stream in fitted:
        of = (lines.segment == SEGMENTS.index(stream.segment)) & (lines.product == lines.products.index(stream.product))
        sizes = np.array(stream.daily.sizes)
        assert len(sizes) <= REPRESENTATIVES
        assert sizes.mean() == pytest.approx(lines.quantity[of].mean(), abs=0.5 / len(sizes) + 1e-9)
        assert (sizes == np.rint(sizes)).all()
        assert sizes.min() >= 1


def test_hot_water_bottles_have_a_winter_and_cake_cases_fall(fitted):
    """What the description of the data says is found."""
    by_product = {(stream.product, stream.segment): stream.pattern for stream in fitted}
    for code in ("22111", "22112", "84029E"):
        season = by_product[code, "retailers"].season
        assert min(season[10], season[11]) > 5 * max(season[2:8])
    for code in ("85123A", "85099B"):
        assert max(by_product[code, "retailers"].season) == by_product[code, "retailers"].season[10]
    assert by_product["21212", "retailers"].trend < -0.25


def known_truth(rng, months=36, products=4):
    """Order lines of a known law: Poisson 6 a day, sizes 1 to 9, growth .2, winter and Monday peaks, no swing."""
    calendar = Calendar(start=dt.date(2015, 1, 1), working_days=("mon", "tue", "wed", "thu", "fri"))
    days = Days(calendar, months)
    season = np.array([1.5, 1.2, 1, 1, 0.8, 0.6, 0.6, 0.6, 0.8, 1, 1.2, 1.7])
    week = np.array([1.4, 1.2, 1, 0.8, 0.6, 0, 0])[days.weekday] * days.working
    level = 6 * week * season[days.month_of_year[days.month]] * 1.2 ** (days.month / 12)
    counts = rng.poisson(level[:, None], (days.count, products))
    rows = []
    for day, product in np.argwhere(counts):
        for k in range(counts[day, product]):
            size, customer = rng.integers(1, 10), rng.integers(50)
            rows.append(f"{len(rows)},{days.date(int(day))} 10:{k:02},p{product},{size},1,c{customer}")
    return calendar, days, season, rows


def test_a_known_law_is_found_again(write):
    """Growth, season, week, dispersion and the absence of a swing, from lines that were drawn from them."""
    calendar, _, season, rows = known_truth(np.random.default_rng(3))
    streams = fit(read_lines(write(*rows), calendar, key_account_units=1e9), calendar)
    assert [stream.product for stream in streams] == ["p0", "p1", "p2", "p3"]
    for stream in streams:
        assert stream.daily.lines == pytest.approx(6, rel=0.06)
        assert stream.daily.dispersion == pytest.approx(1, abs=0.12)
        assert stream.pattern.trend == pytest.approx(0.2, abs=0.04)
        np.testing.assert_allclose(stream.pattern.season, season, atol=0.1)
        np.testing.assert_allclose(stream.pattern.weekday, [1.4, 1.2, 1, 0.8, 0.6, 0, 0], atol=0.06)
        assert stream.pattern.swing < 0.06


@pytest.mark.parametrize("months", [1, 7, 13, 23])
def test_short_histories_claim_little(write, months):
    """Below two years no growth, below one no season; the total is still the real one."""
    calendar, days, season, rows = known_truth(np.random.default_rng(4), months, products=2)
    lines = read_lines(write(*rows), calendar, key_account_units=1e9)
    assert lines.months == months
    for stream in fit(lines, calendar):
        units = lines.units_per_day[:, 1, lines.products.index(stream.product)]
        assert expected_per_day(stream, days).sum() == pytest.approx(units.sum())
        assert stream.pattern.trend == 0
        flat = months < 12
        np.testing.assert_allclose(stream.pattern.season, np.ones(12) if flat else season, atol=0 if flat else 0.35)


def test_a_product_sold_once_or_from_last_month_does_not_upset_the_fit(write):
    """Everything estimated is finite and allowed, however little there is."""
    calendar, days, _, rows = known_truth(np.random.default_rng(5), 24, products=2)
    once = "9001,2015-03-04,rare,7,1,c1"
    new = [f"{9100 + k},2016-12-{5 + k:02},new,{k + 1},1," for k in range(5)]
    lines = read_lines(write(*rows, once, *new), calendar, ["rare", "never", "new", "p0", "p1"], key_account_units=1e9)
    streams = {stream.product: stream for stream in fit(lines, calendar)}
    assert sorted(streams) == ["new", "p0", "p1", "rare"]
    assert expected_per_day(streams["rare"], days).sum() == pytest.approx(7)
    assert expected_per_day(streams["new"], days).sum() == pytest.approx(15)


def test_more_lines_than_can_be_generated_are_told(write):
    """One sentence instead of a generator that the engine would refuse."""
    mondays = Calendar(start=dt.date(2020, 1, 1), working_days=("mon",))
    rows = [f"{k},2020-01-{day:02},cup,1,1,ann" for day in (6, 13, 20, 27) for k in range(5_200)]
    with pytest.raises(ScenarioError, match=r"orders.csv: the generator fitted to it has lines 5,200, but its input"):
        fit(read_lines(write(*rows), mondays), mondays)


def test_the_fit_is_the_same_every_time(company, lines, fitted):
    """No chance in it."""
    assert fit(lines, company.calendar, families(company)) == fitted


# ---- Generated against real ------------------------------------------------------------------------------------------


def test_generated_totals_are_the_real_ones(generated):
    """Over 40 replications, all units within 1 % and each product's within 6 %."""
    real, drawn, _ = generated
    assert drawn.sum() / REPLICATIONS == pytest.approx(real.sum(), rel=0.01)
    np.testing.assert_allclose(drawn.sum(axis=(0, 1)).mean(axis=-1), real.sum(axis=(0, 1)), rtol=0.06)


def test_generated_years_have_the_shape_of_the_real_ones(generated):
    """The mean months of nearly all products, and of the company, go with the real ones."""
    real, drawn, days = generated
    real, drawn = monthly(real.sum(axis=1), days), monthly(drawn.sum(axis=1), days).mean(axis=-1)
    together = np.array([np.corrcoef(real[:, p], drawn[:, p])[0, 1] for p in range(real.shape[1])])
    assert np.corrcoef(real.sum(axis=1), drawn.sum(axis=1))[0, 1] > 0.95
    assert np.median(together) > 0.75
    assert together.min() > 0.5


def test_real_months_lie_among_the_generated_ones(generated):
    """Four of five months of a product, and its high months, within the 5-95 % range of the replications."""
    real, drawn, days = generated
    real, drawn = monthly(real.sum(axis=1), days), monthly(drawn.sum(axis=1), days)
    low, high = np.quantile(drawn, [0.05, 0.95], axis=-1)
    assert np.mean((real >= low) & (real <= high)) > 0.8
    peaks = np.quantile(drawn, 0.95, axis=0)
    low, high = np.quantile(peaks, [0.05, 0.95], axis=-1)
    peak = np.quantile(real, 0.95, axis=0)
    assert np.mean((peak >= low) & (peak <= high)) > 0.75


def test_generated_days_vary_as_the_real_ones(generated):
    """Variance over mean of a working day's units, and the share of working days without any, by product."""
    real, drawn, days = generated
    real, drawn = real.sum(axis=1)[days.working], drawn.sum(axis=1)[days.working]
    scatter = (drawn.var(axis=0) / drawn.mean(axis=0)).mean(axis=-1) / (real.var(axis=0) / real.mean(axis=0))
    assert 0.85 < np.median(scatter) < 1.15
    assert np.abs(scatter - 1).max() < 0.35
    np.testing.assert_allclose((drawn == 0).mean(axis=(0, -1)), (real == 0).mean(axis=0), atol=0.08)
