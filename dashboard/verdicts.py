"""What a result says, in one sentence with its figures and their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard import show
from dashboard.controls import language, say, tell
from dashboard.look import policy_name
from dashboard.words import figures

if TYPE_CHECKING:
    import pandas as pd

ALIKE = (*show.ALIKE, "not measured")


Row = dict[Any, Any]
Rows = dict[tuple[str, str], Row]
"""The lines of a summary by measure and policy, in its order."""


def rows_of(summary: pd.DataFrame) -> Rows:
    """The lines of a summary, to be looked up."""
    return {(row["measure"], row["policy"]): row for row in summary.to_dict("records")}


def best_served(rows: Rows) -> str:
    """The policy with the highest fill rate."""
    rates = {policy: row["mean"] for (measure, policy), row in rows.items() if measure == "fill_rate"}
    return max(rates, key=lambda policy: rates[policy])


def conclusion(rows: Rows, currency: str, money: str) -> str:
    """Which way of planning serves customers best, and what it costs, against the first one."""
    (_, reference), *_ = rows
    best = best_served(rows)
    fill = rows["fill_rate", best]
    share = figures.with_half(fill["mean"], (fill["high"] - fill["low"]) / 2, "share", currency, language())
    if best == reference:
        text = say(
            "**{policy}, the reference, serves best**: it fills {share} of demand on the day.",
            policy=policy_name(best),
            share=share,
        )
        return text
    gap = figures.with_ends(
        fill["difference"], fill["difference_low"], fill["difference_high"], "share", currency, language()
    )
    slots = {"policy": policy_name(best), "share": share, "gap": gap, "reference": policy_name(reference)}
    if fill["verdict"] in ALIKE:
        first = say(
            "**{policy}** fills most, {share} of demand on the day, but cannot be told from **{reference}** ({gap}).",
            **slots,
        )
    else:
        first = say(
            "**{policy} serves best**: it fills {share} of demand on the day, {gap} against **{reference}**.", **slots
        )
    return f"{first} {_price(rows, best, 'days_of_supply', currency)} {_price(rows, best, money, currency)}"


def _price(rows: Rows, policy: str, measure: str, currency: str) -> str:
    """What a policy does to stock or money, in a sentence of its own."""
    row = rows[measure, policy]
    title = tell(row["title"])
    if row["verdict"] in ALIKE:
        return say("{title}: not distinguishable.", title=title)
    gap = figures.with_ends(
        row["difference"], row["difference_low"], row["difference_high"], row["unit"], currency, language()
    )
    return say("{title}: {gap}, {verdict}.", title=title, gap=gap, verdict=tell(row["verdict"]))
