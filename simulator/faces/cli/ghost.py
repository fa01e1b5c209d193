"""sop ghost: the same luck with one decision changed, and what that was worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.comparison import tables
from simulator.faces.cli.options import (
    FilePath,
    Speaking,
    aside,
    asks_first,
    changed_by_options,
    headed,
    machine_formats,
    must_name_folder,
    on_scenario,
    progress,
    refuse_idle,
    tell_cost,
)
from simulator.kernel.messages import Message, Value, capital, listed, msg, said

if TYPE_CHECKING:
    from simulator.results.ghost import Ghosts


@click.command("ghost", cls=Speaking)
@on_scenario
@click.option("--policy", metavar="NAME|FILE", default="sop", show_default=True, help="The policy.")
@click.option(
    "--month",
    metavar="NUMBER|2011-03",
    help="The month in whose cycle is decided; with --decisions the first of the file.",
)
@click.option(
    "--decision",
    "decisions",
    multiple=True,
    metavar="KIND:NAME=AMOUNT",
    help="An option, such as overtime:assembly=12; ' + ' joins decisions, NAME@MONTH is for a later month.",
)
@click.option("--decisions", "file", type=FilePath(), metavar="FILE", help="Decisions in a file, by option and month.")
@click.option("--replications", type=int, help="Runs of each option, each on its own luck.")
@click.option("--replication", type=click.IntRange(min=0), help="Only this one of the possible runs.")
@click.option("--ahead", type=int, metavar="MONTHS", help="Look so many months ahead, from one run into many futures.")
@click.option("--lanes", type=int, help="Futures with --ahead; 200 when left out.")
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="A measure (sop describe --measures).")
@click.option("--out", type=FilePath(), help="Folder for measures, summary and inputs.")
@click.option(
    "--format", "kind", type=click.Choice(["parquet", "csv"]), default="parquet", help="Of the files in --out."
)
@asks_first
@machine_formats
def ghost_runs(
    scenario: str,
    policy: str,
    month: str | None,
    decisions: tuple[str, ...],
    file: Path | None,
    replications: int | None,
    replication: int | None,
    ahead: int | None,
    lanes: int | None,
    measures: tuple[str, ...],
    out: Path | None,
    kind: str,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Change a decision of one month on the same luck, and show what it is worth from that month on.

    Decisions are forecast, safety-stock, production, subcontract and decline (deals) of a family, overtime and people of a resource,
    expedite and order-ahead of a part, reserve (stock) and promise (later dates) for a segment, promotion and price of a family or
    product, move-promotion, purchases:all, a month's purchasing budget, and option:all, an option of the meeting by its number.
    """
    from simulator.engine.decision_file import read_decisions
    from simulator.faces.report import files
    from simulator.results.ghost import LANES, first_month, ghost
    from simulator.studies.cost import options_from

    if bool(decisions) == bool(file):
        raise click.UsageError(str(msg("name what is decided: by --decision, or in a file by --decisions, not both")))
    if decisions and month is None:
        raise click.UsageError(str(msg("--decision needs --month, in whose cycle it is taken")))
    refuse_idle(["warm-up"], msg("here, as measures are taken from the month of the decision on"))
    if replication is not None or ahead is not None:
        refuse_idle(["replications"], msg("with one run; --lanes says how many futures"))
    if ahead is None:
        refuse_idle(["lanes"], msg("without --ahead"))
    if out:
        must_name_folder(out)
        files.may_hold_results(out)
    else:
        refuse_idle(["format"], msg("without --out"))
    case = changed_by_options(scenario, **options)
    plan, lanes = case.policy(policy), LANES if lanes is None else lanes
    numbers: int | list[int] = (
        [replication or 0] if ahead is not None or replication is not None else case.experiment.replications
    )
    if replications is not None:
        numbers = replications
    options_put = read_decisions(file, case, plan) if file else decisions
    many = lanes if ahead is not None else 1 if isinstance(numbers, list) else numbers
    index = first_month(case, month, options_put)
    tell_cost(case, [plan], options_from(case, plan, index, 1 + len(options_put), many, ahead), yes, None)
    with progress(msg("running {scenario} again with other decisions", scenario=case.name), still=True) as tell:
        found = ghost(case, plan, month, options_put, numbers, None, measures or None, ahead, lanes, tell, None)
    if out:
        write_ghosts(found, out, kind)
    click.echo(ghost_answer(found, form))


def write_ghosts(found: Ghosts, out: Path, kind: str) -> None:
    """Write measures, summary and inputs into a folder."""
    from simulator.faces.report import files

    shown = {"measures": found.table, "summary": found.summary()}
    names = files.write_results(out, {**found.record(), "words": found.scenario.words}, shown, kind)
    click.echo(said("written: {files}", files=listed(map(str, names), ", ")), err=True)


def ghost_answer(found: Ghosts, form: str | None) -> str:
    """Answer as it is asked for: in tables and words, as JSON or as CSV."""
    from simulator.faces.report import files

    if form == "csv":
        aside(found.cautions)
        return files.as_csv(found.summary()).rstrip("\n")
    if form == "json":
        content = {"inputs": found.record(), "summary": files.records(found.summary()), "sentences": found.sentences()}
        return files.as_json(content)
    first, *others = found.columns
    spoken = replace(found, found={said(first): found.found[first], **{name: found.found[name] for name in others}})
    sentences = [said("{sentence}.", sentence=capital(sentence)) for sentence in spoken.sentences()]
    shown = [headed(ghost_title(found), found.cautions), *tables(spoken, spoken.summary())]
    return "\n\n".join([*shown, *(["\n".join(sentences)] if sentences else [])])


def ghost_title(found: Ghosts) -> Message:
    """Describe the runs, in a line."""
    days = found.scenario.days
    what: dict[str, Value] = {
        "scenario": found.scenario.name,
        "policy": found.policies[0].name,
        "month": days.month_name(found.month),
        "last": days.month_name(days.months - 1),
        "n": len(found.replications),
        "seed": f"{found.seed}",
    }
    if found.forked is not None:
        return msg(
            "{scenario}, policy {policy}: decided in {month}, measured until {last} in {n} futures of replication {replication}, "
            "seed {seed}",
            **what,
            replication=found.forked,
        )
    return msg(
        "{scenario}, policy {policy}: decided in {month}, measured until {last} in {n} replications, seed {seed}",
        **what,
    )
