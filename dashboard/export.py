"""Downloads: workbooks and CSV without live formulas, pictures, a page that needs no network, a scenario file."""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.case import Case, file_of, scenario_of
from simulator.engine import saving
from simulator.faces.report.files import as_csv

if TYPE_CHECKING:
    import pandas as pd

FAMILIES = ("Source Sans 3", "Noto Sans CJK SC", "DejaVu Sans")
"""What the words of a picture are written in, the first that there is."""

MEASURED = 1_000
"""Lines of a sheet that its columns are made wide enough for."""

PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}


def workbook(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """An Excel workbook, a sheet a table; no text becomes a formula or a link."""
    import pandas as pd

    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": PLAIN}) as writer:
        for name, table in sheets.items():
            table.to_excel(writer, sheet_name=name[:31], index=False)
            sheet = writer.sheets[name[:31]]
            sheet.freeze_panes(1, 0)
            for k, column in enumerate(table.columns):
                longest = max((len(str(cell)) for cell in [column, *table[column].head(MEASURED)]), default=0)
                sheet.set_column(k, k, min(60, longest + 2))
    return out.getvalue()


def zipped(folder: Path) -> bytes:
    """A folder as one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in (".lock", ".part"):
                archive.write(path, path.relative_to(folder).as_posix())
    return out.getvalue()


def csv(table: pd.DataFrame) -> bytes:
    """CSV that a spreadsheet opens as UTF-8 and takes for no formula."""
    return as_csv(table).encode("utf-8-sig")


@lru_cache(maxsize=1)
def fonts() -> str:
    """Families that this machine has, in quotes: a name of which a word begins with a digit is none without.

    Words are measured in the first of them; were that one missing, names that have room enough would be cut.
    """
    return ", ".join([*(f'"{family}"' for family in FAMILIES if _drawn(family)), "sans-serif"])


def _drawn(family: str) -> bool:
    """Tell if a letter of a family leaves ink."""
    import vl_convert as vlc

    empty, full = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'>"
        f"<text y='16' font-family='\"{family}\"'>{text}</text></svg>"
        for text in ("", "M")
    )
    return bool(vlc.svg_to_png(full) != vlc.svg_to_png(empty))


def picture(spec: dict[str, Any], form: str, width: int = 760, paper: str = "white") -> bytes:
    """A chart as PNG or SVG, drawn here without a network, on the background that its words are made for."""
    import vl_convert as vlc

    config = {"font": fonts(), "background": paper}
    drawn = {"width": width, **spec} if "vconcat" not in spec and "hconcat" not in spec else spec
    if form == "svg":
        svg: str = vlc.vegalite_to_svg(json.dumps(drawn), config=config)
        return svg.encode()
    png: bytes = vlc.vegalite_to_png(json.dumps(drawn), scale=2, config=config)
    return png


STYLE = """
body { font: 16px/1.55 system-ui, "Noto Sans CJK SC", sans-serif; color: #111; background: #fff; }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
figure { margin: 1.5rem 0; } svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 1rem 0; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #ddd; } th:first-child, td:first-child { text-align: left; }
"""


def page(
    title: str,
    language: str,
    paragraphs: Sequence[str],
    charts: Sequence[dict[str, Any]],
    tables: Mapping[str, pd.DataFrame],
) -> bytes:
    """A self-contained HTML report: no script, nothing fetched."""
    said = "".join(f"<p>{html.escape(text)}</p>\n" for text in paragraphs)
    drawn = "".join(f"<figure>{picture(spec, 'svg').decode()}</figure>\n" for spec in charts)
    listed = "".join(
        f'<h2>{html.escape(name)}</h2>\n<div class="scroll">{table.to_html(index=False, border=0, escape=True)}</div>\n'
        for name, table in tables.items()
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{html.escape(title)}</title>'
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>{head}<style>{STYLE}</style></head>\n'
        f"<body>\n<h1>{html.escape(title)}</h1>\n{said}{drawn}{listed}</body>\n</html>\n"
    ).encode()


def scenario_file(case: Case) -> bytes:
    """A scenario file that says what differs from its base, entry by entry; the command line takes it in any folder."""
    scenario, loaded = scenario_of(case), case.base.startswith("@")
    text = file_of(case.base).read_text(encoding="utf-8") if loaded else ""
    return saving.scenario_file(scenario, case.base, case.overrides(), text).encode()
