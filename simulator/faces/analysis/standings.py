"""Pictures of how settings stand: the frontier, comparisons with the best, all at once, with more replications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.faces.analysis.pictures import (
    BAR,
    CHART_WIDTH,
    chart_rows,
    inline,
    inside,
    level_text,
    reach_of,
    title_of,
    titled,
    zero,
)
from simulator.faces.charts.look import DASHES, LIGHT, SILENT, Look, figure, plain, speaking
from simulator.faces.charts.scale import BROKEN, LINE, in_rows, legend, told_apart
from simulator.results.kpis import MEASURES

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

MOST_RANKED = 20
"""Settings that are drawn beside the best; the table has all."""

MOST_NAMED = 7
"""Values of an axis that are all written; of more, the ends are."""

ENDS = ("mean", "low", "high")

HEAD, SETTING = 16, 48
"""Letters of a line above an axis, so that those beside each other keep apart, and of a setting beside one."""

CHOSEN = "chosen"
"""The setting of a frontier that a reader points at."""


def labels(table: pd.DataFrame, factors: Sequence[str], look: Look = LIGHT) -> list[str]:
    """Each row's setting in words: the policy where there are several, and every factor's value."""
    many = table["policy"].nunique() > 1
    named = table["label"] if "label" in table else table["policy"]
    rows = zip(named, *(table[name] for name in factors), strict=True)
    return [
        ", ".join(
            [*([str(policy)] if many or not values else [])]
            + [f"{look.say(name)} {level_text(value)}" for name, value in zip(factors, values, strict=True)]
        )
        for policy, *values in rows
    ]


def draw_frontier(
    table: pd.DataFrame, service: str, stock: str, colour: str, currency: str = "money", look: Look = LIGHT
) -> alt.LayerChart:
    """Service over stock, each point and policy; those on the frontier joined, with crosses; calm or nervous by colour."""
    import altair as alt

    sides = (stock, service)
    rows = _with_ends(table, sides)
    marks, spoken = speaking(*_told(rows, table, currency, look), look)
    base = alt.Chart(alt.InlineData(values=marks))
    ends = {side: [*rows[f"{side}_low"], *rows[f"{side}_high"]] for side in sides}
    reaches = [reach_of(side, rows[side], look, ends=ends[side]) for side in sides]
    titles = [title_of(side, currency, look) for side in sides]
    x = alt.X(f"{stock}:Q", scale=reaches[0].scale(), axis=reaches[0].axis(titles[0]))
    y = alt.Y(f"{service}:Q", scale=reaches[1].scale(), axis=reaches[1].axis(titles[1]))
    front = base.transform_filter("datum.efficient")
    crosses = front.mark_rule(color=look.faint, strokeWidth=1.5, **SILENT)
    layers = [
        front.mark_line(color=look.ink, strokeDash=[4, 3], **SILENT).encode(x=x, y=y, order=f"{stock}:Q"),
        crosses.encode(x=x, y=f"{service}_low:Q", y2=f"{service}_high:Q"),
        crosses.encode(x=f"{stock}_low:Q", x2=f"{stock}_high:Q", y=y),
        _marks(base, table, colour, look).encode(x=x, y=y, **spoken),
    ]
    count, beaten = int(table["efficient"].sum()), int(table["beaten_by"].notna().sum())
    words = look.say("{count} of {all} settings lie on the frontier, {beaten} surely beaten")
    finding = words.format(count=count, all=len(table), beaten=beaten)
    about = look.say("up and to the left is better; crosses are 95 % intervals")
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=CHART_WIDTH, height=380)


def _with_ends(table: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """The ends of the intervals beside the means."""
    ends = {
        f"{m}_{end}": table[m] + sign * table[f"{m}_half"] for m in measures for end, sign in (("low", -1), ("high", 1))
    }
    return table.drop(columns="beaten_by").assign(**ends)


def _told(
    rows: pd.DataFrame, table: pd.DataFrame, currency: str, look: Look
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Rows with what each setting is and gives in words, and the titles of those words."""
    titles = {"label" if "label" in table else "policy": "policy"}
    told = rows.copy()
    for name in table.columns:
        if name in MEASURES:
            halves = table[f"{name}_half"] if f"{name}_half" in table else np.full(len(table), np.nan)
            unit = MEASURES[name].unit
            told[f"{name}_said"] = [
                figure(mean, mean - half, mean + half, unit, currency, look)
                for mean, half in zip(table[name], halves, strict=True)
            ]
            titles[f"{name}_said"] = MEASURES[name].title
        elif name not in ("point", "policy", "label", "efficient", "beaten_by") and not name.endswith("_half"):
            told[f"{name}_said"] = [level_text(value) for value in table[name]]
            titles[f"{name}_said"] = name
    return chart_rows(told), titles


