"""Simulations of each kind of ask, by the public functions that the command line calls, and the files they leave."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.asks import Ask, differing, policy_of
from dashboard.case import scenario_of
from dashboard.comparing import CORES, at_equal_service, compare_policies, in_parallel
from dashboard.jobs import STORE, folder_of
from dashboard.progress import teller, write_json
from dashboard.studies import study_of
from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Value, as_data, msg
from simulator.kernel.units import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

    from simulator.planning import Policy


def write_table(table: pd.DataFrame, file: Path) -> None:
    """Write a table whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    table.to_parquet(part, index=False, engine="pyarrow")
    os.replace(part, file)


def draw_exchange(ask: Ask, folder: Path) -> None:
    """Service, stock and money of each policy over its buffer."""
    import pandas as pd

    shares = [ask.policies[k::CORES] for k in range(min(CORES, len(ask.policies)))]
    tables = in_parallel(_curves, [(ask, part, folder, k) for k, part in enumerate(shares)])
    write_table(pd.concat(tables, ignore_index=True), folder / "curves.parquet")


def _curves(ask: Ask, names: Sequence[str], folder: Path, part: int) -> pd.DataFrame:
    from simulator.results.exchange import curves

    scenario = scenario_of(ask.case)
    policies = [policy_of(scenario, name) for name in names]
    return curves(scenario, policies, ask.replications, ask.seed, 1, teller(folder, part))


# --- the value bridge ---


def build_bridge(ask: Ask, folder: Path) -> None:
    """The bridge between two policies, and the level that each rung of the ladder reaches."""
    import pandas as pd

    from simulator.results.bridge import bridge
    from simulator.results.bridge_words import step_words, told_of, unequal_words

    scenario, (base, full) = scenario_of(ask.case), ask.policies
    first, last = policy_of(scenario, base), policy_of(scenario, full)
    measures, at = str(dict(ask.more)["measures"]).split(","), at_equal_service(ask)
    told = teller(folder, 0)
    found = bridge(
        scenario,
        first,
        last,
        ask.replications,
        ask.seed,
        measures,
        differing(scenario, base, full),
        CORES,
        told,
        at,
        not at,
    )
    write_table(found.table(), folder / "bars.parquet")
    write_table(found.blocks_table(), folder / "blocks.parquet")
    steps = {bar.name: words for bar in found.bars if (words := step_words(found, bar))}
    said = {name: [*map(as_data, texts)] for name, texts in told_of(found).items()}
    said["whole"] += [as_data(words) for words in unequal_words(found)]
    write_json(folder / "told.json", {**said, "steps": {name: as_data(words) for name, words in steps.items()}})
    write_table(_rungs(found), folder / "rungs.parquet")
    write_table(
        pd.DataFrame({"look at": pd.Series(map(_as_json, found.cautions), dtype="str")}), folder / "cautions.parquet"
    )


def _as_json(remark: Value) -> str:
    return json.dumps(as_data(remark), ensure_ascii=False)


def _rungs(found: Any) -> pd.DataFrame:
    """The measure after each element is switched on, with the interval of that level."""
    import pandas as pd

    from simulator.results.compare import estimate

    names = [part.name for part in found.parts]
    rows = []
    for k in range(len(names) + 1):
        level = found.value[frozenset(names[:k])]
        for row, measure in enumerate(found.measures):
            own = estimate(level[row])
            title = found.base.name if k == 0 else found.parts[k - 1].title
            line = {"measure": measure.name, "step": k, "element": "start" if k == 0 else names[k - 1], "title": title}
            rows.append({**line, "mean": own.mean, "low": own.low, "high": own.high})
    return pd.DataFrame(rows)


# --- one month of S&OP ---


