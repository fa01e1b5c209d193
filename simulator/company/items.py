"""Describe items and resources: products, semi-finished items and components, each made or bought."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from simulator.company.entries import dotted
from simulator.company.events import Launch, PhaseOut
from simulator.company.quality import Rework, Trouble
from simulator.company.staff import Failures, People, Shifts
from simulator.company.supply import Buy
from simulator.kernel.messages import msg
from simulator.kernel.units import Record, quantity


class Subcontract(Record):
    """Made outside: what it costs more, how long it takes, how much of it there is."""

    premium: Annotated[
        float, quantity("share", "of the standard cost that a unit made outside costs more", ge=0, le=10)
    ]
    lead_time: Annotated[int, quantity("days", "from order to stock", ge=1, le=365)] = 30
    most: Annotated[float, quantity("units/month", "most that can be ordered in a month", gt=0)]


# --- items ---


class Make(Record):
    """Made in the company: what goes in, what it takes, how long, how much of it is good."""

    bill: Annotated[
        dict[str, float], quantity("units/unit", "bill of materials: item and units of it in one unit", luck=False)
    ] = {}
    hours: Annotated[
        dict[str, float], quantity("hours/unit", "bill of resources: resource and hours for one unit", luck=False)
    ] = {}
    lead_time: Annotated[
        int,
        quantity(
            "days",
            "from start to stock; started at the end of day t, there at the start of day t + lead time",
            ge=1,
            le=365,
            luck=False,
        ),
    ] = 1
    good: Annotated[float, quantity("share", "yield: good units of those started", gt=0, le=1)] = 1.0
    good_spread: Annotated[
        float,
        quantity("share", "standard deviation of the yield from lot to lot; a lot is what is started in a day", ge=0),
    ] = 0.0
    rework: Annotated[Rework | None, quantity("table", "what of the bad units can be repaired")] = None
    trouble: Annotated[
        tuple[Trouble, ...], quantity("list", "times in which less is good; no planner knows of them")
    ] = ()
    batch: Annotated[
        float, quantity("units", "a release is a multiple of this; 0 for any quantity", ge=0, luck=False)
    ] = 0.0
    subcontract: Annotated[
        Subcontract | None, quantity("table", "who else makes it; leave out where nothing is made outside")
    ] = None

    @model_validator(mode="after")
    def _positive(self) -> Make:
        for table in ("bill", "hours"):
            for name, value in getattr(self, table).items():
                if not 0 < value < float("inf"):
                    raise ValueError(
                        msg("{entry} is {value}; it must be above 0", entry=dotted(table, name), value=f"{value}")
                    )
        if self.good_spread:
            self._check_spread()
        return self

    def _check_spread(self) -> None:
        most = (self.good * (1 - self.good)) ** 0.5
        told = {"entry": "good_spread", "spread": f"{self.good_spread}", "good": f"{self.good}"}
        if not most:
            raise ValueError(
                msg(
                    "{entry} is {spread} and good {good}: lots that are always all good do not differ; lower "
                    "good, or leave good_spread out",
                    **told,
                )
            )
        if self.good_spread >= most:
            raise ValueError(
                msg(
                    "{entry} is {spread} and good {good}; it must be below {most}, the spread of lots that are all good or all bad",
                    **told,
                    most=f"{most:.3g}",
                )
            )

    @property
    def expected_good(self) -> float:
        """Units in stock, in the end, for a unit started: good at once, or repaired."""
        return self.good + (1 - self.good) * self.rework.share if self.rework else self.good

    @property
    def longest(self) -> int:
        """Days from start until the last unit of a lot is in stock, repairs included."""
        return self.lead_time + (self.rework.days if self.rework else 0)


class Item(Record):
    """Something that is stocked: made or bought."""

    unit_cost: Annotated[float, quantity("money/unit", "standard cost, at which stock is valued", ge=0, luck=False)] = (
        0.0
    )
    opening_stock: Annotated[
        float | None,
        quantity(
            "units",
            "on hand at the start of the first day, with nothing on its way but open_purchases; leave out for what a running company holds",
            ge=0,
            luck=False,
        ),
    ] = None
    shelf_life: Annotated[
        int | None,
        quantity("days", "on which it can be used, that of receipt included; leave out for ever", ge=1, le=3_650),
    ] = None
    make: Annotated[Make | None, quantity("table", "how it is made")] = None
    buy: Annotated[Buy | None, quantity("table", "how it is bought")] = None
    note: Annotated[str, quantity("text", "what it is; where its figures come from", luck=False)] = ""

    @model_validator(mode="after")
    def _made_or_bought(self) -> Item:
        if (self.make is None) == (self.buy is None):
            raise ValueError(msg("it needs exactly one of the tables make and buy"))
        return self

    @property
    def least_order(self) -> float:
        """Units that the smallest order or lot puts into stock."""
        if self.make:
            return self.make.batch * self.make.expected_good
        assert self.buy is not None
        return self.buy.least_order


class Product(Item):
    """A stock-keeping unit that customers buy."""

    family: Annotated[str, quantity("name", "the family that S&OP plans it in")] = "all"
    price: Annotated[float, quantity("money/unit", "net price paid by customers", ge=0, luck=False)] = 0.0
    elasticity: Annotated[
        float,
        quantity("ratio", "of demand to price: 1.5 loses 1.5 % of it for each 1 % that is asked more", ge=0, le=10),
    ] = 0.0
    launch: Annotated[Launch | None, quantity("table", "when it comes; leave out if it is there already")] = None
    phase_out: Annotated[PhaseOut | None, quantity("table", "when it goes; leave out if it stays")] = None

    @model_validator(mode="after")
    def _comes_before_it_goes(self) -> Product:
        if self.launch and self.phase_out and self.launch.month >= self.phase_out.month:
            raise ValueError(
                msg(
                    "{entry} is {launch} and phase_out.month {end}; a product must be launched before it is phased out",
                    entry="launch.month",
                    launch=self.launch.month,
                    end=self.phase_out.month,
                )
            )
        return self


class Component(Item):
    """Bought parts and semi-finished items: they go into products."""


class Resource(Record):
    """People and machines that are planned together: a line, a test bay, a shop."""

    hours: Annotated[
        float, quantity("hours/working day", "regular hours of all its stations together", gt=0, luck="failures")
    ]
    availability: Annotated[
        float, quantity("share", "of the regular hours that it really works", gt=0, le=1, luck=False)
    ] = 1.0
    overtime: Annotated[
        float,
        quantity(
            "share",
            "of the regular hours that can be worked in addition, when it is authorised",
            ge=0,
            le=1,
            luck=False,
        ),
    ] = 0.0
    overtime_premium: Annotated[
        float, quantity("money/hour", "cost of an overtime hour beyond what the standard cost holds", ge=0, luck=False)
    ] = 0.0
    hour_cost: Annotated[
        float,
        quantity("money/hour", "cost of a regular hour, worked or idle; the standard cost holds it", ge=0, luck=False),
    ] = 20.0
    change_cost: Annotated[
        float,
        quantity(
            "money/hour",
            "cost of raising or lowering the hours worked in a month by one: hiring, training, notice, new shifts",
            ge=0,
            luck=False,
        ),
    ] = 3.0
    people: Annotated[
        People | None, quantity("table", "who gives the hours; leave out for hours that are always there")
    ] = None
    shifts: Annotated[Shifts | None, quantity("table", "how many there are; leave out for one")] = None
    failures: Annotated[Failures | None, quantity("table", "of its machines; leave out where they never fail")] = None
    setups: Annotated[
        dict[str, float],
        quantity("hours", "by family: lost when it starts on a resource that did not run it the working day before"),
    ] = {}
    note: Annotated[str, quantity("text", "what it is; where its figures come from", luck=False)] = ""


class Supplier(Record):
    """A supplier of components or products."""

    country: Annotated[str, quantity("text", "where the goods come from")] = ""
    route: Annotated[
        str | None, quantity("name", "the lane of transport that its goods take, shared by all who name the same")
    ] = None
    payment_days: Annotated[int, quantity("days", "from delivery until it is paid", ge=0, le=365)] = 0
    note: Annotated[str, quantity("text", "who it is; where its figures come from", luck=False)] = ""
