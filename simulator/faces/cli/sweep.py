"""sop sweep: run a study on all cores or a cluster, stopped and resumed at will."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.faces.cli.group import FAILED
from simulator.faces.cli.options import FilePath, Speaking, aside, confirm, must_name_folder, refuse_idle, with_workers
from simulator.kernel.messages import Message, listed, msg, number, said

if TYPE_CHECKING:
    from simulator.studies.progress import Progress
    from simulator.studies.results import Results
    from simulator.studies.study import Study

LINE_EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal."""


@click.command("sweep", cls=Speaking)
@click.argument("study")
@click.option(
    "--out",
    type=FilePath(address=True),
    metavar="FOLDER",
    help="Where results go: a folder, or an address such as s3://bucket/study. [default: sweeps/<study>]",
)
@with_workers
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler such as tcp://10.0.0.1:8786; or local.")
@click.option("--replications", type=int, help="Runs of each point and policy, instead of what the study says.")
@click.option(
    "--at",
    metavar="MEASURE=FIGURE",
    help="Set the buffer of each policy at every point to this target first, such as fill_rate=0.95.",
)
@click.option(
    "--plan", "only_plan", is_flag=True, help="Say how many runs, how long and how much disk, and stop there."
)
@click.option("--yes", is_flag=True, help="Start without asking, however long it takes.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
def run_study(
    study: str,
    out: str | None,
    workers: int | None,
    cluster: str | None,
    replications: int | None,
    at: str | None,
    only_plan: bool,
    yes: bool,
    form: str | None,
) -> int:
    """Run a study: every point and policy of a design, as many replications as it asks for.

    What is finished is kept. The same command goes on where it was stopped, and does nothing twice.
    """
    from simulator.faces.report import files
    from simulator.kernel.workers.cluster import must_have_dask
    from simulator.studies.claim import stages_begun
    from simulator.studies.plan import plan
    from simulator.studies.store import Store
    from simulator.studies.study import load_study
    from simulator.studies.sweep import sweep

    must_name_folder(out if out and "://" not in out else None)
    if only_plan:
        refuse_idle(["yes"], msg("with --plan, which starts nothing"))
    elif cluster:
        must_have_dask()  # before anything is timed
    asked = {"replications": replications, "at": at}
    case = load_study(study, {entry: value for entry, value in asked.items() if value is not None})
    folder = out or str(Path("sweeps") / case.name)
    store = Store(folder)
    stages_begun(case, store)  # before anything is timed: a folder of something else is refused
    cost = plan(case, store, workers, cluster=cluster)
    if only_plan:
        click.echo(
            files.as_json(vars(cost))
            if form == "json"
            else said("{name}: {plan}", name=case.name, plan=cost.sentence())
        )
        return 0
    click.echo(said("{name}: {plan}", name=case.name, plan=cost.sentence()), err=True)
    aside([*case.cautions, *unsettled(case)])
    confirm(cost.seconds, yes)
    with watched() as tell:
        results = sweep(case, folder, workers, cluster, tell, setting=told_settings)
    click.echo(close_sweep(results, form))
    return FAILED if results.failed else 0


def told_settings(done: int, points: int) -> None:
    """Say at how many points buffers are set, now and then."""
    if done in (1, points) or done % max(1, points // 10) == 0:
        click.echo(said("buffers set at {done} of {points} points", done=number(done), points=number(points)), err=True)


def unsettled(case: Study) -> list[Message]:
    """Warn where the company has not settled by the time it is scored, from the first replications of the study."""
    from simulator.results.settled import ENOUGH, looked_at

    few = min(case.replications, ENOUGH) if isinstance(case.replications, int) else ENOUGH
    return looked_at(case.scenario, case.policies, range(few), case.seed)


@contextmanager
def watched() -> Iterator[Callable[[Progress], None]]:
    """Show how far a sweep is: a bar on a terminal, a line now and then elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress as Bar

        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(said("starting"), total=None)
            yield lambda p: bar.update(task, completed=p.runs_done, total=p.runs, description=state(p))
        return
    told = [0.0]

    def now_and_then(p: Progress) -> None:
        if p.seconds - told[0] >= LINE_EVERY:
            told[0] = p.seconds
            click.echo(state(p), err=True)

    yield now_and_then


def state(p: Progress) -> str:
    """Runs, time left, and the first measure so far."""
    from simulator.company.phrases import counted_things
    from simulator.studies.plan import duration_words

    told = [msg("{n} of {all} runs", n=number(p.runs_done), all=number(p.runs))]
    if p.seconds_left is not None:
        told.append(msg("about {time} left", time=duration_words(p.seconds_left)))
    if p.failed:
        told.append(msg("{blocks} failed", blocks=counted_things(p.failed, "block")))
    return str(listed([listed(told, ", "), *_so_far(p)], "; "))


def _so_far(p: Progress) -> list[Message]:
    """The mean of the first measure over what is finished: of a grid these are its first points, and no sample of all."""
    from simulator.faces.report.figures import heading, mean_of
    from simulator.results.kpis import MEASURES

    first = MEASURES[p.study.measures[0]]
    found = [(policy, means[first.name]) for policy, means in p.so_far().items()]
    told = [
        msg("{name} {value}", name=policy, value=mean_of(mean, math.nan, first.name))
        for policy, mean in found
        if mean is not None
    ]
    title = heading({"title": first.title, "unit": first.unit}, p.study.scenario.company.currency)
    return (
        [msg("{measure}, mean of what is finished: {means}", measure=title, means=listed(told, ", "))] if told else []
    )


def close_sweep(results: Results, form: str | None) -> str:
    """Close a sweep: the runs that are there, their hash, the failures, and where to look."""
    from simulator.faces.cli.results import overview
    from simulator.faces.report import files

    if form == "json":
        told = {"folder": results.store.address, "runs": results.runs, "content": results.content}
        return files.as_json({**told, "cautions": list(results.study.cautions), "failed": results.failed})
    return "\n".join([*overview(results), said("look at it: sop results {folder}", folder=results.store.address)])
