"""Damages to a results folder: what can happen to each kind of file, and whether what is shown and mended stays true."""

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pandas as pd
from click.testing import CliRunner, Result

from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.studies.blocks import maker_of_results
from simulator.studies.results import Results
from simulator.studies.sweep import sweep

STUDY = """
scenario = "textbook/w2"
policies = ["order-up-to"]
replications = {replications}
measures = ["fill_rate", "stock_value"]
seed = {seed}
changes = {{ "experiment.months" = 3, "experiment.warm_up" = 1 }}
[[factors]]
entry = "policy.products.fraction"
values = {values}
[[factors]]
entry = "segments.customers.patience"
values = [1, 4]
"""
VALUES, REPLICATIONS, SEED = "[0.3, 0.5, 0.9]", "30", 3
PRECISE = "{ half_width = { fill_rate = 0.004 }, at_least = 20, at_most = 60 }"
BASES = ("fixed", "grown", "precise")
NOTES = ("failed.json", "progress.json")


def written(values: str = VALUES, replications: str = REPLICATIONS, seed: int = SEED) -> None:
    """Write the study file, here."""
    Path("study.toml").write_text(STUDY.format(values=values, replications=replications, seed=seed), encoding="utf-8")


@dataclass
class Good:
    """A folder as a sweep left it, and what it says."""

    folder: Path
    replications: str
    content: str
    rows: set[tuple[Any, ...]]
    study: object


def rows_of(results: Results) -> set[tuple[Any, ...]]:
    """Every value with the settings that it stands for."""
    table = results.table().merge(results.points, on=["point", "policy"]).fillna("none")
    return set(table.itertuples(index=False, name=None))


def prepared() -> dict[str, Good]:
    """The folders to damage, and others that are of another seed, study, version and processor."""
    for seed, name in ((SEED, "fixed"), (SEED + 1, "seed")):
        written(seed=seed)
        sweep("study.toml", name, workers=1)
    written(values="[0.2, 0.5, 0.8]")
    sweep("study.toml", "study", workers=1)
    for what in ("numpy", "processor"):
        other = {**maker_of_results(), what: "another"}
        written()
        with (
            patch("simulator.studies.blocks.maker_of_results", lambda other=other: other),
            patch("simulator.studies.sweep.maker_of_results", lambda other=other: other),
        ):
            sweep("study.toml", what, workers=1)
    written(replications="12")
    sweep("study.toml", "grown", workers=1)
    written()
    sweep("study.toml", "grown", workers=1)
    written(replications=PRECISE)
    sweep("study.toml", "precise", workers=1)
    asked = {"fixed": REPLICATIONS, "grown": REPLICATIONS, "precise": PRECISE}
    found = {name: Results(name) for name in BASES}
    assert found["fixed"].content == found["grown"].content
    assert len(found["precise"].stages) > 1
    return {n: Good(Path(n), asked[n], r.content, rows_of(r), r.study) for n, r in found.items()}


# --- what happens to a folder: each gives a name that must be told afterwards, or nothing if no harm is done ---------

Luck = random.Random
Damage = Callable[[Path, Luck], str | None]


def _parts(folder: Path) -> list[Path]:
    return sorted((folder / "parts").rglob("*.parquet"))


def _any(folder: Path, luck: Luck) -> Path:
    """A file, each kind as often as the others."""
    others = [file for name in ("points.parquet", "manifest.json", *NOTES) if (file := folder / name).exists()]
    return luck.choice([luck.choice(_parts(folder)), *others])


def _bytes(change: Callable[[bytearray, Luck], bytearray]) -> Damage:
    def damage(folder: Path, luck: Luck) -> str:
        file = _any(folder, luck)
        file.write_bytes(change(bytearray(file.read_bytes()), luck))
        return file.name

    return damage


def _flipped(content: bytearray, luck: Luck) -> bytearray:
    content[luck.randrange(len(content))] ^= 1 << luck.randrange(8)
    return content


def _zeroed(content: bytearray, luck: Luck) -> bytearray:
    place, length = luck.randrange(len(content)), luck.randint(1, 200)
    return _flipped(content[:place] + bytes(len(content[place : place + length])) + content[place + length :], luck)


def _deleted(folder: Path, luck: Luck) -> str | None:
    file = _any(folder, luck)
    file.unlink()
    return None if file.name in NOTES else file.name


def _renamed(folder: Path, luck: Luck) -> str | None:
    file = _any(folder, luck)
    file.rename(file.with_name(f"{luck.randrange(1 << 32):032x}{file.suffix}"))
    return None if file.name in NOTES else file.name


