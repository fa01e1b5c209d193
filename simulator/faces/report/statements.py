"""The books in money as a controller reads them: lines down, periods across."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.faces.report import figures
from simulator.kernel.messages import said

if TYPE_CHECKING:
    import pandas as pd

STATEMENT_WIDTH = 120


def statement_strips(table: pd.DataFrame, currency: str) -> Iterator[tuple[str, str]]:
    """Each statement under its name, cut into strips that fit the width."""
    if "statement" not in table:
        table = table.assign(statement="budget and result")
    periods = "year" if "year" in table else "period"
    for name, part in table.groupby("statement", sort=False):
        grid = part.pivot(index="line", columns=periods, values="value")
        grid = grid.loc[part["line"].unique(), part[periods].unique()]
        body = [[said(str(line)), *map(_text, row)] for line, row in zip(grid.index, grid.to_numpy(), strict=True)]
        rows = [[currency, *map(str, grid.columns)], *body]
        yield said(str(name)), "\n\n".join(figures.in_strips(rows, STATEMENT_WIDTH))


def _text(value: float) -> str:
    return figures.UNKNOWN if value != value else f"{value:z,.0f}"
