"""The cost of late delivery as the company will bear it: penalties by contract, orders and customers lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.company.market import segment_mix
from simulator.kernel import lanes
from simulator.kernel.lanes import TINY, total
from simulator.kernel.units import Array

if TYPE_CHECKING:
    from simulator.company import Company
    from simulator.world.network import Network

MONTHS_TO_WIN_BACK = 12
"""Months for which the margin of a lost customer is counted at most."""


class LateCost:
    """Deductions, cancelled orders and lost customers where deliveries are late, segment by segment in the order of their ranks."""

    def __init__(self, company: Company, network: Network, ranked: bool) -> None:
        """A backlog falls on the last in rank first, or on all alike."""
        segments = [company.segments[name] for name in network.segments]
        self.network, self.serve = network, lanes.ranked if ranked else lanes.ration
        self.share = segment_mix(company, network.segments)[..., None]
        self.penalty = np.array([company.penalty(name) for name in network.segments])[:, None, None]
        self.cancels = np.array([s.patience is not None for s in segments])[:, None, None]
        self.patience = np.array([float(s.patience or 0) for s in segments])[:, None, None]
        loyal = [s.loyalty for s in segments]
        self.expects, self.sensitivity, self.fall, self.most_lost = (
            np.array([getattr(each, name) if each else 0.0 for each in loyal])[:, None]
            for name in ("expects", "sensitivity", "fall", "most_lost")
        )
        self.reacts = bool(self.sensitivity.any())
        self.back = np.array([min(1.0 / each.rise, MONTHS_TO_WIN_BACK) if each else 0.0 for each in loyal])[:, None]

    def __call__(self, opening: Array, owed: Array, demand: Array, days: Array) -> Array:
        """Add up what a backlog costs, (lanes,).

        It is owed at the start, (segments, products, lanes), and at the end of each month, (months, products, lanes), under
        a demand of these months of so many days.
        """
        n = self.network
        margin = n.price - n.unit_cost[n.sold]
        cost, before, gone = np.zeros(owed.shape[-1]), opening, np.zeros_like(opening)
        left = np.zeros((len(self.share), owed.shape[-1]))  # customers, as a share of demand
        due = lost = np.zeros_like(opening)
        for owed_now, asked, length in zip(owed, demand, days, strict=True):
            due = self.share * asked
            if self.reacts:
                cost = cost + (left * (due * margin).sum(axis=1)).sum(axis=0)
            wanted = before + due
            late = wanted - self.serve(wanted, np.maximum(total(wanted) - np.maximum(owed_now - total(gone), 0.0), 0.0))
            if self.cancels.any():
                waiting = due * (self.patience / max(float(length), 1.0))  # what is owed is the newest of what fell due
                lost = np.where(self.cancels, np.maximum(late - waiting, 0.0), 0.0)
            deducted = (before + late) / 2 * (self.penalty * length)
            cost = cost + (deducted * n.price + lost * margin).sum(axis=(0, 1))
            if self.reacts:
                left = left + self.fall * np.maximum(self._turn_away(late, due) - left, 0.0)
            before, gone = late - lost, gone + lost
        return np.asarray(cost + (left * self.back * (due * margin).sum(axis=1)).sum(axis=0))

    def _turn_away(self, late: Array, due: Array) -> Array:
        """The share of each segment's demand that such a service drives away in the end, (segments, lanes)."""
        served = 1.0 - np.minimum(late.sum(axis=1) / np.maximum(due.sum(axis=1), TINY), 1.0)
        return np.asarray(np.minimum(self.sensitivity * np.maximum(self.expects - served, 0.0), self.most_lost))
