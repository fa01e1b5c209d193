"""The deal pipeline: what is in sight in which stage, what was decided, and how it had been stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.company import Company
from simulator.engine.departments.department import Department
from simulator.kernel.units import Array, Mask, Whole
from simulator.world.luck import Events

if TYPE_CHECKING:
    from simulator.engine.firm import Firm


def stage_names(company: Company) -> list[str]:
    """Stages of all pipelines, in the order in which they first appear."""
    return list(dict.fromkeys(stage.name for deal in company.demand.projects for stage in deal.stages))


class Pipeline(Department):
    """Deals by stage, and the record of what became of them: numbers of deals, on the day of the decision."""

    name = "pipeline"
    memos = {"decided": "products", "won": "products", "stated": "products"}

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Tell if any deal goes through stages."""
        return bool(stage_names(company))

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm)
        n, names = firm.network, stage_names(firm.company)
        self.staged: Mask = np.zeros((len(n.segments), len(n.products)), dtype=bool)
        self.place: Whole = np.zeros(
            (*self.staged.shape, len(names)), dtype=np.int64
        )  # a stream's stage among all names
        for stream in firm.company.demand.projects:
            row = n.segments.index(stream.segment), n.products.index(stream.product)
            self.staged[row] = bool(stream.stages)
            self.place[row][: len(stream.stages)] = [names.index(stage.name) for stage in stream.stages]
        shape = (len(names), len(n.products), firm.lanes)
        self.in_sight: Array = np.zeros(shape)
        self.weighted: Array = np.zeros(shape)  # by the chance that is stated

    def watch(self, news: Events, today: slice, quantity: Array) -> None:
        """Today's news of what is in sight: by stage, in units."""
        rows = self.staged[news.segment[today], news.product[today]]
        s, p, lane, stage, stated = (
            getattr(news, name)[today][rows] for name in ("segment", "product", "lane", "stage", "weight")
        )
        where = (self.place[s, p, stage], p, lane)
        np.add.at(self.in_sight, where, quantity[rows])
        np.add.at(self.weighted, where, quantity[rows] * stated)

    def record(self) -> None:
        """Today's decisions: how many, how many were won, and what had been stated when they came into sight."""
        firm, decisions = self.firm, self.firm.weather.decisions
        today = decisions.on(firm.today)
        count = decisions.quantity[today]
        if firm.customers:
            count = count * firm.customers.come_about(decisions, today)
        count = count * firm.mandates.stands(decisions, today)
        where = (decisions.product[today], decisions.lane[today])
        np.add.at(firm.ledger.memo["decided"][firm.today], where, count)
        np.add.at(firm.ledger.memo["won"][firm.today], where, count * decisions.stage[today])
        np.add.at(firm.ledger.memo["stated"][firm.today], where, count * decisions.weight[today])
