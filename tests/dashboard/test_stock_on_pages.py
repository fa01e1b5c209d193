"""The safety-stock lab: every product by formula with what is held now; then the same settings in the whole company."""

import json

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from reader import open_page

from dashboard.asks import Ask
from dashboard.case import Case
from dashboard.kinds import know_demand, set_stock
from dashboard.parts import buffer
from simulator.kernel.messages import from_data, speaking, written

SHORT = Case("trading", (("experiment.months", "6"), ("experiment.warm_up", "4")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What a run of two replications leaves."""
    place = tmp_path_factory.mktemp("stock")
    set_stock(Ask("stock", SHORT, (), 2, 1, (("review", 14), ("service", 0.9))), place)
    return place


def test_table_sentences_and_workbooks_say_the_same(folder):
    """In both languages; a review of two weeks after 45 days of lead time protects for 58."""
    table = pd.read_parquet(folder / "stock.parquet")
    lines = [from_data(each) for each in json.loads((folder / "told.json").read_text(encoding="utf-8"))]
    assert table["protection_days"].tolist() == [58]
    for code, sheet in (("en", "All figures"), ("zh", "全部数字")):
        book = CalamineWorkbook.from_path(folder / f"answer-{code}.xlsx")
        assert book.sheet_names[2] == sheet
        _, row = book.get_sheet_by_name(sheet).to_python()
        assert row[5] == table["safety_stock"].iloc[0]
        with speaking(code):
            assert any(
                written(lines[1]) == cells[0].rstrip("。") + ("。" if code == "zh" else "")
                for cells in book.get_sheet_by_name(book.sheet_names[0]).to_python()
            )


def test_the_page_shows_shares_in_percent(folder):
    """And leaves a cell empty where there is no figure."""
    table = pd.read_parquet(folder / "stock.parquet")
    shown = buffer.in_company(table.assign(on_hand_today=float("nan")))
    assert shown["Fill rate then, %"].tolist() == [round(100 * table["service"].iloc[0], 1)]
    assert shown["On hand today"].isna().all()


def test_every_product_is_told_with_what_is_held_now(tmp_path):
    """The change is the difference of the two columns beside it."""
    know_demand(Ask("demand", SHORT, (), 2, 1), tmp_path)
    products = pd.read_parquet(tmp_path / "products.parquet")
    shown = buffer.every_product(products, 0.97, False, 7, SHORT, "EUR")
    assert shown["On hand today"].tolist() == [7500]
    assert shown["Change"].iloc[0] == pytest.approx(
        shown["Safety stock"].iloc[0] - shown["Safety stock now"].iloc[0], abs=1
    )


def test_the_lab_offers_to_try_its_settings_in_the_whole_company():
    """Beside the table of every product, for the fill rate only."""
    at = open_page("lab")
    at.session_state["lab tabs"] = "Every product"
    at.run()
    assert "These settings in the whole company" in [each.value for each in at.subheader]
    at.session_state["service"] = "cycle"
    at.session_state["lab tabs"] = "Every product"
    at.run()
    assert any("Choose the fill rate" in each.value for each in at.info)
