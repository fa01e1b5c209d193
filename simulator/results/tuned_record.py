"""Keep how a policy was brought to a target as plain words, and read it again."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from simulator.planning import Policy
from simulator.results.binding import Binding
from simulator.results.equal_service import Outcome, Tuned
from simulator.results.reading.lost import Cause
from simulator.results.target import target_of


def record_of(one: Tuned) -> dict[str, Any]:
    """Write down the target, the setting and the way to it."""
    return {
        "at": {one.target.name: one.target.value},
        "setting": one.setting,
        "outcome": one.outcome.value,
        "tried": [list(pair) for pair in one.tried],
        "prices": {name: price for name, price in one.prices.items() if isfinite(price)},
        "binds": [[bind.cause.value, bind.name, bind.share] for bind in one.binds],
    }


def tuned_from(record: Mapping[str, Any], as_run: Policy) -> Tuned:
    """The policy at the setting that a record says; what it reached is in the figures that were kept beside it."""
    return Tuned(
        as_run.with_buffer(record["setting"]),
        as_run,
        as_run.buffer(),
        target_of(record["at"]),
        record["setting"],
        Outcome(record["outcome"]),
        tuple((float(place), float(figure)) for place, figure in record["tried"]),
        prices={str(name): float(price) for name, price in record.get("prices", {}).items()},
        binds=tuple(Binding(Cause(cause), name, share) for cause, name, share in record["binds"]),
    )
