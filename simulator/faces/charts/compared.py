"""The pictures of a comparison by name, for the command line and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from simulator.faces.charts.causes import lost_by_policy, lost_shares
from simulator.faces.charts.look import LIGHT, Look
from simulator.faces.charts.policies import frontier
from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError
from simulator.results.kpis.lost import LOST_MEASURES

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


class ComparedView:
    """A picture of a comparison: its name, and the measures that it needs beside those asked for."""

    name: ClassVar[str]
    adds: ClassVar[tuple[str, ...]] = ()

    def draw(self, summary: pd.DataFrame, about: str = "", look: Look = LIGHT) -> alt.LayerChart | alt.Chart:
        """The picture of a summary."""
        raise NotImplementedError


class ServiceOverStock(ComparedView):
    """Fill rate over days of stock, a point a policy."""

    name = "frontier"

    def draw(self, summary: pd.DataFrame, about: str = "", look: Look = LIGHT) -> alt.LayerChart | alt.Chart:
        """The picture of a summary."""
        return frontier(summary, about, look)


class LostBecauseOf(ComparedView):
    """Demand that was not served on the day by cause, a bar a policy."""

    name = "lost"
    adds = tuple(LOST_MEASURES.values())

    def draw(self, summary: pd.DataFrame, about: str = "", look: Look = LIGHT) -> alt.LayerChart | alt.Chart:
        """The picture of a summary; raises ScenarioError where nothing was lost."""
        if not lost_shares(summary):
            raise ScenarioError(msg("all demand was served on the day, so there is nothing to draw; leave --chart out"))
        return lost_by_policy(summary, about, look)


COMPARED_VIEWS: dict[str, ComparedView] = {view.name: view for view in (ServiceOverStock(), LostBecauseOf())}
"""All of them, the usual one first."""
