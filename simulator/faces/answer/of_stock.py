"""Say what to hold as an answer: the verdict, stock against service now and then, every product, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from simulator.faces.answer.definition import BARS, FIGURE, SHARE, SPOTS, TEXT, Chart, Column, Handout, Series, Table
from simulator.faces.describe import in_short
from simulator.kernel.messages import Message, Text, capital, listed, msg, number, percent
from simulator.kernel.version import VERSION
from simulator.studies.stock_answer import StockAnswer
from simulator.studies.stock_runs import COMPANY_MEASURES
from simulator.studies.stock_words import (
    STOCK_COLUMNS,
    StockColumn,
    stock_asked,
    stock_cells,
    stock_sentences,
)

FORM_OF = {"text": (TEXT, 0), "days": (FIGURE, 1), "share": (SHARE, 1)}
"""What cells of a kind of column hold and how many decimals they show; all others are whole figures."""

PRINTED = (
    "product", "safety_stock_now", "safety_stock", "change", "order_point", "order_quantity", "service_now", "service", "class",
    "value",
)  # fmt: skip
"""Columns that paper has room for, and slides for the first eight."""

MOST_BARS_OF_STOCK = 12
"""Products in the picture of what moves most."""


def answer_of_stock(found: StockAnswer) -> Handout:
    """The answer on stock as every form of it shows it."""
    every = [column.key for column in STOCK_COLUMNS]
    n = number(len(found.units))
    return Handout(
        title=msg("What to hold"),
        question=_question(found),
        about=stock_asked(found),
        verdict=list(stock_sentences(found)),
        charts=[_exchange(found), _moves(found)],
        tables=[_table(found, msg("all figures"), msg("Every figure of {n} products", n=n), every, brief=False)],
        parts=_table(found, msg("products"), msg("By product, those of most value first ({n} in all)", n=n), PRINTED),
        assumptions=list(_assumptions(found)),
        definitions=Table(
            msg("definitions"),
            msg("What the columns mean"),
            [Column(msg("column")), Column(msg("definition"))],
            [(column.head, column.note) for column in STOCK_COLUMNS],
        ),
        remarks=found.cautions,
        made=[
            (
                msg("scenario"),
                msg("{name}, fingerprint {mark}", name=found.scenario.name, mark=found.scenario.fingerprint[:12]),
            ),
            (msg("version"), f"sop-sandbox {VERSION}"),
        ],
    )


def _question(found: StockAnswer) -> Message:
    shares = sorted({float(share) for share in found.targets}, reverse=True)
    told = [percent(share) for share in dict.fromkeys((shares[0], shares[-1]))]
    return msg(
        "How much should {company} hold of each product to serve {target} of demand on the day?",
        company=found.scenario.name,
        target=listed(told, " – "),
    )


def _exchange(found: StockAnswer) -> Chart:
    """Service over stock: as it is, by the formula alone, and then."""
    places = [COMPANY_MEASURES.index(name) for name in ("stock_value", "fill_rate")]
    worlds = {msg("now"): found.before, msg("by the formula alone"): found.by_formula, msg("then"): found.after}
    points = {name: [float(world.company[place].mean()) for place in places] for name, world in worlds.items()}
    (held, _), _, (stock, fill) = points.values()
    currency = found.scenario.company.currency
    return Chart(
        SPOTS,
        msg(
            "{fill} of demand take {stock} {currency} of products, {held} are held now",
            fill=percent(fill),
            stock=number(stock),
            held=number(held),
            currency=currency,
        ),
        Column(msg("stock of products, {currency}", currency=currency), FIGURE),
        Column(msg("fill rate"), SHARE, 1),
        [Series(name, [x], [y]) for name, (x, y) in points.items()],
    )


def _moves(found: StockAnswer) -> Chart:
    """The products whose stock changes most in value, now and then."""
    table = found.table()
    table = table.assign(moved=(table["value"] - table["value_now"]).abs()).nlargest(MOST_BARS_OF_STOCK, "moved")
    names = [str(name) for name in table["product"]]
    currency = found.scenario.company.currency
    return Chart(
        BARS,
        msg("What moves most: mean stock at standard cost"),
        Column(msg("product")),
        Column(msg("stock of products, {currency}", currency=currency), FIGURE),
        [
            Series(msg("now"), names, [float(each) for each in table["value_now"]]),
            Series(msg("then"), names, [float(each) for each in table["value"]]),
        ],
    )


def _table(found: StockAnswer, name: Text, title: Text, keys: Sequence[str], brief: bool = True) -> Table:
    currency = found.scenario.company.currency
    place_of = {column.key: k for k, column in enumerate(STOCK_COLUMNS)}
    places = [place_of[key] for key in keys]
    columns = [_column(STOCK_COLUMNS[k], currency) for k in places]
    rows = stock_cells(found.table(), _plain)
    return Table(name, title, columns, [[row[k] for k in places] for row in rows], brief)


def _column(column: StockColumn, currency: str) -> Column:
    form, places = FORM_OF.get(column.kind, (FIGURE, 0))
    head = msg("{title}, {unit}", title=capital(column.head), unit=currency) if column.kind == "money" else column.head
    return Column(head, form, places)


def _plain(column: StockColumn, value: Any) -> Any:
    """A plain value: a text, or a figure, of which none is left out as nothing."""
    return str(value) if column.kind == "text" else float(value)


def _assumptions(found: StockAnswer) -> Iterator[Text]:
    scenario = found.scenario
    yield msg("{company}: {things}", company=scenario.name, things=in_short(scenario))
    yield from scenario.assumed
    yield from scenario.notes
