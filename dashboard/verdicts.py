"""Verdicts on a result, in two sentences with their figures and intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dashboard.controls import language, say, tell
from dashboard.look import policy_name
from dashboard.words import figures

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.compare import Comparison

SummaryRow = dict[Any, Any]
Rows = dict[tuple[str, str], SummaryRow]
"""The lines of a summary by measure and policy, in its order."""


def summary_rows(summary: pd.DataFrame) -> Rows:
    """The lines of a summary, to be looked up."""
    return {(row["measure"], row["policy"]): row for row in summary.to_dict("records")}


def best_served(rows: Rows) -> str:
    """The policy with the highest fill rate."""
    rates = {policy: row["mean"] for (measure, policy), row in rows.items() if measure == "fill_rate"}
    return max(rates, key=lambda policy: rates[policy])


def comparison_conclusion(found: Comparison, rows: Rows, currency: str, money: str) -> str:
    """Name the policy that serves best and the one that earns most, with the gap between the two."""
    told = [_service(found, rows, currency)]
    if len(found.policies) > 1 and (money, found.policies[0].name) in rows:
        told.append(_earnings(found, rows, currency, money))
    return " ".join(told)


def _service(found: Comparison, rows: Rows, currency: str) -> str:
    """Name the policy that fills most, and those from which it does not surely differ by what matters."""
    best, *alike = found.leaders("fill_rate")
    row, reference = rows["fill_rate", best], found.policies[0].name
    slots = {
        "policy": policy_name(best),
        "share": figures.level(row, currency, language()),
        "others": _listed(alike),
        "gap": _difference(row, currency),
        "reference": policy_name(reference),
    }
    if len(found.policies) == 1:
        return say("**{policy}** fills {share} of demand on the day.", **slots)
    if best == reference and not alike:
        return say("**{policy}, the reference, serves best**: it fills {share} of demand on the day.", **slots)
    if best == reference:
        return say(
            "**{policy}**, the reference, fills most, {share} of demand on the day; **{others}** may serve as well.",
            **slots,
        )
    if not alike:
        return say(
            "**{policy} serves best**: it fills {share} of demand on the day, {gap} against **{reference}**.", **slots
        )
    if reference in alike:
        return say("**{policy}** fills most, {share} of demand on the day; **{others}** may serve as well.", **slots)
    return say(
        "**{policy}** fills most, {share} of demand on the day, {gap} against **{reference}**; **{others}** may serve as well.",
        **slots,
    )


def _earnings(found: Comparison, rows: Rows, currency: str, money: str) -> str:
    """Name the policy that earns most, and its cost in service and stock against the one that serves best."""
    served, (richest, *alike) = best_served(rows), found.leaders(money)
    row = rows[money, richest]
    slots = {
        "policy": policy_name(richest),
        "title": tell(row["title"]),
        "level": figures.level(row, currency, language()),
        "alike": say(" (may earn as much: {others})", others=_listed(alike)) if alike else "",
        "served": policy_name(served),
        "gaps": say(", ").join(
            _gap(found, rows, measure, richest, served, currency) for measure in (money, "fill_rate", "days_of_supply")
        ),
    }
    if richest == served:
        text = say("It also earns most{alike}: {title} {level}.", **slots)
    elif served in alike:
        return say("In {title} it may do as well as the one that earns most, **{policy}** ({level}).", **slots)
    else:
        text = say("**{policy} earns most**{alike}: {title} {level}, {gaps} against **{served}**.", **slots)
    return text


def _listed(policies: Sequence[str]) -> str:
    return say(", ").join(map(policy_name, policies))


def _difference(row: SummaryRow, currency: str) -> str:
    """A difference from the reference with its interval."""
    ends = (row["difference"], row["difference_low"], row["difference_high"])
    return figures.with_ends(*ends, row["unit"], currency, language())


def _gap(found: Comparison, rows: Rows, measure: str, policy: str, other: str, currency: str) -> str:
    """Write the gap between two policies in a measure."""
    own, row = found.gap(measure, policy, other), rows[measure, policy]
    ends = figures.with_ends(own.mean, own.low, own.high, row["unit"], currency, language())
    return ends if row["unit"].startswith("money") else f"{tell(row['title'])} {ends}"  # whose level stands just before
