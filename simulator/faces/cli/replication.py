"""sop run: one replication, opened like the books of a company."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.options import (
    FilePath,
    Speaking,
    aside,
    asks_first,
    changed_by_options,
    headed,
    machine_formats,
    of_one_run,
    on_scenario,
    refuse_idle,
    tell_cost,
    with_scenario,
)
from simulator.kernel.messages import capital, msg, said

if TYPE_CHECKING:
    import pandas as pd

STATEMENT_WIDTH = 120


@click.command("run", cls=Speaking)
@on_scenario
@click.option("--policy", metavar="NAME|FILE", help="The policy; the scenario's first when left out.")
@click.option(
    "--replication", type=click.IntRange(min=0), default=0, show_default=True, help="Which of the possible runs."
)
@click.option("--month", metavar="NUMBER|2011-03", help="Show this month day by day.")
@click.option(
    "--book",
    default="family",
    type=click.Choice(["family", "stock", "orders", "production", "purchase", "plan", "money", "budget"]),
    help="Which books to open; families when left out.",
)
@click.option(
    "--decisions", type=FilePath(), metavar="FILE", help="Decisions that people take beside the policy's rules."
)
@click.option("--daily", is_flag=True, help="Show every day instead of every month.")
@click.option("--lost", is_flag=True, help="Show what was not served and not made by cause, month by month.")
@click.option(
    "--service-levels", "levels", is_flag=True, help="Read the run by four service levels, and say why they disagree."
)
@click.option("--out", type=FilePath(), help="The book as a file: .xlsx, .pptx, .pdf or .html.")
@asks_first
@machine_formats
def run_once(
    scenario: str,
    policy: str | None,
    replication: int,
    month: str | None,
    book: str,
    decisions: Path | None,
    daily: bool,
    lost: bool,
    levels: bool,
    out: Path | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Simulate one replication and show its books by month or day, as a planner would read them."""
    from simulator.engine.decision_file import one_option, read_decisions
    from simulator.faces.answer.of_run import answer_of_run
    from simulator.faces.answer.writing import may_be_answered
    from simulator.faces.cli import books as view
    from simulator.faces.cli.answers import write_file
    from simulator.faces.report import files
    from simulator.results.kpis.levels import level_sentences
    from simulator.results.run import simulate, usual_policy

    if levels:
        refuse_idle(["month", "daily", "book", "lost"], msg("with --service-levels, which are told by month"))
    elif lost:
        refuse_idle(["month", "daily", "book"], msg("with --lost, which is told by month"))
    elif book == "budget":
        refuse_idle(["month", "daily"], msg("on the budget, which is told by business year"))
    elif month:
        refuse_idle(["daily"], msg("with --month, which shows every day of it"))
    if out:
        may_be_answered(out)
    case = changed_by_options(scenario, **options)
    periods = view.days(case.days, month) if daily or month else view.months(case.days)
    plan = usual_policy(case, policy)
    tell_cost(case, [plan], [(case, plan, 1)], yes)
    taken = one_option(read_decisions(decisions, case, plan), decisions.name) if decisions else ()
    run = simulate(case, plan, [replication], decisions=taken)
    kept, book = next(run.books()), "levels" if levels else "lost" if lost else book
    if book == "budget":
        table = run.budget()
    elif book == "money":
        table = run.money([(p.name, p.first, p.end) for p in periods])
    else:
        table = view.BOOKS[book](view.Sheet(kept, periods))
    if out:
        write_file(answer_of_run(run, book, table), out)
    if form:
        table = with_scenario(table, run.scenario)
    if form == "csv":
        aside(run.cautions)
        click.echo(files.as_csv(table).rstrip("\n"))
    elif form == "json":
        told = {"scenario": run.scenario.case, "policy": run.policy.name, "replication": replication, "seed": run.seed}
        why = {"sentences": level_sentences(kept)} if levels else {}
        click.echo(files.as_json({**told, "cautions": run.cautions, "book": book, "rows": files.records(table), **why}))
    else:
        about = of_one_run(run.scenario.name, run.policy.name, replication, run.seed)
        click.echo(headed(about, run.cautions))
        shown = _shown(book, table, run.scenario.company.currency)
        for name, text in shown:
            click.echo(f"\n{name}\n{text}")
        if levels:
            click.echo("\n" + "\n".join(said("{sentence}.", sentence=capital(each)) for each in level_sentences(kept)))


def _shown(book: str, table: pd.DataFrame, currency: str) -> Iterable[tuple[str, str]]:
    """The parts of a book as people read them, each with its name."""
    from simulator.faces.cli import books as view
    from simulator.faces.report import figures

    if book in ("money", "budget"):
        return statement_strips(table, currency)
    if book == "levels":
        return [(said("service levels, %"), figures.aligned(view.level_lines(table)))]
    parts = view.lost_blocks(table) if book == "lost" else view.blocks(table)
    return ((said(name), figures.aligned(lines)) for name, lines in parts)


def statement_strips(table: pd.DataFrame, currency: str) -> Iterator[tuple[str, str]]:
    """Each statement under its name, lines down and periods across, cut into strips that fit the width."""
    from simulator.faces.report import figures

    if "statement" not in table:
        table = table.assign(statement="budget and result")
    periods = "year" if "year" in table else "period"
    for name, part in table.groupby("statement", sort=False):
        grid = part.pivot(index="line", columns=periods, values="value")
        grid = grid.loc[part["line"].unique(), part[periods].unique()]
        body = [[said(str(line)), *map(_amount, row)] for line, row in zip(grid.index, grid.to_numpy(), strict=True)]
        rows = [[currency, *map(str, grid.columns)], *body]
        yield said(str(name)), "\n\n".join(figures.in_strips(rows, STATEMENT_WIDTH))


def _amount(value: float) -> str:
    from simulator.faces.report import figures

    return figures.UNKNOWN if value != value else f"{value:z,.0f}"
