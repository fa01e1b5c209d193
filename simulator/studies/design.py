"""Designs: which combinations of factor values an experiment runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from typing import Annotated, Any, Literal

from pydantic import model_validator

from simulator.engine.settings import Setting
from simulator.kernel.messages import listed, msg
from simulator.kernel.units import Record, ScenarioError, quantity
from simulator.studies.factors import CATEGORY, NUMBER, Factor, FactorWords
from simulator.theory.sensitivity import radial_points

Kind = Literal[
    "grid", "list", "latin-hypercube", "sobol", "sobol-indices", "one-at-a-time", "full-factorial", "fractional-factorial"
]  # fmt: skip
SAMPLED = ("latin-hypercube", "sobol", "sobol-indices")

MOST_POINTS = 1_000_000


class DesignWords(Record):
    """The layout of a study's points."""

    kind: Annotated[
        Kind, quantity("choice", "grid: all combinations of all values; list: first values together, then ...")
    ] = "grid"
    points: Annotated[
        int | None,
        quantity("points", "of a sample; of sobol-indices the base sample, a power of 2", ge=2, le=MOST_POINTS),
    ] = None
    resolution: Annotated[
        int, quantity("words", "of a fractional factorial: 3 keeps factors apart, 4 also from pairs, 5 pairs too", ge=3, le=5)
    ] = 4  # fmt: skip

    @model_validator(mode="after")
    def _knows_its_size(self) -> DesignWords:
        if (self.points is not None) != (self.kind in SAMPLED):
            must = (
                msg("needs a number of points")
                if self.kind in SAMPLED
                else msg("has as many points as follow from its factors")
            )
            raise ValueError(
                msg(
                    "{entry} is {value}; a {kind} {must}",
                    entry="points",
                    value=msg("missing") if self.points is None else self.points,
                    kind=self.kind,
                    must=must,
                )
            )
        if self.kind.startswith("sobol") and self.points and self.points & (self.points - 1):
            raise ValueError(
                msg(
                    "{entry} is {points}; a Sobol sequence is balanced at powers of 2, such as 64 or 128",
                    entry="points",
                    points=self.points,
                )
            )
        return self


def point_count(design: DesignWords, factors: Sequence[FactorWords]) -> int:
    """Count the points of a design before any is worked out."""
    counts = [len(f.values) or f.steps for f in factors]
    ends = [len(f.values) or 2 for f in factors]
    sizes: dict[str, Callable[[], int]] = {
        "grid": lambda: _product(counts),
        "list": lambda: max((len(f.values) for f in factors), default=1),
        "one-at-a-time": lambda: 1 + sum(ends),
        "full-factorial": lambda: 2 ** len(factors),
        "fractional-factorial": lambda: 2 ** len(_words(len(factors), design.resolution)[0]) if factors else 1,
        "sobol-indices": lambda: (design.points or 0) * (len(factors) + 2),
    }
    return sizes.get(design.kind, lambda: design.points or 0)()


def _product(counts: Sequence[int]) -> int:
    result = 1
    for count in counts:
        result *= count
    return result


def design_points(
    design: DesignWords, words: Sequence[FactorWords], factors: Sequence[Factor], seed: int
) -> list[Setting]:
    """The settings of a design, in a fixed order."""
    rows = LAYOUTS[design.kind](design, words, factors, seed)
    return [dict(zip((f.entry for f in factors), row, strict=True)) for row in rows]


Rows = Iterator[tuple[Any, ...]]


def _grid(design: DesignWords, words: Sequence[FactorWords], factors: Sequence[Factor], seed: int) -> Rows:
    steps = [
        f.levels or tuple(_between(f, k / (w.steps - 1)) for k in range(w.steps))
        for f, w in zip(factors, words, strict=True)
    ]
    yield from product(
        *(dict.fromkeys(values) if f.kind != CATEGORY else values for f, values in zip(factors, steps, strict=True))
    )


def _between(factor: Factor, share: float) -> Any:
    low, high = factor.range
    value = low + share * (high - low)
    return value if factor.kind == NUMBER else round(value)


def _list(design: DesignWords, words: Sequence[FactorWords], factors: Sequence[Factor], seed: int) -> Rows:
    lengths = {f.entry: len(f.values) for f in words}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        raise ScenarioError(
            msg(
                "a list takes the first values of all factors together, then the second; they have {counts}",
                counts=listed((f"{entry} {count}" for entry, count in lengths.items()), ", "),
            )
        )
    yield from zip(*(f.levels for f in factors), strict=True)


def _sample(design: DesignWords, words: Sequence[FactorWords], factors: Sequence[Factor], seed: int) -> Rows:
    """Points of the unit cube, read off each factor's range."""
    from scipy.stats import qmc

    assert design.points is not None
    if design.kind == "sobol-indices":
        cube = radial_points(design.points, len(factors), seed)
    elif design.kind == "sobol":
        cube = qmc.Sobol(len(factors), rng=seed).random(design.points)
    else:
        cube = qmc.LatinHypercube(len(factors), rng=seed).random(design.points)
    for row in cube:
        yield tuple(f.at(float(share)) for f, share in zip(factors, row, strict=True))


def _one_at_a_time(design: DesignWords, words: Sequence[FactorWords], factors: Sequence[Factor], seed: int) -> Rows:
    base = tuple(f.base for f in factors)
    yield base
    for k, factor in enumerate(factors):
        for value in factor.levels or factor.ends():
            if value != factor.base:
                yield (*base[:k], value, *base[k + 1 :])


def _full(design: DesignWords, words: Sequence[FactorWords], factors: Sequence[Factor], seed: int) -> Rows:
    yield from product(*(factor.ends() for factor in factors))


def _fraction(design: DesignWords, words: Sequence[FactorWords], factors: Sequence[Factor], seed: int) -> Rows:
    """Runs are the corners of a cube of the basic factors; every factor is low or high as a product of some of them says."""
    basic, columns = _words(len(factors), design.resolution)
    for corner in product((0, 1), repeat=len(basic)):
        run = sum(bit << place for place, bit in enumerate(reversed(corner)))
        yield tuple(f.ends()[(run & word).bit_count() % 2] for f, word in zip(factors, columns, strict=True))


def _words(factors: int, resolution: int) -> tuple[list[int], list[int]]:
    """Basic factors, and for each factor the product of them that it follows, as bits; in as few runs as greed finds.

    A design has this resolution where no fewer columns multiply to a constant. Taking the least word that keeps to it
    is a lexicographic code (Conway & Sloane 1986); basic factors stand first.
    """
    bits = 1
    while True:
        taken: list[int] = [1 << place for place in range(min(bits, factors))]
        for word in range(1, 1 << bits):
            if len(taken) == factors:
                break
            if word not in taken and _independent(taken, word, resolution):
                taken.append(word)
        if len(taken) == factors and bits <= max(factors, 1):
            return [1 << place for place in range(bits)], taken
        bits += 1


def _independent(taken: Sequence[int], word: int, resolution: int) -> bool:
    """Tell if no product of fewer than `resolution` columns is a constant once this one joins."""
    for size in range(1, resolution - 1):
        for others in combinations(taken, size):
            combined = word
            for other in others:
                combined ^= other
            if combined == 0:
                return False
    return True


LAYOUTS: dict[str, Callable[[DesignWords, Sequence[FactorWords], Sequence[Factor], int], Rows]] = {
    "grid": _grid,
    "list": _list,
    **dict.fromkeys(SAMPLED, _sample),
    "one-at-a-time": _one_at_a_time,
    "full-factorial": _full,
    "fractional-factorial": _fraction,
}
