"""A part of the store: the results of one block as Parquet, with a hash of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernel.messages import msg
from simulator.kernel.units import Array
from simulator.studies.cutting import Block
from simulator.studies.seal import DamagedError, Origin, as_parquet, label_of

KEYS = ("point", "policy", "replication")
Bits = NDArray[np.uint64]


@dataclass
class ResultPart:
    """Rows by point, policy and replication; (measures, rows) of values."""

    point: NDArray[np.int32]
    policy: NDArray[np.int32]  # its place in the study
    replication: NDArray[np.int64]
    values: Array

    def digest(self) -> int:
        """A sum of hashes of the rows: the same however rows are ordered and cut into parts; sums of parts add up."""
        state = [np.zeros(len(self.point), dtype=np.uint64), np.full(len(self.point), 1, dtype=np.uint64)]
        for column in (self.point, self.policy, self.replication):
            state = [_stirred(s, column.astype(np.uint64)) for s in state]
        for row in self.values:
            bits = np.where(np.isnan(row), np.nan, row).view(np.uint64)  # one bit pattern for all that is no number
            state = [_stirred(s, bits) for s in state]
        high, low = (int(np.add.reduce(s, dtype=np.uint64)) for s in state)
        return high << 64 | low


def _stirred(state: Bits, more: Bits) -> Bits:
    """One round of a 64-bit mixing function (SplitMix64; Steele, Lea & Flood 2014) for each row."""
    mixed = (state ^ more) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def rows_digest(digests: Sequence[int]) -> int:
    """The digest of all rows of several parts."""
    high = sum(d >> 64 for d in digests) % 2**64
    return high << 64 | sum(d % 2**64 for d in digests) % 2**64


def packed_part(
    part: ResultPart,
    file: str,
    origin: Origin,
    policies: Sequence[str],
    measures: Sequence[str],
    about: Mapping[str, Any],
) -> bytes:
    """A part as a Parquet file that other programs read: point, policy by name, replication, a column a measure."""
    import pyarrow as pa

    names = pa.DictionaryArray.from_arrays(pa.array(part.policy), pa.array(list(policies)))
    columns = [pa.array(part.point), names, pa.array(part.replication), *map(pa.array, part.values)]
    table = pa.Table.from_arrays(columns, names=[*KEYS, *measures])
    return as_parquet(
        file, origin, table, {**about, "rows": len(part.point), "digest": f"{part.digest():032x}"},
        use_dictionary=["policy"], write_statistics=["point", "replication"], write_page_checksum=True,
    )  # fmt: skip


def unpacked_part(
    content: bytes | None, file: str, origin: Origin, block: Block, policies: Sequence[str], measures: Sequence[str]
) -> tuple[ResultPart, int]:
    """The rows of a block and their digest; refused where the file is not that block's, whole, from that origin."""
    told = label_of(file, content)
    origin.refuse_other(told)
    part, digest = _rows(content, policies, measures), int(told["digest"], 16)
    points, places, numbers = block.rows(len(policies))
    alike = np.array_equal(part.point, points) and np.array_equal(part.policy, places)
    if not alike or not np.array_equal(part.replication, numbers) or part.digest() != digest:
        raise DamagedError(msg("its rows are not those of its block"))
    return part, digest


def _rows(content: bytes | None, policies: Sequence[str], measures: Sequence[str]) -> ResultPart:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(content), columns=[*KEYS, *measures], use_threads=False)
    place = {name: k for k, name in enumerate(policies)}
    column = table["policy"].combine_chunks()
    places = np.array([place[name] for name in column.dictionary.to_pylist()], dtype=np.int32)
    return ResultPart(
        table["point"].to_numpy().astype(np.int32, copy=False),
        places[column.indices.to_numpy()],
        table["replication"].to_numpy(),
        np.array([table[name].to_numpy() for name in measures]).reshape(len(measures), -1),
    )
