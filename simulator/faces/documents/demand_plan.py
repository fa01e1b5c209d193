"""Step 2, demand plan: the four parts of unconstrained demand, what a naive sum would count twice, and the long range."""

from __future__ import annotations

from simulator.faces.documents import roles
from simulator.faces.documents.paper import (
    FAMILY,
    SHARE,
    STAGE,
    Document,
    Figure,
    Section,
    and_total,
    beside,
    by_month,
    said,
)
from simulator.faces.documents.phrases import BUSINESS_PLAN, against, months, rule_name, units
from simulator.kernel.messages import Message, Value, listed, msg, number, percent
from simulator.kernel.plans import HORIZON
from simulator.results.reading import demand, with_total
from simulator.results.reading.demand import LARGE, PROJECTS, SMALL, UNSIGNED, near_months
from simulator.results.reading.month import DEMAND, Month

PARTS = {
    SMALL: msg("small contracts"),
    LARGE: msg("large contracts"),
    PROJECTS: msg("imminent projects"),
    UNSIGNED: msg("not yet signed"),
}
"""Parts of the demand plan by their tables."""

MOST = 4
"""Months of an announcement that are told one by one."""


def demand_plan(month: Month) -> Document:
    """The document of step 2."""
    sections = [_near(month), _pipeline(month), _announced(month), _long(month), _lead_times(month)]
    kept = [section for section in sections if section]
    present = roles.AT_DEMAND_PLAN if month.has_meetings else ()
    return Document("demand_plan", msg("Demand plan"), kept, month.date(DEMAND), present)


def _near(month: Month) -> Section:
    found = demand.parts(month)
    if not found:
        return Section(msg("Where demand comes from"), roles.DEMAND, said(_one_number(month)))
    near = near_months(month)
    figures = {
        **{Figure(PARTS[part]): with_total(amount) for part, amount in found.items()},
        Figure(msg("demand plan")): with_total(month.by_family(month.demand[:near])),
    }
    grid = by_month(msg("The four parts"), FAMILY, and_total(month.families), month.ahead[:near], figures)
    points = said(in_sight(month), twice(month))
    heading = msg("The four parts, {months}", months=months(month.ahead[:near]))
    return Section(heading, roles.DEMAND, points, [grid])


def _one_number(month: Month) -> Message:
    return msg(
        "This process takes its demand plan as one number ({rule}): contracts, projects and what is not yet signed "
        "are not told apart, and nobody checks what is counted twice.",
        rule=rule_name(month.policy.demand_plan.name),
    )


def in_sight(month: Month) -> Message:
    """Say how much of the near months is signed or in sight."""
    found = demand.in_sight(month)
    if not found:
        return msg("")
    values: dict[str, Value] = {
        "units": units(found.plan),
        "months": months(month.ahead[: near_months(month)]),
        "signed": percent(found.signed),
        "forecast": percent(found.forecast),
    }
    if not found.has_projects:
        return msg("Of {units} planned for {months}, {signed} are signed and {forecast} are forecast.", **values)
    return msg(
        "Of {units} planned for {months}, {signed} are signed, {projects} are projects, weighted by their chance "
        "and {forecast} are forecast.",
        projects=percent(found.projects),
        **values,
    )


def twice(month: Month) -> Message:
    """Say how much a naive sum would have counted twice."""
    found = demand.counted_twice(month)
    if not found:
        return msg("")
    if not found.share:
        return msg("A naive sum of signed business, projects and the forecast would have counted nothing twice.")
    return msg(
        "A naive sum of signed business, projects and the whole forecast would come to {sum}: "
        "{twice} ({share} of the plan) are in the forecast as well and would be counted twice.",
        sum=units(found.naive),
        twice=units(found.units),
        share=percent(found.share),
    )


# --- the market ---


def _pipeline(month: Month) -> Section | None:
    """Deals in sight by stage, in full and as the sales team states them."""
    deals = demand.pipeline(month)
    if deals is None:
        return None
    figures = {
        Figure(msg("in sight")): deals.full,
        Figure(msg("as stated")): deals.stated,
        Figure(msg("stated chance"), SHARE): deals.chance,
    }
    text = msg(
        "{units} are in sight, {stated} by the chances that are stated.",
        units=units(float(deals.full.sum())),
        stated=units(float(deals.stated.sum())),
    )
    grid = beside(msg("Stage"), STAGE, deals.stages, figures)
    return Section(msg("Pipeline by stage"), roles.SALES, said(text, _record(month)), [grid])


def _record(month: Month) -> Message:
    """Hold the stated chances against the deals won, over all that was decided so far."""
    record = demand.decided(month)
    if record is None:
        return msg("")
    return msg(
        "Of {n} deals decided so far {won} were won; {stated} had been stated when they came into sight.",
        n=number(record.deals),
        won=percent(record.won),
        stated=percent(record.stated),
    )


def _announced(month: Month) -> Section | None:
    """List the events announced for the months ahead, as a factor on usual demand."""
    told: dict[Message, list[str]] = {}
    for product, moves in demand.announced(month):
        told.setdefault(_course(moves), []).append(product)
    texts = [msg("{products}: {course}.", products=listed(names, ", "), course=text) for text, names in told.items()]
    return Section(msg("Announced for the months ahead"), roles.SALES, said(*texts)) if texts else None


def _course(moves: dict[str, float]) -> Message:
    """The months in which demand is moved, and by how much."""
    parts = [_moved(share, name) for name, share in moves.items()]
    shown = listed(parts[:MOST])
    if len(parts) <= MOST:
        return msg("{moves}", moves=shown)
    return msg("{moves}, and so on for {n} months more", moves=shown, n=len(parts) - MOST)


def _moved(share: float, month: str) -> Message:
    shown = percent(abs(share))
    if share > 0:
        return msg("{share} more in {month}", share=shown, month=month)
    return msg("{share} less in {month}", share=shown, month=month)


# --- the long range ---


def _long(month: Month) -> Section | None:
    near = near_months(month)
    if near == HORIZON:
        return None
    planned = with_total(month.by_family(month.demand[near:]))
    names, figures = and_total(month.families), {Figure(msg("demand plan")): planned}
    grid = by_month(msg("Unconstrained demand"), FAMILY, names, month.ahead[near:], figures)
    how = msg("The long-range sales plan times what is shipped of what is signed.") if near else ""
    heading = msg("Demand plan, {months}", months=months(month.ahead[near:]))
    return Section(heading, roles.DEMAND, said(how, _budgeted(month)), [grid])


def _budgeted(month: Month) -> Message:
    known = month.budgeted
    if not known.any():
        return msg("")
    plan, budget = float(month.demand[known].sum()), float(month.budget[known].sum())
    return msg(
        "For {months} the demand plan is {units}, {against}.",
        months=months(month.budgeted_months),
        units=units(plan),
        against=against(plan, budget, BUSINESS_PLAN),
    )


def _lead_times(month: Month) -> Section | None:
    made = month.n.lead_time[month.n.sold, 0][month.is_made]
    if not made.size:
        return None
    least, most = number(made.min()), number(made.max())
    span: Value = least if made.min() == made.max() else msg("{first} to {last}", first=least, last=most)
    text = msg(
        "Products take {n} days in process: what falls due in the first days of a month must be started before it.",
        n=span,
    )
    return Section(msg("Lead times"), roles.SCHEDULER, said(text))
