"""Safety stock by formula: the answer, the formula with the numbers in it, and every product at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from dashboard.case import Case, scenario_of
from dashboard.controls import language, own_name, say
from dashboard.words import figures
from simulator.studies import buffers
from simulator.studies.stock_words import STOCK_COLUMNS, stock_cells

if TYPE_CHECKING:
    import pandas as pd

POINTS = 120


@dataclass(frozen=True)
class StockForTarget:
    """The stock for a target: the numbers it rests on, the level to order up to, and what that gives."""

    numbers: dict[str, float]
    review: int
    cycle: bool
    at_risk: float
    spread: float
    level: float
    expected: float
    fill: float
    covered: float
    on_hand: float
    lumpy: bool

    @property
    def safety_stock(self) -> float:
        """The stock held beyond expected demand."""
        return self.level - self.expected

    @property
    def service(self) -> float:
        """The service that was asked for."""
        return self.covered if self.cycle else self.fill

    def sentence(self, target: float) -> str:
        """The answer in words."""
        kind = say("Cycle service") if self.cycle else say("Fill rate")
        daily = self.numbers["mean"]
        slots = {
            "kind": kind,
            "target": figures.figure_text(target, "share", "", language()),
            "stock": figures.decimal_text(self.safety_stock, 0, language()),
            "days": figures.decimal_text(self.safety_stock / daily, 1, language()),
            "fill": figures.figure_text(self.fill, "share", "", language()),
            "covered": figures.figure_text(self.covered, "share", "", language()),
        }
        return say(
            "**{kind} of {target} takes a safety stock of {stock} units, {days} days of demand.** It serves "
            "{fill} of demand on the day, and {covered} of cycles end without a stock-out.",
            **slots,
        )

    def density(self) -> list[dict[str, Any]]:
        """Compute the density of demand over the days at risk: normal, or gamma where it is lumpy."""
        least, most = max(0.0, self.expected - 4 * self.spread), max(self.expected + 4 * self.spread, self.level)
        grid = np.union1d(np.linspace(least, most, POINTS), [self.level] if self.level > 0 else [])
        if self.lumpy and self.expected > 0:
            from scipy.stats import gamma

            middle = np.maximum(grid, most / POINTS / 4)  # at nothing at all the law of rare demand has no end
            height = gamma.pdf(middle, (self.expected / self.spread) ** 2, scale=self.spread**2 / self.expected)
        else:
            height = np.exp(-0.5 * ((grid - self.expected) / max(self.spread, 1e-9)) ** 2)
        return [{"demand": float(x), "density": float(y)} for x, y in zip(grid, height, strict=True)]


def stock_for_target(numbers: dict[str, float], review: int, target: float, cycle: bool) -> StockForTarget:
    """The level for a target, as `sop stock` and the fill-rate target of a policy work it out."""
    mean, at_risk = numbers["mean"], numbers["lead_time"] + review - 1
    level = buffers.level_for(numbers, review, target, cycle)
    told = buffers.promised(level, numbers, review)
    spread, lumpy = buffers.spread_at_risk(numbers, at_risk), buffers.is_lumpy(numbers, at_risk)
    fill, covered, on_hand = (told[name] for name in ("fill_formula", "cycle_formula", "stock_formula"))
    return StockForTarget(numbers, review, cycle, at_risk, spread, level, mean * at_risk, fill, covered, on_hand, lumpy)


def stock_tiles(found: StockForTarget, cost: float, currency: str) -> None:
    """The answer in figures."""
    code = language()
    columns = [*st.columns(2), *st.columns(2)]
    columns[0].metric(
        say("Safety stock"),
        f"{figures.decimal_text(found.safety_stock, 0, code)} {say('units')}",
        border=True,
        help=say("Order-up-to level less expected demand over the protection interval: review period and lead time."),
    )
    columns[1].metric(
        say("Order-up-to level"),
        f"{figures.decimal_text(found.level, 0, code)} {say('units')}",
        border=True,
        help=say("Each review orders so much that stock on hand and on order reaches it."),
    )
    columns[2].metric(
        say("Mean stock"),
        f"{figures.decimal_text(found.on_hand, 0, code)} {say('units')}",
        border=True,
        help=say("On hand at day's end, averaged over a cycle."),
    )
    worth = figures.with_half(found.safety_stock * cost, 0.0, "money", currency, code)
    columns[3].metric(
        say("Safety stock at cost"), worth.split(" ±")[0] + f" {currency}", border=True, help=say("At standard cost.")
    )


def formula(found: StockForTarget, target: float) -> None:
    """The formula with the numbers in it."""
    n = found.numbers
    st.latex(
        rf"\sigma_{{R+L}} = \sqrt{{({n['lead_time']:g} + {found.review} - 1)\cdot {n['sd']:.4g}^2 + "
        rf"{n['mean']:.4g}^2\cdot {n['lead_time_sd']:.4g}^2}} = {found.spread:,.1f}"
    )
    if found.cycle and not found.lumpy:
        st.latex(rf"SS = \Phi^{{-1}}({target:.3f})\cdot {found.spread:,.1f} = {found.safety_stock:,.0f}")
        st.caption(
            say(
                "Cycle service: the safety factor of the target times the standard deviation of demand over the "
                "protection interval (Silver, Pyke & Thomas 2017)."
            )
        )
    elif found.cycle:
        st.latex(
            rf"P(D_{{R+L}} > {found.level:,.0f}) = {1 - target:.3f} \;\Rightarrow\; SS = {found.safety_stock:,.0f}"
        )
        st.caption(say("Cycle service by the gamma law, since no normal law holds for demand as uneven as this."))
    elif found.lumpy:
        st.latex(
            rf"1-\beta = \frac{{E(D_{{R+L}}-S)^+ - E(D_{{L}}-S)^+}}{{\mu R}} = {1 - target:.3f} "
            rf"\;\Rightarrow\; S = {found.level:,.0f},\; SS = {found.safety_stock:,.0f}"
        )
        st.caption(
            say(
                "Fill rate: expected shortage a cycle over demand a cycle, by the gamma law (Burgin 1975), since no normal "
                "law holds for demand as uneven as this."
            )
        )
    else:
        st.latex(
            rf"1-\beta = \frac{{\sigma_{{R+L}}\,G(k) - \sigma_{{L}}\,G(k')}}{{\mu R}} = {1 - target:.3f} "
            rf"\;\Rightarrow\; k = {found.safety_stock / max(found.spread, 1e-9):.2f},\; SS = "
            rf"{found.safety_stock:,.0f}"
        )
        st.caption(
            say(
                "Fill rate: expected shortage a cycle over demand a cycle, G the standard normal loss (Silver, Pyke "
                "& Thomas 2017; Teunter 2009). Taking the quantile of the target instead is the classic slip."
            )
        )


def every_product(
    products: pd.DataFrame, target: float, cycle: bool, review: int, case: Case, currency: str
) -> pd.DataFrame:
    """Work out the stock of every product for one target."""
    import pandas as pd

    items = scenario_of(case).company.products
    rows = []
    for row in products.to_dict("records"):
        numbers = {name: float(row[name]) for name in ("mean", "sd", "lead_time", "lead_time_sd")}
        if numbers["mean"] <= 0:
            continue
        found = stock_for_target({**numbers, "lead_time": max(1.0, numbers["lead_time"])}, review, target, cycle)
        cost = found.safety_stock * items[row["product"]].unit_cost
        rows.append(
            {
                say("Product"): own_name(row["product"]),
                say("Family"): own_name(row["family"]),
                say("Class"): f"{row['abc']}{row['xyz']}",
                say("Mean daily demand"): round(numbers["mean"], 1),
                say("Standard deviation a day"): round(numbers["sd"], 1),
                say("Lead time, days"): round(numbers["lead_time"], 1),
                say("On hand today"): known(row.get("today")),
                say("Safety stock now"): known(row.get("safety_now")),
                say("Safety stock"): round(found.safety_stock),
                say("Change"): known(found.safety_stock - row.get("safety_now", np.nan)),
                say("In days of supply"): round(found.safety_stock / numbers["mean"], 1),
                say("At cost, {currency}", currency=currency): round(cost),
            }
        )
    return pd.DataFrame(rows)


def known(figure: float | None) -> int | None:
    """A whole figure; nothing where there is none."""
    return None if figure is None or np.isnan(figure) else round(figure)


SHOWN_IN_COMPANY = (
    "product", "name", "class", "on_hand_today", "safety_stock_now", "safety_stock", "change", "order_point", "order_quantity",
    "value_now", "value", "cover_now", "cover", "service_now", "service", "service_half", "says", "binds",
)  # fmt: skip
"""Columns of the settings in the whole company that the page has room for."""


def in_company(table: pd.DataFrame) -> pd.DataFrame:
    """Settings of every product and what they do in the whole company, under the reader's headings; shares in percent."""
    import pandas as pd

    def write(column: Any, value: Any) -> Any:
        if column.kind == "text":
            return own_name(str(value)) if column.key in ("product", "name") else str(value)
        if np.isnan(value):
            return None
        return round(100 * value, 1) if column.kind == "share" else round(value, 1 if column.kind == "days" else 0)

    heads = {column.key: say(column.head) + (", %" if column.kind == "share" else "") for column in STOCK_COLUMNS}
    rows = stock_cells(table, write)
    found = pd.DataFrame(rows, columns=[*heads])
    return found[[*SHOWN_IN_COMPANY]].rename(
        columns={key: heads[key][:1].upper() + heads[key][1:] for key in SHOWN_IN_COMPANY}
    )


