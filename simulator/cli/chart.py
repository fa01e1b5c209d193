"""The one picture of a comparison: service against stock, each policy a point with its intervals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.units import ScenarioError

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

COLOURS = ("#0072B2", "#D55E00", "#882255", "#CC79A7", "#332288", "#1A1A1A")
ENDINGS = (".svg", ".png", ".html")
STOCK, SERVICE = "days_of_supply", "fill_rate"


def may_be_drawn(file: Path) -> None:
    """Refuse a chart that could not be written, before any work is done."""
    if file.suffix not in ENDINGS:
        raise ScenarioError(f"--chart is {str(file)!r}; it must end in {', '.join(ENDINGS)}")
    if not file.parent.is_dir():
        raise ScenarioError(f"--chart is {str(file)!r}, but there is no folder {str(file.parent)!r}; make it first")


def frontier(summary: pd.DataFrame, about: str) -> alt.LayerChart:
    """Fill rate over days of stock, with 95 % intervals both ways; up and to the left is better."""
    import altair as alt

    points = _points(summary)
    colour = alt.Color("policy:N", sort=None, legend=None, scale=alt.Scale(range=list(COLOURS)))
    x = alt.X("x:Q", title="days of stock", scale=alt.Scale(zero=False, padding=30))
    y = alt.Y("y:Q", title="fill rate", axis=alt.Axis(format=".0%"), scale=alt.Scale(zero=False, padding=20))
    base = alt.Chart(alt.InlineData(values=points)).encode(color=colour, x=x, y=y)
    layers = (
        base.mark_rule(strokeWidth=2).encode(y="y_low:Q", y2="y_high:Q"),
        base.mark_rule(strokeWidth=2).encode(x="x_low:Q", x2="x_high:Q"),
        base.mark_point(filled=True, size=60, opacity=1).encode(tooltip=["policy:N", "x:Q", "y:Q"]),
        base.mark_text(align="left", dx=8, dy=-8, fontSize=12).encode(text="policy:N"),
    )
    title = alt.TitleParams(_finding(points), subtitle=f"{about}; crosses are 95 % intervals", anchor="start")
    chart: alt.LayerChart = alt.LayerChart(layer=list(layers), title=title, width=640, height=400)
    return chart


def _points(summary: pd.DataFrame) -> list[dict[str, Any]]:
    """Each policy's means and intervals, those of stock as x and those of service as y."""
    points: dict[str, dict[str, Any]] = {}
    for row in summary.to_dict("records"):
        axis = {STOCK: "x", SERVICE: "y"}.get(row["measure"])
        if axis:
            place = {axis: row["mean"], f"{axis}_low": row["low"], f"{axis}_high": row["high"]}
            points.setdefault(row["policy"], {"policy": row["policy"]}).update(place)
    if not all("x" in point and "y" in point for point in points.values()) or not points:
        raise ScenarioError(f"--chart needs the measures {SERVICE} and {STOCK}; name both with --measure, or name none")
    return list(points.values())


def _finding(points: list[dict[str, Any]]) -> str:
    """What the picture says, for its title."""
    best, least = max(points, key=lambda point: point["y"]), min(points, key=lambda point: point["x"])
    return (
        f"{best['policy']} fills most ({100 * best['y']:.1f} %), {least['policy']} holds least ({least['x']:.0f} days)"
    )


def save(chart: alt.LayerChart, file: Path) -> None:
    """Write the chart; an .html file needs no network to be shown."""
    chart.save(str(file), **({"inline": True} if file.suffix == ".html" else {"scale_factor": 2}))
