"""Designs and factors, with their points written out by hand."""

import math
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from simulator.studies import factors as factoring
from simulator.studies.design import DesignWords, _independent, _words, design_points, point_count
from simulator.studies.factors import (
    CATEGORY,
    NUMBER,
    WHOLE,
    Factor,
    FactorWords,
    _different,
    known_factor,
    label,
    refuse_what_clashes,
)


def ranged(name, low, high, kind=NUMBER, base=None):
    """A factor with a range."""
    return Factor(name, name, kind, "", low, high, (), base)


def valued(name, *values, kind=NUMBER, base=None):
    """A factor with values one by one."""
    return Factor(name, name, kind, "", min(values), max(values), values, base)


def words(*factors, steps=5):
    """How a file says them."""
    return [
        FactorWords(entry=f.entry, values=f.levels) if f.levels
        else FactorWords(entry=f.entry, low=f.low, high=f.high, steps=steps) for f in factors
    ]  # fmt: skip


def laid(kind, *factors, steps=5, seed=1, **more):
    """The points of a design, a row of values each."""
    design = DesignWords(kind=kind, **more)
    said = words(*factors, steps=steps)
    return [tuple(point.values()) for point in design_points(design, said, factors, seed)]


A, B, C = ranged("a", 0.0, 2.0, base=1.0), ranged("b", 10.0, 30.0, base=20.0), valued("c", 1.0, 3.0, 7.0, base=3.0)


@pytest.mark.parametrize(
    ("kind", "more", "count"),
    [
        ("grid", {}, 4 * 4 * 3),
        ("list", {}, 3),
        ("one-at-a-time", {}, 1 + 2 + 2 + 3),
        ("full-factorial", {}, 8),
        ("fractional-factorial", {"resolution": 3}, 4),
        ("fractional-factorial", {"resolution": 4}, 8),
        ("latin-hypercube", {"points": 10}, 10),
        ("sobol", {"points": 16}, 16),
        ("sobol-indices", {"points": 16}, 16 * 5),
    ],
)
def test_a_design_knows_its_size_before_it_is_laid_out(kind, more, count):
    """Two ranges cut into 4 and a factor with 3 values."""
    assert point_count(DesignWords(kind=kind, **more), words(A, B, C, steps=4)) == count


@pytest.mark.parametrize("kind", ["grid", "list", "one-at-a-time", "full-factorial", "fractional-factorial"])
def test_without_factors_there_is_one_point(kind):
    """What the company says now."""
    assert point_count(DesignWords(kind=kind), []) == 1


def test_a_grid_cuts_a_range_into_equal_steps_with_both_ends():
    """0 to 2 in five: half apart; the last factor varies fastest."""
    assert laid("grid", A) == [(0.0,), (0.5,), (1.0,), (1.5,), (2.0,)]
    assert laid("grid", A, B, steps=2) == [(0.0, 10.0), (0.0, 30.0), (2.0, 10.0), (2.0, 30.0)]
    assert laid("grid", A, C, steps=2) == [(0.0, 1.0), (0.0, 3.0), (0.0, 7.0), (2.0, 1.0), (2.0, 3.0), (2.0, 7.0)]


def test_a_grid_of_whole_numbers_rounds_and_names_each_once():
    """1 to 4 in three steps is 1, 2.5 and 4, and half goes to even; 0 to 1 in five steps is 0 and 1 only."""
    assert laid("grid", ranged("n", 1.0, 4.0, WHOLE), steps=3) == [(1,), (2,), (4,)]
    assert laid("grid", ranged("n", 0.0, 1.0, WHOLE)) == [(0,), (1,)]


def test_one_at_a_time_goes_to_each_end_and_skips_the_base():
    """The base first; a value that is the base is no point of its own."""
    assert laid("one-at-a-time", A, C) == [(1.0, 3.0), (0.0, 3.0), (2.0, 3.0), (1.0, 1.0), (1.0, 7.0)]
    at_its_end = ranged("a", 0.0, 2.0, base=2.0)
    assert laid("one-at-a-time", at_its_end, B) == [(2.0, 20.0), (0.0, 20.0), (2.0, 10.0), (2.0, 30.0)]


