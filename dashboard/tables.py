"""Tables as people read them: figures with their intervals, a column a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dashboard.controls import language, own_name, say, tell
from dashboard.words import figures

if TYPE_CHECKING:
    import pandas as pd

MONTHS = {
    "label": "Policy",
    "month": "Month",
    "mean": "Mean",
    "low": "Interval from",
    "high": "Interval to",
    "p5": "90 % of runs from",
    "p95": "90 % of runs to",
}


HEADS = (
    "measure", "title", "scenario", "policy", "unit", "better", "mean", "low", "high", "p5", "p95", "difference",
    "difference_low", "difference_high", "verdict", "replication", "value", "series", "month", "scored", "input", "element",
    "ladder", "ladder_low", "ladder_high", "block", "alone", "alone_low", "alone_high", "last", "last_low", "last_high",
    "at", "entry", "setting", "step", "look at", "section", "owner", "text", "due", "effective",
    "table", "kind", "name", "figure", "column", "point", "replications", "half_width", "family", "segment", "p_value", "smallest",
)  # fmt: skip
"""Heads of tables as programs read them; a reader of another language has them in that one."""

SHEETS = {
    "summary": "Summary",
    "replications": "Every replication",
    "months": "Month by month",
    "inputs": "Inputs",
    "definitions": "Definitions",
    "blocks": "Four blocks",
    "bridge": "Value bridge",
    "ladder": "Ladder",
    "look at": "Look at",
    "settings": "Settings",
    "runs": "Every run",
}
"""Sheets by their names in English workbooks, and what they are."""

WORDS = (
    "title",
    "unit",
    "better",
    "verdict",
    "look at",
    "section",
    "owner",
    "text",
    "table",
    "name",
    "figure",
    "family",
)
"""Columns of words; all others hold figures, or codes that the command line takes."""


def in_words(sheets: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Sheets in the reader's language, heads and words; in English they are as the command line writes them."""
    if language() == "en":
        return dict(sheets)
    return {say(SHEETS.get(name, name)): _in_words(table) for name, table in sheets.items()}


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    told = table.copy()
    for name in set(WORDS) & set(table.columns):
        said = {each: own_name(each) if own_name(each) != each else tell(each) for each in table[name].unique()}
        told[name] = [said[each] for each in table[name]]
    return told.rename(columns={name: say("Better" if name == "better" else str(name)) for name in told.columns})


def means_table(summary: pd.DataFrame, currency: str, by: str = "") -> pd.DataFrame:
    """A row a measure, a column a policy: means with half-widths."""

    def cell(row: dict[str, Any]) -> str:
        return figures.level(row, currency, language())

    return _across(summary, cell, by)


def differences_table(summary: pd.DataFrame, currency: str) -> pd.DataFrame:
    """A row a measure, a column a policy: differences from the reference, with intervals and verdicts."""

    def cell(row: dict[str, Any]) -> str:
        ends = figures.with_ends(
            row["difference"], row["difference_low"], row["difference_high"], row["unit"], currency, language()
        )
        return f"{ends} {tell(row['verdict'])}"

    others = summary[summary["policy"] != summary.iloc[0]["policy"]]
    return _across(others, cell, "")


def _across(summary: pd.DataFrame, cell: Any, by: str) -> pd.DataFrame:
    import pandas as pd

    lines: dict[tuple[str, str], dict[str, str]] = {}
    for row in summary.to_dict("records"):
        group = own_name(str(row[by])) if by else ""
        line = lines.setdefault(
            (row["measure"], group), {say("Measure"): tell(row["title"]), **({say("Group"): group} if by else {})}
        )
        line[row["label"]] = cell(row)
    return pd.DataFrame(list(lines.values()))


def months_table(table: pd.DataFrame) -> pd.DataFrame:
    """A row a month and policy."""
    shown = table[list(MONTHS)].copy()
    for name in ("mean", "low", "high", "p5", "p95"):
        shown[name] = shown[name].round(1)
    return shown.rename(columns={name: say(title) for name, title in MONTHS.items()})


def definitions_table(measures: list[str]) -> pd.DataFrame:
    """List the definition of each measure."""
    import pandas as pd

    from simulator.results.kpis import MEASURES

    rows = [MEASURES[name] for name in measures]
    return pd.DataFrame(
        {
            say("Measure"): [tell(m.title) for m in rows],
            say("Code"): [m.name for m in rows],
            say("Unit"): [tell(m.unit) for m in rows],
            say("Better"): [tell(m.better) for m in rows],
            say("Matters beyond"): [tell(m.matters.text(m.unit)) for m in rows],
            say("Definition"): [tell(m.definition) for m in rows],
        }
    )
