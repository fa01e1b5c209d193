"""The store of a study: a folder, here or at any address that fsspec knows, with a manifest, the points and the parts."""

from __future__ import annotations

import errno
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.experiments.parts import DamagedPartError, Part, packed, unpacked
from simulator.units import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

MANIFEST, POINTS, PROGRESS, FAILED, LOCK, PARTS = (
    "manifest.json", "points.parquet", "progress.json", "failed.json", "writer.lock", "parts",
)  # fmt: skip


class Store:
    """One folder of one study. Parts are committed whole or not at all, and found again by the key of their block."""

    def __init__(self, address: str | Path) -> None:
        from fsspec.core import url_to_fs

        self.address = str(address)
        try:
            self.fs, self.root = url_to_fs(self.address)
        except (ValueError, ImportError) as error:
            raise ScenarioError(f"{self.address} is no folder that results can go to: {error}") from None
        self.local = "file" in (self.fs.protocol if isinstance(self.fs.protocol, tuple) else (self.fs.protocol,))
        if self.local and Path(self.root).exists() and not Path(self.root).is_dir():
            raise ScenarioError(f"{self.address} is a file; name a folder for the results")

    def path(self, *names: str) -> str:
        """Where something of the store lies."""
        return "/".join([self.root.rstrip("/"), *names])

    # --- bytes ---

    def write(self, content: bytes, *names: str) -> None:
        """Put a file in its place, whole or not at all."""
        path = self.path(*names)
        try:
            if not self.local:
                self.fs.pipe_file(path, content)  # an object store shows an object when all of it is there
                return
            _put(path, content)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                told = "the disk is full; make room and give the same command again, nothing finished is lost"
                raise OSError(error.errno, told, self.address) from None
            raise ScenarioError(f"{self.address} cannot be written to: {error.strerror or error}") from None

    def read(self, *names: str) -> bytes | None:
        """The content of a file; nothing if it is not there."""
        try:
            content: bytes = self.fs.cat_file(self.path(*names))
            return content
        except (FileNotFoundError, NotADirectoryError):
            return None

    def note(self, content: Any, name: str) -> None:
        """Write down something small that people may read, too."""
        self.write(json.dumps(content, indent=1, default=str).encode() + b"\n", name)

    def noted(self, name: str) -> Any:
        """What was written down; nothing if it is not there or no longer readable."""
        content = self.read(name)
        try:
            return json.loads(content) if content is not None else None
        except ValueError:
            return None

    # --- manifest and points ---

    def manifest(self) -> dict[str, Any] | None:
        """What study the folder holds; nothing in a new one."""
        manifest = self.noted(MANIFEST)
        if manifest is None:
            if self.read(MANIFEST) is not None:
                lost = f"{self.address}: {MANIFEST} is damaged; delete it and give the same command again"
                raise ScenarioError(f"{lost}, parts that are finished are found again")
            if not self._holds_only_ours():
                raise ScenarioError(f"{self.address} holds no results of sop sweep; name a new or an empty folder")
            return None
        if not isinstance(manifest, dict) or manifest.get("made_by") != "sop sweep":
            raise ScenarioError(f"{self.address} holds no results of sop sweep; name a new or an empty folder")
        return manifest

    def _holds_only_ours(self) -> bool:
        try:
            held = [str(entry).rstrip("/").rpartition("/")[2] for entry in self.fs.ls(self.root, detail=False)]
        except (FileNotFoundError, NotADirectoryError):
            return True
        return {*held} <= {POINTS, PROGRESS, FAILED, LOCK, PARTS}

    def write_points(self, table: pd.DataFrame) -> None:
        """The settings of all points, for whoever reads the parts."""
        out = io.BytesIO()
        table.to_parquet(out, index=False)
        self.write(out.getvalue(), POINTS)

    def points(self) -> pd.DataFrame:
        """Point and factors."""
        import pandas as pd

        content = self.read(POINTS)
        if content is None:
            raise ScenarioError(f"{self.address} has lost its table of points; run sop sweep again")
        return pd.read_parquet(io.BytesIO(content))

    # --- parts ---

    def commit(
        self, key: str, part: Part, policies: Sequence[str], measures: Sequence[str], about: Mapping[str, Any]
    ) -> None:
        """Make a block's results visible; committing it twice changes nothing."""
        self.write(packed(part, policies, measures, {**about, "key": key}), PARTS, key[:2], f"{key}.parquet")

    def committed(self) -> set[str]:
        """Blocks that are committed."""
        try:
            found = self.fs.find(self.path(PARTS))
        except (FileNotFoundError, NotADirectoryError):
            return set()
        return {name[:-8] for path in found if (name := path.rpartition("/")[2]).endswith(".parquet")}

    def tidy(self) -> None:
        """Take away what a killed writer left half-written."""
        for half in Path(self.root).rglob("*.part") if self.local else ():
            half.unlink(missing_ok=True)

    def part(self, key: str, policies: Sequence[str], measures: Sequence[str]) -> tuple[Part, int]:
        """A block's rows and their digest; DamagedPartError if they cannot be trusted."""
        content = self.read(PARTS, key[:2], f"{key}.parquet")
        if content is None:
            raise DamagedPartError("it is not there")
        return unpacked(content, policies, measures)

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
        from simulator.experiments.turn import taken

        try:
            os.makedirs(self.root, exist_ok=True)
            lock = open(self.path(LOCK), "a+")  # noqa: SIM115 (held below, for as long as the folder is)
        except OSError as error:
            raise ScenarioError(f"{self.address} cannot be written to: {error.strerror or error}") from None
        with lock:
            if not taken(lock):
                raise ScenarioError(
                    f"{self.address} is being written to by another sop sweep; wait for it, or name another folder"
                )
            yield


def _put(path: str, content: bytes) -> None:
    """Write a file beside its place, then put it there in one step."""
    beside = f"{path}.{os.getpid()}.part"
    try:
        try:
            Path(beside).write_bytes(content)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            Path(beside).write_bytes(content)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
