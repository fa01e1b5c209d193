"""Months in which nobody works, and months in which nothing falls due: no rate, no error, no percentage."""

import re

import numpy as np
import pytest

from simulator import compare, load, simulate
from simulator.company import Calendar, Days
from simulator.company.season import season_patterns
from simulator.faces.documents import documents_of
from simulator.faces.documents.markdown import as_markdown
from simulator.planning.rules import Forecast

FEBRUARY = [f"2024-02-{day:02}" for day in range(1, 30)]
STEADY = {"optimistic": {"optimism": 0.0}, "sales-team": {"optimism": 0.0, "push": 0.0, "noise": 0.0, "anchor": 0.0}}


def company(closed=(), season=(1.0,) * 12, start="2024-01-01", months=8, history=12, opening=400.0, policies=None):
    """Ten a day of one bought product, the same every day."""
    buy = {"supplier": "far", "lead_time": {"law": "constant", "mean": 5}}
    stream = {
        "product": "k",
        "segment": "customers",
        "daily": {"law": "constant", "mean": 10.0},
        "pattern": {"season": season},
    }
    return load(
        {
            "name": "one",
            "calendar": {"start": start, "holidays": list(closed)},
            "products": {"k": {"price": 40.0, "unit_cost": 20.0, "opening_stock": opening, "buy": buy}},
            "suppliers": {"far": {}},
            "demand": {"everyday": [stream]},
            "experiment": {"months": months, "history": history, "replications": 2},
            "policies": policies or {},
        }
    )


def policy(forecast, **more):
    """Weekly orders up to a level that a forecast sets."""
    settings = STEADY.get(forecast, {})
    if forecast == "consensus":
        settings = {"sales": {"rule": "sales-team", **STEADY["sales-team"]}}
    rules = {"supply_plan": "none", "safety_stock": "none", "products": {"rule": "order-up-to", "days": 7}}
    return {"name": "p", **rules, "forecast": {"rule": forecast, **settings}, **more}


@pytest.mark.parametrize("forecast", Forecast.known)
def test_a_closed_month_leaves_every_forecast_as_it_was(forecast):
    """On the first of March 310 are planned for its 31 days, as if February had not been, and nobody goes short."""
    run = simulate(company(FEBRUARY), policy(forecast))
    plans = next(run.books()).plans
    assert plans.made_in[:3] == [0, 2, 3]
    assert plans.forecast[2, 0] == pytest.approx(np.full((1, 2), 310.0))
    assert plans.forecast[0, 1] == pytest.approx(np.zeros((1, 2)))
    fill = compare(company(FEBRUARY), [policy(forecast)], replications=2).summary(["fill_rate"])["mean"][0]
    assert fill == 1.0


def test_what_was_not_worked_has_no_error():
    """Safety stock against a forecast that never errs is nothing, closed month or not."""
    held = {"safety_stock": {"rule": "demand-error", "z": 2.0}}
    for closed in ((), FEBRUARY):
        plans = next(simulate(company(closed), policy("moving-average", **held)).books()).plans
        assert plans.safety_stock[2:].max() < 1e-6


def test_a_year_whose_august_is_always_closed():
    """The season of the other months is what it is, and August's is never read: 20 a day in winter, 10 else."""
    closed = [f"{year}-08-{day:02}" for year in (2022, 2023, 2024) for day in range(1, 32)]
    season = (1.5, *(0.9,) * 10, 1.5)
    for rule in ("holt-winters", "naive"):
        more = {"seasonal": True} if rule == "naive" else {"first_year": 1.0}
        wanted = policy(rule) | {"forecast": {"rule": rule, **more}}
        plans = next(simulate(company(closed, season, months=9, history=24), wanted).books()).plans
        january = plans.forecast[0, :, 0, 0] / Days(Calendar(), 12).worked
        assert january[[0, 1, 11]] == pytest.approx([15.0, 9.0, 15.0], rel=0.06)
        assert january[7] == 0.0


def test_growth_and_season_of_a_history_leave_out_what_was_closed():
    """What doubles in a year does so with an August that is always closed and a month that is closed once."""
    exposure = np.full(24, 20.0)
    exposure[[7, 19]], exposure[14] = 0.0, 0.0
    rate = 2 ** (np.arange(24) / 12) * np.tile([1.2, 0.8, 1, 1, 1, 1, 1, 9, 1, 1, 1, 1], 2)
    found = season_patterns((exposure * rate)[:, None, None], exposure, np.arange(24) % 12, ["all"])
    assert np.exp(found.growth[0, 0]) == pytest.approx(2.0)
    assert found.season[[0, 1, 7], 0, 0] == pytest.approx([1.2, 0.8, 1.0], rel=0.03)


