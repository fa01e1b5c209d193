"""Say one run as an answer: the books of one possible year, as a planner reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.faces.answer.definition import FIGURE as FIGURES
from simulator.faces.answer.definition import LINES, Chart, Column, Handout, Series, table_of_frame
from simulator.faces.answer.definition import places_for as decimals
from simulator.faces.answer.of_comparison import made_of
from simulator.faces.describe import in_short
from simulator.kernel.messages import Message, capital, msg, number

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.run import Run

SERIES_NAMES = {"demand": msg("demand"), "shipped": msg("shipped"), "on_hand": msg("stock"), "backlog": msg("backlog")}

ALL = "all families"
"""The rows of a book that hold all families together."""


def answer_of_run(run: Run, book: str, table: pd.DataFrame) -> Handout:
    """The answer of one replication: the book that was opened as its table, its first lines over time as a picture."""
    from dataclasses import replace

    shown = replace(table_of_frame(msg(book), capital(msg(book)), table), brief=True)
    scenario = run.scenario
    return Handout(
        title=msg("One possible run"),
        question=msg(
            "How do the books of {company} look under {policy} in one possible run?",
            company=scenario.name,
            policy=run.policy.name,
        ),
        about=msg(
            "replication {replication} of seed {seed}: one of many possible runs, which shows what happens, not what to expect",
            replication=number(run.replications[0]),
            seed=f"{run.seed}",
        ),
        verdict=[_verdict(run)],
        charts=[*_over_time(table)],
        parts=shown,
        assumptions=[
            msg("{company}: {things}", company=scenario.name, things=in_short(scenario)),
            *scenario.assumed,
            *scenario.notes,
        ],
        remarks=run.cautions,
        made=made_of(run.scenario),
    )


def _verdict(run: Run) -> Message:
    """The fill rate of the run, and how far that is from the contract."""
    measured = run.measures()
    values = dict(zip(measured["measure"], measured["value"], strict=True))
    return msg(
        "In this run {fill} % of demand was served on the day, with {stock} {currency} of products in stock on average.",
        fill=number(100 * float(values["fill_rate"]), 1),
        stock=number(float(values["stock_value"])),
        currency=run.scenario.company.currency,
    )


def _over_time(table: pd.DataFrame) -> list[Chart]:
    """Demand and shipments of all together by period, where the book tells them."""
    names = [name for name in SERIES_NAMES if name in table]
    if "period" not in table or len(names) < 2 or ALL not in set(table.get("family", [])):
        return []
    sums = table[table["family"] == ALL].set_index("period")[names]
    across = [float(k + 1) for k in range(len(sums))]
    series = [Series(SERIES_NAMES[name], across, sums[name].astype(float).tolist()) for name in names]
    places = decimals([value for each in series for value in each.up])
    title = msg("Period by period, all families together")
    return [
        Chart(LINES, title, Column(msg("period"), FIGURES), Column(msg("units"), FIGURES, places), series),
    ]
