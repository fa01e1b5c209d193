"""The elements of S&OP and their blocks, as data: what is switched on between one policy and another."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError, nearest
from simulator.planning import ELEMENTS, Policy


@dataclass(frozen=True)
class Element:
    """One element of S&OP: the decision rights that it changes from the base policy's to the full one's."""

    name: str
    title: str
    rights: tuple[str, ...]
    block: str


@dataclass(frozen=True)
class ElementBlock:
    """Elements that a manager thinks of as one thing."""

    name: str
    title: str
    elements: tuple[str, ...]


def _data() -> dict[str, Any]:
    return tomllib.loads(ELEMENTS.read_text(encoding="utf-8"))


def elements() -> list[Element]:
    """The elements, in the order in which a company would take them up."""
    tables = _data()["elements"]
    return [Element(name, table["title"], tuple(table["rights"]), table["block"]) for name, table in tables.items()]


def blocks_of(parts: Sequence[Element]) -> list[ElementBlock]:
    """The blocks of some elements, in the same order."""
    titles: dict[str, str] = _data()["blocks"]
    inside = {name: tuple(part.name for part in parts if part.block == name) for name in titles}
    return [ElementBlock(name, titles[name], names) for name, names in inside.items() if names]


def chosen_elements(names: Sequence[str] | None) -> list[Element]:
    """Elements by name in their own order, all when none are named."""
    known = {element.name: element for element in elements()}
    for name in names or ():
        if name not in known:
            raise ScenarioError(
                msg("there is no element {name} of S&OP; {hint}", name=repr(name), hint=nearest(name, list(known)))
            )
    return [element for element in known.values() if not names or element.name in names]


def policy_with_elements(base: Policy, full: Policy, on: Sequence[Element]) -> Policy:
    """The base policy with some elements of the full one."""
    rights = {right: getattr(full, right) for element in on for right in element.rights}
    return base.model_copy(update={**rights, "name": "+".join([base.name, *(e.name for e in on)])})


def differing_elements(base: Policy, full: Policy, parts: Sequence[Element]) -> list[Element]:
    """The elements in which two policies differ; switching on another one changes nothing."""
    return [part for part in parts if any(getattr(base, right) != getattr(full, right) for right in part.rights)]


def refuse_alike(base: Policy, full: Policy) -> None:
    """Refuse two policies between which there is nothing to bridge."""
    if not differing_elements(base, full, chosen_elements(None)):
        raise ScenarioError(
            msg(
                "policies {base} and {full} differ in no element of S&OP; take two that do",
                base=base.name,
                full=full.name,
            )
        )
