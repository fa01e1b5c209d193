"""Simulate the examples that pages open with; `sop dashboard --examples` runs this.

`python -m dashboard.build months` makes those of one kind afresh.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Collection
from pathlib import Path

from dashboard import results, studies
from dashboard.asks import EXAMPLES, Ask
from dashboard.case import Case, scenario_of
from dashboard.kinds import KINDS
from dashboard.progress import write_json


def examples() -> list[Ask]:
    """List the asks that every page opens with, for the companies that come with the product."""
    found: list[Ask] = []
    for base in results.SHOWN:
        case = Case(base)
        first = results.first_comparison(case)
        found += [first, results.exchange_of(first), results.first_demand(case)]
    for case in (Case(), Case("giftware")):
        found += [results.first_year(case), *results.first_months(case)]
    giftware = Case("giftware")
    return [*found, results.first_bridge(Case()), results.first_bridge(giftware), studies.first(giftware)]


def build(folder: Path = EXAMPLES, kinds: Collection[str] = ()) -> None:
    """Make every example afresh, or those of some kinds, and throw away what is no example any more."""
    wanted = {ask.key: ask for ask in examples()}
    for old in folder.glob("*"):
        if old.is_dir() and old.name not in wanted:
            shutil.rmtree(old)
    for key, ask in wanted.items():
        if kinds and ask.kind not in kinds:
            continue
        began = time.monotonic()
        made, place = folder / f"{key}.part", folder / key
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        KINDS[ask.kind](ask, made)
        for passing in [*made.glob("progress-*"), *made.glob("store/*.lock"), *made.glob("store/progress.json")]:
            passing.unlink()
        write_json(made / "done.json", {"kind": ask.kind, "company": scenario_of(ask.case).name})
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)
        print(f"{ask.kind} of {ask.case.base}: {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    build(kinds=sys.argv[1:])
