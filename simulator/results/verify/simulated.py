"""Known answers that the engine itself must find, on the companies of scenarios/textbook/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from simulator.engine.scenario import load
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import Array
from simulator.results.kpis import Score, service, stock, variance_ratio
from simulator.results.run import simulate
from simulator.results.verify.case import KnownAnswer, simulation
from simulator.theory.inventory import fill_rate as periodic_fill_rate
from simulator.theory.inventory import normal_shortage

SILVER = "Silver, Pyke & Thomas 2017; Teunter 2009"
CHEN = "Chen, Drezner, Ryan & Simchi-Levi 2000"
SMOOTHED = "Chen, Ryan & Simchi-Levi 2000"
LEE = "Lee, Padmanabhan & Whang 1997"

Figures = Mapping[tuple[str, str], Array]
"""One value a replication, by figure and by product, item or segment."""


def figures_of(score: Score) -> dict[tuple[str, str], Array]:
    """All that any case asks for, from the books of one block of replications."""
    n, s = score.network, score
    releases, demand = s.flow("released")[:, n.sold], s.flow("due").sum(axis=1)
    by_product = {
        "fill rate": service.fill_rate(s),
        "cycle service": service.cycle_service(s),
        "on hand": stock.stock_units(s),
        "backlog": service.backlog(s),
        "orders": (releases > 0).mean(axis=0),
        "bullwhip": variance_ratio(releases, demand, 1),
    }
    everything = np.broadcast_to(demand.sum(axis=1, keepdims=True), s.flow("released").shape)
    by_item = {
        "item on hand": s.mean_on_hand,
        "item on order": s.mean_on_order,
        "item bullwhip": variance_ratio(s.flow("released"), everything, 1),
    }
    by_segment = {"fill rate": service.fill_rate(Score(s.books, "segment"))}
    tables = [(by_product, n.products), (by_item, n.names), (by_segment, n.segments)]
    return {
        (name, row): found[k] for table, rows in tables for name, found in table.items() for k, row in enumerate(rows)
    }


@lru_cache(maxsize=64)
def textbook_figures(scenario: str, policy: str, **overrides: float) -> Figures:
    """Simulate a textbook company with its own months, replications and seed."""
    result = simulate(load(f"textbook/{scenario}", overrides), policy)
    parts = [figures_of(Score(books, "product")) for books in result.books(SCORED)]
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def one(scenario: str, policy: str, figure: str, of: str = "p") -> Callable[[], Array]:
    """One figure of a run."""
    return lambda: textbook_figures(scenario, policy)[figure, of]


def inventory_answers() -> list[KnownAnswer]:
    """Base stocks, periodic review, lots with a minimum, stages in series, capacity and ranked customers."""
    return [*_daily(), *_periodic(), *_random_lead_time(), *_costs(), *_limited()]


def _daily() -> list[KnownAnswer]:
    answers = {"risk-20": (".80217", ".67264", "73.991", "23.991"), "risk-5": (".95355", ".84134", "60.559", "4.657")}
    found = []
    for product, (fill, cycle, on_hand, owed) in answers.items():
        where = f"daily order-up-to, {product.removeprefix('risk-')} days at risk"
        for figure, text in (("fill rate", fill), ("cycle service", cycle)):
            sample = one("order-up-to", "base-stock", figure, product)
            found.append(simulation(f"{where}: {figure}", SILVER, text, 0.004, sample))
        for figure, text in (("on hand", on_hand), ("backlog", owed)):
            sample = one("order-up-to", "base-stock", figure, product)
            found.append(simulation(f"{where}: {figure}", SILVER, text, 0.01 * float(text), sample))
    return found


def _periodic() -> list[KnownAnswer]:
    """The book's L is the days of demand between ordering and receipt, one less than the lead time here."""
    levels = {"weekly": (7, 700, 1150, 2150), "every-third-day": (3, 320, 700, 1750)}
    lead_times = {"near": 1, "middling": 5, "far": 15}
    found = []
    for policy, (review, *order_up_to) in levels.items():
        for (product, lead_time), level in zip(lead_times.items(), order_up_to, strict=True):
            answer = f"{periodic_fill_rate(level, 100, 25, lead_time - 1, review):.5f}"
            name = f"periodic review, R {review}, L {lead_time - 1}, S {level}: fill rate"
            sample = one("periodic-review", policy, "fill rate", product)
            found.append(simulation(name, f"formula of {SILVER}", answer, 0.002, sample))
    return found


def _random_lead_time() -> list[KnownAnswer]:
    """Given the lead time the formula of periodic review holds; orders do not overtake, so it is averaged over them."""
    from scipy.special import ndtr

    level, mean, sd, review, lead_times = 3743.0, 100.0, 25.0, 28, np.array([4, 6, 8, 10, 12])
    before, until = lead_times - 1.0, lead_times - 1.0 + review
    short = [normal_shortage(level, mean * days, sd * np.sqrt(days)).mean() for days in (before, until)]
    fill = 1 - (short[1] - short[0]) / (mean * review)
    cycle = ndtr((level - mean * until) / (sd * np.sqrt(until))).mean()
    source, name = "the same formula, given each lead time (Hadley & Whitin 1963)", "random lead time, R 28"
    of = [("fill rate", fill, 0.002), ("cycle service", cycle, 0.01)]
    return [
        simulation(f"{name}: {figure}", source, f"{answer:.5f}", floor, one("random-lead-time", "order-up-to", figure))
        for figure, answer, floor in of
    ]


