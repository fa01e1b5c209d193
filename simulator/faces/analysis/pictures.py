"""Pictures of what matters in a study: from a tidy table to a chart whose title states the finding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.faces.charts.look import COLOURS, LIGHT, PERCENT, SILENT, Look, figure, speaking
from simulator.faces.charts.scale import BESIDE, WHOLE, Span, bounds, legend, span, told_apart
from simulator.results.kpis import MEASURES

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from simulator.studies.warmup import WarmUp

CHART_WIDTH, BAR = 520, 26
MOST_TERMS = 12
"""Terms of a model that are drawn; the table has all."""

SWING_TIPS = {"factor": "factor", "at": "at", "worth": "change"}
EFFECT_TIPS = {"term": "term", "worth": "change"}
SHARE_TIPS = {"factor": "factor", "kind": "kind", "worth": "share"}
"""What a mark says when it is pointed at, by field."""

INK, PAPER, PALE = "#1A1A1A", "#FFFFFF", 0.65
"""Figures in cells are dark on pale ones, light on the others, whatever the page's background is."""


def inline(table: pd.DataFrame) -> alt.InlineData:
    """A table as a chart's data."""
    import altair as alt

    return alt.InlineData(values=chart_rows(table))


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def titled(finding: str, about: str) -> alt.TitleParams:
    """Head a picture by its finding, with a line on reading it below."""
    import altair as alt

    return alt.TitleParams(finding, subtitle=about, anchor="start")


def title_of(measure: str, currency: str = "money", look: Look = LIGHT, gap: bool = False) -> str:
    """A measure with its unit, as an axis is called; shares have theirs at each tick, differences of them are points."""
    known = MEASURES[measure]
    share = look.say("points") if gap else ""
    unit = share if known.unit in PERCENT else look.say(known.unit).replace("money", currency)
    return f"{look.say(known.title)}, {unit}" if unit else look.say(known.title)


def reach_of(
    measure: str, values: Iterable[Any], look: Look = LIGHT, gap: bool = False, ends: Iterable[Any] = (), **more: Any
) -> Span:
    """Return the span of a measure's figures, or of their differences: no share beyond the whole, differences about nothing."""
    unit = MEASURES[measure].unit
    shares = unit in PERCENT
    if gap:
        return span([0.0, *values, *ends], look=look, shares=shares, points=True, **more)
    return span(values, look=look, shares=shares, within=bounds(unit, shares=True), ends=ends, **more)


def chart_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as a chart's data; what is not known is nothing."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows]


def worth(table: pd.DataFrame, names: tuple[str, str, str], measure: str, currency: str, look: Look) -> list[str]:
    """Each row's difference with its interval, in words."""
    unit = MEASURES[measure].unit
    ends = zip(*(table[name] for name in names), strict=True)
    return [figure(middle, low, high, unit, currency, look, gap=True) for middle, low, high in ends]


def inside(text: str) -> str:
    """A title within a sentence."""
    return text[0].lower() + text[1:]


def level_text(value: Any) -> str:
    """A factor's value, without digits that say nothing."""
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)


def draw_tornado(table: pd.DataFrame, measure: str, currency: str = "money", look: Look = LIGHT) -> alt.LayerChart:
    """Two bars a factor about the middle, the widest swing on top, with 95 % whiskers; at each bar the factor's value."""
    import altair as alt

    say = look.say
    title = title_of(measure, currency, look, gap=True)
    order = [say(str(name)) for name in dict.fromkeys(table["factor"])]
    ends = {"low": say("low"), "high": say("high")}
    told = worth(table, ("difference", "low", "high"), measure, currency, look)
    rows = table.assign(factor=table["factor"].map(str).map(say), end=table["end"].map(ends), worth=told)
    marks, spoken = speaking(chart_rows(rows.assign(at=rows["at"].map(level_text))), SWING_TIPS, look)
    y = alt.Y("factor:N", sort=order, title=None, axis=alt.Axis(**BESIDE))
    named = legend(ends.values(), look).to_dict() | {"title": say("factor at its")}
    paint = alt.Color("end:N", scale=alt.Scale(domain=[*ends.values()], range=[look.down, look.up]), legend=named)
    change = say("change of {measure}").format(measure=inside(title))
    reach = reach_of(measure, table["difference"], look, gap=True, ends=[*table["low"], *table["high"]], room=0.12)
    x = alt.X("difference:Q", axis=reach.axis(change), scale=reach.scale())
    base = alt.Chart(alt.InlineData(values=marks))
    layers = [
        base.mark_bar().encode(y=y, x=x, color=paint, **spoken),
        base.mark_rule(color=look.ink, strokeWidth=1.5, **SILENT).encode(y=y, x="low:Q", x2="high:Q"),
        zero(look),
        *(_values(base, y, up, look) for up in (True, False)),
    ]
    first = table[table["factor"] == table["factor"].iloc[0]]
    sure = bool(((first["low"] > 0) | (first["high"] < 0)).any())
    words = say("{factor} moves {measure} most") if sure else say("No factor surely moves {measure}")
    finding = words.format(factor=order[0], measure=inside(say(MEASURES[measure].title)))
    about = say("whiskers are 95 % intervals on common luck")
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=CHART_WIDTH, height=BAR * len(order) + 40)


