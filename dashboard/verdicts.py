"""Verdicts on a result in the reader's words: what to do under the contract, what it buys and costs, how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.alternatives import is_situation
from dashboard.controls import language, say, tell
from dashboard.look import policy_name
from dashboard.words import figures
from simulator.kernel.messages import capital
from simulator.results.equal_words import brought_words
from simulator.results.kpis import MEASURES
from simulator.results.under_contract import price_of_calm, under_contract, verdict_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from simulator.results.compare import Comparison

SummaryRow = dict[Any, Any]
Rows = dict[tuple[str, str], SummaryRow]
"""The lines of a summary by measure and policy, in its order."""


def summary_rows(summary: pd.DataFrame) -> Rows:
    """The lines of a summary, to be looked up."""
    return {(row["measure"], row["policy"]): row for row in summary.to_dict("records")}


def asks_what_if(found: Comparison) -> bool:
    """Tell if the comparison asks what an event does: nobody can choose that."""
    return any(map(is_situation, found.columns))


def policy_to_take(found: Comparison) -> str:
    """The policy that the verdict is about: the last situation asked for, else the one to take under the contract, or the only one."""
    if asks_what_if(found):
        return next(column for column in reversed(found.columns) if is_situation(column))
    told = under_contract(found)
    return told.take if told else found.columns[0]


def verdict_texts(found: Comparison) -> list[str]:
    """A sentence each: what to do under the contract first, then what it earns, holds and rests on, and who is not at the target."""
    brought = [say("{sentence}.", sentence=tell(capital(told))) for told in brought_words(found, policy_name)]
    if asks_what_if(found) and len(found.columns) > 1:
        return [say("What changes against {policy}", policy=policy_name(found.columns[0])), *_changes(found), *brought]
    calm = price_of_calm(found, policy_name)
    said = [*verdict_sentences(found, policy_name), *([calm] if calm else [])]
    return [*map(tell, said), *brought] or [_alone(found)]


CHANGES = ("fill_rate", "ebit_before_absorption", "all_stock_value")
"""Measures by which an alternative is told against the policy as it is."""


def _changes(found: Comparison) -> Iterator[str]:
    """A line for each alternative: service, profit and stock against the first column, and what cannot be told apart."""
    currency = found.scenario.company.currency
    rows = {measure.name: row for row, (measure, _) in enumerate(found.rows)}
    for column in found.columns[1:]:
        told = []
        for measure in (MEASURES[name] for name in CHANGES if name in rows):
            gap, judged = found.gap(measure.name, column, found.columns[0]), found.judged[rows[measure.name], column]
            ends = figures.with_ends(gap.mean, gap.low, gap.high, measure.unit, currency, language())
            told.append(f"{tell(measure.title)} {ends} {tell(judged.verdict)}")
        yield say("{policy}: {told}.", policy=policy_name(column), told=say("; ").join(told))


def _alone(found: Comparison) -> str:
    """The service of a policy that is compared with none."""
    own = found.level("fill_rate", found.columns[0])
    level = figures.with_half(own.mean, own.half, "share", found.scenario.company.currency, language())
    return say("{policy} fills {share} of demand on the day.", policy=policy_name(found.columns[0]), share=level)
