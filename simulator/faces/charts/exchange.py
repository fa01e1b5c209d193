"""Exchange curves: service over stock, or over profit, as each policy's buffer grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from simulator.faces.charts.look import LIGHT, SILENT, Look, data
from simulator.faces.charts.scale import span

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

WITHIN = (0.0, 100.0)
ACROSS = {
    "all_stock_value": "all stock, {currency}",
    "ebit_before_absorption": "EBIT before absorption, {currency} a year",
}
"""Measures that service is exchanged for, as the axis names them."""


def exchange_curves(
    table: pd.DataFrame,
    contract: float,
    currency: str,
    against: str = "all_stock_value",
    chosen: Mapping[str, float] | None = None,
    look: Look = LIGHT,
    order: Sequence[str] = (),
) -> alt.LayerChart:
    """Fill rate over stock or profit, a line a policy over its buffer, with the band of 95 % and the contract as a line.

    `table` is of `exchange`, one below the other; `chosen` says by policy the amount of its buffer as it runs, which has a mark.
    `order` names all policies shown beside the picture, so that each has one colour in all of them.
    """
    import altair as alt

    rows = curve_rows(table, against, chosen or {}, look)
    wide = span([row["x"] for row in rows], look=look, room=0.04)
    tall = span([row["y"] for row in rows], look=look, room=0.06, within=WITHIN)
    x = alt.X("x:Q", axis=wide.axis(look.say(ACROSS[against]).format(currency=currency)), scale=wide.scale())
    y = alt.Y("y:Q", axis=tall.axis(look.say("fill rate, %")), scale=tall.scale())
    drawn = {row["label"] for row in rows}
    everybody = list(dict.fromkeys([*order, *(row["label"] for row in rows)]))
    ink = {label: look.colours[k % len(look.colours)] for k, label in enumerate(everybody) if label in drawn}
    colour = alt.Color(
        "label:N",
        scale=alt.Scale(domain=[*ink], range=[*ink.values()]),
        legend=alt.Legend(title=None, orient="right", symbolType="circle", symbolOpacity=1),
    )
    base = alt.Chart(data(rows)).encode(x=x, y=y, color=colour, order="amount:Q")
    rule = alt.Chart(data([{"contract": 100 * contract}])).mark_rule(strokeDash=[5, 4], color=look.ink, **SILENT)
    crosses = base.mark_rule(strokeWidth=5, opacity=0.25, **SILENT).encode(y="y_low:Q", y2="y_high:Q")
    spoken: list[Any] = [alt.Tooltip("said:N", title=look.say("policy"))]
    marks = base.mark_point(filled=True, size=45, opacity=1).encode(tooltip=spoken)
    layers = [rule.encode(y=alt.Y("contract:Q", scale=tall.scale())), crosses, base.mark_line(strokeWidth=2), marks]
    at = [row for row in rows if row["now"]]
    if at:
        rings = alt.Chart(data(at)).mark_point(size=190, strokeWidth=2, filled=False, **SILENT)
        layers.append(rings.encode(x=x, y=y, color=colour))
    title = alt.TitleParams(finding_of(rows, 100 * contract, against, look), anchor="start")
    chart: alt.LayerChart = alt.LayerChart(layer=layers, title=title, height=380)
    return chart


def curve_rows(table: pd.DataFrame, against: str, chosen: Mapping[str, float], look: Look) -> list[dict[str, Any]]:
    """A point a policy and setting: service in percent, what it is exchanged for, and the words of its setting."""
    rows = []
    for row in table.to_dict("records"):
        label = str(row.get("label", row["policy"]))
        now = chosen.get(row["policy"])
        nearest = min(
            (each for each in table.loc[table["policy"] == row["policy"], "amount"]),
            key=lambda amount: abs(amount - now) if now is not None else amount,
        )
        rows.append(
            {
                "label": label,
                "amount": row["amount"],
                "x": row[against],
                "y": 100 * row["fill_rate"],
                "y_low": 100 * row["fill_rate_low"],
                "y_high": 100 * row["fill_rate_high"],
                "now": now is not None and row["amount"] == nearest,
                "said": f"{label}, {row['entry']} {row['setting']:.3g}: {100 * row['fill_rate']:.1f} %",
            }
        )
    return rows


def finding_of(rows: list[dict[str, Any]], contract: float, against: str, look: Look = LIGHT) -> str:
    """Name the policy that reaches the contract with the least stock, or the most profit."""
    reached = {}
    for label in dict.fromkeys(row["label"] for row in rows):
        line = sorted((row for row in rows if row["label"] == label), key=lambda row: row["amount"])
        at = _crossing(line, contract)
        if at is not None:
            reached[label] = at
    if not reached:
        return look.say("No policy reaches {contract} %").format(contract=f"{contract:g}")
    if against == "all_stock_value":
        words, best = (
            look.say("{best} reaches {contract} % with the least stock"),
            min(reached, key=lambda k: reached[k]),
        )
    else:
        words, best = look.say("{best} earns most at {contract} %"), max(reached, key=lambda k: reached[k])
    return words.format(best=best, contract=f"{contract:g}")


def _crossing(line: list[dict[str, Any]], contract: float) -> float | None:
    """Find where a line first comes to the contract, between two of its points; nothing where it never does."""
    if line[0]["y"] >= contract:
        return float(line[0]["x"])
    for before, after in pairwise(line):
        if before["y"] < contract <= after["y"]:
            share = (contract - before["y"]) / (after["y"] - before["y"])
            return float(before["x"] + share * (after["x"] - before["x"]))
    return None
