"""The supply chain in stockpyl's own words, run by `stockpyl.sim.simulation()`.

Mapping, from the sequence of events in `stockpyl/sim.py`: in each period customers order first, the orders travel up
the chain at once (order lead time 0) and each node orders from its position *after* that demand; then shipments are
received; then demand is served, old backlog first and in part if need be. An order of period t is received in period
t + L before that period's demand is served, so the same L days are at risk as here: lead times go over unchanged as
`shipment_lead_time`, and local base-stock levels as policy 'BS'. (Had it ordered before it knew the period's demand,
L + 1 days would be at risk and the lead time would have to be L - 1; running both on one demand path shows it does
not.) Nodes are numbered 1 next to the customers to n next to the outside supplier; initial stock is the base-stock
level. Demand is handed over as a list (type 'D'), so that every simulator meets the same days. Fill rate:
`demand_met_from_stock_cumul` over `demand_cumul`, less their values at the end of the warm-up. Consistency checks and
the progress bar are off, which is its fastest setting; building the network is not timed.
"""

import numpy as np

from benchmarks.workloads import WORKLOADS, Outcome, Workload, timed

try:
    from stockpyl.sim import simulation
    from stockpyl.supply_chain_network import SupplyChainNetwork, serial_system
except ImportError:
    simulation = None


def available() -> tuple[bool, str]:
    """Tell if stockpyl is installed, and how to install it."""
    return simulation is not None, "pip install stockpyl"


def network(workload: Workload) -> "SupplyChainNetwork":
    """The chain as a stockpyl network, the outside supplier's neighbour first."""
    stages = list(range(1, len(workload.base_stock) + 1))
    return serial_system(
        num_nodes=len(stages),
        node_order_in_system=stages[::-1],
        node_order_in_lists=stages,
        shipment_lead_time=list(workload.lead_time),
        policy_type="BS",
        base_stock_level=list(workload.base_stock),
        demand_type="D",
        demand_list=[workload.mean],
    )


def one_replication(workload: Workload, chain: "SupplyChainNetwork", rng: np.random.Generator) -> float:
    """Run the chain once and read the fill rate of the stage next to the customers."""
    shop = chain.nodes_by_index[1]
    shop.demand_source.demand_list = [float(workload.draw(rng)) for _ in range(workload.days)]
    simulation(chain, workload.days, progress_bar=False, consistency_checks="N")
    product = shop.product_indices[0]
    before, after = shop.state_vars[workload.warm_up - 1], shop.state_vars[workload.days - 1]
    served = after.demand_met_from_stock_cumul[product] - before.demand_met_from_stock_cumul[product]
    return served / (after.demand_cumul[product] - before.demand_cumul[product])


def fill_rate_and_seconds(workload: str, replications: int, seed: int) -> Outcome:
    """Fill rate, its standard error, seconds and node-days of stockpyl."""
    case = WORKLOADS[workload]
    chain = network(case)
    return timed(case, replications, lambda n: one_replication(case, chain, np.random.default_rng([seed, n])))
