"""Step 5, executive S&OP meeting: what was decided and why, what it changes, and who does what by when."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.engine.month.impact import MEETING_MONTHS
from simulator.faces.documents import roles
from simulator.faces.documents.actions import actions, below_plan, key_figure_grid
from simulator.faces.documents.beside import beside_the_rules
from simulator.faces.documents.issues import open_issues
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
from simulator.faces.documents.pre_meeting import purchases, stock_ahead
from simulator.faces.documents.recommendation import CRITERION_NAMES, why
from simulator.faces.documents.register import last_actions
from simulator.faces.documents.supply_plan import no_family_plan
from simulator.kernel.messages import Message, Value, capital, listed, msg, number, percent
from simulator.kernel.units import Array
from simulator.planning.criteria import CRITERIA
from simulator.results.reading import LITTLE, AgainstPlan, with_total
from simulator.results.reading.business_plan import BusinessYear
from simulator.results.reading.capacity import Needs
from simulator.results.reading.meeting import Change, Options, production_change, purchasing_change, slipped
from simulator.results.reading.month import EXECUTIVE, LOOK, Month

IN_FORCE, APPROVED, CHANGE = msg("in force before"), msg("approved"), msg("change")


def executive_meeting(month: Month) -> Document:
    """The document of step 5."""
    sections = [
        last_actions(month),
        _decision(month),
        beside_the_rules(month),
        _production(month),
        _purchasing(month),
        _business_plan(month),
        _indicators(month),
    ]
    sections += [_issues(month), Section(msg("Actions"), roles.SOP, actions(month))]
    kept = [section for section in sections if section]
    present = roles.AT_EXECUTIVE if month.has_meetings else ()
    return Document("executive_meeting", msg("Executive S&OP meeting"), kept, month.date(EXECUTIVE), present)


def _decision(month: Month) -> Section:
    heading = msg("Decision")
    if month.has_purchase_plan:
        return Section(heading, roles.GENERAL, said(*purchase_plan(month)))
    if not month.has_family_plan:
        return Section(heading, roles.GENERAL, said(no_family_plan(month), msg("There is no plan to approve.")))
    options = Options(month)
    return Section(
        heading,
        roles.GENERAL,
        said(approved(options), why(options), holds_from(month), carried_out(month), _frozen(month)),
    )


def purchase_plan(month: Month) -> Iterator[Message]:
    """The decision of a company that makes nothing: what is ordered, where stock goes, from when it holds."""
    yield msg("Approved: the purchase and inventory plan.")
    yield from purchases(month)
    yield stock_ahead(month)
    yield holds_from(month)


def approved(options: Options) -> Message:
    """Name the option that was approved, and what spoke for it where it is not the recommended one."""
    if options.is_overruled:
        return msg(
            "Approved in the place of '{recommended}', which was recommended: '{option}'; what speaks most for it is {criterion}.",
            recommended=options.names[options.recommended],
            option=capital(options.names[options.chosen]),
            criterion=CRITERION_NAMES[CRITERIA[options.reason]],
        )
    return msg("Approved, as recommended: '{option}'.", option=capital(options.names[options.chosen]))


def holds_from(month: Month) -> Message:
    """Say from when the decision holds, and by how much it slipped."""
    late, waited = slipped(month)
    values: dict[str, Value] = {"date": month.days.date(month.effective), "n": waited}
    if late <= 0:
        return msg("It holds from {date}: {n} working days after the month it looks back on had ended.", **values)
    return msg(
        "It holds from {date}; it slipped by {late} working days: "
        "{n} working days after the month it looks back on had ended.",
        late=late,
        **values,
    )


def carried_out(month: Month) -> Message | str:
    """Say so where less than all of a change is carried out."""
    share = month.policy.discipline.plan
    if share == 1 or month.is_first:
        return ""
    return msg(
        "Of each change of the plan {share} is carried out; the rest goes on as before.", share=percent(share, 0)
    )


def _frozen(month: Month) -> Message:
    frozen = month.policy.frozen_months
    if not frozen:
        return msg("No month is frozen: production of the current month may change as well.")
    span = months(month.ahead[:frozen])
    if month.is_first:
        return msg("As this is the first plan, {months} could not be frozen yet.", months=span)
    asked = month.noted("changes asked inside the frozen zone")
    if asked is None or not asked > LITTLE:
        return msg("Frozen at the plan in force: production of {months}.", months=span)
    return msg(
        "Frozen at the plan in force: production of {months}; changes of {units} were wanted there and not made.",
        months=span,
        units=units(float(asked)),
    )


# --- authorised changes ---


def _production(month: Month) -> Section | None:
    if not month.has_family_plan:
        return None
    look, heading = slice(0, MEETING_MONTHS), msg("Authorised changes of production")
    plan = production_change(month)
    if plan.is_first:
        first = {Figure(APPROVED): with_total(plan.approved)}
        grid = by_month(msg("Family"), FAMILY, and_total(month.families), month.ahead[look], first)
        return Section(heading, roles.GENERAL, said(msg("This is the first plan: it replaces none.")), [grid])
    figures = {
        Figure(IN_FORCE): with_total(plan.before),
        Figure(APPROVED): with_total(plan.approved),
        Figure(CHANGE, signed=True): with_total(plan.difference),
    }
    grid = by_month(msg("Family"), FAMILY, and_total(month.families), month.ahead[look], figures)
    return Section(heading, roles.GENERAL, said(changed_production(month, plan)), [grid])


def changed_production(month: Month, plan: Change) -> Message:
    """Say what production becomes against the plan in force, and in which families."""
    change = plan.soon
    top = [beside_name(month.families[k], number(change[k], signed=True)) for k in largest(change)]
    values: dict[str, Value] = {
        "months": months(month.ahead[:LOOK]),
        "units": units(float(plan.approved[:LOOK].sum())),
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
    plan, heading, texts = purchasing_change(month), msg("Authorised changes of purchasing"), []
    now, at_cost = plan.approved, month.currency
    figures = {Figure(APPROVED): now, Figure(msg("approved at cost"), at_cost): needs.at_cost(now)}
    if not plan.is_first:
        change = plan.difference
        figures = {Figure(IN_FORCE): plan.before, **figures, Figure(CHANGE, signed=True): change}
        figures[Figure(msg("change at cost"), at_cost, signed=True)] = needs.at_cost(change)
        texts.append(changed_purchasing(month, needs, change))
    span = months(month.ahead[:LOOK])
    grid = beside(msg("Needed in {months}", months=span), COMPONENT, needs.names, figures, span)
    return Section(heading, roles.GENERAL, said(*texts), [grid])


def changed_purchasing(month: Month, needs: Needs, change: Array) -> Message:
    """Say by how much the need of bought items changes, and of which."""
    value = needs.at_cost(change)
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
    heading, year = msg("Against the business plan"), BusinessYear(month)
    if not month.budgeted.any():
        text = msg("There is no business plan: nothing was known when the year began.")
        return Section(heading, roles.FINANCE, said(text))
    return Section(heading, roles.FINANCE, said(*_year(year)), [_year_grid(year), _month_grid(year)])


def _year(year: BusinessYear) -> Iterator[Message]:
    month, expected, budget = year.month, float(year.expected.sum()), float(year.budget.sum())
    yield msg(
        "Sales to date and the demand plan to go make {units} for the year, {units_against}; "
        "in value {money}, {money_against}.",
        units=units(expected),
        units_against=against(expected, budget, BUSINESS_PLAN),
        money=money(year.expected_value, month.currency),
        money_against=against(year.expected_value, year.budgeted_value, BUSINESS_PLAN),
    )
    if month.has_family_plan:
        yield msg(
            "Production for {months} is {units}, {against}.",
            months=months(month.months_of_this_year),
            units=units(year.production),
            against=against(year.production, year.budgeted_production, SOLD_IN_BUSINESS_PLAN),
        )


def _year_grid(year: BusinessYear) -> Grid:
    month = year.month
    sold, to_go, gap = (with_total(month.by_family(each)) for each in (year.sold, year.to_go, year.gap))
    held = AgainstPlan(*(with_total(month.by_family(each)) for each in (year.expected, year.budget)))
    figures = {
        Figure(msg("sold to date")): sold,
        Figure(msg("planned to go")): to_go,
        Figure(msg("expected")): held.actual,
        Figure(msg("business plan")): held.plan,
        Figure(msg("difference"), signed=True): held.difference,
        Figure(msg("in value"), month.currency, signed=True): gap,
    }
    return beside(msg("The year by family"), FAMILY, and_total(month.families), figures, msg("year"))


def _month_grid(year: BusinessYear) -> Grid:
    month = year.month
    figures = {
        Figure(msg("demand plan")): year.plan_to_go,
        Figure(msg("business plan")): year.budget_to_go,
        Figure(msg("difference"), signed=True): year.difference_to_go,
        Figure(msg("demand plan at price"), month.currency): year.plan_value_to_go,
        Figure(msg("business plan at price"), month.currency): year.budget_value_to_go,
    }
    return by_month(
        msg("The months to go"),
        COMPANY,
        [TOTAL],
        month.months_of_this_year,
        {figure: amount[:, None] for figure, amount in figures.items()},
    )


# --- indicators and issues ---


def _indicators(month: Month) -> Section:
    grid = key_figure_grid(month)
    if grid is None:
        return Section(msg("Key figures"), roles.SOP, said(msg("The run begins here: no key figure is known.")))
    texts = below_plan(month) or [msg("All key figures are on target.")]
    return Section(msg("Key figures off target"), roles.SOP, said(*texts), [grid])


def _issues(month: Month) -> Section:
    texts = [
        msg("{k}. {issue} Decided: {decided}.", k=k, issue=each.what, decided=each.decided)
        for k, each in enumerate(open_issues(month), start=1)
    ]
    return Section(msg("Open issues taken up"), roles.GENERAL, said(*(texts or [msg("None.")])))
