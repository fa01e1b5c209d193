"""Step 2, demand plan: the four parts of unconstrained demand, what a naive sum would count twice, and the long range."""

from __future__ import annotations

from simulator.faces.documents import market, roles
from simulator.faces.documents.paper import FAMILY, Document, Figure, Section, and_total, by_month, said, with_total
from simulator.faces.documents.phrases import BUSINESS_PLAN, against, months, rule_name, units
from simulator.faces.documents.process import meets
from simulator.kernel.messages import Message, Value, msg, number, percent
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array
from simulator.planning.demand_plan import FourPart
from simulator.results.reading.month import DEMAND, Month

SMALL, LARGE, PROJECTS, UNSIGNED = "small contracts", "large contracts", "imminent projects", "not yet signed"
PARTS = {
    SMALL: msg("small contracts"),
    LARGE: msg("large contracts"),
    PROJECTS: msg("imminent projects"),
    UNSIGNED: msg("not yet signed"),
}
"""Parts of the demand plan by their tables."""

TWICE = "counted twice by a naive sum"


def demand_plan(month: Month) -> Document:
    """The document of step 2."""
    sections = [_near(month), market.pipeline(month), market.announced(month), _long(month), _lead_times(month)]
    kept = [section for section in sections if section]
    return Document(
        "demand_plan", msg("Demand plan"), kept, month.date(DEMAND), roles.AT_DEMAND_PLAN if meets(month) else ()
    )


def near_months(month: Month) -> int:
    """Months for which the four parts are summed; none where the process does not tell them apart."""
    rule = month.policy.demand_plan
    return rule.months if isinstance(rule, FourPart) else 0


def parts(month: Month) -> dict[str, Array]:
    """The four parts by family, (near months, families) each."""
    near = near_months(month)
    noted = {part: month.noted(part) for part in PARTS}
    return {part: month.by_family(a[:near]) for part, a in noted.items() if a is not None and near}


def _near(month: Month) -> Section:
    found = parts(month)
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
    found = {part: float(amount.sum()) for part, amount in parts(month).items()}
    plan = sum(found.values())
    if not plan:
        return msg("")
    values: dict[str, Value] = {
        "units": units(plan),
        "months": months(month.ahead[: near_months(month)]),
        "signed": percent((found[SMALL] + found[LARGE]) / plan),
        "forecast": percent(found[UNSIGNED] / plan),
    }
    if found[PROJECTS] <= 0.5:
        return msg("Of {units} planned for {months}, {signed} are signed and {forecast} are forecast.", **values)
    return msg(
        "Of {units} planned for {months}, {signed} are signed, {projects} are projects, weighted by their chance "
        "and {forecast} are forecast.",
        projects=percent(found[PROJECTS] / plan),
        **values,
    )


def twice(month: Month) -> Message:
    """Say how much a naive sum would have counted twice."""
    near, noted = near_months(month), month.noted(TWICE)
    if noted is None or not near:
        return msg("")
    double, plan = float(noted[:near].sum()), float(month.demand[:near].sum())
    if double < 0.5:
        return msg("A naive sum of signed business, projects and the forecast would have counted nothing twice.")
    return msg(
        "A naive sum of signed business, projects and the whole forecast would come to {sum}: "
        "{twice} ({share} of the plan) are in the forecast as well and would be counted twice.",
        sum=units(plan + double),
        twice=units(double),
        share=percent(double / plan),
    )


def _long(month: Month) -> Section | None:
    near = near_months(month)
    if near == HORIZON:
        return None
    demand = with_total(month.by_family(month.demand[near:]))
    names, figures = and_total(month.families), {Figure(msg("demand plan")): demand}
    grid = by_month(msg("Unconstrained demand"), FAMILY, names, month.ahead[near:], figures)
    how = msg("The long-range sales plan times what is shipped of what is signed.") if near else ""
    heading = msg("Demand plan, {months}", months=months(month.ahead[near:]))
    return Section(heading, roles.DEMAND, said(how, _budgeted(month)), [grid])


def _budgeted(month: Month) -> Message:
    known = month.budgeted
    if not known.any():
        return msg("")
    plan, budget = float(month.demand[known].sum()), float(month.budget[known].sum())
    span = months([name for name, k in zip(month.ahead, known, strict=True) if k])
    return msg(
        "For {months} the demand plan is {units}, {against}.",
        months=span,
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
