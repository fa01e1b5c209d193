"""Step 2, demand plan: the four parts of unconstrained demand, what a naive sum would count twice, and the long range."""

from __future__ import annotations

from simulator.faces.documents import market, roles
from simulator.faces.documents.month import DEMAND, Month
from simulator.faces.documents.paper import TOTAL, Document, Figure, Section, by_month, said, with_total
from simulator.faces.documents.phrases import against, months, percent, units
from simulator.faces.documents.process import meets
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array
from simulator.planning.demand_plan import FourPart

PARTS = ("small contracts", "large contracts", "imminent projects", "not yet signed")
TWICE = "counted twice by a naive sum"


def demand_plan(month: Month) -> Document:
    """The document of step 2."""
    sections = [_near(month), market.pipeline(month), market.announced(month), _long(month), _lead_times(month)]
    kept = [section for section in sections if section]
    return Document(
        "demand_plan", "Demand plan", kept, month.date(DEMAND), roles.AT_DEMAND_PLAN if meets(month) else ()
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
        return Section("Where demand comes from", roles.DEMAND, said(_one_number(month)))
    near = near_months(month)
    figures = {
        **{Figure(part): with_total(amount) for part, amount in found.items()},
        Figure("demand plan"): with_total(month.by_family(month.demand[:near])),
    }
    grid = by_month("The four parts", "family", [*month.families, TOTAL], month.ahead[:near], figures)
    points = said(in_sight(month), twice(month))
    return Section(f"The four parts, {months(month.ahead[:near])}", roles.DEMAND, points, [grid])


def _one_number(month: Month) -> str:
    rule = month.policy.demand_plan.name.replace("-", " ")
    return (
        f"This process takes its demand plan as one number ({rule}): contracts, projects and what is not yet signed "
        "are not told apart, and nobody checks what is counted twice."
    )


def in_sight(month: Month) -> str:
    """How much of the near months is signed or in sight."""
    found = {part: float(amount.sum()) for part, amount in parts(month).items()}
    plan = sum(found.values())
    if not plan:
        return ""
    signed = found["small contracts"] + found["large contracts"]
    near, projects = months(month.ahead[: near_months(month)]), found["imminent projects"]
    weighted = f", {percent(projects / plan)} are projects, weighted by their chance" if projects > 0.5 else ""
    return (
        f"Of {units(plan)} planned for {near}, {percent(signed / plan)} are signed{weighted} and "
        f"{percent(found['not yet signed'] / plan)} are forecast."
    )


def twice(month: Month) -> str:
    """What a naive sum would have counted twice, in words."""
    near, noted = near_months(month), month.noted(TWICE)
    if noted is None or not near:
        return ""
    double, plan = float(noted[:near].sum()), float(month.demand[:near].sum())
    if double < 0.5:
        return "A naive sum of signed business, projects and the forecast would have counted nothing twice."
    return (
        f"A naive sum of signed business, projects and the whole forecast would come to {units(plan + double)}: "
        f"{units(double)} ({percent(double / plan)} of the plan) are in the forecast as well and would be counted twice."
    )


def _long(month: Month) -> Section | None:
    near = near_months(month)
    if near == HORIZON:
        return None
    demand = with_total(month.by_family(month.demand[near:]))
    grid = by_month(
        "Unconstrained demand", "family", [*month.families, TOTAL], month.ahead[near:], {Figure("demand plan"): demand}
    )
    how = "The long-range sales plan times what is shipped of what is signed." if near else ""
    return Section(f"Demand plan, {months(month.ahead[near:])}", roles.DEMAND, said(how, _budgeted(month)), [grid])


def _budgeted(month: Month) -> str:
    known = month.budgeted
    if not known.any():
        return ""
    plan, budget = float(month.demand[known].sum()), float(month.budget[known].sum())
    span = months([name for name, k in zip(month.ahead, known, strict=True) if k])
    return f"For {span} the demand plan is {units(plan)}, {against(plan, budget, 'the business plan')}."


def _lead_times(month: Month) -> Section | None:
    made = month.n.lead_time[month.n.sold, 0][month.is_made]
    if not made.size:
        return None
    span = f"{made.min():.0f}" if made.min() == made.max() else f"{made.min():.0f} to {made.max():.0f}"
    text = (
        f"Products take {span} days in process: what falls due in the first days of a month must be started before it."
    )
    return Section("Lead times", roles.SCHEDULER, said(text))
