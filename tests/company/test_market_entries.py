"""Market, launches, loyalty, sales and pipeline: whatever does not fit is refused in one sentence."""

from copy import deepcopy

import pytest
from pydantic import ValidationError

from simulator.company.sales import SalesForce
from simulator.engine.scenario import load
from simulator.kernel.units import ScenarioError

STREAM = {"law": "constant", "mean": 10}
STAGE = {"name": "offer", "months": 2, "passes": 0.5, "says": 0.5}
WORDS = {
    "name": "shop",
    "calendar": {"start": "2024-01-01"},
    "products": {
        name: {"family": "toys", "buy": {"supplier": "mill", "lead_time": STREAM}} for name in ("kite", "yoyo")
    },
    "suppliers": {"mill": {}},
    "channels": {"web": {"transport_days": 2}},
    "segments": {"families": {"lead_time": 5, "channel": "web"}},
    "demand": {
        "everyday": [{"product": "kite", "segment": "families", "daily": STREAM}],
        "projects": [
            {
                "product": "kite",
                "segment": "families",
                "per_month": 1.0,
                "size": STREAM,
                "sight": 2,
                "lead_time": STREAM,
                "stages": [STAGE],
            }
        ],
    },
    "experiment": {"months": 12},
}

PROMOTION = {"start": "2024-03-01", "lift": 0.5}
LAUNCH = {"month": "2024-03-01", "expected": 100.0}

