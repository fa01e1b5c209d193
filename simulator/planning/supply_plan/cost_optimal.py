"""The cheapest plan: a linear program over regular time, overtime, changes of hours, subcontracting, stock and backlog."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Message, listed, msg, number
from simulator.kernel.plans import HORIZON, OUTSIDE, PEOPLE_WANTED
from simulator.kernel.units import Array, Mask, Whole, quantity
from simulator.planning.capacity import hours_per_unit, load_of, mix_of, within_hours, working_days
from simulator.planning.requirement import chase_plan, made_this_month, with_made
from simulator.planning.rules import SupplyPlan
from simulator.planning.supply_plan.program import EATEN, Figures, Program, family_costs, insist
from simulator.planning.supply_plan.staff import change_rates, hours_of, hours_to_plan, outside_rate, prices_of_people
from simulator.planning.supply_plan.staffed_program import StaffedProgram
from simulator.world.network import Network
from simulator.world.view import Desk

FELL_BACK = "plans without a solution"
MISSING = "hours missing"
"""Names of the notes that this rule leaves in the plans' tables."""

SHORT_ANYWAY = (0.15, 0.25, 0.4)
"""Chance that an error of demand is larger than what is left of safety stock that covers nine cases in ten, by thirds."""


class CostOptimal(SupplyPlan, name="cost-optimal"):
    """The plan that costs least over the months ahead (Chopra & Meindl 2016, chapter 8), solved for each replication by itself.

    Costs are the scenario's own: holding, margin and penalty of what is owed, overtime, changes of hours,
    subcontracting where somebody offers it; where people are described and the policy may hire, their wages, hiring and
    dismissing in place of changes of hours. Taking from safety stock costs as much as it makes owing likely. Where no
    plan catches up in time, the plan is chase within hours and overtime, and the hours that are missing are noted.
    """

    catch_up: Annotated[
        int, quantity("months", "from the current one on, at the end of which nothing may be owed", ge=1, le=HORIZON)
    ] = HORIZON

    def __call__(self, view: Desk) -> Array:
        """Solve the families that take hours; the others follow demand."""
        plan, families = with_made(view, chase_plan(view)), with_load(view.network)
        if not families.size:
            return plan
        mix, days = mix_of(view), working_days(view)
        load, per_day = hours_per_unit(view.network, mix), days[:, None, None]
        figures = self._figures(view, mix, load, families)
        solved = self._program(view, days, families).solve(figures)
        view.note[FELL_BACK], view.note[MISSING] = np.where(solved.found, 0.0, 1.0), solved.missing
        most = (view.most_hours_ahead + view.overtime_ahead) * per_day
        if solved.heads is not None:
            view.note[PEOPLE_WANTED] = hours_of(view, solved)
        if view.outside_ahead is not None:
            outside: Array = np.zeros_like(plan)
            outside[:, families] = solved.outside
            view.note[OUTSIDE] = outside
        best = plan.copy()
        best[:, families] = solved.make
        best[0, families] += made_this_month(view)[families]
        if solved.found.all():
            return best
        return np.where(solved.found, best, within_hours(plan, load, most, made_this_month(view)))

    def _figures(self, view: Desk, mix: Array, load: Array, families: Whole) -> Figures:
        n, days, cost = view.network, working_days(view), family_costs(view, mix)
        names = [n.families[f] for f in families]
        insist(
            self.name,
            cost.owed[families],
            names,
            msg("a cost of owing"),
            msg("give its products a price above unit_cost"),
        )
        planned = view.production_in_force[0]
        whole = max(float(view.working_days_by_month()[0]), 1.0)
        part = np.ones((len(days), 1, 1))
        part[0] = view.share_left_of_month()
        more, less = (np.add.reduce(load[:, families] * rate, axis=2) for rate in change_rates(view))
        hours, longer, people = hours_to_plan(view, days)
        room = view.outside_ahead
        prices = {
            "stock": part * cost.holding[families],
            **{name: part * chance * cost.owed[families] for name, chance in zip(EATEN, SHORT_ANYWAY, strict=True)},
            "owed": part * cost.owed[families],
            "outside": outside_rate(view, load)[:, families],
            "overtime": n.overtime_premium,
            "more": more,
            "less": less,
            **prices_of_people(view, days),
        }
        return Figures(
            required=chase_plan(view)[:, families],
            load=load[:, families],
            days=days,
            hours=hours,
            overtime=longer,
            before=np.where(planned.any(axis=0), planned[families] / whole, np.nan),
            safety_stock=n.by_family(np.maximum(view.safety_stock[n.sold], 0.0))[families],
            prices=prices,
            catch_up=self.catch_up,
            outside=0.0 if room is None else room[:, families],
            people=people,
        )

    @staticmethod
    def _program(view: Desk, days: Array, families: Whole) -> Program:
        """With people to hire and dismiss, where the policy may."""
        n = view.network
        if view.settled_people is None or n.staffing is None:
            return Program(days, uses(n)[families])
        return StaffedProgram(days, uses(n)[families], n.staffing)

    def cost_note(self, network: Network, cycles: int) -> Message | None:
        """Say how many programs are solved, and how long that takes on this machine."""
        if not with_load(network).size:
            return None
        seconds = cycles * seconds_each(network)
        return msg(
            "{rule} solves {n} linear programs, about {seconds} s on this machine",
            rule=self.name,
            n=number(cycles),
            seconds=number(max(seconds, 1)),
        )


