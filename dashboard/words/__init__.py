"""Show texts on a page as they stand. They are looked up in the one catalogue (simulator/kernel/messages.py)."""

from __future__ import annotations

HTML = {"en": "en", "zh": "zh-CN"}
ADDRESSES, JOINER = ("://", "www."), "\u2060"
"""What an address is known by, and a sign without width that hides it."""

SIGNS = "\\`*_[]<>$~#|"
"""What Markdown would take for more than a sign."""


def as_it_stands(text: str) -> str:
    """A text that Markdown shows as it is, line by line, addresses without a link."""
    for sign in SIGNS:
        text = text.replace(sign, f"\\{sign}")
    for sign in ADDRESSES:
        text = text.replace(sign, f"{sign[:-1]}{JOINER}{sign[-1]}")
    return text.replace("\n", "  \n")
