"""Draw the worth of each element of S&OP: a waterfall, and the ladder of switching on one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.faces.charts.look import (
    LIGHT,
    SILENT,
    Look,
    data,
    factor,
    figure,
    in_short,
    speaking,
    unit_said,
    unit_words,
)
from simulator.faces.charts.scale import Span, bounds, span

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


def waterfall(table: pd.DataFrame, about: str, titles: Mapping[str, str], currency: str) -> alt.VConcatChart:
    """From one policy to the other, a panel for each measure."""
    import altair as alt

    panels = [
        bars(
            part, f"{titles[str(measure)]}, {unit_words(str(part.iloc[0]['unit']), currency)}", currency=currency
        ).properties(width=330)
        for measure, part in table.groupby("measure", sort=False)
    ]
    rows = [alt.hconcat(*panels[k : k + 2], spacing=30) for k in range(0, len(panels), 2)]
    start, end = table.iloc[0]["title"], table[table["element"] == "end"].iloc[0]["title"]
    title = alt.TitleParams(f"From {start} to {end}", subtitle=f"{about}; whiskers are 95 % intervals", anchor="start")
    chart: alt.VConcatChart = alt.vconcat(*rows, title=title)
    return chart


def falls(part: pd.DataFrame, look: Look = LIGHT, currency: str = "") -> list[dict[str, Any]]:
    """The bars of one measure: where each begins and ends, and how sure its size is; grey where it may be none."""
    rows, level, unit = [], 0.0, str(part.iloc[0]["unit"])
    scale = factor(unit)
    for bar in part[part["element"] != "total"].to_dict("records"):
        ends = bar["element"] in ("start", "end")
        begin = 0.0 if ends else level
        level = bar["value"] * scale if ends else level + bar["value"] * scale
        half = (bar["high"] - bar["low"]) / 2 * scale
        unsure = bar["low"] <= 0 <= bar["high"]
        colour = look.ink if ends else look.faint if unsure else look.up if bar["value"] >= 0 else look.down
        worth = figure(bar["value"], bar["low"], bar["high"], unit, currency, look, gap=not ends)
        reach = {"low": level - half, "high": level + half, "by": bar["value"] * scale, "half": half, "worth": worth}
        text = {"figure": bar.get("said", ""), "top": max(begin, level, level + half)}
        rows.append({"element": in_short(bar["title"]), "from": begin, "to": level, "colour": colour, **reach, **text})
    return rows


def bars(part: pd.DataFrame, title: str, look: Look = LIGHT, currency: str = "") -> alt.LayerChart:
    """One measure: start, what each element adds or takes, end; whiskers are 95 % intervals."""
    import altair as alt

    rows, spoken = speaking(falls(part, look, currency), {"element": "", "worth": "worth"}, look)
    base = alt.Chart(data(rows), title=alt.TitleParams(title, anchor="start"))
    x = alt.X("element:N", sort=None, title=None, axis=alt.Axis(labelAngle=-35, labelLimit=190, labelOverlap=False))
    reach = _reach_of_bars(part, rows, look)
    y = alt.Y("from:Q", axis=reach.axis(), scale=reach.scale())
    drawn = base.mark_bar().encode(x=x, y=y, y2="to:Q", color=alt.Color("colour:N", scale=None), **spoken)
    whiskers = base.mark_rule(color=look.ink, strokeWidth=1.5, **SILENT).encode(
        x=x, y=alt.Y("low:Q", scale=reach.scale()), y2="high:Q"
    )
    figures = base.mark_text(dy=-8, color=look.ink, **SILENT).encode(x=x, y="top:Q", text="figure:N")
    chart: alt.LayerChart = alt.LayerChart(layer=[drawn, whiskers, figures], height=330)
    return chart


def _reach_of_bars(part: pd.DataFrame, rows: list[dict[str, Any]], look: Look) -> Span:
    """From nothing where that is near, else from below the lowest bar; no share beyond the whole."""
    levels, ends = [row["to"] for row in rows], [row[end] for row in rows for end in ("low", "high")]
    least, most = min(levels + ends), max(levels + ends)
    zero, within = least < 0.5 * most or least <= 0, bounds(str(part.iloc[0]["unit"]))
    return span(levels, look=look, zero=zero, room=(0.1, 0.08), within=within, ends=ends)


def ladder(
    rungs: list[dict[str, Any]],
    title: str,
    look: Look = LIGHT,
    shown: int | None = None,
    unit: str = "",
    currency: str = "",
) -> alt.LayerChart:
    """The measure after each element is switched on, in the order of the ladder; `shown` rungs so far."""
    import altair as alt

    scale = factor(unit)
    rungs = [
        {**rung, "element": in_short(rung["element"])}
        | {"level": figure(rung["mean"] / scale, rung["low"] / scale, rung["high"] / scale, unit, currency, look)}
        for rung in rungs
    ]
    names = [rung["element"] for rung in rungs]
    rungs, spoken = speaking(rungs, {"element": "", "level": ""}, look)
    ends = [rung[end] for rung in rungs for end in ("low", "high")]
    reach = span([rung["mean"] for rung in rungs], look=look, room=0.12, within=bounds(unit), ends=ends)
    for rung in rungs:
        rung["figure"] = rung["level"].split(" [")[0].removesuffix(unit_said(unit, currency, look)).strip()
    base = alt.Chart(data(rungs[:shown]), title=alt.TitleParams(title, anchor="start"))
    x = alt.X(
        "element:N",
        sort=names,
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(labelAngle=-35, labelLimit=190, labelOverlap=False),
    )
    y = alt.Y("low:Q", axis=reach.axis(), scale=reach.scale())
    steps = base.mark_line(color=look.faint, interpolate="step-after", **SILENT)
    layers = [
        steps.encode(x=x, y=alt.Y("mean:Q", scale=reach.scale())),
        base.mark_rule(strokeWidth=4, color=look.up, **SILENT).encode(x=x, y=y, y2="high:Q"),
        base.mark_point(filled=True, size=110, opacity=1, color=look.up).encode(x=x, y="mean:Q", **spoken),
        base.mark_text(dy=-14, color=look.ink, **SILENT).encode(x=x, y="high:Q", text="figure:N"),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=330)
    return chart
