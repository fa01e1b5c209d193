"""The words of the pages in the reader's language: English is written in the code, other languages in catalogues.

A catalogue is a gettext file beside this one. Texts of pages are looked up as they stand. Sentences that the simulator
makes are looked up by their pattern: `{stock} units were shipped` also fits `310 units were shipped`, and what stands
in the slots is looked up in turn.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent
LANGUAGES = {"en": "English", "zh": "简体中文"}
"""The languages by their code in links."""

LOCALES = {"en": "en", "zh": "zh_Hans_CN"}
HTML = {"en": "en", "zh": "zh-CN"}
SLOT = re.compile(r"\{(\w+)\}")
DEEPEST = 6


class Catalogue:
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    @cached_property
    def texts(self) -> dict[str, str]:
        """Every text with its translation; none for the language that the code is written in."""
        found: dict[str, str] = {}
        for file in sorted(HERE.glob(f"{self.language}*.po")):
            with file.open("rb") as lines:
                found |= {str(m.id): str(m.string) for m in read_po(lines) if m.id and m.string and not m.fuzzy}
        return found

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Texts with slots as patterns, those that say most first."""
        slotted = [text for text in self.texts if SLOT.search(text)]
        slotted.sort(key=lambda text: len(SLOT.sub("", text)), reverse=True)
        return [(as_pattern(text), self.texts[text]) for text in slotted]

    def say(self, text: str) -> str:
        """A text of the pages."""
        return self.texts.get(text, text)

    def told(self, text: str, depth: int = 0) -> str:
        """A sentence that the simulator made; as it is where the catalogue does not know it."""
        if not self.texts or not text or depth > DEEPEST:
            return text
        if text in self.texts:
            return self.texts[text]
        for pattern, translation in self.patterns:
            found = pattern.fullmatch(text)
            if found:
                slots = {name: self.told(value, depth + 1) for name, value in found.groupdict().items()}
                return SLOT.sub(lambda slot, slots=slots: slots.get(slot[1], slot[0]), translation)  # type: ignore[misc]
        return text


def as_pattern(text: str) -> re.Pattern[str]:
    """A text with slots as the pattern of the sentences that it stands for; a slot that comes twice must say the same."""
    parts, seen = [], set()
    for k, piece in enumerate(SLOT.split(text)):
        if k % 2 == 0:
            parts.append(re.escape(piece))
        elif piece in seen:
            parts.append(f"(?P={piece})")
        else:
            seen.add(piece)
            parts.append(f"(?P<{piece}>.+?)")
    return re.compile("".join(parts), re.DOTALL)


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language, read once."""
    return Catalogue(language)


@lru_cache(maxsize=20_000)
def told(text: str, language: str) -> str:
    """A sentence of the simulator in a language."""
    return catalogue(language).told(text)
