"""Keep the company's past and tell it to planners."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from simulator.company import Company, Days
from simulator.company.market import Outlook
from simulator.kernel.lanes import TINY, total
from simulator.kernel.ledger import Ledger
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array
from simulator.world.call_offs import CallOffs
from simulator.world.network import Network
from simulator.world.view import Accuracy, MarketNews, Past, read_only

SNAPSHOTS = 24
"""Forecasts that the error is measured on: the last two years."""


class Archive:
    """Demand, signatures and forecasts by month, kept as they came; the months before the first day count first.

    A month in which nobody worked has no rate and no error: it is left out of all that is learnt from the past.
    """

    company: Company
    network: Network
    calendar: Days
    market: Outlook | None
    lanes: int
    past_months: int
    long: Days  # from the first month of the past on
    demand_by_month: Array  # (months, products, lanes)
    signed_by_month: Array
    snapshots: list[tuple[int, Array]]  # forecasts by the month in which they were made
    stages: dict[str, list[tuple[int, Array]]]  # a month ahead, by stage of the forecast
    seen: list[tuple[int, Array]]  # what was in sight at each cycle, by month due
    begun_months: list[tuple[int, float, Array, Array]]
    """Months on the morning of their supply plan: number, share of working days over, signed for the rest, fallen due."""
    falling_due: Array  # (days ahead, segments, products, lanes)
    deals: dict[str, Array]
    call_offs: CallOffs | None = None  # where there are frame contracts
    ledger: Ledger
    learnt: dict[int, object]  # by rules that go on from what they learnt before
    square_errors: tuple[int, dict[int, Array]] = (-1, {})  # by months, as of a day
    use_by_month: Array | None = None  # a day of each month before the first day, (months, items, lanes)

    @property
    def today(self) -> int:
        """The number of the current day: the page at which the books are open."""
        return self.ledger.day

    def past_to(self, month: int, signed: bool = False) -> Past:
        """Demand (or signatures) of all months before this one of the run; negative months lie before its first day."""
        known = self.past_months + month
        worked, seasons = self.long.worked, self.long.month_of_year
        ahead, told = slice(known, known + HORIZON), self._told(month)
        open_in = np.flatnonzero(worked[:known])
        rates = (self.signed_by_month if signed else self.demand_by_month)[open_in] / worked[open_in, None, None]
        if told is not None:
            told = replace(told, past=read_only(told.past[open_in]))
        return Past(
            read_only(rates),
            read_only(seasons[open_in]),
            read_only(seasons[ahead]),
            read_only(worked[ahead]),
            told=told,
            numbers=read_only(open_in),
            until=known,
            carried=self.learnt,
        )

    def use_before(self, days: int) -> Array:
        """Return demand a day in the given days before the first, the latest last, as far as the past is known: (days, items, lanes).

        A month's demand is spread evenly over its days, bills are exploded.
        """
        if not days or not self.past_months:
            return np.zeros((0, len(self.network.names), self.lanes))
        if self.use_by_month is None:
            length = self.long.lengths[: self.past_months, None, None]
            daily = self.demand_by_month[: self.past_months] / length
            self.use_by_month = np.stack([self.network.total_use.flow(month) for month in daily])
        end = int(self.long.month_start[self.past_months])
        return np.asarray(self.use_by_month[self.long.month[max(end - days, 0) : end]])

    def _told(self, month: int) -> MarketNews | None:
        """Return the market news told to planners: none before the first day, or if nothing ever happens."""
        if self.market is None or month < 0:
            return None
        course, new = self.market.told(self.today), self.market.known_new(self.today)
        before = np.repeat(np.where(new, 0.0, 1.0)[None], self.past_months, axis=0)
        past = np.concatenate([before, course[:month]])[:, :, None]
        a_day = self.market.expected / self.company.calendar.days_a_month
        return MarketNews(read_only(course[month : month + HORIZON, :, None]), read_only(past), read_only(a_day))

    def mean_square_error(self, months: int) -> Array:
        """Of forecasts as they were made, summed over their first months, against what came: (products, lanes)."""
        if self.square_errors[0] != self.today:
            self.square_errors = self.today, {}
        found = self.square_errors[1]
        if months not in found:
            found[months] = read_only(self._square_error(months))
        return found[months]

    def _square_error(self, months: int) -> Array:
        known = self.past_months + int(self.calendar.month[self.today])
        over = [(made, forecast) for made, forecast in self.snapshots if made + months <= known]
        over = self._told_by(over, months)[-SNAPSHOTS:]
        if not over:  # before any forecast can be held against what came: the past's own spread
            past = self.demand_by_month[np.flatnonzero(self.long.worked[:known])]
            spread = np.var(past, axis=0, ddof=0) if len(past) else np.zeros(self.demand_by_month.shape[1:])
            return np.asarray(months * spread)
        square = np.zeros(self.demand_by_month.shape[1:])
        for made, forecast in over:
            square += np.square(total(forecast[:months]) - total(self.demand_by_month[made : made + months]))
        return np.asarray(square / self._telling([made for made, _ in over]))

    def orders_a_month(self) -> Array:
        """Estimate the orders a month for each item, if they come at random: of its months on sale a share of exp(-orders) has none.

        (items, lanes); without end where every month had some, or none is known.
        """
        known = self.past_months + int(self.calendar.month[self.today])
        worked = np.flatnonzero(np.diff(self.long.worked_so_far[self.long.month_start[: known + 1]]))
        used = np.stack([self.network.total_use.flow(self.demand_by_month[month]) for month in worked] or [np.ones(())])
        idle, months = (used <= 0).sum(axis=0), len(worked)
        share = np.clip(idle / max(months, 1), 0.5 / max(months, 1), 1 - 0.5 / max(months, 1))
        return np.where(idle > 0, -np.log(share), np.inf) + np.zeros((len(self.network.names), self.lanes))

    def _told_by(self, made: list[tuple[int, Array]], months: int) -> list[tuple[int, Array]]:
        """Forecasts whose first months tell of an error: all of them worked, or, where no such span has ended, any of them."""
        open_in = self.long.worked > 0
        whole = [one for one in made if open_in[one[0] : one[0] + months].all()]
        return whole or [one for one in made if open_in[one[0] : one[0] + months].any()]

    def _telling(self, made: list[int]) -> Array | int:
        """Count the forecasts that say something of a product's error: of a new one those since its launch, (products, 1)."""
        if self.market is None:
            return len(made)
        launched = self.past_months + self.market.launched
        return np.asarray(np.maximum((np.array(made)[:, None] >= launched).sum(axis=0), 1.0)[:, None])

    def order_book_by_month(self) -> Array:
        """Orders signed and not yet due, by the month in which they fall due: (months ahead, products, lanes)."""
        book, due, first = np.zeros((HORIZON, len(self.network.products), self.lanes)), self.falling_due, self.today
        days = first + np.arange(len(due))
        months = self.calendar.month[np.minimum(days, self.calendar.count - 1)] - self.calendar.month[first]
        edges = np.searchsorted(months, np.arange(HORIZON + 1)).tolist()
        for month, (begin, end) in enumerate(pairwise(edges)):
            page, over = (first + begin) % len(due), (first + begin) % len(due) + end - begin - len(due)
            pages = due[page : page + end - begin] if over <= 0 else np.concatenate([due[page:], due[:over]])
            book[month] = total(np.add.reduce(pages, axis=1))
        return book

    def deals_ahead(self, kind: str) -> Array:
        """Frames or deals by month due, this month first; what is overdue counts as due now: (months ahead, products, lanes)."""
        month = int(self.calendar.month[self.today])
        if not self.deals:
            return np.zeros((HORIZON, *self.demand_by_month.shape[1:]))
        ahead = self.deals[kind][month : month + HORIZON].copy()
        ahead[0] += total(self.deals[kind][:month])
        return np.maximum(ahead, 0.0)

    def visible_share(self) -> Array:
        """Return the share of a month's demand in sight some months before: ratios of sums over the cycles that are over."""
        known = self.past_months + int(self.calendar.month[self.today])
        share = np.zeros((HORIZON, *self.demand_by_month.shape[1:]))
        for ahead in range(HORIZON):
            over = [(made, seen) for made, seen in self.seen if made + ahead < known][-SNAPSHOTS:]
            if over:
                seen_then = total(np.stack([seen[ahead] for _, seen in over]))
                came = total(np.stack([self.demand_by_month[made + ahead] for made, _ in over]))
                share[ahead] = np.minimum(seen_then / np.maximum(came, TINY), 1.0)
        return share

    def front_load(self) -> Array | None:
        """Tell how much sooner than evenly months fall due: what had by their supply plans, over that of even working days.

        Of the demand that is not signed by then for the rest of the month: ratios of sums over the cycles that are over, all
        products together at list price, (1, lanes). None before any is.
        """
        known = self.past_months + int(self.calendar.month[self.today])
        over = [begun for begun in self.begun_months if begun[0] < known and begun[1] > 0][-SNAPSHOTS:]
        if not over:
            return None
        price, demand = self.network.price, self.demand_by_month
        even = total(np.stack([share * (demand[month] - signed) * price for month, share, signed, _ in over])).sum(
            axis=0
        )
        came = total(np.stack([due * price for *_, due in over])).sum(axis=0)
        return np.where(even > TINY, came / np.maximum(even, TINY), 1.0)[None]

    def shipped_to_signed(self) -> Array:
        """Due over signed in the last twelve months, 1 where nothing was signed: (products, lanes)."""
        known = self.past_months + int(self.calendar.month[self.today])
        due, signed = (
            total(table[max(0, known - 12) : known]) for table in (self.demand_by_month, self.signed_by_month)
        )
        return np.where(signed > TINY, due / np.maximum(signed, TINY), 1.0)

    def records(self) -> dict[str, Accuracy]:
        """Return the accuracy of each stage of the forecast over the last year's months, a month ahead."""
        known = self.past_months + int(self.calendar.month[self.today])
        found = {}
        for stage, made in self.stages.items():
            over = [(month, forecast) for month, forecast in made if month < known and self.long.worked[month]][-12:]
            if over:
                forecast, actual = np.stack([f for _, f in over]), np.stack([self.demand_by_month[m] for m, _ in over])
                found[stage] = Accuracy(len(over), total(forecast), total(actual), total(np.square(forecast - actual)))
        return found
