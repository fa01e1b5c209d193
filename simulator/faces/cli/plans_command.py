"""sop plans: the plans of a month by item and period, for an ERP system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simulator.faces.cli.options import (
    FilePath,
    Speaking,
    aside,
    asks_first,
    changed_by_options,
    must_name_folder,
    on_scenario,
    tell_cost,
)
from simulator.kernel.messages import listed, msg, said


@click.command("plans", cls=Speaking)
@on_scenario
@click.option("--policy", metavar="NAME|FILE", default="sop", show_default=True, help="The policy.")
@click.option("--month", metavar="NUMBER|2011-03", help="Whose cycle; the 14th when left out.")
@click.option(
    "--replication", type=click.IntRange(min=0), default=0, show_default=True, help="Which of the possible runs."
)
@click.option("--out", type=FilePath(), required=True, help="Folder for a CSV file a plan, and a workbook of all.")
@click.option(
    "--mapping",
    type=FilePath(),
    help="Columns to write in: a mapping.toml of sop import; else that beside the scenario.",
)
@asks_first
def plans_of_items(
    scenario: str,
    policy: str,
    month: str | None,
    replication: int,
    out: Path,
    mapping: Path | None,
    yes: bool,
    **options: Any,
) -> None:
    """Write the plans of a month by item and month: sales, production, purchases, stock, in the columns in which tables came in."""
    from simulator.faces.documents import month_index, month_of
    from simulator.faces.report.plan_files import shapes_of, write_plans
    from simulator.kernel.units import ScenarioError
    from simulator.results.reading.item_plans import item_plans
    from simulator.results.reading.month import Month
    from simulator.results.run import simulate

    must_name_folder(out)
    case = changed_by_options(scenario, **options)
    shapes_of(case, mapping)  # before any work is done
    if month is not None:
        month_of(case.days, month)
    plan = case.policy(policy)
    tell_cost(case, [plan], [(case, plan, 1)], yes)
    run = simulate(case, plan, [replication])
    books, lane = run.books_of(replication)
    if not books.plans.made_in:
        raise ScenarioError(
            msg(
                "policy {policy} holds no cycle, so that there is no plan; name another, such as sop",
                policy=repr(plan.name),
            )
        )
    aside(run.cautions)
    found = item_plans(Month(books, month_index(books, month), lane))
    written = write_plans(out, found, case, mapping)
    click.echo(said("written: {files}", files=listed(map(str, written), ", ")))
