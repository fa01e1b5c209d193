"""Step 3, supply plan: production against demand and stock, by family and month, and whether it can be done."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import roles
from simulator.faces.documents.paper import (
    COMPONENT,
    DAYS,
    FAMILY,
    HOURS,
    RESOURCE,
    SHARE,
    SOURCE,
    Document,
    Figure,
    Grid,
    Section,
    and_total,
    beside,
    by_month,
    said,
)
from simulator.faces.documents.phrases import hours, months, rule_name, units
from simulator.kernel.messages import Message, Text, Value, listed, msg, percent
from simulator.planning.supply_plan.cost_optimal import MISSING, missing_in_words
from simulator.results.reading import with_total
from simulator.results.reading.capacity import Load, Needs, Outage, Overload, outages, supplier_record
from simulator.results.reading.month import SUPPLY, Month


def supply_plan(month: Month) -> Document:
    """The document of step 3."""
    sections = [_balance(month), _safety_stock(month), _rough_cut(month), _long_lead(month), _suppliers(month)]
    kept = [section for section in sections if section]
    present = roles.AT_SUPPLY_PLAN if month.has_meetings else ()
    return Document("supply_plan", msg("Supply plan"), kept, month.date(SUPPLY), present)


def no_family_plan(month: Month) -> Message:
    """Give the reason for a missing production plan."""
    if not month.n.made.size:
        return msg("The company makes nothing itself: what it plans to buy is its supply plan.")
    return msg(
        "This process has no production plan of families: every item is replenished by its own rule ({rule}).",
        rule=rule_name(month.policy.products.name),
    )


def _balance(month: Month) -> Section:
    heading = msg("Production, demand and stock")
    told = _strategy(month) if month.has_family_plan else _comes_in(month)
    return Section(heading, roles.SCHEDULER, said(*told), [balance_grid(month)])


def _comes_in(month: Month) -> Iterator[Message]:
    """Without a production plan: what comes in for what is asked for."""
    plan, near = month.projected, MEETING_MONTHS
    yield no_family_plan(month)
    yield msg(
        "Over {months} {receipts} come in for a demand of {demand}, from an opening stock of {stock}.",
        months=months(month.ahead[:near]),
        receipts=units(plan.receipts[:near].sum()),
        demand=units(plan.to_come[:near].sum()),
        stock=units(plan.opening.sum()),
    )
    yield _what_stock_is(month)


def _strategy(month: Month) -> Iterator[Message]:
    plan, near = month.projected, MEETING_MONTHS
    made, asked = plan.to_make[:near].sum(), plan.to_come[:near].sum()
    yield msg(
        "Strategy: {strategy}. Over {months} the plan makes {production} for a demand of {demand}, "
        "from an opening stock of {stock}.",
        strategy=rule_name(month.policy.supply_plan.name),
        months=months(month.ahead[:near]),
        production=units(made),
        demand=units(asked),
        stock=units(plan.opening.sum()),
    )
    yield _what_stock_is(month)


def _what_stock_is(month: Month) -> Message:
    return msg(
        "Stock is what is on hand less what is owed, of all products, on the morning of {date}. It receives what is in process and "
        "on order when that is due, and what is still to be made once its lead time is over; of {month} only what is still to come counts.",
        date=month.date(SUPPLY),
        month=month.ahead[0],
    )


def balance_grid(month: Month) -> Grid:
    """Wished and planned production, where there is any, demand and stock by family, rolled forward."""
    plan, wished = month.projected, month.noted("wished")
    figures = {
        Figure(msg("wished production")): month.production if wished is None else wished,
        Figure(msg("approved production")): month.production,
    }
    if not month.has_family_plan:
        figures = {}
    figures |= {
        Figure(msg("opening stock")): plan.openings,
        Figure(msg("+ receipts")): plan.receipts,
        Figure(msg("- demand to come")): plan.to_come,
        Figure(msg("= closing stock")): plan.closing,
        Figure(msg("safety stock")): month.every_month(month.by_family(month.safety_stock)),
    }
    totals = {figure: with_total(amount) for figure, amount in figures.items()}
    return by_month(msg("Family"), FAMILY, and_total(month.families), month.ahead, totals)


def _safety_stock(month: Month) -> Section:
    stock = with_total(month.by_family(month.safety_stock))
    figures = {
        Figure(msg("safety stock")): stock,
        Figure(msg("of demand"), DAYS): month.days_of_demand(stock),
        Figure(msg("at cost"), month.currency): with_total(month.by_family(month.safety_stock * month.cost)),
    }
    grid = beside(msg("Safety stock of products"), FAMILY, and_total(month.families), figures, month.name)
    rule = msg("Rule: {rule}.", rule=rule_name(month.policy.safety_stock.name))
    return Section(msg("Safety stock"), roles.SCHEDULER, said(rule), [grid])


# --- capacity ---


def _rough_cut(month: Month) -> Section | None:
    if not (month.has_family_plan and month.n.resources):
        return None
    load = Load(month)
    figures = {
        Figure(msg("load of the wished plan"), HOURS): load.wished,
        Figure(msg("load of the approved plan"), HOURS): load.approved,
        Figure(msg("regular hours"), HOURS, names_unit=True): month.regular,
        Figure(msg("overtime possible"), HOURS): month.overtime_limit,
        Figure(msg("overtime authorised"), HOURS): month.overtime,
        Figure(msg("load of regular hours"), SHARE): load.share,
    }
    grid = by_month(msg("Resource"), RESOURCE, month.n.resources, month.ahead, figures)
    left = msg(
        "Of {month} the hours that are left on {date}, and the load of what is still to be made.",
        month=month.name,
        date=month.date(SUPPLY),
    )
    over = overloads(month, len(month.ahead)) or [slack(month, len(month.ahead))]
    points = said(*_checked(month), *over, left)
    return Section(msg("Rough-cut capacity"), roles.MANUFACTURING, points, [grid])


def _checked(month: Month) -> Iterator[Message]:
    missing = month.noted(MISSING)
    if missing is not None:
        yield missing_in_words(month.ahead, month.n.resources, missing)
    if month.policy.capacity.name == "none":
        yield msg("This process does not check capacity: the plan is passed on as it is, and the floor finds out.")


def overloads(month: Month, look: int) -> list[Message]:
    """Each resource that the wished plan overloads, in words, in its worst month; first where most hours lack after all overtime."""
    found = sorted(Load(month).overloads(look), key=lambda each: -each.beyond_limit)
    return [_overload(month, each) for each in found]


def slack(month: Month, look: int) -> Message:
    """Nothing is overloaded: how near the fullest resource comes."""
    if not month.n.resources:
        return msg("No resource limits production.")
    k, r, share = Load(month).fullest(look)
    return msg(
        "No resource is overloaded; the fullest is {resource} with {share} of its regular hours in {month}.",
        resource=month.n.resources[r],
        share=percent(share),
        month=month.ahead[k],
    )


def _overload(month: Month, over: Overload) -> Message:
    """One overloaded resource in its worst month."""
    when: Value = month.ahead[over.worst]
    others = len(over.months) - 1
    if others == 1:
        when = msg("{month} and one other month", month=when)
    elif others > 1:
        when = msg("{month} and {n} other months", month=when, n=others)
    return msg(
        "{resource} is overloaded in {months}: the wished plan needs {needed}, {share} of {regular} regular; {overtime}.",
        resource=month.n.resources[over.resource],
        months=when,
        needed=hours(over.needed),
        share=percent(over.share),
        regular=hours(over.regular),
        overtime=_with_overtime(over),
    )


def _with_overtime(over: Overload) -> Message:
    """Say how far all overtime would go."""
    if over.limit <= over.regular:
        return msg("no overtime can be worked")
    if over.is_met_by_overtime:
        return msg("with all overtime there are {hours}, which is enough", hours=hours(over.limit))
    return msg(
        "with all overtime there are {hours}, {missing} too few", hours=hours(over.limit), missing=hours(over.missing)
    )


def _long_lead(month: Month) -> Section | None:
    if not month.has_family_plan or not month.n.bill:
        return None
    needs = Needs(month)
    short = needs.shortest()
    if not short:
        text = msg("Parts on hand and on order feed the wished plan until new orders can come in.")
        return Section(msg("Long-lead parts"), roles.PURCHASING, said(text))
    names, first, most = zip(*short, strict=True)
    figures = {Figure(msg("lead time"), DAYS): needs.lead_times(names), Figure(msg("short at most")): np.array(most)}
    texts = [
        msg("{item} is short from {month} on: {units} at most.", item=name, month=when, units=units(amount))
        for name, when, amount in short
    ]
    checked = "" if getattr(month.policy.capacity, "parts", False) else msg("This process does not check parts.")
    when_short = msg("{months}", months=listed(sorted(set(first))))
    grid = beside(msg("Parts that cannot come sooner"), COMPONENT, names, figures, when_short)
    return Section(msg("Long-lead parts"), roles.PURCHASING, said(checked, *texts), [grid])


# --- suppliers ---


def _suppliers(month: Month) -> Section | None:
    """The supplier record of the last twelve months, in a company that keeps one."""
    if "came_from" not in month.books.memos:
        return None
    texts = [is_out(outage) for outage in outages(month)] or [msg("Nobody is known to be out.")]
    record = supplier_record(month)
    if record is None:
        return Section(msg("Suppliers"), roles.PURCHASING, said(*texts), [])
    figures = {
        Figure(msg("ordered")): record.ordered,
        Figure(msg("delivered")): record.delivered,
        Figure(msg("on time"), SHARE): record.on_time,
        Figure(msg("rejected"), SHARE): record.bad,
    }
    grid = beside(msg("Record of the last twelve months"), SOURCE, sources_named(month), figures, month.name)
    return Section(msg("Suppliers"), roles.PURCHASING, said(*texts), [grid])


def sources_named(month: Month) -> list[Text]:
    """Every source: which item from whom."""
    n = month.n
    return [
        msg("{item} from {supplier}", item=n.names[n.bought[item]], supplier=n.suppliers[supplier])
        for item, supplier in zip(n.sources.item, n.sources.supplier, strict=True)
    ]


def is_out(outage: Outage) -> Message:
    """Say an outage in a sentence."""
    values: dict[str, Value] = {"name": outage.name, "date": outage.until, "items": listed(outage.hits)}
    if outage.kind == "supplier":
        if outage.begun:
            return msg("Supplier {name} is out, back expected on {date}; it concerns {items}.", **values)
        return msg("Supplier {name} will be out, back expected on {date}; it concerns {items}.", **values)
    if outage.kind == "route":
        if outage.begun:
            return msg("The lane {name} is out, back expected on {date}; it concerns {items}.", **values)
        return msg("The lane {name} will be out, back expected on {date}; it concerns {items}.", **values)
    if outage.begun:
        return msg("The site {name} is out, back expected on {date}; it concerns {items}.", **values)
    return msg("The site {name} will be out, back expected on {date}; it concerns {items}.", **values)


def other_way(month: Month, outage: Outage) -> Message:
    """Suggest an alternative in an outage."""
    if outage.kind == "resource":
        return msg("Alternative: make ahead what it would have made, or have it made outside.")
    n = month.n.sources
    items = [month.n.names[month.n.bought[k]] for k in n.item]
    names = sources_named(month)
    others = [
        name
        for name, item, supplier in zip(names, items, n.supplier, strict=True)
        if item in outage.hits and month.n.suppliers[supplier] != outage.name and items.count(item) > 1
    ]
    express = [name for k, name in enumerate(names) if items[k] in outage.hits and n.express_days[k, 0]]
    if others and express:
        return msg(
            "Alternative: ask {sources} or order express {express}.", sources=listed(others), express=listed(express)
        )
    if others:
        return msg("Alternative: ask {sources}.", sources=listed(others))
    if express:
        return msg("Alternative: order express {express}.", express=listed(express))
    return msg("Alternative: wait, and ration what is there.")
