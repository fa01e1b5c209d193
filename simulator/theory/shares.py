"""Fair shares of what parts earn together, where parts come in blocks (Shapley 1953; Owen 1977)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import comb

from simulator.kernel.units import Array

Together = frozenset[str]
"""Parts that are there at the same time."""


def coalitions(blocks: Sequence[Sequence[str]]) -> list[Together]:
    """List the combinations that fair shares are made of: whole blocks, and some parts of one more; the fewest parts first."""
    found = {
        before | frozenset(some) for block in blocks for before in _unions(blocks, block) for some in _subsets(block)
    }
    return sorted(found or {frozenset()}, key=lambda on: (len(on), sorted(on)))


def fair_shares(value: Mapping[Together, Array], blocks: Sequence[Sequence[str]]) -> dict[str, Array]:
    """Share the worth of all parts out over them: each gets its gain, averaged over all orders that keep blocks together.

    Parts of a block add up to the block's Shapley value among blocks, and all of them to the whole. Where every part is a block of
    its own, or all are one block, it is the Shapley value.
    """
    return {
        name: sum(
            (
                weight * inner * (value[before | some | {name}] - value[before | some])
                for before, weight in _weighed([frozenset(other) for other in blocks if other is not block])
                for some, inner in _weighed([frozenset({other}) for other in block if other != name])
            ),
            start=0 * value[frozenset()],
        )
        for block in blocks
        for name in block
    }


def shares_of_blocks(value: Mapping[Together, Array], blocks: Sequence[Sequence[str]]) -> list[Array]:
    """Return the Shapley value of each block, whose parts come and go together."""
    return [
        sum(
            (
                weight * (value[before | frozenset(block)] - value[before])
                for before, weight in _weighed([frozenset(other) for other in blocks if other is not block])
            ),
            start=0 * value[frozenset()],
        )
        for block in blocks
    ]


def _weighed(others: Sequence[Together]) -> Iterator[tuple[Together, float]]:
    """All that may be there before, each with the share of the orders in which it is."""
    n = len(others) + 1
    for size in range(n):
        for some in combinations(others, size):
            yield frozenset().union(*some), 1 / (n * comb(n - 1, size))


def _unions(blocks: Sequence[Sequence[str]], block: Sequence[str]) -> Iterator[Together]:
    return (before for before, _ in _weighed([frozenset(other) for other in blocks if other is not block]))


def _subsets(block: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (some for size in range(len(block) + 1) for some in combinations(block, size))
