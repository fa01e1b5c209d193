"""Axes, colours and what marks say: no two ticks alike, no share beyond the whole, no field names, no false difference."""

import json
import math
import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.faces import charts
from simulator.faces.charts.look import LIGHT, figure, plain
from simulator.faces.charts.scale import span, told_apart

NUMBERS = st.floats(-1e9, 1e9).filter(lambda x: x == 0 or abs(x) > 1e-6)


@settings(max_examples=300, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=6), st.booleans(), st.booleans())
def test_no_two_ticks_read_alike(values, zero, shares):
    """And every figure lies on the axis."""
    found = span(values, zero=zero, shares=shares)
    said = [found.text(tick) for tick in found.ticks]
    assert len(set(said)) == len(said)
    assert len(said) <= 12
    assert found.low <= min(values) <= max(values) <= found.high
    assert not any(sign in text for sign in "mµn" for text in said)


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        ([-0.8, 0.2], {}, ["−0.8", "−0.6", "−0.4", "−0.2", "0", "0.2"]),
        ([0.93, 0.995, 1.0], {"shares": True, "within": (0.0, 1.0)}, ["94%", "96%", "98%", "100%"]),
        ([0.0848, 0.0852], {"shares": True, "room": 0.0, "count": 4}, ["8.48%", "8.49%", "8.50%", "8.51%", "8.52%"]),
        ([0, 42_000], {"zero": True}, ["0", "10k", "20k", "30k", "40k"]),
        ([0, 1_800], {"zero": True}, ["0", "500", "1,000", "1,500"]),
        ([46_000.0, 46_500.0], {"room": 0.0}, ["46.0k", "46.1k", "46.2k", "46.3k", "46.4k", "46.5k"]),
        ([97.0, 100.0], {"within": (0.0, 100.0)}, ["97.0", "97.5", "98.0", "98.5", "99.0", "99.5", "100.0"]),
    ],
)
def test_ticks_as_a_manager_reads_them(values, options, said):
    """No milli, no 102 %, no 8.5 % five times."""
    found = span(values, **options)
    assert [found.text(tick) for tick in found.ticks] == said


def test_large_figures_as_the_language_says_them():
    """Ten thousands in Chinese, as on the tiles."""
    look = replace(LIGHT, sizes=((1e8, 1e8, "亿"), (1e4, 1e4, "万")))
    assert span([0, 42_000], look=look, zero=True).text(20_000) == "2万"


def test_colours_only_where_figures_can_be_told_apart():
    """Two intervals that do not meet are needed."""
    assert told_apart([(8.43, 8.44), (8.45, 8.46)])
    assert not told_apart([(8.40, 8.47), (8.41, 8.48)])
    assert not told_apart([(8.4, 8.5), (math.nan, math.nan)])


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ((0.9358, 0.9318, 0.9398, "share"), "93.6 % [93.2, 94.0]"),
        ((0.101, 0.093, 0.109, "share", "", LIGHT, True), "+10.1 points [+9.3, +10.9]"),
        ((46_700, 45_400, 48_000, "money/year", "GBP"), "46.7k GBP/year [45.4, 48.0]"),
        ((-0.05, -0.06, -0.04, "ratio", "", LIGHT, True), "−0.050 [−0.060, −0.040]"),
        ((None, None, None, "share"), "–"),
    ],
)
def test_a_figure_with_its_interval(given_, said):
    """With unit and sign, no more digits than the interval supports."""
    assert figure(*given_) == said


def test_a_single_figure():
    """Of a plan, of a run."""
    assert [plain(1234.5, "units"), plain(0.4), plain(-3.0), plain(1.452, "share")] == [
        "1,234 units",
        "0.4",
        "−3",
        "145.2 %",
    ]


def line(policy, measure, mean, half, unit="share", **more):
    """A line of a summary."""
    ends = {"low": mean - half, "high": mean + half, "p5": mean - 2 * half, "p95": mean + 2 * half}
    gap = {"difference": more.pop("gap", 0.0)}
    gap |= {"difference_low": gap["difference"] - half, "difference_high": gap["difference"] + half}
    return {"policy": policy, "measure": measure, "title": measure, "unit": unit, "mean": mean, **ends, **gap, **more}


def frontier_of(calm):
    """Two policies, their plans as nervous as told."""
    rows = [
        line(name, measure, mean, half, unit, verdict="")
        for k, name in enumerate(("a", "b"))
        for measure, mean, half, unit in (
            ("fill_rate", 0.9 + 0.09 * k, 0.004, "share"),
            ("days_of_supply", 20.0 + 9 * k, 0.5, "days"),
            ("nervousness", calm[k], 0.002, "share"),
        )
    ]
    return charts.frontier(pd.DataFrame(rows)).to_dict()


