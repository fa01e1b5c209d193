"""Entries of money that no company can have are refused in a sentence."""

import pytest

from simulator.engine.scenario import load
from simulator.kernel.units import ScenarioError


@pytest.mark.parametrize(
    ("entry", "value", "sentence"),
    [
        ("finance.capital_rate", 0.3, "capital_rate is 0.3 and holding_rate 0.2"),
        ("finance.fixed_cost", -1, "finance.fixed_cost is -1"),
        ("finance.credit_line", -5, "finance.credit_line is -5"),
        ("finance.overdraft_rate", -0.1, "finance.overdraft_rate is -0.1"),
        ("finance.drawings", "much", "finance.drawings is 'much'"),
        ("segments.chains.payment_days", -30, "segments.chains.payment_days is -30"),
        ("segments.chains.bad_debt", 1.0, "segments.chains.bad_debt is 1"),
        ("suppliers.overseas.payment_days", -1, "suppliers.overseas.payment_days is -1"),
        ("channels.pallets.selling_cost", 1.5, "channels.pallets.selling_cost is 1.5"),
        ("scorecard.marketing", 1.0, "scorecard.marketing"),
    ],
)
def test_one_sentence_says_what_is_wrong(entry, value, sentence):
    """The entry, its value, what is allowed."""
    with pytest.raises(ScenarioError) as error:
        load("trading", {entry: value})
    assert sentence in str(error.value)
    assert len(str(error.value).splitlines()) == 1