def _marks(base: alt.Chart, table: pd.DataFrame, colour: str, look: Look) -> alt.Chart:
    """A mark a setting, its policy by shape; the one that is pointed at stands out.

    Colour says how nervous it is where settings can be told apart in that, else which policy it is.
    """
    import altair as alt

    policy = "label" if "label" in table else "policy"
    word = look.say("policy")
    names = list(dict.fromkeys(table[policy]))
    by_policy = legend(names, look).to_dict() | {"title": word}
    shape = alt.Shape(f"{policy}:N", title=word, legend=by_policy, scale=alt.Scale(domain=names))
    scale = alt.Scale(domain=names, range=list(look.colours[: len(names)]))
    paint = alt.Color(f"{policy}:N", title=word, legend=by_policy, scale=scale)
    if colour in table and _apart(table, colour):
        reach = reach_of(colour, table[colour], look, room=0.0, count=3)
        named = reach.legend(look.say(MEASURES[colour].title), orient="top", gradientLength=120)
        ramp = alt.Scale(domain=[reach.low, reach.high], range=list(look.ramp))
        paint = alt.Color(f"{colour}:Q", scale=ramp, legend=named)
    chosen = alt.selection_point(name=CHOSEN, fields=["point", "policy"], empty=False)
    size = alt.condition(chosen, alt.value(260), alt.value(60))
    marks = base.mark_point(filled=True, opacity=0.9).encode(shape=shape, color=paint, size=size)
    chart: alt.Chart = marks.add_params(chosen)
    return chart


def _apart(table: pd.DataFrame, measure: str) -> bool:
    """Tell if any two settings surely differ in a measure."""
    half = table.get(f"{measure}_half", 0.0)
    return told_apart(zip(table[measure] - half, table[measure] + half, strict=True))


def draw_ranking(
    table: pd.DataFrame, measure: str, factors: Sequence[str], currency: str = "money", look: Look = LIGHT
) -> alt.LayerChart:
    """Draw the distance of each of the best settings from the best of the others; the intervals hold for all at once."""
    import altair as alt

    say, unit = look.say, MEASURES[measure].unit
    title = title_of(measure, currency, look, gap=True)
    part = table.head(MOST_RANKED)
    names = labels(part, factors, look)
    lines = [in_rows(name, SETTING) for name in names]
    told = _distances(part, unit, currency, look)
    words = {True: say("may be the best"), False: say("surely is not")}
    rows = part.assign(setting=names, lines=lines, level=[t[0] for t in told], apart=[t[1] for t in told])[
        ["setting", "lines", "from_best_low", "from_best_high", "level", "apart", "possible"]
    ]
    rows["possible"] = rows["possible"].map(words)
    marks, spoken = speaking(
        chart_rows(rows),
        {"setting": "setting", "level": "mean", "apart": "from the best of the others", "possible": ""},
        look,
    )
    base = alt.Chart(alt.InlineData(values=marks))
    y = alt.Y("lines:N", sort=lines, title=None, axis=alt.Axis(**BROKEN))
    paint = alt.Color(
        "possible:N", scale=alt.Scale(domain=list(words.values()), range=[look.up, look.faint]),
        legend=legend(words.values(), look),
    )  # fmt: skip
    behind = say("{measure}: from the best of the others").format(measure=title)
    reach = reach_of(measure, [*part["from_best_low"], *part["from_best_high"]], look, gap=True)
    x = alt.X("from_best_low:Q", axis=reach.axis(behind), scale=reach.scale())
    layers = [
        base.mark_rule(strokeWidth=6).encode(y=y, x=x, x2="from_best_high:Q", color=paint, **spoken),
        zero(look),
    ]
    count = int(table["possible"].sum())
    finding = say("{count} of {all} settings may be the best").format(count=count, all=len(table))
    about = say("intervals hold for all settings at once, with 95 % confidence")
    tall = BAR * 0.8 + LINE * max(text.count("\n") for text in lines)
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=CHART_WIDTH, height=tall * len(rows) + 20)


