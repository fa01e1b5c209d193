"""Draw an address as a QR code (ISO/IEC 18004): bytes, error correction L, versions 1 to 5, which are one block each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

BLOCKS = ((19, 7), (34, 10), (55, 15), (80, 20), (108, 26))
"""By version: codewords of data and of error correction."""

PRIMITIVE, FORMAT_GENERATOR, FORMAT_MASK, LEVEL = 0x11D, 0x537, 0x5412, 0b01

MASKS = (
    lambda r, c: (r + c) % 2, lambda r, c: r % 2, lambda r, c: c % 3, lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2, lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2, lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)  # fmt: skip
"""A module is turned over where its mask is 0."""

QUIET = 4
"""Modules of white around the code."""


def modules(text: str, mask: int | None = None) -> np.ndarray | None:
    """The modules of a text, True where they are dark; None when the text is too long. Without a mask the plainest is taken."""
    data = text.encode()
    version = next((v for v, (most, _) in enumerate(BLOCKS, 1) if len(data) + 2 <= most), None)
    if version is None:
        return None
    bits = _bits(data, *BLOCKS[version - 1])
    drawn = [_drawn(bits, version, k) for k in (range(8) if mask is None else [mask])]
    return min(drawn, key=_roughness)


def _bits(data: bytes, most: int, correction: int) -> list[int]:
    """Mode, length, data, padding and error correction, bit by bit."""
    stream = f"{0b0100:04b}{len(data):08b}" + "".join(f"{byte:08b}" for byte in data) + "0000"
    words = [int(stream[k : k + 8], 2) for k in range(0, len(stream), 8)]
    words += [(0xEC, 0x11)[k % 2] for k in range(most - len(words))]
    return [word >> k & 1 for word in [*words, *_remainder(words, correction)] for k in range(7, -1, -1)]


def _times(a: int, b: int) -> int:
    """Multiply in the field of 256 elements."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = (a << 1) ^ (PRIMITIVE if a & 0x80 else 0)
        b >>= 1
    return product


def _remainder(words: Sequence[int], correction: int) -> list[int]:
    """Reed-Solomon: the remainder of the data by the generator."""
    generator, root = [1], 1
    for _ in range(correction):
        longer = [*generator, 0]
        for k, each in enumerate(generator):
            longer[k + 1] ^= _times(each, root)
        generator, root = longer, _times(root, 2)
    left = [*words, *[0] * correction]
    for k in range(len(words)):
        factor = left[k]
        for j, each in enumerate(generator):
            left[k + j] ^= _times(factor, each)
    return left[len(words) :]


def _drawn(bits: Sequence[int], version: int, mask: int) -> np.ndarray:
    size = 17 + 4 * version
    dark, fixed = np.zeros((size, size), bool), np.zeros((size, size), bool)
    _patterns(dark, fixed, version)
    _format(dark, fixed, mask)
    for (row, column), bit in zip(_way(fixed), [*bits, *[0] * 7], strict=False):
        dark[row, column] = bool(bit) ^ (MASKS[mask](row, column) == 0)
    return dark


def _patterns(dark: np.ndarray, fixed: np.ndarray, version: int) -> None:
    """Finders in three corners, timing between them, alignment near the fourth."""
    size = len(dark)
    ring = np.ones((7, 7), bool)
    ring[1:6, 1:6] = False
    ring[2:5, 2:5] = True
    for row, column in ((0, 0), (0, size - 7), (size - 7, 0)):
        dark[row : row + 7, column : column + 7] = ring
    fixed[:9, :9] = fixed[:9, size - 8 :] = fixed[size - 8 :, :9] = True
    dark[6, 8 : size - 8] = dark[8 : size - 8, 6] = np.arange(8, size - 8) % 2 == 0
    fixed[6, :] = fixed[:, 6] = True
    if version > 1:
        square = slice(size - 9, size - 4)
        dark[square, square], fixed[square, square] = True, True
        dark[size - 8 : size - 5, size - 8 : size - 5] = False
        dark[size - 7, size - 7] = True


def _format(dark: np.ndarray, fixed: np.ndarray, mask: int) -> None:
    """Level and mask, written twice."""
    size, told = len(dark), LEVEL << 3 | mask
    left = told << 10
    for k in range(14, 9, -1):
        left ^= FORMAT_GENERATOR << (k - 10) if left >> k & 1 else 0
    word = (told << 10 | left) ^ FORMAT_MASK
    bits = [bool(word >> k & 1) for k in range(15)]  # from the last
    down = [*range(6), 7, 8, *range(size - 7, size)]
    across = [*range(size - 1, size - 9, -1), 7, *range(5, -1, -1)]
    for bit, row, column in zip(bits, down, across, strict=True):
        dark[row, 8], dark[8, column] = bit, bit
    dark[size - 8, 8] = True


def _way(fixed: np.ndarray) -> Iterator[tuple[int, int]]:
    """The way of the data: up and down in double columns from the right, past the vertical timing."""
    size, up = len(fixed), True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        for row in range(size - 1, -1, -1) if up else range(size):
            yield from ((row, column) for column in (right, right - 1) if not fixed[row, column])
        up = not up


def _roughness(dark: np.ndarray) -> int:
    """Long runs and squares of one colour, which readers dislike."""
    lines = [*dark, *dark.T]
    runs = sum(n - 2 for line in lines for n in (len([*run]) for _, run in groupby(line)) if n >= 5)
    squares = (dark[1:, 1:] == dark[:-1, :-1]) & (dark[1:, :-1] == dark[:-1, 1:]) & (dark[1:, 1:] == dark[1:, :-1])
    return int(runs + 3 * squares.sum())
