"""Draw lost service by cause: a stacked bar for each policy, or for each month of one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from simulator.faces.charts.cycle import SLANTED
from simulator.faces.charts.look import LIGHT, Look, data, figure, plain, speaking
from simulator.faces.charts.scale import WHOLE, legend, span
from simulator.faces.documents.causes import CAUSE_NAMES
from simulator.kernel.lanes import TINY
from simulator.results.kpis.lost import LOST_MEASURES
from simulator.results.reading.lost import Cause

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

LostRow = dict[Any, Any]
"""A part of a bar: the bar's label, cause, share of demand, and what it says."""


def cause_name(cause: Cause, look: Look = LIGHT) -> str:
    """A cause as tables call it."""
    return look.say(CAUSE_NAMES[cause].id)


def lost_shares(summary: pd.DataFrame) -> list[LostRow]:
    """The shares of demand that each policy lost to each cause, in the order in which causes are told; no row where nothing was lost."""
    causes = {measure: cause for cause, measure in LOST_MEASURES.items()}
    mine = summary[summary["measure"].isin(causes) & (summary["mean"] > TINY)].to_dict("records")
    return [{"label": row.get("label", row["policy"]), "cause": causes[row["measure"]], **row} for row in mine]


def lost_finding(rows: Sequence[LostRow], look: Look = LIGHT) -> str:
    """Say what most is lost to on average, where that is the same for every policy."""
    labels = dict.fromkeys(row["label"] for row in rows)
    largest = {max((r for r in rows if r["label"] == label), key=lambda r: r["mean"])["cause"] for label in labels}
    if len(largest) > 1:
        return look.say("Lost because of: the largest cause differs between policies")
    return look.say("Lost because of: {cause} most of all").format(cause=cause_name(largest.pop(), look))


def lost_by_policy(summary: pd.DataFrame, about: str = "", look: Look = LIGHT) -> alt.Chart:
    """Draw what was not served on the day as shares of demand by cause, a bar a policy; together with the fill rate they are the whole."""
    import altair as alt

    rows = lost_shares(summary)
    told = [{**row, "much": figure(row["mean"], row["low"], row["high"], "share", look=look)} for row in rows]
    counted, paint, spoken = _painted(told, look)
    reach = span(_sums(rows, "mean"), look=look, shares=True, zero=True, within=WHOLE)
    bars = list(dict.fromkeys(summary.get("label", summary["policy"])))
    subtitle: dict[str, Any] = {"subtitle": about} if about else {}
    title = alt.TitleParams(lost_finding(rows, look), anchor="start", **subtitle)
    y = alt.Y("label:N", sort=bars, scale=alt.Scale(domain=bars), title=None)
    axis = reach.axis(look.say("demand not served on the day"))
    x = alt.X("mean:Q", axis=axis, scale=reach.scale())
    chart: alt.Chart = (
        alt.Chart(data(counted), title=title, height=34 * len(bars) + 20).mark_bar().encode(x=x, y=y, **paint, **spoken)
    )
    return chart


def lost_by_month(table: pd.DataFrame, months: Sequence[str], title: str, look: Look = LIGHT) -> alt.Chart:
    """Draw what was not served on the day as shares of each month's demand by cause, a bar a month; `table` has month, cause and share."""
    import altair as alt

    shares = table.groupby(["month", "cause"], sort=False)["share"].sum().reset_index().to_dict("records")
    rows = [{**row, "label": row["month"], "cause": Cause(row["cause"])} for row in shares]
    counted, paint, spoken = _painted([{**row, "much": plain(row["share"], "share", look)} for row in rows], look)
    reach = span(_sums(rows, "share"), look=look, shares=True, zero=True, within=WHOLE)
    axis = alt.Axis(title=None, **SLANTED)
    x = alt.X("label:O", axis=axis, sort=list(months), scale=alt.Scale(domain=list(months)))
    y = alt.Y("share:Q", axis=reach.axis(None), scale=reach.scale())
    head = alt.TitleParams(title, anchor="start")
    chart: alt.Chart = alt.Chart(data(counted), title=head, height=260).mark_bar().encode(x=x, y=y, **paint, **spoken)
    return chart


def _painted(rows: Sequence[LostRow], look: Look) -> tuple[list[LostRow], dict[str, Any], dict[str, Any]]:
    """Parts of bars with their causes' colours, which are the same in every picture, and what each says."""
    import altair as alt

    inks = dict(zip(Cause, (*look.colours, look.faint), strict=True))
    order = [cause for cause in Cause if any(row["cause"] == cause for row in rows)]
    names = [cause_name(cause, look) for cause in order]
    plainly = [
        {name: row[name] for name in ("label", "mean", "share", "much") if name in row}
        | {"because": cause_name(row["cause"], look), "place": [*Cause].index(row["cause"])}
        for row in rows
    ]
    counted, spoken = speaking(plainly, {"label": "", "because": "", "much": ""}, look)
    scale = alt.Scale(domain=names, range=[inks[cause] for cause in order])
    colour = alt.Color("because:N", scale=scale, sort=None, legend=legend(names, look))
    return counted, {"color": colour, "order": alt.Order("place:Q")}, spoken


def _sums(rows: Sequence[LostRow], share: str) -> list[float]:
    """The length of each bar."""
    labels = dict.fromkeys(row["label"] for row in rows)
    return [sum(row[share] for row in rows if row["label"] == label) for label in labels]
