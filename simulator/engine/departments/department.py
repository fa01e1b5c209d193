"""Define a department: a part of the company with a state of its own, in companies that describe it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from simulator.company import Company
from simulator.kernel.clock import Hour
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array

if TYPE_CHECKING:
    from simulator.engine.firm import Firm


def whole_units(firm: Firm, amount: Array, broken: Array) -> Array:
    """Cut an amount to whole units if goods are whole; keep the fraction for the next time."""
    if not firm.company.whole_units:
        return amount
    broken += amount
    whole = np.floor(broken + TINY)
    broken -= whole
    return whole


class Department:
    """A part of the company that has a state of its own; a company that does not describe it has none, and pays nothing."""

    name: ClassVar[str] = ""
    flows: ClassVar[tuple[str, ...]] = ()
    """Flows of the ledger that exist only with this department; all of them are of items."""
    memos: ClassVar[dict[str, str]] = {}
    """What it counts every day, and by which rows: items, products, orders, segments, resources, bought, suppliers, company or
    uncertain (made items whose yield differs)."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Tell whether the company describes it."""
        raise NotImplementedError

    def day(self) -> Iterator[tuple[Hour, Callable[[], None]]]:
        """List its own steps of the day, each with its hour."""
        yield from ()
