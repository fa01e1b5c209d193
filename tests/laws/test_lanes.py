"""Lanes: a replication is the same to the last bit alone, in company, in any place and however a run is cut."""

import numpy as np
import pytest

from simulator import compare
from simulator.engine import play as running
from simulator.results.kpis import values
from simulator.results.run import simulate
from tests.laws.tight import EVERY, QUICK, scenario

SHORT = {"experiment__months": 5}
GROUPINGS = ("total", "product", "family", "segment")


def everything(units, policy, replications, replication):
    """All books, plans and measures of one replication, run beside others: {name: array}."""
    b = next(simulate(scenario(units, **SHORT), policy, replications).books())
    lane = b.replications.index(replication)
    found = {**b.flows, **b.closing, **b.plans.tables, "hours": b.hours_used, "past": b.demand_by_month}
    found |= {f"plan: {name}": table for name, table in vars(b.plans).items() if isinstance(table, np.ndarray)}
    found |= {f"effective {month}": table for month, table in b.plans.effective.items()}
    found |= {f"measures by {by}": values(b, ["all"], by)[1] for by in GROUPINGS}
    return {name: table[..., lane] for name, table in found.items()}


def same(one, other):
    """Whether all tables hold the same bits; a number that is none is the same as another that is none."""
    assert one.keys() == other.keys()
    for name, table in one.items():
        np.testing.assert_array_equal(table, other[name], err_msg=name)


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_a_replication_is_the_same_alone_in_company_and_in_any_place(policy, units):
    """Lane position never matters."""
    together = everything(units, policy, [3, 11, 42, 0, 7], 11)
    same(together, everything(units, policy, [11], 11))
    same(together, everything(units, policy, [42, 3, 11], 11))


@pytest.mark.parametrize(("units", "policies"), [("whole", QUICK), ("broken", ["siloed", "sop"])], ids=str)
def test_how_a_comparison_is_cut_changes_no_bit(units, policies, monkeypatch):
    """Blocks of two lanes, the last of one, give the measures that one block gives."""
    company = scenario(units, experiment__months=3)
    run = {"policies": policies, "replications": [5, 0, 9, 2, 31], "measures": ["all"], "by": "product"}
    whole = compare(company, **run)
    monkeypatch.setattr(running, "MEMORY", 1)
    monkeypatch.setattr(running, "USUAL_MEMORY", 1)
    assert [len(block) for block in running.replication_blocks(company, run["replications"])] == [2, 2, 1]
    cut = compare(company, **run)
    for policy in policies:
        np.testing.assert_array_equal(whole.found[policy], cut.found[policy])
    assert whole.table.equals(cut.table)
    assert whole.summary().equals(cut.summary())


def test_how_a_run_is_cut_changes_no_bit(monkeypatch):
    """Daily books of a run in blocks are those of a run in one."""
    whole = simulate(scenario(**SHORT), "chase", [5, 0, 9])
    monkeypatch.setattr(running, "MEMORY", 1)
    monkeypatch.setattr(running, "USUAL_MEMORY", 1)
    cut = simulate(scenario(**SHORT), "chase", [5, 0, 9])
    for name in ("on_hand", "backlog", "shipped", "released"):
        assert whole.daily(name).shape[0] == 3
        np.testing.assert_array_equal(whole.daily(name), cut.daily(name))
    table, other = whole.measures(), cut.measures()
    columns = ["measure", "replication"]
    assert table.sort_values(columns, ignore_index=True).equals(other.sort_values(columns, ignore_index=True))


def test_a_run_in_blocks_never_sums_a_lone_lane_in_another_order():
    """What the laws above rest on: NumPy does sum a lone column in another order than columns in company."""
    column = np.random.default_rng(1).random((397, 1))
    alone, together = column.sum(axis=0), np.repeat(column, 2, axis=1).sum(axis=0)
    assert alone[0] != together[0]


def test_a_run_can_be_made_again():
    """The same scenario, policy, replications and seed give the same bits."""
    first, again = (everything("broken", "sop", [1, 4], 4) for _ in range(2))
    same(first, again)


def test_broken_sizes_are_summed_day_by_day():
    """Order lines of broken size add up the same whichever lanes lie before."""
    sizes = {"demand__everyday__0__daily__sizes": (0.1, 0.7, 1.3, 2.9)}
    together, alone = (
        simulate(scenario("broken", **SHORT, **sizes), "chase", lanes).daily("due") for lanes in ([3, 42, 11], [11])
    )
    np.testing.assert_array_equal(together[2], alone[0])


def test_orders_are_followed_as_far_back_in_company_as_alone():
    """First come, first served gives a lane the same bits beside lanes whose orders have waited far longer."""
    company = scenario("broken", **SHORT)
    together = simulate(company, "siloed", list(range(20, 40)))
    served = together.daily("served")
    for replication in (20, 22, 28, 34):
        np.testing.assert_array_equal(
            served[replication - 20], simulate(company, "siloed", [replication]).daily("served")[0]
        )
