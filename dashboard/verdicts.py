"""Verdicts on a result in the reader's words: what to do under the contract, what it buys and costs, how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.controls import language, say, tell
from dashboard.look import policy_name
from dashboard.words import figures
from simulator.results.equal_words import outcome_words
from simulator.results.under_contract import price_of_calm, under_contract, verdict_sentences

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.compare import Comparison

SummaryRow = dict[Any, Any]
Rows = dict[tuple[str, str], SummaryRow]
"""The lines of a summary by measure and policy, in its order."""


def summary_rows(summary: pd.DataFrame) -> Rows:
    """The lines of a summary, to be looked up."""
    return {(row["measure"], row["policy"]): row for row in summary.to_dict("records")}


def policy_to_take(found: Comparison) -> str:
    """The policy that the verdict is about: the one to take under the contract, or the only one."""
    told = under_contract(found)
    return told.take if told else found.columns[0]


def verdict_texts(found: Comparison) -> list[str]:
    """A sentence each: what to do under the contract first, then what it earns, holds and rests on, and who is not at the target."""
    calm = price_of_calm(found, policy_name)
    unequal = [told for name, one in found.tuned.items() if (told := outcome_words(policy_name(name), one))]
    said = [*verdict_sentences(found, policy_name), *([calm] if calm else [])]
    texts = [tell(sentence) for sentence in said] + [say("{sentence}.", sentence=tell(told)) for told in unequal]
    return texts or [_alone(found)]


def _alone(found: Comparison) -> str:
    """The service of a policy that is compared with none."""
    own = found.level("fill_rate", found.columns[0])
    level = figures.with_half(own.mean, own.half, "share", found.scenario.company.currency, language())
    return say("{policy} fills {share} of demand on the day.", policy=policy_name(found.columns[0]), share=level)