def _distances(part: pd.DataFrame, unit: str, currency: str, look: Look) -> list[tuple[str, str]]:
    """The mean of each setting, and the ends of its distance from the best of the others, in words."""
    ends = zip(part["mean"], part["half_width"], part["from_best_low"], part["from_best_high"], strict=True)
    return [
        (
            figure(mean, mean - half, mean + half, unit, currency, look),
            figure((low + high) / 2, low, high, unit, currency, look, gap=True).split(" [")[-1].rstrip("]"),
        )
        for mean, half, low, high in ends
    ]


def draw_parallel(table: pd.DataFrame, measure: str, look: Look = LIGHT) -> alt.LayerChart:
    """A line a setting over all factors and measures; the best tenth stands out."""
    import altair as alt

    say = look.say
    called = [say(MEASURES[name].title if name in MEASURES else name) for name in table["axis"]]
    rows = table.assign(axis=called, head=[in_rows(name, HEAD) for name in called])
    order = list(dict.fromkeys(rows["head"]))
    above = 3 + LINE * max(name.count("\n") for name in order)
    axis = alt.Axis(labelAngle=0, orient="top", domain=False, labelPadding=above, **BROKEN)
    x = alt.X("head:N", sort=order, title=None, axis=axis)
    y = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[-0.08, 1.08]))
    marks, spoken = speaking(chart_rows(rows), {"axis": "", "shown": ""}, look)
    base = alt.Chart(alt.InlineData(values=marks))
    paint = alt.Color("best:N", scale=alt.Scale(domain=[True, False], range=[look.up, look.faint]), legend=None)
    lines = [
        base.transform_filter("datum.best" if best else "!datum.best")
        .mark_line(strokeWidth=2.2 if best else 1, opacity=0.9 if best else 0.25, **SILENT)
        .encode(x=x, y=y, detail="row:N", color=paint, tooltip=spoken["tooltip"])
        for best in (False, True)
    ]
    ticks = alt.Chart(inline(_axis_ends(rows)))
    ends: Any = {"y": alt.YDatum(0, axis=None), "y2": alt.YDatum(1)}
    poles = ticks.mark_rule(color=look.ink, opacity=0.6, **SILENT).encode(x=x, **ends)
    away = alt.expr("datum.place == 0 ? 11 : datum.place == 1 ? -9 : 0")
    words = ticks.encode(x=x, y=y, text="shown:N")
    halo = words.mark_text(fontSize=11, dy=away, stroke=look.paper, strokeWidth=4, strokeJoin="round", **SILENT)
    text = [halo, words.mark_text(fontSize=11, dy=away, color=look.ink, **SILENT)]
    title = inside(say(MEASURES[measure].title))
    about = say("a line a setting; blue: the tenth of them that is best in {measure}").format(measure=title)
    return alt.LayerChart(
        layer=[*lines, poles, *text], title=titled(_best_tenth(table, look), about), width=CHART_WIDTH, height=360
    )


