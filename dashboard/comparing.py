"""A comparison of policies behind its page: what is simulated anew, on which core, and what is shown while it runs."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.asks import FIRST_RUNS, Ask, case_of, first_of
from dashboard.case import scenario_of
from dashboard.jobs import folder_of
from dashboard.progress import read_json, teller, write_json
from simulator.engine.play import USUAL_BLOCK, replication_blocks
from simulator.engine.scenario import Scenario
from simulator.kernel.workers import Lost, as_they_come, crew, in_order

if TYPE_CHECKING:
    from simulator.planning import Policy
    from simulator.results.story import Story

CORES = min(2, os.cpu_count() or 1)


def in_parallel(work: Callable[..., Any], jobs: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Do every job at the same time."""
    with crew(max(1, len(jobs)), method=forked()) as hands:
        return in_order(hands, [partial(work, *job) for job in jobs])


def forked() -> str:
    """The way in which helpers of this process start: forked where the system can, since all is loaded already."""
    return "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"


def compare_policies(ask: Ask, folder: Path) -> None:
    """The comparison, its groups and its months; what was simulated before is read, the rest is shared out over the cores."""
    from simulator.results.story import joined_stories
    from simulator.results.story import write_story as keep_story
    from simulator.results.tuned_record import record_of

    cases = cases_of(ask)
    lacking = [name for name in cases if not place_of_column(ask, name).is_file()]
    for story in (_at_service if at_equal_service(ask) else _as_they_run)(ask, lacking, folder):
        for policy in story.policies:
            place = place_of_column(ask, policy.name)
            place.parent.mkdir(parents=True, exist_ok=True)
            if policy.name in story.tuned:
                write_json(place.with_name(HOW_TUNED), record_of(story.tuned[policy.name]))
            keep_story(joined_stories([story], [policy]), place)
            write_json(place.parent / "done.json", {})
    columns = [column_of(ask, name) for name in cases]
    keep_story(joined_stories(columns, [policy for _, policy in cases.values()]), folder / "story.npz")
    if at_equal_service(ask):
        records = {name: read_json(place_of_column(ask, name).with_name(HOW_TUNED)) for name in cases}
        write_json(folder / HOW_TUNED, records)


def cases_of(ask: Ask) -> dict[str, tuple[Scenario, Policy]]:
    """The situation and policy of each policy that is compared, by its code."""
    scenario = scenario_of(ask.case)
    return {name: case_of(scenario, name) for name in ask.policies}


def column_of(ask: Ask, name: str) -> Story:
    """Read what one policy of a comparison did."""
    from simulator.results.story import read

    scenario = scenario_of(ask.case)
    return read(scenario, [case_of(scenario, name)[1]], ask.seed, place_of_column(ask, name))


def _at_service(ask: Ask, names: Sequence[str], folder: Path) -> list[Story]:
    """Stories of policies that are brought to the target first, a part of them on each core."""
    shares = [names[k::CORES] for k in range(min(CORES, len(names)))]
    return in_parallel(_tell, [(ask, part, range(ask.replications), folder, k) for k, part in enumerate(shares)])


def _as_they_run(ask: Ask, names: Sequence[str], folder: Path) -> list[Story]:
    """Stories of policies as they run; those of a few are cut, so that their first runs can be shown soon."""
    from simulator.results.side_by_side import is_slow
    from simulator.results.story import with_further_runs

    first, cases = first_of(ask) if len(names) <= CORES else None, cases_of(ask)
    parts = runs_in_parts(ask.replications) if first else [range(ask.replications)]
    names = sorted(names, key=lambda name: not is_slow(cases[name][1]))
    work = [(name, runs) for runs in parts for name in names]
    jobs = [partial(_tell, ask, [name], runs, folder, place) for place, (name, runs) in enumerate(work)]
    for place, (_, runs) in enumerate(work):
        teller(folder, place)(0, len(runs))  # so that the share that is done is one of all
    found: dict[int, Story] = {}
    with crew(max(1, min(CORES, len(jobs))), method=forked()) as hands:
        for place, story in as_they_come(hands, enumerate(jobs)):
            if isinstance(story, Lost):
                raise story.error
            found[place] = story
            if first and place < len(names) and all(k in found for k in range(len(names))):
                show_first(first, ask, [found[k] for k in range(len(names))])
    return [with_further_runs([found[k] for k in range(place, len(jobs), len(names))]) for place in range(len(names))]


