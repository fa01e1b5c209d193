"""Named alternatives: a policy and a situation each, side by side on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from simulator.company.entries import assigned
from simulator.company.gate import short_quote
from simulator.company.toml import read_value
from simulator.engine.scenario import Scenario
from simulator.engine.settings import OF_POLICY, Setting, changed_policy, changed_scenario, of_policy, stated_value
from simulator.kernel.messages import Text, msg
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy
from simulator.results.compare import compared, one_money, usual_measures
from simulator.results.comparison import Comparison
from simulator.results.kpis import measures_named
from simulator.results.target import CommonTarget

PATTERN = "NAME: policy=POLICY, ENTRY=VALUE, ..."


def compare_alternatives(
    scenario: Scenario,
    alternatives: Mapping[str, Setting],
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    measures: Sequence[str] | str | None = None,
    by: str = "total",
    progress: Callable[[int, int], None] | None = None,
    at: CommonTarget | str | Mapping[str, Any] | None = None,
    workers: int | None = None,
    within: str = "",
) -> Comparison:
    """Run each alternative on the same luck, the first as the reference.

    An alternative is a setting: `policy` names its policy, `policy.x` changes an entry of it, any other entry one of the scenario.
    """
    cases = {name: of_alternative(scenario, name, setting) for name, setting in alternatives.items()}
    one_money(
        {name: situation for name, (situation, _) in cases.items()},
        measures_named(measures or usual_measures(scenario)),
    )
    found = compared(scenario, cases, replications, seed, measures, by, progress, True, at, workers, within=within)
    found.others = {name: situation for name, (situation, _) in cases.items()}
    found.alternatives = {name: dict(setting) for name, setting in alternatives.items()}
    return found


def of_alternative(scenario: Scenario, name: str, setting: Setting) -> tuple[Scenario, Policy]:
    """The situation and the policy of an alternative; the policy is called by the alternative's name."""
    changes = {entry: value for entry, value in setting.items() if entry != OF_POLICY}
    if OF_POLICY not in setting:
        raise ScenarioError(
            msg("the alternative {name} names no policy; begin with policy=sop or another one", name=repr(name))
        )
    try:
        situation = changed_scenario(scenario, changes)
        policy = situation.policy(setting[OF_POLICY])
        for entry in filter(of_policy, changes):
            stated_value(situation, policy, entry)
        changed = changed_policy(policy, changes, scenario.source)
        return situation, situation.policy(changed.model_copy(update={"name": name}))
    except ScenarioError as problem:
        raise ScenarioError(msg("alternative {name}: {problem}", name=repr(name), problem=problem.text)) from None


# --- as they are typed ---


def alternatives_in(words: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Alternatives from texts such as "S&OP, z 1.65: policy=sop, policy.safety_stock.z=1.65", each name once."""
    found: dict[str, dict[str, Any]] = {}
    for each in words:
        name, setting = alternative_in(each)
        if name in found:
            raise ScenarioError(msg("two alternatives are called {name}; give each a name of its own", name=repr(name)))
        found[name] = setting
    return found


def alternative_in(words: str) -> tuple[str, dict[str, Any]]:
    """The name and the setting of an alternative."""
    name, colon, rest = words.partition(":")
    if not colon or not name.strip() or not rest.strip():
        raise ScenarioError(_malformed(words))
    setting: dict[str, Any] = {}
    for part in parts_of(rest):
        given = assigned(part)
        if given is None:
            raise ScenarioError(_malformed(words))
        if given[0] in setting:
            raise ScenarioError(
                msg("alternative {name} sets {entry} twice; set it once", name=repr(name.strip()), entry=given[0])
            )
        setting[given[0]] = read_value(given[1].strip())
    return name.strip(), setting


def _malformed(words: str) -> Text:
    return msg("the alternative is {value}; it must be {pattern}", value=short_quote(words), pattern=PATTERN)


def parts_of(words: str) -> Iterator[str]:
    """Cut a text at its commas, but for those within brackets or quotes."""
    depth, quote, begin = 0, "", 0
    for k, sign in enumerate(words):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        elif sign == "," and not depth:
            yield words[begin:k].strip()
            begin = k + 1
    yield words[begin:].strip()
