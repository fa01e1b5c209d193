"""Draw business that is signed ahead: small contracts, frame contracts with their call-offs, projects that are won or lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from simulator.company import Company, Days, FrameContracts, Projects, SmallContracts
from simulator.company.laws import Constant
from simulator.company.market import Outlook
from simulator.company.today import OpenFrame
from simulator.kernel.units import Array, Mask, Whole
from simulator.world.luck.deal_table import CHANCE, OUTCOME, SLIPS, TEMPER, UNIFORMS_A_DEAL, DealTable, OpenFrameTable
from simulator.world.luck.events import Events, joined_events
from simulator.world.luck.fork import Seed
from simulator.world.network import Network

LOST, WON = 0, 1


@dataclass
class Deals:
    """All that is signed ahead, stream by stream."""

    signings: list[Events] = field(default_factory=list)  # what becomes an order
    frames: list[Events] = field(default_factory=list)  # what frames hold
    projects: list[Events] = field(default_factory=list)  # which deals are in sight
    decisions: list[Events] = field(default_factory=list)  # of deals that go through stages
    temper: Array = field(default_factory=lambda: np.zeros(0))  # by deal, uniform


def deals(
    company: Company,
    network: Network,
    days: Days,
    history: int,
    seed: Seed,
    replications: Sequence[int],
    market: Outlook | None,
) -> Deals:
    """All that is signed ahead in these replications; every deal has a number of its own."""
    found = Deals()

    def table(stream: SmallContracts | FrameContracts | Projects) -> DealTable:
        mine = DealTable(company, network, days, history, stream, seed, replications, market)
        mine.number += len(found.temper)
        found.temper = np.concatenate([found.temper, mine.u[:, TEMPER]])
        return mine

    found.signings.extend(small_contracts(table(contracts), contracts) for contracts in company.demand.contracts)
    for stream in company.demand.frames:
        called, held = frame_contracts(table(stream), stream, new_alone=bool(company.open_frames))
        found.signings.append(called)
        found.frames.append(held)
    for place, frame in enumerate(company.open_frames):
        agreed = as_contract(frame)
        mine = OpenFrameTable(
            company,
            network,
            days,
            history,
            agreed,
            seed,
            replications,
            market,
            place=place,
            ahead=frame.months_ahead(company.calendar.start),
        )
        mine.number += len(found.temper)
        found.temper = np.concatenate([found.temper, mine.u[:, TEMPER]])
        called, held = frame_contracts(mine, agreed, known=frame.portions(company.whole_units))
        found.signings.append(called)
        found.frames.append(held)
    for deal in company.demand.projects:
        won, seen, *decided = through_stages(table(deal), deal) if deal.stages else major_projects(table(deal), deal)
        found.signings.append(won)
        found.projects.append(seen)
        found.decisions.extend(decided)
    return found


def small_contracts(t: DealTable, stream: SmallContracts) -> Events:
    """Small contracts: signed on a day of their month, due after their own lead time."""
    day = t.day()
    return t.events(day, t.working(day + t.lead(stream.lead_time)), t.size(stream.size))


def as_contract(frame: OpenFrame) -> FrameContracts:
    """Make a contract of its own of the part that is left of one."""
    return FrameContracts(
        product=frame.product,
        segment=frame.segment,
        per_year=1.0,
        size=Constant(law="constant", mean=frame.quantity),
        call_offs=frame.call_offs,
        notice=frame.notice,
        slip=frame.slip,
    )


def frame_contracts(
    t: DealTable, stream: FrameContracts, new_alone: bool = False, known: Sequence[float] = ()
) -> tuple[Events, Events]:
    """Frame contracts: monthly call-offs, each as late as its own slips; and what is held until then.

    With `new_alone` those signed before the first day have nothing left to call off on it; what is `known` of call-offs is
    held from the start.
    """
    day, portion = t.day(), t.size(stream.size) / stream.call_offs
    called, held = [], []
    for k in range(stream.call_offs):
        planned, share = t.month + 1 + k, np.full(len(portion), known[k]) if known else t.portion(portion, k)
        call = t.working(t.month_start(planned + t.slips(SLIPS + k % 30, planned, stream.slip, t.first_worked)))
        if new_alone:
            share = np.where((day < t.offset) & (call >= t.offset), 0.0, share)
        called.append(t.events(call, t.working(call + stream.notice - t.way), share))
        held += [] if known else [t.events(day, None, share, month=planned)]
        held.append(t.events(call, None, -share, month=planned))
    return joined_events(called), joined_events(held)


def major_projects(t: DealTable, stream: Projects) -> tuple[Events, Events]:
    """Projects: seen, slipping month by month, then won or lost."""
    day, size = t.day(), t.size(stream.size)
    chance = stream.win_low + (stream.win_high - stream.win_low) * t.u[:, CHANCE]
    lead, expected = t.lead(stream.lead_time), t.month + stream.sight
    late = t.slips(SLIPS, expected, stream.slip, t.month_start)
    signing = t.working(t.month_start(expected + late))
    due = t.working(signing + lead)
    won = t.events(signing, due, np.where(t.still_open(OUTCOME, signing) < chance, size, 0.0))
    seen = [t.events(day, None, size, month=t.month_of(t.month_start(expected) + lead), weight=chance)]
    for k in range(int(late.max(initial=0))):  # each slip moves the deal a month on, when it is known
        slipped = np.where(late > k, size, 0.0)
        known, then = t.month_start(expected + k), t.month_of(t.month_start(expected + k) + lead)
        later = t.month_of(t.month_start(expected + k + 1) + lead)
        seen += [
            t.events(known, None, -slipped, month=then, weight=chance),
            t.events(known, None, slipped, month=later, weight=chance),
        ]
    last = t.month_of(t.month_start(expected + late) + lead)
    seen.append(t.events(signing, None, -size, month=last, weight=chance))
    return won, joined_events(seen)


def through_stages(t: DealTable, stream: Projects) -> tuple[Events, Events, Events]:
    """Deals as they come into sight at the chance that is stated, move on, slip, and are lost or signed; what was decided.

    At the end of a stage a deal that does not slip moves on or is lost; each slip moves its date a month on.
    Every change is told in pairs: out of the month, the stage and the chance at which it stood, and into the next.
    """
    size, lead = t.size(stream.size), t.lead(stream.lead_time)
    t.more(2 * len(stream.stages))
    place = _Place(t, size, lead, t.month + stream.sight)
    alive, end, first_said = np.ones(len(size), dtype=bool), t.month, stream.stages[0].says
    decided: list[Events] = []
    when = t.day()
    for k, stage in enumerate(stream.stages):
        place.enter(when, alive, k, stage.says)
        end = end + stage.months
        late = t.slips(UNIFORMS_A_DEAL + 2 * k, end, stream.slip, t.month_start)
        for slip in range(int(late.max(initial=0))):
            place.slip(t.month_start(end + slip), alive & (late > slip), k, stage.says)
        end = end + late
        when = t.working(t.month_start(end))
        place.leave(when, alive, k, stage.says)
        passes = t.still_open(UNIFORMS_A_DEAL + 2 * k + 1, when) < stage.passes
        decided.append(_decided(t, when, alive & ~passes, first_said, LOST))
        alive = alive & passes
    decided.append(_decided(t, when, alive, first_said, WON))
    won = t.events(when, t.working(when + lead), np.where(alive, size, 0.0))
    return won, joined_events(place.told), joined_events(decided)


def _decided(t: DealTable, day: Whole, deals: Mask, stated: float, how: int) -> Events:
    """One for each deal that is decided in the run, with the chance at which it came into sight; `stage` is 1 where it is won."""
    count = np.where(deals & (day >= t.offset), 1.0, 0.0)
    return t.events(day, None, count, weight=np.full(len(count), stated), stage=how)


class _Place:
    """Hold the state of each deal: the month in which it is expected to fall due, and the news of it so far."""

    def __init__(self, t: DealTable, size: Array, lead: Whole, signing: Whole) -> None:
        self.t, self.size, self.lead, self.signing = t, size, lead, signing
        self.told: list[Events] = []

    def _tell(self, day: Whole, units: Array, stage: int, says: float) -> None:
        month = self.t.month_of(self.t.month_start(self.signing) + self.lead)
        weight = np.full(len(units), says)
        self.told.append(self.t.events(day, None, units, month=month, weight=weight, stage=stage))

    def enter(self, day: Whole, alive: Mask, stage: int, says: float) -> None:
        self._tell(day, np.where(alive, self.size, 0.0), stage, says)

    def leave(self, day: Whole, alive: Mask, stage: int, says: float) -> None:
        self._tell(day, np.where(alive, -self.size, 0.0), stage, says)

    def slip(self, day: Whole, slipping: Mask, stage: int, says: float) -> None:
        self.leave(day, slipping, stage, says)
        self.signing = self.signing + slipping
        self.enter(day, slipping, stage, says)
