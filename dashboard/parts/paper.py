"""Documents on a page: who sat there, what was said, one chart a step, and every table behind it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.controls import say
from dashboard.look import look
from dashboard.speech import written
from dashboard.words import as_it_stands
from simulator.faces import charts
from simulator.faces.documents import Document, Grid, layout
from simulator.faces.documents.demand_plan import PARTS as PARTS_OF_DEMAND
from simulator.faces.documents.layout import Listing, Paragraph, laid_out
from simulator.faces.documents.paper import OPTION, TOTAL, UNITS
from simulator.faces.documents.recommendation import COST
from simulator.faces.documents.sales_report import ERROR, STAGES
from simulator.kernel.messages import Message, Text, msg

if TYPE_CHECKING:
    from simulator.faces.documents import Section

NUMBERED = re.compile(r"^(\d+)\.")
DOCUMENT_NAMES = ("sales_report", "demand_plan", "supply_plan", "pre_meeting", "executive_meeting")
DEMAND_PARTS = tuple(PARTS_OF_DEMAND.values())
BALANCE = {
    msg("approved production"): msg("approved production"),
    msg("- demand to come"): msg("demand to come"),
    msg("= closing stock"): msg("closing stock"),
    msg("safety stock"): msg("safety stock"),
}
BOUGHT = {msg("+ receipts"): msg("receipts"), **{figure: BALANCE[figure] for figure in list(BALANCE)[1:]}}
"""What is drawn of a supply plan, and of one without production."""
ALL_FAMILIES = "total"
"""All families together, by their code in links."""


def grids(document: Document) -> Iterator[Grid]:
    """All tables of a document."""
    for section in document.sections:
        yield from section.grids


def grid_of(document: Document, *figures: Message) -> Grid | None:
    """The first table that has these figures."""
    for grid in grids(document):
        if set(figures) <= {figure.name for figure in grid.figures}:
            return grid
    return None


def balance_of(document: Document) -> Grid | None:
    """The table in which stock is rolled forward, with production or without."""
    return grid_of(document, *BALANCE) or grid_of(document, *BOUGHT)


def row_of(family: str) -> Text:
    """The name of a family's line in a table, or of the line of all."""
    return TOTAL if family == ALL_FAMILIES else family


def grid_rows(grid: Grid, figures: dict[Message, Message], names: list[Text] | None = None) -> list[dict[str, Any]]:
    """Numbers of some figures, in the reader's words; what is not known is left out."""
    return [
        {
            "name": written(line["name"]),
            "figure": written(figures[line["figure"]]),
            "column": written(line["column"]),
            "value": line["value"],
        }
        for line in grid.lines()
        if line["figure"] in figures and (names is None or line["name"] in names) and line["value"] == line["value"]
    ]


def chart_of(document: Document, family: str = ALL_FAMILIES) -> tuple[Any, str] | None:
    """The one picture of a step, with its description; none where the process has nothing to draw."""
    drawers = {
        "sales_report": _sales,
        "demand_plan": _demand,
        "supply_plan": _supply,
        "pre_meeting": _options,
        "executive_meeting": _decided,
    }
    draw = drawers.get(document.name)
    return draw(document, family) if draw else None


def _plain(*names: Message) -> dict[Message, Message]:
    return {name: name for name in names}


def _sales(document: Document, family: str) -> tuple[Any, str] | None:
    actual, plan, budget = msg("actual"), msg("plan"), msg("budget")
    grid = grid_of(document, actual, plan)
    if grid is None:
        return None
    families = [name for name in grid.names if name != TOTAL]
    rows = grid_rows(grid, _plain(actual, plan, budget), families)
    title = say("Last month's sales against plan and budget, units")
    return charts.side_by_side(rows, title, written(UNITS), look()), title


def errors_of(document: Document) -> tuple[Any, str] | None:
    """Chart the error of each forecast."""
    grid = next((g for g in grids(document) if g.title == ERROR), None)
    if grid is None:
        return None
    rows = grid_rows(grid, _plain(*STAGES.values()))
    title = say("Forecast error (WMAPE) by stage, a month ahead")
    return charts.side_by_side(rows, title, "", look(), share=True), title


def _demand(document: Document, family: str) -> tuple[Any, str] | None:
    grid = grid_of(document, *DEMAND_PARTS) or grid_of(document, msg("demand plan"))
    if grid is None:
        return None
    named = [figure.name for figure in grid.figures]
    figures = _plain(*DEMAND_PARTS) if set(DEMAND_PARTS) <= set(named) else _plain(msg("demand plan"))
    title = say("What the coming months' demand is made of, units")
    return charts.stack(grid_rows(grid, figures, [row_of(family)]), title, written(UNITS), look()), title


def _supply(document: Document, family: str) -> tuple[Any, str] | None:
    import pandas as pd

    made, grid = grid_of(document, *BALANCE), balance_of(document)
    if grid is None:
        return None
    figures = BOUGHT if made is None else BALANCE
    shown = [line for line in grid.lines() if line["figure"] in figures and line["name"] == row_of(family)]
    rows = [{**line, "figure": line["figure"].id, "name": written(line["name"])} for line in shown]
    lines = {figure.id: written(words) for figure, words in figures.items()}
    title = say("Receipts, demand and stock, units") if made is None else say("Production, demand and stock, units")
    return charts.plan(pd.DataFrame(rows), lines, title, written(UNITS), look()), title


