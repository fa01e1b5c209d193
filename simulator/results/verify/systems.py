"""Known answers of stocks that share parts, capacity or a forecast: worked out exactly beside the engine, and simulated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from simulator.kernel.units import Array
from simulator.results.verify import exact
from simulator.results.verify.case import Case, formula, simulation
from simulator.results.verify.simulated import run
from simulator.theory.inventory import capacitated_base_stock, poisson_probabilities

CHAIN = "Chen, Drezner, Ryan & Simchi-Levi 2000"
LOTS = "Hadley & Whitin 1963; Zheng & Chen 1992"
MIN_MAX = "Arrow, Harris & Marschak 1951"
KITS = "Rosling 1989"
CAPACITY = "Federgruen & Zipkin 1986"
CLASSES = "Lindley 1952"
FORECAST = "Silver, Pyke & Thomas 2017, ch. 6"

LUMPY = [0.7, *[0.0] * 29, 0.3]
"""Chances of 0 to 30 units a day: 30 on three days of ten."""


def systems() -> list[Case]:
    """Each answer by its formula, and by the engine."""
    return [*_rules_with_a_lead_time(), *_parts(), *_capacity(), *_forecasts()]


def simulated(
    name: str, source: str, text: str, floor: float, scenario: str, policy: str, figure: str, of: str = "p"
) -> Case:
    """A figure of a textbook company that the engine must find."""
    return simulation(name, source, text, floor, lambda: run(scenario, policy)[figure, of])


def worked(name: str, source: str, text: str, compute: Callable[[], exact.Service], *figures: str) -> Case:
    """Figures worked out by convolution or as a Markov chain, to the last digit."""
    return formula(f"exact, {name}", source, text, lambda: [getattr(compute(), figure) for figure in figures])


def _rules_with_a_lead_time() -> list[Case]:
    five, twenty = poisson_probabilities(5), poisson_probabilities(20)

    def cost() -> Array:
        f = run("min-max-lead-time", "min-max")
        return 64 * f["orders", "p"] + f["on hand", "p"] + 9 * f["backlog", "p"]

    def exact_cost() -> float:
        found = exact.min_max(80, 130, twenty, 4)
        return 64 * found.orders + found.on_hand + 9 * found.backlog

    lots, low_high = "(s,Q) 14, 12, Poisson 5, L 3", "(s,S) 80, 130, Poisson 20, L 4"
    here = (LOTS, "lots", "lots")
    return [
        worked(f"{lots}: fill, on hand, backlog, orders", LOTS, ".92401 5.89746 .39746 .41641",
               lambda: exact.lots(14, 12, five, 3), "fill_rate", "on_hand", "backlog", "orders"),
        *(simulated(f"{lots}: {figure}", here[0], text, floor, *here[1:], figure)
          for figure, text, floor in (("fill rate", ".92401", 0.002), ("on hand", "5.89746", 0.059),
                                      ("backlog", ".39746", 0.012), ("orders", ".41641", 0.002))),
        worked(f"{low_high}: fill rate, on hand", MIN_MAX, ".98445 30.33670",
               lambda: exact.min_max(80, 130, twenty, 4), "fill_rate", "on_hand"),
        formula(f"exact, {low_high}: cost", MIN_MAX, "54.37364", exact_cost),
        simulated(f"{low_high}: fill rate", MIN_MAX, ".98445", 0.001, "min-max-lead-time", "min-max", "fill rate"),
        simulation(f"{low_high}: cost", MIN_MAX, "54.37364", 0.003 * 54.37364, cost),
    ]  # fmt: skip


def _parts() -> list[Case]:
    four, name = poisson_probabilities(4), "two parts for one product"
    return [
        worked(f"{name}: fill, on hand, backlog", KITS, ".74876 1.37896 1.18311",
               lambda: exact.two_parts(6, (12, 26), four, (3, 6)), "fill_rate", "on_hand", "backlog"),
        simulated(f"{name}: fill rate", KITS, ".74876", 0.004, "kitting", "base-stock", "fill rate"),
        simulated(f"{name}: on hand", KITS, "1.37896", 0.02, "kitting", "base-stock", "on hand"),
        simulated(f"{name}: backlog", KITS, "1.18311", 0.03, "kitting", "base-stock", "backlog"),
    ]  # fmt: skip


def _capacity() -> list[Case]:
    full, lumps = "capacity 10, Poisson 9.5, base stock 40", "capacity 10, 30 with .3, base stock 40"
    two = "two ranked classes, capacity 10, base stock 8"

    def lumpy() -> tuple[float, float]:
        found = capacitated_base_stock(40, 10, LUMPY)
        return found.fill_rate, found.on_hand

    def classes() -> Array:
        return exact.limited_classes(8, 10, (poisson_probabilities(5)[:25], poisson_probabilities(3)[:22]), (80, 16))

    near, ranked = ("capacity-near-one", "base-stock"), ("classes-under-capacity", "base-stock", "fill rate")
    return [
        worked(f"{full}: fill rate, on hand", CAPACITY, ".97462 22.92539",
               lambda: exact.limited(40, 10, poisson_probabilities(9.5)), "fill_rate", "on_hand"),
        simulated(f"{full}: fill rate", CAPACITY, ".97462", 0.004, *near, "fill rate", "steady"),
        simulated(f"{full}: on hand", CAPACITY, "22.92539", 0.2, *near, "on hand", "steady"),
        formula(f"formula, {lumps}: fill rate, on hand", CAPACITY, ".28363 7.38484", lumpy),
        simulated(f"{lumps}: fill rate", CAPACITY, ".28363", 0.012, *near, "fill rate", "lumpy"),
        formula(f"exact, {two}: fill rates", CLASSES, ".98371 .56419", classes),
        simulated(f"{two}, first: fill rate", CLASSES, ".98371", 0.002, *ranked, "first"),
        simulated(f"{two}, second: fill rate", CLASSES, ".56419", 0.004, *ranked, "second"),
    ]  # fmt: skip


def _forecasts() -> list[Case]:
    name, here = "level of a moving average (10, 5)", ("forecast-error", "average-10")
    chain = [("2", "5.38889", "stage-2"), ("3", "12.42593", "stage-3")]
    found = []
    for held, product, fill, on_hand in ((0, "bare", ".83665", "16.38823"), (50, "guarded", ".97776", "52.22469")):
        figures = f"{name}, {held} held"
        found += [
            worked(f"{figures}: fill rate, on hand", FORECAST, f"{fill} {on_hand}",
                   partial(exact.forecast_level, 100, 15, 5, 10, held), "fill_rate", "on_hand"),
            simulated(f"{figures}: fill rate", FORECAST, fill, 0.002, *here, "fill rate", product),
            simulated(f"{figures}: on hand", FORECAST, on_hand, 0.2, *here, "on hand", product),
        ]  # fmt: skip
    return [
        *found,
        formula("exact, bullwhip of a chain (6; 2, 3, 2)", CHAIN, "1.88889 5.38889 12.42593", _chain),
        *(simulated(f"bullwhip of a chain (6; 2, 3, 2), stage {stage}", CHAIN, text, 0.015 * float(text),
                    "bullwhip-chain", "average-6", "item bullwhip", of) for stage, text, of in chain),
    ]  # fmt: skip


def _chain() -> list[float]:
    """Stage by stage the orders' weights on demand: the filter (1 + L/p) - (L/p) z^p of each lead time, one after the other."""
    weights, found = np.ones(1), []
    for lead_time in (2, 3, 2):
        step = np.zeros(7)
        step[0], step[6] = 1 + lead_time / 6, -lead_time / 6
        weights = np.convolve(weights, step)
        found.append(float(np.square(weights).sum()))
    return found