def rows_as_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a table."""
    import pandas as pd

    return pd.DataFrame(rows)


def curve_points(
    table: pd.DataFrame, cycle: bool
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]], tuple[str, str]]:
    """The formula's curve, what simulation found in each world, and the words of the axes."""
    kind = "cycle" if cycle else "fill"
    first = table[table["world"] == "formula"]
    curve = [
        {"stock": row["safety_stock"], "service": row[f"{kind}_formula"] * 100} for row in first.to_dict("records")
    ]
    worlds = {
        "formula": say("Demand as the formula takes it"),
        "company": say("Demand as this company's customers order"),
    }
    found = {
        name: [
            {
                "stock": r["safety_stock"],
                "service": r[kind] * 100,
                "low": r[f"{kind}_low"] * 100,
                "high": r[f"{kind}_high"] * 100,
            }
            for r in table[table["world"] == world].to_dict("records")
        ]
        for world, name in worlds.items()
    }
    title = say("cycle service, %") if cycle else say("fill rate, %")
    return curve, found, (say("safety stock, units"), title)


def reach(table: pd.DataFrame, cycle: bool) -> tuple[float, float]:
    """The service that both worlds span, so that their pictures share a scale."""
    kind = "cycle" if cycle else "fill"
    least = min(float(table[name].min()) for name in (f"{kind}_formula", f"{kind}_low"))
    return max(0.0, 100 * least - 1), 100.0


def verdict(table: pd.DataFrame, cycle: bool, safety_stock: float) -> str:
    """Tell how far the formula is off around the answer, and at most, in its own world and in the company's."""
    kind = "cycle" if cycle else "fill"
    off = table.assign(
        off=(table[kind] - table[f"{kind}_formula"]).abs() * 100, far=(table["safety_stock"] - safety_stock).abs()
    )
    near = {world: part.nsmallest(2, "far")["off"].max() for world, part in off.groupby("world")}
    return say(
        "At the two levels next to this answer the formula's service differs from the simulated one by **{own} percentage "
        "points** with demand as the formula takes it and by **{real} percentage points** with this company's demand; over "
        "all seven levels by up to {most}.",
        own=figures.decimal_text(near["formula"], 1, language()),
        real=figures.decimal_text(near["company"], 1, language()),
        most=figures.decimal_text(float(off["off"].max()), 1, language()),
    )
