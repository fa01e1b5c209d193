"""Say a value bridge as an answer: what each block and element of S&OP is worth, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.faces.answer.definition import (
    BARS,
    FIGURE,
    OF_THE_FIGURE,
    Chart,
    Column,
    Handout,
    Series,
    Table,
    definition_table,
)
from simulator.faces.answer.of_comparison import made_of
from simulator.kernel.messages import Message, Text, capital, in_currency, msg, number

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.bridge import Bridge

READINGS = ("value", "low", "high", "alone", "alone_low", "alone_high", "last", "last_low", "last_high")


def answer_of_bridge(found: Bridge) -> Handout:
    """The answer of a bridge: the first measure as bars, every block as parts, every element in the workbook."""
    from simulator.results.bridge_words import told_of, unequal_words

    told, scenario = told_of(found), found.scenario
    currency, first = scenario.company.currency, found.measures[0]
    blocks, elements = found.blocks_table(), found.table()
    own = blocks[(blocks["measure"] == first.name) & ~blocks["element"].isin(["start", "end", "total"])]
    unit = in_currency(first.unit, currency)
    verdict = [*told["whole"], *told["blocks"], *unequal_words(found)]
    return Handout(
        title=msg("Value bridge"),
        question=msg(
            "What is each element of S&OP worth at {company}, from {base} to {full}?",
            company=scenario.name,
            base=found.base.name,
            full=found.end,
        ),
        about=_runs(found),
        verdict=verdict or [msg("The tables hold what each element is worth")],
        charts=[
            Chart(
                BARS,
                msg("Worth of each block: {measure}", measure=msg(first.title)),
                Column(msg("block")),
                Column(msg("{title}, {unit}", title=msg(first.title), unit=unit), FIGURE, OF_THE_FIGURE),
                [Series(msg("worth"), [capital(msg(title)) for title in own["title"]], own["value"].tolist())],
            )
        ],
        tables=[_table(elements, currency, msg("elements"), msg("Every element in every measure"), brief=False)],
        parts=_table(blocks, currency, msg("blocks"), msg("By block: worth, alone, and lost without it"), brief=True),
        assumptions=list(_assumptions(found, told["elements"])),
        definitions=definition_table(found.measures, currency),
        remarks=found.cautions,
        made=made_of(found),
    )


def _runs(found: Bridge) -> Message:
    return msg(
        "{n} runs of each of {many} combinations, all on the same luck (seed {seed}); intervals hold with 95 %",
        n=number(len(found.replications)),
        many=number(found.combinations),
        seed=f"{found.seed}",
    )


def _assumptions(found: Bridge, elements: list[Message]) -> Iterator[Text]:
    if found.at:
        yield msg("every combination was brought to {target} before it was compared", target=found.at.words())
    yield from elements
    yield from found.scenario.assumed
    yield from found.scenario.notes


def _table(frame: pd.DataFrame, currency: str, name: Message, title: Message, brief: bool) -> Table:
    """A row a measure and bar in its three readings, each with its interval."""
    heads = (
        msg("worth"), msg("from"), msg("to"), msg("only this"), msg("from"), msg("to"), msg("lost without it"), msg("from"), msg("to"),
    )  # fmt: skip
    columns = [Column(msg("what is measured")), Column(msg("unit")), Column(msg("block or element"))]
    columns += [Column(head, FIGURE, OF_THE_FIGURE) for head in heads]
    rows = []
    from simulator.results.kpis import MEASURES

    for row in frame.to_dict("records"):
        share = row["unit"] in ("share", "probability")
        unit = msg("%") if share else in_currency(str(row["unit"]), currency)
        figures = [float(row[each]) * (100.0 if share else 1.0) for each in READINGS]
        rows.append((msg(MEASURES[row["measure"]].title), unit, msg(str(row["title"])), *figures))
    return Table(name, title, columns, rows, brief)
