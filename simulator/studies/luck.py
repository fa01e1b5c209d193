"""Tell the scenarios that meet the same luck: they differ only in entries that no drawing of luck reads, as the records declare."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.engine.running import months_before
from simulator.engine.scenario import Scenario
from simulator.kernel.units import Record


def luck_key(scenario: Scenario) -> str:
    """Equal for two scenarios whose weather is the same for every seed and replication."""
    earlier = months_before(scenario)
    read = [read_by_luck(scenario.company), read_by_luck(scenario.experiment), scenario.data]
    return json.dumps([*read, earlier and earlier.experiment.months], default=str)


def read_by_luck(said: Any) -> Any:
    """Say what records, tables and lists hold, without the entries that no drawing of luck reads."""
    if isinstance(said, Record):
        return {name: read_by_luck(getattr(said, name)) for name in entries_read(said)}
    if isinstance(said, Mapping):
        return {name: read_by_luck(value) for name, value in said.items()}
    return [read_by_luck(value) for value in said] if isinstance(said, tuple | list) else said


def entries_read(record: Record) -> Iterator[str]:
    """List the entries of a record that luck may read: all that it does not declare otherwise."""
    for name, field in type(record).model_fields.items():
        extra = field.json_schema_extra
        luck = extra.get("luck", True) if isinstance(extra, dict) else True
        if getattr(record, luck) if isinstance(luck, str) else luck:
            yield name
