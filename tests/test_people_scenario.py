"""What the header of the scenario on people announces is there, paired on the same luck; measures and documents say it."""

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.faces.documents import cycle_tables
from simulator.results.compare import estimate
from simulator.results.kpis import values
from simulator.results.run import simulate

NAMES = ["fill_rate", "hours_paid", "hires", "dismissals", "setup_share"]
REPLICATIONS = 12


def samples(policy, **changes):
    """Measures by name, a value a replication, and the books."""
    books = next(simulate(load("giftware-people", changes), policy, REPLICATIONS).books())
    return dict(zip(NAMES, values(books, NAMES)[1], strict=True)), books


def differs(one, other):
    """The 95 % interval of a paired difference."""
    gap = estimate(one - other)
    return gap.mean - gap.half, gap.mean + gap.half


@pytest.mark.slow
def test_who_plans_people_serves_more_from_fewer_paid_hours():
    """Against silos, which keep the people they have: S&OP fills more and pays less, and hires and dismisses for it."""
    (silos, kept), (sop, _) = samples("siloed"), samples("sop")
    assert differs(sop["fill_rate"], silos["fill_rate"])[0] > 0.05
    assert differs(sop["hours_paid"], silos["hours_paid"])[1] < -100
    assert differs(sop["dismissals"], silos["dismissals"])[0] > 0
    assert (silos["dismissals"] == 0).all()
    first = kept.scenario.days.month_start[12]
    np.testing.assert_allclose(
        silos["hours_paid"], kept.memos["paid_hours"][first:].sum(axis=(0, 1)) * 365.25 / (len(kept.hours_used) - first)
    )
    np.testing.assert_allclose(
        silos["setup_share"],
        kept.memos["setup_hours"][first:].sum(axis=(0, 1)) / kept.hours_used[first:].sum(axis=(0, 1)),
    )


@pytest.mark.slow
def test_the_documents_say_who_comes_and_goes():
    """The workforce plan shows people by month; actions name who is hired or told to go, and both happen on the day."""
    run = simulate(load("giftware-people"), "chase", [3])
    books = next(run.books())
    hired = books.plans.tables["people hired"][..., 0]
    month = int(np.flatnonzero(np.nan_to_num(hired).any(axis=1))[0])
    documents = cycle_tables(run, month + 1)
    people = documents["workforce_plan"].query("figure == 'people, planned'")
    assert set(people["name"]) == {"printing", "sewing", "assembly", "packing"}
    resource = books.scenario.network.resources[int(np.flatnonzero(hired[month])[0])]
    actions = documents["executive_meeting"].query("section == 'Actions'")
    line = actions[actions["text"].str.startswith("Hire") & actions["text"].str.contains(resource)].iloc[0]
    assert line["owner"] == "manufacturing manager"
    day = books.scenario.days.first + np.arange(len(books.hours_used))
    started = day[books.memos["hired"][:, books.scenario.network.resources.index(resource), 0] > 0]
    assert (np.abs(started - np.datetime64(line["effective"])) <= np.timedelta64(3, "D")).any()
