"""The table of what this project wants to reach, what it takes today, and one over the other in cost.

A row that has a reference measured in the same run (another engine, a bare loop) is held to that, whatever the machine; any other to
its seconds. Nothing here passes or fails on a time. A row says "not yet: ..." while what it needs is missing.
"""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, NamedTuple

from benchmarks import bare_loops, ours, peer_cimba
from benchmarks.compiled import COMPILER
from benchmarks.ours import DEFAULT_POLICIES, GIFTWARE, POLICY, ROOT, SEED, SOP, one_core
from benchmarks.workloads import WORKLOADS, Outcome


class Today(NamedTuple):
    """A figure in words, and its cost over the cost at reach; none where there is nothing to hold it to."""

    words: str
    over_reach: float | None = None


class Target(NamedTuple):
    """A row of the table; `long` rows take more than some tens of seconds."""

    what: str
    reach: str
    measure: Callable[[], Today]
    long: bool = False


def row(target: Target, with_long: bool) -> tuple[str, str, str, str]:
    """Measure a row, unless it takes long and was not asked for."""
    if target.long and not with_long:
        return target.what, target.reach, "left out; --long measures it", ""
    today = target.measure()
    return target.what, target.reach, today.words, "" if today.over_reach is None else judged(today.over_reach)


def judged(over_reach: float) -> str:
    """Write the cost today over the cost at reach, and a word on it."""
    return f"{over_reach:.2f} {'met' if over_reach <= 1 else 'missed'}"


# --- the engine beside other programs ---


def pace(module: Any, workload: str, replications: int) -> float:
    """Node-days a second of processor time, the best of three."""
    with one_core():
        found: list[Outcome] = [module.fill_rate_and_seconds(workload, replications, SEED) for _ in range(3)]
    return max(outcome.node_days / outcome.seconds for outcome in found)


def textbook_pace(replications: int) -> Today:
    """Hold both workloads, measures included, to Cimba, or to the bare loop in C where there is no Cimba."""
    peers: dict[str, Any] = {"Cimba": peer_cimba, "C": bare_loops.COMPILED, "NumPy": bare_loops.ARRAYS}
    there = {name: module for name, module in peers.items() if module.available()[0]}
    told, worst = [], 0.0
    for name in WORKLOADS:
        own = pace(ours.MEASURED, name, replications)
        others = {peer: pace(module, name, replications) for peer, module in there.items()}
        behind = next(iter(others.values())) / own
        worst = max(worst, behind)
        beside = ", ".join(f"{peer} {other / 1e6:.3g}" for peer, other in others.items())
        told.append(f"{name.upper()} {own / 1e6:.3g} M, {behind:.1f} times slower ({beside})")
    return Today("; ".join(told), worst)


def beside_compiled_loop(lanes: int = 200) -> Today:
    """Time an item, day and replication of a play on the same luck as the loop; drawing and measures are in neither."""
    from benchmarks.company_loop import play_loop
    from simulator import load
    from simulator.engine.play import lanes_at_once, play, replication_blocks, weather_for
    from simulator.kernel.ledger import SCORED, Shelf

    if COMPILER is None:
        return Today("not yet: no C compiler")
    scenario = load(str(GIFTWARE))
    weather = weather_for(scenario, SEED, range(lanes))
    loop, cells = play_loop(scenario, weather), scenario.days.count * len(scenario.network.names)
    told, ratios = [], []
    for policy in (POLICY, "order-up-to"):
        spent, shelf = [], Shelf()
        for _ in range(2):
            seconds = 0.0
            for block in replication_blocks(scenario, range(lanes)):
                met = weather_for(scenario, SEED, block)
                began = process_time()
                play(scenario, scenario.policy(policy), met, SCORED, shelf)
                seconds += process_time() - began
            spent.append(seconds / lanes / cells * 1e9)
        ratios.append(min(spent) / loop.nanoseconds)
        told.append(f"{policy} {min(spent):.0f} ns, {ratios[-1]:.1f} times")
    width = lanes_at_once(scenario)
    return Today(f"{'; '.join(told)} (loop {loop.nanoseconds:.0f} ns; blocks of {width} at most)", ratios[0] / 3.5)


