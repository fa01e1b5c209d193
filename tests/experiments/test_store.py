"""A store proves that what it reads belongs to it; whatever happens to its files is told, and mended by the same command."""

import json
import os
import shutil

import numpy as np
import pytest
from bakery import study
from click.testing import CliRunner

from benchmarks.damages import BASES, DAMAGES, prepared_folder, tried
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.studies.results import Results
from simulator.studies.seal import DamagedError, Origin, as_json, from_json
from simulator.studies.store import Store
from simulator.studies.sweep import sweep

ORIGIN = Origin("k", "bakery", {"numpy": "2"})


@pytest.fixture(scope="module")
def goods():
    """Folders to damage."""
    with prepared_folder() as found:
        yield found


@pytest.mark.parametrize("number", range(0, (len(DAMAGES) + 1) * len(BASES), len(BASES)))
def test_a_damage_is_told_and_mended(goods, number):
    """One of each kind, on folders of one stage, of several, and of an open end; benchmarks/hardships.py does a thousand."""
    kind, faults = tried(goods, number + number // len(BASES) % len(BASES))
    assert not faults, kind


@pytest.fixture
def out(tmp_path):
    """A finished folder."""
    sweep(study(tmp_path), tmp_path / "out", workers=1, lanes=20)
    return tmp_path / "out"


def swept(folder, **changes):
    """The same command again."""
    return sweep(study(folder.parent, **changes), folder, workers=1, lanes=20)


def told(folder, *words):
    """Status and words of `sop results`."""
    said = CliRunner().invoke(main, ["results", str(folder), *words])
    assert isinstance(said.exception, SystemExit | None)
    return said.exit_code, said.output


def test_a_seal_finds_every_flipped_bit():
    """Each of them, wherever it is: in the words, in the seal, around it."""
    content = as_json("manifest.json", ORIGIN, {"note": '"seal": "', "seed": 3})
    assert from_json("manifest.json", content)["seed"] == 3
    for place in range(8 * len(content)):
        hurt = bytearray(content)
        hurt[place // 8] ^= 1 << place % 8
        with pytest.raises(DamagedError):
            from_json("manifest.json", bytes(hurt))


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("progress.json", as_json("failed.json", ORIGIN, {}), "it is failed.json"),
        ("failed.json", None, "it is missing"),
        ("failed.json", b"", "it is not what was written"),
    ],
)
def test_a_file_is_held_against_its_place(file, content, sentence):
    """A good file in another's place is as bad as a broken one."""
    with pytest.raises(DamagedError, match=sentence):
        from_json(file, content)


def test_a_file_of_elsewhere_is_named_by_what_differs():
    """Study, versions, processor."""
    for other, sentence in (
        ({"key": "other"}, "another study, or to another state"),
        ({"made_with": {"numpy": "1"}}, "made with numpy 1, not 2"),
    ):
        with pytest.raises(DamagedError, match=sentence):
            ORIGIN.refuse_other({"key": "k", "name": "bakery", "made_with": {"numpy": "2"}, **other})


def test_an_edited_study_does_not_take_over_the_parts_of_the_old_one(out):
    """The manifest is lost and the seed was changed: refused; with the old seed everything is found again."""
    good = Results(out)
    (out / "manifest.json").unlink()
    with pytest.raises(ScenarioError, match="holds another state of the study 'bakery'; name another folder"):
        swept(out, seed=6)
    assert told(out)[0] == 2
    assert "manifest.json: it is missing; run sop sweep on its study again" in told(out)[1]
    times = {part: part.stat().st_mtime_ns for part in out.rglob("parts/*/*.parquet")}
    assert swept(out).content == good.content
    assert {part: part.stat().st_mtime_ns for part in times} == times


def test_strangers_are_left_out_told_and_set_aside(out):
    """All parts of another seed beside ours: means are ours, status 1, and nothing is thrown away."""
    good = Results(out).mean("fill_rate")
    sweep(study(out.parent, seed=6), out.parent / "other", workers=1, lanes=20)
    shutil.copytree(out.parent / "other" / "parts", out / "parts", dirs_exist_ok=True)
    strangers = len(Store(out.parent / "other").parts())
    status, words = told(out)
    assert status == 1
    assert f"{strangers} files that are no part of this study" in words
    assert "84 of 84 runs; content" in words
    assert Results(out).mean("fill_rate").equals(good)
    assert swept(out).mean("fill_rate").equals(good)
    assert told(out, "--check")[0] == 0
    assert len([*(out / "set-aside").rglob("*.parquet")]) == strangers


def test_a_part_over_its_neighbour_is_found_and_made_anew(out):
    """Never more runs than wanted, never the wrong hash for ever."""
    good = Results(out).content
    one, other, *_ = sorted(out.rglob("parts/*/*.parquet"))
    shutil.copy(one, other)
    status, words = told(out)
    assert status == 1
    assert f"{other.name} (it is parts/{one.parent.name}/{one.name})" in words
    assert "-" not in words.split(" are missing")[0].rsplit("; ", 1)[1]
    assert swept(out).content == good


