"""Pictures of results: pure functions from a table to a chart."""

from __future__ import annotations

from collections.abc import Mapping
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
    y = alt.Y(
        "y:Q", title="fill rate", axis=alt.Axis(format=".0%"), scale=alt.Scale(zero=False, padding=20, clamp=True)
    )
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


UP, DOWN, ENDS = "#0072B2", "#D55E00", "#1A1A1A"


def waterfall(table: pd.DataFrame, about: str, titles: Mapping[str, str], currency: str) -> alt.VConcatChart:
    """From one policy to the other, a bar an element, with 95 % intervals; a panel for each measure."""
    import altair as alt

    panels = [
        _bars(part, f"{titles[str(measure)]}, {_unit(part, currency)}")
        for measure, part in table.groupby("measure", sort=False)
    ]
    rows = [alt.hconcat(*panels[k : k + 2], spacing=30) for k in range(0, len(panels), 2)]
    start, end = table.iloc[0]["title"], table[table["element"] == "end"].iloc[0]["title"]
    title = alt.TitleParams(f"From {start} to {end}", subtitle=f"{about}; whiskers are 95 % intervals", anchor="start")
    chart: alt.VConcatChart = alt.vconcat(*rows, title=title).configure_axisX(labelAngle=-35)
    return chart


def _unit(part: pd.DataFrame, currency: str) -> str:
    unit = str(part.iloc[0]["unit"])
    return "%" if unit == "share" else unit.replace("money", currency)


def _bars(part: pd.DataFrame, title: str) -> alt.LayerChart:
    """The steps of one measure: where each begins and ends, and how sure its size is."""
    import altair as alt

    rows, level = [], 0.0
    scale = 100.0 if part.iloc[0]["unit"] == "share" else 1.0
    for bar in part[part["element"] != "total"].to_dict("records"):
        ends = bar["element"] in ("start", "end")
        begin = 0.0 if ends else level
        level = bar["value"] * scale if ends else level + bar["value"] * scale
        half = (bar["high"] - bar["low"]) / 2 * scale
        colour = ENDS if ends else UP if bar["value"] >= 0 else DOWN
        reach = {"low": level - half, "high": level + half}
        rows.append(
            {"element": bar["title"], "from": begin, "to": level, "colour": colour, "by": bar["value"] * scale, **reach}
        )
    base = alt.Chart(alt.InlineData(values=rows), title=title, width=330, height=220)
    x = alt.X("element:N", sort=None, title=None)
    least = min(min(row["to"], row["low"]) for row in rows)
    domain = [
        0.0 if least < 0.5 * max(row["to"] for row in rows) else least * 0.97,
        max(row["high"] for row in rows) * 1.01,
    ]
    y = alt.Y("from:Q", title=None, scale=alt.Scale(domain=domain, clamp=True, zero=False))
    paint = alt.Color("colour:N", scale=None)
    bars = base.mark_bar().encode(x=x, y=y, y2="to:Q", color=paint, tooltip=["element:N", "by:Q", "low:Q", "high:Q"])
    whiskers = base.mark_rule(color="#999999", strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    chart: alt.LayerChart = alt.LayerChart(layer=[bars, whiskers])
    return chart


def save(chart: alt.LayerChart | alt.VConcatChart, file: Path) -> None:
    """Write the chart; an .html file needs no network to be shown."""
    chart.save(str(file), **({"inline": True} if file.suffix == ".html" else {"scale_factor": 2}))
