"""A company as it stands on the screen: one that comes with the product or was loaded, and what differs from it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from simulator.entries import below
from simulator.files import read_toml, scenario_names
from simulator.gate import LARGEST
from simulator.scenario import Scenario, load
from simulator.toml import as_json
from simulator.units import ScenarioError, nearest

HOME = Path(os.environ.get("SOP_RESULTS", "results")).absolute() / "dashboard"
LOADED = re.compile(r"@[0-9a-f]{12}")
MOST_CHANGES = 200
REFERENCE = "giftware"


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
        """The same company with one more entry changed."""
        kept = tuple(pair for pair in self.changes if pair[0] != entry)
        return replace(self, changes=(*kept, (entry, as_json(value))))

    def without(self, entry: str) -> Case:
        """The same company with one change taken back."""
        return replace(self, changes=tuple(pair for pair in self.changes if pair[0] != entry))


def file_of(base: str) -> Path:
    """Where a loaded scenario is kept."""
    return HOME / "scenarios" / f"{base.removeprefix('@')}.toml"


@lru_cache(maxsize=64)
def scenario_of(case: Case) -> Scenario:
    """The scenario of a case; one sentence where it cannot be."""
    if LOADED.fullmatch(case.base):
        return _loaded(case)
    if case.base not in scenario_names():
        raise ScenarioError(f"there is no company {case.base!r}; {nearest(case.base, companies())}")
    return load(case.base, case.overrides())


def _loaded(case: Case) -> Scenario:
    """A scenario from a file that a user brought; what it extends is one of ours."""
    path = file_of(case.base)
    if not path.is_file():
        raise ScenarioError("this link names a scenario that is not on this server; load its file again")
    words = read_toml(path)
    base, instead = words.pop("extends", None), words.pop("instead", [])
    if base is None:
        return load(path, case.overrides())
    if base not in scenario_names():
        raise ScenarioError(f"extends is {base!r}; on the page it must name one of {', '.join(companies())}")
    whole = instead if isinstance(instead, list) else []
    found = load(base, {**dict(flat(words, whole)), **case.overrides()})
    name = (
        str(words.get("company", {}).get("name", found.name)) if isinstance(words.get("company"), dict) else found.name
    )
    return replace(found, name=name)


def flat(words: Mapping[str, Any], whole: Sequence[str] = (), above: str = "") -> Iterator[tuple[str, Any]]:
    """The entries of tables by dotted name; tables that stand instead of others are kept together."""
    for key, value in words.items():
        path = below(above, key)
        if isinstance(value, Mapping) and value and path not in whole:
            yield from flat(value, whole, path)
        else:
            yield path, value


def kept(content: bytes, what: str, place: Callable[[str], Path]) -> tuple[str, Path]:
    """Keep a file that a user brought under a code that follows from its content: the code, and where it lies."""
    if len(content) > LARGEST:
        raise ScenarioError(f"the file has {len(content):,} bytes; a {what} may have at most {LARGEST:,}")
    code = hashlib.sha256(content).hexdigest()[:12]
    path, part = place(code), place(f"{code}-{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(content)
    os.replace(part, path)
    return code, path


def brought(content: bytes) -> Case:
    """Keep a file that a user brought, if it is a scenario; one sentence on what is wrong if it is none."""
    code, path = kept(content, "scenario", file_of)
    case = Case(f"@{code}")
    try:
        scenario_of(case)
    except ScenarioError as problem:
        path.unlink(missing_ok=True)
        raise ScenarioError(str(problem).replace(f"{code}.toml", "the file")) from None
    return case
