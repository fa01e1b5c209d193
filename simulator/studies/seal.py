"""A seal: every file of a store holds a hash of its own bytes, and says what it is the result of and who made it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.kernel.messages import msg
from simulator.kernel.units import ToldError

if TYPE_CHECKING:
    import pyarrow as pa

META = b"sop"
"""Under which a Parquet file says what it is."""

MARK, FREE = b'"seal": "', b"0" * 64
"""Before the hash; what stands in its place while it is worked out."""


FORMAT = 2
"""How the files of a store are written."""


class DamagedError(ToldError):
    """A file is not what was written, or not the one that was asked for."""


@dataclass(frozen=True)
class Origin:
    """The origin of a file of a store: a study, and the versions and processor that made it."""

    key: str  # of the study
    name: str = field(compare=False)
    made_with: Mapping[str, Any]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Origin:
        """The origin that a file tells."""
        return cls(told["key"], told["name"], told["made_with"])

    def refuse_other(self, told: Mapping[str, Any]) -> None:
        """Refuse a file that came from elsewhere."""
        other = Origin.of(told)
        if other.key != self.key:
            raise DamagedError(msg("it belongs to another study, or to another state of this one"))
        for what, wanted in self.made_with.items():
            if other.made_with.get(what) != wanted:
                raise DamagedError(
                    msg(
                        "it was made with {what} {there}, not {wanted}",
                        what=what,
                        there=f"{other.made_with.get(what)}",
                        wanted=f"{wanted}",
                    )
                )


def sealed(content: bytes) -> bytes:
    """Write the hash of all bytes of a file into the last place that is kept free for it."""
    place = content.rindex(MARK + FREE) + len(MARK)
    return content[:place] + hashlib.sha256(content).hexdigest().encode() + content[place + len(FREE) :]


def refuse_broken(content: bytes | None, begins: bytes) -> bytes:
    """Refuse a file that is not there, is of another kind, or is not byte by byte what was written."""
    if content is None:
        raise DamagedError(msg("it is missing"))
    place = content.rfind(MARK) + len(MARK)
    seal, blank = content[place : place + len(FREE)], content[:place] + FREE + content[place + len(FREE) :]
    if not content.startswith(begins) or seal != hashlib.sha256(blank).hexdigest().encode():
        raise DamagedError(msg("it is not what was written"))
    return content


# --- texts and tables ------------------------------------------------------------------------------------------------


def as_json(file: str, origin: Origin, words: Mapping[str, Any]) -> bytes:
    """Something small that people may read, too."""
    return sealed(json.dumps(_labelled(file, origin, words), indent=1, default=str).encode() + b"\n")


def from_json(file: str, content: bytes | None) -> dict[str, Any]:
    """Read a note of a store, refused where it is broken or misplaced."""
    return _in_its_place(file, json.loads(refuse_broken(content, b"{")))


def as_parquet(file: str, origin: Origin, table: pa.Table, more: Mapping[str, Any], **how: Any) -> bytes:
    """A table that other programs read, with what it is."""
    import pyarrow.parquet as pq

    told = json.dumps(_labelled(file, origin, more)).encode()
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), META: told}), out, **how)
    return sealed(out.getvalue())


def label_of(file: str, content: bytes | None) -> dict[str, Any]:
    """Read the label of a Parquet file: its name, study and maker."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    told = pq.read_metadata(pa.BufferReader(refuse_broken(content, b"PAR1"))).metadata
    return _in_its_place(file, json.loads(told[META]))


def _labelled(file: str, origin: Origin, words: Mapping[str, Any]) -> dict[str, Any]:
    return {"format": FORMAT, "file": file, **asdict(origin), **words, "seal": FREE.decode()}


def _in_its_place(file: str, told: dict[str, Any]) -> dict[str, Any]:
    if told["format"] != FORMAT:
        raise DamagedError(msg("another version of sop wrote it"))
    if told["file"] != file:
        raise DamagedError(msg("it is {file}", file=told["file"]))
    return told