def test_points_in_another_order_are_refused(out):
    """They say what a point is: without them there is nothing to show."""
    import pandas as pd

    good = Results(out).points
    pd.read_parquet(out / "points.parquet").iloc[::-1].to_parquet(out / "points.parquet", index=False)
    status, words = told(out, "--check")
    assert status == 2
    assert words.count("\n") == 1
    assert "points.parquet: it is not what was written; run sop sweep on its study again with --out" in words
    swept(out)
    assert Results(out).points.equals(good)
    (out / "points.parquet").unlink()
    assert "points.parquet: it is missing" in told(out)[1]
    assert swept(out).points.equals(good)


def test_a_deleted_part_is_missing_but_one_that_was_never_made_is_not(out):
    """A sweep that was stopped is not damaged."""
    lost = next(out.rglob("parts/*/*.parquet"))
    lost.unlink()
    status, words = told(out)
    assert status == 1
    assert f"1 file that is missing: parts/{lost.parent.name}/{lost.name}" in words
    store = Store(out)
    store.note("progress.json", Results(out).origin, {**Results(out).progress, "state": "stopped"})
    status, words = told(out)
    assert status == 0
    assert "are missing, sop sweep goes on with them" in words


def test_no_run_is_asked_for_twice(tmp_path):
    """Some points precise at 30, then all wanted at 40: each goes on from where it is, to the rows of a run at once."""
    precise = {"half_width": {"fill_rate": 0.012}, "at_least": 5, "at_most": 40}
    some = swept(tmp_path / "out", replications=precise)
    counts = some.mean("fill_rate").groupby("point")["replications"].first()
    assert counts.nunique() > 1
    more = swept(tmp_path / "out", replications=40)
    assert more.runs == more.runs_wanted == 6 * 2 * 40
    assert more.content == swept(tmp_path / "whole", replications=40).content


def test_stages_are_found_again_in_the_parts(tmp_path):
    """Grown from 3 to 7, the manifest lost: nothing is run again."""
    swept(tmp_path / "out", replications=3)
    good = swept(tmp_path / "out")
    manifest = (tmp_path / "out" / "manifest.json").read_bytes()
    (tmp_path / "out" / "manifest.json").write_bytes(manifest[:100])

    def nobody(*work):
        raise AssertionError("nothing is missing")

    again = sweep(study(tmp_path), tmp_path / "out", workers=1, lanes=20, do=nobody)
    assert again.content == good.content
    assert (tmp_path / "out" / "manifest.json").read_bytes() == manifest


def test_the_manifest_says_how_far_the_study_goes_now(tmp_path):
    """Asked for more replications, its words say so, too."""
    swept(tmp_path / "out", replications=3)
    assert swept(tmp_path / "out").study.words["replications"] == 7


def test_a_folder_of_somebody_else_stays_as_it_is(tmp_path):
    """Any program may have a manifest.json; ours is known by what lies beside it."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text(json.dumps({"name": "a web page"}))
    with pytest.raises(ScenarioError, match="holds no results of sop sweep; name a new or an empty folder"):
        swept(tmp_path / "out")
    assert os.listdir(tmp_path / "out") == ["manifest.json"]


def test_a_sweep_killed_at_its_first_file_goes_on(tmp_path):
    """What is half-written is nobody's."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json.123.part").write_bytes(b"{")
    (tmp_path / "out" / "writer.lock").touch()
    assert swept(tmp_path / "out").runs == 84
    assert not list((tmp_path / "out").rglob("*.part"))


def test_a_file_reaches_the_disk_before_its_name_does(tmp_path, monkeypatch):
    """Written, settled, named, and the folder settled: after a power cut it is whole or not there."""
    done = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, real=real, name=name: (done.append(name), real(*a))[1])
    Store(tmp_path).write(b"x", "parts/ab/abc.parquet")
    assert done[-3:] == ["fsync", "replace", "fsync"]


def test_rows_of_a_part_are_those_of_its_block(out):
    """A good seal on other rows, as no sweep writes it, is refused all the same."""
    found = Results(out)
    block = next(found.cut.blocks(found.stages[0]))
    part, _ = found.store.part(block, found.origin, found.study.policies, found.study.measures)
    part.replication = np.roll(part.replication, 1)
    found.store.commit(block, part, found.origin, found.study.policies, found.study.measures, {"stage": None})
    assert [*Results(out).damaged.values()] == ["its rows are not those of its block"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_does_not_hold_anybody_up(out):
    """A pipe in place of a part, a folder in place of the manifest."""
    part = next(out.rglob("parts/*/*.parquet"))
    part.unlink()
    os.mkfifo(part)
    assert Results(out).runs < 84
    assert swept(out).runs == 84
    (out / "manifest.json").unlink()
    (out / "manifest.json").mkdir()
    assert "manifest.json: it is not what was written" in told(out)[1]
