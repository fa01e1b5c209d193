"""Work out the cost of a family's plan from the scenario's own rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.kernel.lanes import total
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import DAYS_A_MONTH, Array, PolicyError
from simulator.world.view import Desk


@dataclass(frozen=True)
class FamilyCosts:
    """Money for a unit of each family, (families, 1 or lanes)."""

    unit: Array  # standard cost
    holding: Array  # a unit held beyond safety stock for a month
    owed: Array  # a unit owed for a month: the margin that is at stake, and the penalty


def family_costs(view: Desk, mix: Array) -> FamilyCosts:
    """Costs of a family as a mean over its products: `mix` is (months or 1, products, 1 or lanes)."""
    n, finance = view.network, view.finance
    share = total(mix) / len(mix)
    unit, price = (n.by_family(share * figure) for figure in (n.unit_cost[n.sold], n.price))
    owed = np.maximum(price - unit, 0.0) + finance.late_penalty * DAYS_A_MONTH * price
    return FamilyCosts(unit, unit * finance.holding_rate / 12, owed)


def insist(rule: str, cost: Array, families: list[str], what: Message, remedy: Message) -> None:
    """Refuse to optimise without a cost above 0."""
    for family, figure in zip(families, cost, strict=True):
        if not np.min(figure) > 0:
            raise PolicyError(
                msg(
                    "the rule {rule} needs {what} above 0, and family {family} has none; {remedy}",
                    rule=repr(rule),
                    what=what,
                    family=repr(family),
                    remedy=remedy,
                )
            )
