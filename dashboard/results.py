"""Answers as pages read them, each kept once for all who ask the same; nothing here belongs to a user."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from dashboard import jobs
from dashboard.alternatives import is_alternative
from dashboard.asks import EXAMPLES, Ask, case_of
from dashboard.case import Case, scenario_of
from simulator.engine.scenario import Scenario
from simulator.faces.analysis.views import VIEWS, Asked
from simulator.faces.documents import Document
from simulator.kernel.messages import Message, Value, from_data
from simulator.kernel.units import ScenarioError
from simulator.results.bridge import BRIDGED
from simulator.results.compare import DEFAULT_POLICIES, Comparison
from simulator.results.ghost import LANES
from simulator.results.story import Story, with_target
from simulator.results.tuned_record import tuned_from

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.results import Results

TILES = (
    "fill_rate",
    "contract_missed",
    "days_of_supply",
    "production_change",
    "nervousness",
    "backlog_value",
    "ebit_before_absorption",
    "lowest_cash",
)
"""The one screen. What the simulator does not measure yet is stood in for, or left out."""

JUDGED = "ebit_before_absorption"
"""The money by which policies are judged."""

STAND_IN = {"ebit_before_absorption": "ebit", "lowest_cash": "otif"}
SHOWN = ("appliances", "giftware", "switchgear", "trading")
"""The companies that a page opens with an answer for."""

MOST_POLICIES, USUAL_REPLICATIONS = 6, 100


def tile_measures(measured: Mapping[str, Any]) -> list[str]:
    """The measures of the one screen that this comparison has."""
    wanted = [name if name in measured else STAND_IN.get(name, name) for name in TILES]
    return [name for name in wanted if name in measured]


def story_of(ask: Ask) -> Story:
    """The comparison of an ask, with its groups and months."""
    return _story(ask.key, ask)


@st.cache_resource(max_entries=40, show_spinner=False)
def _story(key: str, _ask: Ask) -> Story:
    from simulator.results.story import read

    scenario = scenario_of(_ask.case)
    policies = [case_of(scenario, name)[1] for name in _ask.policies]
    records = noted(_ask, "tuned.json") or {}
    tuned = {policy.name: tuned_from(records[policy.name], policy) for policy in policies if policy.name in records}
    policies = [tuned[policy.name].policy if policy.name in tuned else policy for policy in policies]
    return replace(read(scenario, policies, _ask.seed, jobs.folder_of(key) / "story.npz"), tuned=tuned)


def comparison(ask: Ask, by: str = "total") -> Comparison:
    """Read the answer of `compare`."""
    return _comparison(ask.key, by, ask)


@st.cache_resource(max_entries=40, show_spinner=False)
def _comparison(key: str, by: str, _ask: Ask) -> Comparison:
    return story_of(_ask).comparison(by)


@st.cache_resource(max_entries=40, show_spinner=False)
def _cautions(key: str, _ask: Ask) -> list[Message]:
    return comparison(_ask).cautions


def kept_cautions(ask: Ask) -> list[Value]:
    """Read the remarks that deserve a look before the figures of a bridge are believed."""
    return [from_data(json.loads(remark)) for remark in table(ask, "cautions")["look at"]]


def cautions(ask: Ask) -> list[Message]:
    """List the remarks that deserve a look before the figures of a comparison are believed."""
    return _cautions(ask.key, ask)


def summary(ask: Ask, by: str = "total", target: float | None = None) -> pd.DataFrame:
    """Means, intervals, differences and verdicts; the risk of missing the contract depends on the target."""
    whole = _summary(ask.key, by, ask)
    if target is None or target == scenario_of(ask.case).experiment.service_target:
        return whole
    return with_target(comparison(ask, by), target).summary()


@st.cache_resource(max_entries=40, show_spinner=False)
def _summary(key: str, by: str, _ask: Ask) -> pd.DataFrame:
    return comparison(_ask, by).summary()


def decided(ask: Ask) -> Comparison:
    """Read the comparison by which a decision under the contract is taken and explained."""
    return _decided(ask.key, ask)


@st.cache_resource(max_entries=40, show_spinner=False)
def _decided(key: str, _ask: Ask) -> Comparison:
    return story_of(_ask).decided()


def lost(ask: Ask) -> pd.DataFrame:
    """Summarise the demand that each policy lost to each cause: means, intervals, differences and verdicts."""
    return _lost(ask.key, ask)


@st.cache_resource(max_entries=40, show_spinner=False)
def _lost(key: str, _ask: Ask) -> pd.DataFrame:
    return story_of(_ask).lost().summary()


@st.cache_resource(max_entries=40, show_spinner=False)
def _table(key: str, name: str) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(jobs.folder_of(key) / f"{name}.parquet", engine="pyarrow")


def table(ask: Ask, name: str) -> pd.DataFrame:
    """A table of an answer; nobody changes it."""
    return _table(ask.key, name)


@st.cache_resource(max_entries=40, show_spinner=False)
def _months(key: str, _ask: Ask) -> pd.DataFrame:
    return story_of(_ask).months()


def monthly_table(ask: Ask) -> pd.DataFrame:
    """The company month by month, policy by policy."""
    return _months(ask.key, ask)


def month_names(ask: Ask) -> dict[str, str]:
    """The months that have a cycle: number and name."""
    found: dict[str, str] = json.loads((jobs.folder_of(ask.key) / "months.json").read_text(encoding="utf-8"))
    return found


@st.cache_resource(max_entries=60, show_spinner=False)
def _documents(key: str, month: str, form: str = "month") -> list[Document]:
    from dashboard.paper import read_month

    return read_month(jobs.folder_of(key) / f"{form}-{int(month)}.json.gz")


def documents(ask: Ask, month: str) -> list[Document]:
    """The documents of one month."""
    return _documents(ask.key, month)


def pack(ask: Ask, month: str) -> list[Document]:
    """The three pages of one month; none in an answer that was kept before there were any."""
    try:
        return _documents(ask.key, month, "pack")
    except FileNotFoundError:
        return []


def alternatives(ask: Ask, month: str) -> list[str]:
    """Decisions that the minutes of a month offer as alternatives, as they are typed."""
    return (noted(ask, "alternatives.json") or {}).get(month, [])


def ghosts(found: Case, policy: str, run: int, month: int, options: Sequence[str], ahead: int) -> Ask:
    """Ask for what options are worth in a month of a run; `ahead` months in many futures, or as the run went on with 0."""
    more = (("replication", run), ("month", month), ("ahead", ahead), ("options", json.dumps(options)))
    return Ask("ghost", found, (policy,), LANES if ahead else 1, scenario_of(found).experiment.seed, more)


def options_of(ask: Ask) -> list[str]:
    """The options of such an ask, as they are typed."""
    return [str(words) for words in json.loads(str(dict(ask.more)["options"]))]


class Told(NamedTuple):
    """Sentences on options, and remarks that deserve a look before."""

    sentences: list[Value]
    cautions: list[Value]


def told_of_ghosts(ask: Ask) -> Told:
    """Read what is said of options."""
    said = noted(ask, "told.json")
    return Told(*([from_data(each) for each in said[name]] for name in Told._fields))


def comparing(found: Case, policies: tuple[str, ...], replications: int, seed: int, equal: bool = False) -> Ask:
    """Ask for a comparison as policies run, or at the contract's service."""
    more = contract_of(found) if equal else ()
    return Ask("compare", found, policies, replications, seed, more)