def _costs() -> list[KnownAnswer]:
    def min_max() -> Array:
        f = textbook_figures("min-max", "min-max")
        return 64 * f["orders", "p"] + 1 * f["on hand", "p"] + 9 * f["backlog", "p"]

    def base_stock() -> Array:
        f = textbook_figures("base-stock", "base-stock")
        return 0.18 * f["on hand", "p"] + 0.70 * f["backlog", "p"]

    def serial() -> Array:
        """Echelon holding 3, 2, 2 is local holding 7, 4, 2; what is on its way is paid at the rate of where it left."""
        f = textbook_figures("serial", "base-stock")
        third = f["item on hand", "stage-3"] + f["item on order", "stage-2"]
        second = f["item on hand", "stage-2"] + f["item on order", "stage-1"]
        return 2 * third + 4 * second + 7 * f["item on hand", "stage-1"] + 37.12 * f["backlog", "stage-1"]

    def disrupted() -> Array:
        f = textbook_figures("disrupted-supplier", "base-stock")
        return 0.25 * f["on hand", "p"] + 3 * f["backlog", "p"]

    snyder = "Snyder & Shen 2019"
    out = f"{snyder}, ex. 9.3"
    return [
        simulation("(s,S) 14, 62: cost", "Zheng & Federgruen 1991", "49.173", 0.003 * 49.173, min_max),
        simulation("base stock, 5 days at risk: cost", f"{snyder}, ex. 4.4", "4.46678", 0.01 * 4.46678, base_stock),
        simulation("supplier out now and then: cost of S 8,000", out, "2737.06897", 27.37, disrupted),
        simulation("three stages in series: cost", f"Clark & Scarf 1960; {snyder}, ex. 6.1", "47.66", 0.3, serial),
    ]


def _limited() -> list[KnownAnswer]:
    capacity, classes = "Federgruen & Zipkin 1986", "differences of normal losses"
    name, ranked = "capacity 10 a day, base stock 20", "two ranked classes, stock"
    return [
        simulation(f"{name}: fill rate", capacity, ".99840", 0.001, one("capacity", "base-stock", "fill rate")),
        simulation(f"{name}: on hand", capacity, "11.1344", 0.001 * 11.1344, one("capacity", "base-stock", "on hand")),
        simulation(f"{name}: backlog", capacity, ".01299", 0.001, one("capacity", "base-stock", "backlog")),
        *(
            simulation(
                f"{ranked} {stock}, {segment}: fill rate",
                classes,
                answer,
                0.002,
                one("two-classes", f"stock-{stock}", "fill rate", segment),
            )
            for stock, segment, answer in (
                (110, "first", "1.0000"),
                (110, "second", ".91823"),
                (90, "first", ".99994"),
                (90, "second", ".66832"),
            )
        ),
    ]


def smoothing_answers() -> list[KnownAnswer]:
    """Collect the cases of order variability under an order-up-to level that follows a forecast, day by day."""
    runs = [
        ("moving average (5, 1)", CHEN, "1.48", 0.015, "bullwhip-average", "average-5", "days-1"),
        ("moving average (5, 3)", CHEN, "2.92", 0.015, "bullwhip-average", "average-5", "days-3"),
        ("moving average (10, 5)", CHEN, "2.5", 0.015, "bullwhip-average", "average-10", "days-5"),
        ("moving average (4, 8)", CHEN, "13", 0.015, "bullwhip-average", "average-4", "days-8"),
        ("moving average (10, 5), orders cut at zero", CHEN, "2.347", 0.015, "bullwhip-clipped", "average-10", "p"),
        ("smoothing (.2, 2)", SMOOTHED, "1.97778", 0.015, "bullwhip-smoothing", "smoothing-20", "days-2"),
        ("smoothing (.1, 6)", SMOOTHED, "2.57895", 0.015, "bullwhip-smoothing", "smoothing-10", "days-6"),
        ("smoothing (.4, 3)", SMOOTHED, "5.2", 0.015, "bullwhip-smoothing", "smoothing-40", "days-3"),
        ("AR(1) .7, 1 day", LEE, "1.714", 0.02, "bullwhip-autoregressive", "expects-up-1", "up-1"),
        ("AR(1) .7, 3 days", LEE, "3.32985", 0.02, "bullwhip-autoregressive", "expects-up-3", "up-3"),
        ("AR(1) -.5, 2 days", LEE, ".4375", 0.02, "bullwhip-autoregressive", "expects-down-2", "down-2"),
    ]
    return [
        simulation(f"bullwhip, {name}", source, text, share * float(text), one(scenario, policy, "bullwhip", product))
        for name, source, text, share, scenario, policy, product in runs
    ]