def zero(look: Look) -> alt.Chart:
    """The line of no change, with data of its own: one mark, which screen readers can name."""
    import altair as alt

    base = alt.Chart(alt.InlineData(values=[{"zero": 0}]))
    line: alt.Chart = base.mark_rule(color=look.ink, **SILENT).encode(x="zero:Q")
    return line


def _values(base: alt.Chart, y: alt.Y, up: bool, look: Look) -> alt.Chart:
    """The factor's value beyond the whisker of each bar that goes up, or down."""
    side = base.transform_filter("datum.difference >= 0" if up else "datum.difference < 0")
    way: dict[str, Any] = {"align": "left" if up else "right", "dx": 5 if up else -5}
    text = side.mark_text(color=look.ink, fontSize=11, **way, **SILENT)
    chart: alt.Chart = text.encode(y=y, x="high:Q" if up else "low:Q", text="at:N")
    return chart


def draw_effects(table: pd.DataFrame, measure: str, currency: str = "money", look: Look = LIGHT) -> alt.LayerChart:
    """Draw the effect of each factor and pair of factors from its low end to its high one, the largest on top."""
    import altair as alt

    say = look.say
    title = title_of(measure, currency, look, gap=True)
    rows = table.head(MOST_TERMS).assign(clear=lambda part: (part["low"] > 0) | (part["high"] < 0))
    rows["term"] = [" x ".join(say(name) for name in str(term).split(" x ")) for term in rows["term"]]
    rows["worth"] = worth(rows, ("effect", "low", "high"), measure, currency, look)
    order = rows["term"].tolist()
    marks, spoken = speaking(chart_rows(rows), EFFECT_TIPS, look)
    base, y = alt.Chart(alt.InlineData(values=marks)), alt.Y("term:N", sort=order, title=None, axis=alt.Axis(**BESIDE))
    paint = alt.condition("datum.clear", alt.value(look.up), alt.value(look.faint))
    reach = reach_of(measure, rows["effect"], look, gap=True, ends=[*rows["low"], *rows["high"]])
    x = alt.X(
        "effect:Q", axis=reach.axis(say("change of {measure}").format(measure=inside(title))), scale=reach.scale()
    )
    layers = [
        base.mark_rule(strokeWidth=4, **SILENT).encode(y=y, x="low:Q", x2="high:Q", color=paint),
        base.mark_point(filled=True, size=70, opacity=1).encode(y=y, x=x, color=paint, **spoken),
        zero(look),
    ]
    clear, count = int(((table["low"] > 0) | (table["high"] < 0)).sum()), len(table)
    words = say("{clear} of {count} effects differ from zero")
    if count == 1:
        words = say("The only effect differs from zero") if clear else say("The only effect cannot be told from zero")
    about = say("from the low end to the high one, with 95 % intervals; grey: not distinguishable")
    head = titled(words.format(clear=clear, count=count), about)
    return alt.LayerChart(layer=layers, title=head, width=CHART_WIDTH, height=BAR * len(order) + 20)


def draw_sobol(table: pd.DataFrame, measure: str, look: Look = LIGHT) -> alt.LayerChart:
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
    order, sides = rows.sort_values("total", ascending=False)["factor"].tolist(), list(kinds.values())
    both = pd.concat(parts)
    ends = zip(both["share"], both["low"], both["high"], strict=True)
    both["worth"] = [figure(*each, "share", look=look) for each in ends]
    marks, spoken = speaking(chart_rows(both), SHARE_TIPS, look)
    base = alt.Chart(alt.InlineData(values=marks))
    y, offset = alt.Y("factor:N", sort=order, title=None, axis=alt.Axis(**BESIDE)), alt.YOffset("kind:N", sort=sides)
    reach = span(both["share"], look=look, shares=True, zero=True, within=WHOLE, ends=[*both["low"], *both["high"]])
    x = alt.X("share:Q", axis=reach.axis(say("share of the variance between points")), scale=reach.scale())
    paint = alt.Color("kind:N", scale=alt.Scale(domain=sides, range=[look.up, look.down]), legend=legend(sides, look))
    layers = [
        base.mark_bar().encode(y=y, yOffset=offset, x=x, color=paint, **spoken),
        base.mark_rule(color=look.ink, strokeWidth=1.5, **SILENT).encode(y=y, yOffset=offset, x="low:Q", x2="high:Q"),
    ]
    words = say("{factor} explains the largest share of the variance of {measure}")
    finding = words.format(factor=order[0], measure=inside(say(MEASURES[measure].title)))
    about = say("Sobol indices; whiskers are 95 % intervals")
    return alt.LayerChart(layer=layers, title=titled(finding, about), width=CHART_WIDTH, height=2 * BAR * len(order))


