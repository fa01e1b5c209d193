"""sop pilot: what one company would see of a difference, and for how long it would have to look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.options import (
    Speaking,
    answered,
    asks_first,
    changed_by_options,
    machine_formats,
    on_scenario,
    progress,
    tell_cost,
)
from simulator.kernel.messages import Message, capital, msg, number, percent, said

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.estimates import Estimate
    from simulator.results.pilot import Pilot


NORMAL = 1.96


@click.command("pilot", cls=Speaking)
@on_scenario
@click.option(
    "--policy", "policies", multiple=True, metavar="NAME|FILE", help="Two policies: before the change, and after it."
)
@click.option("--measure", default="fill_rate", show_default=True, metavar="NAME", help="What the pilot watches.")
@click.option(
    "--difference", type=float, help="The difference to be seen, in the measure's unit; that of the runs when left out."
)
@click.option("--replications", type=click.IntRange(min=2), help="Runs of each policy, each on its own luck.")
@asks_first
@machine_formats
def show_pilot(
    scenario: str,
    policies: tuple[str, ...],
    measure: str,
    difference: float | None,
    replications: int | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Say how many months before and after a change, or how many sites, one company needs to see a difference of policies."""
    from simulator.results.kpis import measures_named
    from simulator.results.pilot import pilot

    if len(policies) != 2:
        raise click.UsageError(
            str(msg("--policy names {n} policies; a pilot changes from one to another", n=len(policies)))
        )
    if difference is not None and not abs(difference) > 0.0:
        raise click.UsageError(str(msg("--difference is {difference}; it must not be 0", difference=f"{difference:g}")))
    measures_named(measure)
    case = changed_by_options(scenario, **options)
    runs = replications or case.experiment.replications
    chosen = [case.policy(name) for name in policies]
    tell_cost(case, chosen, [(case, policy, runs) for policy in chosen], yes)
    with progress(msg("running {scenario} before and after", scenario=case.name)) as tell:
        found = pilot(case, chosen[0], chosen[1], measure, runs, progress=tell)
    click.echo(print_pilot(found, difference, form))


def print_pilot(found: Pilot, difference: float | None, form: str | None) -> str:
    """A pilot as it is asked for."""
    from simulator.faces.report import files

    rows = pilot_table(found, found.gap.mean if difference is None else difference)
    return answered(
        form,
        [],
        about_pilot(found),
        lambda: rows,
        lambda: {**pilot_record(found, difference), "rows": files.records(rows)},
        lambda: pilot_words(found, difference, rows),
    )


def about_pilot(found: Pilot) -> Message:
    """Say what was run."""
    before, after = (policy.name for policy in found.policies)
    return msg(
        "{scenario}: from {before} to {after}, {n} replications, seed {seed}",
        scenario=found.scenario.name,
        before=before,
        after=after,
        n=len(found.replications),
        seed=f"{found.seed}",
    )


def pilot_table(found: Pilot, difference: float) -> pd.DataFrame:
    """A row a number of months: what luck does to a difference before and after, what is seen, how many sites see more."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "scenario": found.scenario.case,
                "measure": found.measure.name,
                "unit": found.measure.unit,
                "months": months,
                "sd": found.variance(months) ** 0.5,
                "seen": found.seen(months),
                "sites": found.sites(months, difference) if difference else None,
                "wrong_way": found.wrong(months, difference),
            }
            for months in found.spread
        ]
    )


def pilot_record(found: Pilot, difference: float | None) -> dict[str, Any]:
    """For programs."""
    aim = found.gap.mean if difference is None else difference
    both = {
        policy.name: {"contract_missed": _ends(missed), "penalties": _ends(paid)}
        for policy, missed, paid in zip(found.policies, found.contract, found.penalties, strict=True)
    }
    told = {"scenario": found.scenario.case, "measure": found.measure.name, "seed": found.seed}
    return {
        **told,
        "gap": _ends(found.gap),
        "difference": aim,
        "months": found.months(aim) if aim else None,
        "policies": both,
    }


def _ends(found: Estimate) -> dict[str, float]:
    return {"mean": found.mean, "low": found.low, "high": found.high}


def pilot_words(found: Pilot, difference: float | None, rows: pd.DataFrame) -> Iterator[str]:
    """The table, then the answer in sentences."""
    from simulator.faces.report import figures

    name, unit = found.measure.name, found.measure.unit
    head = [
        said("months before and after"),
        said("luck of the difference (95 %)"),
        said("seen (95 % sure, in 80 % of cases)"),
        said("sites"),
        said("looks the wrong way"),
    ]
    body = [
        [
            str(number(row["months"])),
            f"± {amount_of(NORMAL * row['sd'], unit)}",
            amount_of(row["seen"], unit),
            figures.UNKNOWN if row["sites"] is None else str(number(row["sites"])),
            str(percent(row["wrong_way"], 0)),
        ]
        for row in list[figures.Row](rows.to_dict("records"))
    ]
    yield figures.measure_heading(name, found.scenario.company.currency) + "\n" + figures.aligned([head, *body])
    yield "\n".join(said("{sentence}.", sentence=capital(told)) for told in pilot_sentences(found, difference))


def amount_of(size: float, unit: str) -> str:
    """A size without a sign, in the unit that differences are shown in."""
    from simulator.faces.report import figures

    row = {"unit": unit, "difference": size, "difference_low": 0.9 * size, "difference_high": 1.1 * size, "verdict": ""}
    return figures.with_interval(row).split(" ")[0].lstrip("+")


def pilot_sentences(found: Pilot, difference: float | None) -> Iterator[Message]:
    """Tell the difference of the runs, the needs of one company, and the contract."""
    from simulator.faces.report import figures

    before, after = (policy.name for policy in found.policies)
    name, unit, gap = found.measure.name, found.measure.unit, found.gap
    row = {"difference": gap.mean, "low": gap.low, "high": gap.high}
    yield msg(
        "{measure} under {after} less that under {before}, on the same luck: {gap}",
        measure=msg(found.measure.title),
        after=after,
        before=before,
        gap=figures.difference_of(row, name, "difference"),
    )
    aim = gap.mean if difference is None else difference
    if aim:
        yield msg(
            "one company that changes over sees a difference of {size} with {months} months before and as many after (95 % sure, in "
            "80 % of cases; seasons are taken to be known)",
            size=amount_of(abs(aim), unit),
            months=number(found.months(aim)),
        )
    for policy, missed, paid in zip(found.policies, found.contract, found.penalties, strict=True):
        yield msg(
            "under {policy} the contract of {target} is missed in {months} months with a chance of {share} [{low}, {high}]; late "
            "penalties come to {money} {currency} a year",
            policy=policy.name,
            target=percent(found.scenario.experiment.service_target),
            months=number(found.contract_months),
            share=percent(missed.mean, 0),
            low=percent(missed.low, 0),
            high=percent(missed.high, 0),
            money=number(paid.mean),
            currency=found.scenario.company.currency,
        )
