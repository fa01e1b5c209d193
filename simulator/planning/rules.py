"""Define a rule, a frozen record that turns a view into a quantity; one kind for each decision right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from pydantic import BeforeValidator, SerializeAsAny, SerializerFunctionWrapHandler, ValidationError, model_serializer
from pydantic_core import InitErrorDetails

from simulator.company.problems import value_as_written
from simulator.kernel.messages import Message, Text, Value, listed, msg
from simulator.kernel.units import Array, Record, ScenarioError, Whole, nearest
from simulator.planning.buffer import Buffer
from simulator.planning.fit import Misfits
from simulator.world.view import Desk, Past, Serving, View

if TYPE_CHECKING:
    from simulator.company import Company
    from simulator.world.network import Network


OWN = "sop_rules_"
"""What the name of a module begins with that was read from a rules file."""


class Rule(Record):
    """A way of deciding one thing. A subclass that gives its name is known to every policy file."""

    name: ClassVar[str] = ""
    known: ClassVar[dict[str, type[Rule]]] = {}
    kind: ClassVar[str] = "rule"

    def __init_subclass__(cls, name: str = "", kind: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        if kind:
            cls.kind, cls.known = kind, {}
        if name:
            refuse_taken(cls, name)
            cls.name = name
            cls.known[name] = cls

    @model_serializer(mode="wrap")
    def _by_name(self, settings: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A rule is written as a policy file would write it."""
        return {"rule": self.name or type(self).__name__, **settings(self)}

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Take the class arguments that are this class's own."""

    def cost_note(self, network: Network, cycles: int) -> Message | None:
        """Say what a number of monthly cycles will cost, if the rule is slow; asked before a run starts."""
        return None

    def misfits(self, company: Company, mine: Sequence[str]) -> Misfits:
        """Tell what of the rule does not fit the company, where it decides on the items `mine`; a sentence each."""
        yield from ()


def rights() -> list[type[Rule]]:
    """List the decision rights, by the class that every rule for one is built on."""
    return [right for right in Rule.__subclasses__() if "known" in vars(right)]


def shipped(rule: type[Rule]) -> bool:
    """Tell whether a rule comes with the product."""
    return rule.__module__.partition(".")[0] == "simulator"


def refuse_taken(rule: type[Rule], name: str) -> None:
    """Refuse a name that belongs to a shipped rule, or to a rule of another rules file."""
    other = rule.known.get(name)
    if other is None or other.__module__ == rule.__module__:
        return
    if shipped(other):
        raise ScenarioError(
            msg("the {right} rule {name} comes with the product; give yours another name", right=rule.kind, name=name)
        )
    if other.__module__.startswith(OWN) and rule.__module__.startswith(OWN):
        raise ScenarioError(
            msg("another rules file has a {right} rule {name} too; rename one of them", right=rule.kind, name=name)
        )


def no_buffer(rule: Rule) -> ScenarioError:
    """Refuse to raise or lower what a rule holds that does not say how."""
    return ScenarioError(
        msg(
            "the {right} rule {name} does not say what its buffer is, so that it cannot be brought to a service; give it "
            "the methods buffer and with_buffer, or compare it as it is",
            right=msg(rule.kind),
            name=repr(rule.name or type(rule).__name__),
        )
    )


class Forecast(Rule, kind="forecast"):
    """Forecast demand from past demand: (months ahead, products, lanes)."""

    def __call__(self, past: Past) -> Array:
        raise NotImplementedError

    def stages(self, past: Past) -> dict[str, Array]:
        """The forecasts that this one is made from, by name, for the record of how each does."""
        return {}

    def backcast(self, past: Past) -> Array:
        """Forecast as it would have been before the first day, when only demand is known."""
        return self(past)


class DemandPlan(Rule, kind="demand plan"):
    """The unconstrained demand by product and month: (months ahead, products, lanes)."""

    def __call__(self, view: Desk) -> Array:
        raise NotImplementedError


class SafetyStock(Rule, kind="safety stock"):
    """Stock held against error: (items, lanes)."""

    @property
    def goes_below_zero(self) -> bool:
        """Tell if stock may be planned to run short between receipts."""
        return False

    def buffer(self) -> Buffer | None:
        """Say how much is held beyond expected use, on a scale of the rule's own; None where nothing can be held."""
        raise no_buffer(self)

    def with_buffer(self, amount: float) -> SafetyStock:
        """Return the rule with so much on that scale."""
        raise no_buffer(self)

    def __call__(self, view: Desk, interval: Array) -> Array:
        raise NotImplementedError