def test_the_frontier_paints_what_can_be_told_apart():
    """8.43 against 8.44 % is one colour; 4 against 15 % a scale from 4 to 15."""
    alike, apart = json.dumps(frontier_of((0.0843, 0.0844))), json.dumps(frontier_of((0.04, 0.15)))
    assert "nervous:Q" not in alike
    assert '"field": "nervous"' not in alike
    assert '"field": "nervous"' in apart
    tops = [part["encoding"]["y"]["scale"]["domain"][1] for part in frontier_of((0.04, 0.15))["layer"][2:]]
    assert max(tops) <= 100


def test_no_axis_of_shares_goes_beyond_the_whole():
    """Two runs know 98 % to within 7 points: the axis ends at 100 %, and the interval at its edge."""
    found = span([98.0, 91.0], within=(0.0, 100.0), ends=[91.0, 105.0])
    assert (found.high, found.text(found.ticks[-1])) == (100.0, "100")
    beyond = span(
        [1.2], shares=True, within=(0.0, 1.0), ends=[1.1, 1.3]
    )  # change of production may be more than its mean
    assert (beyond.high, found.scale().clamp) == (1.2, True)
    sure = [line(name, "fill_rate", mean, 0.07, verdict="") for name, mean in (("a", 0.98), ("b", 0.9))]
    rungs = [{**RUNGS[0], "mean": 98.0, "low": 91.0, "high": 105.0}]
    stock = [line(name, "days_of_supply", 9.0, 1.0, "days", verdict="") for name in "ab"]
    drawn = {
        "frontier": (charts.frontier(pd.DataFrame([*sure, *stock])), "y"),
        "intervals": (charts.intervals(pd.DataFrame(sure).assign(p5=0.9, p95=1.0), "EUR"), "x"),
        "ladder": (charts.ladder(rungs, "Title", unit="share"), "y"),
        "bars": (charts.bars(BARS.assign(high=BARS["value"] + 0.2), "Title"), "y"),
    }
    for name, (chart, side) in drawn.items():
        spans = [layer["encoding"].get(side, {}).get("scale") for layer in chart.to_dict()["layer"]]
        assert max(each["domain"][1] for each in spans if each) <= 100, name
        assert all(each["clamp"] for each in spans if each), name


def test_a_legend_has_the_colour_that_is_seen():
    """A pale area is pale in the legend too: 30 % of blue on white."""
    assert LIGHT.pale("#0072B2", 0.3) == "#B2D5E8"
    for name in ("possible_year", "density"):
        areas = [layer["mark"] for layer in DRAWN[name]().to_dict()["layer"] if layer["mark"]["type"] == "area"]
        assert areas
        assert all(mark["opacity"] == 1 for mark in areas)


def test_a_difference_that_may_be_none_is_grey():
    """Whatever its policy's colour is."""
    rows = [
        line("base", "fill_rate", 0.9, 0.01, verdict="reference"),
        line("unsure", "fill_rate", 0.905, 0.01, gap=0.005, verdict="not distinguishable"),
        line("sure", "fill_rate", 0.95, 0.01, gap=0.05, verdict="better"),
    ]
    chart = charts.differences(pd.DataFrame(rows), "EUR").to_dict()
    drawn = next(each for each in chart["layer"] if "tooltip" in each["encoding"])
    colours = {row["label"]: row["colour"] for row in rows_of(chart, drawn)}
    assert colours["unsure"] == LIGHT.faint
    assert LIGHT.faint not in (colours["base"], colours["sure"])


def rows_of(chart, layer):
    """The rows that a layer draws."""
    return chart["datasets"][layer["data"]["name"]]


