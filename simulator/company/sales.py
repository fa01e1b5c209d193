"""The sales team, its deals in stages, and customers who react to how they are served."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from simulator.kernel.messages import msg
from simulator.kernel.units import Record, quantity


class Target(Record):
    """State the sales target of a channel for a year."""

    growth: Annotated[float, quantity("share/year", "more than last year", ge=-0.9, le=5)] = 0.05
    products: Annotated[
        dict[str, float],
        quantity("ratio", "how many times that growth a product is asked for; 1 where it is not named"),
    ] = {}


USUAL_DISCOUNT = 0.05
"""The discount at which what can be pulled forward is stated."""


class SalesForce(Record):
    """A sales organisation with targets by channel; managed by result it pushes at the end of a month, by process it does not."""

    managed: Annotated[
        Literal["process", "result"],
        quantity("choice", "by how it works, or by what it has sold when the month ends: then it pushes"),
    ] = "process"
    targets: Annotated[dict[str, Target], quantity("table", "annual targets by channel", min_length=1)]
    push: Annotated[
        float,
        quantity(
            "share",
            "of the next weeks' everyday demand that it can pull forward at most, at a discount of 5 %",
            ge=0,
            le=1,
        ),
    ] = 0.3
    push_days: Annotated[int, quantity("working days", "at the end of a month in which it pushes", ge=1, le=15)] = 5
    window: Annotated[
        int, quantity("working days", "of the next month from which orders are pulled forward", ge=1, le=20)
    ] = 10
    quarter_end: Annotated[float, quantity("factor", "on the push at the end of a quarter", ge=1, le=10)] = 1.5
    discount: Annotated[float, quantity("share", "of the price given for an order pulled forward", ge=0, lt=1)] = 0.05
    elasticity: Annotated[
        float,
        quantity(
            "ratio",
            "per cent more that it can pull forward for one per cent more discount; 0 where it is no matter",
            ge=0,
            le=5,
        ),
    ] = 0.0
    alert: Annotated[
        float, quantity("share", "by which sales may lag their target to date before it is said", gt=0, le=1)
    ] = 0.1

    mends: Annotated[
        float,
        quantity(
            "share",
            "of the next weeks' everyday orders that customers agree to give earlier, without a discount, once an alert is acted on",
            ge=0,
            le=1,
        ),
    ] = 0.0
    mends_days: Annotated[
        int, quantity("working days", "from an alert until sales managers have acted on it", ge=1, le=15)
    ] = 5

    @model_validator(mode="after")
    def _within_the_window(self) -> SalesForce:
        if self.most_pulled * self.quarter_end > 1:
            raise ValueError(
                msg(
                    "{entry} is {push} at this discount and quarter_end {quarter_end}; their product is the share pulled "
                    "forward at the end of a quarter and must be at most 1",
                    entry="push",
                    push=f"{self.most_pulled:.6g}",
                    quarter_end=f"{self.quarter_end}",
                )
            )
        return self

    @property
    def most_pulled(self) -> float:
        """Share of the next weeks' demand that can be pulled forward at the discount that is given."""
        return float(self.push * (self.discount / USUAL_DISCOUNT) ** self.elasticity)

    @property
    def takes_ahead(self) -> bool:
        """Tell if orders of later days may be given earlier, in a push or after an alert."""
        return self.pushes or self.mends > 0

    @property
    def pushes(self) -> bool:
        """Tell if it ever pulls orders forward."""
        return self.managed == "result" and self.most_pulled > 0


class Marketing(Record):
    """Marketing has a forecast of its own: it knows promotions, listings and prices, and overstates what they do."""

    optimism: Annotated[float, quantity("share", "by which it expects more than it has reason to", ge=-0.9, le=5)] = 0.0
    belief: Annotated[
        float,
        quantity(
            "share",
            "by which it takes promotions, prices and listings to do more than they are planned to do",
            ge=-1,
            le=5,
        ),
    ] = 0.25
    noise: Annotated[
        float, quantity("share", "standard deviation of its error of judgement, by product and month", ge=0, le=2)
    ] = 0.1


# --- deals ---


class Stage(Record):
    """A stage of the pipeline: a deal stays some months in it and then moves on or is lost."""

    name: Annotated[str, quantity("text", "what the stage is called, such as offer")]
    months: Annotated[int, quantity("months", "that a deal is in it, if its date does not slip", ge=1, le=24)]
    passes: Annotated[float, quantity("probability", "that a deal in it really moves on", ge=0, le=1)]
    says: Annotated[
        float,
        quantity(
            "probability", "of winning that the sales team states for a deal in it; planners go by it", ge=0, le=1
        ),
    ]


# --- loyalty ---


class Loyalty(Record):
    """Customers who are served badly order less, and come back slowly."""

    expects: Annotated[
        float, quantity("share", "of what falls due in a month that must be served on the day", gt=0, le=1)
    ] = 0.95
    sensitivity: Annotated[
        float, quantity("ratio", "share of demand that goes, in the end, for a share of service that is missing", ge=0)
    ] = 1.0
    fall: Annotated[
        float, quantity("share/month", "of the way down to where it tends that it goes in a month", gt=0, le=1)
    ] = 0.5
    rise: Annotated[
        float, quantity("share/month", "of the way up to where it tends that it comes back in a month", gt=0, le=1)
    ] = 0.1
    most_lost: Annotated[float, quantity("share", "of demand that can be lost at most", ge=0, le=1)] = 0.5
    customers: Annotated[int, quantity("customers", "in the segment when all are loyal", ge=1)] = 100
