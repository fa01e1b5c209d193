"""Alternatives as one code that links, asks and answers carry, and the name by which readers know each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from dashboard.speech import own_name, say
from simulator.company.entries import assigned, keys
from simulator.company.lists import list_of, named_in
from simulator.company.toml import read_value, value_text
from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError

DIFFERS, BETWEEN = "~", ";"
"""Between a policy and what differs, and between the entries that differ: sop~policy.safety_stock.z=1.65;what_if.demand=1.2"""

SAFE = "=._-"
MOST = 6
"""Alternatives beside each other."""

OUT = "what_if.supplier_out."

MAIN_DIALS = {"z": "z {value}", "days": "{value} days of cover", "fill_rate": "fill rate {value} %"}
"""The figure that sets a safety stock, by the entry of its rule, as a name says it."""


def is_alternative(name: str) -> bool:
    """Tell if a code names an alternative, and not a policy alone."""
    return DIFFERS in name


def is_situation(name: str) -> bool:
    """Tell if a code is of what may happen to the company, and not only of what it may do."""
    return is_alternative(name) and any(keys(entry)[0] != "policy" for entry in parted(name)[1])


def code_for(policy: str, setting: Mapping[str, Any]) -> str:
    """Write an alternative as a code without commas or spaces; a policy alone where nothing differs."""
    said = BETWEEN.join(quote(f"{entry}={value_text(value)}", safe=SAFE) for entry, value in sorted(setting.items()))
    return f"{policy}{DIFFERS}{said}" if said else policy


def parted(name: str) -> tuple[str, dict[str, Any]]:
    """The policy of a code and what differs."""
    policy, _, rest = name.partition(DIFFERS)
    setting: dict[str, Any] = {}
    for part in rest.split(BETWEEN) if rest else ():
        given = assigned(unquote(part))
        if given is None:
            raise ScenarioError(msg("{code} is no alternative; choose one on the page", code=repr(name[:60])))
        setting[given[0]] = read_value(given[1])
    return policy, setting


def named(name: str, policy: str) -> str:
    """Name an alternative in the reader's language by its policy and what differs."""
    return say(", ").join([policy, *(_difference(entry, value) for entry, value in parted(name)[1].items())])


def _difference(entry: str, value: Any) -> str:
    """Say in few words how an alternative differs in one entry."""
    path = keys(entry)
    if entry.startswith(OUT):
        return say("{supplier} out {weeks} weeks", supplier=own_name(path[-1]), weeks=value)
    if path[:2] == ("policy", "safety_stock") and path[-1] in MAIN_DIALS:
        return say(MAIN_DIALS[path[-1]], value=f"{value * 100:g}" if path[-1] == "fill_rate" else f"{value:g}")
    if entry in FACTORS:
        return say(FACTORS[entry], change=f"{100 * (value - 1):+.3g}")
    if entry in FIGURES:
        return say(
            FIGURES[entry],
            value=f"{value * 100:g}"
            if entry == "what_if.overtime"
            else f"{value:+g}"
            if "lead" in entry
            else f"{value:g}",
        )
    return event_name(entry, value) or f"{entry} {value_text(value)}"


def event_name(entry: str, value: Any) -> str | None:
    """Name an event in few words: promotion of kettle from 2027-03-01; nothing where the entry is of no list."""
    chosen = list_of(entry)
    table = value[-1] if isinstance(value, list) and value else value
    if chosen is None or not isinstance(table, dict):
        return None
    things, start = say(" and ").join(map(own_name, named_in(table)[:2])), str(table.get("start", ""))
    slots = {"event": say(chosen.title), "things": things, "start": start}
    if things and start:
        return say("{event} of {things} from {start}", **slots)
    if things:
        return say("{event} of {things}", **slots)
    return say("{event} from {start}", **slots) if start else slots["event"]


FACTORS = {
    "what_if.demand": "demand {change} %",
    "what_if.price": "prices {change} %",
    "what_if.capacity": "capacity {change} %",
}
FIGURES = {
    "what_if.lead_time_days": "lead times {value} days",
    "what_if.overtime": "overtime up to {value} %",
    "policy.cycle_months": "a cycle every {value} months",
}
