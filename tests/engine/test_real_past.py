"""The real past is the past: planners who replay or run on from a file know its months before the run, and none after."""

import datetime as dt

import numpy as np
import pytest
import tomlkit

from simulator import simulate
from simulator.engine.play import weather_for
from simulator.engine.scenario import load

MONTHS = np.arange("2022-01", "2024-01", dtype="M8[M]").astype("M8[D]")
YEAR_ONE, YEAR_TWO = [100 + 10 * k for k in range(12)], [400 + k for k in range(12)]


@pytest.fixture
def company(tmp_path):
    """Write a company with monthly totals, and load it with its run from a month on."""

    def write(start, mode, second=YEAR_TWO, history=12, months=12):
        rows = zip(MONTHS, [*YEAR_ONE, *second], strict=True)
        lines = [f"{day},a,{units}" for day, units in rows]
        (tmp_path / "demand.csv").write_text("\n".join(["date,product,quantity", *lines]), encoding="utf-8")
        buy = {"supplier": "s", "lead_time": {"law": "constant", "mean": 5}}
        told = {
            "calendar": {"start": dt.date.fromisoformat(start)},
            "products": {"a": {"price": 2.0, "unit_cost": 1.0, "opening_stock": 150, "buy": buy}},
            "suppliers": {"s": {}},
            "segments": {"all": {"lead_time": 1, "patience": 5}},
            "demand": {"history": {"file": "demand.csv", "bucket": "month", "mode": mode}},
            "experiment": {"months": months, "warm_up": 0, "history": history, "replications": 2},
        }
        path = tmp_path / "one.toml"
        path.write_text(tomlkit.dumps(told), encoding="utf-8")
        return load(path)

    return write


@pytest.mark.parametrize("mode", ["replay", "fitted"])
def test_planners_know_the_real_year_before(company, mode):
    """Year two with year one in the file: what is known before the first day is year one, to the unit, in every replication."""
    scenario = company("2023-01-01", mode)
    past = weather_for(scenario, 1, [0, 1, 2]).past
    assert past[:, 0].T.tolist() == [YEAR_ONE] * 3
    assert scenario.experiment.history == 12
    assert "The months 2022-01 to 2022-12 before the run are the past that planners know." in map(str, scenario.notes)


def test_a_replay_of_year_two_plans_from_the_first_month_on(company):
    """Without a past nothing was ordered until the second month; with it the first order is there on the sixth day."""
    run = simulate(company("2023-01-01", "replay", [210] * 12), policy="order-up-to", replications=2)
    measures = run.measures().set_index("measure").value
    assert measures["fill_rate"].min() > 0.95


def test_nothing_after_the_start_is_fitted(company):
    """Ten times as much in year two changes neither the generator nor the past of a run that begins with it."""
    told, other = (company("2023-01-01", "fitted", [factor * units for units in YEAR_TWO]) for factor in (1, 10))
    assert told.company.demand.everyday == other.company.demand.everyday
    assert "Fitted to the months before the run; the 12 later ones are not used." in map(str, told.notes)


def test_older_months_than_the_file_has_are_drawn_in_a_fitted_run_and_unknown_in_a_replay(company):
    replayed = company("2023-01-01", "replay", history=24)
    assert replayed.experiment.history == 12
    past = weather_for(company("2023-01-01", "fitted", history=24), 1, [0, 1]).past
    assert past[12:, 0, 0].tolist() == YEAR_ONE
    assert past.shape[0] == 24


def test_who_has_no_past_is_told(company):
    assert company("2022-01-01", "replay").experiment.history == 0
    assert any(
        "begins with the run: planners replay it without a past" in f"{r}"
        for r in company("2022-01-01", "replay").assumed
    )
    late = company("2024-06-01", "fitted")
    assert late.past is None
    assert any("ends in 2023-12, 5 months before the run" in f"{remark}" for remark in late.assumed)
