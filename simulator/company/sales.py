"""The sales organisation: how it is managed, what it is asked for, how far it pushes."""

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


class SalesForce(Record):
    """A sales organisation with targets by channel; managed by result it pushes at the end of a month, by process it does not."""

    managed: Annotated[
        Literal["process", "result"],
        quantity("choice", "by how it works, or by what it has sold when the month ends: then it pushes"),
    ] = "process"
    targets: Annotated[dict[str, Target], quantity("table", "annual targets by channel", min_length=1)]
    push: Annotated[
        float, quantity("share", "of the next weeks' everyday demand that it can pull forward at most", ge=0, le=1)
    ] = 0.3
    push_days: Annotated[int, quantity("working days", "at the end of a month in which it pushes", ge=1, le=15)] = 5
    window: Annotated[
        int, quantity("working days", "of the next month from which orders are pulled forward", ge=1, le=20)
    ] = 10
    quarter_end: Annotated[float, quantity("factor", "on the push at the end of a quarter", ge=1, le=10)] = 1.5
    discount: Annotated[float, quantity("share", "of the price given for an order pulled forward", ge=0, lt=1)] = 0.05
    alert: Annotated[
        float, quantity("share", "by which sales may lag their target to date before it is said", gt=0, le=1)
    ] = 0.1

    @model_validator(mode="after")
    def _within_the_window(self) -> SalesForce:
        if self.push * self.quarter_end > 1:
            raise ValueError(
                msg(
                    "{entry} is {push} and quarter_end {quarter_end}; their product is the share pulled forward "
                    "at the end of a quarter and must be at most 1",
                    entry="push",
                    push=f"{self.push}",
                    quarter_end=f"{self.quarter_end}",
                )
            )
        return self

    @property
    def pushes(self) -> bool:
        """Tell if it ever pulls orders forward."""
        return self.managed == "result" and self.push > 0
