"""Say the months from today as an answer: how each policy fares, and which product runs out when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.faces.answer.definition import (
    BARS,
    DAY,
    FIGURE,
    OF_THE_FIGURE,
    SHARE,
    Chart,
    Column,
    Handout,
    Series,
    Table,
    definition_table,
)
from simulator.faces.answer.of_comparison import made_of
from simulator.faces.describe import in_short
from simulator.kernel.messages import Text, in_currency, msg, number
from simulator.results.kpis import MEASURES
from simulator.results.run_out import FARES, fare_title, fare_unit

if TYPE_CHECKING:
    import pandas as pd

    from simulator.engine.scenario import Scenario
    from simulator.results.run_out import RunOut

LIKELIEST = 20
"""Products of the picture."""

POSITION = {
    "on_hand": msg("on hand"),
    "on_its_way": msg("on its way"),
    "owed": msg("owed"),
    "cover_days": msg("days of cover"),
}
"""The position of a product today, by column of the table."""


@dataclass(frozen=True)
class TodayKept:
    """Hold what is told of the months from today, with the name by which readers know each policy."""

    scenario: Scenario
    names: Mapping[str, str]  # by policy
    fares: pd.DataFrame  # policy, measure, mean, low, high
    products: pd.DataFrame
    sentences: Sequence[Text]
    about: Text
    remarks: Sequence[Text]
    company: str = ""


def answer_of_run_out(found: RunOut) -> Handout:
    """The answer of the months from today, as they were run."""
    from simulator.results.cautions import cautions
    from simulator.results.run_out_words import about_today, begin_words, run_out_sentence

    names = {policy.name: policy.name for policy in found.policies}
    sentences = [*(run_out_sentence(found, name) for name in names), *begin_words(found.scenario)]
    remarks = cautions(found.scenario, found.policies)
    kept = TodayKept(found.scenario, names, found.fares_table(), found.table(), sentences, about_today(found), remarks)
    return answer_of_today(kept)


def answer_of_today(kept: TodayKept) -> Handout:
    """The answer of the months from today, as it was kept."""
    scenario, company = kept.scenario, kept.company or kept.scenario.name
    currency = scenario.company.currency
    return Handout(
        title=msg("From today"),
        question=msg(
            "What do the next {months} months bring to {company} from {day}, and which product runs out when?",
            months=number(scenario.days.months),
            company=company,
            day=scenario.days.date(0),
        ),
        about=kept.about,
        verdict=kept.sentences,
        charts=[_likeliest(kept)],
        tables=[_fares(kept, currency)],
        parts=_products(kept),
        assumptions=[
            msg("{company}: {things}", company=company, things=in_short(scenario)),
            *scenario.assumed,
            *scenario.notes,
        ],
        definitions=definition_table([MEASURES[name] for name in FARES], currency),
        remarks=kept.remarks,
        made=made_of(scenario),
    )


def _likeliest(kept: TodayKept) -> Chart:
    """The products that are likeliest to run out under the first policy, under each."""
    first = next(iter(kept.names))
    order = kept.products.loc[kept.products["policy"] == first, "product"].head(LIKELIEST).tolist()
    series = []
    for policy, name in kept.names.items():
        mine = kept.products[kept.products["policy"] == policy].set_index("product")["chance"]
        series.append(Series(name, order, mine.loc[order].astype(float).tolist()))
    return Chart(
        BARS,
        msg(
            "Share of the runs in which a product runs out, the likeliest under {policy} first",
            policy=kept.names[first],
        ),
        Column(msg("product")),
        Column(msg("runs out"), SHARE),
        series,
    )


def _fares(kept: TodayKept, currency: str) -> Table:
    """A row a policy and measure, with its interval."""
    columns = [Column(msg("policy")), Column(msg("what is measured")), Column(msg("unit"))]
    heads = (msg("mean"), msg("interval from"), msg("interval to"))
    columns += [Column(head, FIGURE, OF_THE_FIGURE) for head in heads]
    rows = []
    for row in kept.fares.to_dict("records"):
        measure = MEASURES[row["measure"]]
        share = measure.unit in ("share", "probability")
        unit = msg("%") if share else in_currency(fare_unit(row["measure"]), currency)
        figures = [float(row[end]) * (100.0 if share else 1.0) for end in ("mean", "low", "high")]
        rows.append((kept.names[row["policy"]], fare_title(row["measure"], kept.scenario.days.months), unit, *figures))
    return Table(msg("policies"), msg("How each policy fares in these months"), columns, rows)


def _products(kept: TodayKept) -> Table:
    """A row a product: its position today, and under each policy its chance to run out and by which dates."""
    first = kept.products[kept.products["policy"] == next(iter(kept.names))]
    columns = [Column(msg("product")), *(Column(head, FIGURE) for head in POSITION.values())]
    by_policy = {name: kept.products[kept.products["policy"] == name].set_index("product") for name in kept.names}
    for name in kept.names.values():
        columns += [
            Column(msg("{policy}: runs out", policy=name), SHARE),
            Column(msg("{policy}: 1 in 10 by", policy=name), DAY),
            Column(msg("{policy}: 1 in 2 by", policy=name), DAY),
        ]
    rows = []
    for row in first.to_dict("records"):
        line = [str(row["product"]), *(float(row[key]) for key in POSITION)]
        for table in by_policy.values():
            one = table.loc[row["product"]]
            line += [
                float(one["chance"]),
                *(None if day is None or day != day else day for day in one[["early", "likely"]]),
            ]
        rows.append(line)
    title = msg("By product: the likeliest to run out first ({n} in all)", n=number(len(rows)))
    return Table(msg("products"), title, columns, rows)