def uses(n: Network) -> Mask:
    """Mark the families that take hours of a resource, (families, resources)."""
    table = np.zeros((len(n.families), len(n.resources)), dtype=bool)
    resource, product = n.total_load.matrix.nonzero()
    table[n.family_of[product], resource] = True
    return table


def with_load(n: Network) -> Whole:
    """Families that take hours of any resource."""
    return np.flatnonzero(uses(n).any(axis=1))


def seconds_each(n: Network, lanes: int = 8) -> float:
    """Time that one program of this company's size takes, tried out on a made-up year."""
    families = with_load(n)
    mix = np.repeat(np.where(np.isin(np.arange(len(n.products)), n.made), 1.0, 0.0)[None, :, None], HORIZON, axis=0)
    mix = np.repeat(mix / np.maximum(n.by_family(mix)[:, n.family_of], TINY), lanes, axis=-1)
    load, days = hours_per_unit(n, mix)[:, families], np.full(HORIZON, 21.0)
    wave = 1 + 0.6 * np.sin(np.arange(HORIZON)[:, None, None] + np.arange(lanes) + np.arange(len(families))[:, None])
    busiest = load_of(wave, load).mean(axis=(0, 2))
    scale = 0.9 * days[0] * np.min((n.hours[:, 0] / np.maximum(busiest, TINY))[busiest > TINY])
    figures = Figures(
        required=scale * wave,
        load=load,
        days=days,
        hours=n.hours * days[:, None, None],
        overtime=n.overtime_limit * days[:, None, None],
        before=np.full((len(families), lanes), np.nan),
        safety_stock=scale * np.full((len(families), lanes), 0.2),
        prices={
            "stock": np.ones(1),
            **{name: np.full(1, 3.0 * k) for k, name in enumerate(EATEN, 1)},
            "owed": np.full(1, 10.0),
            "overtime": n.overtime_premium,
        },
        catch_up=HORIZON,
    )
    program = Program(days, uses(n)[families])
    program.solve(figures)  # the first time also loads the solver
    began = perf_counter()
    program.solve(figures)
    return (perf_counter() - began) / lanes


def missing_in_words(month_names: list[str], resources: list[str], missing: Array) -> Message:
    """Describe the hours that a plan lacked, (months, resources), and what was done instead; empty if none lacked."""
    lacking = [
        msg(
            "{n} hours of {resource} in {month}",
            n=number(missing[month, r]),
            resource=resource,
            month=month_names[month],
        )
        for month in range(len(missing))
        for r, resource in enumerate(resources)
        if missing[month, r] > 0.5
    ]
    if not lacking:
        return msg("")
    return msg(
        "No plan catches up: {hours} missing; instead demand is chased within hours and overtime.",
        hours=listed(lacking, ", "),
    )


__all__ = ["CostOptimal", "missing_in_words"]
