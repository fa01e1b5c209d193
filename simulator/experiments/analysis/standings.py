"""Pictures of how settings stand: the frontier, comparisons with the best, all at once, with more replications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.charts.look import DASHES, LIGHT, Look
from simulator.experiments.analysis.pictures import BAR, WIDTH, axis_of, inline, inside, number, titled, zero
from simulator.measures import MEASURES

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

MOST_RANKED = 20
"""Settings that are drawn beside the best; the table has all."""

MOST_NAMED = 7
"""Values of an axis that are all written; of more, the ends are."""

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
            + [f"{look.say(name)} {number(value)}" for name, value in zip(factors, values, strict=True)]
        )
        for policy, *values in rows
    ]


def frontier(
    table: pd.DataFrame, service: str, stock: str, colour: str, currency: str = "money", look: Look = LIGHT
) -> alt.LayerChart:
    """Service over stock, each point and policy; those on the frontier joined, with crosses; calm or nervous by colour."""
    import altair as alt

    sides = [axis_of(measure, currency, look) for measure in (stock, service)]
    base = alt.Chart(inline(_with_ends(table, (service, stock))))
    room = alt.Scale(zero=False, padding=20)
    axes = [alt.Axis(title=title, format=form, tickCount=6) for title, form in sides]
    x = alt.X(f"{stock}:Q", title=sides[0][0], scale=room, axis=axes[0])
    y = alt.Y(f"{service}:Q", title=sides[1][0], scale=room, axis=axes[1])
    front = base.transform_filter("datum.efficient")
    crosses = front.mark_rule(color=look.faint, strokeWidth=1.5)
    layers = [
        front.mark_line(color=look.ink, strokeDash=[4, 3]).encode(x=x, y=y, order=f"{stock}:Q"),
        crosses.encode(x=x, y=f"{service}_low:Q", y2=f"{service}_high:Q"),
        crosses.encode(x=f"{stock}_low:Q", x2=f"{stock}_high:Q", y=y),
        _marks(base, table, colour, look).encode(x=x, y=y, tooltip=_tips(table, look)),
    ]
    count, beaten = int(table["efficient"].sum()), int(table["beaten_by"].notna().sum())
    words = look.say("{count} of {all} settings lie on the frontier, {beaten} surely beaten")
    finding = words.format(count=count, all=len(table), beaten=beaten)
    about = look.say("up and to the left is better; crosses are 95 % intervals")
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=WIDTH, height=380)


def _with_ends(table: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """The ends of the intervals beside the means."""
    ends = {
        f"{m}_{end}": table[m] + sign * table[f"{m}_half"] for m in measures for end, sign in (("low", -1), ("high", 1))
    }
    return table.drop(columns="beaten_by").assign(**ends)


def _marks(base: alt.Chart, table: pd.DataFrame, colour: str, look: Look) -> alt.Chart:
    """A mark a setting, its policy by shape; the one that is pointed at stands out."""
    import altair as alt

    policy = "label" if "label" in table else "policy"
    word = look.say("policy")
    by_policy = alt.Legend(title=word, orient="top")
    names = list(dict.fromkeys(table[policy]))
    shape = alt.Shape(f"{policy}:N", title=word, legend=by_policy, scale=alt.Scale(domain=names))
    scale = alt.Scale(domain=names, range=list(look.colours[: len(names)]))
    paint = alt.Color(f"{policy}:N", title=word, legend=by_policy, scale=scale)
    if colour in table and table[colour].notna().any():
        legend = alt.Legend(
            title=look.say(MEASURES[colour].title),
            orient="top",
            gradientLength=120,
            tickCount=3,
            format=axis_of(colour)[1],
        )
        paint = alt.Color(f"{colour}:Q", scale=alt.Scale(range=list(look.ramp)), legend=legend)
    chosen = alt.selection_point(name=CHOSEN, fields=["point", "policy"], empty=False)
    size = alt.condition(chosen, alt.value(260), alt.value(60))
    marks = base.mark_point(filled=True, opacity=0.9).encode(shape=shape, color=paint, size=size)
    chart: alt.Chart = marks.add_params(chosen)
    return chart


def _tips(table: pd.DataFrame, look: Look) -> list[alt.Tooltip]:
    import altair as alt
    from pandas.api.types import is_numeric_dtype

    shown = [
        name for name in table.columns if name not in ("beaten_by", "efficient", "label") and not name.endswith("_half")
    ]
    titles = {name: look.say(MEASURES[name].title if name in MEASURES else name) for name in shown}
    forms = {name: axis_of(name)[1].replace("~s", ",.4~g") if name in MEASURES else ",.6~g" for name in shown}
    return [
        alt.Tooltip(f"{name}:Q", title=titles[name], format=forms[name])
        if is_numeric_dtype(table[name])
        else alt.Tooltip(f"{name}:N", title=titles[name])
        for name in shown
    ]


def ranking(
    table: pd.DataFrame, measure: str, factors: Sequence[str], currency: str = "money", look: Look = LIGHT
) -> alt.LayerChart:
    """How far each of the best settings lies from the best of the others; the intervals hold for all at once."""
    import altair as alt

    say = look.say
    title, form = axis_of(measure, currency, look)
    names = labels(table, factors, look)[:MOST_RANKED]
    rows = table.head(MOST_RANKED).assign(setting=names)[
        ["setting", "from_best_low", "from_best_high", "mean", "possible"]
    ]
    words = {True: say("may be the best"), False: say("surely is not")}
    rows["possible"] = rows["possible"].map(words)
    base = alt.Chart(inline(rows))
    y = alt.Y("setting:N", sort=names, title=None, axis=alt.Axis(labelLimit=300))
    paint = alt.Color(
        "possible:N", scale=alt.Scale(domain=list(words.values()), range=[look.up, look.faint]),
        legend=alt.Legend(title=None, orient="top"),
    )  # fmt: skip
    apart = say("{measure}: from the best of the others").format(measure=title)
    x = alt.X("from_best_low:Q", title=apart, axis=alt.Axis(format=form))
    tips = [alt.Tooltip("setting:N", title=say("setting")), alt.Tooltip("mean:Q", title=title, format=form)]
    layers = [
        base.mark_rule(strokeWidth=6).encode(y=y, x=x, x2="from_best_high:Q", color=paint, tooltip=tips),
        zero(look),
    ]
    count = int(table["possible"].sum())
    finding = say("{count} of {all} settings may be the best").format(count=count, all=len(table))
    about = say("intervals hold for all settings at once, with 95 % confidence")
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=WIDTH, height=BAR * 0.8 * len(rows) + 20)


def parallel(table: pd.DataFrame, measure: str, look: Look = LIGHT) -> alt.LayerChart:
    """A line a setting over all factors and measures; the best tenth stands out."""
    import altair as alt

    say = look.say
    rows = table.assign(axis=[say(MEASURES[name].title if name in MEASURES else name) for name in table["axis"]])
    order = list(dict.fromkeys(rows["axis"]))
    x = alt.X("axis:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelLimit=110, orient="top", domain=False))
    y = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[-0.08, 1.08]))
    base = alt.Chart(inline(rows))
    paint = alt.Color("best:N", scale=alt.Scale(domain=[True, False], range=[look.up, look.faint]), legend=None)
    tips = [alt.Tooltip("axis:N", title=" "), alt.Tooltip("shown:N", title=" ")]
    lines = [
        base.transform_filter("datum.best" if best else "!datum.best")
        .mark_line(strokeWidth=2.2 if best else 1, opacity=0.9 if best else 0.25)
        .encode(x=x, y=y, detail="row:N", color=paint, tooltip=tips)
        for best in (False, True)
    ]
    ticks = alt.Chart(inline(_axis_ends(rows)))
    ends: Any = {"y": alt.YDatum(0, axis=None), "y2": alt.YDatum(1)}
    poles = ticks.mark_rule(color=look.ink, opacity=0.6).encode(x=x, **ends)
    away = alt.expr("datum.place == 0 ? 11 : datum.place == 1 ? -9 : 0")
    words = ticks.encode(x=x, y=y, text="shown:N")
    halo = words.mark_text(fontSize=11, dy=away, stroke=look.paper, strokeWidth=4, strokeJoin="round")
    text = [halo, words.mark_text(fontSize=11, dy=away, color=look.ink)]
    title = inside(say(MEASURES[measure].title))
    about = say("a line a setting; blue: the tenth of them that is best in {measure}").format(measure=title)
    return alt.LayerChart(
        layer=[*lines, poles, *text], title=titled(_best_tenth(table, look), about), width=WIDTH, height=360
    )


def _axis_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """What is written along each axis: every value where they are few, else the ends."""
    import pandas as pd

    parts = []
    for _, part in rows.groupby("axis", sort=False):
        once = part.drop_duplicates("place").sort_values("place")
        parts.append((once if len(once) <= MOST_NAMED else once.iloc[[0, -1]])[["axis", "place", "shown"]])
    return pd.concat(parts)


def _best_tenth(table: pd.DataFrame, look: Look) -> str:
    """Where the best settings lie: at the factor that they agree on most."""
    best = table[table["best"] & (table["kind"] == "factor")]
    spread = best.groupby("axis", sort=False)["place"].agg(lambda places: float(places.max() - places.min()))
    if spread.empty:
        return look.say("All settings at once")
    axis = str(spread.idxmin())
    ends = best[best["axis"] == axis].sort_values("place")["shown"].tolist()
    at = ends[0] if ends[0] == ends[-1] else look.say("{low} to {high}").format(low=ends[0], high=ends[-1])
    return look.say("The best tenth of all settings has {factor} {at}").format(factor=look.say(axis), at=at)


def convergence(
    table: pd.DataFrame, measure: str, factors: Sequence[str], currency: str = "money", look: Look = LIGHT
) -> alt.LayerChart:
    """The mean of the first so many replications with its 95 % interval, for the best few settings."""
    import altair as alt

    say = look.say
    title, form = axis_of(measure, currency, look)
    rows = table.assign(setting=labels(table, factors, look))
    names = list(dict.fromkeys(rows["setting"]))
    legend = alt.Legend(title=None, orient="top", columns=1, labelLimit=480, symbolType="stroke", symbolOpacity=1)
    paint = alt.Color(
        "setting:N", sort=names, scale=alt.Scale(domain=names, range=list(look.colours[: len(names)])), legend=legend
    )
    dash = alt.StrokeDash("setting:N", scale=alt.Scale(domain=names, range=list(DASHES[: len(names)])), legend=legend)
    base = alt.Chart(inline(rows.drop(columns=[name for name in factors if name in rows])))
    x = alt.X(
        "replications:Q", title=say("replications"), scale=alt.Scale(nice=False), axis=alt.Axis(format="d", tickCount=8)
    )
    y = alt.Y("mean:Q", title=title, scale=alt.Scale(zero=False), axis=alt.Axis(format=form))
    tips = [alt.Tooltip("setting:N", title=say("setting")), alt.Tooltip("mean:Q", title=say("mean"), format=form)]
    layers = [
        base.mark_area(opacity=0.18).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=paint),
        base.mark_line(strokeWidth=2).encode(x=x, y=y, color=paint, strokeDash=dash, tooltip=tips),
    ]
    last = table[table["row"] == table["row"].iloc[0]].iloc[-1]
    half = (last["high"] - last["low"]) / 2
    words = say("After {count} replications the best setting is known to ± {half}")
    finding = words.format(count=int(last["replications"]), half=_said(half, measure, look))
    about = say("mean of the first so many replications, bands are 95 % intervals; the best three settings")
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=WIDTH, height=340)


def _said(value: Any, measure: str, look: Look) -> str:
    share = MEASURES[measure].unit in ("share", "probability")
    return look.say("{half} points").format(half=f"{100 * value:.2f}") if share else f"{np.float64(value):,.3g}"


__all__ = ["CHOSEN", "convergence", "frontier", "labels", "parallel", "ranking"]
