"""The meeting of a round: plans that clash in one picture, options simulated from today, and afterwards the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.classroom.fields import LOOK_AHEAD
from simulator.classroom.game import Game
from simulator.classroom.log import RefusedError
from simulator.classroom.playing import MONTHS_AHEAD, Morning
from simulator.classroom.roles import Cell, Field, Section, Sheet
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Text, msg
from simulator.kernel.plans import PARTS_DUE
from simulator.kernel.units import DAYS_A_YEAR, Array
from simulator.results.kpis import values as measures_of
from simulator.results.reading.capacity import Needs
from simulator.results.reading.month import Month
from simulator.results.reading.planned_cash import planned_cash

FAR_APART = 0.10
"""Two departments that are further apart than this share stand in red."""

PARTS_SHOWN = 6
"""Parts that the picture names: those that last the shortest."""

ARBITRARY = ("production", "overtime", "people", "subcontract")
"""What operations decides; left to the rules, the supply plan follows from the agreed demand."""

CARD_MEASURES = ("fill_rate", "ebit_before_absorption", "lowest_cash")
"""An option is told by service, EBIT and cash."""

OUTCOME_SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class CardOutcome:
    """A measure of an option over the months ahead: one future in ten is below the first figure, one in ten above the last."""

    measure: str
    label: Text
    unit: Text
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Card:
    """An option of the meeting: the values that it decides, and its outcomes in many futures."""

    letter: str
    title: Text
    note: Text
    values: Mapping[str, float]
    outcomes: Sequence[CardOutcome]
    futures: int
    months: Sequence[str]
    vetoed: str = ""


# --- before the meeting ---


def collision(game: Game, team: str) -> list[Section]:
    """The plans of all roles in one picture: demand, hours, parts and cash, red where they clash."""
    state, morning = game.state, game.morning(team)
    together = game.state.copy_of_team(team).together(state.round)
    plans = _Together(game, morning, together)
    return [
        Section(msg("Demand"), tables=[plans.demand_table()]),
        Section(msg("Hours"), tables=[plans.hours_table()]),
        Section(msg("Parts"), tables=[plans.parts_table()]),
        Section(msg("Cash"), tables=[plans.cash_table()]),
    ]


class _Together:
    """The plans of all roles as they were submitted, each by itself."""

    def __init__(self, game: Game, morning: Morning, values: Mapping[str, float]) -> None:
        self.month, self.values = Month(morning.books, morning.month, morning.lane), values
        self.n, self.index, self.look = self.month.n, morning.month, range(LOOK_AHEAD)
        self.names = self.month.ahead[:LOOK_AHEAD]
        self.working = self.month.working[:LOOK_AHEAD]

    def _of(self, kind: str, name: str, ahead: int) -> float | None:
        """A value that somebody filled in for a month ahead."""
        keys = [f"{kind}:{name}@{self.index + ahead + 1}", *([f"{kind}:{name}"] if not ahead else [])]
        return next((self.values[key] for key in keys if key in self.values), None)

    def _table(self, kind: str, names: Sequence[str], recommended: Array) -> Array:
        """A plan with what was filled in, (months ahead, rows)."""
        plan = recommended[:LOOK_AHEAD].copy()
        for ahead in self.look:
            for row, name in enumerate(names):
                told = self._of(kind, name, ahead)
                plan[ahead, row] = plan[ahead, row] if told is None else told
        return plan

    @property
    def agreed(self) -> Array:
        """The demand plan as the demand planner corrects it, (months ahead, families)."""
        plan = self.month.by_family(self.month.demand[:LOOK_AHEAD])
        more = np.array([self.values.get(f"forecast:{family}", 0.0) for family in self.n.families])
        return np.asarray(np.maximum(plan + more, 0.0))

    @property
    def expected(self) -> Array:
        """Demand as sales expect it, (months ahead, families)."""
        return self._table("~expects", self.n.families, self.month.by_family(self.month.demand))

    @property
    def made(self) -> Array:
        """Production as operations plan it, (months ahead, families)."""
        return self._table("production", self.n.families, self.month.production)

    def demand_table(self) -> Sheet:
        """Sales, demand plan and production by family, and the stock that they leave."""
        stock = self.month.by_family(
            self.month.morning("on_hand", self.month.supply_day)[self.n.sold]
            - self.month.morning("backlog", self.month.supply_day).sum(axis=0)
        )
        due = self.agreed.copy()
        due[0] *= self.month.share_left
        made = self.made.copy()
        made[0] = self.month.still(np.concatenate([made, self.month.production[LOOK_AHEAD:]]))[0]
        left = stock + np.cumsum(made - due, axis=0)
        rows = []
        for row, family in enumerate(self.n.families):
            for ahead in self.look:
                said, plan = float(self.expected[ahead, row]), float(self.agreed[ahead, row])
                apart = abs(said - plan) > FAR_APART * max(plan, TINY)
                short = bool(left[ahead, row] < -TINY and self.month.is_made[self.n.family_of == row].any())
                cells = [
                    Cell(self.names[ahead]), Cell(said, apart), Cell(plan, apart), Cell(float(self.made[ahead, row])),
                    Cell(float(left[ahead, row]), short),
                ]  # fmt: skip
                rows.append((family, cells))
        columns = [
            msg("Month"),
            msg("Sales expect"),
            msg("Demand plan"),
            msg("Production"),
            msg("Stock less orders owed"),
        ]
        return Sheet(msg("Demand against supply"), columns, rows, msg("units"))

    def hours_table(self) -> Sheet:
        """Hours that the production takes, and those that are there with the overtime that is asked for."""
        made = np.concatenate([self.made, self.month.production[LOOK_AHEAD:]])
        needed = self.month.load(self.month.still(made))[:LOOK_AHEAD]
        regular = np.asarray(self.month.regular)[:LOOK_AHEAD]
        recommended = np.asarray(self.month.overtime)[:LOOK_AHEAD]
        overtime = self._table("overtime", self.n.resources, recommended)
        rows = []
        for row, name in enumerate(self.n.resources):
            for ahead in self.look:
                there = float(regular[ahead, row] + overtime[ahead, row])
                over = bool(needed[ahead, row] > there * 1.005)
                cells = [
                    Cell(self.names[ahead]), Cell(float(needed[ahead, row]), over), Cell(float(regular[ahead, row])),
                    Cell(float(overtime[ahead, row])),
                ]  # fmt: skip
                rows.append((name, cells))
        columns = [msg("Month"), msg("Hours needed"), msg("Regular hours"), msg("Overtime")]
        return Sheet(msg("Hours against capacity"), columns, rows, msg("hours"))

    def parts_table(self) -> Sheet:
        """Parts that the production takes until each month's end, and those that are there by then."""
        m, needs = self.month, Needs(self.month)
        made = m.still(np.concatenate([self.made, m.production[LOOK_AHEAD:]]))
        need = np.cumsum(needs.gross(made, np.zeros_like(m.demand)), axis=0)[:LOOK_AHEAD]
        due = m.noted(PARTS_DUE)
        there = m.morning("on_hand", m.supply_day)[m.n.bought] + (0.0 if due is None else due[:LOOK_AHEAD])
        there = np.broadcast_to(there, need.shape)
        ends = m.days.month_start[m.index + 1 : m.index + 1 + LOOK_AHEAD] - m.supply_day
        settled = ends[:, None] <= np.maximum(m.n.lead_time[m.n.bought, 0], 1.0)  # no new order comes by then
        tight = np.where(settled & (need > TINY), there / np.maximum(need, TINY), np.inf)
        cover = tight.min(axis=0)
        rows = []
        for item in np.argsort(cover, kind="stable")[:PARTS_SHOWN]:
            if not np.isfinite(cover[item]):
                continue
            cells: list[Cell] = []
            for ahead in self.look:
                late = bool(settled[ahead, item] and need[ahead, item] > there[ahead, item] + TINY)
                cells += [Cell(float(need[ahead, item]), late), Cell(float(there[ahead, item]))]
            more = self.values.get(f"order-ahead:{needs.names[item]}", 0.0)
            lead = float(m.n.lead_time[m.n.bought[item], 0])
            rows.append((needs.names[item], [*cells, Cell(more), Cell(lead)]))
        columns: list[Text] = []
        for name in self.names:
            columns += [msg("Needed by the end of {month}", month=name), msg("There by then")]
        columns += [msg("Bought ahead"), msg("Days on the way")]
        return Sheet(msg("Parts against needs"), columns, rows, msg("units"))

    def cash_table(self) -> Sheet:
        """Cash on the lowest evening of each month, as planned, with what is bought ahead, against the credit line."""
        cash = planned_cash(self.month)
        lowest = cash.lowest[:LOOK_AHEAD]
        cost = dict(zip(Needs(self.month).names, Needs(self.month).cost, strict=True))
        ahead = sum(
            amount * float(cost[key.split(":", 1)[1]])
            for key, amount in self.values.items()
            if key.startswith("order-ahead:")
        )
        rows = []
        for k, figure in enumerate(lowest):
            left = float(figure) - ahead
            broken = cash.line is not None and left < -cash.line
            line = None if cash.line is None else -float(cash.line)
            rows.append((self.names[k], [Cell(float(figure)), Cell(left, broken), Cell(line)]))
        columns = [msg("Lowest cash"), msg("With what is bought ahead"), msg("Credit line")]
        return Sheet(msg("Cash against the credit line"), columns, rows, self.month.currency)


