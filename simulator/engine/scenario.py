"""Words into objects: a TOML file becomes a company, its policies and the experiment to run on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import ValidationError, model_validator

from simulator.company import Company, Days
from simulator.company.dates import dates
from simulator.company.demand import Demand
from simulator.company.entries import dotted, under, usual
from simulator.company.files import COMPANY_FILE, data_file, extended, find, read_toml, set_entry
from simulator.company.gate import path_of, refuse_unfit
from simulator.company.market import AHEAD, Outlook, market_outlook
from simulator.company.names import Names, refuse_unknown
from simulator.engine.validation import problem_lines, validated
from simulator.kernel.messages import Message, listed, msg
from simulator.kernel.units import Array, Record, ScenarioError, in_file, nearest, quantity
from simulator.planning import PRESETS, Policy
from simulator.world.network import Network

if TYPE_CHECKING:
    from simulator.company.history import OrderLines


class Experiment(Record):
    """State how a company is simulated: months, replications, seed."""

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
                msg(
                    "{entry} is {warm_up} months and months is {months}; the warm-up must be shorter than the horizon",
                    entry="warm_up",
                    warm_up=self.warm_up,
                    months=self.months,
                )
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
    notes: tuple[Message, ...] = ()  # what was done to imported data
    assumed: tuple[Message, ...] = ()  # of imported data that does not say so
    replayed: Array | None = None
    past: Array | None = None  # real units of the last months before the first day: (months, products)
    folder: Path | None = None  # where the files lie that it names
    fitted: Demand | None = None  # the generator of demand that is replayed, where anything is drawn from it
    beside: dict[Any, Any] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )  # what is worked out once
    changes: tuple[tuple[str, Any], ...] = ()  # entries that were set after it was read, by dotted name
    remarks: tuple[Message, ...] = ()  # on how its files were put together
    translations: Names = field(default_factory=Names)  # of its own names and notes

    @property
    def case(self) -> str:
        """Return its name with the changed entries, by which tables of several cases are distinguished."""
        told = [f"{entry}={json.dumps(value, ensure_ascii=False, default=str)}" for entry, value in self.changes]
        return f"{self.name} ({'; '.join(told)})" if told else self.name

    def names(self, language: str) -> Mapping[str, str]:
        """The company's own names and notes, and those of the policies that come with the product, in a language."""
        if ("names", language) not in self.beside:
            self.beside["names", language] = {**preset_texts(language), **self.translations.of(language)}
        found: Mapping[str, str] = self.beside["names", language]
        return found

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
        """Return the market events of the run and the year after it, None if there are none."""
        days = Days(self.company.calendar, self.experiment.months + AHEAD)
        return market_outlook(self.company, self.network.segments, days)

    @property
    def opens_running(self) -> bool:
        """Tell if any opening stock is left out, so that the company begins as one that has been running."""
        return any(item.opening_stock is None for item in self.company.items.values())

    @property
    def stand_in(self) -> Demand:
        """Demand as its streams say; those fitted to it where the real one is replayed."""
        return self.fitted or self.company.demand

    @property
    def fingerprint(self) -> str:
        """A short hash of all that the scenario says, but for names in other languages, which move no figure."""
        said = json.dumps({key: self.words[key] for key in self.words if key != "names"}, sort_keys=True) + self.data
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def policy(self, choice: str | Path | Policy | Mapping[str, Any]) -> Policy:
        """A policy by name (the scenario's own first), by file, as a table or as it is."""
        if isinstance(choice, str) and choice in self.policies:
            return self.policies[choice]
        if isinstance(choice, Policy):
            return fitting(choice, self.company, msg("policy {name}", name=repr(choice.name)))
        if isinstance(choice, Mapping):
            refuse_unfit(choice, self.source)
            table = validated(Policy, {"name": "unnamed", **choice}, self.source, "policy")
            return fitting(table, self.company, self.source, "policy")
        return fitting(preset(choice, [*self.policies]), self.company, Path(choice).name)


def fitting(policy: Policy, company: Company, source: Message | str, where: str = "") -> Policy:
    """The policy, if what its rules list is what the company has; otherwise a sentence on the first thing that is not."""
    for said in policy.misfits(company):
        raise ScenarioError(in_file(source, under(where, said)))
    return policy


