"""Rank the sources of an item that can be bought from several."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.kernel.units import Array, quantity
from simulator.planning.rules import Sourcing
from simulator.world.view import View


class Shares(Sourcing, name="shares"):
    """Each source has its share over time: tonight's order goes to the one that is furthest behind it."""

    def __call__(self, view: View) -> Array:
        """Rank by units ordered so far over the share; a source without a share comes last."""
        share = view.network.sources.share
        return (view.supply_record.ordered + 1.0) / np.where(share > 0, share, 1e-9)

    def shares(self, view: View) -> Array:
        """As they are meant to be."""
        return view.network.sources.share


class Cheapest(Sourcing, name="cheapest"):
    """The lowest price first."""

    def __call__(self, view: View) -> Array:
        """The price."""
        return view.network.sources.price


class Fastest(Sourcing, name="fastest"):
    """The shortest lead time first, delays that are known included."""

    def __call__(self, view: View) -> Array:
        """The lead time."""
        return view.network.sources.lead_time + view.supply_record.delay


class ByRecord(Sourcing, name="by-record"):
    """The lowest price first, raised by what late and rejected goods cost: the cost-ratio method (Timmerman 1986)."""

    late: Annotated[
        float, quantity("share", "of its price that a unit costs more when it is late", by_lane=True, ge=0, le=10)
    ] = 0.2
    rejected: Annotated[
        float, quantity("share", "of its price that a rejected unit costs", by_lane=True, ge=0, le=10)
    ] = 1.0
    credit: Annotated[
        float, quantity("lots", "of a perfect record that each is credited with before any is known", ge=0, le=100)
    ] = 3.0

    def __call__(self, view: View) -> Array:
        """Price x (1 + late x share that was late + rejected x share that was bad), as experienced so far."""
        n, record = view.network.sources, view.supply_record
        known = record.came + self.credit * np.maximum(np.maximum(n.minimum, n.multiple), 1.0)
        late, bad = record.came - record.on_time, record.rejected
        return np.asarray(n.price * (1 + (self.late * late + self.rejected * bad) / np.maximum(known, 1.0)))
