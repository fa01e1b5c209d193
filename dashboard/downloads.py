"""Everything of a result to take along: workbook, page, JSON, scenario file, and the command that gives the same."""

from __future__ import annotations

import json
import shlex
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import export, jobs, results, show, studies
from dashboard.alternatives import is_alternative, parted
from dashboard.asks import Ask, differing
from dashboard.case import Case, scenario_of
from dashboard.controls import say, tell
from dashboard.look import company_name, in_names, policy_name, remarks_of
from dashboard.tables import definitions_table, in_words
from simulator.company.intake.mapping import MAPPING_FILE
from simulator.company.toml import value_text
from simulator.faces.answer.definition import Handout, Table, table_of_frame
from simulator.faces.answer.of_bridge import BridgeKept, answer_of_kept_bridge, as_text
from simulator.faces.answer.of_comparison import answer_of_comparison
from simulator.faces.answer.of_month import answer_of_month
from simulator.faces.answer.of_study import answer_of_study
from simulator.faces.answer.of_today import TodayKept, answer_of_today
from simulator.faces.answer.writing import answer_bytes
from simulator.faces.report.plan_files import write_plans
from simulator.kernel.messages import from_data, msg
from simulator.results.reading.item_plans import plans_of_rows
from simulator.results.run_out import from_today
from simulator.results.target import target_of

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.compare import Comparison


def of_comparison(ask: Ask) -> None:
    """Offer the downloads of a comparison."""
    with st.container(horizontal=True, gap="small", key="downloads"):
        answer_files("comparison", lambda ending: comparison_file(ask, ending))
        show.save("JSON", lambda: comparison_json(ask), "comparison.json", "application/json")
        show.save(say("CSV"), lambda: export.csv(results.summary(ask)), "comparison.csv", "text/csv")
        show.save(say("Scenario file"), lambda: export.scenario_file(ask.case), "scenario.toml", "application/toml")
    same = st.expander(say("The same from the command line"), icon=":material/terminal:", key="line", on_change="rerun")
    if same.open:  # what colours a command is as much as all other code of a page together
        same.code(command_line(ask), language="bash", wrap_lines=True)


PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer_files(name: str, make: Callable[[str], bytes]) -> None:
    """Offer an answer in its four forms; `make` writes the one that ends so."""
    show.save(say("Excel workbook"), lambda: make(".xlsx"), f"{name}.xlsx", XLSX)
    show.save(say("Slides"), lambda: make(".pptx"), f"{name}.pptx", PPTX)
    show.save("PDF", lambda: make(".pdf"), f"{name}.pdf", "application/pdf")
    show.save(say("Report"), lambda: make(".html"), f"{name}.html", "text/html")


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


def comparison_handout(ask: Ask) -> Handout:
    """The answer of a comparison as every file of it says it, products as its parts."""
    found = as_told(ask)
    found.inner = results.comparison(ask, "product")
    return answer_of_comparison(found, results.decided(ask), policy_name, company_name(ask.case.base))


def comparison_file(ask: Ask, ending: str) -> bytes:
    """The answer of a comparison as a workbook, slides, PDF or a page."""
    if ending == ".xlsx":
        return comparison_workbook(ask)
    return answer_bytes(comparison_handout(ask), ending)


def comparison_workbook(ask: Ask) -> bytes:
    """The answer as a workbook, and behind it every run, the months and all inputs, a sheet each."""
    found, handout = as_told(ask), comparison_handout(ask)
    raw = {
        "summary": results.summary(ask),
        "replications": found.table,
        "months": results.monthly_table(ask),
        "inputs": inputs_table(inputs_record(found, ask.case)),
    }
    tables = [table_of_frame(name, name, frame) for name, frame in in_words(raw).items()]
    return answer_bytes(replace(handout, tables=[*handout.tables, *tables]), ".xlsx")


def comparison_json(ask: Ask) -> bytes:
    """Write the content of `sop compare --json`."""
    from simulator.faces.report import files

    found = as_told(ask)
    content = {"inputs": found.record(), "summary": files.records(found.summary()), "sentences": found.sentences()}
    content["legend"] = found.legend()
    return files.as_json(content).encode()


