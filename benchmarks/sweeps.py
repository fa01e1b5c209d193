"""Speed and memory of sweeps beside their targets: `python -m benchmarks.sweeps`, or with the number of one figure.

A figure of two processes against one says something only on a machine that is otherwise idle.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks.ours import peak_megabytes
from simulator.studies.blocks import blocks_of_stage, maker_of_results, origin_of, packed_study, simulate_block
from simulator.studies.cutting import Block, Stage
from simulator.studies.evaluate import scores
from simulator.studies.result_part import ResultPart
from simulator.studies.result_part import packed_part as parquet
from simulator.studies.results import Results
from simulator.studies.study import Study, load_study
from simulator.studies.sweep import sweep

POINTS, REPLICATIONS = 100, 100


def buffers(points: int, replications: int, policy: str = "chase", **changes: Any) -> Study:
    """Safety factors on the reference company: 24 months, one policy."""
    factor = {"entry": "policy.safety_stock.z", "values": [3.0 * k / points for k in range(points)]}
    words = {"name": "buffers", "scenario": "giftware", "policies": [policy], "factors": [factor], "seed": 1}
    return load_study({**words, "replications": replications, "measures": ["fill_rate", "stock_value"], **changes})


def seconds(study: Study, **how: Any) -> float:
    """A whole sweep into a new folder, workers started and stopped."""
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        sweep(study, Path(folder) / "out", **how)
        return perf_counter() - began


def two_against_one() -> str:
    """200 blocks of fifteen runs each."""
    study = buffers(40, 75)
    one, two = seconds(study, workers=1, lanes=15), seconds(study, workers=2, lanes=15)
    return f"{one / two:.2f} times ({one:.1f} s alone, {two:.1f} s by two)"


def nothing(travelled: bytes, block: Block, settings: Any) -> tuple[dict[str, Any], ResultPart]:
    """A block that costs nothing: what is left is the runner."""
    count = len(settings) * (block.stop - block.start)
    keys = np.zeros(count, dtype=np.int32)
    part = ResultPart(np.repeat(np.array(block.points, dtype=np.int32), block.stop - block.start), keys,
                np.tile(np.arange(block.start, block.stop), len(settings)), np.zeros((2, count)))  # fmt: skip
    return maker_of_results(), part


def overhead(**how: Any) -> str:
    """Milliseconds a block of work that does nothing, from handing out to the part on the disk; start-up taken off.

    Processor time of the one who hands out and commits (with Dask, its scheduler included), so that what else runs on
    the machine counts less.
    """
    spent = []
    for study in (buffers(20, 5), buffers(20, 5), buffers(1_020, 5)):  # the first one pays for imports
        began = process_time()
        seconds(study, lanes=5, do=nothing, **how)
        spent.append(process_time() - began)
    return f"{spent[2] - spent[1]:.2f} ms"  # seconds over a thousand blocks


def overheads() -> str:
    """Measure the overhead of each back end."""
    return f"one process {overhead(workers=1)}, two {overhead(workers=2)}, Dask {overhead(workers=2, cluster='local')}"


def reference_sweep() -> str:
    """100 points x 100 replications x 24 months."""
    return f"{seconds(buffers(POINTS, REPLICATIONS), workers=2):.1f} s"


MEMORY = """
import sys
from benchmarks.sweeps import buffers, nothing
from simulator.studies.sweep import sweep
sweep(buffers(10, int(sys.argv[2])), sys.argv[1], workers=1, do=nothing)
"""


def driver_memory() -> str:
    """Peak of the one that hands out and commits, over ten thousand and over a hundred thousand replications."""
    with tempfile.TemporaryDirectory() as folder:
        peaks = [
            peak_megabytes([sys.executable, "-c", MEMORY, f"{folder}/{runs}", str(runs // 10)])
            for runs in (10_000, 100_000, 1_000_000)
        ]
    return f"{peaks[0]:.0f}, {peaks[1]:.0f} and {peaks[2]:.0f} MB over 10^4, 10^5 and 10^6"


def summary() -> str:
    """Means and intervals of two measures from a million rows on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        sweep(buffers(100, 10_000), folder, workers=1, do=nothing)
        began = perf_counter()
        results = Results(folder)
        results.summary()
        took = perf_counter() - began
        return f"{took:.2f} s for {results.runs:,} rows in {len(results.store.parts())} parts"


def costs() -> str:
    """Processor time of a run of the reference company in a usual block, by policy; bytes of a part."""
    told = []
    for policy in ("order-up-to", "chase", "sop"):
        study = buffers(100, 100, policy)
        block = next(blocks_of_stage(study, Stage(None, 0, 100)))
        travelled, settings = packed_study(study), [study.points[point] for point in block.points]
        began = process_time()
        _, part = simulate_block(travelled, block, settings)
        told.append(f"{policy} {(process_time() - began) / len(part.point) * 1000:.1f} ms")
    content = parquet(part, "", origin_of(study), ["sop"], study.measures, {})
    return f"{', '.join(told)} a run in blocks of {len(part.point)}; {len(content) / len(part.point):.1f} bytes a run"


def few_replications() -> str:
    """Time 400 runs as four points of a hundred replications and as two hundred points of two, that share lanes."""
    spent = []
    for points, replications in ((1, 2), (4, 100), (200, 2)):
        study = buffers(points, replications)
        began = process_time()
        scores(
            study.scenario,
            [(study.policies[0], point) for point in study.points],
            range(replications),
            1,
            study.measures,
        )
        spent.append((process_time() - began) / points / replications * 1000)
    return f"{spent[1]:.1f} and {spent[2]:.1f} ms a run; one point of two replications alone {spent[0]:.0f} ms"


FIGURES: dict[str, tuple[str, str, Callable[[], str]]] = {
    "processes": ("2 processes against 1, 200 blocks", ">= 1.85 times", two_against_one),
    "overhead": ("runner's overhead per block, local / Dask", "<= 1 ms / <= 5 ms", overheads),
    "reference": ("100 points x 100 replications x 24 months, one policy, 2 cores", "<= 60 s", reference_sweep),
    "memory": ("driver's memory", "flat, <= 400 MB over 10^5 replications", driver_memory),
    "costs": ("what a run and a part cost", "none", costs),
    "few": ("many points of few replications against few of many", "none", few_replications),
    "summary": ("summary of 10^6 result rows", "<= 1 s", summary),
}


def main(names: list[str]) -> None:
    """Print each figure beside its target."""
    for name in names or FIGURES:
        what, reach, measure = FIGURES[name]
        print(f"{name}: {what}: {measure()} (target {reach})", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
