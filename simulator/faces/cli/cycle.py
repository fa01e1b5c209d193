"""sop cycle: the documents of one month of S&OP, as a person would read them."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.options import (
    FilePath,
    Speaking,
    asks_first,
    changed_by_options,
    headed,
    on_scenario,
    refuse_idle,
    tell_cost,
)
from simulator.kernel.messages import Message, Value, listed, msg, written

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.faces.documents import Document
    from simulator.faces.documents.layout import Block, Listing, Paragraph
    from simulator.results.run import Run

DOCUMENT_WIDTH = 100
WIDE = re.compile(r"[\u2e80-\uffff]")
PIECES = re.compile(r"[\u2e80-\uffff][、。！），：；？”’]*\s*|[^\s\u2e80-\uffff]+\s*|\s+")
"""Between which a Chinese text may be cut: a sign with the stops behind it, or a word."""

ENDINGS = (".html", ".md", ".xlsx", ".pptx", ".pdf")
"""The documents as a page or a text; what they decide and all figures as a workbook, slides or PDF."""


@click.command("cycle", cls=Speaking)
@on_scenario
@click.option("--policy", metavar="NAME|FILE", default="sop", show_default=True, help="The policy.")
@click.option("--month", metavar="NUMBER|2011-03", help="Which month; the 14th when left out.")
@click.option(
    "--replication", type=click.IntRange(min=0), default=0, show_default=True, help="Which of the possible runs."
)
@click.option("--document", "names", multiple=True, metavar="NAME", help="Only this document, such as pre_meeting.")
@click.option("--pack", "in_short", is_flag=True, help="Three pages: what happened, what to decide, what is due.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--out", type=FilePath(), help="Write a page (.html), a text (.md), a workbook, slides or PDF instead.")
@asks_first
def show_cycle(
    scenario: str,
    policy: str,
    month: str | None,
    replication: int,
    names: tuple[str, ...],
    in_short: bool,
    as_json: bool,
    out: Path | None,
    yes: bool,
    **options: Any,
) -> None:
    """Show one month of S&OP: the documents of its five steps, and the plans that come out."""
    from simulator.faces.documents import documents_of, month_of, pack_of
    from simulator.results.run import simulate

    if out:
        refuse_idle(["json"], msg("with --out, which writes a page or a text"))
        may_be_written(out)
    case = changed_by_options(scenario, **options)
    if month is not None:
        month_of(case.days, month)  # before any work is done
    plan = case.policy(policy)
    tell_cost(case, [plan], [(case, plan, 1)], yes)
    run = simulate(case, plan, [replication])
    documents = picked((pack_of if in_short else documents_of)(run, month, replication), names)
    if out and out.suffix in ENDINGS[2:]:
        from simulator.faces.answer.of_month import answer_of_month
        from simulator.faces.answer.writing import write_answer
        from simulator.faces.documents import month_index

        shown = case.days.month_name(month_index(run.books_of(replication)[0], month))
        write_answer(answer_of_month(case, documents, shown, run.policy.name, cycle_run(run), run.cautions), out)
        click.echo(str(msg("written: {file}", file=str(out))), err=True)
    elif out:
        write(out, cycle_run(run), documents, remarked(run))
        click.echo(str(msg("written: {file}", file=str(out))), err=True)
    elif as_json:
        click.echo(content(run, documents))
    elif sys.stdout.isatty():
        coloured(head(run), documents)
    else:
        click.echo("\n".join([head(run), *(line for document in documents for line in document_lines(document))]))


def picked(documents: list[Document], names: tuple[str, ...]) -> list[Document]:
    """Those that were asked for, all when none were named."""
    from simulator.kernel.units import ScenarioError, nearest

    known = [document.name for document in documents]
    for name in names:
        if name not in known:
            raise ScenarioError(
                msg("there is no document {name}; {nearest}", name=repr(name), nearest=nearest(name, known))
            )
    return [document for document in documents if not names or document.name in names]


def cycle_run(run: Run) -> Message:
    """Describe the run shown, in a line."""
    return msg(
        "{scenario}, policy {policy}, replication {replication}, seed {seed}",
        scenario=run.scenario.name,
        policy=run.policy.name,
        replication=run.replications[0],
        seed=run.seed,
    )


def head(run: Run) -> str:
    """Open an answer on the screen: what is shown, then what deserves a look."""
    return headed(str(cycle_run(run)), [written(remark) for remark in run.cautions])


def content(run: Run, documents: list[Document]) -> str:
    """The documents for programs: each with all its lines."""
    from simulator.faces.report import files

    told = {
        "scenario": run.scenario.case,
        "policy": run.policy.name,
        "replication": run.replications[0],
        "seed": run.seed,
        "cautions": [written(remark) for remark in run.cautions],
    }
    papers = {
        document.name: {
            "title": written(document.title),
            "held": document.held,
            "present": [written(role) for role in document.present],
            "rows": files.records(document.table()),
        }
        for document in documents
    }
    return files.as_json({**told, "documents": papers})


def may_be_written(file: Path) -> None:
    """Refuse a file that could not be written, before any work is done."""
    from simulator.kernel.units import ScenarioError

    if file.suffix not in ENDINGS:
        raise ScenarioError(
            msg("--out is {file}; it must end in {endings}", file=repr(str(file)), endings=listed(ENDINGS, ", "))
        )
    if file.suffix in ENDINGS[2:]:
        from simulator.faces.answer.writing import may_be_answered

        may_be_answered(file)
    if not file.parent.is_dir():
        raise ScenarioError(
            msg(
                "--out is {file}, but there is no folder {folder}; make it first",
                file=repr(str(file)),
                folder=repr(str(file.parent)),
            )
        )


def remarked(run: Run) -> list[Message]:
    """List the cautions of a run as they stand at the head of a paper."""
    return [msg("Look at: {remark}", remark=remark) for remark in run.cautions]


def write(file: Path, title: Message, documents: list[Document], remarks: list[Message]) -> None:
    """Write the page or text, whole or not at all."""
    from simulator.faces.documents.markdown import as_markdown
    from simulator.faces.documents.web import as_page

    make = as_page if file.suffix == ".html" else as_markdown
    text = make(title, documents, remarks=remarks)
    part = file.with_name(f"{file.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, file)


# --- for the screen ---


def document_lines(document: Document) -> Iterator[str]:
    """A document in lines of plain text."""
    from simulator.faces.documents.layout import Heading, Paragraph, laid_out

    for block in laid_out(document):
        if isinstance(block, Heading):
            title = written(block.text)
            yield from ("", "", title.upper(), underline(title)) if block.level == 1 else ("", title)
        elif isinstance(block, Paragraph):
            yield filled(written(spoken_by(block)), "  ", "  ")
        else:
            yield from ("", *listing(block))


def listing(block: Listing) -> Iterator[str]:
    """A table in plain text, cut into strips where it is too wide; words are wrapped."""
    from simulator.faces.report import figures

    if block.title:
        yield f"  {written(block.title)}"
    if block.left > 1:
        yield from _worded(block)
        return
    for strip in even_strips(texts(block), DOCUMENT_WIDTH - 4):
        yield textwrap.indent(figures.aligned(strip), "    ")


def texts(block: Listing) -> list[list[str]]:
    """The cells of a table as they are written in the language spoken here."""
    return [[written(cell) for cell in row] for row in block.rows]


def spoken_by(block: Paragraph) -> Value:
    """Put a paragraph after its speaker, where one is named."""
    return msg("{speaker}: {said}", speaker=block.speaker, said=block.text) if block.speaker else block.text


def underline(title: str) -> str:
    """A line as long as a title; a Chinese sign takes two places."""
    from rich.cells import cell_len

    return "=" * cell_len(title)


def filled(text: str, first: str, then: str) -> str:
    """A text in lines of the width, indented; Chinese is cut between any two signs, but not before a stop."""
    if not WIDE.search(text):
        return textwrap.fill(text, DOCUMENT_WIDTH, initial_indent=first, subsequent_indent=then)
    from rich.cells import cell_len

    lines = [first]
    for piece in PIECES.findall(text):
        if cell_len(lines[-1]) + cell_len(piece.rstrip()) > DOCUMENT_WIDTH:
            lines.append(then)
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def even_strips(rows: list[list[str]], width: int) -> list[list[list[str]]]:
    """A table cut into strips that fit the width, with as many columns each."""
    from simulator.faces.report import figures

    cut = len(figures.strips(rows, width))
    columns = range(1, len(rows[0]))
    each = -(-len(columns) // cut)
    return [[[row[0], *row[k : k + each]] for row in rows] for k in columns[::each]]


def _worded(block: Listing) -> Iterator[str]:
    """Actions one below the other."""
    head, *body = texts(block)
    for text, *facts in body:
        yield filled(text, "  * ", "    ")
        told = listed([f"{title.lower()} {fact}" for title, fact in zip(head[1:], facts, strict=True)], ", ")
        yield f"    {written(told)}"


def coloured(title: str, documents: list[Document]) -> None:
    """Show the documents on a terminal."""
    from rich.console import Console
    from rich.text import Text

    from simulator.faces.documents.layout import laid_out

    console = Console(highlight=False)
    console.width = min(console.width, DOCUMENT_WIDTH)
    console.print(Text(title))
    for document in documents:
        for block in laid_out(document):
            show(block, console.print, console.width)


def show(block: Block, put: Callable[..., None], width: int) -> None:
    """One block on a terminal."""
    from rich.padding import Padding
    from rich.text import Text

    from simulator.faces.documents.layout import Heading, Paragraph, speaks

    if isinstance(block, Heading):
        style, title = "bold reverse" if block.level == 1 else "bold", written(block.text)
        put("", Text(f" {title} " if block.level == 1 else title, style=style), sep="\n")
    elif isinstance(block, Paragraph):
        speaker = Text(f"{speaks(block)} ", style="italic") if block.speaker else Text("")
        put(Padding(speaker + Text(written(block.text)), (0, 2)))
    else:
        for table in drawn(block, width):
            put(Padding(table, (0, 2)))


def drawn(block: Listing, width: int) -> Iterator[Table]:
    """A table for a terminal, in strips where it is too wide."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    rows = texts(block)
    strips = [rows] if block.left > 1 else even_strips(rows, width - 8)
    for k, (head, *body) in enumerate(strips):
        table = Table(
            title=Text(written(block.title)) if block.title and not k else None,
            title_justify="left",
            box=box.SIMPLE_HEAD,
        )
        table.padding, table.pad_edge = (0, 1, 0, 0), False
        for c, name in enumerate(head):
            table.add_column(Text(name), justify="left" if c < block.left else "right", no_wrap=block.left == 1)
        for row in body:
            table.add_row(*map(Text, row))
        yield table


__all__ = ["show_cycle"]
