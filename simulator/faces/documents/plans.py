"""Show the outcome of a cycle: the plans that the departments work to, 12 months ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from simulator.company import Product
from simulator.company.events import Launch, PhaseOut
from simulator.engine.money.accounts import CASH, EBIT, NET_SALES
from simulator.faces.documents import roles
from simulator.faces.documents.cash import cash_decides, cash_told
from simulator.faces.documents.paper import (
    COMPANY,
    COMPONENT,
    FAMILY,
    HOURS,
    PEOPLE,
    PRODUCT,
    RESOURCE,
    SHARE,
    TOTAL,
    Document,
    Figure,
    Grid,
    Section,
    and_total,
    by_month,
    said,
)
from simulator.faces.documents.phrases import units
from simulator.faces.documents.supply_plan import no_family_plan
from simulator.kernel.messages import Message, Text, Value, capital, listed, msg
from simulator.kernel.units import Array
from simulator.results.reading import LITTLE, with_total
from simulator.results.reading.capacity import Load, Needs, people
from simulator.results.reading.demand import ending
from simulator.results.reading.month import DEMAND, Month
from simulator.results.reading.plan_record import Likely, likely, planned_money

Content = Callable[[Month], "list[Grid] | Message | Section"]
Outcome = tuple[str, Message, Message, Content]


def outcome(month: Month) -> list[Document]:
    """All plans, in the order of the departments."""
    return [_document(month, *each) for each in OUTCOMES]


def _document(month: Month, name: str, title: Message, owner: Message, content: Content) -> Document:
    found = content(month)
    if isinstance(found, Section):
        return Document(name, title, [found])
    section = Section("", owner, said(found)) if isinstance(found, Message) else Section("", owner, (), found)
    return Document(name, title, [section])


def _by_family(month: Month, figures: dict[Figure, Array]) -> list[Grid]:
    """A grid for each figure: families down, months across."""
    names = and_total(month.families)
    return [
        by_month(capital(figure.name), FAMILY, names, month.ahead, {figure: with_total(amount)})
        for figure, amount in figures.items()
    ]


def _sales(month: Month) -> list[Grid]:
    figures = {
        Figure(msg("unconstrained demand")): month.by_family(month.demand),
    }
    figures[Figure(msg("executable shipments"))] = month.projected.shipments
    figures[Figure(msg("unconstrained demand at price"), month.currency)] = month.by_family(month.demand_at_price)
    return _by_family(month, figures)


def _production(month: Month) -> list[Grid] | Message:
    if not month.has_family_plan:
        return no_family_plan(month)
    figures = {
        Figure(msg("production")): month.production,
        Figure(msg("production a working day")): month.production_a_day,
    }
    if month.n.outside is not None:
        figures[Figure(msg("made by subcontractors"))] = month.still_outside
    return _by_family(month, figures)


def _inventory(month: Month) -> list[Grid]:
    planned, found = _planned_inventory(month), likely(month)
    return planned if found is None else [*planned, _likely_grid(month, found, _likely_stock(found))]


def _likely_stock(found: Likely) -> dict[Figure, Array]:
    return {
        Figure(msg("stock less backlog, one of ten below")): found.stock.low,
        Figure(msg("stock less backlog, expected")): found.stock.expected,
        Figure(msg("stock less backlog, one of ten above")): found.stock.high,
    }


def _likely_backlog(found: Likely) -> dict[Figure, Array]:
    return {
        Figure(msg("expected backlog")): found.backlog,
        Figure(msg("chance of no backlog"), SHARE): found.no_backlog,
    }


MONEY_TITLES = (
    (
        msg("net sales, planned"),
        msg("net sales, mean error of past plans"),
        msg("net sales, one of ten below"),
        msg("net sales, expected"),
        msg("net sales, one of ten above"),
    ),
    (
        msg("EBIT, planned"),
        msg("EBIT, mean error of past plans"),
        msg("EBIT, one of ten below"),
        msg("EBIT, expected"),
        msg("EBIT, one of ten above"),
    ),
    (
        msg("cash, planned"),
        msg("cash, mean error of past plans"),
        msg("cash, one of ten below"),
        msg("cash, expected"),
        msg("cash, one of ten above"),
    ),
)
"""Of net sales, EBIT and cash: the plan, its mean error, and the range with the errors of past plans."""


def _likely_money(month: Month, found: Likely) -> dict[Figure, Array]:
    """EBIT with its range; where the credit line is at risk, cash as it is expected and as one of ten falls below it."""
    (*_, low, expected, high), (*_, low_cash, expected_cash, _) = MONEY_TITLES[1:]
    amounts = {low: found.ebit.low, expected: found.ebit.expected, high: found.ebit.high}
    if cash_decides(month):
        amounts |= {low_cash: found.cash.low, expected_cash: found.cash.expected}
    return {Figure(name, month.currency): amount for name, amount in amounts.items()}


def expected_grid(month: Month) -> Grid | None:
    """Stock, backlog and result of all together, and cash at risk, with the errors of past plans; None before there is a record."""
    found = likely(month)
    if found is None:
        return None
    of_all = {**_likely_stock(found), **_likely_backlog(found)}
    figures = {figure: amount[:, -1:] for figure, amount in of_all.items()}
    figures |= {figure: amount[:, None] for figure, amount in _likely_money(month, found).items()}
    return by_month(_with_errors(found), COMPANY, [TOTAL], month.ahead[: found.months], figures)


def _with_errors(found: Likely) -> Message:
    return msg("With the errors of the last {n} plans", n=found.cycles)


def _planned_inventory(month: Month) -> list[Grid]:
    return _by_family(
        month,
        {
            Figure(msg("closing stock")): month.projected.stock,
            Figure(msg("safety stock")): month.every_month(month.by_family(month.safety_stock)),
            Figure(msg("closing stock at cost"), month.currency): month.projected.stock_value[1:],
        },
    )


def _likely_grid(month: Month, found: Likely, figures: dict[Figure, Array]) -> Grid:
    """Figures with the errors of past plans, over the months that these tell."""
    return by_month(_with_errors(found), FAMILY, and_total(month.families), month.ahead[: found.months], figures)


def _backlog(month: Month) -> list[Grid]:
    planned, found = _by_family(month, {Figure(msg("closing backlog")): month.projected.backlog}), likely(month)
    return planned if found is None else [*planned, _likely_grid(month, found, _likely_backlog(found))]


def _purchase(month: Month) -> list[Grid] | Message:
    needs = Needs(month)
    if not needs.names:
        return msg("The company buys nothing.")
    figures = {
        Figure(msg("needed")): needs.approved,
        Figure(msg("still to be ordered")): needs.to_buy,
        Figure(msg("at cost"), month.currency): needs.value_to_buy,
    }
    return [by_month(msg("Item"), COMPONENT, needs.names, month.ahead, figures)]


def _workforce(month: Month) -> list[Grid] | Message:
    if not (month.has_family_plan and month.n.resources):
        nothing = msg("The company has no resource whose hours are planned.")
        return no_family_plan(month) if month.n.resources else nothing
    load = Load(month)
    figures = {
        Figure(msg("hours needed"), HOURS, names_unit=True): load.approved,
        Figure(msg("regular hours"), HOURS, names_unit=True): month.approved_hours,
        Figure(msg("overtime authorised"), HOURS): month.overtime,
        Figure(msg("idle"), HOURS): load.idle,
    }
    return [by_month(msg("Resource"), RESOURCE, month.n.resources, month.ahead, figures), *_people(month)]


def _people(month: Month) -> list[Grid]:
    """People by resource and month, as decided before and as planned now; nothing where the company describes none."""
    found = people(month)
    if found is None:
        return []
    figures = {
        Figure(msg("people, decided before"), PEOPLE, names_unit=True): found.settled,
        Figure(msg("people, planned"), PEOPLE, names_unit=True): found.planned,
        Figure(msg("change"), PEOPLE, signed=True): found.change,
    }
    return [by_month(msg("People"), RESOURCE, [month.n.resources[r] for r in found.resources], month.ahead, figures)]


# --- new products ---


def _new_products(month: Month) -> Section | Message:
    """Launches with their ramps, ends with what is still to be sold and bought; and the demand plan of these products."""
    told = [(name, product) for name, product in month.company.products.items() if any(_told(product, month))]
    if not told:
        return msg("No product is being launched or phased out, so there is nothing to plan here.")
    points = [text for name, product in told for text in _sentences(name, product, month)]
    rows = [month.n.products.index(name) for name, _ in told]
    figures = {Figure(msg("demand plan")): month.demand[:, rows]}
    grid = by_month(msg("Demand plan"), PRODUCT, [name for name, _ in told], month.ahead, figures)
    return Section("", roles.DEVELOPMENT, said(*points), [grid])


def _told(product: Product, month: Month) -> Iterator[Launch | PhaseOut]:
    """List a product's launch and phase-out, each from when planners are told until the product is established or gone."""
    today = np.datetime64(month.date(DEMAND), "D")
    for turn in (product.launch, product.phase_out):
        if turn and np.datetime64(turn.month, "D") - turn.known <= today:
            ramp = turn.ramp if isinstance(turn, Launch) else 0
            if np.datetime64(turn.month, "M") + ramp >= np.datetime64(month.name, "M"):
                yield turn


