"""What the headers of the scenarios on quality and records announce is there, paired on the same luck."""

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.results.compare import estimate
from simulator.results.kpis import values
from simulator.results.run import simulate

BAGS = ("85099B", "85099F", "20725", "22355")


def sample(scenario, policy, measure, by="total", group="total", replications=20, **changes):
    """One measure of one group, a value a replication."""
    loaded = load(scenario, {entry.replace("__", "."): value for entry, value in changes.items()})
    books = next(simulate(loaded, policy, list(range(replications))).books())
    rows, found = values(books, [measure], by)
    return found[[name for _, name in rows].index(group)]


def differs(one, other):
    """The 95 % interval of a paired difference."""
    gap = estimate(one - other)
    return gap.mean - gap.half, gap.mean + gap.half


NO_TROUBLE = {f"products__{bag}__make__trouble": [] for bag in BAGS}


@pytest.mark.slow
def test_a_bad_thread_costs_yield_returns_and_perfect_orders():
    """Less is good, more is repaired, scrapped and sent back; fewer orders are perfect."""
    name = "giftware-quality-trouble"
    low, high = differs(*(sample(name, "sop", "first_pass_yield", **c) for c in ({}, NO_TROUBLE)))
    assert -0.06 < low < high < -0.02
    for measure in ("return_rate", "scrap_value"):
        assert differs(*(sample(name, "sop", measure, **c) for c in ({}, NO_TROUBLE)))[0] > 0, measure
    assert differs(*(sample(name, "sop", "perfect_order", **c) for c in ({}, NO_TROUBLE)))[1] < 0


@pytest.mark.slow
def test_drifting_records_cost_service():
    """The same goes missing, but planners who do not know serve worse; a third of the records is right, not nearly all."""
    drifting, perfect = "giftware-records-drifting", "giftware-records-perfect"
    assert differs(*(sample(name, "chase", "fill_rate", replications=40) for name in (drifting, perfect)))[1] < 0
    right = [sample(name, "chase", "record_accuracy").mean() for name in (drifting, perfect)]
    assert 0.2 < right[0] < 0.5
    assert right[1] > 0.9


@pytest.mark.slow
def test_level_production_throws_cake_cases_away_and_chase_hardly_any():
    """Stock built ahead of the season is past its life before it is sold."""
    level, chase = (sample("giftware-shelf-life", policy, "expired_value") for policy in ("level", "chase"))
    assert differs(level, chase)[0] > 500
    kept, spoilt = (
        sample(name, "level", "stock_value", "product", "21212") for name in ("giftware", "giftware-shelf-life")
    )
    assert differs(spoilt, kept)[1] < 0


def test_errors_of_a_record_grow_with_the_root_of_the_weeks_that_nobody_counts():
    """Bookings of a constant flow that are off by a share: deviation = share x quantity a week x root of weeks."""
    words = {
        "name": "drift",
        "company": {"whole_units": False},
        "experiment": {"months": 12},
        "suppliers": {"mill": {}},
        "products": {"salt": {"opening_stock": 10_000.0, "buy": {"supplier": "mill", "lead_time": {"law": "constant", "mean": 1.0}}}},
        "demand": {"everyday": [{"product": "salt", "segment": "customers", "daily": {"law": "constant", "mean": 10.0}}]},
        "stockroom": {"drift": 0.1},
    }  # fmt: skip
    policy = {
        "products": {"rule": "min-max", "minimum": {"salt": 0.0}, "maximum": {"salt": 0.0}},
        "supply_plan": "none",
    }
    books = next(simulate(load(words), policy, 400).books())
    error = (books.memos["recorded"] - books.closing["on_hand"])[:, 0]
    for weeks in (4, 16, 49):
        expected = 0.1 * 70 * np.sqrt(weeks)
        assert error[7 * weeks - 1].std(ddof=1) == pytest.approx(expected, rel=4 / np.sqrt(2 * 400))
        assert abs(error[7 * weeks - 1].mean()) < 4 * expected / np.sqrt(400)


def test_losses_are_a_share_of_stock_a_month():
    """After a year without movement (1 - share) to the twelfth is left."""
    words = {
        "name": "leak",
        "company": {"whole_units": False},
        "experiment": {"months": 12},
        "suppliers": {"mill": {}},
        "products": {"salt": {"opening_stock": 1_000.0, "buy": {"supplier": "mill", "lead_time": {"law": "constant", "mean": 1.0}}}},
        "stockroom": {"shrinkage": 0.05},
    }  # fmt: skip
    policy = {
        "products": {"rule": "min-max", "minimum": {"salt": 0.0}, "maximum": {"salt": 0.0}},
        "supply_plan": "none",
    }
    run = simulate(load(words), policy, 2)
    assert run.daily("on_hand")[0, 363, 0] == pytest.approx(1_000 * 0.95 ** (12 * 364 / 365.25))
