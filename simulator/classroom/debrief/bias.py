"""The bias of each role, and the bridge from a team to the best policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.classroom.game import Game
from simulator.classroom.scoring import demand_of, rival_measures
from simulator.engine.books import Books
from simulator.engine.money.accounts import EBIT, sign
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.kpis import in_company
from simulator.results.money import Money
from simulator.results.money.statements import LINE_TITLES


@dataclass(frozen=True)
class Bias:
    """A role's figures against those that came: the sum of its errors over what came, and of their sizes."""

    team: str
    role: str
    bias: float
    error: float
    months: int


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
