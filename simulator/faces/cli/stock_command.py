"""sop stock: what to hold of each product for a service, and what these settings do in the whole company."""

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
    machine_formats,
    on_scenario,
    progress,
    tell_cost,
    with_scenario,
    with_workers,
)
from simulator.kernel.messages import msg, number, said

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.stock_answer import Asked, StockAnswer

SERVICE_HELP = (
    "Fill rate to be reached, such as 0.95; A=0.98, B=0.95 and C=0.9, each once; or pays: the one of each that pays."
)


@click.command("stock", cls=Speaking)
@on_scenario
@click.option(
    "--service", "services", multiple=True, required=True, metavar="SHARE|CLASS=SHARE|pays", help=SERVICE_HELP
)
@click.option(
    "--by",
    type=click.Choice(["product", "class"]),
    default="product",
    show_default=True,
    help="Whether each product reaches the target, or the products of a class together.",
)
@click.option(
    "--policy", default="order-up-to", show_default=True, metavar="NAME|FILE", help="The policy whose stock is set."
)
@click.option(
    "--short-cost",
    type=float,
    metavar="SHARE",
    help="Of its price that a unit short costs, with --service pays.",
)
@click.option(
    "--out",
    type=FilePath(),
    metavar="FILE",
    help="Write the answer as a workbook, slides, PDF or page: .xlsx, .pptx, .pdf, .html.",
)
@click.option("--replications", type=int, default=30, show_default=True, help="Of each setting in the search.")
@click.option(
    "--rows", type=click.IntRange(0, 5_000), default=40, show_default=True, help="Products on the screen, by value."
)
@with_workers
@asks_first
@machine_formats
def stock_of_products(
    scenario: str,
    services: tuple[str, ...],
    by: str,
    policy: str,
    short_cost: float | None,
    out: Path | None,
    replications: int,
    rows: int,
    workers: int | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Say what to hold of each product for a service: now, then, order point and quantity, cost, and what binds.

    By a formula that is fed with the errors of the policy's own forecast over lead time and review, with lots, minimum orders
    and unreliable suppliers; corrected by simulation where the whole company shows it to be off.
    """
    from simulator.faces.answer.writing import may_be_answered
    from simulator.studies.stock_answer import check_stock, runs_of_stock, stock_answer

    service = service_of(services, short_cost)
    if out:
        may_be_answered(out)
    case = changed_by_options(scenario, **options)
    plan = case.policy(policy)
    check_stock(case, plan, service, by, replications)
    tell_cost(case, [plan], [(case, plan, *runs_of_stock(replications))], yes, workers)
    with progress(msg("setting stocks of {scenario}", scenario=case.name)) as tell:
        found = stock_answer(case, plan, service, by, replications, workers=workers, progress=tell)
    click.echo(told_of_stock(found, form, rows))
    if out:
        from simulator.faces.answer.of_stock import answer_of_stock
        from simulator.faces.cli.answers import write_file

        write_file(answer_of_stock(found), out)


def service_of(words: tuple[str, ...], short_cost: float | None = None) -> Asked:
    """One target for all, one for each class, or what pays for each product."""
    from simulator.studies.stock_cost import ServiceThatPays

    if words == ("pays",):
        if short_cost is None:
            raise click.UsageError(
                str(
                    msg(
                        "--service pays needs --short-cost: what a unit short costs as a share of its price, such as 0.1"
                    )
                )
            )
        return ServiceThatPays(short_cost)
    if short_cost is not None:
        raise click.UsageError(str(msg("--short-cost goes with --service pays; leave it out")))
    found: dict[str, float] = {}
    for word in words:
        name, equals, share = word.rpartition("=")
        try:
            found[name.strip() if equals else ""] = float(share)
        except ValueError:
            found = {}
            break
    if len(found) != len(words) or ("" in found and len(found) > 1):
        raise click.UsageError(
            str(
                msg(
                    "--service is {value}; it must be a share such as 0.95, or A=0.98, B=0.95 and C=0.9, each once, or pays",
                    value=" ".join(words),
                )
            )
        )
    return found.get("", found)


def told_of_stock(found: StockAnswer, form: str | None, rows: int) -> str:
    """The answer as it is asked for."""
    from simulator.faces.report import files
    from simulator.studies.stock_words import stock_asked, stock_sentences

    table = found.table()
    record = {
        "scenario": found.scenario.case,
        "service": sorted({float(share) for share in found.targets}, reverse=True),
        "by": found.by,
        "policy": found.policy_words(),
        "cautions": found.cautions,
        "sentences": [str(line) for line in stock_sentences(found)],
    }
    return answered(
        form,
        found.cautions,
        stock_asked(found),
        lambda: with_scenario(table, found.scenario),
        lambda: {**record, "products": files.records(table)},
        lambda: [
            "\n".join(map(str, stock_sentences(found))),
            *([stock_rows(table.head(rows))] if rows else []),
            said("Parts keep what the policy holds. --json gives the settings as a policy's safety_stock.")
            if found.scenario.company.components
            else said("--json gives the settings as a policy's safety_stock."),
        ],
    )


def stock_rows(table: pd.DataFrame) -> str:
    """A line a product, of the columns that a screen has room for."""
    from simulator.faces.report import figures
    from simulator.studies.stock_words import SHOWN_COLUMNS, STOCK_COLUMNS, StockColumn, stock_cells

    def write(column: StockColumn, value: Any) -> str:
        if column.kind == "text":
            return str(value)
        if value != value:
            return "–"
        if column.kind == "share":
            return f"{number(100 * float(value), 1)} %"
        return str(number(float(value), 1 if column.kind == "days" else 0, signed=column.kind == "signed"))

    places = [k for k, column in enumerate(STOCK_COLUMNS) if column.key in SHOWN_COLUMNS]
    heads = [str(STOCK_COLUMNS[k].head) for k in places]
    return figures.aligned([heads, *([str(row[k]) for k in places] for row in stock_cells(table, write))], left=2)
