"""A company as it stands on the screen: one that comes with the product or was loaded, and what differs from it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard import keeping, readers
from dashboard.keeping import HOME as HOME
from simulator.company.entries import dotted_below, keys
from simulator.company.files import PACKAGE, scenario_names
from simulator.company.gate import LARGEST, content_of, tables_in
from simulator.company.intake.company_file import DEMAND_FILE
from simulator.company.toml import json_text
from simulator.engine.scenario import Scenario, load
from simulator.kernel.messages import Message, Value, listed, msg, number, with_texts
from simulator.kernel.units import ScenarioError, bare, nearest

LOADED = re.compile(r"@[0-9a-f]{12}")
MOST_CHANGES = 200
MOST_SIGNS, MOST_ITEMS = 12_000, 300
"""What a loaded file may hold: entries about, and products or any other items; more would keep other readers waiting."""

LINES = ("demand", "history", "file")

BROUGHT_LINES = re.compile(r"[0-9a-f]{32}\.csv")
"""The name of a file of demand that a reader brought: it follows from its content, which nobody else knows."""
REFERENCE = "appliances"


def companies() -> list[str]:
    """Companies that come with the product, the textbook's cases last."""
    return sorted(scenario_names(), key=lambda name: ("/" in name, name != REFERENCE, name))


@dataclass(frozen=True)
class Case:
    """The name of a company or the code of a loaded file, and the entries that were changed, as JSON."""

    base: str = REFERENCE
    changes: tuple[tuple[str, str], ...] = ()

    def overrides(self) -> dict[str, Any]:
        """The changed entries as values."""
        return {entry: json.loads(text) for entry, text in self.changes}

    def with_entry(self, entry: str, value: Any) -> Case:
        """Change one more entry of the company."""
        kept = tuple(pair for pair in self.changes if pair[0] != entry)
        return replace(self, changes=(*kept, (entry, json_text(value))))

    def without(self, entry: str) -> Case:
        """Take one change of the company back, and what was changed within it."""
        within = (f"{entry}.", f"{entry}[")
        return replace(self, changes=tuple(p for p in self.changes if p[0] != entry and not p[0].startswith(within)))


def file_of(base: str) -> Path:
    """Return the path of a loaded scenario."""
    return HOME / "scenarios" / f"{base.removeprefix('@')}.toml"


def files_of(base: str) -> list[Path]:
    """Return the paths of a loaded scenario and of the demand that it names."""
    path = file_of(base)
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return [path, *(path.with_name(name) for name in BROUGHT_LINES.findall(text))]


@lru_cache(maxsize=64)
def scenario_of(case: Case) -> Scenario:
    """The scenario of a case; one sentence where it cannot be."""
    if LOADED.fullmatch(case.base):
        path = file_of(case.base)
        if not path.is_file():
            raise ScenarioError(msg("this link names a scenario that is not on this server; load its file again"))
        return _read(content_of(path), path.stem, case.overrides())
    if case.base not in scenario_names():
        hint = nearest(case.base, companies())
        raise ScenarioError(msg("there is no company {name}; {hint}", name=repr(case.base), hint=hint))
    refuse_order_lines({}, case.overrides(), case.base)
    return load(case.base, case.overrides())


def _read(content: bytes, name: str, overrides: dict[str, Any]) -> Scenario:
    """A scenario from a file that a user brought; one sentence where it is none."""
    try:
        return _built(content, name, overrides)
    except ScenarioError as problem:
        raise ScenarioError(bare(names_only(problem.text), THE_FILE)) from None


def _built(content: bytes, name: str, overrides: dict[str, Any]) -> Scenario:
    """The scenario of a file; what it extends is one of ours, and it reads no other file."""
    words = tables_in(content, THE_FILE, MOST_SIGNS)
    base, instead = words.pop("extends", None), words.pop("instead", [])
    if base is not None and base not in scenario_names():
        names = listed(companies(), ", ")
        raise ScenarioError(
            msg("extends is {value}; on the page it must name one of {names}", value=repr(base), names=names)
        )
    refuse_order_lines(words, overrides, base)
    refuse_large(words)
    if base is None:
        named = own_name_in(words) or name
        found = load({**words, "name": named}, overrides, folder=HOME / "scenarios")
        return replace(found, source=THE_FILE, notes=_own_file(found.notes), assumed=_own_file(found.assumed))
    whole = instead if isinstance(instead, list) else []
    said = {
        path: value for path, value in flat(words, whole) if value != {} or path in whole or not _stands(base, path)
    }
    found = load(base, {**said, **overrides}, whole)
    return replace(found, name=own_name_in(words) or found.name)


def _own_file(told: Sequence[Message]) -> tuple[Message, ...]:
    """Sentences on the demand that a reader brought, by the name that its file has in their folder."""
    changed = (with_texts(each, lambda text: BROUGHT_LINES.sub(DEMAND_FILE, text)) for each in told)
    return tuple(each for each in changed if isinstance(each, Message))


def own_name_in(words: Mapping[str, Any]) -> str:
    """The name that a company gives itself; empty where it gives none."""
    told = words.get("company")
    name = told.get("name", "") if isinstance(told, Mapping) else ""
    return str(name).strip()


