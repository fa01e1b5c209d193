"""sop check, describe, policies, verify: what there is, and whether it is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.group import FAILED, told
from simulator.faces.cli.options import REFERENCE, Speaking, announced, asks_first, one_of, refuse_idle
from simulator.kernel.messages import listed, msg, said

if TYPE_CHECKING:
    from simulator.results.kpis import Measure


@click.command(cls=Speaking)
@click.argument("files", nargs=-1, required=True)
@click.option("--with", "company", metavar="SCENARIO", help="Try policies and studies in this company.")
def check(files: tuple[str, ...], company: str | None) -> int:
    """Check scenarios, policies and studies, by file or name: say in short what each describes, and that it runs."""
    from simulator.faces.kinds import check_file
    from simulator.kernel.units import ScenarioError

    status = 0
    for file in files:
        try:
            described, *remarks = check_file(file, company)
        except ScenarioError as error:
            status = told(error)
        else:
            looks = [said("look at: {remark}", remark=remark) for remark in remarks]
            click.echo("\n    ".join([said("{file}: ok: {what}", file=file, what=described), *looks]))
    return status


@click.command(cls=Speaking)
@click.argument("scenario", default=REFERENCE)
@one_of(
    "what",
    entries=("entries", "The data dictionary of scenario and policy files."),
    rules=("rules", "All rules that a policy may choose, with their settings."),
    measures=("measures", "All measures with their definitions."),
)
def describe(scenario: str, what: str | None) -> None:
    """Say in words what company a scenario describes; or list entries, rules or measures."""
    from simulator.engine.scenario import load
    from simulator.faces.describe import dictionaries, profile, rule_dictionaries

    if what:
        refuse_idle(["scenario"], msg("with {option}, which are the same for all", option=f"--{what}"))
    if what == "measures":
        click.echo(measure_list())
    elif what:
        for title, entries in (dictionaries() if what == "entries" else rule_dictionaries()).items():
            click.echo(said(title) + "\n")
            click.echo("\n".join(entry_lines(entries)) + "\n")
    else:
        click.echo("\n".join(map(str, profile(load(scenario)))))


def entry_lines(entries: list[Any]) -> Iterator[str]:
    """Entries of the data dictionary: name and meaning, below it what it may be."""
    from simulator.company.problems import KINDS

    for e in entries:
        yield said("  {entry}: {meaning}", entry=e.entry, meaning=e.meaning)
        facts = [e.allowed] if e.allowed else []
        facts += [msg("in {unit}", unit=e.unit)] if e.unit.id not in KINDS else []
        facts += [msg("default {value}", value=e.default)] if e.default else []
        if facts:
            yield f"      {listed(facts, '; ')}"


def measure_list() -> str:
    """Measures with unit, direction, definition, and the smallest difference that matters."""
    from simulator.results.kpis import MEASURES

    return "\n".join(line for measure in MEASURES.values() for line in _measure_lines(measure))


def _measure_lines(measure: Measure) -> Iterator[str]:
    unit = msg(measure.unit)
    if measure.better:
        better = msg("higher is better") if measure.better == "higher" else msg("lower is better")
        unit = msg("{unit}, {better}", unit=unit, better=better)
    yield said("{name}: {title} ({unit})", name=measure.name, title=msg(measure.title), unit=unit)
    yield f"    {said(measure.definition)}"
    yield said("    a difference matters beyond {amount}", amount=measure.matters.text(measure.unit))


@click.command(cls=Speaking)
def policies() -> None:
    """List the policies that come with the product, and rules of one's own where there are any."""
    from simulator.engine.scenario import preset, preset_names
    from simulator.planning.own import own_rules

    for name in preset_names():
        click.echo(said("{name}: {note}", name=name, note=preset(name).note))
    own = own_rules()
    if own:
        click.echo(said("rules beside those of the product: {names}", names=listed(own, ", ")))


@click.command(cls=Speaking)
@click.option("--only", default="", metavar="TEXT", help="Only cases whose name holds this text.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@asks_first
def verify(only: str, yes: bool, form: str | None) -> int:
    """Hold the simulator against known answers, on this machine."""
    from simulator.faces.report import files
    from simulator.results.verify import cases
    from simulator.studies.cost import WORTH_TELLING, cost_of_known_answers

    asked = [case for case in cases() if only.lower() in case.name.lower()]
    if not asked:
        raise click.UsageError(str(msg("--only is {name}, which is in the name of no case", name=repr(only))))
    found = cost_of_known_answers(sum(case.kind == "simulation" for case in asked))
    if found.seconds >= WORTH_TELLING:
        announced(found, yes)
    answers: list[dict[str, Any]] = []
    for case in asked:
        result = case.check()
        answer = {"found": result.found, "expected": result.expected, "ok": result.ok}
        answers.append({"name": case.name, "source": case.source, "function": case.function, **answer})
        if form != "json":
            mark = said("ok") if result.ok else said("WRONG")
            figures = {"found": f"{result.found}", "known": f"{result.expected}"}
            what = said(
                "{case}: found {found}, known {known} ({source}; {function})",
                case=case.name,
                source=case.source,
                function=case.function,
                **figures,
            )
            click.echo(f"{mark:6}{what}")
    right = sum(answer["ok"] for answer in answers)
    click.echo(files.as_json(answers) if form == "json" else said("{n} of {all} as known", n=right, all=len(answers)))
    return 0 if right == len(answers) else FAILED
