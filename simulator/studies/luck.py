"""Which scenarios meet the same luck: those that differ only in what no drawing of luck reads."""

from __future__ import annotations

import json
from typing import Any

from simulator.engine.running import before
from simulator.engine.scenario import Scenario

UNREAD = {
    "products": ("note", "unit_cost", "opening_stock", "price"),
    "components": ("note", "unit_cost", "opening_stock"),
    "segments": ("note", "channel", "payment_days", "bad_debt", "late_penalty"),
    "resources": ("note", "hours", "availability", "overtime", "overtime_premium", "hour_cost", "change_cost"),
}
"""Entries of the company that the weather does not depend on. What is not listed here is taken to matter."""

UNREAD_MAKE = ("bill", "hours", "lead_time", "good", "batch")
UNREAD_BUY = (
    "supplier",
    "minimum_order",
    "multiple",
    "overtaking",
    "price",
    "capacity",
    "inspection_days",
    "express",
)


APART = ("name", "note", "currency", "suppliers", "finance", "channels", "scorecard")
"""Tables that it does not depend on at all."""


def luck_key(scenario: Scenario) -> str:
    """Equal for two scenarios whose weather is the same for every seed and replication."""
    company = scenario.company.model_dump(mode="json", exclude={*APART})
    for table, entries in UNREAD.items():
        for item in company[table].values():
            _drop(item, entries)
            _drop(item.get("make") or {}, UNREAD_MAKE)
            _drop(item.get("buy") or {}, UNREAD_BUY)
    e = scenario.experiment
    earlier = before(scenario)
    return json.dumps([company, e.months, e.history, scenario.data, earlier and earlier.experiment.months])


def _drop(table: dict[str, Any], entries: tuple[str, ...]) -> None:
    for entry in entries:
        table.pop(entry, None)
