"""Decisions in a file: read them as options, each checked against company, policy and calendar, and write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from simulator.company.calendar import month_of
from simulator.company.files import read_toml
from simulator.company.gate import path_of, tables_in
from simulator.company.toml import file_text
from simulator.engine.decided import refuse_twice, refuse_wrong
from simulator.engine.scenario import Scenario
from simulator.engine.validation import validated
from simulator.kernel.messages import listed, msg
from simulator.kernel.units import Record, ScenarioError, in_file, nearest, quantity
from simulator.planning import Policy
from simulator.planning.decisions import DECISION_KINDS, Decision

DECISIONS_FILE = "decisions.toml"
"""The name under which decisions are taken away."""

MOST_DECISIONS = 500
"""Decisions that a file may hold."""


class DecisionEntry(Record):
    """A decision as a file states it."""

    month: Annotated[str | int, quantity("month", "in whose cycle it is taken: its number, or 2011-03")]
    kind: Annotated[str, quantity("name", "of the kind of decision", min_length=1)]
    of: Annotated[
        str, quantity("name", "of the family, resource, part, segment or product; all for the company", min_length=1)
    ]
    amount: Annotated[float, quantity("amount", "in the unit of its kind")]
    for_month: Annotated[
        str | int,
        quantity("month", "that it is for, or the last in whose cycle it holds; leave out for the same month"),
    ] = ""
    reason: Annotated[str, quantity("text", "given by who takes it", max_length=300)] = ""
    option: Annotated[
        str, quantity("name", "of the option that it belongs to; all without one are an option", max_length=80)
    ] = ""


class DecisionFile(Record):
    """The decisions of a file."""

    decisions: Annotated[tuple[DecisionEntry, ...], quantity("list", "of what is decided")]


Options = dict[str, tuple[Decision, ...]]
"""Decisions by the name of the option that they belong to; those without one under an empty name."""


def read_decisions(file: str | Path, scenario: Scenario, policy: Policy) -> Options:
    """Read the decisions of a file.

    Raises ScenarioError: one sentence that names file, entry and what is allowed.
    """
    path = path_of(file, "--decisions")
    if not path.is_file():
        raise ScenarioError(msg("there is no file {path}; give the path of a file of decisions", path=f"{path}"))
    return decisions_in(read_toml(path, "file of decisions"), path.name, scenario, policy)


def decisions_brought(content: bytes, scenario: Scenario, policy: Policy, name: str = DECISIONS_FILE) -> Options:
    """Read the decisions of a file that is brought to a page."""
    return decisions_in(tables_in(content, name, MOST_DECISIONS * 10), name, scenario, policy)


def decisions_in(words: Mapping[str, Any], source: str, scenario: Scenario, policy: Policy) -> Options:
    """Take decisions from tables, option by option in the order of the file."""
    found: dict[str, list[Decision]] = {}
    entries = validated(DecisionFile, words, source).decisions
    if not 1 <= len(entries) <= MOST_DECISIONS:
        told = msg("there are {n} decisions; a file holds 1 to {most}", n=len(entries), most=MOST_DECISIONS)
        raise ScenarioError(in_file(source, told))
    for k, entry in enumerate(entries):
        try:
            decision = _decision(entry, scenario, policy)
            mine = found.setdefault(entry.option, [])
            refuse_twice([*mine, decision])
        except ScenarioError as problem:
            where = msg("{source}: {entry}", source=source, entry=f"decisions[{k}]")
            raise ScenarioError(in_file(where, problem.text)) from None
        mine.append(decision)
    return {name: tuple(mine) for name, mine in found.items()}


def one_option(options: Options, source: str | Path) -> tuple[Decision, ...]:
    """All decisions of a file, where they belong to one option: a run goes one way."""
    if len(options) > 1:
        raise ScenarioError(
            msg(
                "{source} holds the options {names}; a run takes one: leave one option, or compare them with sop ghost --decisions",
                source=f"{source}",
                names=listed((repr(name) for name in options), ", "),
            )
        )
    return next(iter(options.values()))


def _decision(entry: DecisionEntry, scenario: Scenario, policy: Policy) -> Decision:
    """Make a decision of an entry, and check it."""
    if entry.kind not in DECISION_KINDS:
        hint = nearest(entry.kind, [*DECISION_KINDS])
        raise ScenarioError(msg("there is no decision {kind}; {hint}", kind=repr(entry.kind), hint=hint))
    taken = month_of(scenario.days, entry.month)
    later = taken if entry.for_month == "" else month_of(scenario.days, entry.for_month)
    decision = Decision(entry.kind, entry.of, entry.amount, taken, later, entry.reason)
    refuse_wrong(decision, str(decision), scenario, policy)
    return decision


def decisions_text(options: Mapping[str, Iterable[Decision]], scenario: Scenario, note: str = "") -> str:
    """Write options as a file that `read_decisions` reads."""
    name = scenario.days.month_name
    entries = [
        {
            "month": name(each.taken),
            "kind": each.kind,
            "of": each.name,
            "amount": each.amount,
            **({"for_month": name(each.month)} if each.month != each.taken else {}),
            **({"reason": each.reason} if each.reason else {}),
            **({"option": option} if option else {}),
        }
        for option, decisions in options.items()
        for each in decisions
    ]
    head = "".join(f"# {line}\n" for line in note.splitlines())
    return head + file_text({"decisions": entries})
