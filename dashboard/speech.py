"""Texts in the language of the reader, or of the one for whom a file is made."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

import streamlit as st

from dashboard.case import names_only
from dashboard.words import catalogue, told
from simulator.kernel.messages import Value
from simulator.kernel.units import ToldError, bare

T = TypeVar("T")

SPOKEN: ContextVar[str] = ContextVar("spoken")
"""The language of a file that is made for a reader, in a thread that does not know who that is."""


def language() -> str:
    """The reader's language, by its code."""
    return SPOKEN.get("") or str(st.session_state.get("language", "en"))


def in_language(code: str, make: Callable[[], T]) -> T:
    """Make something in a language."""
    token = SPOKEN.set(code)
    try:
        return make()
    finally:
        SPOKEN.reset(token)


def say(text: str, **slots: Any) -> str:
    """A text of the pages in the reader's language, its slots filled."""
    words = catalogue(language()).say(text)
    return words.format(**slots) if slots else words


def tell(text: Value) -> str:
    """A sentence, title or name that comes from the simulator, in the reader's language."""
    return told(text, language())


def wrong(problem: ToldError) -> str:
    """What is wrong with a scenario, in the reader's language; which file of ours it was is no matter here."""
    return tell(names_only(bare(problem.text)))