def bridge_file(ask: Ask, ending: str) -> bytes:
    """The answer of a value bridge as slides, PDF or a page."""
    told, at = results.told_of_bridge(ask), dict(ask.more).get("at")
    about = msg(
        "{n} runs of each combination of elements, all on the same luck (seed {seed}); intervals hold with 95 %",
        n=ask.replications,
        seed=f"{ask.seed}",
    )
    remarks = [as_text(each) for each in results.kept_cautions(ask)]
    ends, target = [policy_name(name) for name in ask.policies], target_of(str(at)).words() if at else None
    called = dict(zip(ask.policies, ends, strict=True))
    blocks, bars = (
        table.assign(title=table["title"].map(lambda title: called.get(title, title)))
        for table in (results.table(ask, name) for name in ("blocks", "bars"))
    )
    kept = BridgeKept(
        scenario_of(ask.case), (ends[0], ends[1]), blocks, bars, told, about, remarks, target, company_name(ask.case.base)
    )  # fmt: skip
    return answer_bytes(answer_of_kept_bridge(kept), ending)


def today_file(ask: Ask, ending: str) -> bytes:
    """The answer of the months from today."""
    scenario = from_today(scenario_of(ask.case), int(dict(ask.more)["ahead"]))
    about, *sentences = (as_text(from_data(line)) for line in results.noted(ask, "told.json"))
    names = {name: policy_name(name) for name in ask.policies}
    told = [in_names(ask, each) for each in sentences]
    kept = TodayKept(
        scenario, names, results.table(ask, "fares"), results.table(ask, "products"), told, about,
        list(remarks_of(ask.case)), company_name(ask.case.base),
    )  # fmt: skip
    return answer_bytes(answer_of_today(kept), ending)


def month_file(ask: Ask, month: str, ending: str) -> bytes:
    """The answer of a month of S&OP, from the documents that were kept of it."""
    policy, about = ask.policies[0], msg(
        "replication {replication} of seed {seed}: one of many possible runs, which shows what happens, not what to expect",
        replication=str(dict(ask.more)["replication"]),
        seed=f"{ask.seed}",
    )  # fmt: skip
    handout = answer_of_month(
        scenario_of(ask.case),
        results.documents(ask, month),
        results.month_names(ask)[month],
        policy_name(policy),
        about,
        list(remarks_of(ask.case)),
        company_name(ask.case.base),
    )
    return answer_bytes(handout, ending)


def has_plans(ask: Ask) -> bool:
    """Tell if the plans by item were kept, as they are of a process with a cycle."""
    return (jobs.folder_of(ask.key) / "plans.parquet").is_file()


def plans_file(ask: Ask, month: str, mapping: str = "") -> bytes:
    """The plans of a month by item, a file each and a workbook of all; in the columns of the mapping where there is one."""
    plans = plans_of_rows(results.table(ask, "plans"), month)
    with tempfile.TemporaryDirectory(prefix="sop-plans-") as place:
        told = Path(place) / MAPPING_FILE
        if mapping:
            told.write_text(mapping, encoding="utf-8")
        write_plans(Path(place) / "plans", plans, scenario_of(ask.case), told if mapping else None)
        return export.zipped(Path(place) / "plans")


# --- studies ---


def of_study(ask: Ask) -> None:
    """Offer the downloads of a study."""
    name = str(dict(ask.more)["name"]).removeprefix("@")
    with st.container(horizontal=True, gap="small", key="downloads"):
        answer_files(name, lambda ending: study_file_of(ask, ending))
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


def study_file_of(ask: Ask, ending: str) -> bytes:
    """The answer of a study on the measure and policy that are looked at; its workbook has every run as well."""
    swept, state = results.swept(ask), st.session_state
    measure, policy = str(state.get("answer", "")), str(state.get("who", ""))
    handout = answer_of_study(
        swept,
        measure if measure in swept.study.measures else "",
        policy if policy in swept.study.policies else "",
        policy_name,
        company_name(ask.case.base),
    )
    if ending == ".xlsx":
        handout = replace(handout, tables=study_tables(ask))
    return answer_bytes(handout, ending)


def study_tables(ask: Ask) -> list[Table]:
    """Every setting in every measure, every run and all inputs of a study, a sheet each."""
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
        "all measures": swept.summary(),
        "runs": swept.table() if swept.runs * len(swept.study.measures) < MOST_ROWS else swept.points,
        "inputs": inputs_table(made),
    }
    return [table_of_frame(name, name, frame) for name, frame in in_words(sheets).items()]


MOST_ROWS = 1_000_000
"""Rows that a sheet holds; of a larger study the sheet lists the settings, and the store has the runs."""


__all__ = ["XLSX", "bridge_line", "command_line", "definitions_table", "of_comparison", "of_study"]
