"""sop optimise: the best setting of a policy that keeps a service target, and how sure that is."""

from __future__ import annotations

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
    refuse_idle,
    tell_cost,
    with_scenario,
    with_workers,
)
from simulator.kernel.messages import Message, Value, in_currency, inside, msg, number, percent, said, sentences

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.factors import FactorWords
    from simulator.studies.optimum import Optimum
    from simulator.studies.tuning import Tuning

AIM_HELP = "cost: the highest economic profit; stock: the least stock; or any measure, made as good as may be."
FACTOR_HELP = "Search ENTRY=LOW:HIGH; further ones ENTRY=A,B,C. The safety-stock parameter when none is named."


@click.command("optimise", cls=Speaking)
@on_scenario
@click.option("--policy", default="sop", show_default=True, metavar="NAME|FILE", help="The policy whose setting it is.")
@click.option("--service", type=float, required=True, metavar="SHARE", help="To be reached at least, such as 0.97.")
@click.option("--measure", default="fill_rate", show_default=True, metavar="NAME", help="The measure of service.")
@click.option("--minimise", default="cost", show_default=True, metavar="cost|stock|NAME", help=AIM_HELP)
@click.option("--factor", "factors", multiple=True, metavar="ENTRY=...", help=FACTOR_HELP)
@click.option("--by-product", is_flag=True, help="Tune the safety stock of each product to the target instead.")
@click.option("--confidence", type=float, default=0.95, show_default=True, help="With which the target is reached.")
@click.option("--replications", type=int, default=60, show_default=True, help="Of each setting in the search.")
@click.option("--difference", type=float, help="Of the aim that is worth finding; 0.2 % of it if not given.")
@click.option(
    "--budget",
    type=int,
    help="Select the best with so many more runs, put where they tell most, instead of until it is sure.",
)
@with_workers
@asks_first
@machine_formats
def optimise_policy(
    scenario: str,
    policy: str,
    service: float,
    measure: str,
    minimise: str,
    factors: tuple[str, ...],
    by_product: bool,
    confidence: float,
    replications: int,
    difference: float | None,
    budget: int | None,
    workers: int | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Find the setting of a policy with the least cost or stock that keeps a service target, scored on fresh luck."""
    from simulator.studies.optimise import check_effort, optimise, runs_of_search
    from simulator.studies.optimum import checked_aim
    from simulator.studies.tuning import check_tuning, runs_of_tuning, tune

    if by_product and factors:
        raise click.UsageError(str(msg("--by-product tunes safety stocks alone; leave --factor out")))
    if by_product:
        refuse_idle(["measure", "minimise", "confidence", "difference", "budget"], msg("with --by-product"))
    elif budget is not None:
        refuse_idle(["difference"], msg("with --budget, which promises none"))
    search = [factor(words) for words in factors]
    if by_product:
        check_tuning(service, replications)
    else:
        checked_aim(minimise, measure, service, confidence)
        check_effort(replications, difference, budget)
    case = changed_by_options(scenario, **options)
    plan = case.policy(policy)
    runs = runs_of_tuning(replications) if by_product else runs_of_search(case, plan, search, replications, budget)
    tell_cost(case, [plan], [(case, plan, *runs)], yes, workers)
    with progress(msg("optimising {policy} on {scenario}", policy=policy, scenario=case.name)) as tell:
        if by_product:
            tuned = tune(case, policy, service, replications, workers=workers, progress=tell)
        else:
            found = optimise(
                case, policy, service, minimise, search, measure, confidence, replications, difference, budget, None, workers, tell
            )  # fmt: skip
    click.echo(tuning(tuned, form) if by_product else print_optimum(found, form))


def factor(words: str) -> FactorWords:
    """A factor from ENTRY=LOW:HIGH or ENTRY=A,B,C."""
    from simulator.company.entries import assigned
    from simulator.company.gate import refuse_unfit, short_quote
    from simulator.company.toml import read_value
    from simulator.engine.validation import validated
    from simulator.studies.factors import FactorWords

    entry, values = assigned(words) or ("", "")
    if not values.strip():
        raise click.UsageError(
            str(msg("--factor is {value}; it must be ENTRY=LOW:HIGH or ENTRY=A,B,C", value=short_quote(words)))
        )
    given = [read_value(part.strip()) for part in values.split(":" if ":" in values else ",")]
    told: dict[str, Any] = {"entry": entry, "values": given}
    if ":" in values:
        if len(given) != 2 or not all(isinstance(end, int | float) for end in given):
            raise click.UsageError(
                str(msg("--factor is {value}; a range must be LOW:HIGH, two numbers", value=short_quote(words)))
            )
        told = {"entry": entry, "low": given[0], "high": given[1]}
    refuse_unfit(told, "--factor")
    return validated(FactorWords, told, "--factor")


def print_optimum(found: Optimum, form: str | None) -> str:
    """The optimum as it is asked for."""
    return answered(
        form,
        found.cautions,
        _asked(found),
        lambda: with_scenario(found.settings(), found.search.scenario),
        lambda: optimum_record(found),
        lambda: [_setting(found), _scores(found), "\n".join(map(str, _sentences(found)))],
    )


def _scores(found: Optimum) -> str:
    """Tabulate the measures of the setting on fresh luck and in the search."""
    from simulator.faces.report import figures

    currency = found.search.scenario.company.currency
    rows = [
        [
            said("mean ± half-width (95 %)"),
            said("fresh luck ({n})", n=_runs(found, True)),
            said("search ({n})", n=_runs(found, False)),
            said("optimism"),
        ]
    ]
    for row in found.scores().to_dict("records"):
        seen = {**row, "mean": row["search_mean"], "low": row["search_low"], "high": row["search_high"]}
        told = [figures.heading(row, currency), figures.with_half_width(row), figures.with_half_width(seen)]
        rows.append([*told, _flattered(row)])
    return figures.aligned(rows)


def _flattered(row: dict[Any, Any]) -> str:
    from simulator.faces.report import figures

    ends = {"difference": row["optimism_mean"], "difference_low": row["optimism_low"]}
    return figures.with_interval({**row, **ends, "difference_high": row["optimism_high"], "verdict": ""}).rstrip()


def optimum_record(found: Optimum) -> dict[str, Any]:
    """The optimum for programs."""
    from simulator.faces.report import files

    aim = found.aim
    return {
        "scenario": found.search.scenario.case,
        "policy": found.search.policy.name,
        "aim": {"measure": aim.measure.name, "service": aim.service.name, "target": aim.target, "confidence": aim.confidence},
        "seed": found.search.seed,
        "setting": found.setting,
        "confirmed": found.confirmed,
        "service_at_least": found.service_at_least,
        "difference": found.difference,
        "cautions": found.cautions,
        "scores": files.records(found.scores()),
        "settings": files.records(found.settings()),
    }  # fmt: skip


def _runs(found: Optimum, fresh: bool) -> int:
    trials, place = (found.fresh, found.fresh_place) if fresh else (found.search, found.place)
    return int(trials.values[place].shape[1])


def _asked(found: Optimum) -> Message:
    from simulator.company.phrases import as_given

    aim, trials = found.aim, found.search
    title = inside(msg(aim.measure.title))
    highest, lowest = msg("highest {measure}", measure=title), msg("lowest {measure}", measure=title)
    return msg(
        "{scenario}, policy {policy}, seed {seed}: {goal} with {service} at {target} % or above",
        scenario=trials.scenario.name,
        policy=trials.policy.name,
        seed=f"{trials.seed}",
        goal=highest if aim.measure.better == "higher" else lowest,
        service=inside(msg(aim.service.title)),
        target=as_given(100 * aim.target),
    )


def _setting(found: Optimum) -> str:
    from simulator.studies.factors import label

    return "\n".join(f"{entry} = {label(value)}" for entry, value in found.setting.items())


def _sentences(found: Optimum) -> list[Value]:
    """Say how sure an optimum is, and how it was found."""
    from simulator.company.phrases import as_given

    aim, sure = found.aim, msg("with {confidence} % confidence", confidence=as_given(100 * found.aim.confidence))
    reached = msg(
        "{service} is at least {share} {sure}, on luck that the search never met.",
        service=msg(aim.service.title),
        share=percent(found.service_at_least),
        sure=sure,
    )
    below = msg("That is below the target: take more replications, or a higher target.")
    return [
        reached if found.confirmed else sentences([reached, below]),
        msg(
            "{n} settings were tried on common luck, by {able} the target is surely reached; "
            "the best of those was selected{how}.",
            n=len(found.search.settings),
            able=len(found.feasible),
            how=_how(found, sure),
        ),
        msg("Optimism is by how much the search flattered the setting."),
    ]


def _how(found: Optimum, sure: Message) -> Message:
    if found.difference is None:
        runs = number(found.selection.runs)
        return msg(" with {runs} runs in all, given to where they tell most (Chen & Lee 2011)", runs=runs)
    amount = _amount(found, found.difference)
    return msg(", {sure} if it is better by {amount} or more (Kim & Nelson 2001)", sure=sure, amount=amount)


def _amount(found: Optimum, value: float) -> Message:
    """A difference in the unit of the aim."""
    from simulator.company.phrases import short_number
    from simulator.faces.report import figures

    measure, currency = found.aim.measure, found.search.scenario.company.currency
    share = measure.unit in figures.PERCENT
    unit = msg("points") if share else in_currency(measure.unit, currency)
    return msg("{value} {unit}", value=short_number(100 * value if share else value), unit=unit)


TUNED = ("product", "safety stock", "days of use", "fill rate, %", "before, %")
"""Columns of the table of tuned safety stocks."""


def tuning(found: Tuning, form: str | None) -> str:
    """The tuned safety stocks as they are asked for."""
    from simulator.faces.report import files

    table = found.table()
    record = {
        "scenario": found.scenario.case,
        "target": found.target,
        "policy": found.policy_words(),
        "cautions": found.cautions,
    }
    note = said("--json gives it as a policy's safety_stock.")
    return answered(
        form,
        found.cautions,
        found.asked(),
        lambda: with_scenario(table, found.scenario),
        lambda: {**record, "products": files.records(table)},
        lambda: [_tuned(table), "\n".join([*map(str, found.sentences()), note])],
    )


def _tuned(table: pd.DataFrame) -> str:
    """A line a product: its safety stock, and the fill rate with it and before."""
    from simulator.faces.report import figures

    rows = [[said(title) for title in TUNED]]
    for row in table.to_dict("records"):
        shares = [
            f"{number(100 * row[name], 1)} ± {number(100 * row[f'{name}_half'], 1)}" for name in ("fill_rate", "before")
        ]
        rows.append([str(row["product"]), str(number(row["units"])), str(number(row["days"], 1)), *shares])
    return figures.aligned(rows)
