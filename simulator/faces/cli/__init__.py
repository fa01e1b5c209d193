"""The command line, a file for each command; the list of commands is here."""

from __future__ import annotations

import sys
from pathlib import Path

if sys.argv[:1] == [
    "-m"
]:  # `python -m simulator.faces.cli`, which loads all this before it comes to its own first line
    from simulator.kernel.interrupts import end_on_the_spot

    end_on_the_spot()

import click

from simulator.faces.cli.calibration import calibrate_plans
from simulator.faces.cli.catalogue import check, describe, policies, verify
from simulator.faces.cli.comparison import compare_policies, forecast_value_added
from simulator.faces.cli.cycle import show_cycle
from simulator.faces.cli.dashboard_command import dashboard
from simulator.faces.cli.data_commands import import_files, show_data, write_workbook
from simulator.faces.cli.exchange import exchange_service
from simulator.faces.cli.ghost import ghost_runs
from simulator.faces.cli.group import Sop
from simulator.faces.cli.optimise import optimise_policy
from simulator.faces.cli.options import FilePath
from simulator.faces.cli.pilot import show_pilot
from simulator.faces.cli.plans_command import plans_of_items
from simulator.faces.cli.play import play_lesson
from simulator.faces.cli.products_command import list_products
from simulator.faces.cli.replication import run_once
from simulator.faces.cli.results import show_results
from simulator.faces.cli.stock_command import stock_of_products
from simulator.faces.cli.sweep import run_study
from simulator.faces.cli.today import from_today_on
from simulator.faces.cli.value_bridge import value_bridge
from simulator.faces.cli.warmup import propose_warm_up
from simulator.kernel.version import VERSION

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group("sop", cls=Sop, context_settings=SETTINGS, invoke_without_command=True)
@click.version_option(VERSION, prog_name="sop", message="%(prog)s %(version)s")
@click.option(
    "--rules",
    multiple=True,
    type=FilePath(),
    help="Load rules of your own from a Python file, which may do all that you may; before the command.",
)
@click.pass_context
def main(context: click.Context, rules: tuple[Path, ...]) -> None:
    """Simulate a company and compare ways of planning it.

    --language zh, anywhere, answers in Chinese; so do the variables LANGUAGE, LC_ALL and LANG.
    --debug, anywhere, shows where a failure came from.
    """
    for file in rules:
        from simulator.planning.own import load_rules

        load_rules(file)
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (
    compare_policies,
    run_once,
    show_cycle,
    plans_of_items,
    list_products,
    exchange_service,
    ghost_runs,
    value_bridge,
    run_study,
    show_results,
    stock_of_products,
    from_today_on,
    optimise_policy,
    propose_warm_up,
    show_pilot,
    forecast_value_added,
    calibrate_plans,
    write_workbook,
    import_files,
    show_data,
    check,
    describe,
    policies,
    verify,
    play_lesson,
    dashboard,
):
    main.add_command(command)
