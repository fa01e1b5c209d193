"""Everything of a result to take along: workbook, page, JSON, scenario file, and the command that gives the same."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import export, jobs, results, show, studies
from dashboard.alternatives import is_alternative, parted
from dashboard.asks import Ask, differing
from dashboard.case import Case, scenario_of
from dashboard.controls import language, say, tell
from dashboard.look import company_name, labelled, look, policy_name, spec_of, told_remarks
from dashboard.tables import definitions_table, differences_table, in_words, means_table
from dashboard.verdicts import verdict_texts
from dashboard.words import HTML
from simulator.company.toml import value_text
from simulator.faces import charts
from simulator.kernel.messages import capital

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.compare import Comparison


def of_comparison(ask: Ask) -> None:
    """Offer the downloads of a comparison."""
    with st.container(horizontal=True, gap="small", key="downloads"):
        show.save(say("Excel workbook"), lambda: comparison_workbook(ask), "comparison.xlsx", XLSX)
        show.save(say("Report"), lambda: comparison_page(ask), "comparison.html", "text/html")
        show.save("JSON", lambda: comparison_json(ask), "comparison.json", "application/json")
        show.save(say("CSV"), lambda: export.csv(results.summary(ask)), "comparison.csv", "text/csv")
        show.save(say("Scenario file"), lambda: export.scenario_file(ask.case), "scenario.toml", "application/toml")
    with st.expander(say("The same from the command line"), icon=":material/terminal:"):
        st.code(command_line(ask), language="bash", wrap_lines=True)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def command_line(ask: Ask, verb: str = "compare") -> str:
    """The command that gives the same numbers."""
    base = "scenario.toml" if ask.case.base.startswith("@") else ask.case.base
    words = ["sop", verb, base, *(w for name in ask.policies for w in as_option(name))]
    words += ["--at", str(dict(ask.more)["at"])] if "at" in dict(ask.more) else []
    words += ["--replications", str(ask.replications), "--seed", str(ask.seed), *changed_options(ask.case)]
    return " ".join(shlex.quote(word) for word in words)


def as_option(name: str) -> tuple[str, str]:
    """A policy, or an alternative, as an option of the command line."""
    if not is_alternative(name):
        return "--policy", name
    policy, setting = parted(name)
    said = ", ".join(f"{entry}={value_text(value)}" for entry, value in {"policy": policy, **setting}.items())
    return "--case", f"{policy_name(name)}: {said}"


def ghost_line(ask: Ask) -> str:
    """The command that gives the same worth of options."""
    more, base = dict(ask.more), "scenario.toml" if ask.case.base.startswith("@") else ask.case.base
    words = ["sop", "ghost", base, "--policy", ask.policies[0], "--month", str(more["month"])]
    words += [w for option in results.options_of(ask) for w in ("--decision", option)]
    words += ["--replication", str(more["replication"]), *(["--ahead", str(more["ahead"])] if more["ahead"] else [])]
    return " ".join(shlex.quote(word) for word in [*words, *changed_options(ask.case)])


def bridge_line(ask: Ask, measures: list[str]) -> str:
    """The command that gives the same bridge."""
    base = "scenario.toml" if ask.case.base.startswith("@") else ask.case.base
    words = ["sop", "bridge", base, "--base", ask.policies[0], "--full", ask.policies[1]]
    scenario = scenario_of(ask.case)
    words += [w for name in differing(scenario, *ask.policies) for w in ("--element", name)]
    at = dict(ask.more).get("at")
    words += ["--at", str(at)] if at else ["--as-run"]
    words += [w for name in measures for w in ("--measure", name)]
    words += ["--replications", str(ask.replications), *changed_options(ask.case)]
    return " ".join(shlex.quote(word) for word in words)


def changed_options(case: Case) -> list[str]:
    """The changed entries as options."""
    return [w for entry, value in case.overrides().items() for w in ("--set", f"{entry}={value_text(value)}")]


def inputs_table(record: dict[str, Any]) -> pd.DataFrame:
    """List the inputs of a result, an entry a row."""
    import pandas as pd

    rows = [
        {
            "input": name,
            "value": value
            if isinstance(value, str | int | float)
            else json.dumps(value, ensure_ascii=False, default=tell),
        }
        for name, value in record.items()
    ]
    return pd.DataFrame(rows).astype({"value": str})


def inputs_record(found: Comparison, case: Case) -> dict[str, Any]:
    """Record the inputs of a comparison, with the changed entries of the company."""
    return {**found.record(), "company": company_name(case.base), "changed entries": case.overrides()}


def as_told(ask: Ask) -> Comparison:
    """The comparison of a scenario that says itself how often and on which seed, as the command line has it."""
    case = ask.case.with_entry("experiment.replications", ask.replications).with_entry("experiment.seed", ask.seed)
    return replace(results.comparison(ask), scenario=scenario_of(case))


def comparison_workbook(ask: Ask) -> bytes:
    """Inputs, results, definitions and versions, a sheet each."""
    found, summary = as_told(ask), results.summary(ask)
    sheets = {
        "summary": summary,
        "replications": found.table,
        "months": results.monthly_table(ask),
        "inputs": inputs_table(inputs_record(found, ask.case)),
        "definitions": definitions_table(list(dict.fromkeys(summary["measure"]))),
    }
    return export.workbook(in_words(sheets))


def comparison_json(ask: Ask) -> bytes:
    """Write the content of `sop compare --json`."""
    from simulator.faces.report import files

    found = as_told(ask)
    content = {"inputs": found.record(), "summary": files.records(found.summary()), "sentences": found.sentences()}
    content["legend"] = found.legend()
    return files.as_json(content).encode()


def comparison_page(ask: Ask) -> bytes:
    """A report that needs no network."""
    scenario = scenario_of(ask.case)
    currency, summary = scenario.company.currency, labelled(results.summary(ask))
    runs = say(
        "{company}: {n} replications of {months} months, seed {seed}.",
        company=company_name(ask.case.base),
        n=ask.replications,
        months=scenario.experiment.months,
        seed=ask.seed,
    )
    found, told = as_told(ask), verdict_texts(results.decided(ask))
    tables = {
        say("Means with the half-width of their 95 % interval"): means_table(summary, currency),
        say("Differences from the reference with their 95 % interval"): differences_table(summary, currency),
        say("Definitions"): definitions_table(list(dict.fromkeys(summary["measure"]))),
        say("Inputs"): inputs_table(inputs_record(found, ask.case)),
    }
    drawn = [spec_of(charts.frontier(summary, look=charts.Look(say=look().say)))]
    beside = [say("{sentence}.", sentence=capital(each)) for each in (found.horizon(), *found.legend()) if each]
    words = [*told, *told_remarks(found.cautions), runs, *beside]
    return export.page(say("Compare ways of planning"), HTML[language()], words, drawn, tables)


# --- studies ---


def of_study(ask: Ask) -> None:
    """Offer the downloads of a study."""
    name = str(dict(ask.more)["name"]).removeprefix("@")
    with st.container(horizontal=True, gap="small", key="downloads"):
        show.save(say("Excel workbook"), lambda: study_workbook(ask), f"{name}.xlsx", XLSX)
        show.save(say("CSV"), lambda: export.csv(results.swept(ask).summary()), f"{name}.csv", "text/csv")
        show.save(say("Study file"), lambda: studies.study_file(ask), f"{name}.toml", "application/toml")
        show.save(
            say("All runs (store)"),
            lambda: export.zipped(jobs.folder_of(ask.key) / jobs.STORE),
            f"{name}.zip",
            "application/zip",
        )
    with st.expander(say("The same from the command line"), icon=":material/terminal:"):
        st.code(study_lines(ask), language="bash", wrap_lines=True)


def study_lines(ask: Ask) -> str:
    """The commands that give the same numbers: from the study file that is saved here."""
    file = f"sop-{str(dict(ask.more)['name']).removeprefix('@')}.toml"
    folder = f"sweeps/{file.removesuffix('.toml')}"
    measure = results.swept(ask).study.measures[0]
    views = [f"sop results {folder} --measure {measure} --{view}" for view in ("tornado", "ranking")]
    return "\n".join([f"sop sweep {file}", f"sop results {folder}", *views])


def study_workbook(ask: Ask) -> bytes:
    """Means of every setting, every run, inputs, definitions and versions, a sheet each."""
    swept = results.swept(ask)
    manifest = swept.manifest
    made = {
        "study": manifest["study"]["words"],
        "seed": ask.seed,
        "content": swept.content,
        "cautions": list(swept.study.cautions),
        "made with": manifest["made_with"],
    }
    sheets = {
        "settings": swept.summary(),
        "runs": swept.table() if swept.runs * len(swept.study.measures) < MOST_ROWS else swept.points,
        "inputs": inputs_table(made),
        "definitions": definitions_table(list(swept.study.measures)),
    }
    return export.workbook(in_words(sheets))


MOST_ROWS = 1_000_000
"""Rows that a sheet holds; of a larger study the sheet lists the settings, and the store has the runs."""


__all__ = ["XLSX", "bridge_line", "command_line", "definitions_table", "of_comparison", "of_study"]
