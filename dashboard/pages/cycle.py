"""S&OP month: what happens in a cycle?"""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import controls, export, jobs, results, show
from dashboard.asks import Ask
from dashboard.case import scenario_of
from dashboard.controls import language, say
from dashboard.downloads import PPTX, XLSX, has_plans, month_file, plans_file
from dashboard.look import (
    called,
    company_name,
    dark,
    family_name,
    header,
    look_at,
    policy_name,
    remarks_of,
    told_remarks,
)
from dashboard.parts import paper, pieces, presentation
from dashboard.parts.ghosts import otherwise
from dashboard.parts.lost import lost_of_run
from dashboard.speech import voice, written
from dashboard.tables import in_words
from dashboard.words import as_it_stands
from simulator.engine.scenario import preset_names
from simulator.faces.documents import USUAL, Document
from simulator.faces.documents.paper import TOTAL
from simulator.kernel.units import WorkError

SHORT_TITLES = (
    "1 Sales forecast report",
    "2 Demand plan",
    "3 Supply plan",
    "4 Pre-S&OP meeting",
    "5 Executive meeting",
    "Plans released",
    "In three pages",
)
MOST_REPLICATION = 999
ON_A_SLIDE, LOW = 3, 130
"""Actions that a slide has room for, and the height of the picture above them."""


def main() -> None:
    """Choose, ask, show."""
    if presentation.is_on():
        presented()
        return
    header(
        say("A month of S&OP"),
        say("What happens in a cycle, who decides what, and what comes out?"),
        st.session_state["case"],
    )
    ask = choose_run()
    if not show.offer_answer(ask, 2.0 + jobs.seconds(1, 1, scenario_of(ask.case).experiment.months, 90), begin=True):
        return
    month = month_input(results.month_names(ask))
    documents, pack = kept(ask, month), results.pack(ask, month)
    step = step_input(SHORT_TITLES if pack else SHORT_TITLES[:-1])
    if step < len(paper.DOCUMENT_NAMES):
        one_step(documents[step], (ask.key, month))
    elif step == len(paper.DOCUMENT_NAMES):
        plans(documents[len(paper.DOCUMENT_NAMES) :])
    else:
        for document in pack:
            paper.from_top_to_bottom(document)
    otherwise(ask, month)
    lost_of_run(ask)
    downloads(ask, month, documents)


def cycle_policies() -> list[str]:
    """Policies whose month can be shown."""
    scenario = scenario_of(st.session_state["case"])
    return list(dict.fromkeys(["sop", "siloed", *scenario.policies, *preset_names(), *controls.made_policies()]))


def choose_run() -> Ask:
    """Choose the policy and one of its runs."""
    columns = st.columns([3, 2, 1], vertical_alignment="bottom")
    options = cycle_policies()
    controls.remembered("policy", "sop", controls.one_of(options))
    with columns[0]:
        policy = controls.drawn(
            "policy",
            lambda: st.selectbox(
                say("Policy"),
                options,
                format_func=called(options, policy_name),
                key="policy",
                help=say("Choose Siloed to see what the departments had before them, each on its own."),
            ),
        )
    with columns[1]:
        words = say("Which of the possible runs: each has its own luck, the same for every policy.")
        run = controls.number_input("run", say("Replication"), 0, 0, MOST_REPLICATION, words)
    with columns[2]:
        presentation.offer()
    return results.months_of(st.session_state["case"], policy, int(run))


def kept(ask: Ask, month: str) -> list[Document]:
    """The documents of a month; where another version kept them, that is said instead."""
    try:
        return results.documents(ask, month)
    except WorkError as problem:
        st.error(as_it_stands(written(problem.args[0])), icon=":material/error:")
        st.stop()


def usual_month(names: dict[str, str]) -> str:
    """The month that is shown when none is named: one in the second year."""
    return max((number for number in names if int(number) <= USUAL), key=int, default=min(names, key=int))


def month_input(names: dict[str, str]) -> str:
    """Choose the month, with buttons to the one before and the one after."""
    controls.remembered("month", usual_month(names), controls.one_of(names))
    left, middle, right = st.columns([1, 2, 1], vertical_alignment="bottom")
    with middle:
        month = controls.drawn(
            "month",
            lambda: st.selectbox(
                say("Month"), list(names), format_func=lambda number: f"{names[number]} ({number})", key="month"
            ),
        )
    order = list(names)
    place = order.index(month)
    for column, label, icon, other in (
        (left, say("Month before"), ":material/arrow_back:", place - 1),
        (right, say("Month after"), ":material/arrow_forward:", place + 1),
    ):
        there = 0 <= other < len(order)
        column.button(
            label,
            icon=icon,
            disabled=not there,
            width="stretch",
            on_click=controls.set_to,
            args=("month", order[other] if there else month),
        )
    return month


def step_input(short_titles: tuple[str, ...]) -> int:
    """Choose one of the five steps, their outcome, or all in three pages."""
    numbers = [str(k) for k in range(1, len(short_titles) + 1)]
    controls.remembered("step", "1", controls.one_of(numbers))
    titles = dict(zip(numbers, map(say, short_titles), strict=True))
    chosen_step = controls.drawn(
        "step",
        lambda: st.segmented_control(
            say("The five steps"), numbers, format_func=titles.get, key="step", required=True, width="stretch"
        ),
    )
    return int(chosen_step) - 1


