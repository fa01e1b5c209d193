"""Scenario files: where they lie, what they extend, which entry a dotted name means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from simulator.toml import path_keys
from simulator.units import ScenarioError, nearest

ROOT = Path(__file__).resolve().parent
PLACES = (ROOT / "_scenarios", ROOT.parent / "scenarios")
"""An installed package carries its scenarios inside, a checkout has them beside it."""

LARGEST = 1 << 20
"""Bytes that a scenario file may have."""


def scenario_names() -> list[str]:
    """Scenarios that come with the product."""
    return sorted(
        str(path.relative_to(place).with_suffix(""))
        for place in PLACES
        if place.is_dir()
        for path in place.rglob("*.toml")
        if path.parent != place / "studies"
    )


def find(scenario: str | Path) -> Path:
    """The file of a scenario, by path or by the name of one that comes with the product."""
    path = Path(scenario)
    if path.suffix == ".toml":
        if not path.is_file():
            raise ScenarioError(
                f"there is no file {path}; give the path of a scenario, or one of the names {', '.join(scenario_names())}"
            )
        return path
    for place in PLACES:
        file = (place / f"{scenario}.toml").resolve()
        if file.is_file() and file.is_relative_to(place.resolve()):
            return file
    raise ScenarioError(
        f"there is no scenario {str(scenario)!r}; {nearest(str(scenario), scenario_names())}; or give the path of a .toml file"
    )


def beside(file: str, folder: Path | None, source: str) -> Path:
    """A data file that a scenario names: in the scenario's own folder or below it, nowhere else."""
    if folder is None:
        raise ScenarioError(
            f"{source}: demand.history.file needs a scenario that lies in a file, so that {file!r} can be found beside it"
        )
    path = (folder / file).resolve()
    if Path(file).is_absolute() or not path.is_relative_to(folder.resolve()):
        raise ScenarioError(
            f"{source}: demand.history.file is {file!r}; it must lie in the scenario's folder or below it"
        )
    return path


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file; errors name the file, and the line where the syntax breaks."""
    try:
        if path.stat().st_size > LARGEST:
            raise ScenarioError(
                f"{path.name} has {path.stat().st_size:,} bytes; a scenario may have at most {LARGEST:,}"
            )
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ScenarioError(f"there is no file {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path.name} cannot be read as UTF-8 text ({error.__class__.__name__})") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioError(f"{path.name} is not valid TOML: {error or 'its tables lie too deep'}") from None


def extended(words: dict[str, Any], folder: Path, chain: tuple[Path, ...]) -> tuple[dict[str, Any], Path | None]:
    """A variant: what its bases say one on top of the other, and what it says itself on top of them.

    Tables are merged, but for those that a file names in `instead`: they stand there instead of the base's.
    Beside it the folder of the file that names order lines, since these lie there and not beside the variant.
    """
    result: dict[str, Any] = {}
    place: Path | None = None
    for layer, lies in _layers(words, folder, chain, set()):
        instead = layer.pop("instead", [])
        result = merged(without(result, instead, chain[-1].name if chain else "scenario"), layer)
        place = lies if _names_lines(layer) else place
    return result, place


def _names_lines(layer: dict[str, Any]) -> bool:
    demand = layer.get("demand")
    history = demand.get("history") if isinstance(demand, dict) else None
    return isinstance(history, dict) and "file" in history


Layer: TypeAlias = tuple[dict[str, Any], Path | None]


def _layers(words: dict[str, Any], folder: Path, chain: tuple[Path, ...], read: set[Path]) -> Iterator[Layer]:
    """What each file says itself and where it lies, bases first; one that several bases extend counts once, where it is met first."""
    words = dict(words)
    wanted = words.pop("extends", [])
    bases = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(bases, list) or not all(isinstance(base, str) for base in bases):
        raise ScenarioError(
            f"{chain[-1].name if chain else 'scenario'}: extends is {wanted!r}; it must be the name of a scenario, or a list of names"
        )
    for base in bases:
        path = (folder / f"{base}.toml" if (folder / f"{base}.toml").is_file() else find(base)).resolve()
        if path in [p.resolve() for p in chain]:
            circle = " -> ".join(p.name for p in (*chain, path))
            raise ScenarioError(f"{chain[-1].name}: extends goes in a circle ({circle}); take one of them out")
        if path not in read:
            read.add(path)
            yield from _layers(read_toml(path), path.parent, (*chain, path), read)
    yield words, folder if chain else None


def without(words: dict[str, Any], tables: object, source: str) -> dict[str, Any]:
    """Leave out the tables that a variant says anew, entry by entry."""
    if not isinstance(tables, list) or not all(isinstance(table, str) for table in tables):
        raise ScenarioError(f"{source}: instead is {tables!r}; it must be a list of names of tables, such as finance")
    for name in tables:
        *path, last = path_keys(name)
        words = dict(words)
        table: Any = words
        for key in path:
            table[key] = dict(table[key]) if isinstance(table.get(key), dict) else {}
            table = table[key]
        if not isinstance(table.pop(last, None), dict):
            raise ScenarioError(f"{source}: instead names {name}, which is no table of what the file extends")
    return words


def merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Tables are merged entry by entry, anything else is replaced."""
    result = dict(base)
    for key, value in change.items():
        result[key] = (
            merged(result[key], value) if isinstance(value, dict) and isinstance(result.get(key), dict) else value
        )
    return result


def set_entry(words: dict[str, Any], entry: str, value: Any, source: str) -> None:
    """Set one entry by its dotted name; a number in the name picks from a list."""
    *path, last = path_keys(entry)
    table: Any = words
    for k, key in enumerate(path):
        if isinstance(table, list):
            if not key.isdigit() or int(key) >= len(table):
                raise ScenarioError(
                    f"{source}: {'.'.join(path[:k])} has {len(table)} entries; {key!r} picks none of them"
                )
            table = table[int(key)]
        elif isinstance(table, dict):
            table = table.setdefault(key, {})
        else:
            raise ScenarioError(f"{source}: {entry} cannot be set, since {'.'.join(path[:k])} is no table")
    if isinstance(table, list):
        table[int(last)] = value
    else:
        table[last] = value