def _overwritten(folder: Path, luck: Luck) -> str:
    """Any file by any other of the folder."""
    file = _any(folder, luck)
    other = luck.choice([f for f in folder.rglob("*.*") if f.is_file() and f != file and f.name != "writer.lock"])
    shutil.copy(other, file)
    return file.name


def _swapped(folder: Path, luck: Luck) -> str:
    one, other = luck.sample(_parts(folder), 2)
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)
    return luck.choice([one, other]).name


def _copied(folder: Path, luck: Luck) -> str:
    """A part once more under a name of its own."""
    copy = folder / "parts" / "ab" / f"ab{luck.randrange(1 << 32):030x}.parquet"
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(luck.choice(_parts(folder)), copy)
    return copy.name


def _foreign(folder: Path, luck: Luck) -> str:
    """A part of another seed or study, under its own name, or over ours of the same runs: only its label tells them apart."""
    theirs = _parts(folder.parent / luck.choice(["seed", "study"]))
    part = luck.choice(theirs)
    to = folder / "parts" / part.parent.name / part.name
    if luck.random() < 0.7:
        to = luck.choice(_parts(folder))
        part = next((each for each in theirs if _runs(each) == _runs(to)), part)
    to.parent.mkdir(exist_ok=True)
    shutil.copy(part, to)
    return to.name


def _runs(part: Path) -> list[list[int]]:
    """Points and replications of a part."""
    rows: list[list[int]] = pd.read_parquet(part)[["point", "replication"]].to_numpy().tolist()
    return rows


def _elsewhere(folder: Path, luck: Luck) -> str:
    """A part, the points or the manifest of another version or processor, seed or study, in place of ours."""
    other = folder.parent / luck.choice(["numpy", "processor", "seed", "study"])
    name = luck.choice(["points.parquet", "manifest.json", *NOTES, "part"])
    if name != "part":
        shutil.copy(other / name, folder / name)
        return "" if name == "manifest.json" else name
    ours = [p for p in _parts(folder) if (other / p.relative_to(folder)).exists()] or _parts(folder)
    theirs = other / (file := luck.choice(ours)).relative_to(folder)
    shutil.copy(theirs if theirs.exists() else _parts(other)[0], file)
    return file.name


def _mixed(folder: Path, luck: Luck) -> str:
    """All parts of another folder copied in."""
    other = folder.parent / luck.choice(["seed", "study"])
    shutil.copytree(other / "parts", folder / "parts", dirs_exist_ok=True)
    return _parts(other)[0].name


def _reordered(folder: Path, luck: Luck) -> str:
    """Rows of a table in another order, by another program; sometimes a value put in another row."""
    file = luck.choice([folder / "points.parquet", luck.choice(_parts(folder))])
    table = pd.read_parquet(file)
    if luck.random() < 0.5:
        table = table.sample(frac=1.0, random_state=luck.randrange(1 << 30))
    else:
        table[table.columns[-1]] = table[table.columns[-1]].to_numpy()[::-1]
    table.to_parquet(file, index=False)
    return file.name


def _edited(folder: Path, luck: Luck) -> str:
    """The manifest changed by hand."""
    file = folder / "manifest.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    study = told["study"]
    edits: list[Callable[[], Any]] = [
        lambda: told.pop(luck.choice([*told])),
        lambda: told["stages"].append({"points": None, "start": 0, "stop": luck.randint(1, 99)}),
        lambda: told["stages"][0].update(stop=luck.randint(1, 19)),
        told["stages"].clear,
        lambda: study.update(seed=luck.randint(100, 999)),
        study["measures"].reverse,
        lambda: study.update(policies=["chase"]),
        study["factors"].reverse,
        lambda: study["words"].update(note=f"{luck.random()}"),
        lambda: study.update(scenario="giftware"),
        lambda: told["made_with"].update(numpy="9.9"),
        lambda: told.update(key="0" * 64),
        lambda: told.update(name="cakes"),
        lambda: told["cut"].update(points=luck.randint(7, 99)),
    ]
    luck.choice(edits)()
    file.write_text(json.dumps(told, indent=luck.choice([1, 2])), encoding="utf-8")
    return file.name


def _several(folder: Path, luck: Luck) -> str:
    """Three at once, and the manifest gone: the most that parts have to make good for."""
    for name in luck.sample(
        ["bit flipped", "end cut", "parts swapped", "part copied", "foreign part", "folders mixed"], 3
    ):
        DAMAGES[name](folder, luck)
    (folder / "manifest.json").unlink()
    return "manifest.json"