def draw_heat(
    table: pd.DataFrame, measure: str, across: str, up: str, currency: str = "money", look: Look = LIGHT
) -> alt.LayerChart:
    """The mean over two factors, a cell each, the figure in it; coloured where cells can be told apart."""
    import altair as alt

    say, unit = look.say, MEASURES[measure].unit
    ends = [(mean, mean - half, mean + half) for mean, half in zip(table["mean"], table["half_width"], strict=True)]
    sure = told_apart((low, high) for _, low, high in ends)
    told = [figure(*each, unit, currency, look) for each in ends]
    rows = table.assign(level=told, written=[text.split(" ")[0] for text in told])
    marks, spoken = speaking(chart_rows(rows), {"across": across, "up": up, "level": "mean"}, look)
    base = alt.Chart(alt.InlineData(values=marks))
    x = alt.X("across:O", title=say(across), axis=alt.Axis(labelAngle=0))
    y = alt.Y("up:O", title=say(up), sort="descending")
    least, most = float(table["mean"].min()), float(table["mean"].max())
    ink = alt.condition(f"datum.mean > {least + PALE * (most - least)}", alt.value(PAPER), alt.value(INK))
    reach = reach_of(measure, table["mean"], look, room=0.0, count=4)
    named = reach.legend(title_of(measure, currency, look), orient="top", gradientLength=200)
    paint = alt.Color("mean:Q", scale=alt.Scale(scheme="blues", domain=[reach.low, reach.high]), legend=named)
    layers = [
        base.mark_rect(stroke=look.paper).encode(x=x, y=y, color=paint if sure else alt.value(PLAIN_CELL), **spoken),
        base.mark_text(fontSize=11, **SILENT).encode(x=x, y=y, text="written:N", color=ink if sure else alt.value(INK)),
    ]
    about = say("means over all other factors and replications")
    head = titled(_warmest(table, measure, across, up, sure, look), about)
    return alt.LayerChart(layer=layers, title=head, width=CHART_WIDTH, height=max(160, 40 * table["up"].nunique() + 20))


PLAIN_CELL = "#DCE6EE"
"""The ground of cells that cannot be told apart."""


def _warmest(table: pd.DataFrame, measure: str, across: str, up: str, sure: bool, look: Look) -> str:
    """Find the cell in which a measure is best, if any can be told from another."""
    say, known = look.say, MEASURES[measure]
    if not sure:
        return say("{measure}: no cell can be told from another").format(measure=say(known.title))
    means = table["mean"].to_numpy(dtype=np.float64)
    best = table.iloc[int(means.argmin() if known.better == "lower" else means.argmax())]
    lowest, highest = (
        say("{measure} is lowest at {x} {at_x} and {y} {at_y}"),
        say("{measure} is highest at {x} {at_x} and {y} {at_y}"),
    )
    return (lowest if known.better == "lower" else highest).format(
        measure=say(known.title), x=say(across), y=say(up), at_x=level_text(best["across"]), at_y=level_text(best["up"])
    )


def welch(found: WarmUp) -> alt.VConcatChart:
    """Welch's curves from three opening stocks, a panel a quantity, with the warm-up that is proposed."""
    import altair as alt

    curves, currency = found.curves(), found.scenario.company.currency
    month = None if found.months is None else found.months * 365.25 / 12
    panels = []
    for name, part in curves.groupby("title", sort=False):
        base = alt.Chart(inline(part.iloc[::3]), width=640, height=170, title=str(name))
        reach = span(part["value"], zero=True)
        y = alt.Y("value:Q", axis=reach.axis(currency), scale=reach.scale())
        line = base.mark_line(**SILENT).encode(
            x=alt.X("day:Q", title="day"),
            y=y,
            color=alt.Color("start:N", sort=None, title="opening stock", scale=alt.Scale(range=list(COLOURS))),
            strokeDash=alt.StrokeDash("start:N", sort=None, title="opening stock"),
        )
        mark = [] if month is None else [base.mark_rule(color=INK, strokeDash=[2, 2]).encode(x=alt.datum(month))]
        panels.append(alt.LayerChart(layer=[line, *mark]))
    about = f"{found.scenario.name}, policy {found.policy.name}, {found.replications} replications, window {2 * _window(found) + 1} days"
    chart: alt.VConcatChart = alt.vconcat(*panels, title=titled(str(found.finding), about))
    return chart


def _window(found: WarmUp) -> int:
    return next(iter(found.courses.values())).window
