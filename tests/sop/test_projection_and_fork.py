"""Options as the meeting projects them, against many futures in which each of them is approved."""

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.kernel.units import ScenarioError
from simulator.planning.criteria import CRITERIA
from simulator.results.ghost import ghost
from simulator.results.run import simulate

LANES = 40
COST, SERVICE = CRITERIA.index("cost"), CRITERIA.index("service")


def projected(name, replication, month):
    """The criteria of the options of a month's meeting, (options, criteria)."""
    books = next(simulate(load(name), "sop", [replication]).books())
    count = len(books.plans.options[month - 1])
    return books.plans.tables["option criteria"][month - 1, :count, :, 0]


def in_futures(name, replication, month, other, measure):
    """The difference of an option from the first, over six months in many futures: mean and half-width."""
    options = ["option:all=1", f"option:all={other + 1}"]
    found = ghost(load(name), "sop", month, options, [replication], measures=[measure], ahead=6, lanes=LANES).found
    gap = found[options[1]][0] - found[options[0]][0]
    return gap.mean(), 1.96 * gap.std(ddof=1) / np.sqrt(LANES)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "replication", "month"), [("giftware", 0, 10), ("switchgear", 2, 20)])
def test_what_costs_more_for_the_same_service_earns_less(name, replication, month):
    """Overtime that the projection finds dear and useless is so in the futures too."""
    figures = projected(name, replication, month)
    assert figures[1, COST] > figures[0, COST]
    assert abs(figures[1, SERVICE] - figures[0, SERVICE]) < 0.001
    mean, half = in_futures(name, replication, month, 1, "ebit")
    assert mean + half < 0


@pytest.mark.slow
@pytest.mark.parametrize(("name", "replication", "month"), [("switchgear", 2, 29), ("switchgear-capacity-cut", 3, 20)])
def test_the_option_that_owes_less_fills_more(name, replication, month):
    """Overtime that the projection expects to owe a per cent of turnover less fills more orders in the futures."""
    figures = projected(name, replication, month)
    assert figures[1, SERVICE] < figures[0, SERVICE] - 0.01
    mean, half = in_futures(name, replication, month, 1, "fill_rate")
    assert mean - half > 0


def test_an_option_is_approved_by_its_number():
    """The second one, in the cycle in which that is decided, and the criteria choose again in the next; there is no eighth."""
    company = load("giftware", {"experiment.months": 11, "experiment.warm_up": 0})
    run = simulate(company, "sop", [0])
    books = next(run.fork(10, 3, redrawn=False, decisions="option:all=2").books())
    assert (books.plans.chosen[9] == 1).all()
    with pytest.raises(ScenarioError, match="option 8 cannot be approved in 2010-09; the meeting has 2"):
        next(run.fork(10, 3, redrawn=False, decisions="option:all=8").books())
