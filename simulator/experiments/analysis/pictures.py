"""Pictures of what matters in a study: from a tidy table to a chart whose title states the finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.charts.look import COLOURS, LIGHT, Look
from simulator.measures import MEASURES

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from simulator.experiments.warmup import WarmUp

WIDTH, BAR = 520, 26
MOST_TERMS = 12
"""Terms of a model that are drawn; the table has all."""

SWING_TIPS = {"factor:N": "factor", "at:N": "at", "difference:Q": "change", "low:Q": "from", "high:Q": "to"}
EFFECT_TIPS = {"term:N": "term", "effect:Q": "change", "low:Q": "from", "high:Q": "to"}
SHARE_TIPS = {"factor:N": "factor", "kind:N": "kind", "share:Q": "share", "low:Q": "from", "high:Q": "to"}
CELL_TIPS = {"mean:Q": "mean", "half_width:Q": "half-width (95 %)"}
"""What a mark says when it is pointed at, by field."""

INK, PAPER, PALE = "#1A1A1A", "#FFFFFF", 0.65
"""Figures in cells are dark on pale ones, light on the others, whatever the page's background is."""


def inline(table: pd.DataFrame) -> alt.InlineData:
    """A table as a chart's data."""
    import altair as alt

    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return alt.InlineData(values=[{str(key): _plain(value) for key, value in row.items()} for row in rows])


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def titled(finding: str, about: str) -> alt.TitleParams:
    """What a picture says, and how it is to be read."""
    import altair as alt

    return alt.TitleParams(finding, subtitle=about, anchor="start")


def axis_of(measure: str, currency: str = "money", look: Look = LIGHT) -> tuple[str, str]:
    """Title and number format of an axis."""
    known = MEASURES[measure]
    share = known.unit in ("share", "probability")
    unit = "" if share else f", {look.say(known.unit).replace('money', currency)}"
    return f"{look.say(known.title)}{unit}", ".1%" if share else "~s"


def inside(text: str) -> str:
    """A title within a sentence."""
    return text[0].lower() + text[1:]


def number(value: Any) -> str:
    """A factor's value, without digits that say nothing."""
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)


def tornado(table: pd.DataFrame, measure: str, currency: str = "money", look: Look = LIGHT) -> alt.LayerChart:
    """Two bars a factor about the middle, the widest swing on top, with 95 % whiskers; at each bar the factor's value."""
    import altair as alt

    say = look.say
    title, form = axis_of(measure, currency, look)
    order = [say(str(name)) for name in dict.fromkeys(table["factor"])]
    ends = {"low": say("low"), "high": say("high")}
    rows = table.assign(factor=table["factor"].map(str).map(say), end=table["end"].map(ends))
    y = alt.Y("factor:N", sort=order, title=None)
    legend = alt.Legend(title=say("factor at its"), orient="top")
    paint = alt.Color("end:N", scale=alt.Scale(domain=list(ends.values()), range=[look.down, look.up]), legend=legend)
    change = say("change of {measure}").format(measure=inside(title))
    x = alt.X("difference:Q", title=change, axis=alt.Axis(format=form), scale=alt.Scale(padding=30))
    base = alt.Chart(inline(rows))
    tips = _tips(SWING_TIPS, form, look)
    layers = [
        base.mark_bar().encode(y=y, x=x, color=paint, tooltip=tips),
        base.mark_rule(color=look.ink, strokeWidth=1.5).encode(y=y, x="low:Q", x2="high:Q"),
        zero(look),
        *(_values(base, y, up, look) for up in (True, False)),
    ]
    finding = say("{factor} moves {measure} most").format(factor=order[0], measure=inside(say(MEASURES[measure].title)))
    about = say("whiskers are 95 % intervals on common luck")
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=WIDTH, height=BAR * len(order) + 40)


def zero(look: Look) -> alt.Chart:
    """The line of no change, with data of its own: one mark, which screen readers can name."""
    import altair as alt

    line: alt.Chart = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=look.ink).encode(x="zero:Q")
    return line


def _values(base: alt.Chart, y: alt.Y, up: bool, look: Look) -> alt.Chart:
    """The factor's value beyond the whisker of each bar that goes up, or down."""
    side = base.transform_filter("datum.difference >= 0" if up else "datum.difference < 0")
    text = side.mark_text(align="left" if up else "right", dx=5 if up else -5, color=look.ink, fontSize=11)
    chart: alt.Chart = text.encode(y=y, x="high:Q" if up else "low:Q", text="at:N")
    return chart


def _tips(fields: dict[str, str], form: str, look: Look) -> list[alt.Tooltip]:
    """Fields with their titles in the reader's language."""
    import altair as alt

    return [
        alt.Tooltip(field, title=look.say(title), format=form if field.endswith(":Q") else alt.Undefined)
        for field, title in fields.items()
    ]


def effects(table: pd.DataFrame, measure: str, currency: str = "money", look: Look = LIGHT) -> alt.LayerChart:
    """What each factor and pair of factors changes from its low end to its high one, the largest on top."""
    import altair as alt

    say = look.say
    title, form = axis_of(measure, currency, look)
    rows = table.head(MOST_TERMS).assign(clear=lambda part: (part["low"] > 0) | (part["high"] < 0))
    rows["term"] = [" x ".join(say(name) for name in str(term).split(" x ")) for term in rows["term"]]
    order = rows["term"].tolist()
    base, y = alt.Chart(inline(rows)), alt.Y("term:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    paint = alt.condition("datum.clear", alt.value(look.up), alt.value(look.faint))
    x = alt.X("effect:Q", title=say("change of {measure}").format(measure=inside(title)), axis=alt.Axis(format=form))
    tips = _tips(EFFECT_TIPS, form, look)
    layers = [
        base.mark_rule(strokeWidth=4).encode(y=y, x="low:Q", x2="high:Q", color=paint),
        base.mark_point(filled=True, size=70, opacity=1).encode(y=y, x=x, color=paint, tooltip=tips),
        zero(look),
    ]
    clear, count = int(((table["low"] > 0) | (table["high"] < 0)).sum()), len(table)
    finding = say("{clear} of {count} effects differ from zero").format(clear=clear, count=count)
    about = say("from the low end to the high one, with 95 % intervals; grey: not distinguishable")
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=WIDTH, height=BAR * len(order) + 20)


