"""Words into objects: a TOML file becomes a company, its policies and the experiment to run on it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
from pydantic import ValidationError, model_validator

from simulator.company import Company, Days
from simulator.network import Network
from simulator.policies import Policy
from simulator.units import Array, Record, ScenarioError, nearest, quantity

ROOT = Path(__file__).resolve().parent
PLACES = (ROOT.parent / "scenarios", ROOT / "_scenarios")
PRESETS = ROOT / "policies" / "presets"
LARGEST = 1 << 20
"""Bytes that a scenario file may have."""


class Experiment(Record):
    """How a company is simulated: for how long, how often, from which seed."""

    months: Annotated[int, quantity("months", "simulated, the warm-up included", ge=1, le=240)] = 24
    warm_up: Annotated[int, quantity("months", "at the start that are not scored", ge=0, le=239)] = 0
    history: Annotated[int, quantity("months", "of demand before the first day that planners know", ge=0, le=120)] = 0
    replications: Annotated[int, quantity("runs", "of each policy on its own luck", ge=1, le=1_000_000)] = 100
    seed: Annotated[int, quantity("number", "from which all luck follows", ge=0, le=2**63 - 1)] = 1
    policies: Annotated[tuple[str, ...], quantity("list", "compared when none are named")] = ()
    service_target: Annotated[float, quantity("share", "fill rate that the contract asks for", gt=0, lt=1)] = 0.95

    @model_validator(mode="after")
    def _scores_something(self) -> Experiment:
        if self.warm_up >= self.months:
            raise ValueError(
                f"warm_up is {self.warm_up} months and months is {self.months}; the warm-up must be shorter than the horizon"
            )
        return self


@dataclass(frozen=True)
class Scenario:
    """A company with the experiment to run on it; `replayed` holds real demand where it is played again."""

    name: str
    company: Company
    experiment: Experiment
    policies: dict[str, Policy]
    source: str  # file it was read from, for messages
    text: str  # canonical words, for the record of results
    notes: tuple[str, ...] = ()  # what was done to imported data
    replayed: Array | None = None

    @cached_property
    def network(self) -> Network:
        """The company as arrays."""
        return Network(self.company)

    @cached_property
    def days(self) -> Days:
        """The days of the run."""
        return Days(self.company.calendar, self.experiment.months)

    @property
    def fingerprint(self) -> str:
        """A short hash of all that the scenario says."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def policy(self, choice: str | Path | Policy | Mapping[str, Any]) -> Policy:
        """A policy by name (the scenario's own first), by file, as a table or as it is."""
        if isinstance(choice, Policy):
            return choice
        if isinstance(choice, Mapping):
            return validated(Policy, {"name": "unnamed", **choice}, self.source, "policy")
        if isinstance(choice, str) and choice in self.policies:
            return self.policies[choice]
        return preset(choice, [*self.policies])