def test_a_full_factorial_counts_up_with_the_last_factor_fastest():
    """2^3 corners; of values one by one the first and the last."""
    lows, highs = (0.0, 10.0, 1.0), (2.0, 30.0, 7.0)
    corners = [(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    wanted = [tuple((lows, highs)[bit][place] for place, bit in enumerate(corner)) for corner in corners]
    assert laid("full-factorial", A, B, C) == wanted


def test_a_half_fraction_sets_the_third_factor_by_the_other_two():
    """2^(3-1): c is high where just one of a and b is (Box, Hunter & Hunter 2005, the half with I = -ABC)."""
    low_high = [(0.0, 10.0, 1.0), (2.0, 10.0, 7.0), (0.0, 30.0, 7.0), (2.0, 30.0, 1.0)]
    assert laid("fractional-factorial", A, B, C, resolution=3) == low_high


@pytest.mark.parametrize(
    ("factors", "resolution", "basic", "columns"),
    [
        (1, 3, [1], [1]),
        (3, 3, [1, 2], [1, 2, 3]),
        (3, 4, [1, 2, 4], [1, 2, 4]),
        (4, 4, [1, 2, 4], [1, 2, 4, 7]),
        (5, 3, [1, 2, 4], [1, 2, 4, 3, 5]),
        (7, 3, [1, 2, 4], [1, 2, 4, 3, 5, 6, 7]),
        (5, 5, [1, 2, 4, 8], [1, 2, 4, 8, 15]),
        (6, 4, [1, 2, 4, 8], [1, 2, 4, 8, 7, 11]),
    ],
)
def test_generators_are_the_least_words(factors, resolution, basic, columns):
    """AB = 3, AC = 5, ABC = 7, ABD = 11, ABCD = 15: the least that keep the resolution."""
    assert _words(factors, resolution) == (basic, columns)


@pytest.mark.parametrize(
    ("word", "resolution", "free"),
    [(3, 3, True), (3, 4, False), (7, 4, True), (7, 5, False), (2, 3, False), (8, 5, True)],
)
def test_a_column_joins_where_no_short_product_is_constant(word, resolution, free):
    """Beside A, B and C: AB is a product of two, ABC of three."""
    assert _independent([1, 2, 4], word, resolution) is free


@pytest.mark.parametrize(("kind", "count"), [("latin-hypercube", 10), ("latin-hypercube", 7), ("sobol", 8)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sample_has_each_equal_part_of_a_range_once(kind, count, seed):
    """McKay, Beckman & Conover (1979): n points, n parts of every range, one point in each."""
    rows = laid(kind, A, B, points=count, seed=seed)
    for place, (low, high) in enumerate([(0.0, 2.0), (10.0, 30.0)]):
        parts = [math.floor(count * (row[place] - low) / (high - low)) for row in rows]
        assert sorted(parts) == list(range(count))


def test_indices_take_a_base_sample_and_one_more_for_each_factor_and_two():
    """Saltelli (2010): n (k + 2) points."""
    assert len(laid("sobol-indices", A, B, points=8)) == 8 * 4


@pytest.mark.parametrize(
    ("kind", "count", "fits"),
    [("sobol", 64, True), ("sobol", 48, False), ("sobol", 2, True), ("sobol-indices", 96, False),
     ("latin-hypercube", 48, True), ("latin-hypercube", 1, False), ("latin-hypercube", 1_000_000, True),
     ("latin-hypercube", 1_000_001, False), ("latin-hypercube", None, False), ("grid", 10, False), ("grid", None, True)],
)  # fmt: skip
def test_samples_alone_have_a_number_of_points_and_sobol_a_power_of_two(kind, count, fits):
    """2 to a million of them."""
    if fits:
        assert DesignWords(kind=kind, points=count).points == count
    else:
        with pytest.raises(ValidationError):
            DesignWords(kind=kind, points=count)


@pytest.mark.parametrize(
    ("share", "value"), [(0.0, 1), (0.333, 1), (0.334, 2), (0.666, 2), (0.667, 3), (0.999, 3), (1.0, 3)]
)
def test_whole_numbers_have_equal_shares_of_a_range(share, value):
    """Three of them lie between 0.5 and 3.5, and between 1 and 3."""
    assert ranged("n", 0.5, 3.5, WHOLE).at(share) == value
    assert ranged("n", 1.0, 3.0, WHOLE).at(share) == value


@pytest.mark.parametrize(("share", "value"), [(0.0, 1.0), (0.25, 2.0), (0.5, 3.0), (1.0, 5.0)])
def test_a_number_is_a_share_of_the_way_up(share, value):
    """From 1 to 5."""
    assert ranged("x", 1.0, 5.0).at(share) == value


@pytest.mark.parametrize(("share", "value"), [(0.0, 5), (0.249, 5), (0.25, 2), (0.5, 9), (0.75, 4), (1.0, 4)])
def test_values_one_by_one_have_equal_shares(share, value):
    """A quarter for each of four, in their own order."""
    factor = valued("x", 5, 2, 9, 4)
    assert factor.at(share) == value
    assert factor.ends() == (5, 4)


@pytest.mark.parametrize(
    ("entry", "table"),
    [("products.salt.price", "products.salt"), ("finance.holding_rate", "finance"),
     ("products.salt.buy.lead_time.mean", "products.salt.buy"), ("products.a.b.c.d.e", "products.a.b"),
     ("policy.safety_stock.z", "policy.safety_stock"), ("policy.forecast.sales.optimism", "policy.forecast"),
     ("policy.name", "policy"), ("experiment.months", "experiment")],
)  # fmt: skip
def test_an_entry_stands_in_a_table(entry, table):
    """All but its last name, three names at most; of a policy the decision right."""
    assert ranged(entry, 0.0, 1.0).table == table


@pytest.mark.parametrize(
    ("value", "text"),
    [("plain", "plain"), (1.5, "1.5"), (True, "true"), ({"rule": "ranked"}, "ranked"),
     ({"rule": "cover", "days": 3, "of": "sales"}, "cover (days 3, of sales)"), ({"law": "x"}, '{"law": "x"}')],
)  # fmt: skip
def test_a_value_by_its_label(value, text):
    """A rule by name, with its settings in brackets if it has any."""
    assert label(value) == text
    assert valued("x", "one", "two", kind=CATEGORY).cell(value) == text
    assert ranged("x", 0.0, 1.0).cell(value) == value


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"low": 2.0, "high": 2.0}, "low must be below high"),
        ({"low": 3.0, "high": 2.0}, "low must be below high"),
        ({"low": 1.0}, "are missing"),
        ({"high": 1.0}, "are missing"),
        ({"values": (1, 2), "low": 0.0}, "stand beside a range"),
        ({"values": (1, 2), "high": 0.0}, "stand beside a range"),
        ({"values": (1, 2, 1)}, "not all different"),
        ({"low": 0.0, "high": 1.0, "name": "mean"}, "name it otherwise"),
        ({"low": 0.0, "high": 1.0, "name": "fill_rate"}, "name it otherwise"),
        ({"low": 0.0, "high": 1.0, "name": "fill_rate_half"}, "name it otherwise"),
        ({"low": 0.0, "high": 1.0, "name": " "}, "name it otherwise"),
        ({"low": 0.0, "high": 1.0, "steps": 1}, "steps"),
        ({"low": 0.0, "high": 1.0, "steps": 1001}, "steps"),
    ],
)
def test_a_factor_that_cannot_be_is_refused(more, sentence):
    """A range and no values, or values and no range; a name that no column has."""
    with pytest.raises(ValidationError, match=sentence):
        FactorWords(entry="products.salt.price", **more)


