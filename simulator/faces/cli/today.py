"""sop today: the months from today under each policy, and which product runs out when."""

from __future__ import annotations

from collections.abc import Iterator
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
)
from simulator.kernel.messages import msg, number, percent, said

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.estimates import Estimate
    from simulator.results.run_out import RunOut


@click.command("today", cls=Speaking)
@on_scenario
@click.option(
    "--policy", "policies", multiple=True, metavar="NAME|FILE", help="Policies; those of the scenario when left out."
)
@click.option(
    "--ahead",
    type=click.IntRange(1, 24),
    default=6,
    show_default=True,
    help="Months that are looked at, from the first day on.",
)
@click.option("--replications", type=click.IntRange(min=2), help="Runs of each policy, each on its own luck.")
@click.option(
    "--rows",
    type=click.IntRange(0, 5_000),
    default=20,
    show_default=True,
    help="Products on the screen, the likeliest to run out first.",
)
@click.option(
    "--out",
    type=FilePath(),
    metavar="FILE",
    help="Write the answer as a workbook, slides, PDF or page: .xlsx, .pptx, .pdf, .html.",
)
@asks_first
@machine_formats
def from_today_on(
    scenario: str,
    policies: tuple[str, ...],
    ahead: int,
    replications: int | None,
    rows: int,
    out: Path | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Start from what there is today and say, for each policy, how the next months go and which product runs out when.

    Today is the first day of the calendar: stock, open purchases and open orders are those of the scenario.
    """
    from simulator.faces.answer.writing import may_be_answered
    from simulator.results.run_out import from_today, run_out

    if out:
        may_be_answered(out)
    case = from_today(changed_by_options(scenario, **options), ahead)
    chosen = [case.policy(name) for name in policies or case.experiment.policies or ("siloed", "sop")]
    runs = replications or case.experiment.replications
    tell_cost(case, chosen, [(case, policy, runs) for policy in chosen], yes)
    with progress(msg("playing {scenario} from today", scenario=case.name)) as tell:
        found = run_out(case, chosen, runs, progress=tell)
    click.echo(told_from_today(found, form, rows))
    if out:
        from simulator.faces.answer.of_today import answer_of_run_out
        from simulator.faces.cli.answers import write_file

        write_file(answer_of_run_out(found), out)


def told_from_today(found: RunOut, form: str | None, rows: int) -> str:
    """The months from today as they are asked for."""
    from simulator.faces.report import files
    from simulator.results.cautions import cautions
    from simulator.results.run_out_words import about_today

    table, said_first = found.table(), cautions(found.scenario, found.policies)
    fares = {
        policy: {name: {"mean": each.mean, "low": each.low, "high": each.high} for name, each in row.items()}
        for policy, row in found.fares.items()
    }
    record = {"scenario": found.scenario.case, "first_day": str(found.scenario.days.date(0)), "policies": fares}
    return answered(
        form,
        said_first,
        about_today(found),
        lambda: with_scenario(table, found.scenario),
        lambda: {**record, "products": files.records(table)},
        lambda: today_words(found, table, rows),
    )


def today_words(found: RunOut, table: pd.DataFrame, rows: int) -> Iterator[str]:
    """Tables of the policies and of the products that run out, and a sentence for each policy."""
    from simulator.results.run_out_words import begin_words, run_out_sentence

    yield fares_rows(found)
    if rows:
        yield run_out_rows(found, table, rows)
    sentences = [run_out_sentence(found, policy.name) for policy in found.policies]
    yield "\n".join(map(str, [*sentences, *begin_words(found.scenario)]))


def fares_rows(found: RunOut) -> str:
    """A line a policy: service, what is owed, stock, cash and profit of these months."""
    from simulator.faces.report import figures
    from simulator.results.run_out import FARES, fare_title, fare_unit

    currency, months = found.scenario.company.currency, found.scenario.days.months
    heads = [
        said("mean ± half-width (95 %)"),
        *(figures.heading({"title": fare_title(name, months), "unit": fare_unit(name)}, currency) for name in FARES),
    ]
    return figures.aligned(
        [
            heads,
            *([policy, *(_with_interval(row[name], name) for name in FARES)] for policy, row in found.fares.items()),
        ]
    )


def run_out_rows(found: RunOut, table: pd.DataFrame, rows: int) -> str:
    """A line a product, the likeliest under the first policy first: position today, and chance and dates under each policy."""
    from simulator.faces.report import figures

    names = [policy.name for policy in found.policies]
    by_place = {(row["policy"], row["product"]): row for row in list[figures.Row](table.to_dict("records"))}
    first = table.loc[table["policy"] == names[0], "product"].head(rows)
    heads = [said("product"), said("on hand"), said("on its way"), said("owed"), said("days of cover")]
    for name in names:
        heads += [said("{policy}: runs out", policy=name), said("1 in 10 by"), said("1 in 2 by")]
    body = []
    for product in first:
        here = by_place[names[0], product]
        line = [str(product), *(_amount(here[key]) for key in ("on_hand", "on_its_way", "owed", "cover_days"))]
        for name in names:
            one = by_place[name, product]
            line += [str(percent(float(one["chance"]), 0)), _date(one["early"]), _date(one["likely"])]
        body.append(line)
    return figures.aligned([heads, *body])


def _with_interval(found: Estimate, measure: str) -> str:
    from simulator.faces.report import figures
    from simulator.results.run_out import fare_unit

    unit = fare_unit(measure)
    return figures.with_half_width({"mean": found.mean, "low": found.low, "high": found.high, "unit": unit})


def _amount(value: float) -> str:
    return "–" if value != value else str(number(float(value)))


def _date(day: Any) -> str:
    return "–" if day is None or day != day else str(day)
