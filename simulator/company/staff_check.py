"""People, machines and subcontractors must fit the rest of the company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.company.entries import dotted, dotted_below, not_known
from simulator.kernel.messages import msg

if TYPE_CHECKING:
    from simulator.company.company import Company
    from simulator.company.items import Resource


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