def runs_in_parts(replications: int) -> list[range]:
    """The first runs, and the others for the other cores: in as few parts as that takes, since each part costs its days anew."""
    rest = replications - FIRST_RUNS
    parts = max(CORES - 1, ceil(rest / USUAL_BLOCK), 1)
    ends = [FIRST_RUNS + rest * k // parts for k in range(parts + 1)]
    return [range(FIRST_RUNS), *(range(begin, end) for begin, end in pairwise(ends))]


def show_first(first: Ask, ask: Ask, stories: Sequence[Story]) -> None:
    """Leave what the first runs say as an answer of its own, beside the same runs of the policies that were there."""
    from simulator.results.story import joined_stories, of_first_runs, write_story

    new = {policy.name for story in stories for policy in story.policies}
    columns = [of_first_runs(column_of(ask, name), FIRST_RUNS) for name in ask.policies if name not in new]
    folder = folder_of(first.key)
    folder.mkdir(parents=True, exist_ok=True)
    policies = [policy for _, policy in cases_of(ask).values()]
    write_story(joined_stories([*stories, *columns], policies), folder / "story.npz")
    write_json(folder / "done.json", {})


def foresee(ask: Ask) -> None:
    """Draw the luck that another policy on the same company would meet, to have it when one is asked for."""
    from simulator.results.side_by_side import draw_ahead

    if ask.replications > USUAL_BLOCK:
        return  # it would take too much memory
    scenario = scenario_of(ask.case)
    parts = runs_in_parts(ask.replications) if first_of(replace(ask, more=())) else [range(ask.replications)]
    draw_ahead(scenario, ask.seed, [block for runs in parts for block in replication_blocks(scenario, runs)])


HOW_TUNED = "tuned.json"
"""How each policy was brought to the target, beside what it then did."""


def place_of_column(ask: Ask, name: str) -> Path:
    """Return the file of one policy of a comparison, which every comparison with that policy on the same luck reads."""
    return folder_of(replace(ask, kind="column", policies=(name,)).key) / "story.npz"


def at_equal_service(ask: Ask) -> str | None:
    """The target that all policies are brought to, as it is typed; nothing where they are compared as they run."""
    return str(dict(ask.more)["at"]) if "at" in dict(ask.more) else None


def _tell(ask: Ask, names: Sequence[str], runs: Sequence[int], folder: Path, part: int) -> Story:
    from simulator.results.equal_service import brought_to, fresh_numbers
    from simulator.results.story import measures_in_total, story
    from simulator.results.target import target_of

    scenario = scenario_of(ask.case)
    cases = {name: case_of(scenario, name) for name in names}
    numbers, tuned, told = list(runs), {}, teller(folder, part)
    at = at_equal_service(ask)
    if at:
        beside = measures_in_total(scenario)

        def tell_search(done: int, total: int) -> None:
            told(2 * done, 3 * total)

        tuned = brought_to(target_of(at), cases, numbers, ask.seed, 1, tell_search, beside=beside)
        cases = {name: (there, tuned[name].policy) for name, (there, _) in cases.items()}
        numbers = fresh_numbers(numbers)

    def tell(done: int, total: int) -> None:
        told(*((2 * total + done, 3 * total) if at else (done, total)))

    policies = [policy for _, policy in cases.values()]
    elsewhere = {policy.name: there for there, policy in cases.values() if there is not scenario}
    found = story(scenario, policies, numbers, ask.seed, tell, elsewhere)
    return replace(found, tuned=tuned)
