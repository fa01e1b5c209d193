"""What is wrong with quality and records in a file: one sentence with the entry and what is allowed; and what is only odd."""

import pytest

from simulator.engine.scenario import load
from simulator.faces.describe import profile
from simulator.faces.documents import documents_of
from simulator.kernel.units import ScenarioError
from simulator.results.cautions import cautions
from simulator.results.run import simulate
from tests.engine.small import WORDS

MAKE = "products.bread.make"
LAW = {"law": "constant", "mean": 5.0}
WRONG = [
    ({f"{MAKE}.good": 0.9, f"{MAKE}.good_spread": 0.4}, "good_spread is 0.4 and good 0.9; it must be below 0.3,"),
    (
        {f"{MAKE}.good_spread": 0.1},
        "good_spread is 0.1 and good 1.0: lots that are always all good do not differ; lower good, or leave good_spread out",
    ),
    (
        {f"{MAKE}.rework": {"share": 1.5}},
        "products.bread.make.rework.share is 1.5 (share); it must be above 0 and at most 1",
    ),
    (
        {f"{MAKE}.rework": {"share": 0.5, "hours": {"lien": 1.0}}},
        "make.rework.hours names 'lien', which is not a resource; did you mean line",
    ),
    ({f"{MAKE}.rework": {"share": 0.5, "hours": {"line": -1.0}}}, "hours.line is -1.0; it must be above 0"),
    (
        {f"{MAKE}.trouble": [{"start": "2026-01-05", "days": 9, "good": 0.5}]},
        "trouble[0].start is 2026-01-05, outside the run; it must be from 2026-02-01 to 2026-03-31",
    ),
    ({f"{MAKE}.trouble": [{"start": "soon", "days": 9, "good": 0.5}]}, "trouble[0].start is 'soon'; it must be a date"),
    (
        {f"{MAKE}.trouble": [{"start": "2026-02-05", "days": 9, "good": 0.5, "sent_back": 0.1}]},
        "no segment has returns; give one segments.<name>.returns",
    ),
    (
        {
            f"{MAKE}.trouble": [{"start": "2026-02-05", "days": 9, "good": 0.5, "sent_back": 0.8}],
            "segments.first.returns": {"share": 0.3, "days": LAW},
        },
        "sent_back is 0.8, with returns of 0.3; together at most 1 can come back",
    ),
    (
        {"segments.first.returns": {"share": 1.0, "days": LAW}},
        "segments.first.returns.share is 1.0 (share); it must be at least 0 and below 1",
    ),
    ({"segments.first.returns": {"share": 0.1}}, "segments.first.returns.days is missing"),
    ({"products.cake.shelf_life": 0}, "products.cake.shelf_life is 0 days; it must be from 1 to 3,650"),
    (
        {"stockroom": {"shrinkage": -0.1}},
        "stockroom.shrinkage is -0.1 (share/month); it must be at least 0 and below 1",
    ),
    ({"stockroom": {"count": {"a": 0, "b": 9, "c": 9}}}, "stockroom.count.a is 0 days; it must be from 1 to 3,650"),
    ({"stockroom": {"count": {"a": 7, "b": 9}}}, "stockroom.count.c is missing"),
    ({"stockroom": {"shrinkag": 0.1}}, "stockroom.shrinkag"),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG, ids=[sentence[:40] for _, sentence in WRONG])
def test_what_is_wrong_is_said_in_a_sentence(changes, sentence):
    """The entry, its value, what is allowed."""
    with pytest.raises(ScenarioError) as refused:
        load(WORDS, changes)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_profile_tells_quality_and_records():
    """A sentence each, with the figures of the file."""
    told = "\n".join(map(str, profile(load("giftware-quality-trouble"))))
    assert "Trouble with 85099B: from 2011-08-01 for 92 days only 87 % are good, not 99 %, and 5 % more" in told
    assert "Returns of retailers: 1.5 % of what they get, after 25 days; 50 % of it is sold again." in told
    assert "counted every 365 days" in "\n".join(map(str, profile(load("giftware-records-drifting"))))
    assert "Shelf life: 21212 56 days." in "\n".join(map(str, profile(load("giftware-shelf-life"))))
    assert "Yield differs" not in "\n".join(map(str, profile(load("giftware"))))


def test_a_lot_that_outlasts_its_life_deserves_a_look():
    """A batch of 300 cake cases is two days' sales: it may keep for three, not for one."""
    assert not any("smallest lot" in str(line) for line in cautions(load("giftware", {"products.21212.shelf_life": 3})))
    (line,) = [
        line for line in cautions(load("giftware", {"products.21212.shelf_life": 1})) if "smallest lot" in str(line)
    ]
    assert str(line) == "The smallest lot of 21212 lasts 3 days, but it keeps for 1 day only."


def test_the_report_tells_last_months_quality_and_the_key_figures_its_yield():
    """After a month of trouble the yield is below plan, and somebody must say what brings it back."""
    trouble = [{"start": "2010-01-01", "days": 200, "good": 0.8}]
    bags = {f"products.{bag}.make.trouble": trouble for bag in ("85099B", "85099F", "20725", "22355")}
    scenario = load("giftware-quality-trouble", {"experiment.months": 4, "experiment.warm_up": 1, **bags})
    told = {
        d.name: "\n".join(map(str, d.table()["text"].dropna())) for d in documents_of(simulate(scenario, "sop", 2), 4)
    }
    everything = "\n".join(told.values())
    assert "good at first; with" in told["sales_report"]
    assert "Customers sent back" in told["sales_report"]
    assert "Report what brings this back to plan: Yield" in everything
