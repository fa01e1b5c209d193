"""The questions a page can have simulated, and the key, by content and never by user, under which an answer is kept."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from dashboard.alternatives import is_alternative, parted
from dashboard.case import Case, scenario_of
from dashboard.origin import code_of
from simulator.engine.scenario import Scenario
from simulator.planning import Policy
from simulator.planning.own import texts_behind
from simulator.results.alternatives import of_alternative
from simulator.results.elements import chosen_elements, policy_with_elements
from simulator.results.elements import differing_elements as unlike

FULL = "sop-smoothed"
"""The policy whose elements are switched on, one by one, in a policy such as siloed+consensus."""


@dataclass(frozen=True)
class Ask:
    """A simulation that a page needs."""

    kind: str  # what is simulated, as kinds.py lists it
    case: Case
    policies: tuple[str, ...]
    replications: int
    seed: int
    more: tuple[tuple[str, str | int | float], ...] = ()

    @property
    def key(self) -> str:
        """The short key of everything that the answer follows from, which nobody can guess."""
        return _key(self)


@lru_cache(maxsize=4096)
def _key(ask: Ask) -> str:
    scenario = scenario_of(ask.case)
    cases = [case_of(scenario, name) for name in ask.policies]
    rules = [policy.model_dump(mode="json") for _, policy in cases]
    said = [ask.kind, scenario.name, scenario.fingerprint, rules, ask.replications, ask.seed, ask.more]
    if any(map(is_alternative, ask.policies)):
        said.append([situation.fingerprint for situation, _ in cases])
    varied = [json.loads(str(value)) for name, value in ask.more if name == "study"]
    said += texts_behind(rules, varied)  # of rules that installed packages bring
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:20]


BEGINNING, FIRST_RUNS = "first", 20
"""What an ask says that is content with the first runs of another one, and how many those are."""


def first_of(ask: Ask) -> Ask | None:
    """Ask for what the first runs of a comparison say, to be shown while the others come; nothing where that saves little."""
    if ask.kind != "compare" or ask.more or ask.replications < 2 * FIRST_RUNS:
        return None
    return replace(ask, more=((BEGINNING, FIRST_RUNS),))


def is_first(ask: Ask) -> bool:
    """Tell if an ask is content with the first runs."""
    return BEGINNING in dict(ask.more)


def case_of(scenario: Scenario, name: str) -> tuple[Scenario, Policy]:
    """The situation and the policy of a code: an alternative changes either, any other policy is played as things stand."""
    if not is_alternative(name):
        return scenario, policy_of(scenario, name)
    policy, setting = parted(name)
    return of_alternative(scenario, name, {"policy": policy_of(scenario, policy), **setting})


def policy_of(scenario: Scenario, name: str) -> Policy:
    """A policy by name; siloed+consensus is siloed with that element of S&OP switched on."""
    base, *parts = name.split("+")
    policy = scenario.policy(base)
    return policy_with_elements(policy, scenario.policy(FULL), chosen_elements(parts)) if parts else policy


def differing(scenario: Scenario, base: str, full: str) -> list[str]:
    """The elements in which two policies differ; switching on another one would change nothing."""
    first, last = policy_of(scenario, base), policy_of(scenario, full)
    return [element.name for element in unlike(first, last, chosen_elements(None))]


ENGINE = "SOP_ENGINE"
"""The variable by which a server tells its workers the hash of the engine, which takes as long as twenty runs to work out."""


@lru_cache(maxsize=1)
def engine() -> str:
    """Hash all that makes an answer, in short, so that answers of an older engine are not taken for today's."""
    return os.environ.get(ENGINE) or code_of("dashboard.work")[:12]


def to_json(ask: Ask) -> str:
    """An ask as a file holds it."""
    content = {"kind": ask.kind, "base": ask.case.base, "changes": ask.case.changes, "policies": ask.policies}
    return json.dumps({**content, "replications": ask.replications, "seed": ask.seed, "more": ask.more})


def from_json(text: str) -> Ask:
    """Read an ask back from its JSON."""
    said = json.loads(text)
    case = Case(said["base"], tuple((entry, value) for entry, value in said["changes"]))
    more = tuple((name, value) for name, value in said["more"])
    return Ask(said["kind"], case, tuple(said["policies"]), said["replications"], said["seed"], more)


EXAMPLES = Path(__file__).resolve().parent / "examples"
"""Answers that come with the product, so that pages say something before any click."""
