"""The register of actions: what each department does of what the meetings ask, and what follows on floor, forecast and orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.lanes import TINY, total
from simulator.kernel.plans import EXPRESS
from simulator.kernel.units import Array, Mask
from simulator.planning.discipline import DONE, LATE
from simulator.theory.tracking import ALARM, WINDOW, beyond_luck, tracking_signals
from simulator.world.luck.weather import ACTION_OWNERS

if TYPE_CHECKING:
    from simulator.engine.firm import Firm

_DEMAND_MANAGEMENT, _PRODUCTION, _PURCHASING = ACTION_OWNERS

STATUS = "actions by owner"
"""The table of what became of the actions that a meeting raised: done in time, late or dropped; (owners, lanes)."""

RAISED = "actions raised"
"""The table that marks the owners whose actions of a meeting change something, (owners, lanes)."""

NEVER = 1 << 40
"""A day that does not come."""


class Register:
    """Actions by owner: overtime that is staffed, forecasts that are corrected, parts that come express."""

    def __init__(self, firm: Firm) -> None:
        self.firm, self.rule = firm, firm.policy.discipline
        families = (len(firm.network.families), firm.lanes)
        self.factor: Array = np.ones(families)  # on the forecast
        self.asked: Array = np.full(families, np.nan)  # the factor that the last meeting asked for
        self.postponed: Array = np.full(families, np.nan)  # the factor that is done late, for the cycle after
        self.staffed_from = np.zeros(firm.lanes)
        self.express_from = np.full(firm.lanes, float(NEVER))
        self.to_come_express: Array = np.zeros(
            (len(firm.network.bought), firm.lanes)
        )  # asked for and not yet on its way

    # --- the meeting ---

    def raise_actions(self, month: int) -> None:
        """Note the actions of the executive meeting, and by luck what will become of them."""
        firm, plans = self.firm, self.firm.plans
        raised = np.zeros((len(ACTION_OWNERS), firm.lanes))
        raised[ACTION_OWNERS.index(_PRODUCTION)] = (plans.overtime[month] > TINY).any(axis=(0, 1))
        if EXPRESS in plans.tables:
            raised[ACTION_OWNERS.index(_PURCHASING)] = (plans.tables[EXPRESS][month] > TINY).any(axis=0)
        if firm.policy.corrects_bias:
            self.asked = self._without_bias()
            raised[ACTION_OWNERS.index(_DEMAND_MANAGEMENT)] = np.isfinite(self.asked).any(axis=0)
        plans.table(RAISED, raised.shape)[month] = raised
        plans.table(STATUS, raised.shape)[month] = self.rule.status(firm.weather.follow_up[month])

    def _status(self, month: int, owner: str) -> Array:
        return np.asarray(self.firm.plans.tables[STATUS][month, ACTION_OWNERS.index(owner)])

    # --- the floor ---

    def take_effect(self, month: int, where: Mask) -> None:
        """Staff the overtime of a plan, and ask for its express deliveries, from the day on which it is in force, later, or never."""
        wanted = self.firm.plans.tables.get(EXPRESS)
        if wanted is not None:
            np.copyto(self.to_come_express, np.nan_to_num(wanted[month]), where=where)
            self.express_from = np.where(where, self._begins(month, _PURCHASING), self.express_from)
        if not self.rule.is_full:
            self.staffed_from = np.where(where, self._begins(month, _PRODUCTION), self.staffed_from)

    def _begins(self, month: int, owner: str) -> Array:
        """The day on which an owner does the actions of a meeting whose plan is in force today, (lanes,); the first at once."""
        firm = self.firm
        if self.rule.is_full or month == firm.plans.made_in[0]:
            return np.full(firm.lanes, float(firm.today))
        late = firm.calendar.working_days_from(firm.today, self.rule.late_days)
        status = self._status(month, owner)
        return np.select([status == DONE, status == LATE], [float(firm.today), float(late)], float(NEVER))

    @property
    def express_today(self) -> Array | None:
        """Bought items that purchasing asks to come express today, (bought items, lanes); None for nothing."""
        if not self.to_come_express.any():
            return None
        return np.where(self.firm.today >= self.express_from, self.to_come_express, 0.0)

    @property
    def is_staffed(self) -> Array | float:
        """Return 1 where the authorised overtime is staffed today, else 0: (lanes,)."""
        return 1.0 if self.rule.is_full else (self.firm.today >= self.staffed_from).astype(np.float64)

    def sent_express(self, units: Array) -> None:
        """Take what was ordered express tonight, (bought items, lanes), off what is asked for."""
        self.to_come_express = np.maximum(self.to_come_express - units, 0.0)

    # --- the forecast ---

    def correct(self, month: int) -> None:
        """Correct the forecast of a month's cycle by what its demand managers have taken up since the last meeting."""
        firm, plans = self.firm, self.firm.plans
        if not firm.policy.corrects_bias:
            return
        if plans.made_in:
            status = self._status(plans.made_in[-1], _DEMAND_MANAGEMENT)
            for done in (self.postponed, np.where(status == DONE, self.asked, np.nan)):
                self.factor = np.where(np.isfinite(done), done, self.factor)
            self.postponed = np.where(status == LATE, self.asked, np.nan)  # comes too late for this cycle
        plans.forecast[month] *= self.factor[firm.network.family_of]

    def _without_bias(self) -> Array:
        """The factor that takes the bias out of forecasts as they were before any correction, as far as it is more than luck.

        Not a number without an alarm.
        """
        firm = self.firm
        known = firm.past_months + firm.desk.month
        over = [
            (month, forecast)
            for month, forecast in firm.stages.get("final", [])
            if month < known and firm.long.worked[month]
        ][-WINDOW:]
        if not over:
            return np.full_like(self.factor, np.nan)
        months = [month for month, _ in over]
        by_family = firm.network.by_family
        actual = by_family(np.stack([firm.demand_by_month[month] for month in months]))
        agreed = by_family(np.stack([forecast for _, forecast in over]))
        plain = dict(firm.stages["uncorrected"])
        before = by_family(np.stack([plain[month] for month in months]))
        signal = tracking_signals(agreed - actual)[-1]
        told = beyond_luck(tracking_signals(before - actual)[-1], len(over))
        came, said = total(actual), total(before)
        right = 1.0 - told * (said - came) / np.maximum(said, TINY)
        return np.where((np.abs(signal) > ALARM) & (said > TINY) & (came > TINY), right, np.nan)
