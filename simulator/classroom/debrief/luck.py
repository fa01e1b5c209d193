"""Luck apart from skill: every log replayed in other lucks, the same for all teams and policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.classroom.debrief.regret import of_a_year
from simulator.classroom.game import Game
from simulator.classroom.lesson import RIVALS
from simulator.classroom.meeting import SCORE_OF_PROFIT
from simulator.classroom.scoring import histories_of, measured, rival_measures
from simulator.engine.books import Books
from simulator.kernel.units import Array
from simulator.results.kpis import values as measures_of

LUCKS = 200
"""Other lucks in which each log is replayed."""

RUNS_AT_ONCE, FEWEST_LUCKS, AT_FIRST = 240, 6, 20
"""Runs side by side, which fit into little memory; but no fewer lucks at once than these, and at first only a few, to show them soon."""

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class Luck:
    """A team's economic profit: what happened, the box of what its decisions were worth, and the quantile of its luck."""

    name: str
    happened: float
    box: Sequence[float]  # 10, 25, 50, 75 and 90 of 100
    quantile: float  # share of lucks that would have brought less
    lucks: int
    against_silo: float  # share of lucks in which it is better than the fair silo
    is_policy: bool = False


def batches(game: Game, lucks: int = LUCKS) -> list[list[int]]:
    """The numbers of other lucks, in so many at once as fit into memory."""
    numbers = [k for k in range(lucks + 1) if k != game.lesson.replication][:lucks]
    size = max(FEWEST_LUCKS, RUNS_AT_ONCE // (len(set(histories_of(game).values())) + 1))
    first = min(size, AT_FIRST)
    return [numbers[:first], *(numbers[k : k + size] for k in range(first, len(numbers), size))]


def in_other_lucks(game: Game, numbers: Sequence[int]) -> dict[str, Array]:
    """Economic profit over the scored months of teams, the recommending policy and the fair silo in these lucks."""
    playing, histories = game.playing, histories_of(game)
    whole, share = playing.whole([*histories.values(), ()], numbers), of_a_year(playing)
    found = {history: share * _profits(books) for history, books in whole.items()}
    silo = share * _profits(playing.whole([()], numbers, playing.file.policy(RIVALS[0]))[()])
    return {name: found[history] for name, history in histories.items()} | {
        policy_key(game.lesson.policy): found[()],
        policy_key(RIVALS[0]): silo,
    }


def policy_key(name: str) -> str:
    """The key of a policy, which no team can have for its name."""
    return f"\0{name}"


def told_by(game: Game, profits: Mapping[str, Array]) -> list[Luck]:
    """Each team's luck, and that of the two policies, from its profits in other lucks."""
    playing, histories = game.playing, histories_of(game)
    real, share = playing.whole([*histories.values(), ()]), of_a_year(playing)
    happened = {name: share * measured(real[history])[SCORE_OF_PROFIT] for name, history in histories.items()}
    happened[policy_key(game.lesson.policy)] = share * measured(real[()])[SCORE_OF_PROFIT]
    happened[policy_key(RIVALS[0])] = share * rival_measures(playing)[RIVALS[0]][SCORE_OF_PROFIT]
    silo = profits[policy_key(RIVALS[0])]
    return [_luck(key, happened[key], own, silo) for key, own in profits.items()]


def luck_and_skill(game: Game, lucks: int = LUCKS) -> list[Luck]:
    """Replay every team's log, and the policies, in many other lucks, the same for all."""
    return told_by(game, together(in_other_lucks(game, numbers) for numbers in batches(game, lucks)))


def together(parts: Iterator[dict[str, Array]]) -> dict[str, Array]:
    """Profits of all batches, one behind the other."""
    every = [*parts]
    return {key: np.concatenate([part[key] for part in every]) for key in every[0]}


def _profits(books: Books) -> Array:
    return np.asarray(measures_of(books, [SCORE_OF_PROFIT])[1][0])


def _luck(key: str, happened: float, profits: Array, silo: Array) -> Luck:
    box = [float(q) for q in np.quantile(profits, QUANTILES)]
    quantile = float((profits < happened).mean() + 0.5 * (profits == happened).mean())
    better = float((profits > silo).mean())
    return Luck(key.removeprefix("\0"), happened, box, quantile, len(profits), better, key.startswith("\0"))
