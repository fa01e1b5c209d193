"""A study at equal service: at every point each policy's buffer is set to one target, on luck by which no point is scored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from simulator.engine.settings import changed_policy, changed_scenario, of_policy
from simulator.kernel.messages import Message, listed, msg, number
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers import Backend
from simulator.results.equal_service import Outcome, Tuned, tuned_to
from simulator.results.target import CommonTarget, target_of
from simulator.studies.seal import DamagedError, Origin
from simulator.studies.store import BUFFERS, Store
from simulator.studies.study import Study

SET_ON, FIRST = 40, 1_000_000
"""Replications on which buffers are set, and the number of the first: far from those that score, however many are added."""

FURTHEST_NAMED = 3
"""Points that a sentence names."""


def with_buffers(
    study: Study, store: Store, origin: Origin, hands: Backend, tell: Callable[[int, int], None] | None = None
) -> Study:
    """The study with the buffer of each point and policy: as the store holds them, else found and noted there."""
    if study.words.at is None:
        return study
    refuse_buffer_as_factor(study)
    notes = held_buffers(store, origin)
    if notes is None:
        notes = list(_found(study, hands, tell))
        store.note(BUFFERS, origin, {"at": study.words.at, "replications": SET_ON, "points": notes})
    return replace(study, buffers=tuple(tuple(each["setting"] for each in point) for point in notes))


def held_buffers(store: Store, origin: Origin | None = None) -> list[list[dict[str, Any]]] | None:
    """The settings that a store holds, point by point; None where it has none of this study."""
    try:
        told = store.noted(BUFFERS)
        if origin is not None:
            origin.refuse_other(told)
    except (DamagedError, ScenarioError):
        return None
    points: list[list[dict[str, Any]]] = told["points"]
    return points


def _found(study: Study, hands: Backend, tell: Callable[[int, int], None] | None) -> Iterator[list[dict[str, Any]]]:
    """The settings of each point's policies, found side by side on the same luck."""
    target = target_of(str(study.words.at))
    numbers = range(FIRST, FIRST + SET_ON)
    for place, setting in enumerate(study.points):
        scenario = changed_scenario(study.scenario, setting)
        policies = [changed_policy(policy, setting, study.name) for policy in study.policies]
        found = tuned_to(scenario, policies, target, numbers, study.seed, hands=hands)
        yield [_note(one) for one in found]
        if tell:
            tell(place + 1, len(study.points))


def _note(one: Tuned) -> dict[str, Any]:
    """A setting as the store notes it, with what it reached on the luck on which it was found."""
    nearest = min(one.tried, key=lambda each: abs(each[0] - one.setting))
    return {
        "policy": one.as_run.name,
        "entry": one.buffer.entry,
        "value": one.value,
        "setting": one.setting,
        "outcome": one.outcome.value,
        "reached": one.target.value if one.outcome is Outcome.REACHED else nearest[1],
    }


def refuse_buffer_as_factor(study: Study) -> None:
    """Refuse to vary what the target sets."""
    for policy in study.policies:
        entries = {f"policy.{entry}" for entry in policy.buffer().entry.split(" + ")}
        for factor in study.factors:
            if of_policy(factor.entry) and factor.entry in entries:
                raise ScenarioError(
                    msg(
                        "{entry} is a factor, and the buffer of policy {policy}, which --at sets; leave one of them out",
                        entry=factor.entry,
                        policy=repr(policy.name),
                    )
                )


def buffers_told(at: str, notes: list[list[dict[str, Any]]]) -> Message:
    """Say to what buffers are set, and how many do not come to it."""
    target: CommonTarget = target_of(at)
    flat = [(place, each) for place, point in enumerate(notes) for each in point]
    off = [(place, each) for place, each in flat if each["outcome"] != Outcome.REACHED.value]
    if not off:
        return msg("Buffers of all {n} settings are set to {target}.", n=number(len(flat)), target=target.words())
    off.sort(key=lambda pair: abs(pair[1]["reached"] - target.value), reverse=True)
    named = [
        msg(
            "point {point}, {policy}: {figure}", point=place, policy=each["policy"], figure=target.told(each["reached"])
        )
        for place, each in off[:FURTHEST_NAMED]
    ]
    return msg(
        "Buffers are set to {target}; {n} of {all} settings do not come to it or lie beyond it without any ({furthest}).",
        target=target.words(),
        n=number(len(off)),
        all=number(len(flat)),
        furthest=listed(named, "; "),
    )
