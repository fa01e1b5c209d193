"""Many settings in one run: each has lanes of its own, and all of them the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from simulator.chance import Events, Outages, Weather
from simulator.chance.events import EVENT_COLUMNS
from simulator.policies import Policy
from simulator.units import Record


def frame(record: Record) -> Any:
    """What must be alike for two policies to share a run: everything but what may vary by lane."""
    told: list[Any] = [type(record)]
    for name, field in type(record).model_fields.items():
        value, extra = getattr(record, name), field.json_schema_extra
        if isinstance(value, Record):
            value = frame(value)
        elif isinstance(extra, dict) and extra.get("by_lane"):
            value = tuple(sorted(value)) if isinstance(value, dict) else None
        elif isinstance(value, dict):
            value = tuple(sorted(value.items()))
        told.append(value)
    return tuple(told)


def joined(policies: Sequence[Policy], lanes: int) -> Policy:
    """Policies of one frame as one, whose parameters have a value for each lane: so many lanes for each policy."""
    return policies[0] if len(policies) == 1 else _joined(policies, lanes)


def _joined(records: Sequence[Any], lanes: int) -> Any:
    update: dict[str, Any] = {}
    for name in type(records[0]).model_fields:
        values = [getattr(record, name) for record in records]
        if all(value == values[0] for value in values[1:]):
            continue
        if isinstance(values[0], Record):
            update[name] = _joined(values, lanes)
        elif isinstance(values[0], dict):
            update[name] = {key: np.repeat([value[key] for value in values], lanes) for key in values[0]}
        else:
            update[name] = np.repeat(np.array(values, dtype=np.float64), lanes)
    return records[0].model_copy(update=update)


def tiled(weather: Weather, lanes: int, times: int) -> Weather:
    """The weather of the first lanes, repeated side by side: lane k of every repetition has the same luck."""
    if times == 1:
        return weather
    numbers = weather.replications[:lanes] * times
    return replace(weather, replications=numbers, **_tables(weather, lanes, times))


def _tables(luck: Weather | Outages, lanes: int, times: int) -> dict[str, Any]:
    """The tables of the first lanes, repeated side by side."""
    wider: dict[str, Any] = {}
    for field in fields(luck):
        value = getattr(luck, field.name)
        if isinstance(value, np.ndarray):
            wider[field.name] = np.concatenate([value[..., :lanes]] * times, axis=-1)
        elif isinstance(value, Outages):
            wider[field.name] = replace(value, **_tables(value, lanes, times))
        elif isinstance(value, Weather):
            wider[field.name] = tiled(value, lanes, times)
        elif isinstance(value, Events):
            wider[field.name] = _repeated(value, lanes, times)
    return wider


def _repeated(events: Events, lanes: int, times: int) -> Events:
    """The events of the first lanes, once for each repetition; a lane meets its own in their old order."""
    mine = np.flatnonzero(events.lane < lanes)
    columns = {name: np.tile(getattr(events, name)[mine], times) for name in EVENT_COLUMNS}
    columns["lane"] = columns["lane"] + np.repeat(np.arange(times) * lanes, len(mine))
    return Events(*columns.values()).in_order(len(events.starts) - 1)
