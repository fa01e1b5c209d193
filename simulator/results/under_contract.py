"""Decide under the service contract: who meets it, who of those earns most, and where the difference comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from simulator.kernel.messages import Message, Value, listed, msg, number, percent, rounded
from simulator.results.comparison import Comparison
from simulator.results.equal_service import Outcome
from simulator.results.estimates import Estimate
from simulator.results.kpis.sources import SOURCES
from simulator.results.money_words import interval_words, largest_sources

MONEY = "ebit_before_absorption"
SERVICE_LEVEL = "fill_rate"
ALL_STOCK = "all_stock_value"
CALM = "production_change"
NEEDED = (SERVICE_LEVEL, ALL_STOCK, CALM, MONEY, *SOURCES)
"""Measures that a comparison must hold to be decided on and explained."""

MOST_SOURCES = 3
"""Sources of a difference in profit that a sentence names, the largest first."""


@dataclass(frozen=True)
class UnderContract:
    """The decision under a contract: columns that meet it, the one to take, those that cannot be told from it."""

    contract: float
    meets: tuple[str, ...]
    take: str
    alike: tuple[str, ...]
    reference: str


def under_contract(found: Comparison) -> UnderContract | None:
    """Take the column that earns most of those that meet the contract; where none does, the one that serves best.

    Nothing where service or profit was not measured in total, or there is one column only.
    """
    names = {measure.name for measure, _ in found.rows}
    if found.by != "total" or not {SERVICE_LEVEL, MONEY} <= names or len(found.columns) < 2:
        return None
    contract = (
        found.at.value if found.at and found.at.name == SERVICE_LEVEL else found.scenario.experiment.service_target
    )
    meets = tuple(column for column in found.columns if _meets(found, column, contract))
    take, *alike = found.leaders(MONEY, meets) if meets else found.leaders(SERVICE_LEVEL)
    return UnderContract(contract, meets, take, tuple(alike), found.columns[0])


def _meets(found: Comparison, column: str, contract: float) -> bool:
    """Tell if a column was brought to the contract or is beyond it; as run, if its interval is not wholly below."""
    if found.at and found.at.name == SERVICE_LEVEL:
        return found.tuned[column].outcome is not Outcome.OUT_OF_REACH
    level = found.level(SERVICE_LEVEL, column)
    return bool((level.high if np.isfinite(level.half) else level.mean) >= contract)


# --- in words ---


def verdict_sentences(found: Comparison, called: Callable[[str], str] = str) -> Iterator[Message]:
    """Say what to take under the contract, what that earns, how sure it is, and where the money comes from.

    `called` gives a column the name by which readers know it.
    """
    told = under_contract(found)
    if told is None:
        return
    slots: dict[str, Value] = {"contract": percent(told.contract), "take": called(told.take)}
    if not told.meets:
        level = percent(found.level(SERVICE_LEVEL, told.take).mean, 1)
        yield msg(
            "No policy meets the contract of {contract} fill rate; {take} comes nearest with {level}.",
            **slots,
            level=level,
        )
    elif len(told.meets) == 1:
        yield msg("Under the contract of {contract} fill rate, take {take}: no other policy meets it.", **slots)
    else:
        yield msg(
            "Under the contract of {contract} fill rate, take {take}: of those that meet it, it earns most.", **slots
        )
    if told.alike:
        names, what = listed(map(called, told.alike), ", "), msg("profit") if told.meets else msg("service")
        yield msg("Not surely different from it in {what}: {names}.", names=names, what=what)
    if told.take != told.reference:
        yield from _against_reference(found, told, called)


def _against_reference(found: Comparison, told: UnderContract, called: Callable[[str], str]) -> Iterator[Message]:
    """Say what the column to take earns and holds against the first one, in how many runs it pays, and by which sources."""
    currency = found.scenario.company.currency
    row = next(k for k, (measure, _) in enumerate(found.rows) if measure.name == MONEY)
    pays = found.in_runs(row, told.take) > found.in_runs(row, told.reference)
    yield msg(
        "Against {reference} it earns {gap} {currency} a year before absorption, and more in {share} of the runs.",
        reference=called(told.reference),
        gap=interval_words(found.gap(MONEY, told.take, told.reference)),
        currency=currency,
        share=percent(float(pays.mean()), 0),
    )
    if any(measure.name == ALL_STOCK for measure, _ in found.rows):
        yield _stock(found.gap(ALL_STOCK, told.take, told.reference), currency)
    if parts := sources_of(found, told.take, told.reference):
        yield msg(
            "The largest sources of the difference, {currency} a year: {sources}.",
            sources=listed(largest_sources(parts, MOST_SOURCES), "; "),
            currency=currency,
        )


def price_of_calm(found: Comparison, called: Callable[[str], str] = str) -> Message | None:
    """Say what the calmest plant of those that meet the contract costs against the column to take; nothing where that is the calmest."""
    told = under_contract(found)
    names = {measure.name for measure, _ in found.rows}
    if told is None or len(told.meets) < 2 or not {CALM, ALL_STOCK} <= names:
        return None
    if any(not np.isfinite(found.level(CALM, column).mean) for column in told.meets):
        return None  # who makes nothing has no plant to calm
    calmest, *_ = found.leaders(CALM, told.meets)
    calmer = found.gap(CALM, calmest, told.take)
    if calmest == told.take or not calmer.is_told:
        return None
    return msg(
        "The calmest is {calmest}: production changes {points} points less from month to month than with {take}, at a price "
        "of {stock} {currency} of stock and {profit} {currency} a year before absorption.",
        calmest=called(calmest),
        take=called(told.take),
        points=number(-100 * calmer.mean, 1),
        stock=interval_words(found.gap(ALL_STOCK, calmest, told.take)),
        profit=interval_words(found.gap(MONEY, calmest, told.take)),
        currency=found.scenario.company.currency,
    )


def _stock(gap: Estimate, currency: str) -> Message:
    """More stock or less, with the interval; or that nothing is sure."""
    if not gap.is_told:
        return msg("In stock no difference is sure ({gap} {currency}).", gap=interval_words(gap), currency=currency)
    low, size, high = sorted(map(abs, (gap.low, gap.mean, gap.high)))
    ends = {"size": rounded(size, signed=False), "low": rounded(low, signed=False), "high": rounded(high, signed=False)}
    if gap.mean < 0:
        return msg("It holds {size} [{low}, {high}] {currency} less stock.", **ends, currency=currency)
    return msg("It holds {size} [{low}, {high}] {currency} more stock.", **ends, currency=currency)


def sources_of(found: Comparison, column: str, other: str) -> list[tuple[str, Estimate]]:
    """List the sources of a difference in profit; nothing where they were not measured."""
    names = {measure.name for measure, _ in found.rows}
    if not {*SOURCES} <= names:
        return []
    return [(name, found.gap(name, column, other)) for name in SOURCES]
