"""The supply chain on Cimba, a compiled engine of events in C, through its Python package, which compiles the model.

Mapping: time counts days, and one process holds until the next morning: lots that are due arrive, customers ask, and each stage ships
and orders at the end of the day, stage 1 first. It is the quickest way to say this model there: one event a day for all stages. Trials
run one after the other in one thread. Compiling, some seconds once, is not timed; the drawing of demand by Cimba's own generator is.
"""

from functools import cache
from time import process_time

import numpy as np

from benchmarks.workloads import WORKLOADS, Outcome, Workload, mean_and_error

try:
    import cimba
except ImportError:
    cimba = None

LONGEST = 16  # days of lead time at most


def available() -> tuple[bool, str]:
    """Tell if Cimba is installed, and how to install it."""
    return cimba is not None, "pip install cimba"


if cimba is not None:

    class Chain(cimba.Model):
        """Stages in series under daily base-stock control; the first one serves the customers."""

        poisson: cimba.Param[bool] = True
        mean: cimba.Param[float] = 20.0
        sd: cimba.Param[float] = 1.0
        warm_up: cimba.Param[int] = 30
        lead_time: cimba.Array[int]
        on_hand: cimba.Array[float]
        backlog: cimba.Array[float]
        coming: cimba.Array[float]  # by stage and day of arrival, in a ring
        fill_rate: cimba.Output[float]

        @cimba.process
        def each_day(self):
            """Receive, serve and order, for as long as the trial lasts."""
            served = demanded = 0.0
            day = 0
            stages = len(self.lead_time)
            while True:
                for k in range(stages):
                    place = k * LONGEST + day % self.lead_time[k]
                    self.on_hand[k] += self.coming[place]
                    self.coming[place] = 0.0
                if self.poisson:
                    asked = float(cimba.random.poisson(self.mean))
                else:
                    asked = max(0.0, cimba.random.normal(self.mean, self.sd))
                if day >= self.warm_up:
                    demanded += asked
                    served += min(asked, max(0.0, self.on_hand[0] - self.backlog[0]))
                    self.fill_rate = served / demanded
                for k in range(stages):
                    shipped = min(self.on_hand[k], self.backlog[k] + asked)
                    self.backlog[k] += asked - shipped
                    self.on_hand[k] -= shipped
                    if k > 0:
                        self.coming[(k - 1) * LONGEST + day % self.lead_time[k - 1]] += shipped
                self.coming[(stages - 1) * LONGEST + day % self.lead_time[stages - 1]] += asked
                day += 1
                cimba.hold(1.0)


def chain_of(workload: Workload) -> "Chain":
    """The chain with full shelves and nothing on order."""
    chain, stages = Chain(), len(workload.base_stock)
    chain.poisson, chain.warm_up = workload.demand == "poisson", workload.warm_up
    chain.mean, chain.sd = float(workload.mean), float(workload.sd)
    chain.lead_time = cimba.Array([int(days) for days in workload.lead_time])
    chain.on_hand = cimba.Array([float(level) for level in workload.base_stock])
    chain.backlog, chain.coming = cimba.Array([0.0] * stages), cimba.Array([0.0] * (stages * LONGEST))
    return chain


def rates_of(workload: Workload, chain: "Chain", replications: int, seed: int) -> np.ndarray:
    """Fill rate of each replication; the last morning is that of the last day."""
    window = cimba.Window(warmup=0, duration=workload.days - 0.5)
    found = cimba.Experiment(chain, replications=replications, window=window, seed=seed).run(workers=1)
    return np.asarray(found[chain].fill_rate, dtype=float).ravel()


@cache
def compile_once(workload: str) -> "Chain":
    """Build a chain and run it once, so that it is compiled."""
    chain = chain_of(WORKLOADS[workload])
    rates_of(WORKLOADS[workload], chain, 2, 1)
    return chain


def fill_rate_and_seconds(workload: str, replications: int, seed: int) -> Outcome:
    """Fill rate, its standard error, seconds and node-days of Cimba."""
    case, chain = WORKLOADS[workload], compile_once(workload)
    start = process_time()
    rates = rates_of(case, chain, replications, seed)
    return Outcome(*mean_and_error(rates), process_time() - start, case.node_days(replications))
