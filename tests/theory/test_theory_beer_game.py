"""The Beer Game: Sterman's benchmark and the laws of the board."""

import itertools

import pytest

from simulator.theory.beer_game import (
    HUMAN,
    STAGES,
    Human,
    Seen,
    anchored_order,
    expected_orders,
    human_rule,
    order_up_to_rule,
    play,
)

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

        def order(sight):
            amount = inner(sight)
            seen.append(sight.net_stock + sight.on_order)
            placed.append(amount)
            return amount

        return order

    play([watching(32), *(order_up_to_rule(32) for _ in range(2)), order_up_to_rule(24)])
    demand = [4] * 4 + [8] * 32
    for week in range(1, 36):
        assert seen[week] == seen[week - 1] + placed[week - 1] - demand[week]


def test_the_human_rule_by_hand():
    """Expected after 4, 4, 8 with theta .25: 4, 4, 5. With S 6, SL 12, alpha .5, beta .25, S' 17: 5 + .5 (17 - 6 - 3) = 9."""
    assert expected_orders([4, 4, 8], 0.25) == 5
    assert anchored_order(5, 6, 12, 0.5, 0.25, 17) == 9
    assert human_rule(Human(0.5, 0.25, 0.25, 17.0))(Seen(3, 6, 12, (4, 4, 8))) == 9
    assert anchored_order(5, 40, 12, 0.5, 0.25, 17) == 0  # nothing is sent back


def test_a_series_of_the_human_rule_by_hand():
    """A retailer, theta .5, alpha .5, beta 0, S' 12: stock 12 stays while 4 are ordered; then demand is 8.

    Week 5: stock 12 + 4 - 8 = 8, expected 6, order 6 + .5 (12 - 8) = 8. Week 6: stock 4, expected 7, order 7 + 4 = 11.
    Week 7: stock 0, expected 7.5, order 7.5 + 6 = 13.5, in whole cases 14.
    """
    human = human_rule(Human(alpha=0.5, beta=0.0, theta=0.5, desired=12.0))
    found = play([human, *(order_up_to_rule(32, 9) for _ in range(3))], weeks=7)
    assert found.placed[0] == (4, 4, 4, 4, 8, 11, 14)


def test_the_human_rule_that_forgets_nothing_is_the_benchmark():
    """Sterman (1989): alpha_S = beta = 1, theta = 0 and S' = 28, 28, 28, 20 cost 204."""
    best = [human_rule(Human(1.0, 1.0, 0.0, desired), first_week=5) for desired in (28.0, 28.0, 28.0, 20.0)]
    assert play(best).total == 204


def test_people_pay_many_times_the_benchmark_and_orders_swell_up_the_chain():
    """Sterman's teams paid 2,028 on average, ten times the benchmark; the mean player's parameters show the same."""
    found = play([human_rule(HUMAN)] * 4)
    peaks = [max(orders) for orders in found.placed]
    assert found.total > 5 * 204
    assert peaks == sorted(peaks)
