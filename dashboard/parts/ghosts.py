"""Options beside what was decided in a month, and their worth on the same luck."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import streamlit as st

from dashboard import controls, downloads, jobs, results, show
from dashboard.asks import Ask, policy_of
from dashboard.case import Case, scenario_of
from dashboard.controls import own_name, say, tell
from dashboard.kinds import row_count
from dashboard.look import called, look_at
from dashboard.tables import differences_table, means_table
from dashboard.words import as_it_stands
from simulator.engine.decided import decisions_of, names_for
from simulator.engine.decision_file import DECISIONS_FILE, decisions_brought, decisions_text
from simulator.kernel.messages import Text, capital, msg, with_texts
from simulator.kernel.units import ScenarioError
from simulator.planning.decisions import DECISION_KINDS, Decision
from simulator.results.ghost import AS_IT_WAS, LANES

MOST_OPTIONS, AHEAD = 3, 6
"""Options beside each other, and months that are looked ahead."""

INPUTS = tuple(f"{name}{k}" for k in range(1, MOST_OPTIONS + 1) for name in ("decide", "about", "for", "amount"))
LARGEST_AMOUNT = 1e9
DECIDED_ON = {
    "forecast": "Correct the forecast",
    "safety-stock": "Set the safety stock",
    "production": "Set the production plan",
    "overtime": "Authorise overtime",
    "subcontract": "Have it made outside",
    "people": "Hire people, or fewer",
    "expedite": "Order express",
    "order-ahead": "Order parts ahead",
    "reserve": "Reserve stock",
    "promise": "Promise later dates",
    "decline": "Decline large deals",
    "purchases": "Set a purchasing budget",
    "option": "Approve an option",
    "promotion": "Add a promotion",
    "move-promotion": "Move a promotion",
    "price": "Change the price",
}
ABOUT = {
    "family": "Family",
    "resource": "Resource",
    "part": "Part",
    "segment": "Segment",
    "family or product": "Family or product",
    "promotion": "Promotion of",
    "company": "Of",
}
NO_MORE = "none"
"""The code of no further option."""


class DecidedIn(NamedTuple):
    """The company, the policy and the month, numbered from 1, in which something is decided."""

    case: Case
    policy: str
    month: int

    def read(self, words: str) -> Decision:
        """Read one decision as it is typed; raises ScenarioError with what is allowed."""
        scenario = scenario_of(self.case)
        return decisions_of(words, scenario, policy_of(scenario, self.policy), self.month - 1)[0]

    def refused(self, words: str) -> Text:
        """Say why a decision cannot be taken; nothing if it can."""
        try:
            self.read(words)
        except ScenarioError as problem:
            return problem.text
        return ""

    def typed(self, kind: str, name: str, month: int, amount: float) -> str:
        """A decision as it is typed."""
        return f"{kind}:{name}{'' if month == self.month else f'@{month}'}={amount:.15g}"


@lru_cache(maxsize=400)
def things(place: DecidedIn) -> dict[str, list[str]]:
    """By kind of decision the families, resources or parts that it can be about in this company, this month."""
    scenario = scenario_of(place.case)
    found = {
        kind.name: [each for each in names_for(scenario, kind.name) if months_for(place, kind.name, each)]
        for kind in DECISION_KINDS.values()
    }
    return {kind: about for kind, about in found.items() if about}


@lru_cache(maxsize=4000)
def months_for(place: DecidedIn, kind: str, name: str) -> list[int]:
    """Months that a decision can be for, of those that are looked ahead."""
    months = range(place.month, min(place.month + AHEAD, scenario_of(place.case).days.months + 1))
    return [month for month in months if not place.refused(place.typed(kind, name, month, 0))]


def otherwise(ask: Ask, month: str) -> None:
    """One click down: choose up to three options, run them, and read what each was worth."""
    label = say("What if we had decided otherwise?")
    if any(key in st.query_params for key in ("luck", *INPUTS)):  # a link to it opens it
        st.session_state.setdefault("otherwise", True)
    part = st.expander(label, icon=":material/alt_route:", key="otherwise", on_change="rerun")
    if not part.open:
        return
    place = DecidedIn(ask.case, ask.policies[0], int(month))
    with part:
        about = things(place)
        if not about:
            first = scenario_of(place.case).network.families[0]
            st.info(as_it_stands(tell(place.refused(place.typed("forecast", first, place.month, 0)))))
            return
        options = chosen_options(place, about, results.alternatives(ask, month))
        keep_in_a_file(place, options)
        asked = in_which_luck(ask, place, options)
        if asked and show.offer_answer(asked, seconds_of(asked)):
            worth(asked, place, options)


def chosen_options(place: DecidedIn, about: dict[str, list[str]], offered: list[str]) -> list[str]:
    """Options as they are typed, none where one is refused; what the minutes offer as alternatives stands in the inputs at first."""
    st.caption(
        say(
            "Each option is run by itself, on the same luck as what was decided; what the minutes offer as alternatives is filled in."
        )
    )
    if st.session_state.get("decided in") not in (None, place):  # another month has other alternatives
        controls.begin_anew(*INPUTS)
        for k in range(1, MOST_OPTIONS + 1):
            st.session_state.pop(f"decided {k}", None)
    st.session_state["decided in"] = place
    proposed = [place.read(words) for words in offered if not place.refused(words)]
    typed: list[str] = []
    for k in range(1, MOST_OPTIONS + 1):
        words = option_input(place, about, k, proposed[k - 1] if k <= len(proposed) else None)
        if not words:
            break
        problem = place.refused(words)
        if not problem and words in typed:
            problem = msg("the decision {name} is named twice; name each once", name=words)
        if problem:
            st.error(as_it_stands(tell(problem)), icon=":material/error:")
            return []
        typed.append(words)
    return typed


def keep_in_a_file(place: DecidedIn, options: list[str]) -> None:
    """Take the options away as a file of decisions, or bring one."""
    left, right = st.columns(2, vertical_alignment="bottom")
    scenario = scenario_of(place.case)
    with left:
        if options:
            chosen = {f"{k}": [place.read(words)] for k, words in enumerate(options, start=1)}
            note = say("Decisions of {company}, policy {policy}", company=scenario.company.name, policy=place.policy)
            show.save(
                say("Decisions as a file"),
                lambda: decisions_text(chosen, scenario, note).encode(),
                DECISIONS_FILE,
                "application/toml",
            )
    with right:
        file = st.file_uploader(say("A file of decisions (.toml, up to 1 MB)"), type=["toml"], key="decisions file")
    if file is not None and st.session_state.get("decisions taken") != file.file_id:
        st.session_state["decisions taken"] = file.file_id
        bring(place, file.getvalue())


def bring(place: DecidedIn, content: bytes) -> None:
    """Put the decisions of a file into the inputs; say what is wrong with it if they do not fit there."""
    scenario = scenario_of(place.case)
    try:
        brought = decisions_brought(content, scenario, policy_of(scenario, place.policy))
        found = [each for mine in brought.values() for each in mine]
        month = scenario.days.month_name(place.month - 1)
        if len(found) > MOST_OPTIONS or any(each.taken != place.month - 1 for each in found):
            raise ScenarioError(
                msg(
                    "the file holds {n} decisions; here up to {most} of {month} are compared, all others with sop ghost --decisions",
                    n=len(found),
                    most=MOST_OPTIONS,
                    month=month,
                )
            )
    except ScenarioError as problem:
        st.error(as_it_stands(controls.wrong(problem)), icon=":material/error:")
        return
    controls.begin_anew(*INPUTS)
    for k in range(1, MOST_OPTIONS + 1):
        st.session_state.pop(f"decided {k}", None)
        inputs = {f"decide{k}": NO_MORE}
        if k <= len(found):
            each = found[k - 1]
            values = (each.kind, each.name, str(each.month + 1), f"{each.amount:.15g}")
            inputs = dict(zip((f"decide{k}", f"about{k}", f"for{k}", f"amount{k}"), values, strict=True))
            st.session_state[f"decided {k}"] = each.kind
        for name, value in inputs.items():
            st.query_params[name] = value
    st.rerun()


def option_input(place: DecidedIn, about: dict[str, list[str]], k: int, proposed: Decision | None) -> str:
    """One option: what is decided, about what, for which month, and how much; empty where there is no such option."""
    columns = st.columns([4, 4, 3, 3], vertical_alignment="bottom")
    kinds = [*about] if k == 1 else [NO_MORE, *about]
    usual = proposed.kind if proposed else kinds[0]
    controls.remembered(f"decide{k}", usual, controls.one_of(kinds))
    titles = called(kinds, lambda kind: say(DECIDED_ON.get(kind, "no further option")))
    label = say("Option {k}", k=k)
    with columns[0]:
        kind = controls.drawn(
            f"decide{k}", lambda: st.selectbox(label, kinds, format_func=titles, key=f"decide{k}", help=help_of(kinds))
        )
    if kind == NO_MORE:
        return ""
    names, found = about[kind], DECISION_KINDS[kind]
    mine = proposed if proposed and proposed.kind == kind else None
    controls.remembered(f"about{k}", mine.name if mine else names[0], controls.one_of(names))
    with columns[1]:
        label_of = say(ABOUT[found.about])
        name = controls.drawn(
            f"about{k}",
            lambda: st.selectbox(label_of, names, format_func=called(names, own_name), key=f"about{k}"),
        )
    months = list(map(str, months_for(place, kind, name)))
    days = scenario_of(place.case).days
    controls.remembered(f"for{k}", months[0], controls.one_of(months))
    until = say("Until the cycle of") if found.repeats else say("For the month")
    with columns[2]:
        month = controls.drawn(
            f"for{k}",
            lambda: st.selectbox(
                until, months, format_func=called(months, lambda m: days.month_name(int(m) - 1)), key=f"for{k}"
            ),
        )
    begin_amount_anew(k, kind)
    with columns[3]:
        amount = controls.number_input(
            f"amount{k}",
            say("Amount, {unit}", unit=tell(found.unit)),
            mine.amount if mine else 0.0,
            -LARGEST_AMOUNT,
            LARGEST_AMOUNT,
        )
    return place.typed(kind, name, int(month), amount)


def begin_amount_anew(k: int, kind: str) -> None:
    """Another kind of decision is in another unit: its amount begins anew."""
    if st.session_state.get(f"decided {k}") not in (None, kind):
        controls.begin_anew(f"amount{k}")
    st.session_state[f"decided {k}"] = kind


def help_of(kinds: list[str]) -> str:
    """The effect of each kind of decision, a line each."""
    return "  \n".join(
        f"{say(DECIDED_ON[kind])}: {tell(DECISION_KINDS[kind].does)}." for kind in kinds if kind != NO_MORE
    )


def in_which_luck(ask: Ask, place: DecidedIn, options: list[str]) -> Ask | None:
    """Choose the luck: that of the run that is shown, or many possible futures of it; nothing to ask without an option."""
    ahead = min(AHEAD, scenario_of(place.case).days.months - place.month + 1)
    titles = {
        "futures": say("{n} possible futures of this run, {ahead} months ahead", n=LANES, ahead=ahead),
        "run": say("As this run went on"),
    }
    controls.remembered("luck", "futures", controls.one_of(titles))
    words = say("Futures keep the past and all that was known; one run says nothing of luck.")
    luck = controls.drawn(
        "luck",
        lambda: st.segmented_control(
            say("Measured in"), list(titles), format_func=titles.get, key="luck", required=True, help=words
        ),
    )
    if not options:
        return None
    run = int(dict(ask.more)["replication"])
    return results.ghosts(place.case, place.policy, run, place.month, options, ahead if luck == "futures" else 0)


def seconds_of(asked: Ask) -> float:
    """Estimate the time of the options, and of what was decided, which is run beside them."""
    scenario, more = scenario_of(asked.case), dict(asked.more)
    runs = 1 + len(results.options_of(asked))
    months = int(more["month"]) + int(more["ahead"]) or scenario.experiment.months
    return jobs.seconds(runs, asked.replications, months, row_count(scenario))


def worth(asked: Ask, place: DecidedIn, options: list[str]) -> None:
    """The conclusion, the paired differences, the levels, and the command that gives the same."""
    currency = scenario_of(asked.case).company.currency
    decisions = [place.read(words) for words in options]
    names = {AS_IT_WAS: say(AS_IT_WAS), **{str(each): option_name(each) for each in decisions}}
    told = results.told_of_ghosts(asked)
    look_at(told.cautions)
    if asked.replications > 1:
        sentences = [capital(with_texts(each, lambda text: names.get(text, text))) for each in told.sentences]
        st.markdown("  \n".join(as_it_stands(say("{sentence}.", sentence=each)) for each in sentences))
    else:
        st.markdown(say("This is what each option was worth in this run alone; one run says nothing of luck."))
    summary = results.table(asked, "summary").rename(columns={"decision": "policy"})
    summary = summary.assign(label=summary["policy"].map(names))
    st.caption(say("Differences from what was decided, on the same luck, with their 95 % intervals."))
    st.dataframe(differences_table(summary, currency), hide_index=True, key="ghost differences")
    st.caption(say("Means with the half-width of their 95 % interval"))
    st.dataframe(means_table(summary, currency), hide_index=True, key="ghost means")
    st.code(downloads.ghost_line(asked), language="bash", wrap_lines=True)


def option_name(decision: Decision) -> str:
    """A decision as the inputs put it."""
    found = DECISION_KINDS[decision.kind]
    slots = {"kind": say(DECIDED_ON[decision.kind]), "name": own_name(decision.name), "unit": tell(found.unit)}
    return say("{kind}, {name}: {amount} {unit}", amount=f"{decision.amount:,.10g}".replace("-", "−"), **slots)
