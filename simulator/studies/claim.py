"""The owner of a folder: the study that its manifest names, or where that is lost, its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError
from simulator.studies.blocks import origin_of
from simulator.studies.cutting import Stage
from simulator.studies.seal import Origin
from simulator.studies.store import ASIDE, BUFFERS, FAILED, LOCK, MANIFEST, PARTS_FOLDER, POINTS, PROGRESS, Store
from simulator.studies.study import Study

STUDY_FILES = {MANIFEST, POINTS, PROGRESS, FAILED, LOCK, PARTS_FOLDER, ASIDE, BUFFERS}


def stages_begun(study: Study, store: Store, lanes: int | None = None) -> list[Stage]:
    """Stages that a folder has begun of a study; refused where it holds something else.

    A manifest that is lost, or that came from elsewhere, decides nothing: then parts say whose the folder is, and how
    far it was.
    """
    manifest, mine = store.manifest(), origin_of(study)
    if manifest is not None and Origin.of(manifest) == mine:
        if manifest["cut"]["lanes"] != lanes:
            had = manifest["cut"]["lanes"]
            raise ScenarioError(
                msg(
                    "{address} is cut into blocks of {had} lanes, not {lanes}; keep to it",
                    address=store.address,
                    had=had,
                    lanes=f"{lanes}",
                )
            )
        return [*map(Stage.of, manifest["stages"])]
    parts = store.told_by_parts()
    own = [told for told in parts if Origin.of(told) == mine]
    if manifest is not None and (not own or any(Origin.of(told) == Origin.of(manifest) for told in parts)):
        _refuse(store, mine, manifest)
    if parts and not own:
        _refuse(store, mine, parts[0])
    if not own and not _may_be_taken(store):
        raise ScenarioError(
            msg("{address} holds no results of sop sweep; name a new or an empty folder", address=store.address)
        )
    return _chained(own, study.most_replications)


def _refuse(store: Store, mine: Origin, told: Mapping[str, Any]) -> None:
    """Say what the folder holds instead."""
    other = Origin.of(told)
    if other.key != mine.key:
        same, name = other.name == mine.name, repr(other.name)
        held = msg("another state of the study {name}", name=name) if same else msg("the study {name}", name=name)
        raise ScenarioError(
            msg(
                "{address} holds {what}; name another folder for {name}",
                address=store.address,
                what=held,
                name=repr(mine.name),
            )
        )
    what = next(each for each, here in mine.made_with.items() if other.made_with.get(each) != here)
    raise ScenarioError(
        msg(
            "{address} was made with {what} {there}, here it is {here}; results would not repeat to the bit, so name another folder",
            address=store.address,
            what=what,
            there=f"{other.made_with.get(what)}",
            here=f"{mine.made_with[what]}",
        )
    )


def _may_be_taken(store: Store) -> bool:
    """Tell if a folder holds only files of a sweep; a manifest alone may be that of any program."""
    held = store.held()
    return held <= STUDY_FILES and (MANIFEST not in held or bool(held & {POINTS, PARTS_FOLDER}))


def _chained(parts: list[dict[str, Any]], most: int) -> list[Stage]:
    """Stages of all points as parts tell them, one after the other; those of some points follow from what these found."""
    spans = {(told["stage"][0], told["stage"][1]) for told in parts if told["stage"]}
    stages: list[Stage] = []
    done = 0
    while ends := [stop for start, stop in spans if start == done and stop <= most]:
        stages.append(Stage(None, done, min(ends)))
        done = min(ends)
    return stages
