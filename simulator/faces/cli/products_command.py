"""sop products: the products of a company under a policy as a list, by class, the worst first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simulator.faces.cli.options import (
    FilePath,
    Speaking,
    answered,
    asks_first,
    changed_by_options,
    machine_formats,
    on_scenario,
    progress,
    tell_cost,
)
from simulator.kernel.messages import capital, msg, number, said, written

RUNS_OF_A_LIST = 10
SORTS = ("fill_rate", "stock_value", "days_of_supply", "backlog_value", "sales")
"""Columns by which a list can be sorted: what is worse first, of sales the larger."""


@click.command("products", cls=Speaking)
@on_scenario
@click.option("--policy", metavar="NAME|FILE", default="sop", show_default=True, help="The policy.")
@click.option("--replications", type=int, default=RUNS_OF_A_LIST, show_default=True, help="Runs whose mean is shown.")
@click.option("--class", "classes", default="", metavar="A|B|C|AB", help="Only products of these classes by sales.")
@click.option("--family", default="", metavar="NAME", help="Only products of this family.")
@click.option("--find", "text", default="", metavar="TEXT", help="Only products with this in code or name.")
@click.option(
    "--sort", type=click.Choice(SORTS), default="fill_rate", show_default=True, help="What is worst in this first."
)
@click.option(
    "--worst", "most", type=click.IntRange(min=0), default=20, show_default=True, help="So many products; 0 is all."
)
@click.option("--out", type=FilePath(), help="The list as a file: .xlsx, .pptx, .pdf or .html.")
@asks_first
@machine_formats
def list_products(
    scenario: str,
    policy: str,
    classes: str,
    family: str,
    text: str,
    sort: str,
    most: int,
    out: Path | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """List products with class, family, sales, service and stock under a policy: filtered, the worst first."""
    from simulator.faces.answer.of_comparison import runs_of
    from simulator.faces.answer.of_products import answer_of_products, below_contract, table_of_products
    from simulator.faces.answer.writing import may_be_answered
    from simulator.faces.cli.answers import write_file
    from simulator.faces.report import files
    from simulator.results.compare import OF_A_PART, compare
    from simulator.results.product_list import chosen_products, class_sums, product_list

    if out:
        may_be_answered(out)
    case = changed_by_options(scenario, **options)
    plan = case.policy(policy)
    tell_cost(case, [plan], [(case, plan, case.experiment.replications)], yes)
    with progress(msg("running {scenario}", scenario=case.name)) as tell:
        found = compare(case, [plan], measures=OF_A_PART, by="product", progress=tell)
    every = product_list(found, plan.name)
    shown = chosen_products(every, classes, family, text, sort, most)
    if out:
        write_file(answer_of_products(found, plan.name, every, shown), out)
    currency, sums, below = case.company.currency, class_sums(every), below_contract(found, every)
    click.echo(
        answered(
            form,
            found.cautions,
            runs_of(found),
            lambda: shown,
            lambda: {"sentences": [below], "classes": files.records(sums), "products": files.records(shown)},
            lambda: [
                str(below),
                _lines(table_of_products(sums, currency, msg("classes"), msg("classes"))),
                said("{n} of {all} products, the worst first", n=number(len(shown)), all=number(len(every))),
                _lines(table_of_products(shown, currency, msg("worst"), msg("worst"))),
            ],
        )
    )


def _lines(table: Any) -> str:
    """A table in columns of text."""
    from simulator.faces.answer.definition import TEXT, cell_text
    from simulator.faces.report.figures import aligned

    heads = [written(capital(column.head)) for column in table.columns]
    left = next((k for k, column in enumerate(table.columns) if column.form != TEXT), len(heads))
    rows = [
        [cell_text(cell, column)[:40] for cell, column in zip(row, table.columns, strict=True)] for row in table.rows
    ]
    return aligned([heads, *rows], left=left)
