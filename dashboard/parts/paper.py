"""Documents on a page: who sat there, what was said, one chart a step, and every table behind it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.controls import language, say, tell
from dashboard.look import look
from dashboard.words import as_it_stands
from simulator.faces import charts
from simulator.faces.documents import Document, Grid
from simulator.faces.documents.layout import Listing, laid_out
from simulator.faces.documents.paper import TOTAL
from simulator.kernel.messages import LOCALES

if TYPE_CHECKING:
    from simulator.faces.documents import Section

NUMBERED = re.compile(r"^(\d+)\.")
STEPS = ("sales_report", "demand_plan", "supply_plan", "pre_meeting", "executive_meeting")
PARTS = ("small contracts", "large contracts", "imminent projects", "not yet signed")
BALANCE = {
    "approved production": "approved production",
    "- demand to come": "demand to come",
    "= closing stock": "closing stock",
    "safety stock": "safety stock",
}


def grids(document: Document) -> Iterator[Grid]:
    """All tables of a document."""
    for section in document.sections:
        yield from section.grids


def grid_of(document: Document, *figures: str) -> Grid | None:
    """The first table that has these figures."""
    for grid in grids(document):
        if set(figures) <= {figure.name for figure in grid.figures}:
            return grid
    return None


def rows_of(grid: Grid, figures: dict[str, str], names: list[str] | None = None) -> list[dict[str, Any]]:
    """Numbers of some figures, in the reader's words; what is not known is left out."""
    return [
        {
            "name": tell(line["name"]),
            "figure": tell(figures[line["figure"]]),
            "column": line["column"],
            "value": line["value"],
        }
        for line in grid.lines()
        if line["figure"] in figures and (names is None or line["name"] in names) and line["value"] == line["value"]
    ]


def chart_of(document: Document, family: str = TOTAL) -> tuple[Any, str] | None:
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


