"""What each element of S&OP is worth: a waterfall, and the ladder of switching on one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.charts.look import LIGHT, Look, axis, data, factor, in_short, unit_words

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


def waterfall(table: pd.DataFrame, about: str, titles: Mapping[str, str], currency: str) -> alt.VConcatChart:
    """From one policy to the other, a panel for each measure."""
    import altair as alt

    panels = [
        bars(part, f"{titles[str(measure)]}, {unit_words(str(part.iloc[0]['unit']), currency)}").properties(width=330)
        for measure, part in table.groupby("measure", sort=False)
    ]
    rows = [alt.hconcat(*panels[k : k + 2], spacing=30) for k in range(0, len(panels), 2)]
    start, end = table.iloc[0]["title"], table[table["element"] == "end"].iloc[0]["title"]
    title = alt.TitleParams(f"From {start} to {end}", subtitle=f"{about}; whiskers are 95 % intervals", anchor="start")
    chart: alt.VConcatChart = alt.vconcat(*rows, title=title)
    return chart


def falls(part: pd.DataFrame, look: Look = LIGHT) -> list[dict[str, Any]]:
    """The bars of one measure: where each begins and ends, and how sure its size is."""
    rows, level, scale = [], 0.0, factor(str(part.iloc[0]["unit"]))
    for bar in part[part["element"] != "total"].to_dict("records"):
        ends = bar["element"] in ("start", "end")
        begin = 0.0 if ends else level
        level = bar["value"] * scale if ends else level + bar["value"] * scale
        half = (bar["high"] - bar["low"]) / 2 * scale
        colour = look.ink if ends else look.up if bar["value"] >= 0 else look.down
        reach = {"low": level - half, "high": level + half, "by": bar["value"] * scale, "half": half}
        text = {"said": bar.get("said", ""), "top": max(begin, level, level + half)}
        rows.append({"element": in_short(bar["title"]), "from": begin, "to": level, "colour": colour, **reach, **text})
    return rows


def bars(part: pd.DataFrame, title: str, look: Look = LIGHT) -> alt.LayerChart:
    """One measure: start, what each element adds or takes, end; whiskers are 95 % intervals."""
    import altair as alt

    rows = falls(part, look)
    base = alt.Chart(data(rows), title=alt.TitleParams(title, anchor="start"))
    x = alt.X("element:N", sort=None, title=None, axis=alt.Axis(labelAngle=-35, labelLimit=190, labelOverlap=False))
    least, most = min(min(row["to"], row["low"]) for row in rows), max(row["high"] for row in rows)
    floor = 0.0 if 0 <= least < 0.5 * most else least - 0.1 * (most - least)
    y = alt.Y(
        "from:Q",
        axis=alt.Axis(**axis()),
        scale=alt.Scale(domain=[floor, most + 0.05 * (most - floor)], clamp=True, zero=False),
    )
    tips = [
        alt.Tooltip("element:N", title=look.say("element")),
        alt.Tooltip("by:Q", title=look.say("worth"), format="+,.4~g"),
        alt.Tooltip("half:Q", title="±", format=",.3~g"),
    ]
    drawn = base.mark_bar().encode(x=x, y=y, y2="to:Q", color=alt.Color("colour:N", scale=None), tooltip=tips)
    whiskers = base.mark_rule(color=look.faint, strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    figures = base.mark_text(dy=-8, color=look.ink).encode(x=x, y="top:Q", text="said:N")
    chart: alt.LayerChart = alt.LayerChart(layer=[drawn, whiskers, figures], height=330)
    return chart


def ladder(rungs: list[dict[str, Any]], title: str, look: Look = LIGHT, shown: int | None = None) -> alt.LayerChart:
    """The measure after each element is switched on, in the order of the ladder; `shown` rungs so far."""
    import altair as alt

    seen = rungs if shown is None else rungs[:shown]
    rungs, seen = ([{**rung, "element": in_short(rung["element"])} for rung in part] for part in (rungs, seen))
    names = [rung["element"] for rung in rungs]
    base = alt.Chart(data(seen), title=alt.TitleParams(title, anchor="start"))
    x = alt.X(
        "element:N",
        sort=names,
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(labelAngle=-35, labelLimit=190, labelOverlap=False),
    )
    low, high = min(rung["low"] for rung in rungs), max(rung["high"] for rung in rungs)
    room = 0.06 * (high - low) or 1.0
    scale = alt.Scale(domain=[low - room, high + 2 * room], zero=False, nice=False)
    y = alt.Y("low:Q", axis=alt.Axis(**axis()), scale=scale)
    tips = ["element:N", alt.Tooltip("mean:Q", format=",.4~g")]
    layers = [
        base.mark_line(color=look.faint, interpolate="step-after").encode(x=x, y=alt.Y("mean:Q", scale=scale)),
        base.mark_rule(strokeWidth=4, color=look.up).encode(x=x, y=y, y2="high:Q"),
        base.mark_point(filled=True, size=110, opacity=1, color=look.up).encode(x=x, y="mean:Q", tooltip=tips),
        base.mark_text(dy=-14, color=look.ink).encode(x=x, y="high:Q", text=alt.Text("mean:Q", format=".3~s")),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=330)
    return chart
