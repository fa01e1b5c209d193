"""The store of a study: a folder, here or at any address that fsspec knows, with a manifest, the points and the parts."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError
from simulator.studies.cutting import Block
from simulator.studies.result_part import ResultPart, packed_part, unpacked_part
from simulator.studies.seal import DamagedError, Origin, as_json, as_parquet, from_json, label_of

if TYPE_CHECKING:
    import pandas as pd

MANIFEST, POINTS, PROGRESS, FAILED, LOCK, PARTS_FOLDER, ASIDE, BUFFERS = (
    "manifest.json", "points.parquet", "progress.json", "failed.json", "writer.lock", "parts", "set-aside", "buffers.json",
)  # fmt: skip

HALF = ".part"
"""What the name of a file ends in while it is written."""


class Store:
    """One folder of one study. Files are put there whole or not at all, and each is read only as what it should be."""

    def __init__(self, address: str | Path) -> None:
        from fsspec.core import url_to_fs

        self.address = str(address)
        try:
            self.fs, self.root = url_to_fs(self.address)
        except (ValueError, ImportError) as error:
            raise ScenarioError(
                msg("{address} is no folder that results can go to: {why}", address=self.address, why=f"{error}")
            ) from None
        self.local = "file" in (self.fs.protocol if isinstance(self.fs.protocol, tuple) else (self.fs.protocol,))
        if self.local and Path(self.root).exists() and not Path(self.root).is_dir():
            raise ScenarioError(msg("{address} is a file; name a folder for the results", address=self.address))

    def path(self, file: str) -> str:
        """Return the path of a file of the store."""
        return f"{self.root.rstrip('/')}/{file}"

    # --- bytes ---

    def write(self, content: bytes, file: str) -> None:
        """Put a file in its place, whole or not at all."""
        try:
            if self.local:
                _put(self.path(file), content)
            else:
                self.fs.pipe_file(self.path(file), content)  # an object store shows an object when all of it is there
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                told = str(msg("the disk is full; make room and give the same command again, nothing finished is lost"))
                raise OSError(error.errno, told, self.address) from None
            raise ScenarioError(
                msg("{name} cannot be written to: {why}", name=self.address, why=error.strerror or f"{error}")
            ) from None

    def read(self, file: str) -> bytes | None:
        """The content of a file; nothing if it is not there, no byte of one that the disk does not give back."""
        path = self.path(file)
        try:
            if self.local and os.path.exists(path) and not os.path.isfile(path):
                return b""
            content: bytes = self.fs.cat_file(path)
            return content
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if self.local:
                return b""
            raise ScenarioError(
                msg("{name} cannot be read: {why}", name=self.address, why=error.strerror or f"{error}")
            ) from None

    def note(self, file: str, origin: Origin, words: Mapping[str, Any]) -> None:
        """Write down something small that people may read, too."""
        self.write(as_json(file, origin, words), file)

    def noted(self, file: str) -> dict[str, Any]:
        """Read a note; refused where its seal does not fit."""
        return from_json(file, self.read(file))

    # --- manifest and points ---

    def manifest(self) -> dict[str, Any] | None:
        """Read the manifest, the study that the folder holds; None where it is missing or damaged."""
        try:
            return self.noted(MANIFEST)
        except DamagedError:
            return None

    def held(self) -> set[str]:
        """List the names in the folder, without files that a killed writer left half-written."""
        try:
            names = {str(path).rstrip("/").rpartition("/")[2] for path in self.fs.ls(self.root, detail=False)}
        except (FileNotFoundError, NotADirectoryError):
            return set()
        return {name for name in names if not name.endswith(HALF)}

    def write_points(self, table: pd.DataFrame, origin: Origin) -> None:
        """The settings of all points, for whoever reads the parts."""
        import pyarrow as pa

        made = pa.Table.from_pandas(table, preserve_index=False)
        self.write(as_parquet(POINTS, origin, made, {"rows": len(table)}), POINTS)

    def points(self, origin: Origin) -> pd.DataFrame:
        """Point and factors; refused where they are not those of this study."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        content = self.read(POINTS)
        origin.refuse_other(label_of(POINTS, content))
        table: pd.DataFrame = pq.read_table(pa.BufferReader(content)).to_pandas()
        return table

    # --- parts ---

    def commit(
        self, block: Block, part: ResultPart, origin: Origin, policies: Sequence[str], measures: Sequence[str],
        about: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Make a block's results visible; committing it twice changes nothing."""
        file = part_of(block, origin)
        self.write(packed_part(part, file, origin, policies, measures, about), file)

    def parts(self) -> set[str]:
        """Files that lie where parts do."""
        try:
            found = self.fs.find(self.path(PARTS_FOLDER))
        except (FileNotFoundError, NotADirectoryError):
            return set()
        start = len(self.path(""))
        return {str(path)[start:] for path in found if not str(path).endswith(HALF)}

    def part(
        self, block: Block, origin: Origin, policies: Sequence[str], measures: Sequence[str]
    ) -> tuple[ResultPart, int]:  # fmt: skip
        """A block's rows and their digest; DamagedError if they cannot be trusted."""
        file = part_of(block, origin)
        return unpacked_part(self.read(file), file, origin, block, policies, measures)

    def told_by_parts(self) -> list[dict[str, Any]]:
        """List the labels of the parts that are whole and in their own place."""
        found = []
        for file in sorted(self.parts()):
            try:
                found.append(label_of(file, self.read(file)))
            except DamagedError:
                continue
        return found

    def set_aside(self, files: set[str]) -> None:
        """Take out of the parts what does not belong there; nothing is thrown away."""
        for file in sorted(files):
            to = self.path(f"{ASIDE}/{file.removeprefix(f'{PARTS_FOLDER}/')}")
            self.fs.makedirs(to.rpartition("/")[0], exist_ok=True)
            self.fs.mv(self.path(file), to)

    def tidy(self) -> None:
        """Take away what a killed writer left half-written."""
        for half in Path(self.root).rglob(f"*{HALF}") if self.local else ():
            half.unlink(missing_ok=True)

    # --- one writer ---

    @contextmanager
    def only_writer(self) -> Iterator[None]:
        """Hold the folder against a second writer; the system lets go of it when its holder ends, however it ends.

        An address that is no folder of this machine cannot be held: there, two writers do the same work twice and
        commit the same parts.
        """
        if not self.local:
            yield
            return
        try:
            os.makedirs(self.root, exist_ok=True)
            lock = open(self.path(LOCK), "a+")  # noqa: SIM115 (held below, for as long as the folder is)
        except OSError as error:
            raise ScenarioError(
                msg("{name} cannot be written to: {why}", name=self.address, why=error.strerror or f"{error}")
            ) from None
        with lock:
            if not lock_taken(lock):
                raise ScenarioError(
                    msg(
                        "{address} is being written to by another sop sweep; wait for it, or name another folder",
                        address=self.address,
                    )
                )
            yield


def part_of(block: Block, origin: Origin) -> str:
    """The file of a block, named by a hash of what it is the result of."""
    key = block.key(origin.key)
    return f"{PARTS_FOLDER}/{key[:2]}/{key}.parquet"


def _put(path: str, content: bytes) -> None:
    """Write a file beside its place, then put it there in one step; it stays there if the power fails afterwards."""
    beside, folder = f"{path}.{os.getpid()}{HALF}", os.path.dirname(path)
    try:
        try:
            Path(beside).write_bytes(content)
        except FileNotFoundError:
            os.makedirs(folder, exist_ok=True)
            _settle(os.path.dirname(folder))
            Path(beside).write_bytes(content)
        _settle(beside)
        os.replace(beside, path)
        _settle(folder)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _settle(path: str) -> None:
    """Have the system write a file or a folder to the disk; Windows has no way to ask it for a folder."""
    if os.path.isdir(path):
        if os.name == "nt":
            return
        handle = os.open(path, os.O_RDONLY)
    else:
        handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lock_taken(lock: IO[str]) -> bool:
    """Take the turn on a file, which the system gives back when its holder ends, however it ends; no if somebody else has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    os.set_inheritable(lock.fileno(), False)
    return True
