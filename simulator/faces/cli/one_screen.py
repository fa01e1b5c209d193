"""A comparison in one screen: a line a policy, the decision under the contract, where the money comes from, what to type next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.kernel.messages import Text, capital, msg, said

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.comparison import Comparison

COLUMNS = ("fill_rate", "contract_missed", "all_stock_value", "production_change", "ebit_before_absorption")
"""Measures of the line of a policy, those that were measured."""


def may_be_short(result: Comparison) -> bool:
    """Tell if a comparison holds what a screen decides by."""
    from simulator.results.under_contract import under_contract

    return result.across == "policy" and under_contract(result) is not None


def one_screen(result: Comparison, summary: pd.DataFrame) -> Iterator[str]:
    """The exchange in one line a policy, the verdict, and the next commands."""
    from simulator.results.equal_words import brought_words
    from simulator.results.under_contract import price_of_calm, verdict_sentences

    yield _lines(result, summary)
    calm = price_of_calm(result)
    yield "\n".join(map(str, [*verdict_sentences(result), *([calm] if calm else [])]))
    if horizon := result.horizon():
        yield said("{sentence}.", sentence=capital(horizon))
    if brought := [said("{sentence}.", sentence=capital(told)) for told in brought_words(result)]:
        yield "\n".join(brought)
    yield "\n".join(_next(result))


def _lines(result: Comparison, summary: pd.DataFrame) -> str:
    """Service, stock, steadiness and profit of each policy, with half-widths of 95 % intervals."""
    from simulator.faces.cli.at_target import reached_told
    from simulator.faces.report import figures
    from simulator.results.equal_words import setting_words

    brought = result.at.name if result.at else ""
    there = [name for name in COLUMNS if name in set(summary["measure"]) and name != brought]
    rows = {(row["measure"], row[result.across]): row for row in summary.to_dict("records")}
    currency, first = result.scenario.company.currency, result.columns[0]
    head = [said("mean ± half-width (95 %)")]
    if result.at:
        head += [said("brought to {target}", target=result.at.words()), said("on fresh luck")]
    told = [[*head, *(figures.heading(rows[name, first], currency) for name in there)]]
    for column in result.columns:
        one = result.tuned.get(column)
        setting = [setting_words(one, one.value), reached_told(one)] if one else []
        told.append([column, *setting, *(figures.with_half_width(rows[name, column]) for name in there)])
    return figures.aligned(told, left=len(head))


def _next(result: Comparison) -> Iterator[str]:
    """Commands that go on from here."""
    name, take = result.scenario.name, _planned(result)
    at = f" --at {result.at.name}={result.at.value:g}" if result.at else ""
    yield said("What to type next:")
    commands: list[tuple[str, Text]] = [
        (f"sop compare {name}{at} --full", msg("all measures, differences and what they rest on")),
        (f"sop bridge {name}", msg("which element of S&OP earns it")),
        (
            f"sop cycle {name} --policy {take} --month {result.scenario.experiment.warm_up + 2} --pack",
            msg("one month's meeting in three pages"),
        ),
        ("sop dashboard", msg("the same in the browser")),
    ]
    width = max(len(command) for command, _ in commands)
    yield from (f"  {command.ljust(width)}  {told}" for command, told in commands)


def _planned(result: Comparison) -> str:
    """The policy whose meetings are worth reading: the one to take where it holds any."""
    from simulator.results.under_contract import under_contract

    told = under_contract(result)
    held = [policy.name for policy in result.policies if policy.name.startswith("sop")]
    return told.take if told and told.take in held else next(iter(held), result.columns[0])