# --- the options ---


def options_of(game: Game, team: str) -> list[tuple[str, Text, Text, dict[str, float]]]:
    """Three options: as the rules recommend, all plans as submitted, and one plan for the agreed demand or all hours there are."""
    decided = {
        k: v for k, v in game.state.copy_of_team(team).together(game.state.round).items() if not k.startswith("~")
    }
    agreed = {key: v for key, v in decided.items() if key.split(":")[0] not in ARBITRARY}
    found = [
        ("A", msg("As recommended"), msg("every department does what the rules recommend"), {}),
        ("B", msg("The plans as they are"), msg("every department does what it submitted"), decided),
    ]
    if agreed in ({}, decided):
        hours = {f.key: f.high for f in game.fields(team) if f.key.startswith("overtime:") and f.high and f.high >= 1.0}
        told = msg("as submitted, with all overtime that is allowed")
        return [*found, ("C", msg("All hours there are"), told, {**decided, **_rounded_down(hours)})]
    told = msg("demand, parts and money as submitted; production and hours follow from them")
    return [*found, ("C", msg("One plan for the agreed demand"), told, agreed)]


def _rounded_down(hours: Mapping[str, float]) -> dict[str, float]:
    return {key: float(np.floor(amount)) for key, amount in hours.items()}


def cards(game: Game, team: str, edited: Mapping[str, float] | None = None) -> list[Card]:
    """The options of a team, and one that it edited, each simulated in the same possible futures from this morning on."""
    state = game.state
    if state.round < 1:
        raise RefusedError(msg("the first round has not begun; wait for the trainer"))
    options = options_of(game, team)
    if edited is not None:
        options.append(("D", msg("Your own"), msg("edited by the team"), game.checked(team, state.round, edited)))
    vetoes = state.teams[team].vetoes.get(state.round)
    outcomes = simulated(game, team, [values for *_, values in options])
    months = Month(game.morning(team).books, game.morning(team).month, game.morning(team).lane).ahead[:MONTHS_AHEAD]
    return [
        Card(letter, title, note, values, found, game.playing.futures, months, vetoes[1] if vetoes and vetoes[0] == letter else "")
        for (letter, title, note, values), found in zip(options, outcomes, strict=True)
    ]  # fmt: skip


