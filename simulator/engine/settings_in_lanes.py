"""Many settings in one run: each has lanes of its own, and all of them the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from simulator.kernel.units import Record
from simulator.planning import Policy
from simulator.world.luck import Events, Outages, Weather
from simulator.world.luck.events import EVENT_COLUMNS

BY_DEAL = ("temper",)
"""Tables of a weather that have a value for each deal; all others have one for each lane."""


def shared_words(record: Record) -> Any:
    """Return the words that must be alike for two policies to share a run: all but those that may vary by lane."""
    told: list[Any] = [type(record)]
    for name, field in type(record).model_fields.items():
        value, extra = getattr(record, name), field.json_schema_extra
        if isinstance(value, Record):
            value = shared_words(value)
        elif _holds_records(value):
            value = tuple((key, shared_words(value[key])) for key in sorted(value))
        elif isinstance(extra, dict) and extra.get("by_lane"):
            value = tuple(sorted(value)) if isinstance(value, dict) else None
        elif isinstance(value, dict):
            value = tuple(sorted(value.items()))
        told.append(value)
    return tuple(told)


def joined_policies(policies: Sequence[Policy], lanes: int) -> Policy:
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
        elif _holds_records(values[0]):
            update[name] = {key: _joined([value[key] for value in values], lanes) for key in values[0]}
        elif isinstance(values[0], dict):
            update[name] = {key: np.repeat([value[key] for value in values], lanes) for key in values[0]}
        else:
            update[name] = np.repeat(np.array(values, dtype=np.float64), lanes)
    return records[0].model_copy(update=update)


def _holds_records(value: Any) -> bool:
    """Tell if a value is a table of records, such as rules by class."""
    return isinstance(value, dict) and any(isinstance(each, Record) for each in value.values())


def tiled(weather: Weather, lanes: int, times: int) -> Weather:
    """Repeat the weather of the first lanes side by side: lane k of every repetition has the same luck.

    A deal is a deal of its own in every repetition, so that what customers remember of it is too.
    """
    if times == 1:
        return weather
    numbers = weather.replications[:lanes] * times
    deals = np.tile(weather.temper, times)
    copies = _Copies(lanes, times, len(weather.replications), len(weather.temper))
    return replace(weather, replications=numbers, **{**copies.of(weather), "temper": deals})


def part_of(weather: Weather, lanes: range) -> Weather:
    """The weather of some neighbouring lanes."""
    if len(lanes) == len(weather.replications):
        return weather
    numbers = weather.replications[lanes.start : lanes.stop]
    part = _Copies(len(lanes), 1, len(weather.replications), 0, lanes.start)
    return replace(weather, replications=numbers, **part.of(weather))


@dataclass(frozen=True)
class _Copies:
    """Repetitions of some lanes of a weather so wide, which knows so many deals."""

    lanes: int
    times: int
    width: int
    deals: int
    first: int = 0

    def of(self, luck: Weather | Outages) -> dict[str, Any]:
        """Repeat every table and all events."""
        wider: dict[str, Any] = {}
        for field in fields(luck):
            value = getattr(luck, field.name)
            if field.name in BY_DEAL:
                continue
            if isinstance(value, np.ndarray):
                assert value.shape[-1] == self.width, f"{field.name} has a value for each of something else than lanes"
                wider[field.name] = np.concatenate(
                    [value[..., self.first : self.first + self.lanes]] * self.times, axis=-1
                )
            elif isinstance(value, Outages):
                wider[field.name] = replace(value, **self.of(value))
            elif isinstance(value, Weather):
                wider[field.name] = tiled(value, self.lanes, self.times) if self.times > 1 else value
            elif isinstance(value, Events):
                wider[field.name] = self.of_events(value)
        return wider

    def of_events(self, events: Events) -> Events:
        """Repeat what happens in these lanes; a lane meets its own in their old order."""
        mine = np.flatnonzero((events.lane >= self.first) & (events.lane < self.first + self.lanes))
        columns = {name: np.tile(getattr(events, name)[mine], self.times) for name in EVENT_COLUMNS}
        repetition = np.repeat(np.arange(self.times), len(mine))
        columns["lane"] = columns["lane"] + repetition * self.lanes - self.first
        columns["deal"] = columns["deal"] + repetition * self.deals
        return Events(*columns.values()).in_order(len(events.starts) - 1)
