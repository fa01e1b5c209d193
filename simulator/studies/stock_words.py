"""Say what an answer on stock means: how much to hold, what that does in the whole company, and what binds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.kernel.messages import Message, Value, inside, listed, msg, number, percent, plural
from simulator.results.binding import Binding
from simulator.results.kpis import MEASURES
from simulator.results.kpis.lost import LOST_MEASURES
from simulator.results.reading.lost import Cause
from simulator.studies.stock_answer import Says, StockAnswer
from simulator.studies.stock_runs import COMPANY_MEASURES
from simulator.theory.statistics import mean_interval

if TYPE_CHECKING:
    import pandas as pd

NAMED_OF_STOCK = 3
"""Products, or causes, that a sentence names at most."""

LEAST_SHARE = 0.05
"""Share of what is short from which a cause is worth naming."""


class StockColumn(NamedTuple):
    """A column of the table of an answer: its key, heading, meaning, and how its figures are written."""

    key: str
    head: Message
    note: Message
    kind: str  # text, units, signed, money, days, share


STOCK_COLUMNS = (
    StockColumn("product", msg("product"), msg("The product code."), "text"),
    StockColumn("name", msg("name"), msg("The product name."), "text"),
    StockColumn("class", msg("class"), msg("A, B, C by value a year; X, Y, Z by how regular its months are."), "text"),
    StockColumn("on_hand_today", msg("on hand today"), msg("Units on the first day, where the company states them."), "units"),
    StockColumn("safety_stock_now", msg("safety stock now"), msg("Units that the policy holds as it is, the mean over the year."), "units"),
    StockColumn("safety_stock", msg("safety stock to hold"), msg("Units that the target takes."), "units"),
    StockColumn("change", msg("change"), msg("Units more or fewer than now."), "signed"),
    StockColumn("order_point", msg("order point"), msg("Stock position to which a review orders, or at which a lot is ordered."), "units"),
    StockColumn("order_quantity", msg("order quantity"), msg("Units of one replenishment: the lot, or the use of a review."), "units"),
    StockColumn("stock_now", msg("mean stock now"), msg("Units on hand at day's end under the policy as it is."), "units"),
    StockColumn("stock", msg("mean stock then"), msg("Units on hand at day's end with these settings."), "units"),
    StockColumn("value_now", msg("value now"), msg("Mean stock at standard cost under the policy as it is."), "money"),
    StockColumn("value", msg("value then"), msg("Mean stock at standard cost with these settings."), "money"),
    StockColumn("cover_now", msg("cover now"), msg("Days of expected use that the mean stock lasts."), "days"),
    StockColumn("cover", msg("cover then"), msg("Days of expected use that the mean stock lasts, with these settings."), "days"),
    StockColumn("asked", msg("target"), msg("The fill rate that is asked for."), "share"),
    StockColumn("service_now", msg("fill rate now"), msg("Simulated in the whole company under the policy as it is."), "share"),
    StockColumn("service", msg("fill rate then"), msg("Simulated in the whole company with these settings, on fresh luck."), "share"),
    StockColumn("service_half", msg("give or take"), msg("Half of the 95 % interval of the fill rate then."), "share"),
    StockColumn("by_formula", msg("formula says"), msg("Safety stock by the formula alone."), "units"),
    StockColumn("service_by_formula", msg("fill rate by the formula"), msg("Simulated in the whole company as the formula says."), "share"),
    StockColumn("says", msg("on the word of"), msg("Formula where simulation bears it out, else simulation."), "text"),
    StockColumn("binds", msg("main cause of shortage"), msg("The largest cause of what is not served with these settings."), "text"),
    StockColumn("use_a_day", msg("use a day"), msg("Expected units a day."), "units"),
    StockColumn("error", msg("error"), msg("Deviation of the forecast's error over the protection interval, units."), "units"),
    StockColumn("protection_days", msg("protection interval"), msg("Days of lead time and review that safety stock covers."), "days"),
)  # fmt: skip
"""The columns of the full table, in their order."""

SHOWN_COLUMNS = (
    "product", "class", "on_hand_today", "safety_stock_now", "safety_stock", "change", "order_point", "order_quantity",
    "cover_now", "cover", "service_now", "service", "says",
)  # fmt: skip
"""Columns that the screen has room for."""

SAYS_WORDS = {
    Says.FORMULA.value: msg("formula"),
    Says.SIMULATION.value: msg("simulation"),
    Says.BOUND.value: msg("out of reach"),
}


def stock_asked(found: StockAnswer) -> Message:
    """Say the task in a line."""
    shares = sorted({float(share) for share in found.targets}, reverse=True)
    few = len(shares) <= NAMED_OF_STOCK
    told = listed([percent(share) for share in (shares if few else (shares[-1], shares[0]))], " / " if few else " – ")
    by = msg("each product") if found.by == "product" else msg("each class of products")
    return msg(
        "{scenario}, policy {policy}: stock for a fill rate of {target} of {by}; {n} fresh replications",
        scenario=found.scenario.name,
        policy=found.policy.name,
        target=told,
        by=by,
        n=found.after.company.shape[1],
    )


def stock_sentences(found: StockAnswer) -> Iterator[Message]:
    """Say what to hold, what it does, how good the formula is, and what binds."""
    yield _held(found)
    yield _in_company(found)
    yield _of_formula(found)
    yield from _binding(found)
    if found.scenario.replayed is not None:
        yield msg(
            "Demand is the real one in every replication: these settings were set and scored on the same history."
        )
    if found.scenario.experiment.warm_up and not found.scenario.opens_running:
        yield msg(
            "Scored from month {month} on, once the stock of today no longer counts.",
            month=found.scenario.experiment.warm_up + 1,
        )


def _held(found: StockAnswer) -> Message:
    change = found.units - np.round(found.formula.safety_now[: len(found.units)])
    stock_row = COMPANY_MEASURES.index("stock_value")
    return msg(
        "Hold more of {up}, less of {down} of {n} products: stock of products {now} {currency} now, {then} {currency} then.",
        up=int((change > 0).sum()),
        down=int((change < 0).sum()),
        n=len(change),
        now=number(float(found.before.company[stock_row].mean())),
        then=number(float(found.after.company[stock_row].mean())),
        currency=found.scenario.company.currency,
    )


def _in_company(found: StockAnswer) -> Message:
    fill = mean_interval(found.after.company[COMPANY_MEASURES.index("fill_rate")])
    before = float(found.before.company[COMPANY_MEASURES.index("fill_rate")].mean())
    worth = found.change("economic_profit")
    return msg(
        "In the whole company these settings serve {fill} ± {half} % of demand on the day, those of now {before}; economic "
        "profit {profit} ± {profit_half} {currency} a year.",
        fill=number(100 * float(fill.mean), 1),
        half=number(100 * float(fill.half_width), 1),
        before=percent(before),
        profit=number(float(worth.mean), signed=True),
        profit_half=number(float(worth.half_width)),
        currency=found.scenario.company.currency,
    )


def _of_formula(found: StockAnswer) -> Message:
    fill = float(found.by_formula.company[COMPANY_MEASURES.index("fill_rate")].mean())
    stock = float(found.by_formula.company[COMPANY_MEASURES.index("stock_value")].mean())
    right = sum(one is Says.FORMULA for one in found.says)
    slots: dict[str, Value] = {
        "stock": number(stock),
        "currency": found.scenario.company.currency,
        "fill": percent(fill),
        "right": right,
        "n": len(found.says),
    }
    if right == len(found.says):
        return msg("The formula, fed with the forecast's own errors, stands for all products in this company.")
    return msg(
        "The formula alone, fed with the forecast's own errors, would hold {stock} {currency} and serve {fill} in this company; "
        "it stands for {right} of {n} products, simulation corrected the others.",
        **slots,
    )


def _binding(found: StockAnswer) -> Iterator[Message]:
    """Say which products or classes miss their target, how far one gets, and for what."""
    causes = found.causes_of_all
    if not found.missed:
        if causes:
            yield msg("Nothing binds; of what is still short: {causes}.", causes=causes_told(causes))
        return
    products = found.scenario.network.products
    for k in found.missed[:NAMED_OF_STOCK]:
        rows = found.groups[k]
        name = products[int(rows[0])] if found.by == "product" else found.classes[products[int(rows[0])]][0]
        slots: dict[str, Value] = {
            "name": name,
            "fill": percent(found.after.fill_of(rows)),
            "target": percent(float(found.targets[rows[0]])),
            "causes": causes_told(found.binds[int(rows[0])]),
        }
        if found.says[int(rows[0])] is Says.BOUND:
            yield msg("{name} reaches {fill} and no more, against {target}; of what is short: {causes}.", **slots)
        else:
            yield msg("{name} comes to {fill} on fresh luck, against {target}; of what is short: {causes}.", **slots)
    more = len(found.missed) - NAMED_OF_STOCK
    if more > 0:
        yield plural(
            "{n} more stays below its target; the table names the cause.",
            "{n} more stay below their targets; the table names the causes.",
            more,
        )
    if causes:
        yield msg("Of all that is short in the company: {causes}.", causes=causes_told(causes))


def causes_told(binds: tuple[Binding, ...]) -> Message:
    """Name the largest causes with their shares."""
    told = [cause_words(one.cause, one.name, one.share) for one in binds if one.share >= LEAST_SHARE][:NAMED_OF_STOCK]
    return msg("{causes}", causes=listed(told, ", "))


def cause_words(cause: Cause | str, name: str, share: float) -> Message:
    """Say a cause of shortage with its share."""
    title = inside(msg(MEASURES[LOST_MEASURES[Cause(cause)]].title))
    if name:
        return msg("{cause} ({name}) {share} %", cause=title, name=name, share=number(100 * share))
    return msg("{cause} {share} %", cause=title, share=number(100 * share))


def stock_cells(table: pd.DataFrame, write: Callable[[StockColumn, object], object]) -> list[list[object]]:
    """The rows of the table, column by column as they are declared, each cell written."""
    rows = []
    for row in table.to_dict("records"):
        cells: dict[str, object] = {str(key): value for key, value in row.items()}
        cells["says"] = str(SAYS_WORDS[str(row["says"])])
        cells["binds"] = str(cause_words(row["binds"], row["binds_name"], row["binds_share"])) if row["binds"] else ""
        rows.append([write(column, cells[column.key]) for column in STOCK_COLUMNS])
    return rows