@pytest.mark.parametrize("case", ["closed", "season"])
@pytest.mark.parametrize("chosen", ["sop", "siloed", "order-up-to"])
def test_no_text_and_no_warning_tells_of_nothing_as_a_number(case, chosen):
    """All documents of all months: what nobody asked for has no percentage."""
    trees = (*(0.0,) * 10, 4.0, 8.0)
    one = company(FEBRUARY, months=5) if case == "closed" else company((), trees, months=13, history=24)
    run = simulate(one, chosen)
    told = ""
    for month in next(run.books()).plans.made_in:
        text = as_markdown("x", documents_of(run, month + 1))
        assert not re.search(r"\b(nan|inf)\b", text), text
        told += text
    assert ("nobody worked, and nothing fell due" if case == "closed" else "nothing fell due") in told


def test_a_run_that_begins_with_a_closed_month_has_a_budget():
    """The first cycle of the year sets it, whenever that is, and is held once."""
    january = [f"2024-01-{day:02}" for day in range(1, 32)]
    plans = next(simulate(company(january), policy("naive", meeting_days=[1, 3, 5, 7, 9])).books()).plans
    assert plans.made_in == [1, 2, 3, 4, 5, 6, 7]
    assert plans.budget[1].min() > 0


def test_meetings_beyond_the_last_working_day_are_held_on_it():
    """Of three working days a month: steps on days 1, 2 and 9 fall on the first, the second and the last, in their order."""
    open_on = ("05", "06", "07")
    closed = [f"2024-{m:02}-{d:02}" for m in (2, 3) for d in range(1, 30) if f"{d:02}" not in open_on]
    closed += ["2024-03-30", "2024-03-31"]
    days = Days(Calendar(holidays=tuple(np.datetime64(day).astype(object) for day in closed)), 4)
    assert [str(days.date(days.working_day(1, k))) for k in (1, 2, 3, 9)] == [
        "2024-02-05",
        "2024-02-06",
        "2024-02-07",
        "2024-02-07",
    ]
    steps = {"meeting_days": [1, 2, 4, 6, 9]}
    run = simulate(company(closed), policy("naive", **steps))
    plans = next(run.books()).plans
    assert plans.made_in == list(range(8))
    assert (plans.effective[1] == days.working_day(1, 3)).all()
    held = {document.name: str(document.held) for document in documents_of(run, 2)}
    assert held["demand_plan"] == "2024-02-06"
    assert held["supply_plan"] == held["executive_meeting"] == "2024-02-07"


def test_a_quarterly_cycle_whose_month_is_closed_is_held_in_the_next():
    """April is closed, so that its cycle is held in May; July is on time."""
    april = [f"2024-04-{day:02}" for day in range(1, 31)]
    plans = next(simulate(company(april), policy("naive", cycle_months=3)).books()).plans
    assert plans.made_in == [0, 4, 6]


def test_rules_that_look_a_year_back_skip_what_was_closed():
    """The sales team and the season look at the same months a year before, where they were worked."""
    run = simulate(company(FEBRUARY, months=16, history=24), policy("sales-team"))
    plans = next(run.books()).plans
    assert plans.forecast[13, 0] == pytest.approx(
        np.full((1, 2), 280.0), rel=1e-6
    )  # February 2025, closed a year before


@pytest.mark.parametrize(
    "closed", [FEBRUARY, [f"2024-08-{day:02}" for day in range(1, 32)]], ids=["february", "august"]
)
@pytest.mark.parametrize("made", [False, True], ids=["bought", "made"])
def test_nobody_goes_short_around_a_closed_month(closed, made):
    """Ten a day, five days away, fifteen days on hand: what is used a day, and what is ordered before, know no closed month.

    Use over the 60 days ahead was 5 a day where a month of them is closed, the level 60 instead of 120 and the fill rate 91 %.
    """
    one = company(closed, months=12, opening=150.0)
    if made:
        words = {**one.words, "name": "one", "components": {"part": {"opening_stock": 150.0, "unit_cost": 1.0}}}
        words["components"]["part"]["buy"] = words["products"]["k"].pop("buy")
        words["products"]["k"]["make"] = {"lead_time": 3, "bill": {"part": 1.0}}
        one = load(words)
    for chosen in (
        policy("naive", components={"rule": "order-up-to", "days": 7}),
        "chase",
        "sop",
        "order-up-to",
        "pull",
    ):
        books = next(simulate(one, chosen, 1).books())
        assert books.closing["backlog"].max() < 1e-6, chosen


def test_days_with_a_rate_pass_over_closed_months():
    """From the 30th of January twelve days are two of January and ten of March: 41 days; without a closed month 12."""
    days = Days(company(FEBRUARY).company.calendar, 4)
    assert days.rated_days(29, np.array([0, 1, 2, 12])).tolist() == [0, 1, 2, 41]
    assert days.rated_days(40, np.array([1])).tolist() == [21]  # in February: the first of March is over on day 61
    assert Days(company().company.calendar, 4).rated_days(29, np.array([12])).tolist() == [12]