MONTHS = ["2011-01", "2011-02"]
BANDS = pd.DataFrame([{"label": "a", "month": m, "mean": 5.0, "p5": 4.0, "p95": 6.0} for m in MONTHS])
DAYS = pd.DataFrame([{"day": f"{m}-01", "value": 5.0, "p5": 4.0, "p50": 5.0, "p95": 6.0} for m in MONTHS])
LEVELS = pd.DataFrame(
    [
        {"period": m, "cycle_service": 0.5, "ready_rate": 0.9, "fill_rate": 0.95, "otif": float("nan")}
        for m in (*MONTHS, "scored months")
    ]
)
PARTS = [
    {"name": "bags", "figure": f, "column": m, "value": v} for f, v in (("plan", 1.45), ("wish", 0.9)) for m in MONTHS
]
BARS = pd.DataFrame(
    [
        {"element": e, "title": e, "unit": "share", "value": v, "low": v - 0.01, "high": v + 0.01}
        for e, v in (("start", 0.8), ("one", 0.1), ("two", 0.005), ("end", 0.905))
    ]
)
RUNGS = [{"element": "one", "step": 0, "mean": 80.0, "low": 79.0, "high": 81.0}]
PLAN = pd.DataFrame([{"name": "bags", "figure": "made", "column": m, "value": 5.0} for m in MONTHS])
DRAWN = {
    "density": lambda: charts.density([{"demand": float(x), "density": 1.0} for x in range(9)], 5.0, 3.0, "units"),
    "curve": lambda: charts.curve(
        [{"stock": 1.0, "service": 90.0}, {"stock": 9.0, "service": 99.0}],
        {"stock": 4.0, "service": 95.0},
        [{"stock": 4.0, "service": 94.0, "low": 93.0, "high": 95.0}],
        ("stock", "fill rate, %"),
    ),
    "side_by_side": lambda: charts.side_by_side(PARTS, "Title", "units"),
    "stack": lambda: charts.stack(PARTS, "Title", "units"),
    "load": lambda: charts.load(PARTS, "Title"),
    "options": lambda: charts.options(PARTS, "Title", "EUR"),
    "frontier": lambda: charts.frontier(
        pd.DataFrame(
            [
                line(p, m, 0.5, 0.1, u, verdict="")
                for p in "ab"
                for m, u in (("fill_rate", "share"), ("days_of_supply", "days"))
            ]
        )
    ),
    "intervals": lambda: charts.intervals(pd.DataFrame([line("a", "fill_rate", 0.9, 0.01, verdict="")]), "EUR"),
    "differences": lambda: charts.differences(pd.DataFrame([line("a", "fill_rate", 0.9, 0.01, verdict="")]), "EUR"),
    "bars": lambda: charts.bars(BARS, "Title"),
    "ladder": lambda: charts.ladder(RUNGS, "Title", unit="share"),
    "bands": lambda: charts.bands(BANDS, "Title", "units"),
    "possible_year": lambda: charts.possible_year(DAYS, "Title", "units", "2011-02-01"),
    "service_levels": lambda: charts.service_levels(LEVELS, "Title"),
    "plan": lambda: charts.plan(PLAN, {"made": "made"}, "Title", "units"),
}
"""Every picture of the pages; those of studies are drawn in the tests of their analysis."""


@pytest.mark.parametrize("name", DRAWN)
def test_what_marks_say_is_for_people(name):
    """Each mark is silent or says its row in words; tips have titles and are texts; axes have ticks of their own."""
    spec = DRAWN[name]().to_dict()
    for part in spec.get("layer", [spec]):
        mark, encoding = part["mark"], part["encoding"]
        silent = isinstance(mark, dict) and mark.get("aria") is False
        assert silent or encoding["description"]["field"] == "said" or mark == {"type": "rule"}, part
        tips = encoding.get("tooltip", [])
        assert all(tip.get("title") and tip["type"] == "nominal" for tip in tips)
    said = json.dumps(spec)
    assert not re.search(r'"format": "[^"]*~s"', said)
    spoken = [row["said"] for data in spec.get("datasets", {}).values() for row in data if "said" in row]
    assert not any("_" in text or text == "" for text in spoken)


def test_the_load_that_decides_is_drawn():
    """What was wished stands beside what was approved, and the axis reaches it."""
    chart = DRAWN["load"]().to_dict()
    values = [row["value"] for layer in chart["layer"] for row in rows_of(chart, layer) if "value" in row]
    assert max(values) == 1.45
    assert max(layer["encoding"]["y"]["scale"]["domain"][1] for layer in chart["layer"][1:]) > 1.45
    assert len({json.dumps(layer["mark"].get("strokeDash")) for layer in chart["layer"][1:]}) == 2


def test_names_beside_an_axis_have_room():
    """For 55 letters, not for the 30 of the usual."""
    for name in ("intervals", "differences", "options"):
        sides = [layer["encoding"]["y"] for layer in DRAWN[name]().to_dict()["layer"] if "y" in layer["encoding"]]
        assert [side["axis"]["labelLimit"] for side in sides if "axis" in side] == [320] * len(sides), name


def test_names_below_bars_stand_whole():
    """In lines of 12 letters, or of 6 Chinese signs."""
    rows = [
        {"name": name, "figure": "plan", "value": 1.0}
        for name in ("ring-main-units", "panels", "一个很长的产品系列名称")
    ]
    chart = charts.side_by_side(rows, "Title", "units").to_dict()
    assert [row["below"] for row in rows_of(chart, chart)] == [
        "ring-main-\nunits",
        "panels",
        "一个很长的产\n品系列名称",
    ]
    assert chart["encoding"]["x"]["axis"]["labelLimit"] == 0


def test_a_bar_that_may_be_nothing_is_grey():
    """Blue adds, orange takes away."""
    colours = [row["colour"] for row in charts.falls(BARS)]
    assert colours == [LIGHT.ink, LIGHT.up, LIGHT.faint, LIGHT.ink]


def test_rungs_of_a_ladder_bear_figures_alone():
    """The unit stands in the title; at every rung it would run into the next figure."""
    rung = {"element": "a", "mean": 1.06e6, "low": 0.9e6, "high": 1.1e6}
    drawn = charts.ladder([rung], "Title", unit="money/year", currency="EUR").to_dict()
    assert [row["figure"] for rows in drawn["datasets"].values() for row in rows] == ["1.06M"]
