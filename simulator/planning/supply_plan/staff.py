"""Tell a supply plan that chooses people about them: the roster, possible hires, and their cost."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import Array
from simulator.planning.supply_plan.program import Solution, Staffed
from simulator.world.view import Desk


def change_rates(view: Desk) -> tuple[Array, Array]:
    """Cost of working an hour a month more, and less, (resources, 1): nothing where people that come and go have a price."""
    rate, staffing = np.array([[r.change_cost] for r in view.resources.values()]), view.network.staffing
    if staffing is not None and view.settled_people is not None:
        rate = np.where(staffing.manned, 0.0, rate)
    return rate, rate


def change_of_people(view: Desk) -> Array:
    """The mean cost of hiring and dismissing for an hour a month, change_cost where that is not described: (resources,)."""
    rate, staffing = np.array([r.change_cost for r in view.resources.values()]), view.network.staffing
    if staffing is None or view.settled_people is None:
        return rate
    month = float(view.working_days_by_month().mean())
    of_people = (staffing.hire_cost + staffing.dismiss_cost)[:, 0] / 2 / (staffing.a_head[:, 0] * month)
    return np.where(staffing.manned[:, 0], of_people, rate)


def cost_of_hours(view: Desk) -> Array:
    """Return a regular hour's wage, hour_cost if no people are described, (resources,)."""
    rate, staffing = np.array([r.hour_cost for r in view.resources.values()]), view.network.staffing
    return rate if staffing is None else np.where(staffing.manned[:, 0], staffing.wage[:, 0], rate)


def hours_to_plan(view: Desk, days: Array) -> tuple[Array, Array, Staffed | None]:
    """Regular hours of each month but those of people to be chosen, most overtime, and what is known of these people."""
    per_day, staffing, settled = days[:, None, None], view.network.staffing, view.settled_people
    if staffing is None or settled is None:
        return view.hours_ahead * per_day, view.overtime_ahead * per_day, None
    can_come, can_go = view.people_reach
    people = Staffed(settled, staffing.least, staffing.most, can_come, can_go)
    hours = np.where(staffing.manned, 0.0, view.hours_ahead)
    longest = np.maximum(view.most_hours_ahead, view.hours_ahead) * staffing.overtime
    return hours * per_day, longest * per_day, people


def prices_of_people(view: Desk, days: Array) -> dict[str, Array]:
    """Wages by month, and what hiring and dismissing cost; nothing where people are not to be chosen."""
    staffing = view.network.staffing
    if staffing is None or view.settled_people is None:
        return {}
    wages = staffing.wage * staffing.per_head * days[:, None, None]
    return {"heads": wages, "hired": staffing.hire_cost, "dismissed": staffing.dismiss_cost}


def outside_rate(view: Desk, load: Array) -> Array:
    """Return the extra cost of a unit made outside, wages counted in if people have a price: (months or 1, families, lanes)."""
    staffing, premium = view.network.staffing, view.network.outside_premium[None]
    if staffing is None or view.settled_people is None:
        return premium
    return np.asarray(premium + np.add.reduce(load * np.where(staffing.manned, staffing.wage, 0.0), axis=2))


def hours_of(view: Desk, solved: Solution) -> Array:
    """Hours a working day of the people that a program chose; where it found no plan, of those that there are."""
    staffing = view.network.staffing
    assert staffing is not None
    assert solved.heads is not None
    chosen = staffing.manned & solved.found
    return np.where(chosen, solved.heads * staffing.a_head, view.settled_hours)
