"""A scenario as a file that says what it differs in from its base: the one writer for pages and command line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from simulator.company.entries import dotted, keys
from simulator.company.files import PLACES, extended, merged, without
from simulator.company.toml import file_text, mended
from simulator.engine.scenario import Scenario


def scenario_file(scenario: Scenario, base: str, entries: Iterable[str], text: str = "") -> str:
    """Write a scenario that changes some entries of a base, or of a file whose text is given.

    Lists are written whole, since a file merges tables only; a table of which an entry went stands instead of the base's.
    """
    own: dict[str, Any] = tomllib.loads(text) if text else {"extends": base}
    for entry in entries:
        path = _up_to_a_list(scenario.words, keys(entry))
        _put(own, path, _at(scenario.words, path))
    for path in [*_too_much(_resolved(own), scenario.words, ())]:
        own["instead"] = [*own.get("instead", []), dotted(*path)]
        _put(own, path, _at(scenario.words, path))
    if not text and "name" not in scenario.words.get("company", {}):
        own["company"] = {**own.get("company", {}), "name": scenario.company.name}  # not that of the file
    return mended(text, own) if text else file_text(own)


def _resolved(own: Mapping[str, Any]) -> dict[str, Any]:
    """Resolve a file with its bases."""
    words = {name: value for name, value in own.items() if name not in ("extends", "instead")}
    if "extends" not in own:
        return words
    bases = extended({"extends": own["extends"]}, PLACES[0], ()).words
    return merged(without(bases, own.get("instead", []), "the file"), words)


def _too_much(said: Mapping[str, Any], wanted: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The tables that say more than they should: an entry of the base's that was taken out."""
    if above and said.keys() - wanted.keys():
        yield above
        return
    for name, table in said.items():
        if isinstance(table, Mapping) and isinstance(wanted.get(name), Mapping):
            yield from _too_much(table, wanted[name], (*above, name))


def _up_to_a_list(words: Any, keys: Sequence[str]) -> tuple[str, ...]:
    """The entry that a file must state: the one that is meant, or the list that it lies in."""
    for k, key in enumerate(keys):
        if not isinstance(words, Mapping):
            return tuple(keys[:k])
        words = words[key]
    return tuple(keys)


def _at(words: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        words = words[key]
    return words


def _put(words: dict[str, Any], keys: Sequence[str], value: Any) -> None:
    *path, last = keys
    for key in path:
        words = words.setdefault(key, {})
    words[last] = value