def _plain(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _sales(document: Document, family: str) -> tuple[Any, str] | None:
    grid = grid_of(document, "actual", "plan")
    if grid is None:
        return None
    families = [name for name in grid.names if name != TOTAL]
    rows = rows_of(grid, _plain("actual", "plan", "budget"), families)
    title = say("Last month's sales against plan and budget, units")
    return charts.side_by_side(rows, title, tell("units"), look()), title


def errors_of(document: Document) -> tuple[Any, str] | None:
    """How far each forecast missed."""
    grid = next((g for g in grids(document) if g.title.startswith("Error")), None)
    if grid is None:
        return None
    rows = rows_of(grid, _plain(*(figure.name for figure in grid.figures)))
    title = say("Forecast error (WMAPE) by stage, a month ahead")
    return charts.side_by_side(rows, title, "", look(), share=True), title


def _demand(document: Document, family: str) -> tuple[Any, str] | None:
    grid = grid_of(document, *PARTS) or grid_of(document, "demand plan")
    if grid is None:
        return None
    named = [figure.name for figure in grid.figures]
    figures = _plain(*PARTS) if set(PARTS) <= set(named) else _plain("demand plan")
    title = say("What the coming months' demand is made of, units")
    return charts.stack(rows_of(grid, figures, [family]), title, tell("units"), look()), title


def _supply(document: Document, family: str) -> tuple[Any, str] | None:
    import pandas as pd

    grid = grid_of(document, *BALANCE)
    if grid is None:
        return None
    rows = [line for line in grid.lines() if line["figure"] in BALANCE and line["name"] == family]
    lines = {figure: tell(words) for figure, words in BALANCE.items()}
    title = say("Production, demand and stock, units")
    return charts.plan(pd.DataFrame(rows), lines, title, tell("units"), look()), title


def load_of(document: Document) -> tuple[Any, str] | None:
    """Load of regular hours of every resource: of the plan as it was wished, which the text is about, and as approved."""
    grid = grid_of(document, WISHED_HOURS, REGULAR, APPROVED_LOAD)
    if grid is None:
        return None
    hours = {(line["name"], line["column"]): line["value"] for line in grid.lines() if line["figure"] == REGULAR}
    asked = rows_of(grid, {WISHED_HOURS: LOADS["wished"]})
    names = {tell(name): name for name in grid.names}
    loads = [
        {**row, "value": row["value"] / hours[names[row["name"]], row["column"]]}
        for row in asked
        if hours[names[row["name"]], row["column"]] > 0
    ]
    rows = [*loads, *rows_of(grid, {APPROVED_LOAD: LOADS["approved"]})]
    title = say("Load of regular hours, dotted as wished, drawn out as approved; above the line it takes overtime")
    return charts.load(rows, title, look()), title


LOADS = {"wished": "wished plan", "approved": "approved plan"}
WISHED_HOURS, REGULAR, APPROVED_LOAD = "load of the wished plan", "regular hours", "load of regular hours"
"""Figures of the table of resources."""


def _options(document: Document, family: str) -> tuple[Any, str] | None:
    grid = next((g for g in grids(document) if g.kind == "option"), None)
    if grid is None:
        return None
    unit = next(figure.unit for figure in grid.figures if figure.name == "cost")
    title = say("Expected cost of each option over six months, {currency}", currency=unit)
    return charts.options(rows_of(grid, _plain("cost")), title, unit, look()), title


def _decided(document: Document, family: str) -> tuple[Any, str] | None:
    grid = grid_of(document, "in force before", "approved", "change")
    if grid is None or len(grid.columns) < 2:
        return None
    rows = [{**row, "name": row["column"]} for row in rows_of(grid, _plain("approved", "in force before"), [family])]
    if not rows:
        return None
    title = say("Production approved against the plan in force, units")
    return charts.side_by_side(rows, title, tell("units"), look()), title


# --- what was said ---


def held(document: Document) -> str:
    """When, and who sat there."""
    from babel.dates import format_date

    if not document.held:
        return ""
    day = format_date(document.held, "full", locale=LOCALES[language()])
    if not document.present:
        return day
    chair, *others = (tell(person) for person in document.present)
    return say("{day}. Chair: {chair}. Present: {others}.", day=day, chair=chair, others=say(", ").join(others))


def sections(document: Document) -> None:
    """The sections with what was said in each."""
    for section in document.sections:
        said = [point for point in section.points if not point.due]
        if not said:
            continue
        owner = f" :gray[({say(', ').join(tell(each) for each in section.owner.split(', '))})]" if section.owner else ""
        st.markdown(f"**{escaped(tell(section.heading))}**{owner}" if section.heading else owner)
        st.markdown("\n".join(f"- {_speaker(point.owner, section)}{escaped(tell(point.text))}" for point in said))


def actions(document: Document, most: int | None = None) -> None:
    """Who does what until when, in a few lines where only so many are shown."""
    points = [point for section in document.sections for point in section.points if point.due][:most]
    if points and most:
        lines = [f"- {p.due}, {escaped(tell(p.owner))}: {escaped(tell(p.text))}" for p in points]
        st.markdown(f"**{say('Actions')}**\n\n" + "\n".join(lines))
    elif points:
        st.markdown(f"**{say('Actions')}**")
        head = [say("Action"), say("Owner"), say("Due"), say("Holds from")]
        body = [[tell(p.text), tell(p.owner), f"{p.due}", f"{p.effective}"] for p in points]
        st.html(table_html("", [head, *body], len(head)))


def escaped(text: str) -> str:
    """A text that Markdown shows as it is."""
    return NUMBERED.sub(r"\1\\.", as_it_stands(text.replace(" %", "\u00a0%")))


def listings(document: Document) -> None:
    """Every table of a document."""
    for block in laid_out(document):
        if isinstance(block, Listing) and block.left == 1:
            head, *body = block.rows
            rows = [[tell(cell) for cell in head], *([tell(row[0]), *row[1:]] for row in body)]
            st.html(table_html(tell(block.title), rows, block.left))


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


def _speaker(owner: str, section: Section) -> str:
    return f"*{escaped(tell(owner))}*: " if owner and owner != section.owner else ""
