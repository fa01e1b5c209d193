"""Write an answer to a file, in the form that its name ends in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from simulator.faces.answer.definition import Handout
from simulator.kernel.extras import must_have
from simulator.kernel.messages import listed, msg
from simulator.kernel.units import ScenarioError


def _workbook(answer: Handout) -> bytes:
    from simulator.faces.answer.workbook import workbook_bytes

    return workbook_bytes(answer)


def _slides(answer: Handout) -> bytes:
    from simulator.faces.answer.slides import slides_bytes

    return slides_bytes(answer)


def _pdf(answer: Handout) -> bytes:
    from simulator.faces.answer.printed import pdf_bytes

    return pdf_bytes(answer)


def _page(answer: Handout) -> bytes:
    from simulator.faces.answer.web import page_text

    return page_text(answer).encode()


FORMS: dict[str, tuple[str, Callable[[Handout], bytes]]] = {
    ".xlsx": ("xlsxwriter", _workbook),
    ".pptx": ("pptx", _slides),
    ".pdf": ("reportlab", _pdf),
    ".html": ("reportlab", _page),
}
"""Packages and writers of each form, by its ending."""


def is_answer_file(path: Path | None) -> bool:
    """Tell if a name asks for an answer in a file, and not for a folder."""
    return path is not None and path.suffix.lower() in FORMS


def may_be_answered(path: Path) -> None:
    """Refuse a file that could not be written, before any work is done."""
    ending = path.suffix.lower()
    if ending not in FORMS:
        raise ScenarioError(
            msg("--out is {file}; it must end in {endings}", file=repr(str(path)), endings=listed(FORMS, ", "))
        )
    must_have(msg("an answer that ends in {ending}", ending=ending), "files", FORMS[ending][0])
    if path.is_dir():
        raise ScenarioError(msg("--out is {file}, which is a folder; name a file", file=repr(str(path))))
    if not path.parent.is_dir():
        raise ScenarioError(
            msg(
                "{option} is {file}, but there is no folder {folder}; make it first",
                option="--out",
                file=repr(str(path)),
                folder=repr(str(path.parent)),
            )
        )


def answer_bytes(answer: Handout, ending: str) -> bytes:
    """Write an answer in a form, as bytes."""
    return FORMS[ending][1](answer)


def write_answer(answer: Handout, path: Path) -> None:
    """Write an answer whole or not at all; an earlier file of that name is replaced."""
    content = answer_bytes(answer, path.suffix.lower())
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)
