"""The supply chain in SupplyNetPy's own words, run on its SimPy nodes, links and demands.

Mapping: one time unit is a day. `Demand` places one order at every whole time; customers wait for ever and take part
deliveries (`tolerance` infinite, `order_min_split_ratio` near 0). What is short at that moment is the node's
`shortage`, and waiting customers are served first because a delivery wakes them at once. Stage k reviews at .1 k
after the customers (`first_review_delay`, `period` 1), so orders travel up the chain within the day. A link's lead
time is a function of the clock, so that whatever leaves on day t arrives .1 before time t + L: L days at risk, and
goods that come in and go straight out to a waiting buyer take as long as any others.

SupplyNetPy ships a replenishment order in full or not at all (only customers accept part deliveries), which would
make every shortage upstream cost stage 1 a whole day's supply. `SplitBaseStock`, an ordinary subclass of its
(s, S) policy with s = S, places the order in two: what the supplier can send now, and the rest, which waits. The
rest would be late against the convention only if it exceeded all that the supplier receives next morning, which W2
practically never sees. A stage fed by the infinite supplier never splits. Logging is off; building the network is
timed, since the package builds one for each replication.
"""

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.workloads import WORKLOADS, Outcome, Workload, timed

try:
    import SupplyNetPy.Components as scm
except ImportError:
    scm = None

DUST = 1e-9  # order sizes below this are rounding errors of real-valued stock levels
REVIEW_STEP = 0.1
ARRIVES_BEFORE = 0.1


def available() -> tuple[bool, str]:
    """Tell if SupplyNetPy is installed, and how to install it."""
    return scm is not None, "pip install supplynetpy"


def split_base_stock() -> type:
    """The base-stock policy, defined on demand since its parent may not be installed."""

    class SplitBaseStock(scm.SSReplenishment):
        """Order up to S each day, in two parts if the supplier is short."""

        def run(self) -> Iterator:
            """Review once a day for the whole run."""
            yield self.env.timeout(self.first_review_delay)
            while True:
                wanted = self.params["S"] - self.node.position()
                stock = self.node.suppliers[0].source.inventory
                now = 0.0 if stock.waiting_orders() else min(wanted, stock.level)
                for part in (now, wanted - now):
                    if part > DUST:
                        self.node.place_order(part)
                yield self.env.timeout(self.period)

    return SplitBaseStock


def node(workload: Workload, stage: int, policy: type) -> dict:
    """One stage of the chain, with full shelves."""
    level = workload.base_stock[stage - 1]
    rule = {"s": level, "S": level, "period": 1, "first_review_delay": REVIEW_STEP * stage}
    return {
        "ID": f"S{stage}",
        "name": f"stage {stage}",
        "node_type": "warehouse",
        "capacity": float("inf"),
        "initial_level": level,
        "inventory_holding_cost": 0,
        "replenishment_policy": policy,
        "policy_param": rule,
        "product_sell_price": 0,
        "product_buy_price": 0,
        "logging": False,
    }


def link(workload: Workload, stage: int, until_morning: Callable[[int], float]) -> dict:
    """The way from a stage's supplier to the stage."""
    lead_time = workload.lead_time[stage - 1]
    return {
        "ID": f"L{stage}",
        "source": f"S{stage + 1}",
        "sink": f"S{stage}",
        "cost": 0,
        "lead_time": lambda: until_morning(lead_time),
    }


def customers(quantity: Callable[[], float]) -> dict:
    """Customers who order once a day and wait for what is short."""
    return {
        "ID": "C",
        "name": "customers",
        "demand_node": "S1",
        "order_arrival_model": lambda: 1,
        "order_quantity_model": quantity,
        "tolerance": float("inf"),
        "order_min_split_ratio": DUST,
        "logging": False,
    }


def chain(workload: Workload, rng: np.random.Generator, policy: type) -> dict:
    """The network: an infinite supplier, the stages and their customers."""
    stages = range(1, len(workload.base_stock) + 1)
    source = {"ID": f"S{len(stages) + 1}", "name": "source", "node_type": "infinite_supplier", "logging": False}
    network: dict = {}

    def until_morning(lead_time: int) -> float:
        """Time until just before the morning of today + lead time; arrivals at dawn count for the coming day."""
        now = network["env"].now if network else 0
        return round(now) + lead_time - ARRIVES_BEFORE - now

    def quantity() -> float:
        """Demand of a day; while the network is being built the package only asks to see whether it is a number."""
        # It refuses an order of nothing; neither demand is ever that small in practice.
        return max(float(workload.draw(rng)), DUST) if network else workload.mean

    nodes = [source, *(node(workload, stage, policy) for stage in stages)]
    links = [link(workload, stage, until_morning) for stage in stages]
    network.update(scm.create_sc_net(nodes=nodes, links=links, demands=[customers(quantity)]))
    return network


def one_replication(workload: Workload, rng: np.random.Generator, policy: type) -> float:
    """Build the chain, run it and read the fill rate of the stage next to the customers."""
    network = chain(workload, rng, policy)
    book = network["nodes"]["S1"].stats
    # A run stops just before its time, so half a day earlier leaves whole days on both sides.
    scm.simulate_sc_net(network, sim_time=workload.warm_up - 0.5, logging=False)
    demanded, short = book.demand_received[1], book.shortage[1]
    scm.simulate_sc_net(network, sim_time=workload.days - 0.5, logging=False)
    return 1 - (book.shortage[1] - short) / (book.demand_received[1] - demanded)


def fill_rate_and_seconds(workload: str, replications: int, seed: int) -> Outcome:
    """Fill rate, its standard error, seconds and node-days of SupplyNetPy."""
    case, policy = WORKLOADS[workload], split_base_stock()
    return timed(case, replications, lambda n: one_replication(case, np.random.default_rng([seed, n]), policy))
