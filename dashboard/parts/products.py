"""Products of a comparison as a list: class, family, service and stock under a policy; filtered, the worst first."""

from __future__ import annotations

import streamlit as st

from dashboard import export, results, show
from dashboard.asks import Ask
from dashboard.case import scenario_of
from dashboard.controls import say, tell
from dashboard.look import called, family_name, policy_name
from simulator.faces.answer.definition import FIGURE, SHARE, Table
from simulator.faces.answer.of_products import below_contract, table_of_products
from simulator.kernel.messages import capital, msg
from simulator.results.kpis import MEASURES
from simulator.results.product_list import ABC, WORST, chosen_products, class_sums, product_list

SORTED = ("fill_rate", "stock_value", "days_of_supply", "backlog_value", "sales")


def products_of(ask: Ask, policy: str) -> None:
    """The list of a policy: by class, then the products asked for."""
    found = results.comparison(ask, "product")
    scenario, every = scenario_of(ask.case), product_list(found, policy)
    currency = scenario.company.currency
    st.caption(f"{policy_name(policy)}: {tell(below_contract(found, every))}")
    shown_table(table_of_products(class_sums(every), currency, msg("classes"), msg("classes")), "classes")
    first, second, third, fourth, fifth = st.columns(5)
    classes = first.multiselect(say("Class"), list(ABC), key="list classes", placeholder=say("all"))
    families = ["", *dict.fromkeys(every["family"])]
    family = second.selectbox(
        say("Family"), families, key="list family", format_func=lambda name: family_name(name or "total")
    )
    text = third.text_input(say("Code or name holds"), key="list text", max_chars=60)
    sort = fourth.selectbox(say("Worst in"), list(SORTED), key="list sort", format_func=called(SORTED, _sorted_name))
    most = fifth.number_input(say("Products shown"), 0, 5_000, WORST, key="list most", help=say("0 shows all."))
    shown = chosen_products(every, "".join(classes), family or "", text.strip(), sort or "fill_rate", int(most or 0))
    shown_table(table_of_products(shown, currency, msg("worst"), msg("worst")), "worst")
    show.save(say("CSV"), lambda: export.csv(shown), "products.csv", "text/csv")


def _sorted_name(name: str) -> str:
    return tell(MEASURES[name].title) if name in MEASURES else say("Sales a year")


def shown_table(table: Table, key: str) -> None:
    """A table of plain values with the formats of its columns, which the reader can sort and search."""
    import pandas as pd

    heads = [tell(capital(column.head)) for column in table.columns]
    forms = {
        head: st.column_config.NumberColumn(format="percent" if column.form == SHARE else "localized")
        for head, column in zip(heads, table.columns, strict=True)
        if column.form in (SHARE, FIGURE)
    }
    frame = pd.DataFrame(list(table.rows), columns=heads)
    for head, column in zip(heads, table.columns, strict=True):
        if column.form in (SHARE, FIGURE):
            frame[head] = frame[head].astype(float).round(column.places + (2 if column.form == SHARE else 0))
    st.dataframe(frame, hide_index=True, column_config=forms, width="stretch", key=f"list of {key}")
