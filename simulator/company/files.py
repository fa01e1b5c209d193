"""Scenario files: where they lie, what they extend, which entry a dotted name means."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator.company.entries import dotted, keys, place_in_list, spelt
from simulator.company.gate import path_of, tables_of
from simulator.kernel.messages import Message, listed, msg, number, plural
from simulator.kernel.units import ScenarioError, in_file, nearest

PACKAGE = Path(__file__).resolve().parent.parent
PLACES = (PACKAGE / "_scenarios", PACKAGE.parent / "scenarios")
"""An installed package carries its scenarios inside, a checkout has them beside it."""

COMPANY_FILE = "company.toml"
"""The scenario of a folder that tables were imported into; the folder may be named in its place."""

MOST_BASES, MOST_FILES = 20, 60
"""Bases that a file may name, and files that a scenario may be made of."""


def scenario_names() -> list[str]:
    """Scenarios that come with the product."""
    return sorted(
        str(path.relative_to(place).with_suffix(""))
        for place in PLACES
        if place.is_dir()
        for path in place.rglob("*.toml")
        if path.parent not in (place / "studies", place / "lessons")
    )


def find(scenario: str | Path) -> Path:
    """The file of a scenario, by path, by the folder of a company, or by the name of one that comes with the product."""
    path = path_of(scenario, "the scenario")
    if path.suffix == ".toml":
        if not os.path.exists(path):  # which asks no permission
            raise ScenarioError(
                msg(
                    "there is no file {path}; give the path of a scenario, or one of the names {names}",
                    path=f"{path}",
                    names=listed(scenario_names(), ", "),
                )
            )
        return path
    for folder in PLACES:
        file = (folder / f"{scenario}.toml").resolve()
        if file.is_file() and file.is_relative_to(folder.resolve()):
            return file
    if (path / COMPANY_FILE).is_file():
        return path / COMPANY_FILE
    raise ScenarioError(
        msg(
            "there is no scenario {name}; {hint}; or give the path of a .toml file",
            name=repr(str(scenario)),
            hint=nearest(str(scenario), scenario_names()),
        )
    )


def data_file(file: str, folder: Path | None, source: str) -> Path:
    """A data file that a scenario names: in the scenario's own folder or below it, nowhere else."""
    if folder is None:
        raise ScenarioError(
            in_file(
                source,
                msg(
                    "demand.history.file needs a scenario that lies in a file, so that {file} can be found beside it",
                    file=repr(file),
                ),
            )
        )
    path = (folder / path_of(file, f"{source}: demand.history.file")).resolve()
    if Path(file).is_absolute() or not path.is_relative_to(folder.resolve()):
        raise ScenarioError(
            in_file(
                source,
                msg("demand.history.file is {file}; it must lie in the scenario's folder or below it", file=repr(file)),
            )
        )
    if not path.is_file():
        raise ScenarioError(
            in_file(
                source,
                msg(
                    "demand.history.file is {file}, and there is no such file; give the path of a CSV file of order lines, "
                    "seen from the scenario file",
                    file=repr(file),
                ),
            )
        )
    return path


def read_toml(path: Path, kind: str = "scenario") -> dict[str, Any]:
    """The tables of a TOML file; errors name the file, and the line where the syntax breaks."""
    return tables_of(path, kind)


# --- what a scenario extends -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layer:
    """Hold the words of one file and its place; no place if it is no file."""

    words: dict[str, Any]
    folder: Path | None
    name: str

    @property
    def source(self) -> str:
        """Return the name that refusals use: the file's name with its ending."""
        return f"{self.name}.toml" if self.folder else self.name

    @property
    def names_lines(self) -> bool:
        """Tell if it names a file of order lines."""
        demand = self.words.get("demand")
        history = demand.get("history") if isinstance(demand, dict) else None
        return isinstance(history, dict) and "file" in history

    @property
    def is_whole(self) -> bool:
        """Tell if it describes a company by itself: products and demand."""
        return {"products", "demand"} <= self.words.keys()


@dataclass
class Lineage:
    """The files that a scenario is made of, bases first; one that several bases extend counts once, where it is met first."""

    layers: list[Layer] = field(default_factory=list)
    read: set[Path] = field(default_factory=set)
    met_again: list[str] = field(default_factory=list)

    @property
    def words(self) -> dict[str, Any]:
        """Merge the words of the files, later ones on top; tables named in `instead` replace those of the bases."""
        result: dict[str, Any] = {}
        for layer in self.layers:
            words = dict(layer.words)
            result = merged(without(result, words.pop("instead", []), layer.source), words)
        return result

    @property
    def lines_lie(self) -> Path | None:
        """The folder of the file that names order lines, since these lie there and not beside the variant."""
        return next((layer.folder for layer in reversed(self.layers) if layer.names_lines), None)

    def remarks(self) -> list[Message]:
        """Remark on the way in which the files were put together."""
        whole = [layer.name for layer in self.layers if layer.is_whole]
        both = msg(
            "It puts whole companies together: {names}; what they sell and make is planned as one.",
            names=listed(whole, ", "),
        )
        twice = [
            msg("{name} is extended on several ways and counts once, where it is met first.", name=name)
            for name in dict.fromkeys(self.met_again)
        ]
        return [both, *twice] if len(whole) > 1 else twice


def extended(words: dict[str, Any], folder: Path, chain: tuple[Path, ...]) -> Lineage:
    """A variant: its bases, and what it says itself on top of them."""
    found = Lineage()
    _add(found, words, folder, chain)
    return found


