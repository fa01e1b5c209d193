"""sop bridge: what each element of S&OP is worth, from one policy to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.at_target import AT_ONCE, OF_A_COMBINATION, settings_told, target_unless, with_target
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
    refuse_idle,
    tell_cost,
    with_workers,
)
from simulator.kernel.messages import Message, capital, msg, number, said

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.bridge import Bridge
    from simulator.results.equal_service import Tuned


@click.command("bridge", cls=Speaking)
@on_scenario
@click.option("--base", default="siloed", metavar="NAME|FILE", show_default=True, help="The policy to start from.")
@click.option("--full", default="sop-smoothed", metavar="NAME|FILE", show_default=True, help="The policy to arrive at.")
@click.option("--element", "parts", multiple=True, metavar="NAME", help="Only these elements; all if none are named.")
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="A measure (sop describe --measures).")
@with_target
@click.option("--replications", type=int, default=50, show_default=True, help="Runs of each combination of elements.")
@click.option("--permutations", type=int, default=64, show_default=True, help="Sampled orders, beyond eight elements.")
@with_workers
@click.option("--chart", type=FilePath(), help="Draw the bridge: .svg, .png or .html.")
@asks_first
@machine_formats
def value_bridge(
    scenario: str,
    base: str,
    full: str,
    parts: tuple[str, ...],
    measures: tuple[str, ...],
    targets: tuple[str, ...],
    as_run: bool,
    replications: int,
    permutations: int,
    workers: int | None,
    chart: Path | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Work out the worth of S&OP and of each of its elements at equal service: Shapley values over all combinations."""
    from simulator.faces import charts
    from simulator.faces.cli.comparison import announce
    from simulator.results.bridge import BRIDGED, MOST_COMBINED, bridge, chosen_elements, differing_elements

    if chart:
        charts.may_be_drawn(chart)
    case = changed_by_options(scenario, **options)
    at = target_unless(targets, as_run, case)
    unlike = differing_elements(case.policy(base), case.policy(full), chosen_elements(parts))
    if len(unlike) <= MOST_COMBINED:
        refuse_idle(
            ["permutations"],
            msg("where policies differ in {n} elements, of which every combination is run", n=len(unlike)),
        )
    combined = max(1, min(len(unlike), MOST_COMBINED))
    announce(case, (base, full), replications * 2 ** (combined - 1))  # half of the combinations have the rule
    many = 2**combined if len(unlike) <= MOST_COMBINED else permutations * len(unlike)
    ends = [case.policy(base), case.policy(full)]
    times = AT_ONCE if as_run else OF_A_COMBINATION
    works = [(case, policy, replications, times * many / 2) for policy in ends]
    tell_cost(case, ends, works, yes, workers)
    work = msg("building the bridge from {base} to {full} on {scenario}", base=base, full=full, scenario=case.name)
    with progress(work) as tell:
        found = bridge(
            case, base, full, replications, None, measures or BRIDGED, parts or None, permutations, workers, tell,
            at=at, as_run=as_run,
        )  # fmt: skip
    table, currency = found.table(), case.company.currency
    if chart:
        titles = {measure.name: measure.title for measure in found.measures}
        draw(charts.waterfall(table, str(bridge_runs(found)), titles, currency), chart)
    click.echo(print_bridge(found, table, form, currency))


def bridge_runs(found: Bridge) -> Message:
    """Describe the runs of a bridge, in a line."""
    how = msg("all combinations")
    if found.orders is not None:
        how = msg("{n} sampled orders", n=len(found.orders))
    return msg(
        "{scenario}: {n} replications of {how}, seed {seed}",
        scenario=found.scenario.name,
        n=len(found.replications),
        how=how,
        seed=f"{found.seed}",
    )


def ends_of_bridge(found: Bridge) -> dict[str, Tuned]:
    """The two policies between which the bridge leads, as they were brought to the target."""
    every = frozenset(part.name for part in found.parts)
    return {found.base.name: found.tuned[frozenset()], found.end: found.tuned[every]} if found.tuned else {}


def unequal_words(found: Bridge) -> list[Message]:
    """Say how many combinations are not at the target, and who is the furthest from it."""
    from simulator.results.equal_service import Outcome
    from simulator.results.equal_words import outcome_words

    told = []
    for outcome in (Outcome.OUT_OF_REACH, Outcome.ABOVE):
        mine = {on: one for on, one in found.unequal.items() if one.outcome is outcome}
        if mine:
            on, one = min(mine.items(), key=lambda item: (dict(item[1].tried)[item[1].setting], sorted(item[0])))
            example = outcome_words("+".join([found.base.name, *sorted(on)]), one) or msg("")
            counts = {"n": number(len(mine)), "all": number(len(found.tuned))}
            told.append(
                msg(
                    "{n} of {all} combinations do not come to the target, such as: {example}", **counts, example=example
                )
                if outcome is Outcome.OUT_OF_REACH
                else msg(
                    "{n} of {all} combinations are beyond it without any buffer, such as: {example}",
                    **counts,
                    example=example,
                )
            )
    return told


def print_bridge(found: Bridge, table: pd.DataFrame, form: str | None, currency: str) -> str:
    """The bridge as it is asked for."""
    from simulator.faces.report import files
    from simulator.results.equal_words import setting_of

    inputs = {
        "scenario": found.scenario.case,
        "base": found.base.name,
        "full": found.full.name,
        "seed": found.seed,
        "replications": found.replications,
        "cautions": found.cautions,
        **({"at": {found.at.name: found.at.value}} if found.at else {}),
    }
    ends, unequal = ends_of_bridge(found), unequal_words(found)
    settings = [setting_of(name, one) for name, one in ends.items()]
    return answered(
        form,
        found.cautions,
        bridge_runs(found),
        lambda: table,
        lambda: {
            "inputs": inputs,
            **({"settings": settings, "sentences": unequal} if ends else {}),
            "bars": files.records(table),
        },
        lambda: [
            *(settings_told(ends) if ends else []),
            *(_panel(found, part, currency) for _, part in table.groupby("measure", sort=False)),
            *(said("{sentence}.", sentence=capital(one)) for one in unequal),
        ],
    )


def _panel(found: Bridge, part: pd.DataFrame, currency: str) -> str:
    """One measure: its bars with intervals, the ladder beside them."""
    from simulator.faces.report import figures

    first = part.iloc[0]
    measure = next(m for m in found.measures if m.name == first["measure"])
    shown_in = figures.heading({"title": measure.title, "unit": measure.unit}, currency)
    rows = [[shown_in, said("worth [95 %]"), said("one after the other [95 %]")]]
    for bar in part.to_dict("records"):
        shown = {**bar, "mean": bar["value"], "title": measure.title}
        ends = bar["element"] in ("start", "end")
        own = figures.with_half_width(shown) if ends else _signed(bar, "value", "low", "high")
        rows.append([said(str(bar["title"])), own, "" if ends else _signed(bar, "ladder", "ladder_low", "ladder_high")])
    if found.orders is None:
        return figures.aligned(rows)
    most = part["sampling_error"].max()
    sampled = figures.with_half_width({**first, "mean": 0.0, "low": -most, "high": most}).partition("±")[2].strip()
    return f"{figures.aligned(rows)}\n{said('sampling of orders adds at most ± {amount}', amount=sampled)}"


def _signed(bar: dict[Any, Any], mean: str, low: str, high: str) -> str:
    from simulator.faces.report import figures

    shown = {**bar, "difference": bar[mean], "difference_low": bar[low], "difference_high": bar[high], "verdict": ""}
    return figures.with_interval(shown).rstrip()