def sobol(table: pd.DataFrame, measure: str, look: Look = LIGHT) -> alt.LayerChart:
    """For each factor the share of variance that it explains alone and with interactions, with 95 % whiskers."""
    import altair as alt
    import pandas as pd

    say = look.say
    kinds = {"first": say("alone"), "total": say("with interactions")}
    rows = table.assign(factor=table["factor"].map(str).map(say))
    parts = [
        rows[["factor"]].assign(share=rows[kind], low=rows[f"{kind}_low"], high=rows[f"{kind}_high"], kind=words)
        for kind, words in kinds.items()
    ]
    order = rows.sort_values("total", ascending=False)["factor"].tolist()
    sides = list(kinds.values())
    base = alt.Chart(inline(pd.concat(parts)))
    y, offset = alt.Y("factor:N", sort=order, title=None), alt.YOffset("kind:N", sort=sides)
    x = alt.X("share:Q", title=say("share of the variance between points"), axis=alt.Axis(format=".0%"))
    legend = alt.Legend(title=None, orient="top")
    paint = alt.Color("kind:N", scale=alt.Scale(domain=sides, range=[look.up, look.down]), legend=legend)
    tips = _tips(SHARE_TIPS, ".1%", look)
    layers = [
        base.mark_bar().encode(y=y, yOffset=offset, x=x, color=paint, tooltip=tips),
        base.mark_rule(color=look.ink, strokeWidth=1.5).encode(y=y, yOffset=offset, x="low:Q", x2="high:Q"),
    ]
    words = say("{factor} explains the largest share of the variance of {measure}")
    finding = words.format(factor=order[0], measure=inside(say(MEASURES[measure].title)))
    about = say("Sobol indices; whiskers are 95 % intervals")
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=WIDTH, height=2 * BAR * len(order))


def heat(
    table: pd.DataFrame, measure: str, across: str, up: str, currency: str = "money", look: Look = LIGHT
) -> alt.LayerChart:
    """The mean over two factors, a cell each, the figure in it."""
    import altair as alt

    say = look.say
    title, form = axis_of(measure, currency, look)
    base = alt.Chart(inline(table))
    x = alt.X("across:O", title=say(across), axis=alt.Axis(labelAngle=0))
    y = alt.Y("up:O", title=say(up), sort="descending")
    least, most = float(table["mean"].min()), float(table["mean"].max())
    ink = alt.condition(f"datum.mean > {least + PALE * (most - least)}", alt.value(PAPER), alt.value(INK))
    legend = alt.Legend(title=title, format=form, orient="top", gradientLength=200)
    paint = alt.Color("mean:Q", scale=alt.Scale(scheme="blues"), legend=legend)
    tips = _tips({"across:O": across, "up:O": up, **CELL_TIPS}, form, look)
    layers = [
        base.mark_rect().encode(x=x, y=y, color=paint, tooltip=tips),
        base.mark_text(fontSize=11).encode(x=x, y=y, text=alt.Text("mean:Q", format=form), color=ink),
    ]
    known = MEASURES[measure]
    means = table["mean"].to_numpy(dtype=np.float64)
    best = table.iloc[int(means.argmin() if known.better == "lower" else means.argmax())]
    lowest, highest = (
        say("{measure} is lowest at {x} {at_x} and {y} {at_y}"),
        say("{measure} is highest at {x} {at_x} and {y} {at_y}"),
    )
    finding = (lowest if known.better == "lower" else highest).format(
        measure=say(known.title), x=say(across), y=say(up), at_x=number(best["across"]), at_y=number(best["up"])
    )
    about = say("means over all other factors and replications")
    return alt.LayerChart(
        layer=layers, title=titled(finding, about), width=WIDTH, height=max(160, 40 * table["up"].nunique() + 20)
    )


def welch(found: WarmUp) -> alt.VConcatChart:
    """Welch's curves from three opening stocks, a panel a quantity, with the warm-up that is proposed."""
    import altair as alt

    curves, currency = found.curves(), found.scenario.company.currency
    month = None if found.months is None else found.months * 365.25 / 12
    panels = []
    for name, part in curves.groupby("title", sort=False):
        base = alt.Chart(inline(part.iloc[::3]), width=640, height=170, title=str(name))
        y = alt.Y("value:Q", title=currency, axis=alt.Axis(format="~s"))
        line = base.mark_line().encode(
            x=alt.X("day:Q", title="day"),
            y=y,
            color=alt.Color("start:N", sort=None, title="opening stock", scale=alt.Scale(range=list(COLOURS))),
            strokeDash=alt.StrokeDash("start:N", sort=None, title="opening stock"),
        )
        mark = [] if month is None else [base.mark_rule(color=INK, strokeDash=[2, 2]).encode(x=alt.datum(month))]
        panels.append(alt.LayerChart(layer=[line, *mark]))
    about = f"{found.scenario.name}, policy {found.policy.name}, {found.replications} replications, window {2 * _window(found) + 1} days"
    chart: alt.VConcatChart = alt.vconcat(*panels, title=titled(found.sentences()[0].split(";")[0], about))
    return chart


def _window(found: WarmUp) -> int:
    return next(iter(found.courses.values())).window
