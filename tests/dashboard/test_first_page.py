"""Compare at equal service: the answer is that of the command line, the verdict stands first, exchange curves are drawn."""

import numpy as np
import pytest
from test_alternatives_on_pages import place_for

from dashboard import kinds, results
from dashboard.asks import Ask
from dashboard.case import Case, scenario_of
from dashboard.downloads import command_line
from dashboard.verdicts import policy_to_take, verdict_texts
from simulator import compare

FEW = 4
AT = (("at", "fill_rate=0.95"),)


@pytest.mark.slow
def test_an_answer_at_equal_service_is_that_of_the_command_line():
    """The same settings, on the same fresh luck, to the last bit; read again, they are the same."""
    case = Case("trading")
    ask = Ask("compare", case, ("siloed", "sop"), FEW, 1, AT)
    kinds.compare_policies(ask, place_for(ask))
    told = results.comparison(ask)
    plain = compare(
        scenario_of(case), ["siloed", "sop"], FEW, 1, ["fill_rate", "all_stock_value"], at="fill_rate=0.95", workers=1
    )
    places = {measure.name: k for k, (measure, _) in enumerate(told.rows)}
    for k, name in enumerate(("fill_rate", "all_stock_value")):
        for policy in ("siloed", "sop"):
            np.testing.assert_array_equal(told.found[policy][places[name]], plain.found[policy][k])
    for policy in ("siloed", "sop"):
        assert told.tuned[policy].setting == plain.tuned[policy].setting
        assert told.tuned[policy].outcome is plain.tuned[policy].outcome
        assert told.level("all_stock_value", policy) == plain.level(
            "all_stock_value", policy
        )  # both at the target itself
        np.testing.assert_array_equal(told.tuned[policy].reached, plain.tuned[policy].reached)
    assert "--at fill_rate=0.95" in command_line(ask)
    texts = verdict_texts(results.decided(ask))
    assert texts[0].startswith("Under the contract of 95.0 % fill rate, take ")
    assert policy_to_take(results.decided(ask)) in ("siloed", "sop")


def test_as_policies_run_is_another_question():
    case = Case("trading")
    equal, plain = (results.comparing(case, ("siloed", "sop"), FEW, 1, how) for how in (True, False))
    assert equal.more == AT
    assert plain.more == ()
    assert equal.key != plain.key
    assert results.exchange_of(equal).key == results.exchange_of(plain).key


def test_exchange_curves_have_a_line_a_setting():
    case = Case("trading")
    ask = results.exchange_of(Ask("compare", case, ("sop", "sop~what_if.demand=1.2"), FEW, 1))
    assert ask.policies == ("sop",)
    kinds.draw_exchange(ask, place_for(ask))
    table = results.table(ask, "curves")
    assert table["amount"].tolist() == [0.0, 0.64, 1.28, 1.92, 2.56, 3.52]
    assert table["fill_rate"].is_monotonic_increasing
    assert results.present_buffers(ask) == {"sop": 1.28}
