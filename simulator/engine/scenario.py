"""Words into objects: a TOML file becomes a company, its policies and the experiment to run on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import numpy as np
from pydantic import ValidationError, model_validator

from simulator.company import Company, Days
from simulator.company.dates import dates
from simulator.company.demand import Demand
from simulator.company.entries import below, dotted, usual
from simulator.company.files import beside, extended, find, read_toml, set_entry
from simulator.company.gate import path_of, refuse_unfit
from simulator.company.market import AHEAD, Outlook, outlook
from simulator.kernel.units import Array, Record, ScenarioError, nearest, quantity
from simulator.planning import PRESETS, Policy
from simulator.world.network import Network

if TYPE_CHECKING:
    from simulator.company.history import OrderLines


class Experiment(Record):
    """How a company is simulated: for how long, how often, from which seed."""

    months: Annotated[int, quantity("months", "simulated, the warm-up included", ge=1, le=240)] = 24
    warm_up: Annotated[int, quantity("months", "at the start that are not scored", ge=0, le=239, luck=False)] = 0
    history: Annotated[int, quantity("months", "of demand before the first day that planners know", ge=0, le=120)] = 24
    replications: Annotated[int, quantity("runs", "of each policy on its own luck", ge=1, le=1_000_000, luck=False)] = (
        100
    )
    seed: Annotated[int, quantity("number", "from which all luck follows", ge=0, le=2**63 - 1, luck=False)] = 1
    policies: Annotated[tuple[str, ...], quantity("list", "compared when none are named", luck=False)] = ()
    measures: Annotated[
        tuple[str, ...],
        quantity("list", "shown by a comparison beside the usual ones; sop describe --measures names all", luck=False),
    ] = ()
    service_target: Annotated[
        float, quantity("share", "fill rate that the contract asks for", gt=0, lt=1, luck=False)
    ] = 0.95

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
    words: dict[str, Any]  # what the file says, its bases and changed entries resolved
    data: str = ""  # fingerprint of the data files that it read
    notes: tuple[str, ...] = ()  # what was done to imported data
    replayed: Array | None = None
    folder: Path | None = None  # where the files lie that it names
    fitted: Demand | None = None  # the generator of demand that is replayed, where anything is drawn from it
    beside: dict[str, Any] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )  # what is worked out once
    changes: tuple[tuple[str, Any], ...] = ()  # entries that were set after it was read, by dotted name
    remarks: tuple[str, ...] = ()  # on how its files were put together

    @property
    def case(self) -> str:
        """Its name with what was changed of it, by which tables of several cases are told apart."""
        told = [f"{entry}={json.dumps(value, ensure_ascii=False, default=str)}" for entry, value in self.changes]
        return f"{self.name} ({'; '.join(told)})" if told else self.name

    @cached_property
    def network(self) -> Network:
        """The company as arrays."""
        return Network(self.company)

    @cached_property
    def days(self) -> Days:
        """The days of the run."""
        return Days(self.company.calendar, self.experiment.months)

    @cached_property
    def market(self) -> Outlook | None:
        """What happens in the market over the run and the year after it, if anything does."""
        days = Days(self.company.calendar, self.experiment.months + AHEAD)
        return outlook(self.company, self.network.segments, days)

    @property
    def opens_running(self) -> bool:
        """Whether any opening stock is left out, so that the company begins as one that has been running."""
        return any(item.opening_stock is None for item in self.company.items.values())

    @property
    def stand_in(self) -> Demand:
        """Demand as its streams say; those fitted to it where the real one is replayed."""
        return self.fitted or self.company.demand

    @property
    def fingerprint(self) -> str:
        """A short hash of all that the scenario says."""
        said = json.dumps(self.words, sort_keys=True) + self.data
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def policy(self, choice: str | Path | Policy | Mapping[str, Any]) -> Policy:
        """A policy by name (the scenario's own first), by file, as a table or as it is."""
        if isinstance(choice, str) and choice in self.policies:
            return self.policies[choice]
        if isinstance(choice, Policy):
            return fitting(choice, self.company, f"policy {choice.name!r}")
        if isinstance(choice, Mapping):
            refuse_unfit(choice, self.source)
            table = validated(Policy, {"name": "unnamed", **choice}, self.source, "policy")
            return fitting(table, self.company, self.source, "policy")
        return fitting(preset(choice, [*self.policies]), self.company, Path(choice).name)


def fitting(policy: Policy, company: Company, source: str, where: str = "") -> Policy:
    """The policy, if what its rules list is what the company has; otherwise a sentence on the first thing that is not."""
    for said in policy.misfits(company):
        raise ScenarioError(f"{source}: {where}{'.' if where else ''}{said}")
    return policy


def preset_names() -> list[str]:
    """Policies that come with the product."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def preset(choice: str | Path, others: Sequence[str] = ()) -> Policy:
    """A policy from a file, or one of those that come with the product."""
    path = path_of(choice, "the policy")
    if path.suffix == ".toml":
        return validated(Policy, {"name": path.stem, **read_toml(path, "policy")}, path.name)
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
        name, source = str(scenario.get("name", "scenario")), "scenario"
        folder: Path | None = None
        words = deepcopy(dict(scenario))  # entries that are set are set in our copy
        words.pop("name", None)
        refuse_unfit(words, source)
        lineage = extended(words, Path.cwd(), ())
        folder = lineage.lines_lie
    else:
        path = find(scenario)
        lineage = extended(read_toml(path), path.parent, (path,))
        name, folder, source = path.stem, lineage.lines_lie or path.parent, path.name
    words = lineage.words
    changed: dict[str, Any] = {}
    for entry, value in (overrides or {}).items():
        before = deepcopy(words)
        refuse_unfit(value, source, usual(entry))
        set_entry(words, entry, value, source)
        if words != before:
            changed[entry] = value
    return replace(build(name, words, source, folder, changes_of({}, changed)), remarks=tuple(lineage.remarks()))


MATTERS_NOT = ("experiment.replications", "experiment.policies", "experiment.measures")
"""Entries that say how much is run and shown, and move no figure of a run."""


def changes_of(before: Mapping[str, Any], more: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Changes and further ones, each entry once, in the order of their names: the same however they were typed."""
    every = {**before, **more}
    return tuple((entry, every[entry]) for entry in sorted(every) if entry not in MATTERS_NOT)


def build(
    name: str, words: dict[str, Any], source: str, folder: Path | None, changes: tuple[tuple[str, Any], ...] = ()
) -> Scenario:
    """Validate the parts and put them together."""
    words = json.loads(json.dumps(words, default=str))
    tables = dict(words)
    experiment = validated(Experiment, tables.pop("experiment", {}), source, "experiment")
    policies = {
        key: validated(
            Policy,
            {"name": key, **as_table(table, dotted("policies", key), source)},
            source,
            dotted("policies", key),
        )
        for key, table in as_table(tables.pop("policies", {}), "policies", source).items()
    }
    head = as_table(tables.pop("company", {}), "company", source)
    company = validated(Company, {"name": name, **head, **tables}, source)
    refuse_dates_outside(company, experiment.months, source)
    scenario = Scenario(name, company, experiment, policies, source, words, folder=folder, changes=changes)
    for k, choice in enumerate(experiment.policies):
        if choice not in policies and choice not in preset_names():
            known = nearest(choice, [*policies, *preset_names()])
            raise ScenarioError(f"{source}: experiment.policies[{k}] is {choice!r}, which is no policy; {known}")
    whole = with_history(scenario, folder) if company.demand.history else scenario
    for key, policy in policies.items():
        fitting(policy, whole.company, source, f"policies.{key}")
    return whole


def refuse_dates_outside(company: Company, months: int, source: str) -> None:
    """What happens before the run or after it would never be seen."""
    run = Days(company.calendar, months)
    first, last = run.date(0), run.date(run.count - 1)
    for entry, day in dates(company):
        if not first <= day <= last:
            raise ScenarioError(
                f"{source}: {entry} is {day}, outside the run; it must be from {first} to {last}, or experiment.months changed"
            )


def as_table(entry: object, where: str, source: str) -> dict[str, Any]:
    """An entry that must be a table."""
    from simulator.company.problems import shown

    if not isinstance(entry, dict):
        raise ScenarioError(f"{source}: {where} is {shown(entry)}; it must be a table")
    return entry


def with_history(scenario: Scenario, folder: Path | None) -> Scenario:
    """Read the order lines that the scenario names, and fit or replay them."""
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
    told = replace(scenario, notes=tuple(lines.treatment.sentences()), data=lines.fingerprint)
    if wish.mode == "replay":
        by_rank = [SEGMENTS.index(name) if name in SEGMENTS else -1 for name in scenario.network.segments]
        real = replay(lines, company.calendar, scenario.experiment.months)
        replayed = np.stack([real[:, k] if k >= 0 else np.zeros_like(real[:, 0]) for k in by_rank], axis=1)
        blind = {"history": 0}  # what was asked for before the first line, nobody knows
        fitted = _fitted(company, lines) if scenario.opens_running else None
        experiment = scenario.experiment.model_copy(update=blind)
        return replace(told, experiment=experiment, replayed=replayed, fitted=fitted)
    return replace(told, company=company.model_copy(update={"demand": _fitted(company, lines)}))


def _fitted(company: Company, lines: OrderLines) -> Demand:
    """The company's demand with the streams that its order lines show."""
    from simulator.company.fit import fit

    families = {name: product.family for name, product in company.products.items()}
    everyday = company.demand.everyday + fit(lines, company.calendar, families)
    return company.demand.model_copy(update={"everyday": everyday})


R = TypeVar("R", bound=Record)


def validated(kind: type[R], words: Any, source: str, where: str = "") -> R:
    """A record from words, or one sentence on what is wrong with them."""
    try:
        found = kind.model_validate_json(json.dumps(words, default=str))
    except ValidationError as error:
        raise ScenarioError(explained(error, kind, source, where, currency_of(words))) from None
    if kind in (Company, Policy):
        refuse_beyond_reckoning(words, source, where)
    return found


def currency_of(words: Any) -> str:
    """Name the currency in which the words of a company reckon, as far as they say it rightly."""
    said = words.get("currency", Company.model_fields["currency"].default) if isinstance(words, dict) else None
    return said if isinstance(said, str) and len(said) == 3 else "money"


LARGEST = 1e15
"""Beyond this a number no longer counts whole units, and sums of products of two run over."""


def refuse_beyond_reckoning(words: Any, source: str, where: str) -> None:
    """Refuse numbers with which nothing can be reckoned; lists are looked through as well."""
    from simulator.company.problems import shown

    if isinstance(words, dict | list | tuple):
        inside = words.items() if isinstance(words, dict) else enumerate(words)
        for key, value in inside:
            if isinstance(value, dict | list | tuple | float | int):
                refuse_beyond_reckoning(value, source, below(where, key))
    elif abs(words) > LARGEST:
        raise ScenarioError(f"{source}: {where} is {shown(words)}; it must be at most {LARGEST:,.0f}")


def explained(error: ValidationError, kind: type[Record], source: str, where: str, currency: str = "money") -> str:
    """The problems of a validation, a sentence and line each; what follows from many is seen once the first are mended."""
    from simulator.company.problems import sentence

    problems = error.errors(include_url=False)
    others = BESIDE_COMPANY if kind is Company else ()
    table = dict.fromkeys(HEAD, "company") if kind is Company else {}
    told = [
        f"{source}: {sentence(problem, kind, table.get(str(next(iter(problem['loc']), '')), where), others, currency)}"
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