def preset_names() -> list[str]:
    """Policies that come with the product."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def preset(choice: str | Path, others: Sequence[str] = ()) -> Policy:
    """A policy from a file, or one of those that come with the product."""
    path = Path(choice)
    if path.suffix == ".toml":
        return validated(Policy, {"name": path.stem, **read_toml(path)}, path.name)
    if str(choice) not in preset_names():
        known = [*others, *preset_names()]
        raise ScenarioError(
            f"there is no policy {str(choice)!r}; {nearest(str(choice), known)}; or give the path of a .toml file"
        )
    file = PRESETS / f"{choice}.toml"
    return validated(Policy, {"name": file.stem, **read_toml(file)}, file.name)


def load(scenario: str | Path | Mapping[str, Any], overrides: Mapping[str, Any] | None = None) -> Scenario:
    """A scenario by file, by name or as a table; `overrides` sets entries by dotted name.

    Raises ScenarioError: one sentence that names file, entry, value and what is allowed.
    """
    if isinstance(scenario, Mapping):
        name, folder, source, words = str(scenario.get("name", "scenario")), None, "scenario", dict(scenario)
        words.pop("name", None)
        if "extends" in words:
            words = extended(words, Path.cwd(), ())
    else:
        path = find(scenario)
        name, folder, source, words = path.stem, path.parent, path.name, extended(read_toml(path), path.parent, (path,))
    for entry, value in (overrides or {}).items():
        set_entry(words, entry, value, source)
    return build(name, words, source, folder)


def build(name: str, words: dict[str, Any], source: str, folder: Path | None) -> Scenario:
    """Validate the parts and put them together."""
    words = json.loads(json.dumps(words, default=str))
    text = json.dumps(words, sort_keys=True)
    tables = dict(words)
    experiment = validated(Experiment, tables.pop("experiment", {}), source, "experiment")
    policies = {
        key: validated(Policy, {"name": key, **table}, source, f"policies.{key}")
        for key, table in tables.pop("policies", {}).items()
    }
    company = validated(Company, {"name": name, **tables.pop("company", {}), **tables}, source)
    scenario = Scenario(name, company, experiment, policies, source, text)
    return with_history(scenario, folder) if company.demand.history else scenario


def with_history(scenario: Scenario, folder: Path | None) -> Scenario:
    """Read the order lines that the scenario names, and fit or replay them."""
    from simulator.company.fit import fit
    from simulator.company.history import SEGMENTS, read_lines, replay

    company, wish = scenario.company, scenario.company.demand.history
    assert wish is not None
    missing = [name for name in SEGMENTS if name not in company.segments]
    if missing:
        raise ScenarioError(
            f"{scenario.source}: segments.{missing[0]} is missing; order lines are sorted into {', '.join(SEGMENTS)}"
        )
    products = list(company.products)
    lines = read_lines(beside(wish.file, folder, scenario.source), company.calendar, products, wish.key_account_units)
    told = replace(scenario, notes=tuple(lines.treatment.sentences()), text=scenario.text + lines.fingerprint)
    if wish.mode == "replay":
        by_rank = [SEGMENTS.index(name) if name in SEGMENTS else -1 for name in scenario.network.segments]
        real = replay(lines, company.calendar, scenario.experiment.months)
        replayed = np.stack([real[:, k] if k >= 0 else np.zeros_like(real[:, 0]) for k in by_rank], axis=1)
        blind = {"history": 0}  # what was asked for before the first line, nobody knows
        return replace(told, experiment=scenario.experiment.model_copy(update=blind), replayed=replayed)
    families = {name: product.family for name, product in company.products.items()}
    demand = company.demand.model_copy(
        update={"everyday": company.demand.everyday + fit(lines, company.calendar, families)}
    )
    return replace(told, company=company.model_copy(update={"demand": demand}))


# --- files -----------------------------------------------------------------------------------------------------------


def scenario_names() -> list[str]:
    """Scenarios that come with the product."""
    return sorted(
        str(path.relative_to(place).with_suffix(""))
        for place in PLACES
        if place.is_dir()
        for path in place.rglob("*.toml")
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


def extended(words: dict[str, Any], folder: Path, chain: tuple[Path, ...]) -> dict[str, Any]:
    """A variant: what its base says, with what it says itself on top."""
    base = words.pop("extends", None)
    if base is None:
        return words
    path = folder / f"{base}.toml" if (folder / f"{base}.toml").is_file() else find(base)
    path = path.resolve()
    if path in [p.resolve() for p in chain]:
        circle = " -> ".join(p.name for p in (*chain, path))
        raise ScenarioError(f"{chain[-1].name}: extends goes in a circle ({circle}); take one of them out")
    return merged(extended(read_toml(path), path.parent, (*chain, path)), words)


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
    *path, last = entry.split(".")
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


# --- words of errors -------------------------------------------------------------------------------------------------


R = TypeVar("R", bound=Record)


def validated(kind: type[R], words: Any, source: str, where: str = "") -> R:
    """A record from words, or one sentence on what is wrong with them."""
    try:
        return kind.model_validate_json(json.dumps(words, default=str))
    except ValidationError as error:
        raise ScenarioError(explained(error, kind, source, where)) from None


def explained(error: ValidationError, kind: type[Record], source: str, where: str) -> str:
    """The problems of a validation, a sentence and line each; what follows from many is seen once the first are mended."""
    from simulator.words import sentence

    problems = error.errors(include_url=False)
    others = BESIDE_COMPANY if kind is Company else ()
    table = dict.fromkeys(HEAD, "company") if kind is Company else {}
    told = [
        f"{source}: {sentence(problem, kind, table.get(str(next(iter(problem['loc']), '')), where), others)}"
        for problem in problems[:MOST_TOLD]
    ]
    more = len(problems) - len(told)
    return "\n".join(
        [*told, f"{source}: {more} more {'entry is' if more == 1 else 'entries are'} wrong"] if more else told
    )


BESIDE_COMPANY = ("company", "experiment", "extends", "policies")
"""Entries of a scenario file beside those of the company."""

HEAD = [entry for entry, field in Company.model_fields.items() if field.annotation in (str, bool)]
"""Entries of the company that a file keeps in its table `company`."""

MOST_TOLD = 5
"""Problems of one file that are told in full."""
