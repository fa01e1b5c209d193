"""Measures by name, and their tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulator.engine.books import Books
from simulator.kernel.messages import listed, msg
from simulator.kernel.units import Array, ScenarioError, nearest
from simulator.results.kpis.registry import MEASURES, Measure
from simulator.results.reading.score import GROUPINGS, Score

if TYPE_CHECKING:
    import pandas as pd

MAIN = (
    "fill_rate", "otif", "contract_missed", "lost_sales", "backlog_value", "cycle_time", "days_of_supply", "stock_value",
    "all_stock_value", "production_change", "bullwhip", "purchase_swing", "nervousness", "plan_attainment",
    "forecast_wmape", "forecast_bias", "peak_utilisation", "overtime", "contribution", "ebit",
    "ebit_before_absorption", "lowest_cash",
)  # fmt: skip
"""What a comparison shows when no measures are named."""


def measures_named(measures: Sequence[str] | str | None) -> list[Measure]:
    """Measures by name, or one; all that a comparison shows when none are named, every one for `all`."""
    measures = [measures] if isinstance(measures, str) else measures
    names = MAIN if not measures else tuple(MEASURES) if list(measures) == ["all"] else measures
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        alone = msg(", which goes with no other name")
        hint = alone if unknown[0] == "all" else msg("; {hint}", hint=nearest(unknown[0], list(MEASURES)))
        raise ScenarioError(msg("there is no measure {name}{hint}", name=repr(unknown[0]), hint=hint))
    return [MEASURES[name] for name in names]


class Measured(NamedTuple):
    """A measure of one block of replications: the groups that it is told by, and a figure for each, (groups, lanes)."""

    groups: list[str]
    figures: Array


def known_grouping(by: str) -> str:
    """The grouping, if there is one of that name."""
    if by not in GROUPINGS:
        raise ScenarioError(
            msg("there is no grouping {by}; allowed are {names}", by=repr(by), names=listed(GROUPINGS, ", "))
        )
    return by


def measured_by(books: Books, wanted: Mapping[str, Sequence[str]]) -> Iterator[tuple[tuple[str, str], Measured]]:
    """Measures by several groupings of the same books: grouping and measure, and what came out.

    Sums of the books that groupings share are made once; measures that cannot be told by a grouping are left out.
    """
    whole, lanes = Score(in_company(books)), len(books.replications)
    for by, names in wanted.items():
        score = whole.in_groups(by)
        for m in measures_named(names) if names else []:
            if m.is_by(by):
                yield (by, m.name), Measured(score.groups, m.function(score)[:, :lanes])


def values(
    books: Books,
    measures: Sequence[str] | str | None = None,
    by: str = "total",
    months: tuple[int, int] | None = None,
) -> tuple[list[tuple[Measure, str]], Array]:
    """Measures and groups in rows, replications in columns; over the scored months, or from one until before another."""
    known_grouping(by)
    score, rows, parts = Score(in_company(books), by, months), [], []
    for m in measures_named(measures):
        if not m.is_by(by):
            continue
        parts.append(m.function(score))
        rows += [(m, group) for group in score.groups]
    lanes = len(books.replications)
    return rows, np.concatenate(parts)[:, :lanes] if parts else np.zeros((0, lanes))


def measure_values(books: Books, measure: str, months: tuple[int, int], by: str = "total") -> Array:
    """One measure over some months, as every face shows it: (groups, replications)."""
    return MEASURES[measure].function(Score(books, by, months))


def in_company(books: Books) -> Books:
    """A lone replication beside its double, since NumPy sums a lone column in another order than columns in company."""
    if len(books.replications) > 1:
        return books
    return books.each(lambda book: np.repeat(book, 2, axis=-1), books.replications)


def tidy(
    scenario: str, policy: str, replications: Sequence[int], rows: list[tuple[Measure, str]], found: Array, by: str
) -> pd.DataFrame:
    """The tidy table of one policy: scenario, policy, replication, measure, unit, value."""
    import pandas as pd

    def repeated(texts: list[str], times: int) -> Any:
        """Texts are made once and then repeated, which is quicker than the other way round."""
        return pd.array(texts, dtype="str").repeat(times)

    lanes = len(replications)
    columns = {
        "scenario": repeated([scenario], found.size),
        "policy": repeated([policy], found.size),
        "replication": np.tile(np.asarray(replications), len(rows)),
        **({} if by == "total" else {by: repeated([group for _, group in rows], lanes)}),
        "measure": repeated([m.name for m, _ in rows], lanes),
        "unit": repeated([m.unit for m, _ in rows], lanes),
        "value": found.ravel(),
    }
    return pd.DataFrame(columns)


def can_be_told_by(by: str, asked: Sequence[Measure]) -> None:
    """Refuse measures that are asked for by part and are not there by part."""
    whole = [m.name for m in asked if not m.is_by(by)]
    if whole:
        raise ScenarioError(
            msg(
                "{names} cannot be told by {by}; leave out --by, or name other measures",
                names=listed(whole, " and "),
                by=by,
            )
        )


def table(books: Books, by: str = "total", measures: Sequence[str] | str | None = None) -> pd.DataFrame:
    """The tidy table of one block of replications."""
    rows, found = values(books, measures, by)
    return tidy(books.scenario.case, books.policy.name, books.replications, rows, found, by)
