"""Cost of a replication as replications, months, products and the width of a block grow; and of a million of them.

Processor time of one core: other work on the machine disturbs it least, and not at all what is told against chase in the same run.
"""

from collections.abc import Callable, Iterator
from functools import cache
from time import process_time

from benchmarks.ours import DEFAULT_POLICIES, GIFTWARE, POLICY, SEED, one_core
from simulator import load, simulate
from simulator.engine.play import lanes_at_once, play, weather_for
from simulator.engine.scenario import Scenario
from simulator.kernel.ledger import SCORED

REPLICATIONS = (1, 10, 100, 1_000, 10_000)
MONTHS = (13, 24, 36, 60)
PRODUCTS = (17, 100, 500, 2_000)
LANES = (2, 10, 30, 100, 300)
USUAL = 100


@cache
def giftware(months: int = 24) -> Scenario:
    """The reference company over so many months."""
    return load(str(GIFTWARE), {"experiment.months": months})


@cache
def wide(products: int) -> Scenario:
    """A merchant of so many bought products, twenty a family, one stream of demand each."""
    names = [f"p{number:04}" for number in range(products)]
    buy = {"supplier": "maker", "price": 5.0, "lead_time": {"law": "constant", "mean": 7}}
    return load(
        {
            "name": f"{products} products",
            "calendar": {"start": "2023-01-01"},
            "suppliers": {"maker": {}},
            "products": {
                name: {"family": f"f{place // 20}", "price": 10.0, "buy": buy} for place, name in enumerate(names)
            },
            "demand": {
                "everyday": [
                    {"product": name, "segment": "customers", "daily": {"law": "normal", "mean": 20.0, "sd": 6.0}}
                    for name in names
                ]
            },
            "experiment": {"months": 24, "warm_up": 12},
        }
    )


def cells(scenario: Scenario, replications: int) -> int:
    """Items x days x replications."""
    return len(scenario.network.names) * scenario.days.count * replications


def run_seconds(scenario: Scenario, policy: str, replications: int) -> float:
    """Processor seconds of a run, its drawing and main measures included."""
    with one_core():
        began = process_time()
        simulate(scenario, policy=policy, replications=replications, seed=SEED).measures()
        return process_time() - began


def play_seconds(scenario: Scenario, policy: str, lanes: int) -> float:
    """Processor seconds of one block of so many lanes by the engine alone, however wide blocks usually are."""
    weather = weather_for(scenario, SEED, range(lanes))
    with one_core():
        began = process_time()
        play(scenario, scenario.policy(policy), weather, SCORED)
        return process_time() - began


def tables(most: int) -> Iterator[tuple[str, str, str, str]]:
    """Rows of all tables: what grows, how far, seconds, and nanoseconds for an item, day and replication."""

    def told(what: str, size: str, scenario: Scenario, replications: int, seconds: float) -> tuple[str, str, str, str]:
        return what, size, f"{seconds:.2f}", f"{seconds / cells(scenario, replications) * 1e9:.0f}"

    run_seconds(giftware(), POLICY, 2)  # what is loaded once is loaded
    for count in (n for n in REPLICATIONS if n <= most):
        yield told("replications", f"{count:,}", giftware(), count, run_seconds(giftware(), POLICY, count))
    for months in MONTHS:
        there = giftware(months)
        yield told("months", str(months), there, USUAL, run_seconds(there, POLICY, USUAL))
    for products in PRODUCTS:
        there = wide(products)
        lanes = min(USUAL, lanes_at_once(there))
        size = f"{products:,}, {lanes} replications"
        yield told("products", size, there, lanes, run_seconds(there, POLICY, lanes))
    for lanes in LANES:
        seconds = play_seconds(giftware(), POLICY, lanes)
        yield told("lanes in a block, engine alone", str(lanes), giftware(), lanes, seconds)


# --- a million, a billion ---

CORES = 2


def costs(rounds: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Rows of a table: a policy, a replication in milliseconds of a core, against chase, core-hours for 10^6 and 10^9.

    The policies take turns, so that they meet the same machine; the least of the rounds counts.
    """
    spent: dict[str, list[float]] = {name: [] for name in DEFAULT_POLICIES}
    for _ in range(rounds):
        for name, seconds in spent.items():
            seconds.append(run_seconds(giftware(), name, USUAL) / USUAL)
    best = {name: min(seconds) for name, seconds in spent.items()}
    drawing = _drawing() / USUAL
    six = sum(best.values()) - (len(best) - 1) * drawing
    for name, seconds in {**best, "all six, one drawing": six}.items():
        hours = seconds * 1e6 / 3600
        yield name, f"{seconds * 1e3:.1f}", f"{seconds / best[POLICY]:.2f}", f"{hours:.1f}", f"{hours * 1e3:,.0f}"


def _drawing() -> float:
    """Processor seconds of drawing the luck of the usual replications."""
    with one_core():
        began = process_time()
        weather_for(giftware(), SEED, range(USUAL))
        return process_time() - began


HEADS: dict[str, tuple[str, ...]] = {
    "scaling": ("what grows", "to", "seconds", "ns an item, day and replication"),
    "cost": ("policy", "ms a replication", "against chase", "core-hours for 10^6", "for 10^9"),
}
ROWS: dict[str, Callable[[int, int], Iterator[tuple[str, ...]]]] = {
    "scaling": lambda most, rounds: tables(most),
    "cost": lambda most, rounds: costs(rounds),
}
"""Tables by name, given the most replications and the rounds."""
