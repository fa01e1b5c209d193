"""Charts: pure functions from a table to a picture, a file for each subject."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simulator.faces.charts.buffers import curve, density
from simulator.faces.charts.causes import LostRow, cause_name, lost_by_month, lost_by_policy, lost_shares
from simulator.faces.charts.compared import COMPARED_VIEWS
from simulator.faces.charts.cycle import load, options, side_by_side, stack
from simulator.faces.charts.exchange import exchange_curves
from simulator.faces.charts.levels import service_levels
from simulator.faces.charts.look import DARK, LIGHT, Look
from simulator.faces.charts.policies import differences, finding, frontier, intervals, policy_points
from simulator.faces.charts.steps import bars, falls, ladder, waterfall
from simulator.faces.charts.times import bands, plan, possible_year
from simulator.kernel.extras import must_have
from simulator.kernel.messages import listed, msg
from simulator.kernel.units import ScenarioError

if TYPE_CHECKING:
    import altair as alt

ENDINGS = (".svg", ".png", ".html")


def may_be_drawn(file: Path) -> None:
    """Refuse a chart that could not be written, before any work is done."""
    must_have("--chart", "charts", "altair", "vl_convert")
    if file.suffix not in ENDINGS:
        raise ScenarioError(
            msg("--chart is {file}; it must end in {endings}", file=repr(str(file)), endings=listed(ENDINGS, ", "))
        )
    if not file.parent.is_dir():
        raise ScenarioError(
            msg(
                "{option} is {file}, but there is no folder {folder}; make it first",
                option="--chart",
                file=repr(str(file)),
                folder=repr(str(file.parent)),
            )
        )


def save(chart: alt.Chart | alt.LayerChart | alt.VConcatChart, file: Path) -> None:
    """Write the chart; an .html file needs no network to be shown."""
    chart.save(str(file), **({"inline": True} if file.suffix == ".html" else {"scale_factor": 2}))


__all__ = [
    "COMPARED_VIEWS", "DARK", "LIGHT", "Look", "LostRow", "bands", "bars", "cause_name", "curve", "density", "differences",
    "exchange_curves",
    "falls",
    "finding", "frontier", "intervals", "ladder", "load", "lost_by_month", "lost_by_policy", "lost_shares",
    "may_be_drawn",
    "options", "plan", "policy_points", "possible_year", "save", "service_levels", "side_by_side", "stack", "waterfall",
]  # fmt: skip
