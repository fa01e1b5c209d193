"""Place the sections of a document that are shown."""

from __future__ import annotations

from dataclasses import replace

from dashboard.speech import written
from simulator.faces.documents import Document, Point, Section
from simulator.kernel.messages import Message

HEART: dict[str, dict[str, tuple[int, ...]]] = {
    "sales_report": {
        "Last month against plan: {month}": (0, 1),
        "Last month against plan": (0, 1),
        "Forecast accuracy, made at the start of the month before": (0, -1),
    },
    "demand_plan": {
        "The four parts, {months}": (0, 1),
        "Where demand comes from": (0,),
        "Demand plan, {months}": (-1,),
    },
    "supply_plan": {"Production, demand and stock": (0,), "Rough-cut capacity": (0, 1)},
    "pre_meeting": {"Constrained resources": (0,), "Options": (0, 1), "Recommendation": (0,)},
    "executive_meeting": {"Decision": (0, 1), "Authorised changes of production": (0,), "Open issues taken up": (0, 1)},
}
"""What of each step a class should see first: of which sections which sentences, by place; the worst comes first there."""


def heart(document: Document) -> Document:
    """The sections and sentences of a document that matter most; its first ones where the process has none of them."""
    picks = HEART.get(document.name, {})
    kept = [
        replace(section, points=selected_points(section, picks[heading]))
        for section in document.sections
        for heading in picks
        if isinstance(section.heading, Message) and section.heading.id == heading
    ]
    first = [replace(section, points=selected_points(section, (0, 1))) for section in document.sections[:2]]
    return replace(document, sections=kept or first)


def selected_points(section: Section, places: tuple[int, ...]) -> list[Point]:
    """The sentences of a section at some places, each once and in its order; those that have a day are actions."""
    told = [point for point in section.points if not point.due]
    wanted = {place % len(told) for place in places if -len(told) <= place < len(told)} if told else set()
    return [point for k, point in enumerate(told) if k in wanted]


PICTURE, HEADING, LINE_LETTERS = 700, 80, 40
"""What a picture, a heading and the rest of a last line take of a column, in letters."""


def halves(document: Document, pictures: int) -> tuple[Document, Document]:
    """A document in two columns of like length, pictures at the head of the second."""
    sections = [*document.sections]
    told = [[point for point in section.points if not point.due] for section in sections]
    sizes = [
        HEADING + sum(len(written(point.text)) + LINE_LETTERS for point in points) if points else 0 for points in told
    ]
    cut = min(range(len(sizes) + 1), key=lambda k: abs(sum(sizes[:k]) - sum(sizes[k:]) - PICTURE * pictures))
    return replace(document, sections=sections[:cut]), replace(document, sections=sections[cut:])
