"""The reference company and its order lines, read once for all tests of this folder."""

import json
import tomllib
from pathlib import Path

import pytest

from simulator.company import Company
from simulator.company.history import read_lines
from simulator.company.treatment import LineRules

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


@pytest.fixture(scope="session")
def company():
    """The reference company as its file says it, without a generator."""
    words = tomllib.loads((SCENARIOS / "giftware.toml").read_text(encoding="utf-8"))
    words.pop("experiment"), words.pop("names")
    return Company.model_validate_json(json.dumps({**words.pop("company"), **words}, default=str))


@pytest.fixture(scope="session")
def lines(company):
    """Its order lines, the product axis in the order of the company."""
    history = company.demand.history
    rules = LineRules(bucket="line", equal_lines="drop", cancelled="C", unpriced="drop")
    return read_lines(SCENARIOS / history.file, company.calendar, [*company.products], history.key_account_units, rules)


@pytest.fixture
def write(tmp_path):
    """Write a file of order lines and give its path."""

    def write(*rows, header="invoice,invoiced_at,product,quantity,unit_price,customer"):
        path = tmp_path / "orders.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write
