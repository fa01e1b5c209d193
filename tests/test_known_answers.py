"""The literature's figures come out, and what is known to be wrong does not."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.results.compare import estimate
from simulator.results.run import simulate
from simulator.results.verify import cases, check, simulated, systems
from simulator.results.verify.case import formula, simulation
from simulator.results.verify.simulated import textbook_figures
from simulator.theory.inventory import deviation_at_risk, normal_shortage
from simulator.theory.statistics import mean_interval
from tests.every_day import some

CASES = {case.name: case for case in cases()}
SIMULATED = [name for name, case in CASES.items() if case.kind == "simulation"]
LONG = [n for n in SIMULATED if n.startswith(("supplier out now and then", "capacity 10 a day", "capacity 10, "))]
"""Each takes many replications; in short every day, in full on slow ones."""

REPEATED = [
    "bullwhip, moving average (5, 1)",
    "bullwhip, moving average (5, 3)",
    "bullwhip, moving average (4, 8)",
    "bullwhip, smoothing (.2, 2)",
    "bullwhip, smoothing (.1, 6)",
    "bullwhip, AR(1) .7, 3 days",
    "bullwhip, AR(1) -.5, 2 days",
]
"""The formula of another case that is run every day, with other figures."""


@pytest.mark.parametrize("name", some(CASES, *(name for name in CASES if name not in (*LONG, *REPEATED))))
def test_known_answer(name):
    """Within the floor or four standard errors, and the noise at most half the floor."""
    result = check(CASES[name])
    assert result.passed, f"{name}: found {result.found}, known {result.expected}; {result.case.source}"


@pytest.fixture
def in_short(monkeypatch):
    """Textbook companies are simulated in 100 replications."""
    whole = simulated.textbook_figures.__wrapped__
    for module in (simulated, systems):
        monkeypatch.setattr(module, "textbook_figures", lambda *of: whole(*of, **{"experiment.replications": 100}))


@pytest.mark.parametrize("name", LONG)
def test_known_answer_in_short(name, in_short):
    """The figure is within the floor or four standard errors, which are larger ones."""
    result = check(CASES[name])
    assert abs(result.value[0] - CASES[name].answer[0]) <= result.tolerance


def test_each_answer_has_a_name_and_a_source():
    """Names are what `sop verify --only` picks by."""
    assert len(CASES) == len(cases())
    assert all(case.source and case.floor > 0 for case in CASES.values())


# Negative controls


def test_the_wrong_fill_rate_does_not_pass():
    """Without the second loss term the answer would be .76009, and shortages counted that way are not .80217."""
    case = CASES["daily order-up-to, 20 days at risk: fill rate"]
    assert not check(replace(case, answer=(0.76009,))).passed
    wrong = 1 - textbook_figures("order-up-to", "base-stock")["backlog", "risk-20"] / 100
    assert wrong.mean() == pytest.approx(0.76009, abs=0.004)
    assert not check(replace(case, compute=lambda: wrong)).passed


@pytest.mark.parametrize("lead_time", some([19, 21], 21))
def test_a_wrong_lead_time_does_not_pass(lead_time):
    """A day more or less at risk is seen in every figure, beyond its floor and noise."""
    entry = {"products.risk-20.buy.lead_time.mean": lead_time, "experiment.replications": 200}
    found = textbook_figures("order-up-to", "base-stock", **entry)
    for figure in ("fill rate", "cycle service", "on hand", "backlog"):
        case = CASES[f"daily order-up-to, 20 days at risk: {figure}"]
        result = check(replace(case, compute=lambda f=figure: found[f, "risk-20"]))
        assert abs(result.value[0] - case.answer[0]) > 2 * result.tolerance


def test_the_last_first_does_not_pass():
    """Customers served in proportion, or the second class first, do not get what strict priority gives."""
    case = CASES["two ranked classes, stock 110, second: fill rate"]
    found = textbook_figures("two-classes", "stock-110", **{"policies.stock-110.allocation": "proportional"})
    assert not check(replace(case, compute=lambda: found["fill rate", "second"])).passed
    found = textbook_figures("two-classes", "stock-110", **{"segments.first.rank": 3})
    assert not check(replace(case, compute=lambda: found["fill rate", "second"])).passed


def test_one_hour_more_does_not_pass():
    """Capacity 11 is not capacity 10."""
    case = CASES["capacity 10 a day, base stock 20: on hand"]
    found = textbook_figures("capacity", "base-stock", **{"resources.line.hours": 11, "experiment.replications": 400})
    assert not check(replace(case, compute=lambda: found["on hand", "p"])).passed


def test_a_forecast_of_other_days_does_not_pass():
    """A moving average of 6 days is not one of 5."""
    case = CASES["bullwhip, moving average (5, 3)"]
    found = textbook_figures("bullwhip-average", "average-5", **{"policies.average-5.products.usage.days": 6})
    assert not check(replace(case, compute=lambda: found["bullwhip", "days-3"])).passed


def test_a_machine_that_is_repaired_sooner_does_not_pass():
    """An availability of .8 is not one of .75."""
    case = CASES["Hare X19, seldom and long: availability"]
    entry = {"resources.hare.failures.repair.mean": 3.1, "experiment.replications": 40}
    books = next(simulate(load("textbook/failures", entry)).books())
    found = books.memos["hours_there"][60:, 0].mean(axis=0) / 24.0
    assert found.mean() == pytest.approx(0.8, abs=0.005)
    assert not check(replace(case, compute=lambda: found)).passed


def test_noise_does_not_pass():
    """A right mean whose error is above half the floor, or from too few replications, proves nothing."""
    luck = np.random.default_rng(1).normal(0, 1, 400)
    luck = (luck - luck.mean()) / luck.std(ddof=1)
    assert check(simulation("quiet", "", "3.0", 0.2, lambda: 3 + luck)).passed
    assert not check(simulation("noisy", "", "3.0", 0.2, lambda: 3 + 3 * luck)).passed
    assert not check(simulation("few", "", "3.0", 0.2, lambda: np.full(29, 3.0))).passed


def test_a_formula_is_held_to_its_last_digit():
    """And a figure too many or too few is no answer."""
    assert check(formula("near", "", "1.48", simulate, lambda: 1.4849)).passed
    assert not check(formula("far", "", "1.48", simulate, lambda: 1.4852)).passed
    assert not check(formula("short", "", "1.48 2.92", simulate, lambda: 1.48)).passed
    assert not check(formula("nothing", "", "1.48", simulate, lambda: float("nan"))).passed


def test_a_punctual_supplier_needs_less():
    """Leaving the lead time's deviation out gives 1,695 whatever it is; putting days at risk short is as wrong."""
    case = CASES["safety stock, random lead time (Dell), sd 0 to 6"]
    slip = np.full(7, 1.2815515655 * deviation_at_risk(500, 7))
    assert not check(replace(case, compute=lambda: slip)).passed
    case = CASES["formula, 20 and 5 days at risk: fill rate"]
    one_term = 1 - normal_shortage(np.array([2050, 555.9017]), [2000, 500], 25 * np.sqrt([20, 5])) / 100
    assert not check(replace(case, compute=lambda: one_term)).passed


# What the answers rest on


@pytest.mark.parametrize("scenario", ["average", "smoothing", "autoregressive"])
def test_no_order_was_clipped(scenario):
    """The formulas allow negative orders; here none would have been, so nothing was cut off."""
    company = load(f"textbook/bullwhip-{scenario}", {"experiment.months": 36, "experiment.warm_up": 12})
    for policy in company.policies:
        released = simulate(company, policy, replications=50).daily("released")
        assert (released[:, 366:] > 0).all()


def test_clipping_happens_where_it_is_asked_for():
    """With a coefficient of variation of one half, some days order nothing."""
    assert (textbook_figures("bullwhip-clipped", "average-10")["orders", "p"] < 1).all()


def test_the_comparison_uses_the_same_interval():
    """`compare` and the formula of the statistics section give one interval."""
    ten = np.array([1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09])
    ours, known = estimate(ten), mean_interval(ten)
    assert (ours.mean, ours.half) == pytest.approx((float(known.mean), float(known.half_width)))
