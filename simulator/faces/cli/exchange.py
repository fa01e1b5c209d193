"""sop exchange: service against stock and money as each policy's buffer grows, and the price of a point of service."""

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
    tell_cost,
    with_workers,
)
from simulator.kernel.messages import capital, msg, said

if TYPE_CHECKING:
    import pandas as pd

ON_THE_SCREEN = ("fill_rate", "all_stock_value", "lowest_cash", "ebit_before_absorption")
"""Measures of the table on the screen; all of the curve are in --json and --csv."""

RUNS_OF_A_CURVE = 30
"""Replications of a curve that names no number."""


@click.command("exchange", cls=Speaking)
@on_scenario
@click.option("--policy", "policies", multiple=True, metavar="NAME|FILE", help="A policy whose buffer is moved.")
@click.option(
    "--replications",
    type=int,
    default=RUNS_OF_A_CURVE,
    show_default=True,
    help="Runs of each setting, all on the same luck.",
)
@click.option("--chart", type=FilePath(), help="Draw service over stock: .svg, .png or .html.")
@with_workers
@asks_first
@machine_formats
def exchange_service(
    scenario: str,
    policies: tuple[str, ...],
    replications: int,
    chart: Path | None,
    workers: int | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Exchange curves: service, stock and profit of each policy over its buffer, and what a point of service costs."""
    from simulator.faces import charts as drawing
    from simulator.faces.report import files
    from simulator.results.compare import DEFAULT_POLICIES
    from simulator.results.exchange import TIMES_PRESENT, curves, price_of_service

    if chart:
        drawing.may_be_drawn(chart)
    case = changed_by_options(scenario, **options)
    chosen = [case.policy(name) for name in policies or case.experiment.policies or DEFAULT_POLICIES]
    tell_cost(case, chosen, [(case, policy, replications, len(TIMES_PRESENT)) for policy in chosen], yes, workers)
    with progress(msg("moving the buffers of policies on {scenario}", scenario=case.name)) as tell:
        table = curves(case, chosen, replications, workers=workers, progress=tell)
    contract, currency = case.experiment.service_target, case.company.currency
    if chart:
        now = {policy.name: policy.buffer().amount for policy in chosen}
        draw(drawing.exchange_curves(table, contract, currency, chosen=now).properties(width=640), chart)
    prices = [price for policy in chosen if (price := price_of_service(table, policy, currency))]
    about = msg("{scenario}: {n} replications of each setting", scenario=case.name, n=replications)
    click.echo(
        answered(
            form,
            [],
            about,
            lambda: table,
            lambda: {"curves": files.records(table), "sentences": prices},
            lambda: [
                _table(table, currency),
                "\n".join(said("{sentence}.", sentence=capital(price)) for price in prices),
            ],
        )
    )


def _table(table: pd.DataFrame, currency: str) -> str:
    """A line a policy and setting."""
    from simulator.faces.report import figures
    from simulator.results.kpis import MEASURES

    known = [MEASURES[name] for name in ON_THE_SCREEN]
    head = [
        said("policy"),
        said("setting"),
        *(figures.heading({"title": each.title, "unit": each.unit}, currency) for each in known),
    ]
    rows = [
        [
            row["policy"],
            f"{row['entry']} {row['setting']:.3g}",
            *(
                figures.with_half_width(
                    {
                        "unit": each.unit,
                        "mean": row[each.name],
                        "low": row[f"{each.name}_low"],
                        "high": row[f"{each.name}_high"],
                    }
                )
                for each in known
            ),
        ]
        for row in table.to_dict("records")
    ]
    return figures.aligned([head, *rows], left=2)
