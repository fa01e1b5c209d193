"""The linear program where people can be hired and dismissed: they give the hours, and their wages and moves have a price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.units import Array, Mask
from simulator.planning.supply_plan.program import BY_RESOURCE, Figures, Place, Program

if TYPE_CHECKING:
    from simulator.world.staffing import Staffing


class StaffedProgram(Program):
    """Beside the rows of the plain program: overtime within that of the people there are, and who comes and goes.

    A further column for each month and resource says how many people there are, one how many come, one how many go.
    Resources without people keep the hours they have.
    """

    by_resource = (*BY_RESOURCE, "heads", "hired", "dismissed")

    def __init__(self, days: Array, uses: Mask, staffing: Staffing) -> None:
        self._a_head = np.where(staffing.manned, staffing.a_head, 0.0)[:, 0] * days[:, None]
        self._overtime = staffing.overtime[:, 0]
        self._manned = staffing.manned[:, 0]
        super().__init__(days, uses)

    def _enter(self, days: Array, uses: Mask, put: Place) -> None:
        """People give hours; overtime is a share of them; people are those of the month before, who came, less who went."""
        super()._enter(days, uses, put)
        size = self.months * self.resources
        grid = np.arange(size).reshape(self.months, -1)
        put(self.months * self.families + grid, self._column("heads"), -self._a_head)
        longer, roster = self.rows + grid, self.rows + size + grid
        put(longer, self._column("overtime"), 1.0)
        put(longer, self._column("heads"), -self._a_head * self._overtime)
        put(roster, self._column("heads"), 1.0)
        put(roster[1:], self._column("heads")[:-1], -1.0)
        put(roster, self._column("hired"), -1.0)
        put(roster, self._column("dismissed"), 1.0)
        self.rows += 2 * size

    def _rows(self, f: Figures) -> tuple[Array, Array]:
        """Add rows: overtime within the hours that people work, heads changed by hires, dismissals and moves already decided."""
        least, most = super()._rows(f)
        assert f.people is not None
        lanes = int(f.required.shape[-1])
        moves = np.diff(f.people.settled, axis=0, prepend=0.0).reshape(-1, lanes)
        longer = np.broadcast_to(np.where(self._manned, 0.0, np.inf)[:, None], (self.months, self.resources, lanes))
        longer = longer.reshape(-1, lanes)
        return np.concatenate([least, np.full_like(moves, -np.inf), moves]), np.concatenate([most, longer, moves])

    def _least(self, f: Figures) -> Array:
        """Add limits: the people who always stay."""
        low = super()._least(f)
        assert f.people is not None
        low[self.at["heads"]] = np.minimum(f.people.least, f.people.settled).reshape(-1, low.shape[-1])
        return low

    def _most(self, f: Figures, rescued: bool = False) -> Array:
        """Add limits: people for whom there is work, and the months in which people can be hired or dismissed."""
        high = super()._most(f, rescued)
        assert f.people is not None
        high[self.at["heads"]] = np.maximum(f.people.most, f.people.settled).reshape(-1, high.shape[-1])
        for name, reached in (("hired", f.people.can_come), ("dismissed", f.people.can_go)):
            high[self.at[name]] = np.where(reached & self._manned, np.inf, 0.0).reshape(-1, 1)
        return high
