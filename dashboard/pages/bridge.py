"""Value bridge: what is S&OP worth, and which step of it?"""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import controls, downloads, export, jobs, results, show
from dashboard.asks import Ask, differing, policy_of
from dashboard.case import scenario_of
from dashboard.controls import say, tell
from dashboard.kinds import row_count
from dashboard.look import called, header, look, look_at, look_at_the_rest, policy_name
from dashboard.parts import ladder, presentation
from dashboard.parts.at_service import AS_RUN, EQUAL, how_compared
from dashboard.tables import in_words
from dashboard.words import as_it_stands, figures
from simulator.engine.scenario import preset_names
from simulator.faces import charts
from simulator.faces.charts.look import unit_words
from simulator.kernel.messages import Value, number, with_texts
from simulator.kernel.units import ScenarioError
from simulator.results.elements import blocks_of, chosen_elements, refuse_alike
from simulator.results.equal_bridge import tuning_numbers
from simulator.results.kpis import MEASURES
from simulator.results.reading.score import expected_sales
from simulator.theory.shares import coalitions


def main() -> None:
    """Choose, ask, show."""
    if presentation.is_on():
        presented()
        return
    header(say("Value bridge"), say("What is S&OP worth, and which step of it?"), st.session_state["case"])
    ask = choose_policies()
    if not leads_somewhere(ask):
        return
    if not show.offer_answer(ask, seconds(ask)):
        st.info(
            say(
                "The bridge runs every combination of the elements on the same luck, so it takes minutes; it is "
                "computed once for all readers."
            )
        )
        return
    bars, told = results.table(ask, "bars"), results.told_of_bridge(ask)
    currency = scenario_of(ask.case).company.currency
    look_at_the_rest(results.kept_cautions(ask), st.session_state["case"])
    said_in_lines(
        [
            with_texts(sentence, lambda text: policy_name(text) if text in ask.policies else text)
            for sentence in told["whole"]
        ]
    )
    measure = measure_input(list(dict.fromkeys(bars["measure"])))
    st.markdown(ladder.bridge_conclusion(bars, measure, currency))
    picture(ask, measure, currency)
    said_in_lines(told["blocks"])
    with st.expander(say("Why each element is worth what it is"), icon=":material/help:"):
        said_in_lines(told["elements"])
    what_changes()
    take_along(ask)


def said_in_lines(told: list[Value]) -> None:
    """Sentences, a line each."""
    for sentence in told:
        st.markdown(as_it_stands(tell(sentence)))


def leads_somewhere(ask: Ask) -> bool:
    """Tell if there is anything to bridge between two policies, and what to do if there is not."""
    scenario = scenario_of(ask.case)
    try:
        refuse_alike(*(policy_of(scenario, name) for name in ask.policies))
    except ScenarioError as problem:
        st.info(tell(problem.text))
        return False
    return True


def seconds(ask: Ask) -> float:
    """Estimate the time of a bridge."""
    scenario = scenario_of(ask.case)
    switched = chosen_elements(differing(scenario, *ask.policies))
    many = len(coalitions([block.elements for block in blocks_of(switched)]))
    months, rows = scenario.experiment.months, row_count(scenario)
    tuning = jobs.seconds(many, 2 * len(tuning_numbers(range(ask.replications))), months, rows)
    return jobs.seconds(many, ask.replications, months, rows) + (tuning if "at" in dict(ask.more) else 0.0)


def bridge_policies() -> list[str]:
    """Policies that a bridge may begin or end with."""
    scenario = scenario_of(st.session_state["case"])
    return list(dict.fromkeys([*scenario.policies, *preset_names(), *controls.made_policies()]))


def choose_policies() -> Ask:
    """From which policy to which one."""
    columns = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
    options, found = bridge_policies(), []
    for column, key, usual, label in (
        (columns[0], "from", "siloed", say("From")),
        (columns[1], "to", "sop-smoothed", say("To")),
    ):
        controls.remembered(key, usual, controls.one_of(options))
        with column:
            found.append(
                controls.drawn(
                    key,
                    lambda key=key, label=label: st.selectbox(
                        label, options, format_func=called(options, policy_name), key=key
                    ),
                )
            )
    with columns[2]:
        words = say("Runs of each combination, all on the same luck.")
        n = controls.number_input("runs", say("Replications"), results.RUNS_OF_A_BRIDGE, 5, 200, words)
    with columns[3]:
        presentation.offer()
    equal = how_compared(scenario_of(st.session_state["case"]).experiment.service_target)
    ask = results.first_bridge(st.session_state["case"], int(n), equal)
    return Ask(ask.kind, ask.case, (found[0], found[1]), ask.replications, ask.seed, ask.more)


