"""What a department is: a part of the company with a state of its own, in companies that describe it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from simulator.company import Company

if TYPE_CHECKING:
    from simulator.firm import Firm


class Department:
    """A part of the company that has a state of its own; a company that does not describe it has none, and pays nothing."""

    name: ClassVar[str] = ""
    flows: ClassVar[tuple[str, ...]] = ()
    """Flows of the ledger that exist only with this department; all of them are of items."""
    memos: ClassVar[dict[str, str]] = {}
    """What it counts every day, and by which rows: items, products, orders, segments, resources, bought, suppliers or company."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Whether the company describes it."""
        raise NotImplementedError
