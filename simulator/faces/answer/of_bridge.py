"""Say a value bridge as an answer: what each block and element of S&OP is worth, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from simulator.kernel.messages import Message, Text, Value, capital, in_currency, msg, number
from simulator.results.kpis import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from simulator.engine.scenario import Scenario
    from simulator.results.bridge import Bridge

READINGS = ("value", "low", "high", "alone", "alone_low", "alone_high", "last", "last_low", "last_high")


def answer_of_bridge(found: Bridge) -> Handout:
    """The answer of a bridge: the first measure as bars, every block as parts, every element in the workbook."""
    from simulator.results.bridge_words import told_of, unequal_words

    told = told_of(found)
    kept = BridgeKept(
        found.scenario,
        (found.base.name, found.end),
        found.blocks_table(),
        found.table(),
        {**told, "whole": [*told["whole"], *unequal_words(found)]},
        _runs(found),
        found.cautions,
        found.at.words() if found.at else None,
    )
    return answer_of_kept_bridge(kept)


@dataclass(frozen=True)
class BridgeKept:
    """Hold what is told of a bridge: its two ends by the names that readers know, its tables and its sentences."""

    scenario: Scenario
    ends: tuple[str, str]
    blocks: pd.DataFrame
    elements: pd.DataFrame
    told: Mapping[str, Sequence[Value]]
    about: Message
    remarks: Sequence[Text]
    at: Message | None = None
    company: str = ""


def answer_of_kept_bridge(kept: BridgeKept) -> Handout:
    """The answer of a bridge as it was kept."""
    scenario, blocks = kept.scenario, kept.blocks
    currency, measures = scenario.company.currency, [MEASURES[name] for name in dict.fromkeys(blocks["measure"])]
    first, unit = measures[0], in_currency(measures[0].unit, currency)
    own = blocks[(blocks["measure"] == first.name) & ~blocks["element"].isin(["start", "end", "total"])]
    verdict = [*kept.told["whole"], *kept.told["blocks"]]
    return Handout(
        title=msg("Value bridge"),
        question=msg(
            "What is each element of S&OP worth at {company}, from {base} to {full}?",
            company=kept.company or scenario.name,
            base=kept.ends[0],
            full=kept.ends[1],
        ),
        about=kept.about,
        verdict=[as_text(each) for each in verdict] or [msg("The tables hold what each element is worth")],
        charts=[
            Chart(
                BARS,
                msg("Worth of each block: {measure}", measure=msg(first.title)),
                Column(msg("block")),
                Column(msg("{title}, {unit}", title=msg(first.title), unit=unit), FIGURE, OF_THE_FIGURE),
                [Series(msg("worth"), [capital(msg(title)) for title in own["title"]], own["value"].tolist())],
            )
        ],
        tables=[_table(kept.elements, currency, msg("elements"), msg("Every element in every measure"), brief=False)],
        parts=_table(blocks, currency, msg("blocks"), msg("By block: worth, alone, and lost without it"), brief=True),
        assumptions=list(_assumptions(kept)),
        definitions=definition_table(measures, currency),
        remarks=kept.remarks,
        made=made_of(scenario),
    )


def as_text(value: Value) -> Text:
    """A value that was kept as something to be said."""
    return value if isinstance(value, Message | str) else f"{value}"


def _runs(found: Bridge) -> Message:
    return msg(
        "{n} runs of each of {many} combinations, all on the same luck (seed {seed}); intervals hold with 95 %",
        n=number(len(found.replications)),
        many=number(found.combinations),
        seed=f"{found.seed}",
    )


def _assumptions(kept: BridgeKept) -> Iterator[Text]:
    if kept.at:
        yield msg("every combination was brought to {target} before it was compared", target=kept.at)
    yield from map(as_text, kept.told["elements"])
    yield from (each for each in kept.scenario.assumed if each not in kept.remarks)
    yield from kept.scenario.notes


def _table(frame: pd.DataFrame, currency: str, name: Message, title: Message, brief: bool) -> Table:
    """A row a measure and bar in its three readings, each with its interval."""
    heads = (
        msg("worth"), msg("from"), msg("to"), msg("only this"), msg("from"), msg("to"), msg("lost without it"), msg("from"), msg("to"),
    )  # fmt: skip
    columns = [Column(msg("what is measured")), Column(msg("unit")), Column(msg("block or element"))]
    columns += [Column(head, FIGURE, OF_THE_FIGURE) for head in heads]
    rows = []
    for row in frame.to_dict("records"):
        share = row["unit"] in ("share", "probability")
        unit = msg("%") if share else in_currency(str(row["unit"]), currency)
        figures = [float(row[each]) * (100.0 if share else 1.0) for each in READINGS]
        rows.append((msg(MEASURES[row["measure"]].title), unit, msg(str(row["title"])), *figures))
    return Table(name, title, columns, rows, brief)
