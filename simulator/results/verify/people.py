"""Known answers on people and machines: what failures leave of a machine's hours, and whom a plan of least cost hires."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

import numpy as np

from simulator.company import Company
from simulator.engine.scenario import load
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import Array
from simulator.planning.supply_plan.program import Figures, Staffed
from simulator.planning.supply_plan.staffed_program import StaffedProgram
from simulator.results.kpis import Score
from simulator.results.run import simulate
from simulator.results.verify.case import KnownAnswer, formula, simulation
from simulator.world.staffing import Staffing

PHYSICS = "Hopp & Spearman 2011, section 8.4"
CHOPRA = "Chopra & Meindl 2016, chapter 8"


def people_answers() -> list[KnownAnswer]:
    """Availability by simulation; Red Tomato Tools by the program that plans people."""
    cases = []
    for row, name in ((0, "Hare X19, seldom and long"), (1, "Tortoise 2000, often and short")):
        there, made = partial(of_machine, "there", row), partial(of_machine, "made", row)
        cases.append(simulation(f"{name}: availability", PHYSICS, ".75", 0.002, there))
        cases.append(simulation(f"{name}: units an hour", PHYSICS, "3.0", 0.008, made))
    usual, swung = (1600, 3000, 3200, 3800, 2200, 2200), (1000, 3000, 3800, 4800, 2000, 1400)
    name = "Red Tomato Tools as a supply plan of six months"
    return [
        *cases,
        formula(name, CHOPRA, "422275", StaffedProgram.solve, partial(red_tomato, usual, 2.0)),
        formula(f"{name}, holding 6", CHOPRA, "441200", StaffedProgram.solve, partial(red_tomato, usual, 6.0)),
        formula(f"{name}, swings", CHOPRA, "432858", StaffedProgram.solve, partial(red_tomato, swung, 2.0)),
    ]


def of_machine(figure: str, row: int) -> Array:
    """Share of its hours that a machine is there, or units that it makes in each of them: one value a replication."""
    found: Array = long_run()[figure][row]
    return found


@lru_cache(maxsize=1)
def long_run() -> dict[str, Array]:
    """Share of its hours that each machine is there, and units made an hour, (machines, replications)."""
    there, made = [], []
    for books in simulate(load("textbook/failures")).books(SCORED):
        score = Score(books)
        hours = score.network.hours * score.days.working[score.first :].sum()
        there.append(score.read.hours_there(score.first, score.end) / hours)
        made.append(score.flow("released").sum(axis=0) / hours)
    return {"there": np.concatenate(there, axis=1), "made": np.concatenate(made, axis=1)}


def red_tomato(demand: Sequence[float], holding: float) -> float:
    """Least cost of six months: 80 people of 160 hours, 4 a unit, ten hours of overtime each, subcontracting, 500 left at the end."""
    wheel = {
        "hours": 160.0 * 1_000,
        "overtime": 10.0 / 160.0,
        "people": {"heads": 80, "hours": 8.0, "wage": 4.0, "hire_cost": 300.0, "dismiss_cost": 500.0, "least": 0},
    }
    tool = {"make": {"hours": {"shop": 4.0}}}
    company = Company.model_validate({"name": "Red Tomato", "products": {"tool": tool}, "resources": {"shop": wheel}})
    staffing, days = Staffing(company), np.full(6, 20.0)
    required = np.array(demand, dtype=np.float64)
    required[0], required[-1] = required[0] - 1_000, required[-1] + 500
    anybody, people_now = np.ones((6, 1), dtype=bool), np.full((6, 1, 1), 80.0)
    figures = Figures(
        required=required[:, None, None],
        load=np.full((6, 1, 1, 1), 4.0),
        days=days,
        hours=np.zeros((6, 1, 1)),
        overtime=np.full((6, 1, 1), np.inf),
        before=np.full((1, 1), np.nan),
        safety_stock=np.zeros((1, 1)),
        prices={
            "stock": np.array(holding),
            "owed": np.array(5.0),
            "outside": np.array(30.0 - 10.0),  # beyond the material that is paid for every unit
            "overtime": np.array(6.0),
            "heads": np.array(640.0),
            "hired": np.array(300.0),
            "dismissed": np.array(500.0),
        },
        catch_up=6,
        outside=np.inf,
        people=Staffed(people_now, np.zeros((1, 1)), np.full((1, 1), 1_000.0), anybody, anybody),
    )
    program = StaffedProgram(days, np.ones((1, 1), dtype=bool), staffing)
    least = float(program.solve(figures).cost[0])
    return least + 10.0 * float(required.sum()) + 500.0 * holding  # material of every unit, and the stock that is left
