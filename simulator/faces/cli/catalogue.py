"""sop check, describe, policies, verify: what there is, and whether it is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from simulator.faces.cli.group import FAILED, told
from simulator.faces.cli.options import REFERENCE, announced, asks_first, one_of, refuse_idle


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--with", "company", metavar="SCENARIO", help="Try policies and studies in this company.")
def check(files: tuple[str, ...], company: str | None) -> int:
    """Check scenarios, policies and studies, by file or name: say in short what each describes, and that it runs."""
    from simulator.faces.kinds import checked
    from simulator.kernel.units import ScenarioError

    status = 0
    for file in files:
        try:
            described, *remarks = checked(file, company)
        except ScenarioError as error:
            status = told(error)
        else:
            click.echo("\n    ".join([f"{file}: ok: {described}", *(f"look at: {remark}" for remark in remarks)]))
    return status


@click.command()
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
        refuse_idle(["scenario"], f"with --{what}, which are the same for all")
    if what == "measures":
        click.echo(measure_list())
    elif what:
        for title, entries in (dictionaries() if what == "entries" else rule_dictionaries()).items():
            click.echo(f"{title}\n")
            click.echo("\n".join(entry_lines(entries)) + "\n")
    else:
        click.echo("\n".join(profile(load(scenario))))


def entry_lines(entries: list[Any]) -> Iterator[str]:
    """Entries of the data dictionary: name and meaning, below it what it may be."""
    from simulator.company.problems import KINDS

    for e in entries:
        yield f"  {e.entry}: {e.meaning}"
        facts = [e.allowed, e.unit not in KINDS and f"in {e.unit}", e.default and f"default {e.default}"]
        if any(facts):
            yield f"      {'; '.join(fact for fact in facts if fact)}"


def measure_list() -> str:
    """Measures with unit, direction and definition."""
    from simulator.results.kpis import MEASURES

    better = {"higher": ", higher is better", "lower": ", lower is better", "": ""}
    return "\n".join(f"{m.name}: {m.title} ({m.unit}{better[m.better]})\n    {m.definition}" for m in MEASURES.values())


@click.command()
def policies() -> None:
    """List the policies that come with the product, and rules of one's own where there are any."""
    from simulator.engine.scenario import preset, preset_names
    from simulator.planning.own import own_rules

    for name in preset_names():
        click.echo(f"{name}: {preset(name).note}")
    own = own_rules()
    if own:
        click.echo(f"rules beside those of the product: {', '.join(own)}")


@click.command()
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
        raise click.UsageError(f"--only is {only!r}, which is in the name of no case")
    found = cost_of_known_answers(sum(case.kind == "simulation" for case in asked))
    if found.seconds >= WORTH_TELLING:
        announced(found, yes)
    answers: list[dict[str, Any]] = []
    for case in asked:
        result = case.check()
        answer = {"found": result.found, "expected": result.expected, "ok": result.ok}
        answers.append({"name": case.name, "source": case.source, "function": case.function, **answer})
        if form != "json":
            mark = "ok" if result.ok else "WRONG"
            click.echo(
                f"{mark:6}{case.name}: found {result.found}, known {result.expected} ({case.source}; {case.function})"
            )
    right = sum(answer["ok"] for answer in answers)
    click.echo(files.as_json(answers) if form == "json" else f"{right} of {len(answers)} as known")
    return 0 if right == len(answers) else FAILED