DAMAGES: dict[str, Damage] = {
    "bit flipped": _bytes(_flipped),
    "end cut": _bytes(lambda content, luck: content[: luck.randrange(len(content))]),
    "range zeroed": _bytes(_zeroed),
    "bytes appended": _bytes(lambda content, luck: content + luck.randbytes(luck.randint(1, 99))),
    "deleted": _deleted, "renamed": _renamed, "overwritten": _overwritten, "parts swapped": _swapped,
    "part copied": _copied, "foreign part": _foreign, "of elsewhere": _elsewhere, "folders mixed": _mixed,
    "rows reordered": _reordered, "manifest edited": _edited, "several": _several,
}  # fmt: skip


# --- what must be true afterwards ------------------------------------------------------------------------------------


def sop(*words: str) -> Result:
    """A command, here."""
    return CliRunner().invoke(main, list(words))


def told_wrongly(good: Good, name: str | None) -> Iterator[str]:
    """List the faults in how `sop results` speaks of a damaged folder, and in what it shows."""
    said = sop("results", "out", "--csv", "--runs")
    if not isinstance(said.exception, SystemExit | None) or "fault of the program" in said.output:
        yield f"exception: {said.exception!r} {said.output[-200:]}"
        return
    if said.exit_code not in ((0, 1) if name is None else (1, 2)):
        yield f"status {said.exit_code}"
    if name is not None and name not in said.stderr:
        yield f"{name} is not named: {said.stderr}"
    if said.exit_code == 2:
        if said.stderr.count("\n") != 1 or said.stdout:
            yield f"more than a sentence: {said.output}"
        return
    results = Results("out")
    if not rows_of(results) <= good.rows or results.study != good.study:
        yield "silently wrong"
    if not 0 <= results.runs <= results.runs_wanted:
        yield f"{results.runs} of {results.runs_wanted} runs"


def mended_wrongly(good: Good, by_command: bool) -> Iterator[str]:
    """List the faults left after the same command was given again."""
    if by_command:
        again = sop("sweep", "study.toml", "--out", "out", "--workers", "1")
        if again.exit_code:
            yield f"not mended: {again.output}"
            return
    else:
        try:
            sweep("study.toml", "out", workers=1)
        except Exception as error:
            yield f"not mended: {error!r}"
            return
    if Results("out").content != good.content:
        yield "not mended to the same rows"
    check = sop("results", "out", "--check")
    if check.exit_code:
        yield f"still not whole: {check.output}"


def another_study_meanwhile(good: Good, luck: Luck) -> Iterator[str]:
    """The manifest is deleted, and the study was edited: the folder stays that of its parts."""
    Path("out/manifest.json").unlink()
    written(replications=good.replications, seed=luck.randint(10, 99))
    try:
        sweep("study.toml", "out", workers=1)
        yield "parts of another seed were gone on with"
    except ScenarioError as error:
        if "holds another state of the study 'study'; name another folder" not in str(error):
            yield str(error)
    written(replications=good.replications)
    yield from mended_wrongly(good, by_command=False)


@contextmanager
def prepared_folder(where: str | None = None) -> Iterator[dict[str, Good]]:
    """A folder to work in, with what is to be damaged."""
    with TemporaryDirectory(dir=where) as folder, chdir(folder):
        yield prepared()


def tried(goods: dict[str, Good], number: int) -> tuple[str, list[str]]:
    """Do one damage to a copy of a folder: its name, and all that went wrong. The number decides everything."""
    luck = random.Random(number)
    good = goods[BASES[number % len(BASES)]]
    kinds = [*DAMAGES, "study edited meanwhile"]
    kind = kinds[number // len(BASES) % len(kinds)]
    shutil.rmtree("out", ignore_errors=True)
    shutil.copytree(good.folder, "out")
    written(replications=good.replications)
    if kind not in DAMAGES:
        return kind, [*another_study_meanwhile(good, luck)]
    name = DAMAGES[kind](Path("out"), luck)
    return kind, [*told_wrongly(good, name), *mended_wrongly(good, by_command=luck.random() < 0.1)]


def damaged(trials: int) -> str:
    """So many damages over all kinds of files: silently wrong, exceptions, not named, not mended."""
    wrong, kinds = list[str](), Counter[str]()
    with prepared_folder() as goods:
        for number in range(trials):
            kind, faults = tried(goods, number)
            kinds[kind] += 1
            wrong += [f"{number} {kind}: {fault}" for fault in faults]
    faults = [sum(what in each for each in wrong) for what in ("silently wrong", "exception", "is not named", "mended")]
    told = "{} silently wrong, {} exceptions, {} not named, {} not mended".format(*faults)
    detail = "".join(f"\n  {each}" for each in wrong[:20])
    return f"{told}, {len(wrong)} faults in all of {trials} damages of {len(kinds)} kinds{detail}"