class SupplyPlan(Rule, kind="supply plan"):
    """Plan each family's production: (months ahead, families, lanes)."""

    def __call__(self, view: Desk) -> Array:
        raise NotImplementedError


class Classes(Rule, kind="classes"):
    """Sort items into classes, for rules that decide by class: the class's name by item."""

    def names(self, company: Company) -> list[str]:
        """The classes that there are."""
        raise NotImplementedError

    def __call__(self, company: Company, network: Network) -> Mapping[str, str]:
        raise NotImplementedError


class Allocation(Rule, kind="allocation"):
    """Allocate available stock to the orders of segments: (segments, products, lanes)."""

    by_rank: ClassVar[bool] = False

    def asks_for_plans(self) -> bool:
        """Tell if it reads what a planning cycle decides."""
        return False

    def __call__(self, view: View, wanted: Array, available: Array) -> Array:
        raise NotImplementedError


Plan = (
    tuple[Text, Array, Array] | tuple[Text, Array, Array, Array | None] | tuple[Text, Array, Array, Array | None, Array]
)
"""An option: its name, production (months ahead, families, lanes), overtime (months ahead, resources, lanes) in hours a
working day, what subcontractors make, as production, where they are asked, and what suppliers are to deliver express, (bought
items, lanes)."""


class CapacityCheck(Rule, kind="capacity check"):
    """Turn a plan into feasible options, each a production plan and the overtime that it takes."""

    def __call__(self, view: Desk) -> list[Plan]:
        raise NotImplementedError


class ShortageRule(Rule, kind="shortage"):
    """Decide on safety stock in a shortage: (items, lanes)."""

    def __call__(self, view: Desk, shortage: Array) -> Array:
        raise NotImplementedError


class Workforce(Rule, kind="workforce"):
    """Hours a working day that people are to give, for the hours that each month of a plan still takes: (months ahead, resources, lanes).

    None keeps as many people as on the first day; only companies that describe people ask.
    """

    changes: ClassVar[bool] = True  # whether anybody is ever hired or dismissed for the plan's sake

    def __call__(self, view: Desk, hours: Array) -> Array | None:
        raise NotImplementedError


class Usage(Rule, kind="usage"):
    """Estimate the use of an item a day: (items, lanes)."""

    looks_back: ClassVar[bool] = True  # at what was asked for lately, tonight's releases among it

    def __call__(self, view: View) -> Array:
        raise NotImplementedError


class Sourcing(Rule, kind="sourcing"):
    """Rank the sources of an item that can be bought from several: a figure by source, the lowest first, (sources, 1 or lanes)."""

    def __call__(self, view: View) -> Array:
        raise NotImplementedError

    def shares(self, view: View) -> Array:
        """Of the next order of each item, what is expected to go to each source: all to who is asked first."""
        n, figure = view.network.sources, self(view)
        first = figure == np.minimum.reduceat(figure, n.first, axis=0)[n.item]
        return np.asarray(first / n.by_item(first * 1.0)[n.item])


class Expediting(Rule, kind="expediting"):
    """Choose the part of tonight's orders that goes express: (bought items, lanes) both; None for nothing."""

    def __call__(self, view: View, ordered: Array) -> Array | None:
        raise NotImplementedError

    def asks_for_plans(self) -> bool:
        """Tell if the rule reads what the monthly cycle writes."""
        return False


class Replenishment(Rule, kind="replenishment"):
    """Release what to make or buy tonight of some items, None on an evening without a decision: (rows, lanes).

    `released` holds what was decided tonight for the items above; a rule that `replaces` takes back
    what the floor has not started.
    """

    replaces: ClassVar[bool] = False
    weekly: ClassVar[bool] = False  # decides on the days of weekly planning only

    def review(self, cycle: int) -> int:
        """Return the days from one decision to the next, given those of the planning cycle."""
        return 1

    def asks_for_plans(self, items: list[str]) -> bool:
        """Tell if the rule reads what the monthly cycle writes."""
        return True

    def reviews(self, view: Desk, cycle: int) -> Array:
        """Return the review interval of every item, (items, 1)."""
        return np.full_like(view.network.lead_time, self.review(cycle))

    def serving(self, view: Desk, cycle: int) -> Serving:
        """Describe the replenishment of every item as safety stock needs it: up to a level unless a rule says otherwise."""
        days = self.reviews(view, cycle)
        nothing, none = np.zeros_like(days), np.zeros((1, *days.shape))
        before = view.network.lead_time - 1
        return Serving(days, before, before + days, nothing, nothing, nothing, np.ones_like(days), none, none)

    def buffer(self) -> Buffer | None:
        """Say how much the rule itself holds beyond expected use, on a scale of its own; None where that is safety stock alone."""
        raise no_buffer(self)

    def with_buffer(self, amount: float) -> Replenishment:
        """Return the rule with so much on that scale."""
        raise no_buffer(self)

    def __call__(self, view: View, rows: Whole, released: Array) -> Array | None:
        raise NotImplementedError