def test_a_factor_is_known_by_what_its_entry_says_now(monkeypatch):
    """A number, a whole number or a category; its range from its values, its base from the entry or the words."""
    now = SimpleNamespace(number=True, whole=False, unit="EUR", value=4.0)
    monkeypatch.setattr(factoring, "stated_value", lambda *_: now)
    found = known_factor(FactorWords(entry="products.salt.price", values=(3.0, 9.0, 1.0)), None, [None])
    assert (found.kind, found.low, found.high, found.base, found.levels) == (NUMBER, 1.0, 9.0, 4.0, (3.0, 9.0, 1.0))
    found = known_factor(FactorWords(entry="products.salt.price", low=2.0, high=6.0, base=5.0), None, [None])
    assert (found.kind, found.low, found.high, found.base) == (NUMBER, 2.0, 6.0, 5.0)
    found = known_factor(FactorWords(entry="products.salt.price", values=(True, False)), None, [None])
    assert (found.kind, found.low, found.base) == (CATEGORY, None, True)
    now.whole = True
    assert known_factor(FactorWords(entry="products.salt.price", values=(1, 2)), None, [None]).kind == WHOLE
    now.number, now.value = False, "b"
    found = known_factor(FactorWords(entry="products.salt.price", values=("a", "b")), None, [None])
    assert (found.kind, found.base) == (CATEGORY, "b")


@pytest.mark.parametrize(
    ("most", "left"), [(500, [0, 1, 2, 3, 4, 5]), (3, [0, 2, 4]), (4, [0, 1, 2, 3, 4, 5]), (2, [0, 3])]
)
def test_of_many_companies_some_are_looked_at_evenly_spread(monkeypatch, most, left):
    """Six of them, each once; what points say of the policy is looked at throughout."""
    monkeypatch.setattr(factoring, "MOST_COMPANIES", most)
    said = [{"products.salt.price": price, "policy.safety_stock.z": z} for price in range(6) for z in (0, 1, 2)]
    assert _different(said, of_policy=False) == [{"products.salt.price": price} for price in left]
    assert _different(said, of_policy=True) == [{"policy.safety_stock.z": z} for z in (0, 1, 2)]


def test_factors_of_a_table_of_their_own_are_looked_at_alone(monkeypatch):
    """Two ends of the lone factor, then each company of the points; two of one table only together."""
    seen = []
    monkeypatch.setattr(factoring, "changed_scenario", lambda scenario, setting: seen.append(setting))
    pair = [ranged("products.salt.price", 1.0, 2.0), ranged("products.salt.cost", 3.0, 4.0)]
    alone = ranged("finance.rate", 0.0, 1.0)
    point = {"products.salt.price": 1.0, "products.salt.cost": 3.0, "finance.rate": 0.5}
    refuse_what_clashes([*pair, alone], [point], None, [])
    assert seen == [{"finance.rate": 0.0}, {"finance.rate": 1.0}, point]
