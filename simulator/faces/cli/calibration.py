"""sop calibrate: plans against what happened."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
@click.argument("others", nargs=-1, metavar="[SCENARIO]...")
@click.option(
    "--table", "beside", is_flag=True, help="The main figures alone, companies beside each other, as of several."
)
@click.option(
    "--policy", default="sop", show_default=True, metavar="NAME|FILE", help="Whose plans are held to account."
)
@click.option(
    "--replications", type=click.IntRange(min=1), default=10, show_default=True, help="Of which all cycles count."
)
@asks_first
@machine_formats
def calibrate_plans(
    scenario: str,
    others: tuple[str, ...],
    beside: bool,
    policy: str,
    replications: int,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Hold plans against what happened: bias, the range of their figures, backlogs and commitments, by months ahead."""
    from simulator.results.calibration import calibrate

    cases = [changed_by_options(name, **options) for name in (scenario, *others)]
    plans = [case.policy(policy) for case in cases]
    tell_cost(cases[0], plans[:1], [(*one, replications) for one in zip(cases, plans, strict=True)], yes)
    found = []
    for case, plan in zip(cases, plans, strict=True):
        with progress(msg("planning {scenario} under {policy}", scenario=case.name, policy=plan.name)) as tell:
            found.append(calibrate(case, plan, replications, tell))
    click.echo(print_calibrations(found, form) if others or beside else print_calibration(found[0], form))


def print_calibrations(found: Sequence[Calibration], form: str | None) -> str:
    """Calibrations of several companies beside each other; as data all that is known of each."""
    import pandas as pd

    first = found[0].run
    return answered(
        form,
        list(dict.fromkeys(remark for one in found for remark in one.cautions)),
        msg(
            "policy {policy}: plans of {n} replications against what happened, seed {seed}",
            policy=first.policy.name,
            n=len(first.replications),
            seed=f"{first.seed}",
        ),
        lambda: pd.concat([with_scenario(one.table(), one.run.scenario) for one in found], ignore_index=True),
        lambda: {"calibrations": [_record(one) for one in found]},
        lambda: [_beside(found)],
    )


def _beside(found: Sequence[Calibration]) -> str:
    """The main figures, companies in columns."""
    from simulator.faces.report import figures
    from simulator.results.calibration import headlines

    columns = [list(headlines(one)) for one in found]
    rows = [[str(name), *(str(column[k][1]) for column in columns)] for k, (name, _) in enumerate(columns[0])]
    return figures.aligned([["", *(str(one.run.scenario.name) for one in found)], *rows])


def print_calibration(found: Calibration, form: str | None) -> str:
    """Plans against what happened, as it is asked for."""
    return answered(
        form,
        found.cautions,
        _runs(found),
        lambda: with_scenario(found.table(), found.run.scenario),
        lambda: _record(found),
        lambda: [_grid(found), "\n".join(map(str, found.sentences()))],
    )


def _record(found: Calibration) -> dict[str, Any]:
    """All that is known, as data."""
    from simulator.faces.report import files

    run, table = found.run, found.table()
    return {
        "scenario": run.scenario.case,
        "policy": run.policy.name,
        "replications": len(run.replications),
        "cautions": found.cautions,
        "seed": run.seed,
        "figures": files.records(table.astype(object).where(table.notna(), None)),
        "no_backlog": [row._asdict() for row in found.no_backlog],
        "commitments": [{**row._asdict(), "kept": row.kept} for row in found.commitments],
    }


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
    from simulator.results.calibration import NEARNESS

    heads = ["", said("months ahead"), said("planned"), said("expected"), said("came"), said("plan off"),
             said("expected off"), said("± luck"), said("within 10 %"), said("within P10 to P90")]  # fmt: skip
    rows = [
        [
            str(row.figure),
            str(number(row.ahead)),
            str(number(row.planned)),
            str(number(row.expected)),
            str(number(row.actual)),
            str(percent(row.plan_off)),
            str(percent(row.expected_off)),
            str(percent(row.luck)),
            str(NEARNESS[row.is_near]) if math.isfinite(row.luck) else "–",
            str(percent(row.within)),
        ]
        for row in found.figures
        if row.cases
    ]
    return figures.aligned([heads, *rows])
