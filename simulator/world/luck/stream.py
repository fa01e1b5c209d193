"""Keyed streams of uniform numbers.

A stream is keyed by seed, source and name, and a replication has a place of its own in it, so that
another product, source, lane or policy moves nobody else's luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zlib import crc32

import numpy as np

from simulator.kernel.units import Array, Whole
from simulator.world.luck.fork import Fork, Seed

PLACE = 64
"""A replication's place in a stream is its number times 2^64: no stream is ever that long."""


class Numbers:
    """Uniform numbers of one named source, replication by replication."""

    def __init__(self, seed: int, source: str, name: str) -> None:
        key = (crc32(source.encode()), crc32(name.encode()))
        self._bits = np.random.PCG64DXSM(np.random.SeedSequence(seed, spawn_key=key))
        self._generator = np.random.Generator(self._bits)
        self._at = 0

    def fill(self, replication: int, out: Array, first: int = 0) -> Array:
        """Fill a contiguous array with numbers of this replication, from its first on, or from a later one."""
        place = (replication << PLACE) + first
        self._bits.advance((place - self._at) % (1 << 128))
        self._generator.random(out=out)
        self._at = place + out.size
        return out


class Stream:
    """Uniform numbers of one named source; in a fork the first ones are those of the run, and only the rest differ by lane.

    `per` says what each number is for, and so how many of them a fork knows.
    """

    def __init__(self, seed: Seed, source: str, name: str, per: str = "day") -> None:
        self.fork = seed if isinstance(seed, Fork) else None
        self._numbers = Numbers(seed.anew if isinstance(seed, Fork) else seed, source, name)
        self._key, self._head = (source, name), np.zeros(0)
        self.known = self.fork.known(per) if self.fork else 0

    def of_the_run(self, fork: Fork) -> Stream:
        """Return the source itself, as it is in the run that is forked."""
        return Stream(fork.seed, *self._key)

    def fill(self, replication: int, out: Array, known: int | None = None) -> Array:
        """Fill a contiguous array with the first numbers of this replication, of which a fork knows some."""
        known = self.known if known is None else known
        if self.fork is None or known <= 0:
            return self._numbers.fill(replication, out)
        known, flat = min(known, out.size), out.reshape(-1)
        flat[:known] = self._first(self.fork, known)
        if known < out.size:
            self._numbers.fill(replication, flat[known:], known)
        return out

    def after(self, replication: int, out: Array, known: int) -> Array:
        """Fill a contiguous array with the numbers of this replication that follow the first, known ones."""
        return self._numbers.fill(replication, out, known)

    def _first(self, fork: Fork, known: int) -> Array:
        """The first numbers of the run that is forked."""
        if self._head.size < known:
            self._head = self.of_the_run(fork).fill(fork.replication, np.empty(known))
        return self._head[:known]

    def table(self, replications: Sequence[int], count: int, known: int | None = None, least: float = 0.0) -> Array:
        """So many numbers of each replication, (lanes, count); the first that a fork does not know is at least so high."""
        numbers = np.empty((len(replications), count))
        if self.fork and count and (self.known if known is None else known) >= count:  # nothing differs by lane
            numbers[:] = self._first(self.fork, count)
            return numbers
        for lane, replication in enumerate(replications):
            self.fill(replication, numbers[lane], known)
        if least and known is not None and known < count:
            numbers[:, known] = least + (1 - least) * numbers[:, known]
        return numbers


def share_up_to(quantile: Callable[[Array], Array | Whole], figure: float) -> float:
    """Return the probability up to which a law's quantiles are no more than a figure, by halving."""
    low, high = 0.0, 1.0 - 2.0**-50
    if float(quantile(np.array([low]))[0]) > figure:
        return low
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if float(quantile(np.array([middle]))[0]) > figure else (middle, high)
    return high
