"""Products that sell more, or less, in the same months: as stated, as fitted, and in the company's totals."""

import datetime as dt

import numpy as np
import pytest

from simulator.company import Calendar, Days, Pattern
from simulator.company.demand import SmallContracts
from simulator.company.fit import Common, _pairs, common_of, fit
from simulator.company.history import read_lines
from simulator.company.treatment import LineRules
from simulator.engine.forking import fork_of
from simulator.engine.play import weather_for
from simulator.engine.scenario import load
from simulator.world.luck.everyday import swings

EVERY_DAY = Calendar(start=dt.date(2015, 1, 1))
PRODUCTS, MONTHS, SWING, LANES = 10, 36, 0.3, 2_000


def levels(together, name, foreseen=0.0, lanes=LANES, months=3, per="month"):
    """The months' levels of a stream, (months, lanes)."""
    pattern = Pattern(swing=SWING, memory=0.4, together=together)
    return swings(pattern, months, 7, name, range(lanes), per, foreseen)


def correlation(first, other):
    """Of the scores behind two levels."""
    return float(np.corrcoef(np.log(first).ravel(), np.log(other).ravel())[0, 1])


@pytest.mark.parametrize("foreseen", [0.0, 0.5])
@pytest.mark.parametrize("together", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("per", ["month", "past"])
def test_streams_move_together_as_stated(together, foreseen, per):
    """Whether the sales team is told of part of it or not, in the past and in the run; each stream swings as it did."""
    prefix = "past/" if per == "past" else ""
    one, other = (levels(together, f"{prefix}shops/{name}", foreseen, per=per) for name in ("a", "b"))
    assert correlation(one, other) == pytest.approx(together, abs=0.06)
    for each in (one, other):
        assert each.mean() == pytest.approx(1.0, abs=0.03)
        assert each.std() == pytest.approx(SWING, rel=0.06)
    assert correlation(one[0], one[1]) == pytest.approx(0.4, abs=0.06)


def test_nothing_moves_where_nothing_is_stated():
    """Bit by bit what was drawn before there was any such entry; another product's share moves nobody's luck."""
    np.testing.assert_array_equal(levels(0.0, "shops/a", lanes=3), levels(0.0, "shops/a", lanes=3))
    alone = levels(0.6, "shops/a", lanes=3)
    levels(0.2, "shops/b", lanes=3)
    np.testing.assert_array_equal(alone, levels(0.6, "shops/a", lanes=3))


def test_pairs_leave_each_stream_s_own_square_out():
    """1, 2 and 3 in one month: 2 x (1x2 + 1x3 + 2x3) = 22."""
    assert _pairs(np.array([[[1.0, 2.0, 3.0]]])) == 22


def test_the_share_is_covariance_over_that_of_swings():
    """Two streams of 10 and 20, swings .5: pairs 2 x 10 x 20 x .25 = 100; a covariance of 40 is .4 of it, its level's .1."""
    common = Common(40.0, np.array([[[10.0, 20.0]]]))
    assert common.share(np.array([0.5])) == pytest.approx(0.4)
    assert common.variance == pytest.approx(0.1)
    assert common.share(np.array([0.1])) == 1.0


def history(tmp_path, together, bucket, seed=3):
    """Totals of ten products whose months were drawn with this share, each day Poisson about 20 times its level."""
    rng, days = np.random.default_rng(seed), Days(EVERY_DAY, MONTHS)
    spread = np.sqrt(np.log1p(SWING**2))
    own, common = rng.normal(size=(MONTHS, PRODUCTS)), rng.normal(size=(MONTHS, 1))
    z = np.sqrt(together) * (common - common.mean()) / common.std() + np.sqrt(1 - together) * own
    units = rng.poisson(20 * np.exp(spread * z - spread**2 / 2)[days.month])
    if bucket == "month":
        units = np.add.reduceat(units, days.month_start[:-1], axis=0)
    first = days.month_start[:-1] if bucket == "month" else np.arange(days.count)
    rows = [
        f"{days.date(int(day))},p{p},{n}" for day, some in zip(first, units, strict=True) for p, n in enumerate(some)
    ]
    file = tmp_path / "demand.csv"
    file.write_text("\n".join(["date,product,quantity", *rows]), encoding="utf-8")
    return read_lines(file, EVERY_DAY, rules=LineRules(bucket=bucket, segments=("all",)))


@pytest.mark.parametrize(("together", "bucket"), [(0.0, "day"), (0.5, "day"), (0.9, "day"), (0.5, "month")])
def test_what_moved_together_is_fitted(tmp_path, together, bucket):
    """The variance of the common level is that of the truth, within what 36 months tell (a quarter of it, twice over)."""
    patterns = [stream.pattern for stream in fit(history(tmp_path, together, bucket), EVERY_DAY)]
    common = patterns[0].together * patterns[0].swing ** 2
    assert common == pytest.approx(together * SWING**2, abs=0.012 + 0.4 * together * SWING**2)
    assert len({pattern.together for pattern in patterns}) == 1


def test_it_can_be_left_out(tmp_path):
    """By an entry of the history."""
    lines = history(tmp_path, 0.9, "day")
    assert {stream.pattern.together for stream in fit(lines, EVERY_DAY, together=False)} == {0.0}


def test_the_company_s_total_varies_as_the_real_one_does(tmp_path):
    """Months of all products together: apart they would vary by a third of what they do (.09 = .3 / root of 10)."""
    lines = history(tmp_path, 0.9, "day")
    streams = fit(lines, EVERY_DAY)
    drawn = sum(swings(s.pattern, MONTHS, 7, f"all/{s.product}", range(200)) * s.daily.mean for s in streams)
    real = np.add.reduceat(lines.units_per_day.sum(axis=(1, 2)), Days(EVERY_DAY, MONTHS).month_start[:-1])
    assert (drawn / drawn.mean()).std() == pytest.approx((real / real.mean()).std(), rel=0.2)


def test_how_far_products_sell_together_is_said(tmp_path):
    """Swings of .3 with half in common: 21 % either way; nothing is said where nothing is."""
    streams = fit(history(tmp_path, 0.9, "day"), EVERY_DAY)
    half = [
        s.model_copy(update={"pattern": s.pattern.model_copy(update={"swing": 0.3, "together": 0.5})}) for s in streams
    ]
    assert "by 21.2 % either way, 50 % of the variance" in str(common_of(half)[0])
    apart = [s.model_copy(update={"pattern": s.pattern.model_copy(update={"together": 0.0})}) for s in streams]
    assert common_of(apart) == []


def test_a_fork_knows_the_common_months_that_are_over():
    """Eight months of a run are over: they are its own in every future, and the ninth differs."""
    case = load(
        "trading",
        {"experiment.months": 12, "experiment.warm_up": 2, "demand.everyday": TOGETHER},
        instead=["demand.everyday"],
    )
    run = weather_for(case, 1, [3, 4])
    fork = weather_for(case, fork_of(case, 3, 1, int(case.days.month_start[8])), range(4))
    day = int(case.days.month_start[8])
    np.testing.assert_array_equal(fork.signed[:day], np.repeat(run.signed[:day, ..., :1], 4, axis=-1))
    assert fork.signed[day + 31 :].sum(axis=(0, 1, 2)).std() > 0


TOGETHER = [
    {
        "product": "drill",
        "segment": "chains",
        "daily": {"law": "constant", "mean": 50.0},
        "pattern": {"swing": 0.3, "together": 0.6},
    }
]


def test_deals_do_not_swing(tmp_path):
    """They are counted by the month."""
    with pytest.raises(ValueError, match="leave out swing, memory, together and weekday"):
        SmallContracts.model_validate(
            {
                "product": "a",
                "segment": "b",
                "per_month": 1.0,
                "size": {"law": "constant", "mean": 1.0},
                "lead_time": {"law": "constant", "mean": 9.0},
                "pattern": {"together": 0.5},
            }
        )