# --- commands, as one waits for them ---


@contextmanager
def spent_by_children() -> Iterator[Callable[[], tuple[float, float]]]:
    """Wall and processor seconds of what is started meanwhile."""
    before, start = os.times(), perf_counter()

    def spent() -> tuple[float, float]:
        wall, after = perf_counter() - start, os.times()
        return wall, after.children_user + after.children_system - before.children_user - before.children_system

    yield spent


def command(*words: str, reach: float, **environment: str) -> Today:
    """Wall and processor seconds of a command on all cores; one over the other shows how many cores it used."""
    with spent_by_children() as spent:
        subprocess.run([*SOP, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={**os.environ, **environment}, check=True)  # fmt: skip
    wall, cores = spent()
    return Today(f"{wall:.1f} s; {cores:.1f} s of {os.cpu_count()} processors", wall / reach)


def ghost_ahead() -> Today:
    """Time `sop ghost` with three options in 200 futures."""
    options = ("overtime:assembly=12", "production:bags=1200", "safety-stock:bags=0")
    named = [word for option in options for word in ("--decision", option)]
    return command("ghost", "giftware", "--policy", "sop", "--month", "14", *named, "--ahead", "6", "--yes", reach=3)


def six_policies(replications: int, reach: float) -> Today:
    """Time `sop compare` with six policies as they run."""
    named = [word for name in DEFAULT_POLICIES for word in ("--policy", name)]
    return command("compare", "giftware", "--as-run", "--replications", str(replications), "--yes", *named, reach=reach)


def linear_programs() -> Today:
    """Processor seconds of a hundred replications under the policy that plans by linear programs, measures included."""
    from simulator import load, simulate

    scenario = load(str(GIFTWARE))
    began = process_time()
    simulate(scenario, policy="sop-optimised", replications=100, seed=SEED).measures()
    spent = process_time() - began
    return Today(f"{spent:.1f} s of processors", spent / 3)


def plays_of_questions(replications: int = 2_000) -> Today:
    """Count plays of a run that is played in blocks and asked for measures, measures by part and a daily book."""
    import simulator.results.run as runs
    from simulator import load, simulate

    scenario, play, counted = load(str(ours.scenario_file("w1"))), runs.play, []

    def counting(*given: Any, **named: Any) -> Any:
        counted.append(1)
        return play(*given, **named)

    told = []
    runs.play = counting  # type: ignore[assignment]
    try:
        run = simulate(scenario, replications=replications, seed=SEED)
        blocks = len(counted)
        for ask in (run.measures, lambda: run.measures(by="product"), lambda: run.daily("on_hand")):
            ask()
            told.append(len(counted) / blocks)
    finally:
        runs.play = play  # type: ignore[assignment]
    return Today("1, " + ", ".join(f"{each:g}" for each in told), told[-1])


def eight_elements() -> Today:
    """Time `sop bridge` over eight elements, fifty replications of each of their 256 combinations at most."""
    from simulator import load
    from simulator.results.elements import chosen_elements, differing_elements

    scenario = load(str(GIFTWARE))
    elements = differing_elements(scenario.policy("siloed"), scenario.policy("sop-smoothed"), chosen_elements(None))[:8]
    named = [word for element in elements for word in ("--element", element.name)]
    return command("bridge", "giftware", "--as-run", "--replications", "50", "--yes", *named, reach=30)


def first_command() -> Today:
    """Time the first command on code that was compiled as set-up does, and the first sign of life of the next one in a pipe."""
    with TemporaryDirectory() as kept:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": kept, "PYTHONDONTWRITEBYTECODE": ""}
        places = [str(ROOT / "simulator"), sysconfig.get_path("purelib")]
        subprocess.run([sys.executable, "-m", "compileall", "-qq", "-j", "0", *places], env=environment, check=False)
        began = perf_counter()
        subprocess.run([*SOP, "compare"], cwd=ROOT, env=environment, capture_output=True, check=True)
        first, signs = perf_counter() - began, []
        for _ in range(3):
            began = perf_counter()
            with subprocess.Popen(
                [*SOP, "compare"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            ) as running:
                assert running.stdout
                running.stdout.read(1)
                signs.append(perf_counter() - began)
                running.stdout.read()
    sign = median(signs)
    return Today(f"{first:.1f} s / {sign:.2f} s", max(first / 4, sign))


def waited_for(name: str) -> Callable[[], Today]:
    """Measure a wait in a browser, where there is one."""

    def measure() -> Today:
        from benchmarks import waiting

        why = waiting.missing()
        return Today(f"not yet: {why}") if why else getattr(waiting, name)()

    return measure


def of_a_class(name: str) -> Callable[[], Today]:
    """Measure something of a class of thirty teams."""

    def measure() -> Today:
        from benchmarks import classes

        found: Today = getattr(classes, name)()
        return found

    return measure


# --- width ---


def lanes_in_a_block() -> Today:
    """Count the replications whose books are played at once."""
    from benchmarks.scaling import wide
    from simulator import load
    from simulator.engine.play import lanes_at_once

    giftware, large = lanes_at_once(load(str(GIFTWARE))), lanes_at_once(wide(2_000))
    return Today(f"{giftware} / {large}", max(1_000 / giftware, 30 / large))


TARGETS = (
    Target("W1 / W2 at 1,000 replications, node-days a second, measures included",
           ">= 8 M / >= 24 M, as Cimba in the same run", lambda: textbook_pace(1_000)),
    Target("the same at 10,000 replications", "flat or falling cost, as Cimba", lambda: textbook_pace(10_000)),
    Target("six policies x 100 x 24 months of giftware, 2 cores", "<= 3 s", lambda: six_policies(100, 3)),
    Target("the same x 1,000 replications", "<= 16 s", lambda: six_policies(1_000, 16), long=True),
    Target("giftware chase, per item, day and replication, engine alone, against a compiled scalar loop of a simpler model",
           "<= 3.5 times", beside_compiled_loop),
    Target("sop-optimised, 100 replications", "<= 3 s", linear_programs),
    Target("plays of simulate, + measures(), + measures(by=...), + daily()", "1, 1, 1, 1", plays_of_questions),
    Target("bridge, 8 elements x 50 replications", "<= 30 s", eight_elements, long=True),
    Target("optimise giftware .97", "<= 6 s",
           lambda: command("optimise", "giftware", "--service", "0.97", "--yes", reach=6)),
    Target("ghost giftware, month 14, three options, 200 futures, six months ahead", "<= 3 s", ghost_ahead),
    Target("cards of thirty teams with three options, first futures", "<= 3 s", of_a_class("cards_of_all"), long=True),
    Target("thirty teams x 36 months", "<= 2 s", of_a_class("months_of_all")),
    Target("debrief of thirty teams in 200 other lucks", "progress is shown", of_a_class("other_lucks"), long=True),
    Target("first command after set-up / first sign of life in a pipe", "<= 4 / <= 1 s", first_command),
    Target("one policy changed on Compare, others kept: first answer / final", "<= .5 / <= 1.2 s",
           waited_for("one_policy_changed")),
    Target("first chart, warm server", "<= 1.2 s", waited_for("first_chart")),
    Target("lanes in a block: giftware / 2,000 products", ">= 1,000 / >= 30", lanes_in_a_block),
    Target("giftware, 100 replications x 24 months, one policy, one core", "<= 1 s", lambda: Today(ours.speed()), long=True),
    Target("the same with everything switched on, against bare", "<= 2 times", lambda: Today(ours.cost_of_everything()), long=True),
    Target("giftware, cost of a replication at 1,000 lanes against 1", "<= 1/20", lambda: Today(ours.cost_of_a_lane()), long=True),
    Target("peak memory of sop compare (largest process)", "<= 600 MB, flat", lambda: Today(ours.memory()), long=True),
    Target("import simulator", "<= .5 s", lambda: Today(ours.import_seconds())),
)  # fmt: skip
"""What is to be reached, in the order in which it was set."""
