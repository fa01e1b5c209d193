"""Settings of many combinations of elements at one target: each begins where its neighbours ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, groupby

import numpy as np

from simulator.planning import Policy
from simulator.results.equal_service import (
    LEAST_PILOT,
    ROUGHLY,
    Bench,
    Outcome,
    Search,
    Tuned,
    settle,
    settle_from_guesses,
)

On = frozenset[str]
"""Elements that are switched on."""


def settings_of(policies: Mapping[On, Policy], bench: Bench, numbers: Sequence[int]) -> dict[On, Tuned]:
    """Bring every combination to the bench's target on these replications, those of few elements first."""
    found: dict[On, Tuned] = {}
    for _, level in groupby(sorted(policies, key=len), key=len):
        searches = {
            on: Search(policies[on], bench.target, expected_setting(on, policies[on], found), ROUGHLY) for on in level
        }
        known = {on: search for on, search in searches.items() if any(neighbours(on, policies[on], found))}
        settle_from_guesses([*known.values()], bench, numbers)
        cold = [on for on in searches if on not in known or known[on].outcome is Outcome.OUT_OF_REACH]
        searches |= {
            on: Search(policies[on], bench.target, None, ROUGHLY) for on in cold
        }  # a guess may lie beyond the first crossing
        settle([searches[on] for on in cold], bench, numbers)
        found |= {on: search.found(bench.beside) for on, search in searches.items()}
    return found


def neighbours(on: On, policy: Policy, found: Mapping[On, Tuned]) -> Iterator[On]:
    """Combinations with one element less that came to the target by the same kind of buffer."""
    entry = policy.buffer().entry
    return (less for less in (on - {name} for name in sorted(on)) if _tells(less, entry, found))


def _tells(on: On, entry: str, found: Mapping[On, Tuned]) -> bool:
    """Tell if a combination came to the target by such a buffer: the end of a search without success says nothing of others."""
    one = found.get(on)
    return one is not None and one.buffer.entry == entry and one.outcome is Outcome.REACHED and one.setting > 0


def expected_setting(on: On, policy: Policy, found: Mapping[On, Tuned]) -> float | None:
    """The setting if elements changed it in proportion: of two neighbours, one times the other, over what they have in common.

    The median over pairs, or over neighbours where no pair tells; None without any.
    """
    near, entry = list(neighbours(on, policy, found)), policy.buffer().entry
    if not near:
        return None
    pairs = [
        found[one].setting * found[other].setting / found[one & other].setting
        for one, other in combinations(near, 2)
        if _tells(one & other, entry, found)
    ]
    return float(np.median(pairs or [found[less].setting for less in near]))


def tuning_numbers(numbers: Sequence[int]) -> list[int]:
    """Replications on which many combinations are brought to a target: the first half, at least two pilots."""
    return list(numbers)[: max(2 * LEAST_PILOT, len(numbers) // 2)]