def load_of(document: Document) -> tuple[Any, str] | None:
    """Load of regular hours of every resource: of the plan as it was wished, which the text is about, and as approved."""
    grid = grid_of(document, WISHED_HOURS, REGULAR, APPROVED_LOAD)
    if grid is None:
        return None
    hours = {(row["name"], row["column"]): row["value"] for row in grid_rows(grid, _plain(REGULAR))}
    loads = [
        {**row, "value": row["value"] / hours[row["name"], row["column"]]}
        for row in grid_rows(grid, {WISHED_HOURS: LOADS["wished"]})
        if hours[row["name"], row["column"]] > 0
    ]
    rows = [*loads, *grid_rows(grid, {APPROVED_LOAD: LOADS["approved"]})]
    title = say("Load of regular hours, dotted as wished, drawn out as approved; above the line it takes overtime")
    return charts.load(rows, title, look()), title


LOADS = {"wished": msg("wished plan"), "approved": msg("approved plan")}
WISHED_HOURS, REGULAR = msg("load of the wished plan"), msg("regular hours")
APPROVED_LOAD = msg("load of regular hours")
"""Figures of the table of resources."""


def _options(document: Document, family: str) -> tuple[Any, str] | None:
    grid = next((g for g in grids(document) if g.kind == OPTION), None)
    if grid is None:
        return None
    unit = next(figure.unit for figure in grid.figures if figure.name == COST)
    title = say("Expected cost of each option over six months, {currency}", currency=unit)
    return charts.options(grid_rows(grid, _plain(COST)), title, unit, look()), title


def _decided(document: Document, family: str) -> tuple[Any, str] | None:
    before, approved = msg("in force before"), msg("approved")
    grid = grid_of(document, before, approved, msg("change"))
    if grid is None or len(grid.columns) < 2:
        return None
    rows = [{**row, "name": row["column"]} for row in grid_rows(grid, _plain(approved, before), [row_of(family)])]
    if not rows:
        return None
    title = say("Production approved against the plan in force, units")
    return charts.side_by_side(rows, title, written(UNITS), look()), title


# --- what was said ---


def held(document: Document) -> str:
    """State the date of a meeting and its members."""
    return written(layout.held(document))


def sections(document: Document) -> None:
    """The sections with what was said in each."""
    for section in document.sections:
        points = [point for point in section.points if not point.due]
        if not points:
            continue
        owner = f" :gray[({escaped(written(section.owner))})]" if section.owner else ""
        st.markdown(f"**{escaped(written(section.heading))}**{owner}" if section.heading else owner)
        st.markdown("\n".join(f"- {_speaker(point.owner, section)}{escaped(written(point.text))}" for point in points))


def from_top_to_bottom(document: Document) -> None:
    """A document from top to bottom, its tables where they stand."""
    for block in laid_out(document):
        if isinstance(block, Listing):
            rows = [[written(cell) for cell in row] for row in block.rows]
            st.html(table_html(written(block.title), rows, block.left))
        elif isinstance(block, Paragraph):
            speaker = f"*{escaped(written(block.speaker))}*: " if block.speaker else ""
            st.markdown(f"- {speaker}{escaped(written(block.text))}")
        elif block.level == 1:
            st.subheader(escaped(written(block.text)), anchor=False)
        else:
            st.markdown(f"**{escaped(written(block.text))}**")


def actions(document: Document, most: int | None = None) -> None:
    """List the actions with owner and due date, in a few lines where only so many are shown."""
    points = [point for section in document.sections for point in section.points if point.due][:most]
    if points and most:
        lines = [f"- {p.due}, {escaped(written(p.owner))}: {escaped(written(p.text))}" for p in points]
        st.markdown(f"**{say('Actions')}**\n\n" + "\n".join(lines))
    elif points:
        st.markdown(f"**{say('Actions')}**")
        head = [say("Action"), say("Owner"), say("Due"), say("Holds from")]
        body = [[written(p.text), written(p.owner), f"{p.due}", f"{p.effective}"] for p in points]
        st.html(table_html("", [head, *body], len(head)))


def escaped(text: str) -> str:
    """A text that Markdown shows as it is."""
    return NUMBERED.sub(r"\1\\.", as_it_stands(text.replace(" %", "\u00a0%")))


def listings(document: Document) -> None:
    """Every table of a document."""
    for block in laid_out(document):
        if isinstance(block, Listing) and block.left == 1:
            rows = [[written(cell) for cell in row] for row in block.rows]
            st.html(table_html(written(block.title), rows, block.left))


def table_html(title: str, rows: list[list[str]], left: int) -> str:
    """A table of texts, the first columns words."""
    head, *body = rows

    def line(cells: list[str], tag: str) -> str:
        inner = "".join(
            f"<{tag}{' class=word' if k < left else ''}>{html.escape(c)}</{tag}>" for k, c in enumerate(cells)
        )
        return f"<tr>{inner}</tr>"

    caption = f"<caption>{html.escape(title)}</caption>" if title else ""
    lines = "".join(line(row, "td") for row in body)
    label = html.escape(title or say("Table"))
    return (
        f'<div class="paper" tabindex="0" role="region" aria-label="{label}"><table>{caption}<thead>{line(head, "th")}</thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _speaker(owner: Text, section: Section) -> str:
    return f"*{escaped(written(owner))}*: " if owner and owner != section.owner else ""
