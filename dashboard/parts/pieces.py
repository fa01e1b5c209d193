"""Which sections of a document are shown, and where."""

from __future__ import annotations

from dataclasses import replace

from simulator.documents import Document

HEART = {
    "sales_report": ("Last month against plan", "Forecast accuracy"),
    "demand_plan": ("The four parts", "Demand plan"),
    "supply_plan": ("Production, demand and stock", "Rough-cut capacity"),
    "pre_meeting": ("Options", "Recommendation"),
    "executive_meeting": ("Decision", "Authorised changes of production", "Open issues taken up"),
}
"""What of each step a class should see first."""


def heart(document: Document) -> Document:
    """The sections of a document that matter most; all where the process has none of them."""
    kept = [s for s in document.sections if s.heading.startswith(HEART.get(document.name, ()))]
    return replace(document, sections=kept or document.sections[:2])


PICTURE, HEADING, LINE = 700, 80, 40
"""What a picture, a heading and the rest of a last line take of a column, in letters."""


def halves(document: Document, pictures: int) -> tuple[Document, Document]:
    """A document in two columns of like length, pictures at the head of the second."""
    sections = [*document.sections]
    said = [[point for point in section.points if not point.due] for section in sections]
    sizes = [HEADING + sum(len(point.text) + LINE for point in points) if points else 0 for points in said]
    cut = min(range(len(sizes) + 1), key=lambda k: abs(sum(sizes[:k]) - sum(sizes[k:]) - PICTURE * pictures))
    return replace(document, sections=sections[:cut]), replace(document, sections=sections[cut:])
