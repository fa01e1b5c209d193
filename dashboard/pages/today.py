"""From today: what do the next months bring, and which product runs out when?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import controls, downloads, export, jobs, results, show
from dashboard.asks import Ask
from dashboard.case import scenario_of
from dashboard.controls import language, say, tell
from dashboard.kinds import row_count
from dashboard.look import called, header, in_names, policy_name, product_name
from dashboard.words import as_it_stands, figures
from simulator.engine.scenario import preset_names
from simulator.kernel.messages import from_data
from simulator.results.run_out import FARES, MONTHS_AHEAD, fare_title, fare_unit

if TYPE_CHECKING:
    import pandas as pd

AT_ONCE, FURTHEST = 3, 24
"""Policies and months that the page shows at most."""


def main() -> None:
    """Choose, ask, show."""
    header(
        say("From today"),
        say("What do the next months bring, and which product runs out when?"),
        st.session_state["case"],
    )
    ask = choose()
    scenario = scenario_of(ask.case)
    months = int(dict(ask.more)["ahead"])
    seconds = jobs.seconds(len(ask.policies), ask.replications, months, row_count(scenario))
    if not show.offer_answer(ask, seconds, begin=True):
        return
    about, *told = (from_data(line) for line in results.noted(ask, "told.json"))
    for sentence in told[: len(ask.policies)]:
        st.markdown(f"**{as_it_stands(tell(in_names(ask, sentence)))}**")
    for sentence in [*told[len(ask.policies) :], about]:
        st.caption(as_it_stands(tell(sentence)))
    fares = fares_table(results.table(ask, "fares"), scenario.company.currency, months)
    st.dataframe(fares, hide_index=True, key="fares")
    st.subheader(say("When does which product run out?"), anchor=False)
    st.caption(
        say(
            "Runs out: the share of the possible futures in which a customer is not served on the day. By a date it has happened in one of "
            "ten of them, and in one of two."
        )
    )
    products = products_table(results.table(ask, "products"), ask)
    chances = {
        name: st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)
        for name in products.columns
        if name.endswith(say("runs out"))
    }
    st.dataframe(products, hide_index=True, key="run out", column_config=chances)
    with st.container(horizontal=True):
        downloads.answer_files("from-today", lambda ending: downloads.today_file(ask, ending))
        show.save(say("CSV"), lambda: export.csv(products), "from-today.csv", "text/csv")


def choose() -> Ask:
    """Choose policies and months; today is the first day of the company's calendar."""
    scenario = scenario_of(st.session_state["case"])
    options = list(dict.fromkeys([*scenario.policies, *preset_names(), *controls.made_policies()]))
    usual = [name for name in dict.fromkeys([results.usual_policies(scenario)[0], "sop"]) if name in options]
    left, right = st.columns([3, 1])
    controls.remembered("from-today", usual, controls.some_of(options, 1, AT_ONCE))
    with left:
        picked = controls.drawn(
            "from-today",
            lambda: st.multiselect(
                say("Policies"),
                options,
                format_func=called(options, policy_name),
                key="from-today",
                max_selections=AT_ONCE,
                help=say("Each is played from the stock, the open purchases and the open orders of the first day."),
            ),
        )
    with right:
        words = say("Months from the first day on, all of them counted: {day}.", day=scenario.company.calendar.start)
        ahead = controls.number_input("ahead-of-today", say("Months"), MONTHS_AHEAD, 1, FURTHEST, words)
    return results.from_first_day(st.session_state["case"], tuple(picked or usual), int(ahead))


def fares_table(table: pd.DataFrame, currency: str, months: int) -> pd.DataFrame:
    """A line a policy: service, what is owed, stock, cash and profit of these months, each with its interval."""
    import pandas as pd

    def cell(row: Any) -> str:
        unit = fare_unit(row["measure"])
        return figures.level({**row, "unit": unit}, currency, language(), bare=unit.startswith("money"))

    rows: dict[str, dict[str, str]] = {}
    for row in table.to_dict("records"):
        rows.setdefault(str(row["policy"]), {})[str(row["measure"])] = cell(row)
    heads = {
        name: f"{tell(fare_title(name, months))}, {figures.unit_of(fare_unit(name), currency, language())}"
        for name in FARES
    }
    return pd.DataFrame(
        [
            {say("Policy"): policy_name(policy), **{heads[name]: row[name] for name in FARES}}
            for policy, row in rows.items()
        ]
    )


def products_table(table: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """A line a product: position today, and under each policy the chance to run out and by which dates."""
    import pandas as pd

    company = scenario_of(ask.case).company
    first = table[table["policy"] == ask.policies[0]]
    lines = pd.DataFrame({say("Product"): [product_name(company, name) for name in first["product"]]})
    heads = {
        "on_hand": say("on hand"),
        "on_its_way": say("on its way"),
        "owed": say("owed"),
        "cover_days": say("days of cover"),
    }
    for key, head in heads.items():
        lines[head] = first[key].round(0).to_numpy()
    for policy in ask.policies:
        mine = table[table["policy"] == policy].set_index("product").loc[first["product"]]
        name = policy_name(policy)
        lines[f"{name}: {say('runs out')}"] = mine["chance"].to_numpy()
        lines[f"{name}: {say('1 in 10 by')}"] = mine["early"].to_numpy()
        lines[f"{name}: {say('1 in 2 by')}"] = mine["likely"].to_numpy()
    return lines


main()
