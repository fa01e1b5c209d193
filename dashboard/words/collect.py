"""Every text that a reader may meet: what the catalogues must hold. `python -m dashboard.words.collect zh` lists what is missing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator

from dashboard.origin import PROJECT
from simulator.company.lists import labelled, record_lists
from simulator.faces.translation import declared
from simulator.kernel.messages import catalogue
from simulator.results.estimates import ALIKE, PERHAPS, UNMEASURED

SPOKEN = ("say", "tell", "msg", "plural")


def literals() -> Iterator[str]:
    """Texts that stand in the code of pages and charts."""
    drawn = [*PROJECT.glob("simulator/faces/charts/*.py"), *PROJECT.glob("simulator/faces/analysis/*.py")]
    for file in sorted([*PROJECT.glob("dashboard/**/*.py"), *drawn]):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in SPOKEN and node.args:
                yield from texts_of(node.args[0])
            if isinstance(node, ast.Call) and _name(node.func) == "speaking" and isinstance(node.args[-1], ast.Dict):
                yield from (each.value for each in node.args[-1].values if _is_text(each))  # type: ignore[attr-defined]


def texts_of(node: ast.AST) -> Iterator[str]:
    """The texts of an expression, not the names by which it looks something up."""
    if _is_text(node):
        yield node.value  # type: ignore[attr-defined]
    inside: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.Subscript):
        inside = [node.value]
    elif isinstance(node, ast.Call) and _name(node.func) == "plural":
        inside = node.args[:1]  # by which a catalogue finds both forms
    for child in inside:
        yield from texts_of(child)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 1


def table_texts() -> Iterator[str]:
    """Texts that stand in tables of the pages."""
    from dashboard import alternatives, show, tables
    from dashboard.look import COMPANIES, NAMES, SHORT
    from dashboard.parts import comparison, ghosts, ladder, study, views

    yield from [*NAMES.values(), *COMPANIES.values(), *SHORT.values(), *show.GOOD.values(), *ladder.DOES.values()]
    yield from [
        *comparison.SERIES_TITLES.values(),
        *ghosts.DECIDED_ON.values(),
        *ghosts.ABOUT.values(),
        *tables.MONTHS.values(),
        *tables.HEADS,
        *tables.SHEETS.values(),
    ]
    yield from [
        *study.DESIGNS.values(),
        *study.STUDY_TITLES.values(),
        *views.TABS,
        *views.COLUMN_TITLES.values(),
        views.NEEDED_FOR_SOBOL,
    ]
    yield from [*alternatives.MAIN_DIALS.values(), *alternatives.FACTORS.values(), *alternatives.FIGURES.values()]
    yield from study_texts()
    for each in record_lists():
        yield each.title
        yield from labelled(each.kind)
    for module, names in TEXT_TABLES.items():
        tree = ast.parse((PROJECT / module).read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Assign) and _name(node.targets[0]) in names:
                value = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
                yield from (each.value for part in value for each in ast.walk(part) if _is_text(each))


def study_texts() -> Iterator[str]:
    """Yield the texts of the studies that come with the product."""
    from dashboard.studies import words_of
    from simulator.studies.study import study_names

    for words in map(words_of, study_names()):
        yield words["note"]
        yield from (factor["name"] for factor in words["factors"])


TEXT_TABLES = {
    "dashboard/app.py": ("PAGES",),
    "dashboard/pages/cycle.py": ("SHORT_TITLES",),
    "dashboard/pages/replay.py": ("CHART_TITLES",),
    "dashboard/pages/scenario.py": ("GROUPS",),
    "dashboard/pages/methods.py": ("FLOW", "LAWS", "LIMITS"),
    "simulator/faces/charts/exchange.py": ("ACROSS",),
    "simulator/faces/charts/policies.py": ("CALM",),
    "simulator/faces/analysis/pictures.py": ("SWING_TIPS", "EFFECT_TIPS", "SHARE_TIPS"),
}
"""Tables of pages, which are scripts and not imported."""


def variant_texts() -> Iterator[str]:
    """List the fixed words of comparisons, and the variants of companies by their names."""
    from dashboard.look import variant_words
    from simulator.company.files import scenario_names

    yield from VERDICTS
    yield from (variant_words(name) for name in scenario_names() if variant_words(name) and "/" not in name)
    yield from (name.removeprefix("textbook/").replace("-", " ") for name in scenario_names() if "/" in name)


VERDICTS = (*PERHAPS, *PERHAPS.values(), *ALIKE, UNMEASURED, "reference", "points", "/year")


def every_text() -> list[str]:
    """All of them, each once, without those that are signs only."""
    texts = dict.fromkeys([*literals(), *table_texts(), *variant_texts(), *declared()])
    return [text for text in texts if any(sign.isalpha() for sign in text) and not text.startswith(":material")]


def missing_texts(language: str) -> list[str]:
    """Texts that a catalogue does not hold."""
    found = catalogue(language).texts
    return [text for text in every_text() if text not in found and text not in SAME]


SAME = (
    "JSON",
    "CSV",
    "PNG",
    "SVG",
    "Python",
    "NumPy",
    "SciPy",
    "Streamlit",
    "sop-sandbox",
    "kept company",
    "textbook/",
    "set",
    r"^[\w-]+\.toml: ",
)
"""Texts that are the same in every language."""


if __name__ == "__main__":
    print("\n".join(missing_texts(sys.argv[1])))
