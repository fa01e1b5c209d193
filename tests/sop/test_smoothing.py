"""What calm costs: the smoothing fraction of the family plan, and the proportional order-up-to rule in the engine."""

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.planning.rules import SupplyPlan
from simulator.planning.supply_plan import PeakShaving
from simulator.results.run import simulate
from tests.sop.workshop import cups, played, policy, two_families

SD, MEAN = 10.0, 100.0


def price_of_smoothing(f, lead_time):
    """Variance of orders and of net stock over that of demand (Disney & Towill 2003)."""
    return f / (2 - f), 1 + lead_time + (1 - f) ** 2 / (f * (2 - f))


@pytest.fixture(scope="module")
def simulated():
    """Orders and net stock by day of a product with a lead time of three days, for three fractions."""
    company = {
        "company": {"whole_units": False},
        "suppliers": {"works": {}},
        "products": {
            "p": {
                "opening_stock": 400.0,
                "buy": {"supplier": "works", "lead_time": {"law": "constant", "mean": 3.0}},
            }
        },
        "demand": {
            "everyday": [{"product": "p", "segment": "customers", "daily": {"law": "normal", "mean": MEAN, "sd": SD}}]
        },
        "experiment": {"months": 30, "replications": 90, "seed": 11},
    }
    scenario, found = load(company), {}
    for fraction in (1.0, 0.5, 0.25):
        usage = {
            "rule": "autoregressive",
            "mean": MEAN,
            "correlation": 0.0,
        }  # knows the mean and never changes its mind
        how = {"rule": "order-up-to", "level": {"p": 3 * MEAN + 100.0}, "usage": usage, "fraction": fraction}
        books = next(simulate(scenario, {"supply_plan": "none", "products": how}).books())
        net = books.closing["on_hand"][60:, 0] - books.closing["backlog"][60:].sum(axis=(1, 2))
        found[fraction] = books.flows["released"][60:, 0], net
    return found


@pytest.mark.parametrize("fraction", [1.0, 0.5, 0.25])
def test_proportional_order_up_to_has_the_variances_of_the_books(simulated, fraction):
    """Disney & Towill 2003, review 1: a release that is there three mornings later is Tp = 2 days under way; within 3 %."""
    orders, net = simulated[fraction]
    for found, answer in zip((orders, net), price_of_smoothing(fraction, 2), strict=True):
        variance = np.square(found - found.mean()).mean(axis=0) / SD**2
        error = variance.std(ddof=1) / np.sqrt(len(variance))
        assert 4 * error < 2 * 0.03 * answer
        assert variance.mean() == pytest.approx(answer, rel=0.03)


@pytest.mark.parametrize("fraction", [1.0, 0.5, 0.25])
def test_calm_orders_keep_the_same_stock_on_average(simulated, fraction):
    """Four hundred less three days of demand, whatever the fraction."""
    assert simulated[fraction][1].mean() == pytest.approx(100.0, abs=0.5)


def test_no_order_is_cut_at_nothing(simulated):
    """The formulas hold for orders that may be negative: none would have been."""
    assert all(orders.min() > 0 for orders, _ in simulated.values())


def test_a_fraction_of_one_is_the_rule_without_it():
    """To the last bit."""
    company = cups(opening=40)
    plain, whole = (
        played(company, policy(supply_plan="none", products={"rule": "order-up-to", **fraction}))
        for fraction in ({}, {"fraction": 1.0})
    )
    np.testing.assert_array_equal(plain.flows["released"], whole.flows["released"])


# --- the smoothing fraction of a family plan ---


class Watched(SupplyPlan):
    """Peak-shaving that keeps what it started from, where it would go, and what it answered."""

    fraction: float
    log: list

    def __call__(self, view):
        whole, part = (PeakShaving(room=20.0, fraction=fraction)(view) for fraction in (1.0, self.fraction))
        self.log.append((np.array(view.production_in_force), whole, part))
        return part


def smoothed(fraction):
    """All cycles of a company whose demand is uncertain."""
    log = []
    books = played(
        two_families(), policy().model_copy(update={"supply_plan": Watched.model_construct(fraction=fraction, log=log)})
    )
    return books.plans, log


@pytest.mark.parametrize("fraction", [0.1, 0.5])
def test_a_plan_goes_the_fraction_of_the_way_and_new_months_are_planned_in_full(fraction):
    """The month that comes into sight has no plan to hold on to, nor has the first cycle: a small fraction does not make it small."""
    _, log = smoothed(fraction)
    np.testing.assert_array_equal(log[0][2], log[0][1])
    for before, whole, part in log[1:]:
        np.testing.assert_allclose(part[:11], before[:11] + fraction * (whole[:11] - before[:11]))
        np.testing.assert_array_equal(part[11], whole[11])
        assert not before[11].any()


def test_a_smaller_fraction_moves_plans_less():
    """Sums of changes of a month's plan from one cycle to the next."""

    def moved(fraction):
        plan = smoothed(fraction)[0].production
        return np.abs(plan[1:, :11] - plan[:-1, 1:]).sum()

    assert moved(0.2) < moved(0.6) < moved(1.0)