def _axis_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Choose the values to write along each axis: every value where they are few, else the ends."""
    import pandas as pd

    parts = []
    for _, part in rows.groupby("axis", sort=False):
        once = part.drop_duplicates("place").sort_values("place")
        parts.append((once if len(once) <= MOST_NAMED else once.iloc[[0, -1]])[["head", "place", "shown"]])
    return pd.concat(parts)


def _best_tenth(table: pd.DataFrame, look: Look) -> str:
    """Locate the best settings by the factor that they agree on most."""
    best = table[table["best"] & (table["kind"] == "factor")]
    spread = best.groupby("axis", sort=False)["place"].agg(lambda places: float(places.max() - places.min()))
    if spread.empty:
        return look.say("All settings at once")
    axis = str(spread.idxmin())
    ends = best[best["axis"] == axis].sort_values("place")["shown"].tolist()
    at = ends[0] if ends[0] == ends[-1] else look.say("{low} to {high}").format(low=ends[0], high=ends[-1])
    return look.say("The best tenth of all settings has {factor} {at}").format(factor=look.say(axis), at=at)


def draw_convergence(
    table: pd.DataFrame, measure: str, factors: Sequence[str], currency: str = "money", look: Look = LIGHT
) -> alt.LayerChart:
    """The mean of the first so many replications with its 95 % interval, for the best few settings."""
    import altair as alt

    say, unit = look.say, MEASURES[measure].unit
    rows = table.assign(setting=labels(table, factors, look))
    rows["level"] = [
        figure(mean, low, high, unit, currency, look) for mean, low, high in rows[list(ENDS)].itertuples(index=False)
    ]
    rows["runs"] = [plain(count) for count in rows["replications"]]
    names = list(dict.fromkeys(rows["setting"]))
    named = legend(names, look, symbolType="stroke", symbolOpacity=1)
    paint = alt.Color(
        "setting:N", sort=names, scale=alt.Scale(domain=names, range=list(look.colours[: len(names)])), legend=named
    )
    dash = alt.StrokeDash("setting:N", scale=alt.Scale(domain=names, range=list(DASHES[: len(names)])), legend=named)
    kept = rows.drop(columns=[name for name in factors if name in rows])
    marks, spoken = speaking(chart_rows(kept), {"setting": "setting", "runs": "replications", "level": "mean"}, look)
    base = alt.Chart(alt.InlineData(values=marks))
    x = alt.X(
        "replications:Q", title=say("replications"), scale=alt.Scale(nice=False), axis=alt.Axis(format="d", tickCount=8)
    )
    reach = reach_of(measure, rows["mean"], look, ends=[*rows["low"], *rows["high"]])
    y = alt.Y("mean:Q", scale=reach.scale(), axis=reach.axis(title_of(measure, currency, look)))
    layers = [
        base.mark_area(opacity=0.18, **SILENT).encode(
            x=x, y=alt.Y("low:Q", scale=reach.scale()), y2="high:Q", color=paint
        ),
        base.mark_line(strokeWidth=2, **SILENT).encode(x=x, y=y, color=paint, strokeDash=dash),
        base.mark_point(filled=True, size=40, opacity=0).encode(x=x, y=y, **spoken),
    ]
    last = table[table["row"] == table["row"].iloc[0]].iloc[-1]
    half = (last["high"] - last["low"]) / 2
    words = say("After {count} replications the best setting is known to ± {half}")
    finding = words.format(count=int(last["replications"]), half=_said(half, measure, look))
    about = say("mean of the first so many replications, bands are 95 % intervals; the best three settings")
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=CHART_WIDTH, height=340)


def _said(value: Any, measure: str, look: Look) -> str:
    share = MEASURES[measure].unit in ("share", "probability")
    return look.say("{half} points").format(half=f"{100 * value:.2f}") if share else f"{np.float64(value):,.3g}"


__all__ = ["CHOSEN", "draw_convergence", "draw_frontier", "draw_parallel", "draw_ranking", "labels"]