def hold_months(ask: Ask, folder: Path) -> None:
    """The documents of every month that has a cycle, of one replication, its three pages, and what it lost by cause."""
    from dashboard.paper import write_month
    from simulator.faces.documents import documents_of, pack_of
    from simulator.results.ghost import alternatives
    from simulator.results.reading.item_plans import item_plans, plan_rows
    from simulator.results.reading.lost_table import lost_table
    from simulator.results.reading.month import Month
    from simulator.results.run import simulate

    scenario = scenario_of(ask.case)
    number = int(dict(ask.more)["replication"])
    run = simulate(scenario, policy_of(scenario, ask.policies[0]), [number], ask.seed)
    books = next(run.books())
    made = books.plans.made_in or range(scenario.days.months)
    told = teller(folder, 0)
    for done, month in enumerate(made):
        write_month(folder / f"month-{month + 1}.json.gz", documents_of(run, month + 1, number))
        write_month(folder / f"pack-{month + 1}.json.gz", pack_of(run, month + 1, number))
        told(done + 1, len(made))
    write_table(lost_table(books), folder / "lost.parquet")
    if books.plans.made_in:
        plans = {str(month + 1): item_plans(Month(books, month, 0)) for month in books.plans.made_in}
        write_table(plan_rows(plans), folder / "plans.parquet")
    offered = {str(month + 1): alternatives(Month(books, month, 0)) for month in books.plans.made_in}
    write_json(folder / "alternatives.json", offered)
    names = {str(month + 1): scenario.days.month_name(month) for month in made}
    write_json(folder / "months.json", names)


def run_ghosts(ask: Ask, folder: Path) -> None:
    """Options beside what was decided in a month, in the luck of one replication or in many futures of it."""
    from simulator.results.ghost import ghost

    scenario, more = scenario_of(ask.case), dict(ask.more)
    policy, number, ahead = policy_of(scenario, ask.policies[0]), int(more["replication"]), int(more["ahead"]) or None
    options = json.loads(str(more["options"]))
    told = teller(folder, 0)
    found = ghost(
        scenario, policy, int(more["month"]), options, [number], ask.seed, None, ahead, ask.replications, told, CORES
    )
    write_table(found.summary(), folder / "summary.parquet")
    said = {"sentences": [*map(as_data, found.sentences())], "cautions": [*map(as_data, found.cautions)]}
    write_json(folder / "told.json", said)


# --- one possible year, and what the lab needs ---


def play_year(ask: Ask, folder: Path) -> None:
    """One replication day by day, beside the band of all."""
    from simulator.results.story import by_day

    scenario = scenario_of(ask.case)
    policy = policy_of(scenario, ask.policies[0])
    table = by_day(scenario, policy, range(ask.replications), ask.seed, teller(folder, 0))
    write_table(table, folder / "days.parquet")
    _read_levels(scenario, policy, ask.seed, folder)


def _read_levels(scenario: Scenario, policy: Policy, seed: int, folder: Path) -> None:
    """Each followed run by its service levels, month by month, and why they disagree."""
    import pandas as pd

    from simulator.results.kpis.levels import level_sentences, level_table
    from simulator.results.run import simulate
    from simulator.results.story import FOLLOWED

    run, parts, told = simulate(scenario, policy, FOLLOWED, seed), [], {}
    for number in run.replications:
        books, lane = run.books_of(number)
        alone = books.of_lane(lane)
        parts.append(level_table(alone).assign(run=number))
        told[str(number)] = [as_data(sentence) for sentence in level_sentences(alone)]
    write_table(pd.concat(parts, ignore_index=True), folder / "levels.parquet")
    write_json(folder / "levels.json", told)


def play_from_today(ask: Ask, folder: Path) -> None:
    """The months from the first day on under each policy: when which product runs out, and what the company comes to."""
    from simulator.results.run_out import from_today, run_out
    from simulator.results.run_out_words import about_today, begin_words, run_out_sentence

    scenario = from_today(scenario_of(ask.case), int(dict(ask.more)["ahead"]))
    policies = [policy_of(scenario, name) for name in ask.policies]
    found = run_out(scenario, policies, ask.replications, ask.seed, teller(folder, 0))
    write_table(found.fares_table(), folder / "fares.parquet")
    write_table(found.table(), folder / "products.parquet")
    sentences = [run_out_sentence(found, name) for name in ask.policies]
    lines = [about_today(found), *sentences, *begin_words(found.scenario)]
    write_json(folder / "told.json", [*map(as_data, lines)])


def know_demand(ask: Ask, folder: Path) -> None:
    """Keep a planner's knowledge of each product: use, its deviation, lead time, value and regularity."""
    from simulator.studies.buffers import products

    write_table(products(scenario_of(ask.case), ask.replications, ask.seed), folder / "products.parquet")


