"""Downloads: workbooks and CSV without live formulas, pictures, a page that needs no network, a scenario file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
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


def scenario_file(case: Case) -> bytes:
    """A scenario file that says what differs from its base, entry by entry; the command line takes it in any folder."""
    scenario, loaded = scenario_of(case), case.base.startswith("@")
    text = file_of(case.base).read_text(encoding="utf-8") if loaded else ""
    return saving.scenario_file(scenario, case.base, case.overrides(), text).encode()
