"""Texts in the language of the reader, or of the one for whom a file is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import streamlit as st

from dashboard.case import names_only, scenario_of
from simulator.kernel import messages
from simulator.kernel.messages import Listed, Message, Number, Text, Value, msg, speaking
from simulator.kernel.units import ToldError, bare

T = TypeVar("T")
VALUES = Message | Number | Listed | str | int
Names = Mapping[str, str]


def language() -> str:
    """The reader's language, by its code."""
    speech = messages.SPOKEN.get()
    return speech.language if speech else str(st.session_state.get("language", "en"))


def names() -> Names:
    """The names of the company on the screen, and of what belongs to it, in the reader's language."""
    speech = messages.SPOKEN.get()
    if speech:
        return speech.names
    case = st.session_state.get("case")
    return scenario_of(case).names(language()) if case else {}


def voice() -> tuple[str, int]:
    """Key the texts that are kept by the language and the names in it."""
    return language(), hash(tuple(names().items()))


def in_language(code: str, make: Callable[[], T], called: Names | None = None) -> T:
    """Make something in a language, with the company's names in it."""
    with speaking(code, called):
        return make()


def written(value: Value) -> str:
    """Write a message or a value in the reader's language."""
    if messages.SPOKEN.get():
        return messages.written(value)
    with speaking(language(), names()):
        return messages.written(value)


def say(text: Text, **slots: Any) -> str:
    """Say a text of the pages, or a message, in the reader's language, its slots filled."""
    if isinstance(text, Message):
        return written(text)
    return written(msg(text, **{name: slot if isinstance(slot, VALUES) else str(slot) for name, slot in slots.items()}))


def own_name(name: str) -> str:
    """A name or note of the company's own, as it is called in the reader's language."""
    return names().get(name, name)


def tell(value: Value) -> str:
    """Tell a message or value of the simulator, or one of its fixed texts, in the reader's language."""
    return (
        own_name(value)
        if isinstance(value, str) and value in names()
        else say(value)
        if isinstance(value, str)
        else written(value)
    )


def wrong(problem: ToldError) -> str:
    """Name the fault of a scenario in the reader's language, without the file of ours that it stands in."""
    return tell(names_only(bare(problem.text)))
