"""Show the outcome of a cycle: the plans that the departments work to, 12 months ahead."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulator.faces.documents import roles
from simulator.faces.documents.finance import financial_plan
from simulator.faces.documents.new_products import new_products
from simulator.faces.documents.paper import (
    COMPONENT,
    FAMILY,
    HOURS,
    RESOURCE,
    Document,
    Figure,
    Grid,
    Section,
    and_total,
    by_month,
    said,
    with_total,
)
from simulator.faces.documents.people import people_grid
from simulator.faces.documents.supply import no_family_plan
from simulator.kernel.messages import Message, capital, msg
from simulator.kernel.units import Array
from simulator.results.reading.capacity import Load, Needs
from simulator.results.reading.month import Month

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
    if month.has_family_plan:
        figures[Figure(msg("executable shipments"))] = month.projected.shipments
    figures[Figure(msg("unconstrained demand at price"), month.currency)] = month.by_family(
        month.demand * month.n.price[:, 0]
    )
    return _by_family(month, figures)


def _production(month: Month) -> list[Grid] | Message:
    if not month.has_family_plan:
        return no_family_plan(month)
    days = np.maximum(month.working, 1.0)[:, None]
    figures = {
        Figure(msg("production")): month.production,
        Figure(msg("production a working day")): month.production / days,
    }
    if month.n.outside is not None:
        figures[Figure(msg("made by subcontractors"))] = month.still_outside
    return _by_family(month, figures)


def _inventory(month: Month) -> list[Grid] | Message:
    if not month.has_family_plan:
        return no_family_plan(month)
    stock = month.projected.stock
    safety = np.where(month.is_made, month.of(month.plans.safety_stock)[month.n.sold], 0.0)
    return _by_family(
        month,
        {
            Figure(msg("closing stock")): stock,
            Figure(msg("safety stock")): np.repeat(month.by_family(safety)[None], len(stock), axis=0),
            Figure(msg("closing stock at cost"), month.currency): stock * month.unit_cost,
        },
    )


def _backlog(month: Month) -> list[Grid] | Message:
    if not month.has_family_plan:
        return no_family_plan(month)
    return _by_family(month, {Figure(msg("closing backlog")): month.projected.backlog})


def _purchase(month: Month) -> list[Grid] | Message:
    needs = Needs(month)
    if not needs.names:
        return msg("The company buys nothing.")
    figures = {
        Figure(msg("needed")): needs.approved,
        Figure(msg("still to be ordered")): needs.to_buy,
        Figure(msg("at cost"), month.currency): needs.to_buy * needs.cost,
    }
    return [by_month(msg("Item"), COMPONENT, needs.names, month.ahead, figures)]


def _workforce(month: Month) -> list[Grid] | Message:
    if not (month.has_family_plan and month.n.resources):
        nothing = msg("The company has no resource whose hours are planned.")
        return no_family_plan(month) if month.n.resources else nothing
    load = Load(month).approved
    regular = month.approved_hours
    figures = {
        Figure(msg("hours needed"), HOURS, names_unit=True): load,
        Figure(msg("regular hours"), HOURS, names_unit=True): regular,
        Figure(msg("overtime authorised"), HOURS): month.overtime,
        Figure(msg("idle"), HOURS): np.maximum(regular - load, 0.0),
    }
    return [by_month(msg("Resource"), RESOURCE, month.n.resources, month.ahead, figures), *people_grid(month)]


OUTCOMES: tuple[Outcome, ...] = (
    ("sales_plan", msg("Sales plan"), roles.SALES, _sales),
    ("production_plan", msg("Production plan"), roles.SCHEDULER, _production),
    ("inventory_plan", msg("Inventory plan"), roles.SCHEDULER, _inventory),
    ("backlog_plan", msg("Backlog plan"), roles.SERVICE, _backlog),
    ("purchase_plan", msg("Purchase plan"), roles.PURCHASING, _purchase),
    ("workforce_plan", msg("Workforce plan"), roles.MANUFACTURING, _workforce),
    ("new_product_plan", msg("New-product plan"), roles.DEVELOPMENT, new_products),
    ("financial_plan", msg("Financial plan"), roles.FINANCE, financial_plan),
)
