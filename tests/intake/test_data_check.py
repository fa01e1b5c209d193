"""sop data: what is kept and why, classes, lives, and real against generated demand, the worst first."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from simulator.company.intake.mapping import Wishes
from simulator.faces.cli import main
from simulator.faces.report.data_report import imported
from simulator.results.data_check import HistoryFigure, data_check


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """Two years of five products by month: two large and steady, one lumpy, one new, one gone."""
    folder = tmp_path_factory.mktemp("data")
    months = np.arange("2023-01", "2025-01", dtype="M8[M]").astype("M8[D]")
    chance = np.random.default_rng(3)
    units = {
        "steady": chance.poisson(500, 24),
        "second": chance.poisson(300, 24),
        "lumpy": np.where(np.arange(24) % 4 == 0, 40, 0),
        "new": np.where(np.arange(24) >= 20, 60, 0),
        "gone": np.where(np.arange(24) < 9, 30, 0),
    }
    lines = [f"{day},{name},{row[k]}" for name, row in units.items() for k, day in enumerate(months) if row[k]]
    (folder / "demand.csv").write_text("\n".join(["date,product,quantity", *lines]), encoding="utf-8")
    done = imported([folder / "demand.csv"], Wishes(), folder / "mine", "mine", 500)
    return folder / "mine" / "company.toml", done.scenario


def test_classes_and_lives_are_told(mine):
    found = data_check(mine[1], 20)
    table = found.table.set_index("product")
    assert table["life"].to_dict() == {"steady": "", "second": "", "lumpy": "", "new": "new", "gone": "gone"}
    assert table["class"].to_dict() == {"steady": "AX", "second": "AX", "lumpy": "CZ", "new": "CZ", "gone": "CZ"}
    said = [str(line) for line in found.sentences()]
    assert "Rows are totals by month; 20 histories were generated." in said
    assert "New in the file, with a rate of their own: new." in said
    assert "Gone before its end, and generated no more: gone." in said


def test_steady_demand_is_generated_as_it_was(mine):
    """Month by month 500 with a deviation near the root of 500: the real history is one of the generated."""
    found = data_check(mine[1], 40)
    steady = found.lines.products.index("steady")
    mean, sd, *_ = found.figures(steady)
    assert mean.alike
    assert mean.real == pytest.approx(500, rel=0.03)
    assert sd.mean == pytest.approx(22.4, rel=0.35)
    assert found.figures()[0].alike


def test_a_real_figure_outside_the_generated_ones_is_told_with_how_far():
    """Half a width is 10; 135 lies 15 beyond 120."""
    figure = HistoryFigure("x", real=135.0, mean=110.0, low=100.0, high=120.0)
    assert not figure.alike
    assert figure.off == pytest.approx(1.5)
    assert HistoryFigure("x", real=100.0, mean=110.0, low=100.0, high=120.0).alike


def test_totals_taken_for_order_lines_are_found_out(mine):
    """The check that would have told of it: one customer a month at random is nothing like a total of every month."""
    from simulator.engine.scenario import load

    wrong = data_check(load(mine[0], {"demand.history.bucket": "line"}), 20)
    steady = wrong.lines.products.index("steady")
    assert not wrong.figures(steady)[1].alike
    assert wrong.table.iloc[0]["off"] > 1


def test_the_command_answers_people_and_programs(mine):
    text = CliRunner().invoke(main, ["data", str(mine[0]), "--worst", "2"])
    assert text.exit_code == 0, text.output
    assert "all products" in text.output
    answer = json.loads(CliRunner().invoke(main, ["data", str(mine[0]), "--json"]).output)
    assert {row["product"] for row in answer["products"]} == {"steady", "second", "lumpy", "new", "gone"}
    refused = CliRunner().invoke(main, ["data", "trading"])
    assert refused.exit_code == 2
    assert "it names no file of demand" in refused.output
