"""The debrief: luck apart from skill, decisions by what was visible and by what came, roles by their bias, and the bridge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.classroom.game import Game
from simulator.classroom.lesson import RIVALS
from simulator.classroom.playing import History
from simulator.classroom.scoring import SCORED_BY, class_scores, demand_of, histories_of, measured, rival_measures
from simulator.engine.books import Books
from simulator.engine.money.accounts import EBIT, sign
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.kpis import in_company
from simulator.results.kpis import values as measures_of
from simulator.results.money import Money
from simulator.results.money.statements import LINE_TITLES

if TYPE_CHECKING:
    import pandas as pd

MOST_LUCKS, LANES_OF_LUCK = 200, 1_200
"""Other lucks in which each log is replayed: so many for a few teams, and so many runs in all for many."""

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)

PROFIT = SCORED_BY.index("economic_profit")


@dataclass(frozen=True)
class Luck:
    """A team's economic profit: what happened, the box of what its decisions were worth, and the quantile of its luck."""

    name: str
    happened: float
    box: Sequence[float]  # 10, 25, 50, 75 and 90 of 100
    quantile: float  # share of lucks that would have brought less
    lucks: int
    against_silo: float  # share of lucks in which it is better than the fair silo


@dataclass(frozen=True)
class Ghost:
    """A team's game without one thing that it decided: what that brought in its own luck."""

    team: str
    round: int
    what: str
    profit: float  # economic profit a year that the decision brought; below 0 it cost so much
    service: float  # points of the fill rate


@dataclass(frozen=True)
class Regret:
    """A round's commitment against the best card, by the mean EBIT of the futures that were possible that morning."""

    team: str
    round: int
    best: str
    regret: float


@dataclass(frozen=True)
class Bias:
    """A role's figures against those that came: the sum of its errors over what came, and of their sizes."""

    team: str
    role: str
    bias: float
    error: float
    months: int


