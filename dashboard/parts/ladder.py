"""The ladder from siloed planning to full S&OP: what each element does in words, and what it earns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.controls import language, say, tell
from dashboard.look import element_title, policy_name
from dashboard.words import figures
from simulator.results.kpis import MEASURES

if TYPE_CHECKING:
    import pandas as pd

DOES = {
    "consensus": (
        "Sales, statistics and last year are blended by how well each has forecast before, and what is signed is counted apart, "
        "once: small contracts, frames, projects by their probability, then the forecast of the rest."
    ),
    "capacity": (
        "The plan of the families is held against hours on key resources before it is promised; production "
        "and purchasing work from one plan."
    ),
    "decisions": (
        "Executives weigh cost, service, cash and risk, and may take another option than the recommended one; purchases held to the "
        "cash plan, parts ordered ahead and large deals declined are among the options."
    ),
    "buying": "Each order goes where it costs least in money and time; what would come too late is ordered express.",
    "safety-stock": "Safety stock follows the error of the forecast and of lead times, not a fixed number of days.",
    "shortage": "When supply falls short, safety stock is released and orders are ranked: what must be met is met first.",
    "smoothing": "Peaks are shaved and valleys filled: stock takes the waves, so that production and suppliers see calm numbers.",
    "frozen-zone": "A month that has begun is not changed any more: the floor can rely on it.",
    "speed": "The steps are held on days of their own and the decision holds a day after the meeting, with no way from desk to desk.",
}
"""What each element of S&OP changes, as one tells it to a class."""


def does(element: str) -> str:
    """Describe the change that an element makes."""
    return say(DOES[element]) if element in DOES else tell(element_title(element))


def bar_name(row: dict[str, Any]) -> str:
    """A bar of the bridge or a rung of the ladder as it is called."""
    if row["element"] in ("start", "end"):
        return policy_name(row["title"])
    if row["element"] == "total":
        return say("in all")
    return tell(row["title"])


def named_bars(table: pd.DataFrame) -> pd.DataFrame:
    """Bars with the names that people use, and the figure that stands above each."""
    rows = table.to_dict("records")
    return table.assign(title=[bar_name(row) for row in rows], said=[worth_text(row) for row in rows])


def worth_text(row: dict[str, Any]) -> str:
    """Write the worth of a bar in short."""
    half, unit = (row["high"] - row["low"]) / 2, row["unit"]
    if row["element"] in ("start", "end"):
        return figures.with_half(row["value"], half, unit, "", language(), bare=True).split(" ±")[0]
    return figures.with_ends(row["value"], row["low"], row["high"], unit, "", language(), bare=True).split(" [")[0]


def rungs(table: pd.DataFrame, measure: str) -> list[dict[str, Any]]:
    """The level of a measure after each element, in the unit that it is shown in."""
    part = table[table["measure"] == measure]
    scale = 100.0 if MEASURES[measure].unit in figures.PERCENT else 1.0
    return [
        {"element": ("" if row["element"] == "start" else "+ ") + bar_name(row), "step": row["step"]}
        | {name: row[name] * scale for name in ("mean", "low", "high")}
        for row in part.to_dict("records")
    ]


def bars_table(part: pd.DataFrame, currency: str) -> pd.DataFrame:
    """The bridge of one measure in figures: worth on average over all orders, and in the order of the ladder."""
    import pandas as pd

    rows = []
    for row in named_bars(part).to_dict("records"):
        level = row["element"] in ("start", "end")
        half = (row["high"] - row["low"]) / 2
        unit = row["unit"]
        own = (
            figures.with_half(row["value"], half, unit, currency, language())
            if level
            else figures.with_ends(row["value"], row["low"], row["high"], unit, currency, language())
        )
        step = (
            ""
            if level
            else figures.with_ends(row["ladder"], row["ladder_low"], row["ladder_high"], unit, currency, language())
        )
        rows.append({say("Element"): row["title"], say("Worth [95 %]"): own, say("In this order [95 %]"): step})
    return pd.DataFrame(rows)


READINGS = (("value", "low", "high"), ("alone", "alone_low", "alone_high"), ("last", "last_low", "last_high"))


def readings_table(blocks: pd.DataFrame, bars: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Each block and its elements in figures: the fair share, by itself, and what is lost without it."""
    import pandas as pd

    heads = [say("Worth [95 %]"), say("Only this [95 %]"), say("All but this: lost [95 %]")]
    ends, rows = ("start", "end"), []
    for block in blocks[~blocks["element"].isin(ends)].to_dict("records"):
        inside = bars[(bars["block"] == block["element"]) & (block["element"] != "total")].to_dict("records")
        for row, before in [(block, ""), *((one, "– ") for one in inside if len(inside) > 1)]:
            told = [
                figures.with_ends(*(row[name] for name in names), row["unit"], currency, language())
                for names in READINGS
            ]
            told = [*told[:1], "", ""] if row["element"] == "total" else told
            rows.append(dict(zip((say("Block, element"), *heads), (before + bar_name(row), *told), strict=True)))
    return pd.DataFrame(rows)


def bridge_conclusion(table: pd.DataFrame, measure: str, currency: str) -> str:
    """Conclude the worth of S&OP in a measure, and which element most of it comes from."""
    part = table[table["measure"] == measure]
    total = part[part["element"] == "total"].iloc[0]
    parts = part[~part["element"].isin(["start", "total", "end"])]
    size, half = parts["value"].abs(), (parts["high"] - parts["low"]) / 2
    most = parts.loc[size.idxmax()]
    largest = parts[size + half >= size.max() - half[size.idxmax()]]

    def words(row: Any) -> str:
        return figures.with_ends(row["value"], row["low"], row["high"], row["unit"], currency, language())

    slots = {
        "title": tell(MEASURES[measure].title),
        "total": words(total),
        "element": say(", ").join(tell(title) for title in largest["title"]),
        "most": words(most),
    }
    if len(largest) > 1:
        text = say("**{title}: {total} in all.** The largest parts cannot be told apart: {element}.", **slots)
        nothing = say("**{title}: {total} in all**, not distinguishable from nothing.", **slots)
        return nothing if total["low"] <= 0 <= total["high"] else text
    if total["low"] <= 0 <= total["high"]:
        return say(
            "**{title}: {total} in all**, not distinguishable from nothing. The largest part is {element}, {most}.",
            **slots,
        )
    return say("**{title}: {total} in all.** The largest part is {element}, {most}.", **slots)
