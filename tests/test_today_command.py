"""From today: a position of hand-worked days, the chance that it runs out, and the command."""

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simulator import load
from simulator.faces.cli import main
from simulator.kernel.messages import from_data
from simulator.results.run_out import first_day, from_today, run_out
from simulator.results.run_out_words import about_today, begin_words, run_out_sentence
from tests.engine.test_start_within_a_month import POLICY, WEDNESDAY, shop

OWED = [{"product": "k", "segment": "s", "due": dt.date(2024, 5, 2), "quantity": 30.0}]
COMING = [{"item": "k", "due": dt.date(2024, 5, 25), "quantity": 400.0}]


@pytest.fixture(scope="module")
def found():
    case = from_today(shop(open_purchases=COMING, open_orders=OWED), months=3)
    return run_out(case, [{"name": "weekly", **POLICY}], replications=2)


def test_first_days():
    """Column by column: on day 1, on day 0, never."""
    assert first_day(np.array([[0, 1, 0], [1, 1, 0]], dtype=bool)).tolist() == [1, 0, 2]


def test_a_position_runs_out_on_the_day_worked_by_hand(found):
    """100 less 40 on Wednesday and 10 a weekday are gone on Thursday the 23rd; on Friday the 24th somebody waits."""
    row = found.table().iloc[0]
    assert (row.on_hand, row.on_its_way, row.owed) == (100.0, 400.0, 30.0)
    assert (row.chance, row.chance_in_first_month, row.early, row.likely) == (1.0, 1.0, *2 * [dt.date(2024, 5, 24)])
    assert row.chance_low == pytest.approx(0.342, abs=0.001)  # Wilson, 2 of 2: 2 / (2 + 1.96^2)


def test_a_product_that_lasts_does_not_run_out():
    """600 units outlast 56 working days of ten each."""
    case = shop(products={"k": {**shop().words["products"]["k"], "opening_stock": 600}})
    row = run_out(from_today(case, 3), [{"name": "weekly", **POLICY}], replications=2).table().iloc[0]
    assert (row.chance, row.early, row.likely) == (0.0, None, None)
    assert row.cover_days == pytest.approx(60.0)


def test_the_warm_up_is_no_part_of_it(found):
    assert (found.scenario.experiment.warm_up, found.scenario.days.months) == (0, 3)
    assert found.scenario.days.date(0) == WEDNESDAY


def test_the_command_says_it_in_a_sentence():
    words = ["today", "giftware", "--policy", "sop", "--replications", "2", "--ahead", "2", "--rows", "2"]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 0, told.output
    assert "sop: runs out" in told.output
    assert "Under sop" in told.output


def test_the_command_refuses_no_months():
    told = CliRunner().invoke(main, ["today", "giftware", "--ahead", "0"])
    assert told.exit_code == 2
    assert "0 is not in the range 1<=x<=24" in told.output


def test_the_page_keeps_what_the_command_says(tmp_path):
    """Table and sentences of the answer are those of `sop today`."""
    from dashboard.case import Case
    from dashboard.kinds import play_from_today
    from dashboard.results import from_first_day

    ask = replace(from_first_day(Case("trading"), ("sop",), 2), replications=2)
    play_from_today(ask, tmp_path)
    found = run_out(from_today(load("trading"), 2), ["sop"], replications=2)
    kept = pd.read_parquet(tmp_path / "products.parquet")
    assert kept["chance"].tolist() == found.table()["chance"].tolist()
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert [str(from_data(line)) for line in told] == [
        str(line) for line in (about_today(found), run_out_sentence(found, "sop"), *begin_words(found.scenario))
    ]
