"""Answers: what no company can act on is refused, with rule, day and replication."""

import numpy as np
import pytest

from simulator.kernel.units import PolicyError, ScenarioError
from simulator.planning import rules
from simulator.planning.capacity import NoCheck
from simulator.planning.replenishment import OrderUpTo
from tests.laws.tight import played, policy_of, scenario, weather, with_rules

KINDS = {
    "forecast": rules.Forecast,
    "demand_plan": rules.DemandPlan,
    "safety_stock": rules.SafetyStock,
    "supply_plan": rules.SupplyPlan,
    "shortage": rules.ShortageRule,
    "allocation": rules.Allocation,
    "products": rules.Replenishment,
    "components": rules.Replenishment,
}
"""Each decision right with the kind of rule that has it."""

PLENTY = {
    "axle": 900.0,
    "bracket": 900.0,
    "crank": 900.0,
    "drive": 900.0,
    "engine-kit": 900.0,
    "flange": 900.0,
    "grip": 900.0,
}
"""Stock at which nobody waits for long."""

DAY = 1
"""The first working day of the tight company."""


def spoilt(right, spoil):
    """A policy with a rule that answers what `spoil` makes of an honest answer."""
    honest = getattr(scenario().policy("chase"), right)

    def answer(self, *shown):
        return spoil(np.array(honest(*shown)))

    return with_rules(**{right: type("Wrong", (KINDS[right],), {"__call__": answer})()})


def with_one(value):
    """Put one wrong number into an answer, in lane 3."""

    def spoil(answer):
        answer[(0,) * (answer.ndim - 1) + (3,)] = value
        return answer

    return spoil


@pytest.mark.parametrize("value", [np.nan, np.inf, -1.0], ids=str)
@pytest.mark.parametrize("right", KINDS)
def test_a_number_nobody_can_act_on_is_refused(right, value):
    """Not a number, infinite or negative: one sentence names rule, policy, day, replication and value."""
    luck = weather()
    with pytest.raises(PolicyError) as caught, np.errstate(invalid="ignore"):
        played(spoilt(right, with_one(value)), luck)
    told = str(caught.value)
    for part in (
        "'Wrong'",
        "'chase'",
        f"on day {DAY}",
        f"in replication {luck.replications[3]}",
        str(value),
        "finite and at least 0",
    ):
        assert part in told, told


@pytest.mark.parametrize("right", KINDS)
@pytest.mark.parametrize("spoil", [lambda a: a[..., :-1], lambda a: a[None], lambda a: a[1:], lambda a: a[..., 0]])
def test_an_array_of_another_shape_is_refused(right, spoil):
    """A missing lane or row, or an axis too many: the sentence names rule, policy, day and both shapes."""
    with pytest.raises(
        PolicyError, match=r"the rule 'Wrong' of policy 'chase' .* of shape \(.*\) on day 1; it must be \("
    ):
        played(spoilt(right, spoil), weather())


@pytest.mark.parametrize("value", [np.nan, -1.0], ids=str)
@pytest.mark.parametrize("which", [1, 2])
def test_an_option_nobody_can_act_on_is_refused(which, value):
    """Production and overtime of every option are checked as well."""

    def answer(self, view):
        option = [part if isinstance(part, str) else np.array(part) for part in NoCheck()(view)[0]]
        option[which][0, 0, 3] = value
        return [tuple(option)]

    wrong = type("Wrong", (rules.CapacityCheck,), {"__call__": answer})()
    with pytest.raises(PolicyError, match=r"'Wrong' .* on day 1 in replication 3"):
        played(with_rules(capacity=wrong), weather())


def beyond_stock(wanted, available):
    """All that is wanted, whether it is there or not."""
    return wanted


def beyond_orders(wanted, available):
    """All that is there, whether it is wanted or not."""
    return np.stack([available, *np.zeros_like(wanted[1:])])


@pytest.mark.parametrize(
    ("greed", "words"), [(beyond_stock, "more than there is"), (beyond_orders, "more than is wanted")]
)
def test_nobody_hands_out_more_than_there_is_or_is_wanted(greed, words):
    """An allocation beyond stock or backlog is refused with rule, policy, day and replication."""
    answer = {"__call__": lambda self, view, wanted, available: greed(wanted, available), "name": "greedy"}
    wrong = type("Greedy", (rules.Allocation,), answer)()
    with pytest.raises(PolicyError, match=rf"'greedy' of policy 'chase' .* on day \d+ in replication \d+, .* {words}"):
        played(with_rules(allocation=wrong), weather())


def all_or_nothing(view, wanted, available):
    """Everyone is served in full, or nobody; the answer is the argument itself."""
    reaches = (wanted.sum(axis=0) <= available).all()
    return wanted if reaches else np.zeros_like(wanted)


def test_an_allocation_may_answer_with_what_it_was_shown():
    """A rule that hands back its own argument moves the same goods as one that hands back a copy."""
    answers = (lambda self, *shown: all_or_nothing(*shown), lambda self, *shown: np.array(all_or_nothing(*shown)))
    kinds = [type("All", (rules.Allocation,), {"__call__": answer}) for answer in answers]
    one, other = (played(with_rules(allocation=kind(), products=OrderUpTo(level=PLENTY)), weather()) for kind in kinds)
    np.testing.assert_array_equal(one.flows["shipped"], other.flows["shipped"])
    np.testing.assert_array_equal(one.flows["served"].sum(axis=1), one.flows["shipped"])
    assert one.flows["shipped"].any()


def test_a_rule_that_nobody_knows_is_named_with_the_nearest():
    """A misspelt rule is refused before anything runs."""
    with pytest.raises(ScenarioError, match="holt-winters"):
        scenario().policy({"forecast": "holt-winter"})
    assert policy_of(forecast="holt-winters").forecast.name == "holt-winters"
