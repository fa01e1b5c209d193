"""Texts in the language of the reader, or of the one for whom a file is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from dashboard.case import names_only
from dashboard.words import catalogue, told
from simulator.kernel import messages
from simulator.kernel.messages import Value, speaking
from simulator.kernel.units import ToldError, bare

T = TypeVar("T")


def language() -> str:
    """The reader's language, by its code."""
    speech = messages.SPOKEN.get()
    return speech.language if speech else str(st.session_state.get("language", "en"))


def in_language(code: str, make: Callable[[], T]) -> T:
    """Make something in a language."""
    with speaking(code):
        return make()


def said(value: Value) -> str:
    """Write a message or a value in the reader's language."""
    return messages.written(value, language())


def say(text: str, **slots: Any) -> str:
    """A text of the pages in the reader's language, its slots filled."""
    words = catalogue(language()).say(text)
    return words.format(**slots) if slots else words


def tell(text: Value) -> str:
    """What comes from the simulator, in the reader's language; a plain sentence is still matched with patterns."""
    return told(text, language()) if isinstance(text, str) else said(text)


def wrong(problem: ToldError) -> str:
    """What is wrong with a scenario, in the reader's language; which file of ours it was is no matter here."""
    return tell(names_only(bare(problem.text)))
