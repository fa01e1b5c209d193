"""Rules by class of item: one policy may hold several rules of stock and of safety stock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import model_validator

from simulator.company.entries import dotted_below, under
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, Whole, nearest, quantity
from simulator.planning.buffer import Buffer, times_of, together
from simulator.planning.fit import Misfits
from simulator.planning.master_schedule import MasterSchedule, MaterialRequirements
from simulator.planning.rules import ChosenReplenishment, OtherReplenishment, Replenishment
from simulator.world.view import Desk, Serving, View

if TYPE_CHECKING:
    from simulator.company import Company


def rule_of(rule: Any, name: str) -> Any:
    """The rule for a class: its own, or that for the others."""
    return rule.of.get(name, rule.others)


def rows_by_rule(rule: Any, classes: Mapping[str, Whole]) -> Iterator[tuple[Any, Whole]]:
    """Each rule with the items that it decides on."""
    for name, rows in classes.items():
        chosen = rule_of(rule, name)
        if chosen is not None and rows.size:
            yield chosen, rows


def misfits_by_class(
    rule: Any, company: Company, mine: Sequence[str], of_item: Mapping[str, str], known: list[str]
) -> Misfits:
    """Classes that there are not, items of a class without a rule, and what does not fit within each rule."""
    for name in rule.of:
        if name not in known:
            yield msg(
                "{entry} names the class {name}, which there is not; {hint}; the policy's classes say which there are",
                entry="of",
                name=repr(name),
                hint=nearest(name, known),
            )
    for item in mine:
        if rule_of(rule, of_item[item]) is None:
            yield msg(
                "{entry} has no rule for the class {name}, to which {item} belongs; give one, or others",
                entry="of",
                name=repr(of_item[item]),
                item=repr(item),
            )
    for name in (n for n in rule.of if n in known):
        yield from (
            under(dotted_below("of", name), said)
            for said in rule.of[name].misfits(company, [i for i in mine if of_item[i] == name])
        )
    if rule.others is not None:
        yield from (
            under("others", said)
            for said in rule.others.misfits(company, [i for i in mine if of_item[i] not in rule.of])
        )


def buffers_by_class(rule: Any) -> list[Buffer | None]:
    """The buffer of each class and of the others, named by where it lies."""
    told = {dotted_below("of", name): one.buffer() for name, one in rule.of.items()}
    if rule.others is not None:
        told["others"] = rule.others.buffer()
    return [found and found.under(entry) for entry, found in told.items()]


def raised_by_class(rule: Any, times: float) -> dict[str, Any]:
    """Return the rules of all classes, each with so many times its buffer."""

    def raised(one: Any) -> Any:
        amount = None if one is None else times_of(one.buffer(), times)
        return one if amount is None else one.with_buffer(amount)

    return {"of": {name: raised(one) for name, one in rule.of.items()}, "others": raised(rule.others)}


def refuse_nested(rule: Any) -> None:
    """A rule for a class decides itself."""
    for entry, one in [*((dotted_below("of", name), one) for name, one in rule.of.items()), ("others", rule.others)]:
        if hasattr(one, "of"):
            raise ValueError(msg("{entry} is by class again; give it a rule that decides itself", entry=entry))
        if isinstance(one, MasterSchedule | MaterialRequirements):
            raise ValueError(
                msg(
                    "{entry} is {rule}, which plans all items together; take a rule of stock, such as order-up-to",
                    entry=entry,
                    rule=repr(one.name),
                )
            )


class ReplenishmentByClass(Replenishment, name="by-class"):
    """A rule of stock for each class of item, as the policy's `classes` sort them."""

    of: Annotated[
        dict[str, ChosenReplenishment], quantity("choice", "how a class is replenished, by its name", min_length=1)
    ]
    others: Annotated[
        OtherReplenishment,
        quantity("choice", "how the classes are replenished that are not listed; leave out where all are"),
    ] = None

    def review(self, cycle: int) -> int:
        """The longest of its rules."""
        return max(rule.review(cycle) for rule in self._rules())

    def reviews(self, view: Desk, cycle: int) -> Array:
        """As each class is reviewed."""
        found = super().reviews(view, cycle)
        for rule, rows in rows_by_rule(self, view.classes):
            found[rows] = rule.reviews(view, cycle)[rows]
        return found

    def asks_for_plans(self, items: list[str]) -> bool:
        """Tell if one of its rules reads the plans."""
        return any(rule.asks_for_plans(items) for rule in self._rules())

    def serving(self, view: Desk, cycle: int) -> Serving:
        """As each class is replenished."""
        found = super().serving(view, cycle)
        for rule, rows in rows_by_rule(self, view.classes):
            found = found.with_rows(rows, rule.serving(view, cycle))
        return found

    def __call__(self, view: View, rows: Whole, released: Array) -> Array | None:
        """Each class by its rule, from the top of the bills down: parts see tonight's releases of what they go into."""
        total, decided = released.copy(), False
        for level in view.network.levels_of(rows):
            for rule, all_rows in rows_by_rule(self, view.classes):
                mine = np.intersect1d(all_rows, np.arange(len(total))[level])
                answer = rule(view, mine, total) if mine.size else None
                if answer is not None:
                    total[mine], decided = answer, True
        return total[rows] if decided else None

    def buffer(self) -> Buffer | None:
        """Times what the rule of every class holds itself."""
        return together(buffers_by_class(self))

    def with_buffer(self, amount: float) -> ReplenishmentByClass:
        """Hold so many times as much in every class."""
        return self.model_copy(update=raised_by_class(self, amount))

    def _rules(self) -> list[Replenishment]:
        return [*self.of.values(), *([self.others] if self.others is not None else [])]

    @model_validator(mode="after")
    def _plain(self) -> ReplenishmentByClass:
        refuse_nested(self)
        return self
