"""Show planners the drafts of this cycle and the deals in sight."""

from __future__ import annotations

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array
from simulator.world.view.past import Past, Serving, read_only
from simulator.world.view.view import View


class Desk(View):
    """The company as its planners see it while they plan: the drafts of this cycle lie before them."""

    @property
    def forecast(self) -> Array:
        """The forecast of this cycle, (months ahead, products, lanes)."""
        return read_only(self._firm.plans.forecast[self.month])

    @property
    def demand_plan(self) -> Array:
        """The demand plan of this cycle, (months ahead, products, lanes)."""
        return read_only(self._firm.plans.demand[self.month])

    @property
    def due_so_far(self) -> Array:
        """Sum what has fallen due since the month began, (products, lanes)."""
        start, due = int(self.days.month_start[self.month]), self._firm.ledger.book["due"]
        return np.asarray(due[start : self.today].sum(axis=(0, 1)))

    @property
    def share_over(self) -> float:
        """Return the share of this month's working days that is over."""
        return 1.0 - self.share_left_of_month()

    @property
    def demand_to_come(self) -> Array:
        """The demand plan of this cycle, the current month at the pace of what is left of it: (months ahead, products, lanes).

        What is signed for the rest of the month comes. Of the rest of the plan that part has fallen due that by experience does so
        by now (`front_load`); before there is any, the part of the working days, and what is signed is the least that comes.
        """
        plan, left, early = self.demand_plan, self.share_left_of_month(), self._firm.front_load()
        signed = self.signed_ahead[0]
        if early is None:
            rest = np.maximum(left * plan[0], signed)
        else:
            rest = signed + np.maximum(1.0 - early * self.share_over, 0.0) * np.maximum(plan[0] - signed, 0.0)
        paced = plan.copy()
        paced[0] = rest / max(left, TINY)
        return paced

    @property
    def production_plan(self) -> Array:
        """The production plan of this cycle, (months ahead, families, lanes)."""
        return read_only(self._firm.plans.production[self.month])

    @property
    def safety_stock(self) -> Array:
        """The safety stock of this cycle, (items, lanes)."""
        return read_only(self._firm.plans.safety_stock[self.month])

    @property
    def production_in_force(self) -> Array:
        """Return the production plan in force until this cycle is decided, (months ahead, families, lanes)."""
        return super().production_plan

    @property
    def frames_ahead(self) -> Array:
        """Signed under frame contracts and not called off, by month due as agreed, (months ahead, products, lanes)."""
        return self._firm.deals_ahead("frames")

    @property
    def frames_expected(self) -> Array:
        """Signed under frame contracts and not called off, by month in which experience lets it fall due."""
        held, record = self.frames_ahead, self._firm.call_offs
        return held if record is None else record.expected(held)

    @property
    def projects_ahead(self) -> Array:
        """Deals in sight at full quantity, by month expected due, (months ahead, products, lanes)."""
        return self._firm.deals_ahead("projects")

    @property
    def weighted_projects_ahead(self) -> Array:
        """Deals in sight times their stated probability, by month expected due, (months ahead, products, lanes)."""
        return self._firm.deals_ahead("weighted")

    @property
    def visible_share(self) -> Array:
        """Return the share of a month's demand in sight the given months before, by experience: (months ahead, products, lanes)."""
        return self._firm.visible_share()

    def signings_past(self) -> Past:
        """Past signatures by month, as demand is kept."""
        return self._firm.past_to(self.month, signed=True)

    @property
    def shipped_to_signed(self) -> Array:
        """Return the last year's demand due over the demand signed in it, (products, lanes)."""
        return self._firm.shipped_to_signed()

    @property
    def budget(self) -> Array:
        """The business plan of the months ahead, (months ahead, products, lanes)."""
        return read_only(self._firm.plans.budget[self.month : self.month + HORIZON])

    @property
    def orders_a_month(self) -> Array:
        """Estimate the orders a month for each item from the months without any, (items, lanes); infinite if all had some."""
        return self._firm.orders_a_month()

    @property
    def serving(self) -> Serving:
        """Describe the replenishment of every item under the policy."""
        return self._firm.policy.serving(self)

    @property
    def receipts_by_month(self) -> Array:
        """Scheduled receipts that planners expect by the end of each month ahead, (months ahead, items, lanes)."""
        firm = self._firm
        if firm.due_by_month[0] != self.today:
            ends = self.days.month_start[self.month + 1 : self.month + 1 + HORIZON] - self.today
            firm.due_by_month = self.today, read_only(self.receipts_before(ends))
        return firm.due_by_month[1]

    @property
    def note(self) -> dict[str, Array]:
        """Tables that a rule keeps with this cycle's documents: note[name] = array."""
        return self._firm.cycle_notes
