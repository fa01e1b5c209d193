"""Step 5, executive S&OP meeting: what was decided and why, what it changes, and who does what by when."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import roles
from simulator.faces.documents.actions import actions
from simulator.faces.documents.indicators import below_plan, indicator_grid
from simulator.faces.documents.issues import open_issues
from simulator.faces.documents.minutes import LOOK
from simulator.faces.documents.options import Options
from simulator.faces.documents.paper import (
    COMPANY,
    COMPONENT,
    FAMILY,
    TOTAL,
    Document,
    Figure,
    Grid,
    Section,
    and_total,
    beside,
    by_month,
    said,
    with_total,
)
from simulator.faces.documents.phrases import (
    BUSINESS_PLAN,
    SOLD_IN_BUSINESS_PLAN,
    against,
    beside_name,
    largest,
    money,
    months,
    units,
)
from simulator.faces.documents.process import meets
from simulator.faces.documents.supply import no_family_plan
from simulator.kernel.messages import Message, Value, capital, listed, msg, number
from simulator.kernel.units import Array, Mask
from simulator.results.reading.capacity import Needs
from simulator.results.reading.month import EXECUTIVE, Month

IN_FORCE, APPROVED, CHANGE = msg("in force before"), msg("approved"), msg("change")


def executive_meeting(month: Month) -> Document:
    """The document of step 5."""
    sections = [_decision(month), _production(month), _purchasing(month), _business_plan(month), _indicators(month)]
    sections += [_issues(month), Section(msg("Actions"), roles.SOP, actions(month))]
    kept = [section for section in sections if section]
    present = roles.AT_EXECUTIVE if meets(month) else ()
    return Document("executive_meeting", msg("Executive S&OP meeting"), kept, month.date(EXECUTIVE), present)


def _decision(month: Month) -> Section:
    heading = msg("Decision")
    if not month.has_family_plan:
        return Section(heading, roles.GENERAL, said(no_family_plan(month), msg("There is no plan to approve.")))
    options = Options(month)
    name = capital(options.names[options.chosen])
    approved = msg("Approved, as recommended: '{option}'.", option=name)
    return Section(heading, roles.GENERAL, said(approved, options.why(), _holds_from(month), _frozen(month)))


def _holds_from(month: Month) -> Message:
    days = month.days.worked_so_far
    late = round(float(days[month.effective] - days[month.due]))
    values: dict[str, Value] = {
        "date": month.days.date(month.effective),
        "n": round(float(days[month.effective] - days[month.span(month.index)[0]])),
    }
    if late <= 0:
        return msg("It holds from {date}: {n} working days after the month it looks back on had ended.", **values)
    return msg(
        "It holds from {date}; it slipped by {late} working days: "
        "{n} working days after the month it looks back on had ended.",
        late=late,
        **values,
    )


def _frozen(month: Month) -> Message:
    frozen = month.policy.frozen_months
    if not frozen:
        return msg("No month is frozen: production of the current month may change as well.")
    span = months(month.ahead[:frozen])
    if month.is_first:
        return msg("As this is the first plan, {months} could not be frozen yet.", months=span)
    asked = month.noted("changes asked inside the frozen zone")
    if asked is None or not asked > 0.5:
        return msg("Frozen at the plan in force: production of {months}.", months=span)
    return msg(
        "Frozen at the plan in force: production of {months}; changes of {units} were wanted there and not made.",
        months=span,
        units=units(float(asked)),
    )


# --- authorised changes ---


def _before(month: Month, cube: Array) -> Array:
    """The plan in force on the day of the meeting."""
    return month.in_force(cube, month.held[EXECUTIVE])


def _production(month: Month) -> Section | None:
    if not month.has_family_plan:
        return None
    look, heading = slice(0, MEETING_MONTHS), msg("Authorised changes of production")
    before, approved = _before(month, month.plans.production)[look], month.production[look]
    if not before.any():
        first = {Figure(APPROVED): with_total(approved)}
        grid = by_month(msg("Family"), FAMILY, and_total(month.families), month.ahead[look], first)
        return Section(heading, roles.GENERAL, said(msg("This is the first plan: it replaces none.")), [grid])
    figures = {
        Figure(IN_FORCE): with_total(before),
        Figure(APPROVED): with_total(approved),
        Figure(CHANGE, signed=True): with_total(approved - before),
    }
    grid = by_month(msg("Family"), FAMILY, and_total(month.families), month.ahead[look], figures)
    return Section(heading, roles.GENERAL, said(_changed(month, before, approved)), [grid])


def _changed(month: Month, before: Array, approved: Array) -> Message:
    near = slice(0, LOOK)
    change = (approved[near] - before[near]).sum(axis=0)
    top = [beside_name(month.families[k], number(change[k], signed=True)) for k in largest(change)]
    values: dict[str, Value] = {
        "months": months(month.ahead[near]),
        "units": units(float(approved[near].sum())),
        "change": number(change.sum(), signed=True),
    }
    if not top:
        return msg("Production of {months} becomes {units}, {change} against the plan in force.", **values)
    return msg(
        "Production of {months} becomes {units}, {change} against the plan in force: {families}.",
        families=listed(top),
        **values,
    )


def _purchasing(month: Month) -> Section | None:
    needs = Needs(month)
    if not needs.names or month.policy.supply_plan.name == "none":
        return None
    near, before = slice(0, LOOK), _before(month, month.plans.production)
    asked_before = _before(month, month.plans.demand)
    now = needs.gross(month.production, month.demand)[near].sum(axis=0)
    heading, texts = msg("Authorised changes of purchasing"), []
    figures = {Figure(APPROVED): now, Figure(msg("approved at cost"), month.currency): now * needs.cost}
    if before.any() or asked_before.any():
        then = needs.gross(before, asked_before)[near].sum(axis=0)
        change = now - then
        figures = {Figure(IN_FORCE): then, **figures, Figure(CHANGE, signed=True): change}
        figures[Figure(msg("change at cost"), month.currency, signed=True)] = change * needs.cost
        texts.append(_bought(month, needs, change))
    span = months(month.ahead[near])
    grid = beside(msg("Needed in {months}", months=span), COMPONENT, needs.names, figures, span)
    return Section(heading, roles.GENERAL, said(*texts), [grid])


def _bought(month: Month, needs: Needs, change: Array) -> Message:
    value = change * needs.cost
    top = [beside_name(needs.names[k], number(change[k], signed=True)) for k in largest(value)]
    values: dict[str, Value] = {
        "months": months(month.ahead[:LOOK]),
        "n": number(value.sum(), signed=True),
        "currency": month.currency,
    }
    if not top:
        return msg("What production and sales need of bought items in {months} changes by {n} {currency}.", **values)
    return msg(
        "What production and sales need of bought items in {months} changes by {n} {currency}: above all {items}.",
        items=listed(top),
        **values,
    )


# --- business plan ---


def _business_plan(month: Month) -> Section:
    heading, known = msg("Against the business plan"), month.budgeted
    if not known.any():
        text = msg("There is no business plan: nothing was known when the year began.")
        return Section(heading, roles.FINANCE, said(text))
    return Section(
        heading, roles.FINANCE, said(*_year(month, known)), [_year_grid(month, known), _month_grid(month, known)]
    )


def _sold(month: Month) -> Array:
    """Add up the demand since the business year began, by product."""
    months_over = range(month.index // 12 * 12, month.index)
    return (
        np.sum([month.demand_of(k) for k in months_over], axis=0)
        if len(months_over)
        else np.zeros(len(month.n.products))
    )


def _year_budget(month: Month) -> Array:
    """The business plan of the whole year, by product."""
    first = month.index // 12 * 12
    return np.asarray(month.plans.budget[first : first + 12, :, month.lane].sum(axis=0))


def _year(month: Month, known: Mask) -> Iterator[Message]:
    price, production = month.n.price[:, 0], float(month.production[known].sum())
    sold, go, budget = _sold(month), month.demand[known].sum(axis=0), _year_budget(month)
    expected = float(((sold + go) * price).sum())
    yield msg(
        "Sales to date and the demand plan to go make {units} for the year, {units_against}; "
        "in value {money}, {money_against}.",
        units=units(float((sold + go).sum())),
        units_against=against(float((sold + go).sum()), float(budget.sum()), BUSINESS_PLAN),
        money=money(expected, month.currency),
        money_against=against(expected, float((budget * price).sum()), BUSINESS_PLAN),
    )
    if month.has_family_plan:
        asked = float(month.by_family(np.where(month.is_made, month.budget, 0.0))[known].sum())
        span = months([name for name, k in zip(month.ahead, known, strict=True) if k])
        yield msg(
            "Production for {months} is {units}, {against}.",
            months=span,
            units=units(production),
            against=against(production, asked, SOLD_IN_BUSINESS_PLAN),
        )


def _year_grid(month: Month, known: Mask) -> Grid:
    price = month.n.price[:, 0]
    sold, go, budget = _sold(month), month.demand[known].sum(axis=0), _year_budget(month)
    gap = with_total(month.by_family((sold + go - budget) * price))
    expected, planned = with_total(month.by_family(sold + go)), with_total(month.by_family(budget))
    figures = {
        Figure(msg("sold to date")): with_total(month.by_family(sold)),
        Figure(msg("planned to go")): with_total(month.by_family(go)),
        Figure(msg("expected")): expected,
        Figure(msg("business plan")): planned,
        Figure(msg("difference"), signed=True): expected - planned,
        Figure(msg("in value"), month.currency, signed=True): gap,
    }
    return beside(msg("The year by family"), FAMILY, and_total(month.families), figures, msg("year"))


def _month_grid(month: Month, known: Mask) -> Grid:
    price, names = month.n.price[:, 0], [name for name, k in zip(month.ahead, known, strict=True) if k]
    plan, budget = month.demand[known], month.budget[known]
    figures = {
        Figure(msg("demand plan")): plan.sum(axis=1),
        Figure(msg("business plan")): budget.sum(axis=1),
        Figure(msg("difference"), signed=True): (plan - budget).sum(axis=1),
        Figure(msg("demand plan at price"), month.currency): (plan * price).sum(axis=1),
        Figure(msg("business plan at price"), month.currency): (budget * price).sum(axis=1),
    }
    return by_month(msg("The months to go"), COMPANY, [TOTAL], names, {f: a[:, None] for f, a in figures.items()})


# --- indicators and issues ---


def _indicators(month: Month) -> Section:
    grid = indicator_grid(month)
    if grid is None:
        return Section(msg("Key figures"), roles.SOP, said(msg("The run begins here: no key figure is known.")))
    texts = below_plan(month) or [msg("All key figures are on plan.")]
    return Section(msg("Key figures below plan"), roles.SOP, said(*texts), [grid])


def _issues(month: Month) -> Section:
    texts = [
        msg("{k}. {issue} Decided: {decided}.", k=k, issue=each.what, decided=each.decided)
        for k, each in enumerate(open_issues(month), start=1)
    ]
    return Section(msg("Open issues taken up"), roles.GENERAL, said(*(texts or [msg("None.")])))