def _sentences(name: str, product: Product, month: Month) -> Iterator[Message]:
    for turn in _told(product, month):
        if isinstance(turn, Launch):
            yield _launched(name, turn)
        else:
            yield msg("{product} is sold until the day before {date}.", product=name, date=turn.month)
            yield _until_the_end(name, month)


def _launched(name: str, launch: Launch) -> Message:
    """Describe a launch: its date, its speed, the demand expected of it, and the product whose customers it takes."""
    values: dict[str, Value] = {
        "product": name,
        "date": launch.month,
        "n": launch.ramp,
        "units": units(launch.expected),
    }
    if not launch.cannibalises:
        return msg(
            "{product} is launched on {date} and reaches its full level after {n} months: "
            "{units} a month in the business case.",
            **values,
        )
    return msg(
        "{product} is launched on {date} and reaches its full level after {n} months: "
        "{units} a month in the business case; it takes customers from {others}.",
        others=listed(launch.cannibalises, ", "),
        **values,
    )


def _until_the_end(name: str, month: Month) -> Message:
    """State the demand still to come, the stock there for it, and the parts that go with it."""
    found = ending(month, name)
    values: dict[str, Value] = {"demand": units(found.to_come), "stock": units(found.there)}
    if not found.parts:
        return msg("{demand} are still to come, {stock} are there or under way for them.", **values)
    return msg(
        "{demand} are still to come, {stock} are there or under way for them; "
        "bought for the last time, as nothing else needs it: {parts}.",
        parts=listed(found.parts, ", "),
        **values,
    )