STUDIED = "giftware"
"""The company of the study that comes with an answer."""

TIMES_AT_EQUAL = 4
"""Times that a policy is run in all where it is brought to a target before."""

CURVE_RUNS = 30
"""Replications of an exchange curve."""


def exchange_of(ask: Ask) -> Ask:
    """Ask for the exchange curves of the policies of a comparison; alternatives have none."""
    plain = tuple(name for name in ask.policies if not is_alternative(name))
    return Ask("exchange", ask.case, plain, min(CURVE_RUNS, ask.replications), ask.seed)


def present_buffers(ask: Ask) -> dict[str, float]:
    """The amount of each policy's buffer as it runs, by policy."""
    scenario = scenario_of(ask.case)
    return {name: case_of(scenario, name)[1].buffer().amount for name in ask.policies}


# --- studies ---


@st.cache_resource(max_entries=12, show_spinner=False)
def _swept(key: str) -> Results:
    from simulator.studies.results import Results

    return Results(jobs.folder_of(key) / jobs.STORE)


def swept(ask: Ask) -> Results:
    """Read the results of a sweep as `sop results` does."""
    return _swept(ask.key)


def whole(ask: Ask) -> bool:
    """Tell if a sweep's folder is as it was left; if not, mark its answer unfinished for the same run to mend."""
    try:
        if swept(ask).whole:
            return True
    except ScenarioError:
        pass
    if jobs.folder_of(ask.key) != EXAMPLES / ask.key:
        (jobs.folder_of(ask.key) / "done.json").unlink(missing_ok=True)
    _swept.clear()
    _view.clear()
    return False