def family_input(document: Document) -> str:
    """All families together, or one."""
    grid = paper.balance_of(document) or paper.grid_of(document, *paper.DEMAND_PARTS)
    names = [paper.ALL_FAMILIES, *(str(name) for name in grid.names if name != TOTAL)] if grid else [paper.ALL_FAMILIES]
    controls.remembered("family", paper.ALL_FAMILIES, controls.one_of(names))
    if len(names) == 1:
        return paper.ALL_FAMILIES
    label = say("Family")
    return controls.drawn(
        "family",
        lambda: st.selectbox(label, names, format_func=called(names, family_name), key="family"),
    )


@st.cache_resource(max_entries=500, show_spinner=False)
def pictures(content: tuple[Any, ...], _document: Document, family: str) -> list[tuple[Any, str]]:
    """The pictures of a step with their descriptions; `content` is all that they depend on."""
    drawn = [paper.chart_of(_document, family)]
    drawn += [paper.errors_of(_document)] if _document.name == "sales_report" else []
    drawn += [paper.load_of(_document)] if _document.name == "supply_plan" else []
    return [each for each in drawn if each]


def one_step(document: Document, place: tuple[str, str]) -> None:
    """A step: who sat there, what was said and decided, its picture; every table one click down."""
    st.subheader(written(document.title), anchor=False)
    st.caption(paper.held(document))
    left, right = st.columns([5, 6], gap="large")
    with right:
        family = family_input(document) if document.name in ("demand_plan", "supply_plan") else paper.ALL_FAMILIES
        content = (*place, document.name, family)
        shown = pictures((*content, voice(), dark()), document, family)
        for k, (drawn, words) in enumerate(shown):
            show.chart(
                f"{document.name}-{k}", (*content, k), lambda drawn=drawn: drawn, words, lambda: document.table(written)
            )
        first, second = pieces.halves(document, len(shown))
        paper.sections(second)
    with left:
        paper.sections(first)
    paper.actions(document)
    every = st.expander(
        say("All tables of this document"),
        icon=":material/table_chart:",
        key=f"tables {document.name}",
        on_change="rerun",
    )
    if every.open:
        with every:
            paper.listings(document)


def plans(documents: list[Document]) -> None:
    """The plans that the departments work to, one click each."""
    for document in documents:
        part = st.expander(written(document.title), key=f"plan {document.name}", on_change="rerun")
        if part.open:
            with part:
                paper.sections(document)
                paper.listings(document)


def downloads(ask: Ask, month: str, documents: list[Document]) -> None:
    """The month to take along."""
    from simulator.faces.documents.web import as_page

    remarks = told_remarks(remarks_of(ask.case))
    title = f"{company_name(ask.case.base)}, {policy_name(ask.policies[0])}, {results.month_names(ask)[month]}"
    with st.container(horizontal=True):
        show.save(say("Slides"), lambda: month_file(ask, month, ".pptx"), "month.pptx", PPTX)
        show.save("PDF", lambda: month_file(ask, month, ".pdf"), "month.pdf", "application/pdf")
        show.save(
            say("Report"),
            lambda: as_page(title, documents, remarks).encode(),
            "month.html",
            "text/html",
        )
        sheets = {sheet_name(document): document.table() for document in documents}
        show.save(
            say("Excel workbook"),
            lambda: export.workbook(in_words(sheets)),
            "month.xlsx",
            XLSX,
        )
        if has_plans(ask):
            book = st.session_state.get("own books", {}).get(ask.case.base)
            show.save(
                say("Plans by item, for an ERP system"),
                lambda: plans_file(ask, month, book.mapping if book else ""),
                "plans.zip",
                "application/zip",
            )


def sheet_name(document: Document) -> str:
    """The name of a document's sheet: its code in English, as programs read it, its title in other languages."""
    return document.name if language() == "en" else written(document.title)


# --- presentation ---


def presented() -> None:
    """The five steps, one at a time, each with what matters most and one picture."""
    policy = controls.remembered("policy", "sop", controls.one_of(cycle_policies()))
    run = controls.remembered("run", 0, controls.between(0, MOST_REPLICATION))
    for key in ("policy", "run"):
        controls.keep_choice(key, st.session_state[key])
    ask = results.months_of(st.session_state["case"], policy, int(run))
    if not show.offer_answer(ask, 3.0, begin=True):
        return
    look_at(remarks_of(ask.case))
    names = results.month_names(ask)
    month = controls.remembered("month", usual_month(names), controls.one_of(names))
    controls.keep_choice("month", month)
    now = presentation.slide(len(paper.DOCUMENT_NAMES))
    document = kept(ask, month)[now]
    st.title(f"{now + 1}  {written(document.title)}", anchor=False)
    st.caption(f"{policy_name(policy)}, {names[month]}. {paper.held(document)}")
    left, right = st.columns([5, 6], gap="large")
    with left:
        paper.sections(pieces.heart(document))
    with right:
        content = (ask.key, month, document.name, TOTAL)
        shown = pictures((*content, voice(), dark(), "slide"), document, TOTAL)
        acts = any(point.due for section in document.sections for point in section.points)
        for drawn, words in shown[-1:] if document.name == "supply_plan" else shown[:1]:  # the load decides there
            low = drawn.properties(height=LOW) if acts else drawn
            show.chart(f"slide-{document.name}", content, lambda low=low: low, words)
        paper.actions(document, ON_A_SLIDE)


main()
