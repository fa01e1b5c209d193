"""The supply chain as a SimPy tutorial would write it: one replication at a time, one process per activity.

Mapping: the clock counts hours. Shipments arrive at hour 0, customers order at hour 8, stage k ships and orders at
hour 8 + k (stage 1 is next to the customers), so an order travels up the chain within the day and every quantity
shipped on day t arrives at the start of day t + L.
"""

import itertools
from collections.abc import Iterator

import numpy as np

from benchmarks.workloads import WORKLOADS, Outcome, Workload, timed

try:
    import simpy
except ImportError:
    simpy = None

DAY = 24
CUSTOMERS_HOUR = 8


def available() -> tuple[bool, str]:
    """Tell if SimPy is installed, and how to install it."""
    return simpy is not None, "pip install simpy"


class Stage:
    """A stocking point that orders up to its base-stock level once a day."""

    def __init__(self, env: "simpy.Environment", base_stock: float, lead_time: int, hour: int) -> None:
        self.env, self.base_stock, self.lead_time, self.hour = env, base_stock, lead_time, hour
        self.supplier: Stage | None = None
        self.buyer: Stage | None = None
        self.on_hand, self.on_order, self.backlog = base_stock, 0.0, 0.0

    def review(self) -> Iterator["simpy.Event"]:
        """Each day: ship what is owed, then order up to the base-stock level."""
        yield self.env.timeout(self.hour)
        while True:
            self.ship()
            self.order(self.base_stock - (self.on_hand + self.on_order - self.backlog))
            yield self.env.timeout(DAY)

    def ship(self) -> None:
        """Send the buyer what is on the shelf, as far as it is owed."""
        shipped = min(self.on_hand, self.backlog)
        self.on_hand -= shipped
        self.backlog -= shipped
        if self.buyer and shipped > 0:
            self.env.process(self.buyer.receive(shipped))

    def order(self, quantity: float) -> None:
        """Ask the supplier; the first stage's supplier never runs out."""
        self.on_order += quantity
        if self.supplier:
            self.supplier.backlog += quantity
        elif quantity > 0:
            self.env.process(self.receive(quantity))

    def receive(self, quantity: float) -> Iterator["simpy.Event"]:
        """A shipment on its way, put on the shelf on the morning it is due."""
        yield self.env.timeout(DAY * self.lead_time - self.env.now % DAY)
        self.on_hand += quantity
        self.on_order -= quantity


class Customers:
    """The customers of stage 1 and how they were served."""

    def __init__(self, env: "simpy.Environment", shop: Stage, workload: Workload, rng: np.random.Generator) -> None:
        self.env, self.shop, self.workload, self.rng = env, shop, workload, rng
        self.demanded = self.served = 0.0

    def buy(self) -> Iterator["simpy.Event"]:
        """Each day: ask for the day's demand and take what is there."""
        yield self.env.timeout(CUSTOMERS_HOUR)
        while True:
            quantity = self.workload.draw(self.rng)
            if self.env.now >= DAY * self.workload.warm_up:
                self.demanded += quantity
                self.served += min(quantity, max(0.0, self.shop.on_hand - self.shop.backlog))
            self.shop.backlog += quantity
            self.shop.ship()
            yield self.env.timeout(DAY)


def one_replication(workload: Workload, rng: np.random.Generator) -> float:
    """Build the chain, run it and read its fill rate."""
    env = simpy.Environment()
    levels = enumerate(zip(workload.base_stock, workload.lead_time, strict=True), start=1)
    stages = [Stage(env, level, lead_time, CUSTOMERS_HOUR + k) for k, (level, lead_time) in levels]
    for buyer, supplier in itertools.pairwise(stages):
        buyer.supplier, supplier.buyer = supplier, buyer
    customers = Customers(env, stages[0], workload, rng)
    env.process(customers.buy())
    for stage in stages:
        env.process(stage.review())
    env.run(until=DAY * workload.days)
    return customers.served / customers.demanded


def fill_rate_and_seconds(workload: str, replications: int, seed: int) -> Outcome:
    """Fill rate, its standard error, seconds and node-days of the plain model."""
    case = WORKLOADS[workload]
    return timed(case, replications, lambda number: one_replication(case, np.random.default_rng([seed, number])))
