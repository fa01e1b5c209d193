"""Step 5, executive S&OP meeting: what was decided and why, what it changes, and who does what by when."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import roles
from simulator.faces.documents.actions import actions
from simulator.faces.documents.capacity import Needs
from simulator.faces.documents.indicators import below_plan, indicator_grid
from simulator.faces.documents.issues import open_issues
from simulator.faces.documents.minutes import LOOK
from simulator.faces.documents.month import EXECUTIVE, Month
from simulator.faces.documents.options import Options
from simulator.faces.documents.paper import TOTAL, Document, Figure, Grid, Section, beside, by_month, said, with_total
from simulator.faces.documents.phrases import against, largest, listed, money, months, sentence, units
from simulator.faces.documents.process import meets
from simulator.faces.documents.supply import no_family_plan
from simulator.kernel.units import Array, Mask


def executive_meeting(month: Month) -> Document:
    """The document of step 5."""
    sections = [_decision(month), _production(month), _purchasing(month), _business_plan(month), _indicators(month)]
    sections += [_issues(month), Section("Actions", roles.SOP, actions(month))]
    kept = [section for section in sections if section]
    present = roles.AT_EXECUTIVE if meets(month) else ()
    return Document("executive_meeting", "Executive S&OP meeting", kept, month.date(EXECUTIVE), present)


def _decision(month: Month) -> Section:
    heading = "Decision"
    if not month.has_family_plan:
        return Section(heading, roles.GENERAL, said(no_family_plan(month), "There is no plan to approve."))
    options = Options(month)
    name = sentence(options.names[options.chosen])
    points = said(f"Approved, as recommended: '{name}'.", options.why(), _holds_from(month), _frozen(month))
    return Section(heading, roles.GENERAL, points)


def _holds_from(month: Month) -> str:
    days = month.days.worked_so_far
    late = round(float(days[month.effective] - days[month.due]))
    slip = f"; it slipped by {late} working days" if late > 0 else ""
    delay = round(float(days[month.effective] - days[month.span(month.index)[0]]))
    return f"It holds from {month.days.date(month.effective)}{slip}: {delay} working days after the month it looks back on had ended."


def _frozen(month: Month) -> str:
    frozen = month.policy.frozen_months
    if not frozen:
        return "No month is frozen: production of the current month may change as well."
    span = months(month.ahead[:frozen])
    if month.is_first:
        return f"As this is the first plan, {span} could not be frozen yet."
    asked = month.noted("changes asked inside the frozen zone")
    wanted = (
        f"; changes of {units(float(asked))} were wanted there and not made"
        if asked is not None and asked > 0.5
        else ""
    )
    return f"Frozen at the plan in force: production of {span}{wanted}."


# --- authorised changes ---


def _before(month: Month, cube: Array) -> Array:
    """The plan in force on the day of the meeting."""
    return month.in_force(cube, month.held[EXECUTIVE])


def _production(month: Month) -> Section | None:
    if not month.has_family_plan:
        return None
    look, heading = slice(0, MEETING_MONTHS), "Authorised changes of production"
    before, approved = _before(month, month.plans.production)[look], month.production[look]
    if not before.any():
        grid = by_month(
            "Family", "family", [*month.families, TOTAL], month.ahead[look], {Figure("approved"): with_total(approved)}
        )
        return Section(heading, roles.GENERAL, said("This is the first plan: it replaces none."), [grid])
    figures = {
        Figure("in force before"): with_total(before),
        Figure("approved"): with_total(approved),
        Figure("change", signed=True): with_total(approved - before),
    }
    grid = by_month("Family", "family", [*month.families, TOTAL], month.ahead[look], figures)
    return Section(heading, roles.GENERAL, said(_changed(month, before, approved)), [grid])


def _changed(month: Month, before: Array, approved: Array) -> str:
    near = slice(0, LOOK)
    change = (approved[near] - before[near]).sum(axis=0)
    top = [f"{month.families[k]} {change[k]:+,.0f}" for k in largest(month.families, change)]
    detail = f": {listed(top)}" if top else ""
    return (
        f"Production of {months(month.ahead[near])} becomes {units(float(approved[near].sum()))}, "
        f"{change.sum():+z,.0f} against the plan in force{detail}."
    )


def _purchasing(month: Month) -> Section | None:
    needs = Needs(month)
    if not needs.names or month.policy.supply_plan.name == "none":
        return None
    near, before = slice(0, LOOK), _before(month, month.plans.production)
    asked_before = _before(month, month.plans.demand)
    now = needs.gross(month.production, month.demand)[near].sum(axis=0)
    heading, texts = "Authorised changes of purchasing", []
    figures = {Figure("approved"): now, Figure("approved at cost", month.currency): now * needs.cost}
    if before.any() or asked_before.any():
        then = needs.gross(before, asked_before)[near].sum(axis=0)
        change = now - then
        figures = {Figure("in force before"): then, **figures, Figure("change", signed=True): change}
        figures[Figure("change at cost", month.currency, signed=True)] = change * needs.cost
        texts.append(_bought(month, needs, change))
    grid = beside(
        f"Needed in {months(month.ahead[near])}", "component", needs.names, figures, months(month.ahead[near])
    )
    return Section(heading, roles.GENERAL, said(*texts), [grid])


def _bought(month: Month, needs: Needs, change: Array) -> str:
    value = change * needs.cost
    top = [f"{needs.names[k]} {change[k]:+,.0f}" for k in largest(needs.names, value)]
    return (
        f"What production and sales need of bought items in {months(month.ahead[:LOOK])} changes by "
        f"{value.sum():+z,.0f} {month.currency}{': above all ' + listed(top) if top else ''}."
    )


# --- business plan ---


def _business_plan(month: Month) -> Section:
    heading, known = "Against the business plan", month.budgeted
    if not known.any():
        return Section(
            heading, roles.FINANCE, said("There is no business plan: nothing was known when the year began.")
        )
    return Section(
        heading, roles.FINANCE, said(*_year(month, known)), [_year_grid(month, known), _month_grid(month, known)]
    )


def _sold(month: Month) -> Array:
    """What fell due since the business year began, by product."""
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


def _year(month: Month, known: Mask) -> Iterator[str]:
    price, production = month.n.price[:, 0], float(month.production[known].sum())
    sold, go, budget = _sold(month), month.demand[known].sum(axis=0), _year_budget(month)
    expected = float(((sold + go) * price).sum())
    yield (
        f"Sales to date and the demand plan to go make {units(float((sold + go).sum()))} for the year, "
        f"{against(float((sold + go).sum()), float(budget.sum()), 'the business plan')}; in value {money(expected, month.currency)}, "
        f"{against(expected, float((budget * price).sum()), 'the business plan')}."
    )
    if month.has_family_plan:
        asked = float(month.by_family(np.where(month.is_made, month.budget, 0.0))[known].sum())
        span = months([name for name, k in zip(month.ahead, known, strict=True) if k])
        yield f"Production for {span} is {units(production)}, {against(production, asked, 'what the business plan sells of it')}."


def _year_grid(month: Month, known: Mask) -> Grid:
    price = month.n.price[:, 0]
    sold, go, budget = _sold(month), month.demand[known].sum(axis=0), _year_budget(month)
    gap = with_total(month.by_family((sold + go - budget) * price))
    expected, planned = with_total(month.by_family(sold + go)), with_total(month.by_family(budget))
    figures = {
        Figure("sold to date"): with_total(month.by_family(sold)),
        Figure("planned to go"): with_total(month.by_family(go)),
        Figure("expected"): expected,
        Figure("business plan"): planned,
        Figure("difference", signed=True): expected - planned,
        Figure("in value", month.currency, signed=True): gap,
    }
    return beside("The year by family", "family", [*month.families, TOTAL], figures, "year")


def _month_grid(month: Month, known: Mask) -> Grid:
    price, names = month.n.price[:, 0], [name for name, k in zip(month.ahead, known, strict=True) if k]
    plan, budget = month.demand[known], month.budget[known]
    figures = {
        Figure("demand plan"): plan.sum(axis=1),
        Figure("business plan"): budget.sum(axis=1),
        Figure("difference", signed=True): (plan - budget).sum(axis=1),
        Figure("demand plan at price", month.currency): (plan * price).sum(axis=1),
        Figure("business plan at price", month.currency): (budget * price).sum(axis=1),
    }
    return by_month("The months to go", "company", [TOTAL], names, {f: a[:, None] for f, a in figures.items()})


# --- indicators and issues ---


def _indicators(month: Month) -> Section:
    grid = indicator_grid(month)
    if grid is None:
        return Section("Key figures", roles.SOP, said("The run begins here: no key figure is known."))
    texts = below_plan(month) or ["All key figures are on plan."]
    return Section("Key figures below plan", roles.SOP, said(*texts), [grid])


def _issues(month: Month) -> Section:
    texts = [f"{k}. {each.what} Decided: {each.decided}." for k, each in enumerate(open_issues(month), start=1)]
    return Section("Open issues taken up", roles.GENERAL, said(*(texts or ["None."])))