@lru_cache(maxsize=256)
def loaded_name(base: str) -> str:
    """The name of a company that was loaded; its file never changes under its code."""
    try:
        return own_name_in(tables_in(content_of(file_of(base)), THE_FILE, MOST_SIGNS))
    except ScenarioError:
        return ""


def _stands(base: str, path: str) -> bool:
    """Tell if a company of ours has a table: one that a file leaves empty changes nothing in it."""
    table: Any = load(base).words
    for key in keys(path):
        table = table.get(key) if isinstance(table, Mapping) else None
    return isinstance(table, Mapping)


def refuse_order_lines(words: Mapping[str, Any], overrides: Mapping[str, Any], base: str | None) -> None:
    """Refuse order lines other than those of the company that comes with the product: they may be another reader's."""
    said = [*_deep(words, ()), *(pair for entry, value in overrides.items() for pair in _deep(value, keys(entry)))]
    named = [value for path, value in said if path == LINES]
    if any(value != _own_lines(base) and not _is_brought(value) for value in named):
        raise ScenarioError(
            msg(
                "demand.history.file names order lines; on the page these can only be those of a company that comes with the "
                "product; leave the entry out, or use your own order lines on the command line"
            )
        )


def _is_brought(value: Any) -> bool:
    return isinstance(value, str) and bool(BROUGHT_LINES.fullmatch(value)) and (HOME / "scenarios" / value).is_file()


def _deep(value: Any, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every entry by its keys, as deep as the name of a file of order lines lies."""
    if isinstance(value, Mapping) and len(above) < len(LINES):
        for key, each in value.items():
            yield from _deep(each, (*above, str(key)))
    else:
        yield above, value


@lru_cache(maxsize=64)
def _own_lines(base: str | None) -> str | None:
    """The file of order lines that a company of ours comes with."""
    history = load(base).company.demand.history if base else None
    return history.file if history else None


def refuse_large(words: Mapping[str, Any]) -> None:
    """Refuse a company so large that its pages would keep other readers waiting."""
    for kind in ("products", "components", "segments", "suppliers", "resources"):
        table = words.get(kind)
        if isinstance(table, Mapping) and len(table) > MOST_ITEMS:
            raise ScenarioError(
                msg(
                    "the file has {n} {kind}; on a page a company may have at most {most}; use the command line",
                    n=number(len(table)),
                    kind=kind,
                    most=MOST_ITEMS,
                )
            )


def flat(words: Mapping[str, Any], whole: Sequence[str] = (), above: str = "") -> Iterator[tuple[str, Any]]:
    """The entries of tables by dotted name; tables that stand instead of others are kept together."""
    for key, value in words.items():
        path = dotted_below(above, key)
        if isinstance(value, Mapping) and value and path not in whole:
            yield from flat(value, whole, path)
        else:
            yield path, value


def kept(content: bytes, what: Message, place: Callable[[str], Path], check: Callable[[str], object]) -> str:
    """Keep a file that a user brought, once it is found to be right, under a code that follows from its content.

    Nothing of a file that is refused ever lies on the disk.
    """
    if len(content) > LARGEST:
        size, most = number(len(content)), number(LARGEST)
        raise ScenarioError(
            msg(
                "{name} has {size} bytes; {kind} may have at most {most}",
                name=THE_FILE,
                size=size,
                kind=what,
                most=most,
            )
        )
    if not readers.may_bring(readers.me()):
        raise ScenarioError(
            msg(
                "you loaded {n} files within the hour, the most that one reader may; try again later",
                n=readers.MOST_BROUGHT,
            )
        )
    code = hashlib.sha256(content).hexdigest()[:12]
    check(code)
    path, part = place(code), place(code).with_name(f"{code}-{secrets.token_hex(4)}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() and keeping.full(path.parent, keeping.BROUGHT):
        raise ScenarioError(msg("this server has no room for one more file; try again in an hour"))
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return code


def brought(content: bytes) -> Case:
    """Keep a file that a user brought, if it is a scenario; one sentence on what is wrong if it is none."""
    return Case(f"@{kept(content, msg('a scenario'), file_of, lambda code: _read(content, code, {}))}")


THE_FILE = msg("the file")

FOLDERS = re.compile(r"(?<![\w./\\-])(?:[A-Za-z]:[\\/]|~?/)(?:[^\s/\\:'\",;]+[\\/])+")


def names_only(text: Value) -> Value:
    """A sentence that names files without the folders of this machine."""
    return with_texts(text, name_only)


def name_only(sentence: str) -> str:
    """A text that names files without the folders of this machine."""
    for folder in sorted(
        {str(HOME), str(HOME.parent), str(PACKAGE), str(PACKAGE.parent), str(Path.home())}, key=len, reverse=True
    ):
        if len(folder) > 1:
            sentence = sentence.replace(f"{folder}{os.sep}", "/")
    sentence = FOLDERS.sub("", sentence)
    return re.sub(r"(?<![\w./\\-])/(?=[\w@.-]+\.\w)", "", sentence)
