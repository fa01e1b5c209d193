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
    tell_cost,
    with_workers,
)
from simulator.kernel.messages import Message, msg, said

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
@with_workers
@click.option("--chart", type=FilePath(), help="Draw the bridge: .svg, .png or .html.")
@click.option("--out", type=FilePath(), help="The answer as a file: .xlsx, .pptx, .pdf or .html.")
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
    workers: int | None,
    chart: Path | None,
    out: Path | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Work out the worth of S&OP, of four blocks and of each element at equal service: fair share, alone, lost without it."""
    from simulator.faces import charts
    from simulator.faces.answer.of_bridge import answer_of_bridge
    from simulator.faces.answer.writing import may_be_answered
    from simulator.faces.cli.answers import write_file
    from simulator.faces.cli.comparison import announce
    from simulator.results.bridge import BRIDGED, bridge
    from simulator.results.elements import blocks_of, chosen_elements, differing_elements
    from simulator.theory.shares import coalitions

    if chart:
        charts.may_be_drawn(chart)
    if out:
        may_be_answered(out)
    case = changed_by_options(scenario, **options)
    at = target_unless(targets, as_run, case)
    unlike = differing_elements(case.policy(base), case.policy(full), chosen_elements(parts))
    many = len(coalitions([block.elements for block in blocks_of(unlike)]))
    announce(case, (base, full), replications * (many // 2))  # half of the combinations have the rule
    ends = [case.policy(base), case.policy(full)]
    times = AT_ONCE if as_run else OF_A_COMBINATION
    works = [(case, policy, replications, times * many / 2) for policy in ends]
    tell_cost(case, ends, works, yes, workers)
    work = msg("building the bridge from {base} to {full} on {scenario}", base=base, full=full, scenario=case.name)
    with progress(work) as tell:
        found = bridge(
            case, base, full, replications, None, measures or BRIDGED, parts or None, workers, tell,
            at=at, as_run=as_run,
        )  # fmt: skip
    table, currency = found.table(), case.company.currency
    if chart:
        titles = {measure.name: measure.title for measure in found.measures}
        draw(charts.waterfall(table, str(bridge_runs(found)), titles, currency), chart)
    if out:
        write_file(answer_of_bridge(found), out)
    click.echo(print_bridge(found, table, form, currency))


def bridge_runs(found: Bridge) -> Message:
    """Describe the runs of a bridge, in a line."""
    return msg(
        "{scenario}: {n} replications of {many} combinations, seed {seed}",
        scenario=found.scenario.name,
        n=len(found.replications),
        many=found.combinations,
        seed=f"{found.seed}",
    )


def ends_of_bridge(found: Bridge) -> dict[str, Tuned]:
    """The two policies between which the bridge leads, as they were brought to the target."""
    every = frozenset(part.name for part in found.parts)
    return {found.base.name: found.tuned[frozenset()], found.end: found.tuned[every]} if found.tuned else {}


def print_bridge(found: Bridge, table: pd.DataFrame, form: str | None, currency: str) -> str:
    """The bridge as it is asked for."""
    import numpy as np

    from simulator.faces.report import files
    from simulator.results.bridge_words import told_of, unequal_words
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
    settings, told = [setting_of(name, one) for name, one in ends.items()], told_of(found)
    return answered(
        form,
        found.cautions,
        bridge_runs(found),
        lambda: table,
        lambda: {
            "inputs": inputs,
            **({"settings": settings} if ends else {}),
            "sentences": [*told["whole"], *told["blocks"], *told["elements"], *unequal],
            "blocks": files.records(found.blocks_table()),
            "bars": files.records(table),
        },
        lambda: [
            *(settings_told(ends) if ends else []),
            *("\n".join(map(str, told[name])) for name in ("whole", "blocks") if told[name]),
            *(
                _panel(found, row, currency)
                for row in range(len(found.measures))
                if np.isfinite(found.total[row]).any()
            ),
            *(["\n".join(map(str, told["elements"]))] if told["elements"] else []),
            *map(str, unequal),
        ],
    )


def _panel(found: Bridge, row: int, currency: str) -> str:
    """One measure: blocks with their elements, each as a fair share, alone and as the last one."""
    from simulator.faces.report import figures

    measure = found.measures[row]
    shown_in = figures.heading({"title": measure.title, "unit": measure.unit}, currency)
    head = [shown_in, said("worth [95 %]"), said("only this [95 %]"), said("all but this: lost [95 %]")]
    blocks, bars = (
        {bar["element"]: bar for bar in table[table["measure"] == measure.name].to_dict("records")}
        for table in (found.blocks_table(), found.table())
    )
    lines = [_end(blocks["start"], measure.title)]
    idle = {part.name for part in found.idle}
    for block in found.blocks:
        inside = [name for name in block.elements if name not in idle]
        if inside:
            lines.append(_line(blocks[block.name], ""))
        if len(inside) > 1:
            lines += [_line(bars[name], "  ") for name in inside]
    lines += [
        [said("in all"), _signed(blocks["total"], "value", "low", "high"), "", ""],
        _end(blocks["end"], measure.title),
    ]
    return figures.aligned([head, *lines])


def _line(bar: dict[Any, Any], before: str) -> list[str]:
    """A block or an element in its three readings."""
    readings = (("value", "low", "high"), ("alone", "alone_low", "alone_high"), ("last", "last_low", "last_high"))
    return [before + said(str(bar["title"])), *(_signed(bar, *names) for names in readings)]


def _end(bar: dict[Any, Any], title: str) -> list[str]:
    """The level of a policy at which the bridge begins or ends."""
    from simulator.faces.report import figures

    return [said(str(bar["title"])), figures.with_half_width({**bar, "mean": bar["value"], "title": title}), "", ""]


def _signed(bar: dict[Any, Any], mean: str, low: str, high: str) -> str:
    from simulator.faces.report import figures

    shown = {**bar, "difference": bar[mean], "difference_low": bar[low], "difference_high": bar[high], "verdict": ""}
    return figures.with_interval(shown).rstrip()
