"""Known answers that the engine must find on people and machines, on customers who react and deals in stages, and on quality."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import numpy as np

from simulator.company import Company
from simulator.engine.scenario import load
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import Array
from simulator.planning.supply_plan.program import Figures, Staffed
from simulator.planning.supply_plan.staffed_program import StaffedProgram
from simulator.results.kpis import Score, market
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


# --- customers and deals ---


LITTLE = "Little 1961"
PIPELINE_STAGES = ("lead", "offer", "closing")


@lru_cache(maxsize=8)
def market_figures(scenario: str, policy: str) -> dict[str, Array]:
    """Simulate a textbook company with its own months, replications and seed: one value a replication and figure."""
    parts = [_figures(Score(books)) for books in simulate(load(f"textbook/{scenario}"), policy).books(SCORED)]
    return {key: np.concatenate([part[key] for part in parts], axis=-1) for key in parts[0]}


def _figures(s: Score) -> dict[str, Array]:
    found = {"loyalty": market.loyalty(s)[0], "won": market.win_rate(s)[0], "stated": market.stated_chance(s)[0]}
    in_sight = s.books.plans.tables.get("in sight by stage")
    if in_sight is not None:
        by_stage = in_sight[s.first_month :].sum(axis=2).mean(axis=0)
        found |= dict(zip(PIPELINE_STAGES, by_stage, strict=True))
    return found


def market_answers() -> list[KnownAnswer]:
    """Loyalty that settles where service and demand agree; deals won, and units in sight by stage."""

    def of(scenario: str, policy: str, figure: str) -> Callable[[], Array]:
        return lambda: market_figures(scenario, policy)[figure]

    product = "product of the chances of passing"
    by_stage = zip(PIPELINE_STAGES, ("533.333", "653.333", "224.000"), strict=True)
    return [
        simulation("loyalty where demand and service agree", "fixed point", ".930074", 0.0005, of("loyalty", "base-stock", "loyalty")),
        simulation("deals in three stages: won", product, ".336", 0.01 * 0.336, of("pipeline", "chase", "won")),
        simulation("deals stated as they are: stated", product, ".336", 0.01 * 0.336, of("pipeline", "chase", "stated")),
        *(
            simulation(f"deals in three stages: units in stage {name}", LITTLE, text, 0.01 * float(text), of("pipeline", "chase", name))
            for name, text in by_stage
        ),
    ]  # fmt: skip


# --- quality ---


HOPP = "Hopp & Spearman 2011, ch. 12"


def quality_answers() -> list[KnownAnswer]:
    """Yield losses in series, rework, and a newspaper."""
    starts, hours = 1 / (0.9 * 0.8 * 0.95), (1 + 0.2 * 0.5 * 0.6) / 0.9
    return [
        simulation("yields .9, .8, .95 in series: starts a unit", HOPP, f"{starts:.5f}", 0.002, lambda: _line()[0]),
        simulation("half of the bad repaired: hours a good unit", HOPP, f"{hours:.5f}", 0.002, lambda: _line()[1]),
        simulation(
            "one day's shelf life: cost", "Snyder & Shen 2019, ex. 4.3", "1.997605", 0.01 * 1.997605, _newspaper
        ),
    ]


@lru_cache(maxsize=1)
def _line() -> tuple[Array, Array]:
    """Starts and hours for a unit sold, of one run."""
    starts_and_hours = _sample("yield-losses", "base-stock", lambda s: np.stack([_starts(s), _hours(s)]))
    return starts_and_hours[0], starts_and_hours[1]


def _sample(scenario: str, policy: str, figure: Callable[[Score], Array]) -> Array:
    """One figure a replication, of a textbook company with its own months, replications and seed."""
    run = simulate(load(f"textbook/{scenario}"), policy)
    return np.concatenate([figure(Score(books)) for books in run.books(SCORED)], axis=-1)


def _starts(s: Score) -> Array:
    """Units that the first stage finished, good and bad, for a unit sold."""
    first = s.network.uncertain.tolist().index(s.network.names.index("stage-1"))
    return np.asarray(
        s.books.memos["finished"][s.first :, first].sum(axis=0) / s.shipped[s.network.names.index("stage-3")]
    )


def _hours(s: Score) -> Array:
    """Hours that the station worked, repairs included, for a unit sold."""
    return np.asarray(s.books.hours_used[s.first :, 0].sum(axis=0) / s.shipped[s.network.names.index("repaired")])


def _newspaper() -> Array:
    def cost(s: Score) -> Array:
        over, missing = s.flow("expired").sum(axis=(0, 1)), s.flow("lost").sum(axis=(0, 1, 2))
        return np.asarray((0.18 * over + 0.70 * missing) / s.span)

    return _sample("perishable", "newsvendor", cost)
