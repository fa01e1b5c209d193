"""What was lost and why, on Compare and in a month: the shares are those of the simulator, and nothing is shown where nothing was lost."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from reader import open_page

from dashboard import results
from dashboard.case import Case
from simulator.faces import charts
from simulator.kernel.units import ScenarioError
from simulator.results.kpis.lost import LOST_MEASURES


def drawn(at, mark):
    """The rows of the chart that have something of this kind to say."""
    for each in at.get("vega_lite_chart"):
        for content in [each.proto.data, *(part.data for part in each.proto.datasets)]:
            rows = pa.ipc.open_stream(content.data).read_all().to_pylist() if content.data else []
            if rows and mark in rows[0]:
                return rows
    return []


@pytest.mark.parametrize("base", results.SHOWN)
def test_causes_and_fill_rate_are_all_demand(base):
    """In every replication of every policy that the page opens with."""
    told = results.story_of(results.first_comparison(Case(base)))
    lost, whole = told.lost(), told.comparison()
    served = next(k for k, (measure, _) in enumerate(whole.rows) if measure.name == "fill_rate")
    assert [measure.name for measure, _ in lost.rows] == [*LOST_MEASURES.values()]
    for policy, sample in lost.found.items():
        np.testing.assert_allclose(sample.sum(axis=0) + whole.found[policy][served], 1.0, atol=1e-9)


def test_compare_shows_what_each_policy_lost():
    """A part of a bar for each cause that took something, as long as its measure says; the tile names the longest."""
    at = open_page(look="siloed")
    assert not at.exception
    means = results.lost(results.first_comparison(Case("giftware"))).set_index(["policy", "measure"])["mean"]
    parts = drawn(at, "because")
    assert {(row["label"], row["because"]) for row in parts if row["label"] == "Siloed"} == {
        ("Siloed", str(cause)) for cause, measure in LOST_MEASURES.items() if means["siloed", measure] > 0
    }
    hours = next(row for row in parts if (row["label"], row["because"]) == ("Siloed", "hours"))
    assert hours["mean"] == pytest.approx(means["siloed", "lost_to_hours"])
    tile = next(each for each in at.metric if each.label == "Largest cause of lost service")
    most = means["siloed"].idxmax()
    assert tile.value == most.removeprefix("lost_to_")
    assert tile.delta.startswith(f"{100 * means['siloed', most]:.1f} ±")


def test_a_month_shows_what_its_run_lost():
    """Opened by a click: the shares of a month by cause."""
    at = open_page("cycle")
    at.session_state["lost months"] = True
    at.run()
    assert not at.exception
    table = results.table(results.first_months(Case("giftware"))[0], "lost")
    december = table[(table["period"] == "2010-12") & (table["lost"] == "not served on the day")]
    mine = {row["because"]: row["share"] for row in drawn(at, "because") if row["label"] == "2010-12"}
    assert sum(mine.values()) == pytest.approx(december["share"].sum())
    assert max(mine, key=mine.get) == "demand"


def test_where_nothing_is_lost_nothing_is_drawn():
    """The command line says so in a sentence."""
    nothing = pd.DataFrame(
        {"measure": ["lost_to_parts"], "policy": ["sop"], "mean": [0.0], "low": [0.0], "high": [0.0]}
    )
    assert charts.lost_shares(nothing) == []
    with pytest.raises(ScenarioError, match="there is nothing to draw; leave --chart out"):
        charts.COMPARED_VIEWS["lost"].draw(nothing)
