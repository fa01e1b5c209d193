"""The Beer Game: Sterman's benchmark and the laws of the board."""

import itertools

import pytest

from simulator.theory.beer_game import STAGES, order_up_to_rule, play

BENCHMARK = (32, 32, 32, 24)


def cost(levels):
    """Team cost of one order-up-to level a stage, acting from week 5."""
    return play([order_up_to_rule(level) for level in levels]).total


def test_benchmark_of_sterman():
    """46 + 50 + 54 + 54 = 204 (1989)."""
    found = play([order_up_to_rule(level) for level in BENCHMARK])
    assert dict(zip(STAGES, found.cost, strict=True)) == {
        "retailer": 46,
        "wholesaler": 50,
        "distributor": 54,
        "factory": 54,
    }
    assert found.total == 204


def test_no_rule_of_the_family_beats_it():
    """All levels within 3 of the benchmark, and each stage alone over a wide range."""
    near = itertools.product(*(range(level - 3, level + 4) for level in BENCHMARK))
    assert min(cost(levels) for levels in near) == 204
    for stage in range(4):
        for level in range(0, 61):
            assert cost((*BENCHMARK[:stage], level, *BENCHMARK[stage + 1 :])) >= 204


def test_old_demand_and_old_orders_keep_the_board_still():
    """Four in, four out: each stage holds its twelve, six a week."""
    found = play([order_up_to_rule(28), order_up_to_rule(28), order_up_to_rule(28), order_up_to_rule(24)], weeks=4)
    assert found.cost == (24, 24, 24, 24)


@pytest.mark.parametrize("first_week", [5, 9])
def test_kegs_are_conserved(first_week):
    """A rule that watches the board finds what was ordered and not received, to the keg."""
    seen, placed = [], []

    def watching(level):
        inner = order_up_to_rule(level, first_week)

        def order(week, net_stock, on_order):
            amount = inner(week, net_stock, on_order)
            seen.append(net_stock + on_order)
            placed.append(amount)
            return amount

        return order

    play([watching(32), *(order_up_to_rule(32) for _ in range(2)), order_up_to_rule(24)])
    demand = [4] * 4 + [8] * 32
    for week in range(1, 36):
        assert seen[week] == seen[week - 1] + placed[week - 1] - demand[week]