# --- money ---


def _financial(month: Month) -> Section:
    """The planned statements in the lines of the real ones, the errors of past plans, the business plan; cash first, in words."""
    plan, amounts = planned_money(month), dict[str, dict[Text, Array]]()
    told = (line for line in plan.statements.lines if line.is_total or np.abs(line.amount).max() >= LITTLE)
    for line in told:
        amounts.setdefault(line.statement, {})[Message(line.name)] = line.amount[:, 0]
    grids = [_in_money(month, capital(Message(name)), lines) for name, lines in amounts.items()]
    return Section("", roles.FINANCE, said(*cash_told(month)), [*grids, *_errors_taken_out(month), *_budget(month)])


def _errors_taken_out(month: Month) -> Iterator[Grid]:
    """Net sales, EBIT and cash as planned, the mean error of past plans, what is expected, and its range."""
    found, plan = likely(month), planned_money(month)
    if found is None:
        return
    planned = (plan.of_months(NET_SALES), plan.of_months(EBIT), plan.at_month_ends(CASH))
    lines: dict[Text, Array] = {}
    for names, amount, to_come in zip(MONEY_TITLES, planned, (found.sales, found.ebit, found.cash), strict=True):
        known = amount[: found.months]
        figures = (known, to_come.expected - known, to_come.low, to_come.expected, to_come.high)
        lines |= dict(zip(names, figures, strict=True))
    yield _in_money(month, _with_errors(found), lines)


def _budget(month: Month) -> Iterator[Grid]:
    """The demand plan and the business plan at list price."""
    if month.budgeted.any():
        plan, budget = month.demand_at_price.sum(axis=1), (month.budget * month.price).sum(axis=1)
        lines: dict[Text, Array] = {
            msg("unconstrained demand at price"): plan,
            msg("business plan at price"): budget,
            msg("difference"): plan - budget,
        }
        yield _in_money(month, msg("Against the business plan"), lines)


def _in_money(month: Month, title: Text, lines: Mapping[Text, Array]) -> Grid:
    """Lines of the whole company, as many months ahead as they have."""
    grid = {Figure(name, month.currency): amount[:, None] for name, amount in lines.items()}
    return by_month(title, COMPANY, [TOTAL], month.ahead[: len(next(iter(lines.values())))], grid)


OUTCOMES: tuple[Outcome, ...] = (
    ("sales_plan", msg("Sales plan"), roles.SALES, _sales),
    ("production_plan", msg("Production plan"), roles.SCHEDULER, _production),
    ("inventory_plan", msg("Inventory plan"), roles.SCHEDULER, _inventory),
    ("backlog_plan", msg("Backlog plan"), roles.SERVICE, _backlog),
    ("purchase_plan", msg("Purchase plan"), roles.PURCHASING, _purchase),
    ("workforce_plan", msg("Workforce plan"), roles.MANUFACTURING, _workforce),
    ("new_product_plan", msg("New-product plan"), roles.DEVELOPMENT, _new_products),
    ("financial_plan", msg("Financial plan"), roles.FINANCE, _financial),
)
