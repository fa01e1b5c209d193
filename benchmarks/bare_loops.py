"""The two workloads with nothing around them: how fast arrays, and a compiled loop, can be on this machine.

Stages ask for each day's demand again, as base-stock control does from full shelves. All replications are lanes of arrays, or
one follows the other in C, compiled by the machine's own compiler where there is one. Drawing the demand is timed in both.
"""

from functools import partial
from time import process_time
from types import SimpleNamespace

import numpy as np

from benchmarks.compiled import COMPILER, NEEDED, run
from benchmarks.workloads import WORKLOADS, Outcome, Workload, mean_and_error

LOOP = r"""
#include <string.h>
#define LEAST(a, b) ((a) < (b) ? (a) : (b))
#define MOST_STAGES 8
#define LONGEST 64

void run(int days, int warm_up, int lanes, int stages, const double *level, const int *lead, const double *demand, double *rate) {
    for (int lane = 0; lane < lanes; lane++) {
        double on_hand[MOST_STAGES], backlog[MOST_STAGES] = {0}, coming[MOST_STAGES][LONGEST];
        double served = 0, demanded = 0;
        memset(coming, 0, sizeof coming);
        for (int k = 0; k < stages; k++) on_hand[k] = level[k];
        for (int day = 0; day < days; day++) {
            double asked = demand[(long)lane * days + day];
            for (int k = 0; k < stages; k++) {
                double *arrived = &coming[k][day % lead[k]];
                on_hand[k] += *arrived;
                *arrived = 0;
            }
            if (day >= warm_up) {
                double there = on_hand[0] - backlog[0];
                demanded += asked;
                served += LEAST(asked, there > 0 ? there : 0);
            }
            for (int k = 0; k < stages; k++) {
                double shipped = LEAST(on_hand[k], backlog[k] + asked);
                backlog[k] += asked - shipped;
                on_hand[k] -= shipped;
                if (k) coming[k - 1][day % lead[k - 1]] += shipped;
            }
            coming[stages - 1][day % lead[stages - 1]] += asked;
        }
        rate[lane] = served / demanded;
    }
}
"""


def demand_of(case: Workload, replications: int, seed: int) -> np.ndarray:
    """Draw the demand of all days, (replications, days)."""
    rng, size = np.random.default_rng(seed), (replications, case.days)
    if case.demand == "poisson":
        return rng.poisson(case.mean, size).astype(np.float64)
    return np.maximum(rng.normal(case.mean, case.sd, size), 0.0)


def by_arrays(case: Workload, demand: np.ndarray) -> np.ndarray:
    """Fill rate of each replication, all side by side."""
    lanes, stages = len(demand), range(len(case.base_stock))
    on_hand = [np.full(lanes, float(level)) for level in case.base_stock]
    backlog, coming = [np.zeros(lanes) for _ in stages], [np.zeros((lead, lanes)) for lead in case.lead_time]
    served, demanded = np.zeros(lanes), np.zeros(lanes)
    for day, asked in enumerate(np.ascontiguousarray(demand.T)):
        today = [coming[k][day % case.lead_time[k]] for k in stages]
        for k in stages:
            on_hand[k] += today[k]
            today[k][:] = 0.0
        if day >= case.warm_up:
            demanded += asked
            served += np.minimum(asked, np.maximum(on_hand[0] - backlog[0], 0.0))
        for k in stages:
            backlog[k] += asked
            shipped = np.minimum(on_hand[k], backlog[k])
            on_hand[k] -= shipped
            backlog[k] -= shipped
            if k:
                today[k - 1] += shipped
        today[-1] += asked
    return served / demanded


def by_compiled_loop(case: Workload, demand: np.ndarray) -> np.ndarray:
    """Fill rate of each replication, one after the other."""
    rates = np.empty(len(demand))
    levels, leads = np.array(case.base_stock, dtype=np.float64), np.array(case.lead_time, dtype=np.int32)
    run(LOOP, case.days, case.warm_up, len(demand), len(levels), levels, leads, demand, rates)
    return rates


def _timed(rates_of, workload: str, replications: int, seed: int) -> Outcome:
    """Draw and run, timed together."""
    case, start = WORKLOADS[workload], process_time()
    rates = rates_of(case, demand_of(case, replications, seed))
    return Outcome(*mean_and_error(rates), process_time() - start, case.node_days(replications))


ARRAYS = SimpleNamespace(available=lambda: (True, ""), fill_rate_and_seconds=partial(_timed, by_arrays))
COMPILED = SimpleNamespace(
    available=lambda: (COMPILER is not None, NEEDED),
    fill_rate_and_seconds=partial(_timed, by_compiled_loop),
)
