"""Demand given as order lines, or as totals by day, week or month: told apart, and fitted each in its own way."""

import datetime as dt
from collections import Counter

import numpy as np
import pytest

from simulator.company import Calendar, Days
from simulator.company.buckets import bucket_of, stray
from simulator.company.demand import Pattern
from simulator.company.fit import expected_per_day, fit
from simulator.company.history import read_lines
from simulator.company.treatment import LineRules
from simulator.engine.scenario import load

WORKDAYS = Calendar(start=dt.date(2021, 1, 1), working_days=("mon", "tue", "wed", "thu", "fri"))
ONE = LineRules(segments=("all",))
MONDAY = np.datetime64("1970-01-05")


def order_lines(rate, years=3, seed=1, first="2021-01-01"):
    """Order lines of a product: Poisson on working days, of 1 to 19 units."""
    rng, start = np.random.default_rng(seed), np.datetime64(first)
    days = start + np.arange(365 * years + 1)
    open_on = days[np.is_busday(days) & (days < start.astype("M8[Y]") + years)]
    return [(day, int(rng.integers(1, 20))) for day in open_on for _ in range(rng.poisson(rate))]


def summed(rows, bucket):
    """The same demand as totals."""
    if bucket == "line":
        return rows
    start = {
        "day": lambda day: day,
        "week": lambda day: MONDAY + 7 * ((day - MONDAY).astype(int) // 7),
        "month": lambda day: day.astype("M8[M]").astype("M8[D]"),
    }[bucket]
    totals = Counter()
    for day, units in rows:
        totals[start(day)] += units
    return sorted(totals.items())


@pytest.fixture
def file(tmp_path):
    """Write rows of dates and units, or of dates, products and units."""

    def write(rows):
        rows = [row if len(row) == 3 else (row[0], "a", row[1]) for row in rows]
        path = tmp_path / "demand.csv"
        lines = [f"{day},{product},{units}" for day, product, units in rows]
        path.write_text("\n".join(["date,product,quantity", *lines]), encoding="utf-8")
        return path

    return write


# ---- What a row is ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bucket", ["line", "day", "week", "month"])
@pytest.mark.parametrize("rate", [1.5, 6.0])
def test_dates_tell_what_a_row_is(bucket, rate):
    rows = summed(order_lines(rate), bucket)
    dates = np.array([day for day, _ in rows], dtype="M8[D]")
    assert bucket_of(dates, np.zeros(len(dates), dtype=np.int64)) == bucket


def test_a_wrong_date_does_not_turn_months_into_order_lines():
    dates = np.arange("2018-01", "2024-01", dtype="M8[M]").astype("M8[D]")
    assert bucket_of(np.append(dates, np.datetime64("2024-01-17")), np.zeros(73, dtype=np.int64)) == "month"
    ends = (dates.astype("M8[M]") + 1).astype("M8[D]") - 1
    assert bucket_of(ends, np.zeros(72, dtype=np.int64)) == "month"


def test_rare_orders_on_different_days_stay_order_lines():
    rows = order_lines(0.1)
    assert bucket_of(np.array([day for day, _ in rows]), np.zeros(len(rows), dtype=np.int64)) == "line"


def test_a_total_is_spread_in_whole_units_over_the_working_days_of_its_period(file):
    """January 2021 has 21 working days: 43 units are two a day, and one more on one of them."""
    lines = read_lines(file([("2021-01-01", 43), ("2021-02-01", 10)]), WORKDAYS, rules=LineRules(bucket="month"))
    january = lines.units_per_day[:31, 2, 0]
    assert january.sum() == 43
    assert sorted(january[january > 0]) == [2.0] * 20 + [3.0]
    assert (lines.months, lines.treatment.kept) == (2, 2)


# ---- The fit ---------------------------------------------------------------------------------------------------------


def generated(path, calendar, bucket, months=24, lanes=30):
    """Mean and deviation of generated months, from a run that starts where the file ends."""
    from simulator.world.luck import draw

    buy = {"supplier": "s", "lead_time": {"law": "constant", "mean": 5}}
    told = {
        "company": {"name": "one"},
        "calendar": {"start": dt.date(2024, 1, 1), "working_days": list(calendar.working_days)},
        "products": {"a": {"price": 1.0, "unit_cost": 0.5, "buy": buy}},
        "suppliers": {"s": {}},
        "segments": {"all": {}},
        "demand": {"history": {"file": path.name, **({"bucket": bucket} if bucket else {})}},
        "experiment": {"months": months},
    }
    import tomlkit

    scenario_file = path.with_name("one.toml")
    scenario_file.write_text(tomlkit.dumps(told), encoding="utf-8")
    scenario = load(scenario_file)
    signed = draw(scenario.company, scenario.network, scenario.days, 0, 1, range(lanes)).signed.sum(axis=(1, 2))
    by_month = np.add.reduceat(signed, scenario.days.month_start[:-1], axis=0)
    return by_month.mean(), by_month.std(axis=0, ddof=1).mean()


@pytest.mark.parametrize("rate", [6.0, 0.8, 0.15])
def test_the_same_demand_in_any_bucket_gives_the_same_months(file, rate):
    """The law has 10 units a line and, of a line, a second moment of 130: a month of 21.7 working days varies by
    the root of 21.7 x rate x 130, and by the 5 % by which months differ in working days."""
    rows = order_lines(rate)
    mean, by_luck = 21.74 * rate * 10, (21.74 * rate * 130) ** 0.5
    deviation = np.hypot(by_luck, 0.05 * mean)
    real = sum(units for _, units in rows) / 36
    for bucket in ("line", "day", "week", "month"):
        found, sd = generated(file(summed(rows, bucket)), WORKDAYS, bucket)
        assert found == pytest.approx(real, rel=0.08), bucket
        assert found == pytest.approx(mean, rel=0.2), bucket
        assert 0.75 < sd / deviation < 1.35, (bucket, sd, deviation)


def test_monthly_totals_near_1000_stay_near_1000(file):
    """Deviation 50 of the totals, drawn once and written down; as order lines it came out at 926."""
    units = [939, 1019, 1050, 974, 934, 997, 1024, 1055, 939, 935, 1035, 1024]
    units += [1077, 1049, 995, 986, 1129, 986, 961, 943, 1005, 1007, 983, 997]
    months = np.arange("2022-01", "2024-01", dtype="M8[M]").astype("M8[D]")
    every_day = Calendar(start=dt.date(2024, 1, 1))
    mean, sd = generated(file(zip(months, units, strict=True)), every_day, None)
    assert mean == pytest.approx(1001.8, rel=0.02)
    assert 35 < sd < 75


def test_weekdays_are_those_of_units_not_of_rows(file):
    """Mondays sell three times as much as other days: of the mean of 1.4 they have 3 / 1.4, others 1 / 1.4."""
    days = np.arange("2021-01-01", "2024-01-01", dtype="M8[D]")
    open_on = days[np.is_busday(days)]
    rows = [(day, 30 if (day - MONDAY).astype(int) % 7 == 0 else 10) for day in open_on]
    (stream,) = fit(read_lines(file(rows), WORKDAYS, rules=ONE), WORKDAYS)
    np.testing.assert_allclose(stream.pattern.weekday[:5], [3 / 1.4, *[1 / 1.4] * 4], rtol=0.01)


def test_a_new_product_has_its_own_rate(file):
    """Sold from October 2023 on: its rate in a run of 2024 is that of its three months, not an eighth of it."""
    old = [(day, "old", units) for day, units in order_lines(3.0, 2, 2, "2022-01-01")]
    new = [
        (day, "new", units) for day, units in order_lines(6.0, 2, 3, "2022-01-01") if day >= np.datetime64("2023-10-01")
    ]
    calendar = WORKDAYS.model_copy(update={"start": dt.date(2024, 1, 1)})
    lines = read_lines(file(sorted(old + new)), calendar, rules=ONE)
    streams = {stream.product: stream for stream in fit(lines, calendar)}
    sold = sum(units for *_, units in new)
    a_day = (
        expected_per_day(streams["new"], Days(calendar, 12)).sum()
        / np.is_busday(np.arange("2024-01-01", "2025-01-01", dtype="M8[D]")).sum()
    )
    assert a_day == pytest.approx(sold / 65, rel=0.1)  # 65 working days from October to December 2023
    before = expected_per_day(streams["new"], lines.days(calendar), lines.months)
    assert before.sum() == pytest.approx(sold, rel=0.1)
    assert before[: 365 + 273].sum() == 0
    assert streams["new"].pattern.since == new[0][0].astype(object)
    assert streams["old"].pattern.since is None


def test_growth_fades_after_the_history():
    """By hand: 20 % a year over 6 months, then .9 + .81 + .729 of a month's growth over the next three."""
    pattern, days = Pattern(trend=0.2, steady=6), Days(Calendar(start=dt.date(2024, 1, 1)), 12)
    level = pattern.factors(days)[days.month_start[:-1]]
    assert level[6] == pytest.approx(1.2**0.5)
    assert level[9] == pytest.approx(1.2 ** ((6 + 0.9 + 0.81 + 0.729) / 12))
    assert Pattern(trend=0.2).factors(days)[-1] == pytest.approx(1.2 ** (11 / 12))


def test_a_run_years_later_has_the_level_that_growth_faded_to(file):
    """Growth of 30 % a year in the file: ten years on the level is that of three quarters of a year after its end."""
    months = np.arange("2020-01", "2024-01", dtype="M8[M]")
    rows = [(month.astype("M8[D]"), round(1_000 * 1.3 ** (k / 12))) for k, month in enumerate(months)]
    totals = {}
    for year in (2024, 2034):
        calendar = Calendar(start=dt.date(year, 1, 1))
        (stream,) = fit(read_lines(file(rows), calendar, rules=ONE), calendar)
        totals[year] = expected_per_day(stream, Days(calendar, 12)).sum()
    last_year = sum(units for _, units in rows[-12:])
    assert last_year < totals[2024] < 1.3 * last_year
    assert totals[2034] < 1_000 * 1.3 ** ((47 + 9) / 12) * 12 * 1.03


# ---- Wrong dates, equal lines, order numbers -------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [["2019-12-31"], ["2025-03-14"], ["2019-12-31", "2025-03-14", "2025-06-02"]])
def test_wrong_dates_move_nothing_and_are_counted(file, wrong):
    """They stretched the history, and fitted demand fell by a quarter and more."""
    calendar = WORKDAYS.model_copy(update={"start": dt.date(2024, 1, 1)})
    rows = order_lines(4.0, 2, 5, "2022-01-01")
    a_year = []
    for more in ([], wrong):
        lines = read_lines(file(rows + [(day, 10) for day in more]), calendar, rules=ONE)
        (stream,) = fit(lines, calendar)
        a_year.append(expected_per_day(stream, Days(calendar, 12)).sum())
    assert lines.treatment.afar == len(wrong)
    assert [f"{remark}" for remark in lines.treatment.remarks()][-1].endswith(
        f"{len(wrong)} lines dated far from the others are left out; the others are of 2022-01 to 2023-12."
    )
    assert a_year[1] == pytest.approx(a_year[0], rel=0.01)


def test_a_company_that_grew_from_nothing_keeps_its_first_months():
    """Months of few rows that touch the others are no slip of the pen as long as the file has few rows at all."""
    dates = np.array(["2021-01-05", "2021-02-09", *["2021-03-02"] * 3, *["2021-04-06"] * 9], dtype="M8[D]")
    assert not stray(dates).any()


def test_equal_lines_are_kept_and_pointed_out_unless_lines_are_numbered(tmp_path):
    path = tmp_path / "orders.csv"
    row = "2021-01-0{},a,1,7\n"
    path.write_text("date,product,quantity,order\n" + row.format(4) * 2 + "2021-01-29,a,1,8\n", encoding="utf-8")
    kept = read_lines(path, WORKDAYS).treatment
    assert (kept.units, kept.equal, kept.duplicates) == (3, 1, 0)
    assert "1 lines repeat another" in f"{kept.remarks()[0]}"
    path.write_text("date,product,quantity,line\n" + row.format(4) * 2 + "2021-01-29,a,1,8\n", encoding="utf-8")
    dropped = read_lines(path, WORKDAYS).treatment
    assert (dropped.units, dropped.equal, dropped.duplicates) == (2, 0, 1)
    assert read_lines(path, WORKDAYS, rules=LineRules(equal_lines="keep")).treatment.units == 3


def test_only_a_stated_mark_cancels_an_order(tmp_path):
    """Every second number begins with C, as those of a branch may: they are ordinary orders unless the file says so."""
    path = tmp_path / "orders.csv"
    rows = [f"{'AC'[day % 2]}{day},2021-01-{day:02},a,{20 - day % 2},ann" for day in range(4, 30)]
    path.write_text("order,date,product,quantity,customer\n" + "\n".join(rows), encoding="utf-8")
    assert read_lines(path, WORKDAYS).treatment.units == 13 * 20 + 13 * 19
    marked = read_lines(path, WORKDAYS, rules=LineRules(cancelled="c")).treatment
    assert (marked.returns, marked.cancelled, marked.units) == (13, 0, 13 * 20)


def test_segments_are_those_that_the_file_names(tmp_path):
    path = tmp_path / "orders.csv"
    rows = [f"2021-01-{day:02},a,{day},{'north' if day % 2 else 'south'}" for day in range(4, 30)]
    path.write_text("date,product,quantity,segment\n" + "\n".join(rows), encoding="utf-8")
    lines = read_lines(path, WORKDAYS, rules=LineRules(segments=("south", "north")))
    assert lines.segments == ("south", "north")
    assert lines.units_per_day.sum(axis=(0, 2)).tolist() == [sum(range(4, 30, 2)), sum(range(5, 30, 2))]
    with pytest.raises(ValueError, match="column segment names 'north', which the company does not have"):
        read_lines(path, WORKDAYS, rules=LineRules(segments=("south",)))


def test_rare_orders_do_not_cost_a_month(file):
    """An order every fourth day, the last on the nineteenth: twelve days are three mean gaps, so December is whole; were there
    an order a day, the file would have been drawn in mid-December."""
    every_day = Calendar(start=dt.date(2021, 1, 1))
    rare = np.arange("2021-01-01", "2021-12-20", 4, dtype="M8[D]")
    often = np.arange("2021-01-01", "2021-12-20", dtype="M8[D]")
    months = [
        read_lines(file([(day, 5) for day in days]), every_day, rules=LineRules(bucket="line")).months
        for days in (rare, often)
    ]
    assert months == [12, 11]


def test_one_year_of_monthly_totals_is_not_taken_for_certain(file):
    """Twelve totals, each month once: their deviation, 10.8 about a mean of 39.5, is luck as far as anybody knows."""
    months = np.arange("2023-01", "2024-01", dtype="M8[M]").astype("M8[D]")
    rows = [(month, 23 + 3 * k) for k, month in enumerate(months)]
    every_day = Calendar(start=dt.date(2024, 1, 1))
    mean, sd = generated(file(rows), every_day, "month", months=12, lanes=60)
    assert mean == pytest.approx(39.5, rel=0.05)
    assert sd == pytest.approx(10.8, rel=0.25)
    (stream,) = fit(read_lines(file(rows), every_day, rules=ONE), every_day)
    assert stream.pattern.season == (1.0,) * 12


def test_a_season_that_is_there_leaves_the_luck_about_it(file):
    """Three years of one product: winter 200, summer 100, and about it a deviation of 20; half of that would be too sure."""
    rng = np.random.default_rng(11)
    months = np.arange("2021-01", "2024-01", dtype="M8[M]").astype("M8[D]")
    usual = np.where(np.arange(36) % 12 < 6, 200, 100)
    rows = [(month, int(units)) for month, units in zip(months, np.rint(usual + rng.normal(0, 20, 36)), strict=True)]
    every_day = Calendar(start=dt.date(2024, 1, 1))
    (stream,) = fit(read_lines(file(rows), every_day, rules=ONE), every_day)
    winter, summer = np.mean(stream.pattern.season[:6]), np.mean(stream.pattern.season[6:])
    assert winter / summer == pytest.approx(2, rel=0.15)
    assert stream.daily.sd * 30.4**0.5 == pytest.approx(20, rel=0.35)