WRONG = [
    (
        {"market.promotions": [{**PROMOTION, "products": ["kit"]}]},
        "market.promotions[0].products names 'kit', which is not a product; did you mean kite?",
    ),
    (
        {"market.promotions": [{**PROMOTION, "family": "toy"}]},
        "market.promotions[0].family names 'toy', which is not a family; did you mean toys?",
    ),
    (
        {"market.promotions": [{**PROMOTION, "segments": ["all"]}]},
        "market.promotions[0].segments names 'all', which is not a segment; ",
    ),
    (
        {"market.promotions": [{**PROMOTION, "family": "toys", "products": ["kite"]}]},
        "market.promotions[0].products and family are both given; name one of them",
    ),
    (
        {"market.promotions": [{**PROMOTION, "segments": ["families"], "discount": 0.1}]},
        "market.promotions[0].discount is given to everybody who buys; ",
    ),
    (
        {"market.promotions": [{**PROMOTION, "cannibalises": {"yoyo": 1.2}}]},
        "market.promotions[0].cannibalises.yoyo is 1.2 (share); it must be from 0 to 1",
    ),
    (
        {"market.promotions": [{**PROMOTION, "days": 60, "pull_forward": 1.0, "lift": 2.0, "weeks": 1}]},
        "market.promotions[0].pull_forward is 1.0 (share), which is more than customers buy in the weeks after it; ",
    ),
    (
        {"market.promotions": [{**PROMOTION, "lift": -0.5}]},
        "market.promotions[0].lift is -0.5 (share); it must be from 0 to 20",
    ),
    (
        {"market.promotions": [{**PROMOTION, "start": "2025-03-01"}]},
        "market.promotions[0].start is 2025-03-01, outside the run; it must be from 2024-01-01 to 2024-12-31, or ",
    ),
    (
        {"market.shocks": [{"start": "2023-12-31", "factor": 0.5}]},
        "market.shocks[0].start is 2023-12-31, outside the run; ",
    ),
    (
        {"market.prices": [{"start": "2024-03-01", "change": -1.0}]},
        "market.prices[0].change is -1.0 (share); it must be above -1 and at most 5",
    ),
    (
        {"market.prices": [{"start": "2024-03-01", "change": 0.1, "segments": ["families"]}]},
        "market.prices[0].segments cannot be named: ",
    ),
    (
        {"market.competitors": [{"start": "2024-03-01", "lost": 1.5}]},
        "market.competitors[0].lost is 1.5 (share); it must be from 0 to 1",
    ),
    (
        {"products.kite.launch": {**LAUNCH, "month": "2024-03-02"}},
        "products.kite.launch.month is 2024-03-02; it must be the first day of a month",
    ),
    (
        {"products.kite.launch": {**LAUNCH, "month": "2025-03-01"}},
        "products.kite.launch.month is 2025-03-01, outside the run; ",
    ),
    (
        {"products.kite.launch": LAUNCH, "products.kite.phase_out": {"month": "2024-02-01"}},
        "products.kite.launch.month is 2024-03-01 and phase_out.month 2024-02-01; a product must be launched before ",
    ),
    (
        {"products.kite.launch": {**LAUNCH, "cannibalises": {"yo": 0.5}}},
        "products.kite.launch.cannibalises names 'yo', which is not a product; did you mean yoyo?",
    ),
    ({"products.kite.launch": {"month": "2024-03-01"}}, "products.kite.launch.expected is missing; "),
    (
        {"segments.families.lead_time": 1},
        "segments.families.lead_time is 1 day, but the channel 'web' takes 2 days to the customer; it must be at least 2",
    ),
    (
        {"segments.families.loyalty": {"expects": 0.0}},
        "segments.families.loyalty.expects is 0.0 (share); it must be above 0 and at most 1",
    ),
    ({"sales": {"targets": {"wed": {}}}}, "sales.targets names 'wed', which is not a channel; did you mean web?"),
    ({"sales": {"targets": {}}}, "sales.targets has 0 entries; it must have at least 1 entry"),
    (
        {"sales": {"targets": {"web": {"products": {"kit": 2.0}}}}},
        "sales.targets.web.products names 'kit', which is not a product; ",
    ),
    (
        {"sales": {"targets": {"web": {}}, "managed": "results"}},
        "sales.managed is 'results'; it must be process or result; did you mean result",
    ),
    (
        {"sales": {"targets": {"web": {}}, "push": 0.8}},
        "sales.push is 0.8 at this discount and quarter_end 1.5; their product is the share pulled forward",
    ),
    (
        {"demand.projects.0.sight": 4},
        "demand.projects[0].stages take 2 months and sight is 4; the months of the stages must add up to sight",
    ),
    ({"demand.projects.0.win_low": 0.4}, "demand.projects[0].stages and win_low are both given; leave one of them out"),
    (
        {"demand.projects.0.stages.0.passes": 1.1},
        "demand.projects[0].stages[0].passes is 1.1 (probability); it must be from 0 to 1",
    ),
]


def test_it_is_fine_as_it_is():
    """The company that is spoilt below loads."""
    assert load(deepcopy(WORDS)).market is None


@pytest.mark.parametrize(("changes", "said"), WRONG, ids=[said[:60] for _, said in WRONG])
def test_what_does_not_fit_is_refused_in_one_sentence(changes, said):
    """Entry, value, what is allowed."""
    with pytest.raises(ScenarioError) as refused:
        load(deepcopy(WORDS), changes)
    assert str(refused.value).startswith(f"scenario: {said}")
    assert "\n" not in str(refused.value)


def test_a_deeper_discount_pulls_more_forward():
    """30 % at 5 % discount; with an elasticity of 1.5, 30 % x 2 ^ 1.5 = 84.9 % at 10 %, 7.6 % at 2 %, and nothing without any."""
    force = {"managed": "result", "targets": {"door": {}}, "quarter_end": 1.0, "elasticity": 1.5}
    pulled = [
        SalesForce.model_validate({**force, "discount": discount}).most_pulled for discount in (0.05, 0.1, 0.02, 0.0)
    ]
    assert pulled == pytest.approx([0.3, 0.84853, 0.07589, 0.0], abs=1e-5)
    with pytest.raises(ValidationError, match="at most 1"):
        SalesForce.model_validate({**force, "discount": 0.2})
