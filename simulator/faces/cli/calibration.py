"""sop calibrate: plans against what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.options import (
    Speaking,
    answered,
    asks_first,
    changed_by_options,
    machine_formats,
    on_scenario,
    progress,
    tell_cost,
    with_scenario,
)
from simulator.kernel.messages import Message, msg, number, percent, said

if TYPE_CHECKING:
    from simulator.results.calibration import Calibration


@click.command("calibrate", cls=Speaking)
@on_scenario
@click.option(
    "--policy", default="sop", show_default=True, metavar="NAME|FILE", help="Whose plans are held to account."
)
@click.option(
    "--replications", type=click.IntRange(min=1), default=10, show_default=True, help="Of which all cycles count."
)
@asks_first
@machine_formats
def calibrate_plans(scenario: str, policy: str, replications: int, yes: bool, form: str | None, **options: Any) -> None:
    """Hold plans against what happened: bias, the range of their figures, backlogs and commitments, by months ahead."""
    from simulator.results.calibration import calibrate

    case = changed_by_options(scenario, **options)
    plan = case.policy(policy)
    tell_cost(case, [plan], [(case, plan, replications)], yes)
    with progress(msg("planning {scenario} under {policy}", scenario=case.name, policy=plan.name)) as tell:
        found = calibrate(case, plan, replications, tell)
    click.echo(print_calibration(found, form))


def print_calibration(found: Calibration, form: str | None) -> str:
    """Plans against what happened, as it is asked for."""
    from simulator.faces.report import files

    run, table = found.run, found.table()
    record = {
        "scenario": run.scenario.case,
        "policy": run.policy.name,
        "replications": len(run.replications),
        "cautions": found.cautions,
        "seed": run.seed,
    }
    return answered(
        form,
        found.cautions,
        _runs(found),
        lambda: with_scenario(table, run.scenario),
        lambda: {
            **record,
            "figures": files.records(table.astype(object).where(table.notna(), None)),
            "no_backlog": [row._asdict() for row in found.no_backlog],
            "commitments": [{**row._asdict(), "kept": row.kept} for row in found.commitments],
        },
        lambda: [_grid(found), "\n".join(map(str, found.sentences()))],
    )


def _runs(found: Calibration) -> Message:
    """Describe what was run, in a line."""
    run = found.run
    return msg(
        "{scenario}, policy {policy}: plans of {n} replications against what happened, seed {seed}",
        scenario=run.scenario.name,
        policy=run.policy.name,
        n=len(run.replications),
        seed=f"{run.seed}",
    )


def _grid(found: Calibration) -> str:
    """Each figure at each distance: what was planned, expected and came, and how often it came within its range."""
    from simulator.faces.report import figures

    heads = ["", said("months ahead"), said("planned"), said("expected"), said("came"), said("plan off"),
             said("expected off"), said("within P10 to P90")]  # fmt: skip
    rows = [
        [
            str(row.figure),
            str(number(row.ahead)),
            str(number(row.planned)),
            str(number(row.expected)),
            str(number(row.actual)),
            str(percent(row.plan_off)),
            str(percent(row.expected_off)),
            str(percent(row.within)),
        ]
        for row in found.figures
        if row.cases
    ]
    return figures.aligned([heads, *rows])
