"""sop warmup: how long the start of a run is felt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.options import (
    FilePath,
    Speaking,
    answered,
    asks_first,
    changed_by_options,
    draw,
    machine_formats,
    on_scenario,
    progress,
    refuse_idle,
    tell_cost,
    with_scenario,
)
from simulator.kernel.messages import Message, listed, msg, number, said

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.warmup import WarmUp


@click.command("warmup", cls=Speaking)
@on_scenario
@click.option("--policy", default="sop", show_default=True, metavar="NAME|FILE", help="Under which the company runs.")
@click.option("--replications", type=click.IntRange(min=2), default=30, show_default=True, help="Averaged over.")
@click.option(
    "--window", type=int, default=15, show_default=True, help="Days to either side that Welch's curve averages."
)
@click.option("--chart", type=FilePath(), help="Draw Welch's curves: .svg, .png or .html.")
@asks_first
@machine_formats
def propose_warm_up(
    scenario: str,
    policy: str,
    replications: int,
    window: int,
    chart: Path | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Find how many months to leave out at the start: MSER-5, Welch's curve, and when the opening stock is forgotten."""
    from simulator.engine.settings import changed_scenario
    from simulator.faces import charts
    from simulator.faces.analysis.pictures import welch
    from simulator.studies.warmup import STARTS, YEARS, warm_up

    if chart:
        charts.may_be_drawn(chart)
    refuse_idle(["months"], msg("on the start of a run, of which {years} years are simulated", years=YEARS))
    case = changed_by_options(scenario, **options)
    plan = case.policy(policy)
    long = changed_scenario(case, {"experiment.months": 12 * YEARS, "experiment.warm_up": 0})
    tell_cost(case, [plan], [(long, plan, replications, len(STARTS))], yes)
    with progress(msg("running {scenario} from three starts", scenario=case.name)) as tell:
        found = warm_up(case, policy, replications, window, progress=tell)
    if chart:
        draw(welch(found), chart)
    click.echo(print_warm_up(found, form))


def print_warm_up(found: WarmUp, form: str | None) -> str:
    """The warm-up as it is asked for."""
    from simulator.faces.report import files

    table = found.table()
    record = {
        "scenario": found.scenario.case,
        "policy": found.policy.name,
        "months": found.months,
        "cautions": found.cautions,
        "seed": found.seed,
    }
    return answered(
        form,
        found.cautions,
        warm_up_runs(found),
        lambda: with_scenario(found.curves(), found.scenario),
        lambda: {**record, "looks": files.records(table.astype(object).where(table.notna(), None))},
        lambda: [_looks(table), "\n".join(map(str, found.sentences()))],
    )


def _looks(table: pd.DataFrame) -> str:
    """Days until each quantity settles, and forgets the opening stock."""
    from simulator.faces.report import figures

    rows = [
        [
            said("days until it"),
            said("settles, by MSER-5"),
            said("settles, by Welch's curve"),
            said("forgets the opening stock"),
        ]
    ]
    rows += [
        [said(row["title"]), *(_days(row[f"{look}_days"]) for look in ("mser", "welch", "forgotten"))]
        for row in table.to_dict("records")
    ]
    return figures.aligned(rows)


def warm_up_runs(found: WarmUp) -> Message:
    """Describe the runs of a warm-up study, in a line."""
    from simulator.studies.warmup import STARTS, YEARS

    return msg(
        "{scenario}, policy {policy}: {n} replications of {years} years, seed {seed}, opening stock {starts}",
        scenario=found.scenario.name,
        policy=found.policy.name,
        n=found.replications,
        years=YEARS,
        seed=f"{found.seed}",
        starts=listed(map(msg, STARTS), ", "),
    )


def _days(days: Any) -> str:
    from simulator.faces.report import figures

    return str(number(days)) if isinstance(days, int) else figures.UNKNOWN
