"""Say a list of products as an answer: who is served worst, by class, and every product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.faces.answer.definition import (
    BARS,
    FIGURE,
    SHARE,
    TEXT,
    Chart,
    Column,
    Handout,
    Series,
    Table,
    definition_table,
    places_for,
)
from simulator.faces.answer.of_comparison import made_of, runs_of
from simulator.kernel.messages import Message, in_currency, msg, number, percent, plural
from simulator.results.kpis import MEASURES
from simulator.results.product_list import class_sums

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.comparison import Comparison

HEADS = {
    "product": msg("product"),
    "name": msg("name"),
    "family": msg("family"),
    "class": msg("class"),
    "share": msg("share of sales"),
    "products": msg("products"),
}


def answer_of_products(found: Comparison, policy: str, every: pd.DataFrame, shown: pd.DataFrame) -> Handout:
    """The products of a company under a policy: those shown as a chart and a table, all of them as parts."""
    currency = found.scenario.company.currency
    measures = list(dict.fromkeys(measure for measure, _ in found.rows))
    return Handout(
        title=msg("Products"),
        question=msg(
            "Which products of {company} are served worst under {policy}?", company=found.scenario.name, policy=policy
        ),
        about=runs_of(found),
        verdict=[below_contract(found, every)],
        charts=[_worst(shown)],
        tables=[
            table_of_products(
                class_sums(every),
                currency,
                msg("classes"),
                msg("By class of value: A makes 80 % of sales, B up to 95 %"),
            ),
            table_of_products(shown, currency, msg("worst"), msg("The products asked for, the worst first")),
        ],
        parts=table_of_products(every, currency, msg("all products"), msg("Every product")),
        assumptions=[*found.scenario.assumed, *found.scenario.notes],
        definitions=definition_table(measures, currency),
        remarks=found.cautions,
        made=made_of(found.scenario),
    )


def below_contract(found: Comparison, every: pd.DataFrame) -> Message:
    """Count the products below the contract's fill rate, with their share of sales."""
    contract = found.scenario.experiment.service_target
    below = every[every["fill_rate"] < contract]
    return plural(
        "{n} product of {all} fills less than the contract of {contract} on the day; it makes {share} of sales.",
        "{n} products of {all} fill less than the contract of {contract} on the day; they make {share} of sales.",
        len(below),
        all=number(len(every)),
        contract=percent(contract),
        share=percent(float(below["share"].sum())),
    )


def _worst(shown: pd.DataFrame) -> Chart:
    first = shown.head(20)
    return Chart(
        BARS,
        msg("Fill rate of the products asked for, the worst first"),
        Column(msg("product")),
        Column(msg("fill rate"), SHARE, 1),
        [Series(msg("fill rate"), first["product"].tolist(), first["fill_rate"].tolist())],
    )


def table_of_products(frame: pd.DataFrame, currency: str, name: Message, title: Message) -> Table:
    """A list of products, each column with its unit and format; names are left out where there are none."""
    heads = [head for head in frame.columns if head != "name" or frame["name"].astype(bool).any()]
    columns = [_column(str(head), frame, currency) for head in heads]
    return Table(name, title, columns, frame[heads].values.tolist())


def _column(head: str, frame: pd.DataFrame, currency: str) -> Column:
    if head in MEASURES:
        unit = MEASURES[head].unit
        if unit == "share":
            return Column(msg(MEASURES[head].title), SHARE, 1)
        return Column(
            msg("{title}, {unit}", title=msg(MEASURES[head].title), unit=in_currency(unit, currency)),
            FIGURE,
            places_for(frame[head].tolist()),
        )
    if head == "sales":
        return Column(msg("sales a year, {currency}", currency=currency), FIGURE)
    return Column(
        HEADS[head], SHARE if head == "share" else FIGURE if head == "products" else TEXT, int(head == "share")
    )
