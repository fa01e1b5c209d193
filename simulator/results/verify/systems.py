"""Known answers of stocks that share parts, capacity or a forecast, which the engine must find.

The answers are worked out by convolutions and Markov chains that know nothing of the engine, in tests/test_exact_answers.py.
"""

from __future__ import annotations

from simulator.kernel.units import Array
from simulator.results.verify.case import KnownAnswer, simulation
from simulator.results.verify.simulated import textbook_figures

CHAIN = "Chen, Drezner, Ryan & Simchi-Levi 2000"
LOTS = "Hadley & Whitin 1963; Zheng & Chen 1992"
MIN_MAX = "Arrow, Harris & Marschak 1951"
KITS = "Rosling 1989"
CAPACITY = "Federgruen & Zipkin 1986"
CLASSES = "Lindley 1952"
FORECAST = "Silver, Pyke & Thomas 2017, ch. 6"


def system_answers() -> list[KnownAnswer]:
    """Rules with a lead time, parts, capacity, forecasts."""
    return [*_rules_with_a_lead_time(), *_parts(), *_capacity(), *_forecasts()]


def simulated(
    name: str, source: str, text: str, floor: float, scenario: str, policy: str, figure: str, of: str = "p"
) -> KnownAnswer:
    """A figure of a textbook company that the engine must find."""
    return simulation(name, source, text, floor, lambda: textbook_figures(scenario, policy)[figure, of])


def _rules_with_a_lead_time() -> list[KnownAnswer]:
    def cost() -> Array:
        f = textbook_figures("min-max-lead-time", "min-max")
        return 64 * f["orders", "p"] + f["on hand", "p"] + 9 * f["backlog", "p"]

    lots, low_high = "(s,Q) 14, 12, Poisson 5, L 3", "(s,S) 80, 130, Poisson 20, L 4"
    here = (LOTS, "lots", "lots")
    return [
        *(simulated(f"{lots}: {figure}", here[0], text, floor, *here[1:], figure)
          for figure, text, floor in (("fill rate", ".92401", 0.002), ("on hand", "5.89746", 0.059),
                                      ("backlog", ".39746", 0.012), ("orders", ".41641", 0.002))),
        simulated(f"{low_high}: fill rate", MIN_MAX, ".98445", 0.001, "min-max-lead-time", "min-max", "fill rate"),
        simulation(f"{low_high}: cost", MIN_MAX, "54.37364", 0.003 * 54.37364, cost),
    ]  # fmt: skip


def _parts() -> list[KnownAnswer]:
    name = "two parts for one product"
    return [
        simulated(f"{name}: fill rate", KITS, ".74876", 0.004, "kitting", "base-stock", "fill rate"),
        simulated(f"{name}: on hand", KITS, "1.37896", 0.02, "kitting", "base-stock", "on hand"),
        simulated(f"{name}: backlog", KITS, "1.18311", 0.03, "kitting", "base-stock", "backlog"),
    ]


def _capacity() -> list[KnownAnswer]:
    full, lumps = "capacity 10, Poisson 9.5, base stock 40", "capacity 10, 30 with .3, base stock 40"
    two = "two ranked classes, capacity 10, base stock 8"
    near, ranked = ("capacity-near-one", "base-stock"), ("classes-under-capacity", "base-stock", "fill rate")
    return [
        simulated(f"{full}: fill rate", CAPACITY, ".97462", 0.004, *near, "fill rate", "steady"),
        simulated(f"{full}: on hand", CAPACITY, "22.92539", 0.2, *near, "on hand", "steady"),
        simulated(f"{lumps}: fill rate", CAPACITY, ".28363", 0.012, *near, "fill rate", "lumpy"),
        simulated(f"{two}, first: fill rate", CLASSES, ".98371", 0.002, *ranked, "first"),
        simulated(f"{two}, second: fill rate", CLASSES, ".56419", 0.004, *ranked, "second"),
    ]


def _forecasts() -> list[KnownAnswer]:
    name, here = "level of a moving average (10, 5)", ("forecast-error", "average-10")
    chain = [("2", "5.38889", "stage-2"), ("3", "12.42593", "stage-3")]
    found = []
    for held, product, fill, on_hand in ((0, "bare", ".83665", "16.38823"), (50, "guarded", ".97776", "52.22469")):
        figures = f"{name}, {held} held"
        found += [
            simulated(f"{figures}: fill rate", FORECAST, fill, 0.002, *here, "fill rate", product),
            simulated(f"{figures}: on hand", FORECAST, on_hand, 0.2, *here, "on hand", product),
        ]
    return [
        *found,
        *(simulated(f"bullwhip of a chain (6; 2, 3, 2), stage {stage}", CHAIN, text, 0.015 * float(text),
                    "bullwhip-chain", "average-6", "item bullwhip", of) for stage, text, of in chain),
    ]  # fmt: skip
