"""Describe the hours of a resource: people who come and go, shifts, machines that fail."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

from pydantic import model_validator

from simulator.company.entries import dotted, dotted_below, not_known
from simulator.company.laws import Law
from simulator.kernel.messages import msg
from simulator.kernel.units import Record, quantity

if TYPE_CHECKING:
    from simulator.company.company import Company
    from simulator.company.items import Resource


class PeopleChange(Record):
    """People who start or leave on a day to come, as it was decided before the first day."""

    on: Annotated[
        dt.date, quantity("date", "on which they start or leave; the first day where that is over", luck=False)
    ]
    heads: Annotated[int, quantity("people", "who start; below zero those who leave", ge=-10_000, le=10_000)]


class People(Record):
    """The people of a resource: how many, what they give and cost, how fast they come and go."""

    heads: Annotated[int, quantity("people", "on the first day", ge=0)]
    hours: Annotated[float, quantity("hours/working day", "regular hours that each gives this resource", gt=0, le=24)]
    wage: Annotated[float, quantity("money/hour", "of a regular hour, worked or idle", ge=0)] = 20.0
    hire_cost: Annotated[float, quantity("money/head", "of hiring and training one", ge=0)] = 0.0
    hire_days: Annotated[int, quantity("days", "from the decision until the new one starts", ge=0, le=365)] = 30
    ramp_days: Annotated[
        int, quantity("days", "from the start until the new one is as fast as the others", ge=0, le=365)
    ] = 0
    starting_productivity: Annotated[
        float, quantity("share", "of the others' hours that the new one gives at first", ge=0, le=1)
    ] = 0.5
    dismiss_cost: Annotated[float, quantity("money/head", "of letting one go", ge=0)] = 0.0
    notice_days: Annotated[int, quantity("days", "from the decision until one leaves", ge=0, le=365)] = 30
    least: Annotated[int, quantity("people", "who always stay", ge=0)] = 1
    most: Annotated[
        int | None, quantity("people", "for whom there is work and room; leave out for as many as the machines take")
    ] = None
    attrition: Annotated[float, quantity("share/year", "who leave of their own will", ge=0, lt=1)] = 0.0
    changes: Annotated[
        tuple[PeopleChange, ...], quantity("list", "people who were hired or told to go before the first day")
    ] = ()

    @model_validator(mode="after")
    def _least_to_most(self) -> People:
        if self.heads < self.least:
            raise ValueError(
                msg(
                    "{entry} is {heads} and least is {least}; there must be at least as many people as always stay",
                    entry="heads",
                    heads=self.heads,
                    least=self.least,
                )
            )
        if self.most is not None and self.most < self.heads:
            raise ValueError(
                msg(
                    "{entry} is {heads} and most is {most}; there cannot be more people than there is work for",
                    entry="heads",
                    heads=self.heads,
                    most=self.most,
                )
            )
        return self


class Failures(Record):
    """Machines that fail by chance and are repaired; of those hours that availability leaves."""

    machines: Annotated[int, quantity("machines", "alike and side by side; each fails by itself", ge=1, le=100)] = 1
    time_to_failure: Annotated[float, quantity("hours", "mean time that one runs until it fails; exponential", ge=0.1)]
    repair: Annotated[Law, quantity("hours", "working time until it runs again")]


class Shifts(Record):
    """State the shifts a day in which machines are manned; all give as many hours as the first."""

    now: Annotated[
        int, quantity("shifts", "on the first day; the resource's hours are theirs together", ge=1, le=4)
    ] = 1
    most: Annotated[int, quantity("shifts", "that can be worked", ge=1, le=4)] = 2
    premium: Annotated[
        float, quantity("money/hour", "paid on top of the wage for hours of shifts beyond the first", ge=0)
    ] = 0.0
    notice_days: Annotated[
        int, quantity("days", "from the decision until a shift is opened or closed", ge=0, le=365)
    ] = 30

    @model_validator(mode="after")
    def _now_to_most(self) -> Shifts:
        if self.most < self.now:
            raise ValueError(
                msg(
                    "{entry} is {now} and most is {most}; more shifts are worked than can be",
                    entry="now",
                    now=self.now,
                    most=self.most,
                )
            )
        return self


# --- checks ---


def check_staff(company: Company) -> None:
    """Set-ups are of families that there are and leave hours to work in; a repair takes time; what is made outside is sold."""
    for name, resource in company.resources.items():
        _check_setups(dotted("resources", name, "setups"), resource, company.families)
        if resource.failures and not resource.failures.repair.mean > 0:
            raise ValueError(
                msg(
                    "{entry} has a mean of 0 hours; it must be above 0, or leave failures out",
                    entry=dotted("resources", name, "failures", "repair"),
                )
            )
    for name, component in company.components.items():
        if component.make and component.make.subcontract:
            raise ValueError(
                msg(
                    "{entry} is given; only products can be made outside, take it out",
                    entry=dotted("components", name, "make", "subcontract"),
                )
            )


def _check_setups(where: str, resource: Resource, families: list[str]) -> None:
    for family, hours in resource.setups.items():
        if family not in families:
            raise ValueError(not_known(where, family, msg("a family"), families))
        if not 0 <= hours <= resource.hours:
            raise ValueError(
                msg(
                    "{entry} is {hours} hours; it must be at least 0 and at most the {most} of a day",
                    entry=dotted_below(where, family),
                    hours=f"{hours:g}",
                    most=f"{resource.hours:g}",
                )
            )