def lucks_for(teams: int) -> int:
    """Other lucks in which the logs of so many teams are replayed."""
    return max(20, min(MOST_LUCKS, LANES_OF_LUCK // max(teams, 1)))


def luck_and_skill(game: Game, lucks: int | None = None) -> list[Luck]:
    """Replay every team's log, and the policies, in many other lucks, the same for all."""
    playing, histories = game.playing, histories_of(game)
    many = lucks_for(len(histories)) if lucks is None else lucks
    numbers = [k for k in range(many + 1) if k != game.lesson.replication][:many]
    in_luck = {history: _profits(books) for history, books in playing.whole([*histories.values()], numbers).items()}
    silo = _profits(playing.whole([()], numbers, playing.file.policy(RIVALS[0]))[()])
    sop = _profits(playing.whole([()], numbers)[()])
    real = playing.whole([*histories.values()])
    own = {name: (measured(real[history])["economic_profit"], in_luck[history]) for name, history in histories.items()}
    rivals = rival_measures(playing)
    own |= {RIVALS[0]: (rivals[RIVALS[0]]["economic_profit"], silo)}
    own |= {game.lesson.policy: (measured(playing.whole([()])[()])["economic_profit"], sop)}
    return [_luck(name, happened, profits, silo) for name, (happened, profits) in own.items()]


def _profits(books: Books) -> Array:
    return np.asarray(measures_of(books, [SCORED_BY[PROFIT]])[1][0])


def _luck(name: str, happened: float, profits: Array, silo: Array) -> Luck:
    box = [float(q) for q in np.quantile(profits, QUANTILES)]
    quantile = float((profits < happened).mean() + 0.5 * (profits == happened).mean())
    return Luck(name, happened, box, quantile, len(profits), float((profits > silo).mean()))


def ghosts(game: Game, team: str) -> list[Ghost]:
    """A team's game again without each of its decisions, one at a time, on its own luck."""
    state, playing = game.state, game.playing
    mine = game.history(team, state.round + 1)
    without: dict[History, tuple[int, str]] = {}
    for round in range(1, state.round + 1):
        decided = playing.decisions(round, state.teams[team].in_force(round).values)
        for decision in decided:
            others = tuple(d for d in mine if d != decision)
            without[others] = (round, str(decision))
    found = playing.whole([mine, *without])
    own = measured(found[mine])
    told = []
    for history, (round, what) in without.items():
        ghost = measured(found[history])
        profit, service = (own[name] - ghost[name] for name in ("economic_profit", "fill_rate"))
        told.append(Ghost(team, round, what, profit, service))
    return sorted(told, key=lambda ghost: ghost.profit)


def regrets(game: Game, team: str) -> Iterator[Regret]:
    """Each round's commitment against the recommendation and the plans as submitted, by what was visible; hindsight is in the ghosts."""
    state, playing = game.state, game.playing
    for round in range(1, state.round + 1):
        history = game.history(team, round)
        taken = playing.decisions(round, state.teams[team].in_force(round).values)
        options = list(dict.fromkeys([taken, (), playing.decisions(round, state.teams[team].together(round))]))
        worth = {option: _expected(books) for option, books in playing.options(round, history, options)}
        best = max(worth, key=lambda option: worth[option])
        yield Regret(team, round, "" if best == taken else " + ".join(map(str, best)), worth[best] - worth[taken])


def _expected(books: Books) -> float:
    """Mean economic profit a year of an option in all its futures."""
    first, end = books.scenario.experiment.warm_up, books.scenario.days.months
    return float(measures_of(books, [SCORED_BY[PROFIT]], months=(first, end))[1].mean())


def biases(game: Game, team: str) -> list[Bias]:
    """The bias of each role: sales' forecasts and the demand plan against demand, the production plan against production."""
    state, playing = game.state, game.playing
    mine = game.history(team, state.round + 1)
    books, n = playing.whole([mine])[mine], playing.scenario.network
    said: dict[str, list[tuple[Array, Array]]] = {"sales": [], "demand": [], "operations": []}
    for round in range(1, state.round + 1):
        month = playing.lesson.month(round)
        came = demand_of(books, month + 1)
        planned = n.by_family(books.plans.demand[month, 1, :, :1])[:, 0]
        told = state.teams[team].submitted.get((round, "sales"), {})
        expected = [told.get(f"~expects:{f}@{month + 2}", float(planned[k])) for k, f in enumerate(n.families)]
        said["sales"].append((np.array(expected), came))
        said["demand"].append((planned, came))
        first, end = playing.scenario.days.month_start[[month, month + 1]]
        started = books.flows["released"][first:end, n.sold, :1].sum(axis=0)
        made = n.by_family(np.where(np.isin(np.arange(len(n.products)), n.made)[:, None], started, 0.0))[:, 0]
        said["operations"].append((books.plans.production[month, 0, :, 0], made))
    return [_bias(team, role, pairs) for role, pairs in said.items() if pairs]


def _bias(team: str, role: str, pairs: Sequence[tuple[Array, Array]]) -> Bias:
    stated, came = (np.concatenate([pair[k] for pair in pairs]) for k in (0, 1))
    whole = max(float(came.sum()), TINY)
    return Bias(
        team, role, float((stated - came).sum()) / whole, float(np.abs(stated - came).sum()) / whole, len(pairs)
    )


def bridge_to_best(game: Game, team: str) -> list[tuple[str, float]]:
    """From a team's EBIT to that of the best policy, line by line of the profit and loss: lines add up to the difference."""
    playing = game.playing
    mine = game.history(team, game.state.round + 1)
    best = max(rival_measures(playing).items(), key=lambda each: each[1]["economic_profit"])[0]
    own = _lines(playing.whole([mine])[mine])
    theirs = _lines(playing.whole([()], policy=playing.file.policy(best))[()])
    return [(line, theirs.get(line, 0.0) - own.get(line, 0.0)) for line in dict.fromkeys([*own, *theirs])]


def _lines(books: Books) -> dict[str, float]:
    """The lines of EBIT over the scored months, of the first lane."""
    days, money = books.scenario.days, Money(in_company(books))
    over = slice(*(int(days.month_start[m]) for m in (books.scenario.experiment.warm_up, days.months)))
    return {
        LINE_TITLES.get(name, name.replace("_", " ")): float(sign(name) * money.flows[name][over].sum(axis=0)[0])
        for name in EBIT
    }


def game_tables(game: Game) -> dict[str, pd.DataFrame]:
    """All of a game as tables, for a workbook: scores, plans, commitments, actions, and the whole log."""
    import json

    import pandas as pd

    state = game.state
    scored = [
        {"name": s.name, "policy": s.is_policy, "total": s.total, **{f"points {k}": v for k, v in s.parts.items()}, **s.measures}
        for s in class_scores(game)
    ]  # fmt: skip
    plans = [
        {"team": team.name, "round": round, "role": role, "field": key, "value": value}
        for team in state.teams.values()
        for (round, role), values in sorted(team.submitted.items())
        for key, value in values.items()
    ]
    commits = [
        {
            "team": t.name,
            "round": c.round,
            "option": c.option,
            "reason": c.reason,
            "by": c.by,
            "field": key,
            "value": value,
        }
        for t in state.teams.values()
        for c in t.committed.values()
        for key, value in (dict(c.values) or {"": float("nan")}).items()
    ]
    actions = [
        {
            "team": t.name,
            "action": a.text,
            "owner": a.owner,
            "due": a.due,
            "raised": a.raised,
            "done in round": t.done.get(a.number),
        }
        for t in state.teams.values()
        for c in t.committed.values()
        for a in c.actions
    ]
    log = [
        {"number": e.number, "at": e.at, "kind": e.kind, "team": e.team, "body": json.dumps(e.body, ensure_ascii=False)}
        for e in game.log.entries(game.code)
    ]
    found: dict[str, list[dict[str, Any]]] = {
        "scores": scored,
        "plans": plans,
        "commitments": commits,
        "actions": actions,
        "log": log,
    }
    return {name: pd.DataFrame(rows) for name, rows in found.items()}
