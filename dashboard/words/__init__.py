"""How texts stand on a page; and, until every sentence is a message, the patterns of those that are not.

Texts of pages and messages are looked up in the one catalogue (simulator/kernel/messages.py). Sentences that the simulator
still makes in English are looked up by their pattern: `{stock} units were shipped` also fits `310 units were shipped`, and
what stands in the slots is looked up in turn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from simulator.kernel import messages
from simulator.kernel.messages import Value, written

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


# --- patterns: all below goes when the last plain sentence has become a message ---


HERE = Path(__file__).resolve().parent
SLOT = re.compile(r"\{(\w+)\}")
WORD = re.compile(r"[A-Za-z]")
NUMBERED = re.compile(r"(\d+\.) (.+)", re.DOTALL)
SENTENCES = re.compile(r"(?<=\.) (?=[A-Z'0-9])")
DEEPEST = 12


class Catalogue:
    """The texts of one language, with the patterns of sentences."""

    def __init__(self, language: str) -> None:
        self.language = language

    @cached_property
    def texts(self) -> dict[str, str]:
        """Every text with its translation; none for the language that the code is written in."""
        plain = {text: said for text, said in messages.catalogue(self.language).texts.items() if isinstance(said, str)}
        return {**self._sentences, **plain}

    @cached_property
    def _sentences(self) -> dict[str, str]:
        """What the simulator says in documents, and of entries that are wrong."""
        return {**self._read("_entries"), **self._read("_documents")}

    def _read(self, part: str) -> dict[str, str]:
        file = HERE / f"{self.language}{part}.po"
        if not file.is_file():
            return {}
        with file.open("rb") as lines:
            return {str(m.id): str(m.string) for m in read_po(lines) if m.id and m.string and not m.fuzzy}

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Sentences of documents with slots as patterns, those that say most first."""
        slotted = {text: said for text, said in self._sentences.items() if SLOT.search(text)}
        order = sorted(slotted, key=lambda text: len(SLOT.sub("", text)), reverse=True)
        return [(as_pattern(text), slotted[text]) for text in order]

    def told(self, text: str, names: Mapping[str, str], depth: int = 0) -> str:
        """A sentence that the simulator made, or several; as it is where the catalogue does not know it."""
        if not self.texts or depth > DEEPEST or not WORD.search(text):
            return text
        known = names.get(text) if depth else self.texts.get(text, names.get(text))
        if known is None:
            known = self.texts.get(text)
        if known is not None:
            return known
        numbered = NUMBERED.fullmatch(text)
        if numbered:
            return f"{numbered[1]} {self.told(numbered[2], names, depth)}"
        sentences = SENTENCES.split(text)
        if len(sentences) > 1:
            return "".join(self.told(sentence, names, depth + 1) for sentence in sentences)
        return self._sentence(text, names, depth)

    def _sentence(self, text: str, names: Mapping[str, str], depth: int) -> str:
        """One sentence, as a pattern has it or with a small letter to begin with; else its names one by one."""
        small = text[:1].lower() + text[1:]
        for known in (self.texts.get(small), names.get(small)):
            if known is not None:
                return known
        for pattern, translation in self.patterns:
            found = pattern.fullmatch(text) or pattern.fullmatch(small)
            if found:
                slots = {name: self.told(value, names, depth + 1) for name, value in found.groupdict().items()}
                return translation.format(**slots)
        first, comma, rest = text.partition(", ") if ", " in text else text.rpartition(" and ")
        parts = (self.told(part, names, depth + 1) for part in (first, rest))
        return "、".join(parts) if depth and comma else text


KINDS = {
    "n": r"[-+−]?\d[\d,.]*(?: %)?",
    "m": r"\d{4}-\d\d(?:-\d\d)?",
}
"""What a slot may hold whose name is a letter, with a number or without: a figure, or a month or day."""

MONEY = r"[-+−]?\d[\d,.]*M? [A-Z]{3}"
WORDS = {"rest": ".+", "option": "[^;']+?", "money": MONEY, "money2": MONEY, "currency": "[A-Z]{3}"}
ANYTHING = "[^;]+?"
"""What any other slot may hold: not more than a clause, but for one called rest; an option ends with its
quotation, money with its currency."""


def as_pattern(text: str) -> re.Pattern[str]:
    """A text with slots as the pattern of the sentences that it stands for."""
    parts = [re.escape(piece) if k % 2 == 0 else slot_of(piece) for k, piece in enumerate(SLOT.split(text))]
    return re.compile("".join(parts), re.DOTALL)


def slot_of(name: str) -> str:
    """What stands in a slot."""
    figure = name[1:].isdigit() or len(name) == 1
    kind = KINDS.get(name[0], ANYTHING) if figure else WORDS.get(name, ANYTHING)
    return f"(?P<{name}>{kind})"


@lru_cache(maxsize=4)
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language, read once."""
    return Catalogue(language)


@lru_cache(maxsize=20_000)
def told(text: Value, language: str, names: tuple[tuple[str, str], ...] = ()) -> str:
    """A sentence of the simulator in a language, with the company's names in it."""
    return catalogue(language).told(text, dict(names)) if isinstance(text, str) else written(text, language)
