"""sop fva: what each stage of the forecast chain adds, in points and in money."""

from __future__ import annotations

from typing import Any

import click

from simulator.faces.cli.comparison import print_comparison
from simulator.faces.cli.options import (
    Speaking,
    asks_first,
    changed_by_options,
    machine_formats,
    on_scenario,
    progress,
    tell_cost,
)
from simulator.kernel.messages import msg


@click.command("fva", cls=Speaking)
@on_scenario
@click.option(
    "--policy", default="sop", metavar="NAME|FILE", show_default=True, help="A policy with a consensus forecast."
)
@click.option("--replications", type=int, help="Runs on each stage's forecast, all on the same luck.")
@asks_first
@machine_formats
def forecast_value_added(
    scenario: str, policy: str, replications: int | None, yes: bool, form: str | None, **options: Any
) -> None:
    """Forecast value added: run the whole company on the forecast of each stage, from naive to consensus."""
    from simulator.results.cautions import cautions
    from simulator.results.forecast_value import FORECAST_STAGES, forecast_value
    from simulator.studies.cost import Work

    case = changed_by_options(scenario, **options)
    chosen_policy = case.policy(policy)
    number = replications or case.experiment.replications
    tell_cost([Work(case, chosen_policy, number, len(FORECAST_STAGES))], yes, remarks=cautions(case, [chosen_policy]))
    with progress(msg("running {scenario} on the forecast of each stage", scenario=case.name)) as tell:
        result = forecast_value(case, policy, replications, progress=tell)
    click.echo(print_comparison(result, result.summary(), form))