def measure_input(names: list[str]) -> str:
    """Choose the measure of the bridge."""
    controls.remembered("worth", names[0], controls.one_of(names))
    label = say("Measure")
    return controls.drawn(
        "worth",
        lambda: st.segmented_control(
            label,
            names,
            format_func=called(names, lambda name: tell(MEASURES[name].title)),
            key="worth",
            required=True,
        ),
    )


def picture(ask: Ask, measure: str, currency: str) -> None:
    """The waterfall of the blocks, that of the elements, the three readings, and the ladder."""
    bars, blocks = results.table(ask, "bars"), results.table(ask, "blocks")
    part, of_blocks = (table[table["measure"] == measure] for table in (bars, blocks))
    title = f"{tell(MEASURES[measure].title)}, {unit_words(MEASURES[measure].unit, currency, look())}"
    st.caption(show.help_on(measure))
    whole, falls, readings, steps = st.tabs(
        [say("Four blocks"), say("Worth of each element"), say("Three readings"), say("One after the other")]
    )
    for tab, key, table in ((whole, "blocks", of_blocks), (falls, "bridge", part)):
        with tab:
            waterfall(ask, key, table, title, currency)
    with readings:
        st.dataframe(ladder.readings_table(of_blocks, part, currency), hide_index=True)
        st.caption(
            say(
                "Worth: on average over all orders of switching on. Only this: what it adds to the first policy by itself. All but "
                "this: what is lost where all others are there and it is not."
            )
        )
    with steps:
        rungs = ladder.rungs(results.table(ask, "rungs"), measure)
        words = say("Ladder: {title} after each element is switched on, with 95 % intervals.", title=title)
        draw = partial(charts.ladder, rungs, title, look(), unit=MEASURES[measure].unit, currency=currency)
        show.chart(f"ladder-{measure}", (ask.key, measure), draw, words, lambda: ladder.bars_table(part, currency))


def waterfall(ask: Ask, key: str, part: pd.DataFrame, title: str, currency: str) -> None:
    """Bars from the first policy to the second."""
    measure = str(part.iloc[0]["measure"])
    words = say(
        "Waterfall: {title} from the first policy to the second, a bar each, whiskers are 95 % intervals.", title=title
    )
    draw = partial(charts.bars, ladder.named_bars(part), title, look(), currency)
    show.chart(f"{key}-{measure}", (ask.key, measure), draw, words, lambda: ladder.bars_table(part, currency))
    st.caption(
        say(
            "Each bar is what the element or block adds on average over all orders of switching on that keep blocks together (Shapley "
            "1953, Owen 1977), on the same luck; whiskers are 95 % intervals. Blue adds, orange takes away, grey cannot be told from "
            "nothing."
        )
    )


def what_changes() -> None:
    """Explain the changes of each element."""
    with st.expander(say("What each element of S&OP changes"), icon=":material/menu_book:"):
        for element in ladder.DOES:
            st.markdown(f"- **{tell(ladder.element_title(element))}**: {ladder.does(element)}")


def take_along(ask: Ask) -> None:
    """The bridge as files, and the command that gives the same."""
    bars, rungs = results.table(ask, "bars"), results.table(ask, "rungs")
    measures = list(dict.fromkeys(bars["measure"]))
    said = pd.DataFrame({"look at": [tell(remark) for remark in results.kept_cautions(ask)]})
    with st.container(horizontal=True):
        sheets = {
            **({"look at": said} if len(said) else {}),
            "blocks": results.table(ask, "blocks"),
            "bridge": bars,
            "ladder": rungs,
            "definitions": downloads.definitions_table(measures),
        }
        downloads.answer_files(
            "bridge",
            lambda ending: (
                export.workbook(in_words(sheets)) if ending == ".xlsx" else downloads.bridge_file(ask, ending)
            ),
        )
        show.save(say("CSV"), lambda: export.csv(bars), "bridge.csv", "text/csv")
    with st.expander(say("The same from the command line"), icon=":material/terminal:"):
        st.code(downloads.bridge_line(ask, measures), language="bash", wrap_lines=True)