def check_buffer(ask: Ask, folder: Path) -> None:
    """Hold the formula's promise against simulation at several levels of stock."""
    from simulator.studies.buffers import formula_against_simulation

    more = dict(ask.more)
    numbers = {name: float(more[name]) for name in ("level", "lead_time", "lead_time_sd", "mean", "sd")}
    product, days = str(more["product"]), int(more["review"])
    tell = teller(folder, 0)
    found = formula_against_simulation(scenario_of(ask.case), product, numbers, days, ask.replications, ask.seed, tell)
    write_table(found, folder / "checked.parquet")


def set_stock(ask: Ask, folder: Path) -> None:
    """Set the stock of each product to a fill rate in the whole company; with the answer in every form and language."""
    from simulator.faces.answer.of_stock import answer_of_stock
    from simulator.faces.answer.writing import FORMS, write_answer
    from simulator.kernel.messages import LANGUAGES, speaking
    from simulator.studies.buffers import weekly_or_so
    from simulator.studies.stock_answer import stock_answer
    from simulator.studies.stock_words import stock_asked, stock_sentences

    more, scenario = dict(ask.more), scenario_of(ask.case)
    policy = weekly_or_so(scenario, int(more["review"]))
    service, told = float(more["service"]), teller(folder, 0)
    found = stock_answer(scenario, policy, service, "product", ask.replications, ask.seed, CORES, told)
    write_table(found.table(), folder / "stock.parquet")
    lines = [stock_asked(found), *stock_sentences(found), *found.cautions]
    write_json(folder / "told.json", [*map(as_data, lines)])
    for code in LANGUAGES:
        with speaking(code, scenario.names(code)):
            answer = answer_of_stock(found)
            for ending in FORMS:
                write_answer(answer, folder / f"answer-{code}{ending}")


def verify(ask: Ask, folder: Path) -> None:
    """The known answers, case by case."""
    import pandas as pd

    from simulator.results.verify import cases

    told, rows, every = teller(folder, 0), [], list(cases())
    for done, case in enumerate(every):
        found = case.check()
        answer = {"found": str(found.found), "expected": str(found.expected), "ok": bool(found.ok)}
        rows.append({"name": case.name, **answer, "source": case.source, "function": case.function})
        told(done + 1, len(every))
    write_table(pd.DataFrame(rows), folder / "answers.parquet")


# --- studies ---


def plan_study(ask: Ask, folder: Path) -> None:
    """Estimate the cost of a study by two short runs of each policy."""
    from simulator.studies.plan import plan

    write_json(folder / "plan.json", vars(plan(study_of(ask), None, CORES)))


def run_study(ask: Ask, folder: Path) -> None:
    """Every point and policy of a study, into a store of its own; what is there already is not run again."""
    from simulator.studies.sweep import sweep

    tell = teller(folder, 0)
    done = sweep(
        study_of(ask), folder / STORE, CORES, progress=lambda p: tell(p.runs_done - p.runs_found, p.runs - p.runs_found)
    )
    if not done.runs:
        raise ScenarioError(msg("none of the study could be run: {why}", why=done.failed[0]["reason"]))


def score_winner(ask: Ask, folder: Path) -> None:
    """The best setting of a study that was run, on luck that the study never met."""
    from simulator.studies import analysis
    from simulator.studies.results import Results

    more = dict(ask.more)
    results, measure = Results(folder_of(str(more["sweep"])) / STORE), str(more["measure"])
    write_json(folder / "winner.json", analysis.best_setting(results, measure).record())


KINDS: dict[str, Callable[[Ask, Path], None]] = {
    "compare": compare_policies,
    "exchange": draw_exchange,
    "bridge": build_bridge,
    "months": hold_months,
    "ghost": run_ghosts,
    "year": play_year,
    "today": play_from_today,
    "demand": know_demand,
    "check": check_buffer,
    "stock": set_stock,
    "verify": verify,
    "plan": plan_study,
    "sweep": run_study,
    "winner": score_winner,
}


def row_count(scenario: Scenario) -> int:
    """Count the rows that the simulator has for a company: its items, and the products of each segment."""
    n = scenario.network
    return len(n.names) + len(n.segments) * len(n.products)
