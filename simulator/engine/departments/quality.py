"""Quality: yields that differ from lot to lot, rework, returns of customers, shelf life."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from simulator.company import Company
from simulator.engine.departments.department import Department, whole_units
from simulator.engine.departments.returns import Sendings
from simulator.engine.departments.shelf_life import Freshness
from simulator.kernel.clock import Hour
from simulator.kernel.lanes import Links
from simulator.kernel.units import Array
from simulator.world.opening import enter

if TYPE_CHECKING:
    from simulator.engine.firm import Firm

FINISHED, FAULTY, REPAIRED, SCRAPPED = range(4)
"""What the inspection of a finished lot says: all its units, those that are bad, those of them that can be repaired,
and how many fewer good ones there are in the end than were expected."""


class Quality(Department):
    """Lots under way with the verdict that awaits them, hours of repair to be worked, and what else can go bad."""

    name = "quality"
    flows = ("scrapped", "returned", "expired")
    memos = {
        "finished": "uncertain", "faulty": "uncertain", "repaired": "uncertain", "rework_hours": "resources", "sent_back": "orders",
    }  # fmt: skip

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Tell if a yield varies, or if something is repaired, comes back or has a shelf life."""
        made = (item.make for item in company.items.values() if item.make)
        return (
            any(make.good_spread or make.rework or make.trouble for make in made)
            or any(item.shelf_life for item in company.items.values())
            or any(segment.returns for segment in company.segments.values())
        )

    def day(self) -> Iterator[tuple[Hour, Callable[[], None]]]:
        """Take in the afternoon what customers send back; take off the shelf in the evening what is past its life."""
        if self.firm.weather.return_days is not None:
            yield Hour.RETURN, self.sendings.take_back
        if self.freshness.rows.size:
            yield Hour.EXPIRE, self.freshness.expire

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm)
        n = firm.network
        self.rows, makes = n.uncertain, [n.items[k].make for k in n.uncertain]
        self.lead_time = n.lead_time[self.rows, 0].astype(np.int64)
        self.repair_time = np.array([make.rework.days if make and make.rework else 0 for make in makes], dtype=np.int64)
        self.repairable = np.array([[make.rework.share if make and make.rework else 0.0] for make in makes])
        self.repair = Links(
            [
                (k, n.resources.index(resource), each)
                for k, make in enumerate(makes)
                for resource, each in (make.rework.hours if make and make.rework else {}).items()
            ],
            len(self.rows),
            len(n.resources),
        )
        self.broken_good, self.broken_repaired = np.zeros((2, len(self.rows), firm.lanes))
        self.verdicts = np.zeros((len(firm.arrivals), len(self.rows), 4, firm.lanes))
        if firm.opening and firm.opening.verdicts is not None:
            enter(self.verdicts, firm.opening.verdicts)
        self.hours_owed = np.zeros((len(n.resources), firm.lanes))
        self.sendings = Sendings(firm)
        self.freshness = Freshness(firm)

    def inspect(self, started: Array, expected: Array) -> Array:
        """Return units of today's lots that are good at once, (items, lanes); planners do not see them before the lot is finished."""
        firm, rows, lots = self.firm, self.rows, np.arange(len(self.rows))
        if not rows.size:
            return expected
        assert firm.weather.yields is not None
        begun = started[rows]
        good = whole_units(firm, begun * firm.weather.yields[firm.today], self.broken_good)
        faulty = begun - good
        repaired = whole_units(firm, faulty * self.repairable, self.broken_repaired)
        finished = firm.today + self.lead_time
        verdict = np.stack([begun, faulty, repaired, expected[rows] - good - repaired], axis=1)
        self.verdicts[finished % len(self.verdicts), lots] += verdict
        firm.arrivals[(finished + self.repair_time) % len(firm.arrivals), rows] += repaired
        at_once = expected.copy()
        at_once[rows] = good
        return at_once

    def take_in(self) -> None:
        """Each morning: the verdict on the lots that were finished, and what of the stock is on its last day."""
        ledger, today = self.firm.ledger, self.verdicts[self.firm.today % len(self.verdicts)]
        if self.rows.size:
            for memo, row in (("finished", FINISHED), ("faulty", FAULTY), ("repaired", REPAIRED)):
                ledger.note(memo, today[:, row])
            ledger.move("scrapped", today[:, SCRAPPED], self.rows)
            self.hours_owed += self.repair.flow(today[:, REPAIRED])
            today[...] = 0.0
        self.freshness.pass_a_day()

    def after_rework(self, hours: Array) -> Array:
        """Hours that repairs leave of today's, (resources, lanes); what they do not find today they take tomorrow."""
        if not self.repair:
            return hours
        worked = np.minimum(self.hours_owed, hours)
        self.hours_owed -= worked
        self.firm.ledger.note("rework_hours", worked)
        self.firm.ledger.note("hours_used", worked)
        return hours - worked