def simulated(game: Game, team: str, options: Sequence[Mapping[str, float]]) -> list[list[CardOutcome]]:
    """Outcomes of options in the possible futures of a team."""
    round, history, playing = game.state.round, game.history(team), game.playing
    decided = [playing.decisions(round, values) for values in options]
    lacking = [each for each in dict.fromkeys(decided) if (round, history, each) not in playing.kept]
    for option, books in playing.options(round, history, lacking):
        playing.kept[round, history, option] = _outcomes(game, books)
    return [playing.kept[round, history, each] for each in decided]


def _outcomes(game: Game, books: object) -> list[CardOutcome]:
    """Service, EBIT and lowest cash over the months ahead: P10, P50 and P90."""
    from simulator.engine.books import Books

    assert isinstance(books, Books)
    first, end = books.scenario.experiment.warm_up, books.scenario.days.months
    rows, found = measures_of(books, CARD_MEASURES, months=(first, end))
    days = books.scenario.days.month_start[[first, end]]
    share = float(days[1] - days[0]) / DAYS_A_YEAR
    currency = books.scenario.company.currency
    labels = {
        "fill_rate": (msg("Served on the day"), "%", 100.0),
        "ebit_before_absorption": (msg("EBIT of these months"), currency, share),
        "lowest_cash": (msg("Lowest cash"), currency, 1.0),
    }
    told = []
    for (measure, _), figures in zip(rows, found, strict=True):
        label, unit, factor = labels[measure.name]
        low, middle, high = (float(q) * factor for q in np.quantile(figures, OUTCOME_SHARES))
        told.append(CardOutcome(measure.name, label, unit, low, middle, high))
    return told


def fields_by_key(game: Game, team: str) -> dict[str, Field]:
    """The fields of a team by their keys."""
    return {field.key: field for field in game.fields(team)}


def edited_fields(game: Game, team: str, values: Mapping[str, float]) -> Iterator[tuple[Field, float]]:
    """The fields that an option decides, with the value."""
    known = fields_by_key(game, team)
    yield from ((known[key], value) for key, value in values.items() if key in known)
