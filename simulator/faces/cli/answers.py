"""--out: a folder of results, or the answer as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.faces.cli.options import must_name_folder
from simulator.kernel.messages import said

if TYPE_CHECKING:
    from simulator.faces.answer.definition import Handout


def folder_or_file(out: Path | None) -> tuple[Path | None, Path | None]:
    """Tell by its name whether results go into a folder or the answer into a file; refuse what cannot be written."""
    from simulator.faces.answer.writing import is_answer_file, may_be_answered

    if out is None:
        return None, None
    if is_answer_file(out):
        may_be_answered(out)
        return None, out
    must_name_folder(out)
    return out, None


def write_file(answer: Handout, file: Path) -> None:
    """Write the answer, and say so."""
    from simulator.faces.answer.writing import write_answer

    write_answer(answer, file)
    click.echo(said("written: {files}", files=str(file)), err=True)
