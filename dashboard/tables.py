"""Tables as people read them: figures with their intervals, a column a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.controls import language, say, tell
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
        group = str(row[by]) if by else ""
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
    """What each measure is."""
    import pandas as pd

    from simulator.results.kpis import MEASURES

    rows = [MEASURES[name] for name in measures]
    return pd.DataFrame(
        {
            say("Measure"): [tell(m.title) for m in rows],
            say("Code"): [m.name for m in rows],
            say("Unit"): [tell(m.unit) for m in rows],
            say("Better"): [tell(m.better) for m in rows],
            say("Definition"): [tell(m.definition) for m in rows],
        }
    )