def _add(found: Lineage, words: dict[str, Any], folder: Path, chain: tuple[Path, ...]) -> None:
    """Add what a file extends, then what it says itself."""
    words = dict(words)
    source = chain[-1].name if chain else "scenario"
    for base in _bases(words.pop("extends", []), source):
        path = _base(base, folder, chain).resolve()
        if path in [p.resolve() for p in chain]:
            circle = " -> ".join(p.name for p in (*chain, path))
            raise ScenarioError(
                in_file(source, msg("extends goes in a circle ({circle}); take one of them out", circle=circle))
            )
        if path in found.read:
            found.met_again.append(path.stem)
            continue
        found.read.add(path)
        if len(found.read) > MOST_FILES:
            raise ScenarioError(
                in_file(
                    source,
                    msg("it extends more than {most} files; put some of them together", most=MOST_FILES),
                )
            )
        _add(found, read_toml(path), path.parent, (*chain, path))
    found.layers.append(Layer(words, folder if chain else None, chain[-1].stem if chain else "scenario"))


def _bases(wanted: Any, source: str) -> list[str]:
    """The names that an entry `extends` gives."""
    bases = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(bases, list) or not all(isinstance(base, str) and base for base in bases):
        raise ScenarioError(
            in_file(
                source,
                msg("extends is {value}; it must be the name of a scenario, or a list of names", value=_cut(wanted)),
            )
        )
    if len(bases) > MOST_BASES:
        raise ScenarioError(
            in_file(
                source,
                msg("extends names {n} scenarios; it may name at most {most}", n=number(len(bases)), most=MOST_BASES),
            )
        )
    twice = next((base for k, base in enumerate(bases) if base in bases[:k]), None)
    if twice is not None:
        raise ScenarioError(
            in_file(source, msg("{entry} names {name} twice; name each once", entry="extends", name=repr(twice)))
        )
    return bases


def _base(base: str, folder: Path, chain: tuple[Path, ...]) -> Path:
    """The file of a base: beside the variant, with or without its ending, else one that comes with the product.

    A variant may be called as what it extends: its own name means the one that comes with the product.
    """
    source = chain[-1].name if chain else "scenario"
    path = path_of(base, f"{source}: extends")
    beside = folder / (path if path.suffix == ".toml" else f"{base}.toml")
    itself = bool(chain) and beside.resolve() == chain[-1].resolve()
    if path_of(beside).is_file() and not (itself and base in scenario_names()):
        return beside
    if path.suffix == ".toml":
        raise ScenarioError(
            in_file(source, msg("extends is {name}, but there is no such file beside it", name=repr(base)))
        )
    return find(base)


def _cut(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= 60 else f"{said[:59]}…"


def without(words: dict[str, Any], tables: object, source: str) -> dict[str, Any]:
    """Leave out the tables that a variant says anew, entry by entry."""
    if not isinstance(tables, list) or not all(isinstance(table, str) for table in tables):
        raise ScenarioError(
            in_file(
                source,
                msg("instead is {value}; it must be a list of names of tables, such as finance", value=repr(tables)),
            )
        )
    for name in tables:
        *path, last = keys(name)
        words = dict(words)
        table: Any = words
        for key in path:
            table[key] = dict(table[key]) if isinstance(table.get(key), dict) else {}
            table = table[key]
        if not isinstance(table.pop(last, None), dict):
            raise ScenarioError(
                in_file(source, msg("instead names {name}, which is no table of what the file extends", name=name))
            )
    return words


def merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Tables are merged entry by entry, anything else is replaced."""
    result = dict(base)
    for key, value in change.items():
        result[key] = (
            merged(result[key], value) if isinstance(value, dict) and isinstance(result.get(key), dict) else value
        )
    return result


# --- entries by their dotted names -----------------------------------------------------------------------------------


def set_entry(words: dict[str, Any], entry: str, value: Any, source: str) -> Any:
    """Set one entry by its dotted name, and return what it was; a number in the name picks from a list.

    A table at the place after the last of a list is one more of it.
    """
    *path, last = keys(entry)
    table: Any = words
    for k, key in enumerate(path):
        if isinstance(table, dict):
            _refuse_unquoted(table, (*path, last), k, source)
            table = table.setdefault(key, {})
        else:
            table = table[_place(table, key, (*path, last), k, source)]
    if isinstance(table, list) and isinstance(value, dict) and last == str(len(table)):
        table.append(value)
        return None
    place = last if isinstance(table, dict) else _place(table, last, (*path, last), len(path), source)
    was = table.get(place) if isinstance(table, dict) else table[place]
    table[place] = value
    return was


def _refuse_unquoted(table: dict[str, Any], path: tuple[str, ...], k: int, source: str) -> None:
    """Refuse a key with dots that was taken for several keys."""
    if path[k] not in table and (meant := spelt(path, k, table)):
        raise ScenarioError(
            in_file(
                source,
                msg(
                    "there is no entry {entry}; did you mean {names}? A key with a dot stands in quotes, on a "
                    "command line all of it in others",
                    entry=dotted(*path),
                    names=meant,
                ),
            )
        )


def _place(table: Any, key: str, path: tuple[str, ...], k: int, source: str) -> int:
    """The place of a list that a key of a dotted name picks."""
    if not isinstance(table, list):
        raise ScenarioError(
            in_file(
                source,
                msg("{entry} cannot be set, since {table} is no table", entry=dotted(*path), table=dotted(*path[:k])),
            )
        )
    found = place_in_list(key, table)
    if found is None:
        raise ScenarioError(
            in_file(
                source,
                plural(
                    "{entry} has {n} entry; {key} picks none of them",
                    "{entry} has {n} entries; {key} picks none of them",
                    len(table),
                    entry=dotted(*path[:k]),
                    key=repr(key),
                ),
            )
        )
    return found
