"""Looks for this reader: light or dark, policies and measures by the names that people use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.alternatives import is_alternative, named, parted
from dashboard.case import Case, loaded_name, scenario_of
from dashboard.controls import language, own_name, say, tell
from dashboard.speech import T
from dashboard.words import as_it_stands
from simulator.faces.charts import DARK, LIGHT, Look
from simulator.kernel.messages import Message, Text, with_texts
from simulator.results.cautions import cautions

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.asks import Ask
    from simulator.company import Company

NAMES = {
    "siloed": "Siloed",
    "dire": "Dire (a caricature)",
    "chase": "Chase",
    "level": "Level",
    "pull": "Pull (kanban)",
    "reorder-point": "Reorder point (s,Q)",
    "order-up-to": "Order-up-to (R,S)",
    "sop": "S&OP by the rules",
    "sop-smoothed": "S&OP smoothed",
    "sop-optimised": "S&OP optimised",
}
"""Policies as people call them; one that is not here goes by its own name."""

SETTING = "-setting-"
"""Between the name of a policy and the number of the setting that a study gave it."""

COMPANIES = {
    "appliances": "Appliance maker",
    "giftware": "Giftware wholesaler",
    "switchgear": "Switchgear maker",
    "trading": "Trading firm",
}
SHORT = {"appliances": "Appliances", "giftware": "Giftware", "switchgear": "Switchgear"}
"""Companies with variants, as these are called."""


def look() -> Look:
    """Colours for the reader's background, words in the reader's language."""
    presented = st.session_state.get("kept show")
    size, sizes = LARGE_LETTERS if presented else LETTERS, SIZES[language()]
    return replace(DARK if dark() else LIGHT, say=say, size=size, sizes=sizes)


LETTERS, LARGE_LETTERS = 12, 17
SIZES = {"en": LIGHT.sizes, "zh": ((1e8, 1e8, "亿"), (1e4, 1e4, "万"))}
"""What large figures are divided by in each language: from, by, sign."""


def dark() -> bool:
    """Tell if the page is dark."""
    return getattr(st.context.theme, "type", None) == "dark"


def policy_name(name: str) -> str:
    """A policy as it is called; one with elements switched on says how many, an alternative how it differs."""
    if is_alternative(name):
        return named(name, policy_name(parted(name)[0]))
    base, setting, number = name.partition(SETTING)
    if setting:
        return say("{policy}, setting {number}", policy=policy_name(base), number=number)
    base, *parts = name.split("+")
    called = say(NAMES[base]) if base in NAMES else own_name(base)
    return (
        say("{policy} + {count} elements", policy=called, count=len(parts))
        if len(parts) > 1
        else (f"{called} + {say(element_title(parts[0]))}" if parts else called)
    )


def called(codes: Iterable[T], name: Callable[[T], str]) -> Callable[[T], str]:
    """Name the options of an input once in the reader's language."""
    names = {code: name(code) for code in codes}
    return lambda code: names.get(code, str(code))


def element_title(element: str) -> str:
    """An element of S&OP as it is called."""
    from simulator.results.elements import elements

    return {each.name: each.title for each in elements()}.get(element, element)


def product_name(company: Company, name: str, beside: str = "") -> str:
    """A product by its code and what it is."""
    note = company.products[name].note if name in company.products else ""
    return " ".join(part for part in (own_name(name), beside, own_name(note)) if part)


def family_name(name: str) -> str:
    """A family as it is called, or all of them together."""
    return say("All families") if name == "total" else own_name(name)


def company_name(base: str) -> str:
    """A company as it is called."""
    if base.startswith("@"):
        return loaded_name(base) or say("Your own file")
    if base.startswith("textbook/"):
        return say("Textbook: {name}", name=say(base.removeprefix("textbook/").replace("-", " ")))
    main, _, variant = base.partition("-")
    if variant and main in SHORT:
        return say("{company}: {variant}", company=say(SHORT[main]), variant=say(variant_words(base)))
    return say(COMPANIES.get(base, base))


