"""Pictures of what a study says: from a tidy table to a chart whose title states the finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.charts.look import COLOURS, LIGHT
from simulator.measures import MEASURES

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from simulator.experiments.warmup import WarmUp

WIDTH, BAR = 520, 26
UP, DOWN, ENDS = LIGHT.up, LIGHT.down, LIGHT.ink


def _inline(table: pd.DataFrame) -> alt.InlineData:
    import altair as alt

    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return alt.InlineData(values=[{str(key): _plain(value) for key, value in row.items()} for row in rows])


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _axis(measure: str, currency: str = "money") -> tuple[str, str]:
    """Title and number format of an axis."""
    known = MEASURES[measure]
    share = known.unit in ("share", "probability")
    unit = "" if share else f", {known.unit.replace('money', currency)}"
    return f"{known.title}{unit}", ".1%" if share else "~s"


def tornado(table: pd.DataFrame, measure: str, currency: str = "money") -> alt.LayerChart:
    """Two bars a factor about the middle, the widest swing on top, with 95 % whiskers."""
    import altair as alt

    title, form = _axis(measure, currency)
    order = list(dict.fromkeys(table["factor"]))
    base = alt.Chart(_inline(table), width=WIDTH, height=BAR * len(order) + 20)
    y = alt.Y("factor:N", sort=order, title=None)
    paint = alt.Color("end:N", scale=alt.Scale(domain=["low", "high"], range=[DOWN, UP]), title="factor at its")
    x = alt.X("difference:Q", title=f"change of {title[0].lower()}{title[1:]}", axis=alt.Axis(format=form))
    layers = [
        base.mark_bar().encode(y=y, x=x, color=paint, tooltip=["factor:N", "at:N", "difference:Q", "low:Q", "high:Q"]),
        base.mark_rule(color=ENDS, strokeWidth=1.5).encode(y=y, x="low:Q", x2="high:Q"),
        base.mark_rule(color=ENDS).encode(x=alt.datum(0)),
    ]
    finding = f"{order[0]} moves {MEASURES[measure].title.lower()} most"
    return alt.LayerChart(layer=layers, title=_title(finding, "whiskers are 95 % intervals on common luck"))


def sobol(table: pd.DataFrame, measure: str) -> alt.LayerChart:
    """For each factor the share of variance that it explains alone and with interactions, with 95 % whiskers."""
    import altair as alt
    import pandas as pd

    parts = [
        table[["factor"]].assign(share=table[kind], low=table[f"{kind}_low"], high=table[f"{kind}_high"], kind=words)
        for kind, words in (("first", "alone"), ("total", "with interactions"))
    ]
    order = table.sort_values("total", ascending=False)["factor"].tolist()
    base = alt.Chart(_inline(pd.concat(parts)), width=WIDTH, height=2 * BAR * len(order))
    y, offset = alt.Y("factor:N", sort=order, title=None), alt.YOffset("kind:N")
    x = alt.X("share:Q", title="share of the variance between points", axis=alt.Axis(format=".0%"))
    paint = alt.Color("kind:N", scale=alt.Scale(range=[UP, DOWN]), title=None)
    layers = [
        base.mark_bar().encode(y=y, yOffset=offset, x=x, color=paint, tooltip=["factor:N", "kind:N", "share:Q"]),
        base.mark_rule(color=ENDS, strokeWidth=1.5).encode(y=y, yOffset=offset, x="low:Q", x2="high:Q"),
    ]
    finding = f"{order[0]} explains the largest share of the variance of {MEASURES[measure].title.lower()}"
    return alt.LayerChart(layer=layers, title=_title(finding, "Sobol indices; whiskers are 95 % intervals"))


def heat(table: pd.DataFrame, measure: str, across: str, up: str) -> alt.LayerChart:
    """The mean over two factors, a cell each, the figure in it."""
    import altair as alt

    title, form = _axis(measure)
    base = alt.Chart(_inline(table), width=WIDTH, height=360)
    x, y = alt.X("across:O", title=across, axis=alt.Axis(labelAngle=0)), alt.Y("up:O", title=up, sort="descending")
    middle = float(table["mean"].min() + table["mean"].max()) / 2
    ink = alt.condition(f"datum.mean > {middle}", alt.value("white"), alt.value(ENDS))
    paint = alt.Color("mean:Q", title=title, scale=alt.Scale(scheme="blues"), legend=alt.Legend(format=form))
    layers = [
        base.mark_rect().encode(x=x, y=y, color=paint, tooltip=["across:O", "up:O", "mean:Q", "half_width:Q"]),
        base.mark_text(fontSize=11).encode(x=x, y=y, text=alt.Text("mean:Q", format=form), color=ink),
    ]
    known = MEASURES[measure]
    means = table["mean"].to_numpy(dtype=np.float64)
    best = table.iloc[int(means.argmin() if known.better == "lower" else means.argmax())]
    extreme = "lowest" if known.better == "lower" else "highest"
    place = [
        f"{value:g}" if isinstance(value, float | np.floating) else value for value in (best["across"], best["up"])
    ]
    finding = f"{known.title} is {extreme} at {across} {place[0]} and {up} {place[1]}"
    return alt.LayerChart(layer=layers, title=_title(finding, "means over all other factors and replications"))


def frontier(table: pd.DataFrame, service: str, stock: str, colour: str) -> alt.LayerChart:
    """Service over stock, each point and policy; those on the frontier joined, calm or nervous by colour."""
    import altair as alt

    (y_title, y_form), (x_title, x_form) = _axis(service), _axis(stock)
    base = alt.Chart(_inline(table.drop(columns="beaten_by")), width=WIDTH, height=380)
    x = alt.X(f"{stock}:Q", title=x_title, scale=alt.Scale(zero=False, padding=20), axis=alt.Axis(format=x_form))
    y = alt.Y(f"{service}:Q", title=y_title, scale=alt.Scale(zero=False, padding=15), axis=alt.Axis(format=y_form))
    shape = alt.Shape("policy:N", title="policy")
    paint = alt.Color("policy:N", legend=None, scale=alt.Scale(range=list(COLOURS)))
    if colour in table and table[colour].notna().any():
        paint = alt.Color(f"{colour}:Q", title=MEASURES[colour].title, scale=alt.Scale(scheme="viridis"))
    front = base.transform_filter("datum.efficient")
    layers = [
        front.mark_line(color=ENDS, strokeDash=[4, 3]).encode(x=x, y=y, order=f"{stock}:Q"),
        base.mark_point(filled=True, size=45, opacity=0.9).encode(
            x=x, y=y, color=paint, shape=shape, tooltip=_tips(table)
        ),
    ]
    count, beaten = int(table["efficient"].sum()), int(table["beaten_by"].notna().sum())
    finding = f"{count} of {len(table)} settings lie on the frontier, {beaten} surely beaten"
    return alt.LayerChart(layer=layers, title=_title(finding, "up and to the left is better"))


def _tips(table: pd.DataFrame) -> list[str]:
    from pandas.api.types import is_numeric_dtype

    shown = [name for name in table.columns if name not in ("beaten_by", "efficient")]
    return [f"{name}:{'Q' if is_numeric_dtype(table[name]) else 'N'}" for name in shown]


def welch(found: WarmUp) -> alt.VConcatChart:
    """Welch's curves from three opening stocks, a panel a quantity, with the warm-up that is proposed."""
    import altair as alt

    curves, currency = found.curves(), found.scenario.company.currency
    month = None if found.months is None else found.months * 365.25 / 12
    panels = []
    for name, part in curves.groupby("title", sort=False):
        base = alt.Chart(_inline(part.iloc[::3]), width=640, height=170, title=str(name))
        y = alt.Y("value:Q", title=currency, axis=alt.Axis(format="~s"))
        line = base.mark_line().encode(
            x=alt.X("day:Q", title="day"),
            y=y,
            color=alt.Color("start:N", sort=None, title="opening stock", scale=alt.Scale(range=list(COLOURS))),
            strokeDash=alt.StrokeDash("start:N", sort=None, title="opening stock"),
        )
        mark = [] if month is None else [base.mark_rule(color=ENDS, strokeDash=[2, 2]).encode(x=alt.datum(month))]
        panels.append(alt.LayerChart(layer=[line, *mark]))
    about = f"{found.scenario.name}, policy {found.policy.name}, {found.replications} replications, window {2 * _window(found) + 1} days"
    chart: alt.VConcatChart = alt.vconcat(*panels, title=_title(found.sentences()[0].split(";")[0], about))
    return chart


def _window(found: WarmUp) -> int:
    return next(iter(found.courses.values())).window


def _title(finding: str, about: str) -> alt.TitleParams:
    import altair as alt

    return alt.TitleParams(finding, subtitle=about, anchor="start")
