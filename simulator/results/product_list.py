"""Products as a list: class by value of use, family, service and stock under a policy; filtered, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.messages import listed, msg
from simulator.kernel.units import ScenarioError, nearest
from simulator.results.comparison import Comparison
from simulator.results.data_check import ABC, value_classes
from simulator.results.kpis import MEASURES
from simulator.results.reading.score import expected_sales

if TYPE_CHECKING:
    import pandas as pd

WORST = 20
"""Products that a list shows where nothing else is asked for."""


def product_list(found: Comparison, column: str) -> pd.DataFrame:
    """A row a product of a comparison by product: expected sales of a year, class, and the means of a column."""
    import pandas as pd

    company = found.scenario.company
    sales = expected_sales(found.scenario, "product")
    table = pd.DataFrame(
        {
            "product": [*sales],
            "name": [company.products[name].note for name in sales],
            "family": [company.products[name].family for name in sales],
            "class": value_classes([*sales.values()]),
            "sales": [*sales.values()],
        }
    )
    table["share"] = table["sales"] / max(table["sales"].sum(), 1e-9)
    for measure in dict.fromkeys(each.name for each, _ in found.rows):
        with np.errstate(all="ignore"):
            means = {
                group: float(np.mean(own[np.isfinite(own)])) if np.isfinite(own).any() else float("nan")
                for (each, group), own in zip(found.rows, found.found[column], strict=True)
                if each.name == measure
            }
        table[measure] = [means.get(name, float("nan")) for name in table["product"]]
    return table


def chosen_products(
    table: pd.DataFrame, classes: str = "", family: str = "", text: str = "", sort: str = "fill_rate", most: int = WORST
) -> pd.DataFrame:
    """The rows of some classes, of a family, with a text in code or name; the worst first, at most so many (0 is all)."""
    if family and family not in set(table["family"]):
        families = list(dict.fromkeys(table["family"]))
        raise ScenarioError(msg("there is no family {name}; {hint}", name=repr(family), hint=nearest(family, families)))
    if not set(classes.upper()) <= set(ABC):
        raise ScenarioError(
            msg("there is no class {name}; allowed are {names}", name=repr(classes), names=listed(ABC, ", "))
        )
    kept = table
    if classes:
        kept = kept[kept["class"].isin([*classes.upper()])]
    if family:
        kept = kept[kept["family"] == family]
    if text:
        words = kept["product"].astype(str) + " " + kept["name"].astype(str)
        kept = kept[words.str.contains(text, case=False, regex=False)]
    up = sort in MEASURES and MEASURES[sort].better == "higher"
    kept = kept.sort_values([sort, "sales"], ascending=[up, False], kind="stable", na_position="last")
    return (kept.head(most) if most else kept).reset_index(drop=True)


def class_sums(table: pd.DataFrame) -> pd.DataFrame:
    """A row a class: products, share of sales, fill rate weighted by sales, stock."""
    import pandas as pd

    rows = []
    for name in ABC:
        part = table[table["class"] == name]
        known = part[np.isfinite(part["fill_rate"])]
        weight = known["sales"].sum()
        fill = float((known["fill_rate"] * known["sales"]).sum() / weight) if weight > 0 else float("nan")
        stock = float(part["stock_value"].sum()) if "stock_value" in part else float("nan")
        rows.append((name, len(part), float(part["share"].sum()), fill, stock))
    return pd.DataFrame(rows, columns=["class", "products", "share", "fill_rate", "stock_value"])
