"""What is wrong with a policy of S&OP is said in one sentence."""

import pytest

from simulator.kernel.units import ScenarioError
from tests.sop.workshop import policy

WRONG = [
    ({"supply_plan": {"rule": "peak-shaving", "fraction": 0.0}}, "supply_plan.fraction is 0", "above 0 and at most 1"),
    (
        {"supply_plan": {"rule": "peak-shaving", "fraction": 1.2}},
        "supply_plan.fraction is 1.2",
        "above 0 and at most 1",
    ),
    ({"supply_plan": {"rule": "peak-shaving", "room": -5}}, "supply_plan.room is -5 days", "above 0"),
    ({"products": {"rule": "order-up-to", "fraction": 0}}, "products.fraction is 0", "above 0 and at most 1"),
    ({"meeting_days": (1, 3, 2, 5, 6)}, "meeting_days is [1, 3, 2, 5, 6]", "none before the one it follows"),
    ({"meeting_days": (1, 2, 3, 5, 19)}, "meeting_days is [1, 2, 3, 5, 19]", "working days 1 to 15"),
    ({"meeting_days": (1, 2, 3)}, "meeting_days", "5"),
    ({"frozen_months": 13}, "frozen_months is 13 months", "from 0 to 12"),
    ({"frozen_months": -1}, "frozen_months is -1 months", "from 0 to 12"),
    ({"supply_plan": {"rule": "cost-optimal", "catch_up": 0}}, "supply_plan.catch_up is 0 months", "from 1 to 12"),
    ({"supply_plan": "cost-optimel"}, "'cost-optimel'", "did you mean cost-optimal"),
    ({"capacity": {"rule": "rccp", "pull_ahead": 12}}, "capacity.pull_ahead is 12 months", "from 0 to 11"),
    ({"shortage": {"rule": "release", "months": 0}}, "shortage.months is 0 months", "from 1 to 12"),
]


@pytest.mark.parametrize(("words", "entry", "allowed"), WRONG, ids=[entry for _, entry, _ in WRONG])
def test_one_sentence_says_what_is_wrong(words, entry, allowed):
    """The entry, its value, what is allowed."""
    with pytest.raises(ScenarioError) as caught:
        policy(**words)
    told = str(caught.value)
    assert len(told.splitlines()) == 1
    assert entry in told
    assert allowed in told
