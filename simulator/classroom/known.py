"""Figures that one role knows and the others do not: deals and customers, errors, hours and people, parts, cash."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from simulator.classroom.roles import Cell, Figure, Section, Sheet
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Message, Text, listed, msg, number
from simulator.kernel.plans import PARTS_DUE
from simulator.results.reading.accuracy import FINAL, NAIVE, records
from simulator.results.reading.capacity import Needs, outages, people, supplier_record
from simulator.results.reading.demand import announced, loyalty, pipeline
from simulator.results.reading.month import LOOK, Month
from simulator.results.reading.planned_cash import planned_cash

STILL_LOYAL = 0.98
"""Share of customers left below which a segment stands in red."""

NEARLY_GONE = 0.5
"""A stock below this share of its safety stock stands in red: to be below all of it is what safety stock is for."""

FULL_LOAD = 1.0
"""Share of its regular hours beyond which a resource stands in red."""


def sales_know(month: Month) -> Iterator[Section]:
    """Deals in sight by stage, what customers announced, and how loyal they are."""
    found = pipeline(month)
    if found is not None:
        columns = [msg("In full"), msg("As sales state it"), msg("Chance")]
        rows = [
            (stage, [Cell(float(full)), Cell(float(stated)), Cell(float(chance))])
            for stage, full, stated, chance in zip(found.stages, found.full, found.stated, found.chance, strict=True)
        ]
        yield Section(msg("Deals in sight"), tables=[Sheet(msg("By stage"), columns, rows, msg("units"))])
    else:
        yield from _in_sight(month)
    moves: dict[str, list[float]] = {}
    for product, shares in announced(month):
        moves[product] = [shares.get(name, 0.0) for name in month.ahead[:LOOK]]
    if moves:
        rows = [
            (product, [Cell(share, bool(abs(share) > TINY)) for share in shares]) for product, shares in moves.items()
        ]
        sheet = Sheet(msg("More or less than usual"), [*month.ahead[:LOOK]], rows, msg("share"))
        yield Section(msg("Promotions and news of the market"), tables=[sheet])
    mood = [
        (each.segment, [Cell(each.share, bool(each.share < STILL_LOYAL), share=True), Cell(each.lost)])
        for each in loyalty(month)
    ]
    if mood:
        columns = [msg("Customers still ours"), msg("Customers lost")]
        yield Section(msg("Customers' mood"), tables=[Sheet(msg("By segment"), columns, mood)])


def _in_sight(month: Month) -> Iterator[Section]:
    """Parts of the demand plan over the next months, family by family."""
    from simulator.results.reading.demand import parts

    found = parts(month)
    if found:
        columns: list[Text] = [msg(part) for part in found]
        rows = [
            (family, [Cell(float(amount[:, k].sum())) for amount in found.values()])
            for k, family in enumerate(month.families)
        ]
        yield Section(msg("Deals in sight"), tables=[Sheet(msg("By family"), columns, rows, msg("units"))])


def demand_knows(month: Month) -> Iterator[Section]:
    """The error and the bias of each forecast by family, over the last months."""
    found = records(month)
    if FINAL not in found:
        return
    agreed = found[FINAL]
    naive = found.get(NAIVE)
    rows = []
    names: list[Text] = [*month.families, msg("all of them")]
    for k, family in enumerate(names):
        usual = float(naive.wmape()[k]) if naive else None
        error, bias = float(agreed.wmape()[k]), float(agreed.bias()[k])
        worse = usual is not None and np.isfinite(usual) and error > usual
        rows.append((family, [Cell(error, bool(worse)), Cell(usual), Cell(bias, bool(abs(bias) > 0.1))]))
    columns = [msg("Error of the agreed forecast"), msg("Error of last year's month"), msg("Bias")]
    sheet = Sheet(msg("Over the last {n} months", n=agreed.months), columns, rows, msg("share"))
    yield Section(msg("How good the forecasts were"), tables=[sheet])
    stock = month.by_family(month.morning("on_hand", month.supply_day)[month.n.sold])
    held = month.by_family(month.safety_stock)
    cells = [
        (family, [Cell(float(stock[k]), bool(stock[k] < NEARLY_GONE * held[k])), Cell(float(held[k]))])
        for k, family in enumerate(month.families)
    ]
    columns = [msg("In stock"), msg("Safety stock")]
    yield Section(msg("Buffers"), tables=[Sheet(msg("By family"), columns, cells, msg("units"))])


def operations_know(month: Month) -> Iterator[Section]:
    """Hours that the recommended plan takes of those that are there, and the people who give them."""
    needed, regular = month.load(month.projected.to_make)[:LOOK], np.asarray(month.regular)[:LOOK]
    rows = []
    for k, name in enumerate(month.n.resources):
        cells = []
        for ahead in range(LOOK):
            share = float(needed[ahead, k] / max(regular[ahead, k], TINY))
            cells.append(Cell(share, bool(share > FULL_LOAD)))
        rows.append((name, cells))
    sheet = Sheet(msg("Hours of the recommended plan over regular hours"), [*month.ahead[:LOOK]], rows, msg("share"))
    yield Section(msg("Load of the works"), tables=[sheet])
    staff = people(month)
    if staff is not None:
        rows = [
            (month.n.resources[r], [Cell(float(staff.settled[0, k])), *(Cell(float(staff.planned[a, k])) for a in range(LOOK))])
            for k, r in enumerate(staff.resources)
        ]  # fmt: skip
        columns: Sequence[Text] = [msg("Today"), *month.ahead[:LOOK]]
        yield Section(msg("People"), tables=[Sheet(msg("People planned"), columns, rows)])
    sites = [each for each in outages(month) if each.kind == "resource"]
    out = [msg("{name} is out until {day}.", name=each.name, day=each.until) for each in sites]
    if out:
        yield Section(msg("Machines"), out)


def purchasing_knows(month: Month) -> Iterator[Section]:
    """Parts that no order can bring in time, what is on its way, and how punctual suppliers were."""
    needs, n = Needs(month), month.n
    short = [_lacks(*each) for each in needs.shortest()]
    due = month.noted(PARTS_DUE)
    there = month.morning("on_hand", month.supply_day)[n.bought]
    rows = []
    order = np.argsort(-n.lead_time[n.bought, 0], kind="stable")
    for item in order:
        came = [0.0] * LOOK if due is None else [float(due[ahead, item]) for ahead in range(LOOK)]
        rows.append(
            (
                needs.names[item],
                [Cell(float(there[item])), *map(Cell, came), Cell(float(n.lead_time[n.bought[item], 0]))],
            )
        )
    columns: list[Text] = [
        msg("On hand"),
        *(msg("Come by the end of {month}", month=name) for name in month.ahead[:LOOK]),
    ]
    sheet = Sheet(msg("Open orders by confirmed date"), [*columns, msg("Days on the way")], rows, msg("units"))
    yield Section(msg("Parts on their way"), short, tables=[sheet])
    record = supplier_record(month) if "ordered_from" in month.books.memos else None
    told = [
        msg(
            "{name} is out until {day}; it brings {items}.",
            name=each.name,
            day=each.until,
            items=listed(each.hits, ", "),
        )
        for each in outages(month)
        if each.kind != "resource"
    ]
    if record is not None:
        names = [n.names[n.bought[item]] for item in n.sources.item]
        cells = [
            (name, [Cell(float(on_time), bool(on_time < 0.9)), Cell(float(bad))])
            for name, on_time, bad in zip(names, record.on_time, record.bad, strict=True)
        ]
        table = Sheet(msg("Over the last year"), [msg("On time"), msg("Rejected")], cells, msg("share"))
        yield Section(msg("Suppliers"), told, tables=[table])


def _lacks(part: str, month: str, units: float) -> Message:
    return msg(
        "{part} lacks {units} from {month} on, and no order placed today can bring it sooner.",
        part=part,
        units=number(units),
        month=month,
    )


def finance_knows(month: Month) -> Iterator[Section]:
    """Cash as it is planned, evening by evening, against the credit line."""
    cash = planned_cash(month)
    line = cash.line
    lowest = cash.lowest[: min(LOOK, len(cash.lowest))]
    rows = [
        (name, [Cell(float(figure), bool(line is not None and figure < -line))])
        for name, figure in zip(month.ahead, lowest, strict=False)
    ]
    figures = [Figure(msg("Cash today"), float(cash.evenings[0]), month.currency)]
    if line is not None:
        figures.append(Figure(msg("Cash may fall to"), -float(line), month.currency))
        figures.append(
            Figure(
                msg("Cash short, one time in ten"),
                cash.missing_at_worst,
                month.currency,
                alarm=cash.missing_at_worst > 0,
            )
        )
    needs = Needs(month)
    figures.append(
        Figure(msg("Still to be ordered in {n} months", n=LOOK), float(needs.value_to_buy_soon.sum()), month.currency)
    )
    sheet = Sheet(msg("Lowest cash of each month"), [msg("Cash")], rows, month.currency)
    yield Section(msg("Cash"), (), figures, [sheet])


KNOWN: Mapping[str, Callable[[Month], Iterator[Section]]] = {
    "sales": sales_know,
    "demand": demand_knows,
    "operations": operations_know,
    "purchasing": purchasing_knows,
    "finance": finance_knows,
}
"""By role: the sections of its own."""