@st.cache_resource(max_entries=200, show_spinner=False)
def _view(key: str, name: str, options: tuple[str | None, ...]) -> pd.DataFrame:
    return VIEWS[name].table(_swept(key), Asked(*options))


def view(ask: Ask, name: str, asked: Asked) -> pd.DataFrame:
    """A view of a study, as `sop results` shows it; nobody changes it."""
    takes = VIEWS[name].parameters
    return _view(ask.key, name, tuple(value if key in takes else "" for key, value in vars(asked).items()))


def noted(ask: Ask, name: str) -> Any:
    """A small file that an answer left; nothing if it is not there."""
    file = jobs.folder_of(ask.key) / name
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


# --- what pages open with ---


def usual_policies(scenario: Scenario) -> tuple[str, ...]:
    """Choose the policies of a reader who names none: the scenario's, else the usual ones, as on the command line."""
    return tuple(scenario.experiment.policies or DEFAULT_POLICIES)[:MOST_POLICIES]


def usual_replications(scenario: Scenario) -> int:
    """Choose the number of replications when the reader does not."""
    return min(USUAL_REPLICATIONS, scenario.experiment.replications)


def first_comparison(found: Case) -> Ask:
    """Ask for the comparison that Compare opens with."""
    scenario = scenario_of(found)
    return comparing(found, usual_policies(scenario), usual_replications(scenario), scenario.experiment.seed, True)


def first_demand(found: Case) -> Ask:
    """Ask for the numbers of each product that the lab opens with."""
    return Ask("demand", found, (), 40, scenario_of(found).experiment.seed)


RUNS_FROM_TODAY = 40
"""Replications of the months from today."""


def from_first_day(found: Case, policies: tuple[str, ...], ahead: int) -> Ask:
    """Ask for so many months from the first day on."""
    return Ask("today", found, policies, RUNS_FROM_TODAY, scenario_of(found).experiment.seed, (("ahead", ahead),))


def contract_of(found: Case) -> tuple[tuple[str, str], ...]:
    """The target that the contract of a company sets, as an ask holds it."""
    return (("at", f"fill_rate={scenario_of(found).experiment.service_target:g}"),)


RUNS_OF_A_BRIDGE = 24
"""Replications of each combination that the bridge opens with; as many others set the buffers."""


def first_bridge(found: Case, replications: int = RUNS_OF_A_BRIDGE, equal: bool = True) -> Ask:
    """Ask for the answer that the value bridge opens with: at the contract's service, or as policies run."""
    more = (("measures", ",".join(BRIDGED)), *(contract_of(found) if equal else ()))
    return Ask("bridge", found, ("siloed", "sop-smoothed"), replications, scenario_of(found).experiment.seed, more)


def told_of_bridge(ask: Ask) -> dict[str, Any]:
    """Read what is said of a bridge: of the whole, of blocks and elements, and of each rung that costs."""
    said = noted(ask, "told.json")
    lists = {name: [from_data(each) for each in said[name]] for name in ("whole", "blocks", "elements")}
    return {**lists, "steps": {name: from_data(each) for name, each in said["steps"].items()}}


def first_year(found: Case, policy: str = "sop", replications: int = 50) -> Ask:
    """Ask for the year that One possible year opens with."""
    return Ask("year", found, (policy,), replications, scenario_of(found).experiment.seed)


def months_of(found: Case, policy: str, replication: int) -> Ask:
    """The documents of all months of one replication."""
    return Ask("months", found, (policy,), 1, scenario_of(found).experiment.seed, (("replication", replication),))


def first_months(found: Case) -> list[Ask]:
    """Ask for the months that S&OP month opens with: the full process, and the siloed one to hold against it."""
    return [months_of(found, policy, 0) for policy in ("sop", "siloed")]


def verification() -> Ask:
    """The known answers, on this machine."""
    return Ask("verify", Case("trading"), (), 1, 1)