def rule_by_name(kind: type[Rule], optional: bool = False) -> Any:
    """A validator that turns {rule = "name", ...} into the rule of that name; an optional one may be left out."""

    def choose(entry: object) -> object:
        if isinstance(entry, Rule) or (optional and entry is None):
            return entry
        if isinstance(entry, str):
            entry = {"rule": entry}
        if not isinstance(entry, dict):
            value, first = value_as_written(entry), next(iter(kind.known))
            raise ValueError(
                msg(
                    '{entry} is {value}; it must be a rule, such as {{rule = "{rule}"}}',
                    entry="",
                    value=value,
                    rule=first,
                )
            )
        if not isinstance(entry.get("rule"), str):
            names = listed(kind.known, ", ")
            raise ValueError(msg("{entry} must name a {kind}: {names}", entry="rule", kind=a_rule(kind), names=names))
        name = entry["rule"]
        if name not in kind.known:
            told: dict[str, Value] = {
                "entry": "rule",
                "name": repr(name),
                "kind": a_rule(kind),
                "hint": nearest(name, list(kind.known)),
            }
            raise ValueError(msg("{entry} is {name}, which is no {kind}; {hint}", **told))
        settings = {key: value for key, value in entry.items() if key != "rule"}
        try:
            return kind.known[name].model_validate_json(json.dumps(settings))
        except ValidationError as error:
            raise problems_below(name, error) from None

    return BeforeValidator(choose)


def a_rule(kind: type[Rule]) -> Message:
    """Name a rule by the decision right that it serves."""
    return msg("{right} rule", right=msg(kind.kind))


def problems_below(name: str, error: ValidationError) -> ValidationError:
    """Place the problems below the rule's name, so that the declaration of the entry is found."""
    problems = [
        InitErrorDetails(type=e["type"], loc=(name, *e["loc"]), input=e["input"], ctx=e.get("ctx", {}))
        for e in error.errors(include_url=False)
    ]
    return ValidationError.from_exception_data(error.title, problems, input_type="json")


ChosenForecast = Annotated[SerializeAsAny[Forecast], rule_by_name(Forecast)]
ChosenDemandPlan = Annotated[SerializeAsAny[DemandPlan], rule_by_name(DemandPlan)]
ChosenSafetyStock = Annotated[SerializeAsAny[SafetyStock], rule_by_name(SafetyStock)]
OtherSafetyStock = Annotated[SerializeAsAny[SafetyStock] | None, rule_by_name(SafetyStock, optional=True)]
ChosenClasses = Annotated[SerializeAsAny[Classes], rule_by_name(Classes)]
ChosenSupplyPlan = Annotated[SerializeAsAny[SupplyPlan], rule_by_name(SupplyPlan)]
ChosenCapacityCheck = Annotated[SerializeAsAny[CapacityCheck], rule_by_name(CapacityCheck)]
ChosenShortageRule = Annotated[SerializeAsAny[ShortageRule], rule_by_name(ShortageRule)]
ChosenAllocation = Annotated[SerializeAsAny[Allocation], rule_by_name(Allocation)]
ChosenWorkforce = Annotated[SerializeAsAny[Workforce], rule_by_name(Workforce)]
ChosenUsage = Annotated[SerializeAsAny[Usage], rule_by_name(Usage)]
ChosenSourcing = Annotated[SerializeAsAny[Sourcing], rule_by_name(Sourcing)]
ChosenExpediting = Annotated[SerializeAsAny[Expediting], rule_by_name(Expediting)]
ChosenReplenishment = Annotated[SerializeAsAny[Replenishment], rule_by_name(Replenishment)]
OtherReplenishment = Annotated[SerializeAsAny[Replenishment] | None, rule_by_name(Replenishment, optional=True)]
