"""Exchange curves: the price of a point of service, worked by hand, the picture and the command."""

from __future__ import annotations

import pandas as pd
from click.testing import CliRunner

from simulator import load
from simulator.faces.charts import exchange_curves
from simulator.faces.charts.exchange import curve_rows, finding_of
from simulator.faces.charts.look import LIGHT
from simulator.faces.cli import main
from simulator.results.exchange import price_of_service


def table(*rows: tuple[str, float, float, float, float]) -> pd.DataFrame:
    """Rows of policy, amount, fill rate, stock and profit, with intervals of a point."""
    return pd.DataFrame(
        [
            {
                "policy": policy,
                "entry": "safety_stock.z",
                "amount": amount,
                "setting": amount,
                "fill_rate": fill,
                "fill_rate_low": fill - 0.01,
                "fill_rate_high": fill + 0.01,
                "all_stock_value": stock,
                "ebit_before_absorption": profit,
            }
            for policy, amount, fill, stock, profit in rows
        ]
    )


CURVE = (
    ("sop", 0.0, 0.80, 20_000, 100_000),
    ("sop", 1.28, 0.94, 40_000, 128_000),
    ("sop", 2.0, 0.96, 47_000, 127_000),
)


def test_a_point_of_service_costs_the_slope_from_the_present_setting() -> None:
    """From z 1.28 to 2, two points for 7,000 of stock and -1,000 of profit: 3,500 and -500 a point."""
    scenario = load("trading")
    assert str(price_of_service(table(*CURVE), scenario.policy("sop"), "EUR")) == (
        "sop: from safety_stock.z 1.28 to 2 the fill rate rises from 94.0 % to 96.0 %; each point of it takes +3,500 EUR of stock "
        "and brings -500 EUR a year before absorption"
    )


def test_nothing_is_said_where_the_fill_rate_does_not_rise() -> None:
    flat = (*CURVE[:2], ("sop", 2.0, 0.94, 47_000, 127_000))
    assert price_of_service(table(*flat), load("trading").policy("sop"), "EUR") is None


def test_the_title_names_who_reaches_the_contract_with_least() -> None:
    """sop is at 95 % halfway from 40,000 to 47,000, that is at 43,500; chase at 45,000."""
    two = table(*CURVE, ("chase", 0.0, 0.90, 30_000, 90_000), ("chase", 1.0, 0.95, 45_000, 129_000))
    rows = curve_rows(two, "all_stock_value", {"sop": 1.28}, LIGHT)
    assert finding_of(rows, 95.0, "all_stock_value") == "sop reaches 95 % with the least stock"
    assert [row["now"] for row in rows] == [False, True, False, False, False]
    money = curve_rows(two, "ebit_before_absorption", {}, LIGHT)
    assert finding_of(money, 95.0, "ebit_before_absorption") == "chase earns most at 95 %"
    assert finding_of(rows, 99.0, "all_stock_value") == "No policy reaches 99 %"


def test_the_picture_shows_the_contract_and_a_line_a_policy() -> None:
    spec = exchange_curves(table(*CURVE), 0.95, "EUR", chosen={"sop": 1.28}).to_dict()
    text = str(spec)
    assert "all stock, EUR" in text
    assert "'contract': 95.0" in text


def test_a_policy_has_the_colour_of_its_place_among_all_that_are_compared() -> None:
    """Other pictures of a page count from the first policy compared, also where it has no curve."""
    spec = exchange_curves(table(*CURVE), 0.95, "EUR", order=["siloed", "sop"]).to_dict()
    scale = spec["layer"][1]["encoding"]["color"]["scale"]
    assert scale == {"domain": ["sop"], "range": [LIGHT.colours[1]]}


def test_the_command_prints_a_line_a_setting_and_the_price() -> None:
    common = ["exchange", "trading", "--policy", "sop", "--replications", "3", "--workers", "1"]
    told = CliRunner().invoke(main, common)
    assert told.exit_code == 0, told.output
    assert len([line for line in told.output.splitlines() if line.startswith("sop  ")]) == 6
    assert "each point of it takes" in told.output