def preset_names() -> list[str]:
    """Policies that come with the product."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def preset(choice: str | Path, others: Sequence[str] = ()) -> Policy:
    """A policy from a file, or one of those that come with the product."""
    path = path_of(choice, "the policy")
    if path.suffix == ".toml":
        return policy_in(path)[0]
    if str(choice) not in preset_names():
        known = [*others, *preset_names()]
        raise ScenarioError(
            msg(
                "there is no policy {name}; {hint}; or give the path of a .toml file",
                name=repr(str(choice)),
                hint=nearest(str(choice), known),
            )
        )
    return policy_in(PRESETS / f"{choice}.toml")[0]


def policy_in(path: Path) -> tuple[Policy, Names]:
    """Read a policy from a file, and its texts in other languages; the key `note` stands for its note."""
    words = read_toml(path, "policy")
    names = validated(Names, words.pop("names", {}), path.name, "names")
    policy = validated(Policy, {"name": path.stem, **words}, path.name)
    own = {
        language: {policy.note if text == "note" else text: name for text, name in said.items()}
        for language, said in names
    }
    refuse_unknown(own, ("note", policy.name, policy.note), path.name, "policy")
    return policy, Names(**own)


@lru_cache
def preset_texts(language: str) -> dict[str, str]:
    """Tell what the policies that come with the product say of themselves, in a language."""
    return {
        text: said
        for name in preset_names()
        for text, said in policy_in(PRESETS / f"{name}.toml")[1].of(language).items()
    }


def load(
    scenario: str | Path | Mapping[str, Any],
    overrides: Mapping[str, Any] | None = None,
    instead: Collection[str] = (),
    folder: Path | None = None,
) -> Scenario:
    """A scenario by file, by name or as a table; `overrides` sets entries by dotted name, parts of the company in `instead` whole.

    A table may name a file of demand that lies in the folder.

    Raises ScenarioError: one sentence that names file, entry, value and what is allowed.
    """
    if isinstance(scenario, Mapping):
        name, source = str(scenario.get("name", "scenario")), "scenario"
        words = deepcopy(dict(scenario))  # entries that are set are set in our copy
        words.pop("name", None)
        refuse_unfit(words, source)
        lineage = extended(words, Path.cwd(), ())
        folder = lineage.lines_lie or folder
    else:
        path = find(scenario)
        lineage = extended(read_toml(path), path.parent, (path,))
        name = path.resolve().parent.name if path.name == COMPANY_FILE else path.stem
        folder, source = lineage.lines_lie or path.parent, path.name
    words = lineage.words
    own: dict[str, Any] = {"names": deepcopy(lineage.layers[-1].words.get("names", {}))}
    changed: dict[str, Any] = {}
    gone: list[Any] = []
    for entry, value in as_table(overrides or {}, "overrides", source).items():
        before = deepcopy(words)
        if entry not in instead:
            _refuse_whole_part(words, entry, value, source)
        refuse_unfit(value, source, usual(entry))
        gone.append(set_entry(words, entry, value, source))
        if usual(entry).split(".")[0] == "names":
            set_entry(own, entry, value, source)
        elif words != before:
            changed[entry] = value
    found = build(name, words, source, folder, changes_of({}, changed))
    refuse_unknown(own["names"], (found.company, found.policies, gone), source)
    return replace(found, remarks=tuple(lineage.remarks()))


def _refuse_whole_part(words: Mapping[str, Any], entry: str, value: Any, source: str) -> None:
    """Refuse a table for a whole part of what is there: who changes one entry of it would lose all others."""
    if isinstance(value, Mapping) and isinstance(words.get(entry), Mapping):
        names = [dotted(entry, str(name)) for name in value] or [dotted(entry, name) for name in words[entry]]
        raise ScenarioError(
            in_file(
                source,
                msg(
                    "{entry} cannot be set as a whole, since what else it says would be lost; set its entries by name: {names}",
                    entry=entry,
                    names=listed(names[:MOST_SAID], ", "),
                ),
            )
        )


MOST_SAID = 5
"""Names of entries that a sentence lists."""

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
    names = validated(Names, tables.pop("names", {}), source, "names")
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
    company = _as_if(validated(Company, {"name": name, **head, **tables}, source), experiment, source)
    refuse_dates_outside(company, experiment.months, source)
    scenario = Scenario(
        name, company, experiment, policies, source, words, folder=folder, changes=changes, translations=names
    )
    for k, choice in enumerate(experiment.policies):
        if choice not in policies and choice not in preset_names():
            hint = nearest(choice, [*policies, *preset_names()])
            raise ScenarioError(
                in_file(
                    source,
                    msg(
                        "{entry} is {value}, which is no policy; {hint}",
                        entry=f"experiment.policies[{k}]",
                        value=repr(choice),
                        hint=hint,
                    ),
                )
            )
    whole = with_history(scenario) if company.demand.history else scenario
    for key, policy in policies.items():
        fitting(policy, whole.company, source, f"policies.{key}")
    return whole


def _as_if(company: Company, experiment: Experiment, source: str) -> Company:
    """Return the company as its table `what_if` would have it."""
    try:
        return company.what_if.applied(company, experiment.warm_up)
    except ValidationError as error:
        raise ScenarioError(problem_lines(error, Company, source, "", company.currency)) from None
    except ValueError as problem:
        raise ScenarioError(in_file(source, problem.args[0])) from None


def refuse_dates_outside(company: Company, months: int, source: str) -> None:
    """Refuse dates outside the run, which would never be seen."""
    run = Days(company.calendar, months)
    first, last = run.date(0), run.date(run.count - 1)
    for entry, day in dates(company):
        if not first <= day <= last:
            raise ScenarioError(
                in_file(
                    source,
                    msg(
                        "{entry} is {day}, outside the run; it must be from {first} to {last}, or experiment.months changed",
                        entry=entry,
                        day=day,
                        first=first,
                        last=last,
                    ),
                )
            )


def as_table(entry: object, where: str, source: str) -> dict[str, Any]:
    """An entry that must be a table."""
    from simulator.company.problems import value_as_written

    if not isinstance(entry, dict):
        raise ScenarioError(
            in_file(source, msg("{entry} is {value}; it must be a table", entry=where, value=value_as_written(entry)))
        )
    return entry


def lines_of(scenario: Scenario) -> OrderLines:
    """The rows of demand of the file that a scenario names, those left out that are none."""
    from simulator.company.history import read_lines
    from simulator.company.treatment import LineRules

    company, wish = scenario.company, scenario.company.demand.history
    assert wish is not None
    rules = LineRules(
        bucket=wish.bucket,
        equal_lines=wish.equal_lines,
        cancelled=wish.cancelled or "",
        unpriced=wish.unpriced,
        segments=tuple(company.segments),
    )
    path = data_file(wish.file, scenario.folder, scenario.source)
    return read_lines(path, company.calendar, list(company.products), wish.key_account_units, rules)


def with_history(scenario: Scenario) -> Scenario:
    """Read the order lines that the scenario names, and fit or replay them."""
    from simulator.company.history import replay
    from simulator.company.past import Past

    company, wish, lines = scenario.company, scenario.company.demand.history, lines_of(scenario)
    assert wish is not None
    past = Past.of(lines, company.calendar)
    told = replace(
        scenario,
        notes=(*lines.treatment.sentences(), *past.sentences(wish.mode)),
        data=lines.fingerprint,
        assumed=(*lines.treatment.remarks(), *past.remarks(wish.mode)),
        past=past.units(scenario.experiment.history),
    )
    if wish.mode == "replay":
        by_rank = [lines.segments.index(name) if name in lines.segments else -1 for name in scenario.network.segments]
        real = replay(lines, company.calendar, scenario.experiment.months)
        replayed = np.stack([real[:, k] if k >= 0 else np.zeros_like(real[:, 0]) for k in by_rank], axis=1)
        known = min(scenario.experiment.history, past.months)  # what was asked for before the file, nobody knows
        fitted = _fitted(company, past.fitted) if scenario.opens_running else None
        experiment = scenario.experiment.model_copy(update={"history": known})
        return replace(told, experiment=experiment, replayed=replayed, fitted=fitted)
    from simulator.company.fit import common_of, growth_of

    demand = _fitted(company, past.fitted)
    found = demand.everyday[len(company.demand.everyday) :]
    notes = (*told.notes, *growth_of(found, past.fitted, company.calendar.start), *common_of(found))
    return replace(told, company=company.model_copy(update={"demand": demand}), notes=notes)


def _fitted(company: Company, lines: OrderLines) -> Demand:
    """The company's demand with the streams that its order lines show."""
    from simulator.company.fit import fit

    families = {name: product.family for name, product in company.products.items()}
    wish = company.demand.history
    everyday = company.demand.everyday + fit(lines, company.calendar, families, wish is None or wish.together)
    return company.demand.model_copy(update={"everyday": everyday})