# --- presentation ---


def presented() -> None:
    """The ladder, rung by rung: what is switched on, what it does, what it earns."""
    for key, usual in (("from", "siloed"), ("to", "sop-smoothed")):
        controls.keep_choice(key, controls.remembered(key, usual, controls.one_of(bridge_policies())))
    controls.keep_choice("runs", controls.remembered("runs", results.RUNS_OF_A_BRIDGE, controls.between(5, 200)))
    state = st.session_state
    how = controls.remembered("how", EQUAL, controls.one_of([EQUAL, AS_RUN]))
    controls.keep_choice("how", how)
    ask = results.first_bridge(state["case"], int(state["runs"]), how == EQUAL)
    ask = Ask(ask.kind, ask.case, (state["from"], state["to"]), ask.replications, ask.seed, ask.more)
    if not leads_somewhere(ask) or not show.offer_answer(ask, seconds(ask)):
        return
    look_at(results.kept_cautions(ask))
    bars, table = results.table(ask, "bars"), results.table(ask, "rungs")
    names = list(dict.fromkeys(bars["measure"]))
    measure = controls.remembered("worth", names[0], controls.one_of(names))
    controls.keep_choice("worth", measure)
    rungs = ladder.rungs(table, measure)
    now = presentation.slide(len(rungs))
    st.title(rungs[now]["element"], anchor=False)
    element = str(table[table["measure"] == measure].iloc[now]["element"])
    left, right = st.columns([4, 7], gap="large")
    place = f"{ask.key}{measure}{now}"
    unit, currency = MEASURES[measure].unit, scenario_of(ask.case).company.currency
    with left:
        st.markdown(say("No S&OP: every department plans on its own numbers.") if now == 0 else ladder.does(element))
        is_shown = now == 0 or presentation.said_before(place, unit_words(unit, currency, look()))
        if is_shown and (heard := presentation.what_was_said(place)) is not None:
            st.markdown(heard_and_came(heard, rungs, now, measure, currency))
        if is_shown and (costs := results.told_of_bridge(ask)["steps"].get(element)):
            st.warning(as_it_stands(tell(costs)), icon=":material/trending_down:")
        if is_shown:
            earned(bars, element, now, ask)
    with right:
        title = f"{tell(MEASURES[measure].title)}, {unit_words(unit, currency, look())}"
        up_to = now + 1 if is_shown else now
        draw = partial(charts.ladder, rungs, title, look(), up_to, unit=unit, currency=currency)
        words = say("Ladder: {title} up to this element.", title=title)
        show.chart(f"rung-{measure}", (ask.key, measure, up_to), draw, words)


def heard_and_came(heard: float, steps: list[dict[str, Any]], now: int, measure: str, currency: str) -> str:
    """The figure that the audience said, beside the one that came."""
    unit = MEASURES[measure].unit
    came = steps[now]["mean"] - steps[now - 1]["mean"]
    places = 1 if unit in figures.PERCENT else 0
    told = {"heard": number(heard, places, signed=True), "came": number(came, places, signed=True)}
    return say("You said {heard}; it adds {came} {unit}.", **told, unit=unit_words(unit, currency, look()))


def earned(bars, element: str, now: int, ask: Ask) -> None:  # type: ignore[no-untyped-def]
    """Show the effect of this rung on each measure."""
    scenario = scenario_of(ask.case)
    currency, sales = scenario.company.currency, expected_sales(scenario)["total"]
    for measure in dict.fromkeys(bars["measure"]):
        start = bars[(bars["measure"] == measure) & (bars["element"] == "start")].iloc[0]
        smallest = MEASURES[measure].matters.in_unit(sales, float(start["value"]))
        row = bars[(bars["measure"] == measure) & (bars["element"] == ("start" if now == 0 else element))].iloc[0]
        show.rung(dict(row), measure, currency, smallest, first=now == 0)


main()
