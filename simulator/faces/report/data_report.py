"""Import tables as a company, and report on it: what was understood, set aside and assumed, on screen, as page and as workbook."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.company.buckets import BUCKETS
from simulator.company.files import COMPANY_FILE
from simulator.company.intake.company_file import DEMAND_FILE, Imported, company_of, write_company
from simulator.company.intake.facts import FACTS_FILE, kept_facts, read_facts
from simulator.company.intake.mapping import MAPPING_FILE, Wishes, check_wishes, read_mapping
from simulator.company.intake.reading import Reader, understood
from simulator.company.intake.remarks import Remark, place_words
from simulator.faces.report.files import as_csv
from simulator.kernel.messages import Message, capital, listed, msg, number, said, spoken
from simulator.kernel.units import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

    from simulator.engine.scenario import Scenario

PREVIEW = 3
"""Rows that are shown as they were understood."""

REMARKS = "remarks"

ADDED = msg(
    "Open purchases, open orders and stock are those of the added files: what the earlier ones say of them is of an earlier day."
)

MOST_MARKED = 20_000
"""Remarks of a workbook."""

REPORT_STYLE = """
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; color: #111; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { padding: .2rem .7rem; text-align: left; border-bottom: 1px solid #ddd; }
@media print { body { margin: 0; } }
"""


@dataclass
class Done:
    """Hold an import that is written, with the scenario that it makes."""

    reader: Reader
    found: Imported
    scenario: Scenario
    written: list[Path]
    passed_over: list[str]

    def understood(self) -> Iterator[Message]:
        """Say how each table was understood, and what the first rows became."""
        for table in self.reader.tables:
            yield table.sentence()
            for detail in table.details():
                yield msg("  {detail}", detail=detail)
        if self.passed_over:
            yield msg("Passed over, since no table is known in them: {sheets}.", sheets=listed(self.passed_over, ", "))
        rows = self.found.rows
        for k in range(min(PREVIEW, len(rows.date))):
            yield msg(
                "  read as: {day}, product {product}, {units} units",
                day=rows.date[k].date(),
                product=rows.product[k],
                units=number(rows.quantity[k], 0 if rows.quantity[k] == int(rows.quantity[k]) else 2),
            )

    def remarks(self, most: int) -> Iterator[Message]:
        """Count the remarks by rule, then name the first of them."""
        remarks = self.reader.remarks
        yield from remarks.sentences()
        told = [remark for remark in remarks.found if remark.aside and remark.rule != "example"]
        shown = told[:most]
        if len(shown) > 1:
            for remark in shown:
                yield msg("  {where}: {value}", where=place_words(remark), value=repr(remark.value))
            more = remarks.aside - remarks.counts["example"] - len(shown)
            if more:
                yield msg("  and {n} more; remarks.csv lists them", n=number(more))

    def sentences(self, most: int) -> Iterator[Message]:
        """All that is said on the screen."""
        yield from self.understood()
        yield from self.remarks(most)
        yield from self.counts()
        yield from self.found.assumed
        yield from self.scenario.assumed
        yield msg("Next: sop check {file}, sop data {file}, sop compare {file}.", file=str(self.written[0].parent))

    def counts(self) -> Iterator[Message]:
        """Count the rows read, set aside and kept, then what the engine does with those kept."""
        kept = len(self.found.rows.date)
        yield msg(
            "{n} rows of demand read, {aside} set aside, {kept} kept with {units} units.",
            n=number(self.reader.read),
            aside=number(self.reader.read - kept),
            kept=number(kept),
            units=number(sum(self.found.rows.quantity)),
        )
        yield msg("Rows are {bucket}.", bucket=BUCKETS[self.found.bucket])
        yield from self.scenario.notes


def imported(
    files: list[Path], wishes: Wishes, folder: Path, name: str, most_products: int, added: Sequence[Path] = ()
) -> Done:
    """Read tables, write the company into a folder, and load it; of those `added` what came after the others counts.

    Without other files they are added to the demand and the facts that the folder holds.
    """
    from simulator.engine.scenario import load

    check_wishes(wishes)
    if (folder / MAPPING_FILE).is_file():
        wishes = read_mapping(folder / MAPPING_FILE, wishes)
    on_top = not files
    if on_top:
        files = [_kept_demand(folder, added)]
    tables, passed_over = understood(files, wishes, added)
    reader = Reader(tables, wishes)
    bucket = reader.demand()
    facts = read_facts(reader, kept_facts(folder / FACTS_FILE) if on_top else None)
    given = deepcopy(facts)
    found = company_of(reader, facts, bucket, name, most_products)
    if added:
        found.assumed.insert(0, ADDED)
    written = [*write_company(found, reader, folder, given, on_top), *_write_remarks(reader, folder)]
    done = Done(reader, found, load(folder / COMPANY_FILE), written, passed_over)
    report = folder / "data-report.html"
    report.write_text(report_page(done, name), encoding="utf-8")
    written.append(report)
    return done


def _kept_demand(folder: Path, added: Sequence[Path]) -> Path:
    """The demand of an earlier import into the folder, to which files are added."""
    kept = folder / DEMAND_FILE
    if not added:
        raise ScenarioError(msg("no file is given; name the files to import, or one to --add to what was imported"))
    if not kept.is_file():
        raise ScenarioError(
            msg(
                "nothing was imported into {folder} yet; give the files themselves, not by --add",
                folder=repr(str(folder)),
            )
        )
    return kept


# --- files ---


def remark_table(remarks: list[Remark]) -> pd.DataFrame:
    """The remarks as a table, a line each."""
    import pandas as pd

    from simulator.company.intake.remarks import REMARK_RULES

    heads = [said("file"), said("sheet"), said("row"), said("column"), said("value"), said("rule"), said("row is")]
    lines = [
        (
            r.file,
            r.sheet,
            r.row,
            r.column,
            r.value,
            str(REMARK_RULES[r.rule]),
            said("set aside") if r.aside else said("kept"),
        )
        for r in remarks
    ]
    return pd.DataFrame(lines, columns=heads)


def _write_remarks(reader: Reader, folder: Path) -> list[Path]:
    """Write all remarks as CSV, and the rows concerned as a workbook with the cells marked; remove those of an earlier import."""
    paths = [folder / f"{REMARKS}.csv", folder / f"{REMARKS}.xlsx"]
    for path in paths:
        path.unlink(missing_ok=True)
    if not reader.remarks.found:
        return []
    paths[0].write_text(as_csv(remark_table(reader.remarks.found)), encoding="utf-8-sig")
    try:
        import xlsxwriter
    except ImportError:
        return paths[:1]
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(paths[1], options) as book:
        bold, red = book.add_format({"bold": True}), book.add_format({"bg_color": "#F4B6B6"})
        table = remark_table(reader.remarks.found[:MOST_MARKED])
        sheet = book.add_worksheet(said("remarks")[:31])
        for k, head in enumerate(table.columns):
            sheet.write(0, k, head, bold)
            sheet.write_column(1, k, table[head].tolist())
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.columns) - 1, 18)
        for number_of, each in enumerate(reader.tables):
            _write_marked(book, number_of, each, reader.remarks.found[:MOST_MARKED], bold, red)
    return paths


def _write_marked(book: object, place: int, table: object, remarks: list[Remark], bold: object, red: object) -> None:
    """Write the rows of a table that have remarks, with their numbers in the file and the cells marked."""
    from typing import Any

    each: Any = table
    mine = [r for r in remarks if (r.file, r.sheet) == (each.sheet.file, each.sheet.name)]
    if not mine:
        return
    marked: dict[int, set[str]] = {}
    for remark in mine:
        marked.setdefault(remark.row, set()).add(remark.column)
    name = "".join(sign for sign in f"{place + 1} {each.sheet.name or each.sheet.file}" if sign not in "[]:*?/\\'")[:31]
    target: Any = book.add_worksheet(name)  # type: ignore[attr-defined]
    target.write_row(0, 0, [said("row"), *each.heads.names], bold)
    target.freeze_panes(1, 1)
    line = 1
    for row, cells in each.sheet.rows:
        if row not in marked:
            continue
        target.write_number(line, 0, row)
        for k, cell in enumerate(cells):
            head = each.heads.names[k] if k < len(each.heads.names) else ""
            style = red if head in marked[row] or marked[row] == {""} else None
            text = f"{cell:%Y-%m-%d}" if hasattr(cell, "strftime") else "" if cell is None else cell
            target.write(line, k + 1, text, style)
        line += 1


def report_page(done: Done, name: str) -> str:
    """The data report as a page that needs no network: no script, nothing fetched."""
    parts = [
        (msg("Tables as they were understood"), list(done.understood())),
        (msg("Rows"), [*done.counts(), *done.reader.remarks.sentences()]),
        (msg("Assumed"), [*done.found.assumed, *done.scenario.assumed]),
    ]
    body = "".join(
        f"<h2>{html.escape(str(title))}</h2>\n<ul>{''.join(f'<li>{html.escape(str(capital(line)))}</li>' for line in lines)}</ul>\n"
        for title, lines in parts
        if lines
    )
    shown = done.reader.remarks.found[:200]
    table = remark_table(shown).to_html(index=False, border=0, escape=True) if shown else ""
    title = html.escape(said("Data report of {name}", name=name))
    head = f'<meta charset="utf-8"><title>{title}</title><style>{REPORT_STYLE}</style>'
    return f'<!doctype html>\n<html lang="{spoken().language}"><head>{head}</head>\n<body><h1>{title}</h1>\n{body}{table}</body></html>\n'