def variant_words(base: str) -> str:
    """Read from the name of its file how a variant of a company differs."""
    return base.partition("-")[2].replace("-", " ")


def labelled(summary: pd.DataFrame) -> pd.DataFrame:
    """A summary whose policies have the names that people use."""
    names = {name: policy_name(name) for name in summary["policy"].unique()}  # each once, and not row by row
    return summary.assign(label=summary["policy"].map(names))


def header(title: str, question: str, case: Case | None = None) -> None:
    """The head of a page: its title, the question that it answers, and what of the company deserves a look before."""
    st.title(title, anchor=False)
    st.caption(question)
    look_at(remarks_of(case) if case else ())


def look_at(remarks: Sequence[Text]) -> None:
    """Show in one box the remarks that deserve a look before figures are believed."""
    if remarks:
        said = [say("Look at: {remark}", remark=as_it_stands(tell(remark))) for remark in remarks]
        st.warning("  \n".join(said), icon=":material/visibility:")


def look_at_the_rest(remarks: Sequence[Text], case: Case) -> None:
    """Show the remarks beyond those that the head of the page makes on the company."""
    look_at([remark for remark in remarks if remark not in remarks_of(case)])


@lru_cache(maxsize=64)
def remarks_of(case: Case) -> tuple[Text, ...]:
    """List the remarks on a company and on the policies that it has itself."""
    scenario = scenario_of(case)
    return tuple(cautions(scenario, [*scenario.policies.values()]))


def in_names(ask: Ask, told: Message) -> Message:
    """A remark with policies and alternatives as they are called on the page."""
    named = with_texts(told, lambda text: policy_name(text) if text in ask.policies else text)
    return named if isinstance(named, Message) else told


def told_remarks(remarks: Sequence[Text]) -> list[str]:
    """Word remarks for the papers that a reader takes along."""
    return [say("Look at: {remark}", remark=tell(remark)) for remark in remarks]


__all__ = ["company_name", "dark", "header", "labelled", "language", "look", "policy_name"]


def spec_of(chart: Any, large: bool = False) -> dict[str, Any]:
    """A chart as the browser draws it: as wide as its place, its words as dark as the page's; large for a class."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    ink, size = (DARK if dark() else LIGHT).ink, LARGE_LETTERS if large else LETTERS
    words = {"labelColor": ink, "titleColor": ink, "labelFontSize": size, "titleFontSize": size}
    title = {"color": ink, "fontSize": size + 2, "offset": 10, "subtitleColor": ink, "subtitleFontSize": size - 1}
    if "title" in spec:
        said = spec["title"].get("text", "")
        lines = said if isinstance(said, list) else [said]
        spec["title"]["text"] = [part for line in lines for part in in_lines(line)]
    spec["config"] = {"axis": words, "legend": words, "title": title, "text": {"fontSize": size}}
    spec.pop("width", None)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["padding"] = {"left": 3, "top": 4, "right": 14, "bottom": 4}  # no sign is cut off at the edge
    if large:
        spec["height"] = min(SLIDE, round(1.25 * float(spec.get("height", SLIDE))))
    return spec


def in_lines(title: str) -> list[str]:
    """A title in lines that a phone shows whole; a Chinese sign takes two places."""
    lines, width = [""], 0
    for word in re.findall(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+", title):
        wide = sum(1 if sign < "\u2e80" else 2 for sign in word.rstrip())
        if width + wide > TITLE_LETTERS and word not in "，。、；：）":
            lines, width = [*lines, ""], 0
        lines[-1] += word
        width += wide + len(word) - len(word.rstrip())
    return [line.strip() for line in lines if line.strip()] or [title]


TITLE_LETTERS = 44
"""Letters of a title's line."""

SLIDE = 360
"""The height of a picture on a slide: a class sees all of it at once."""
