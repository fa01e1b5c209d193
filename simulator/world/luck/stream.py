"""Keyed streams of uniform numbers.

A stream is keyed by seed, source and name, and a replication has a place of its own in it, so that
another product, source, lane or policy moves nobody else's luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from simulator.kernel.units import Array

PLACE = 64
"""A replication's place in a stream is its number times 2^64: no stream is ever that long."""


class Stream:
    """Uniform numbers of one named source, replication by replication."""

    def __init__(self, seed: int, source: str, name: str) -> None:
        key = (crc32(source.encode()), crc32(name.encode()))
        self._bits = np.random.PCG64DXSM(np.random.SeedSequence(seed, spawn_key=key))
        self._generator = np.random.Generator(self._bits)
        self._at = 0

    def fill(self, replication: int, out: Array) -> Array:
        """Fill a contiguous array with the first numbers of this replication."""
        place = replication << PLACE
        self._bits.advance((place - self._at) % (1 << 128))
        self._generator.random(out=out)
        self._at = place + out.size
        return out

    def table(self, replications: Sequence[int], count: int) -> Array:
        """So many numbers of each replication, (lanes, count)."""
        numbers = np.empty((len(replications), count))
        for lane, replication in enumerate(replications):
            self.fill(replication, numbers[lane])
        return numbers
