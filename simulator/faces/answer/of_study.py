"""Say a study as an answer: which factor matters most, which setting is best, every setting with its means."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from simulator.faces.answer.definition import (
    BARS,
    FIGURE,
    OF_THE_FIGURE,
    Chart,
    Column,
    Handout,
    Series,
    Table,
    definition_table,
)
from simulator.faces.answer.of_bridge import as_text
from simulator.kernel.messages import Message, Text, in_currency, listed, msg, number, plural
from simulator.kernel.units import ScenarioError
from simulator.kernel.version import VERSION
from simulator.results.kpis import MEASURES
from simulator.studies.analysis import comparisons, tornado

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.factors import Factor
    from simulator.studies.results import Results

MOST_SETTINGS = 200
"""Settings of the table that is printed; the workbook has all."""


def answer_of_study(
    found: Results,
    measure: str = "",
    policy: str = "",
    called: Callable[[str], str] = str,
    company: str = "",
) -> Handout:
    """The answer of a study on a measure, under a policy where it is of one; the first of each where none is named."""
    study = found.study
    measure, policy = measure or study.measures[0], policy or study.policies[0]
    swings, best = _swings(found, measure, policy), _ranked(found, measure)
    company = company or study.scenario
    return Handout(
        title=msg("What matters"),
        question=msg(
            "What moves {measure} of {company} most, and which setting is best?",
            measure=msg(MEASURES[measure].title),
            company=company,
        ),
        about=msg(
            "{study}: {n} runs of {settings} settings, seed {seed}; intervals hold with 95 %",
            study=study.name.removeprefix("@"),
            n=number(found.runs),
            settings=number(len(found.points)),
            seed=f"{study.seed}",
        ),
        verdict=[*_mover(swings, measure, study.currency, called(policy)), *_best(found, best, measure, called)],
        charts=[*_tornado(swings, measure, study.currency, called(policy))],
        tables=[_every(found)],
        parts=_settings(found, best, measure, called),
        assumptions=[
            msg("{factor}: {values}", factor=_named(factor.name), values=_values(factor)) for factor in found.factors
        ],
        definitions=definition_table([MEASURES[name] for name in study.measures], study.currency),
        remarks=[as_text(each) for each in study.cautions],
        made=[(msg("results"), found.content[:12]), (msg("version"), f"sop-sandbox {VERSION}")],
    )


def _named(factor: str) -> Text:
    """The name of a factor, which languages know where the product gave it."""
    return factor if "{" in factor else msg(factor)


def _values(factor: Factor) -> Text:
    if factor.levels:
        return ", ".join(map(_level, factor.levels))
    return msg("{low} to {high}", low=_level(factor.low), high=_level(factor.high))


def _swings(found: Results, measure: str, policy: str) -> pd.DataFrame | None:
    """The swings of all factors; nothing where none is varied, or its ends were not met."""
    try:
        return tornado(found, measure, policy) if found.factors else None
    except ScenarioError:
        return None


def _ranked(found: Results, measure: str) -> pd.DataFrame:
    """Settings, the best first; in their own order where one replication says nothing of luck or no way is better."""
    try:
        return comparisons(found, measure)
    except ScenarioError:
        return found.mean(measure)


def _amount(value: float, measure: str, currency: str) -> Message:
    unit = MEASURES[measure].unit
    if unit in ("share", "probability"):
        return msg("{value} points", value=number(100 * value, 1, signed=True))
    places = 0 if abs(value) >= 100 else 2
    return msg("{value} {unit}", value=number(value, places, signed=True), unit=in_currency(unit, currency))


def _mover(swings: pd.DataFrame | None, measure: str, currency: str, policy: str) -> Iterator[Text]:
    if swings is None:
        return
    ends = swings[swings["factor"] == swings["factor"].iloc[0]].to_dict("records")
    surely = all(math.isfinite(end["low"]) for end in ends) and any(end["low"] > 0 or end["high"] < 0 for end in ends)
    slots = {
        "factor": _named(str(ends[0]["factor"])),
        "measure": msg(MEASURES[measure].title),
        "policy": policy,
        **{f"{end['end']}_at": str(end["at"]) for end in ends},
        **{end["end"]: _amount(float(end["difference"]), measure, currency) for end in ends},
    }
    if surely:
        yield msg("{factor} moves {measure} most under {policy}: {low} at {low_at}, {high} at {high_at}", **slots)
    else:
        yield msg(
            "No factor surely moves {measure} under {policy}; the widest swing has {factor}: {low} at {low_at}, {high} at "
            "{high_at}",
            **slots,
        )


def _best(found: Results, ranked: pd.DataFrame, measure: str, called: Callable[[str], str]) -> Iterator[Text]:
    if "possible" not in ranked:
        return
    count = int(ranked["possible"].sum())
    yield plural(
        "Best is {setting}; surely so, for {n} of {all} settings may be the best.",
        "Best is {setting}; {n} of {all} settings may be the best.",
        count,
        setting=_setting(found, ranked.iloc[0].to_dict(), called),
        all=number(len(ranked)),
    )


def _setting(found: Results, row: dict[Any, Any], called: Callable[[str], str]) -> Text:
    parts: list[Text] = [called(str(row["policy"]))] if len(found.study.policies) > 1 or not found.factors else []
    parts += [
        msg("{factor} {value}", factor=_named(factor.name), value=_level(row[factor.name])) for factor in found.factors
    ]
    return msg("{setting}", setting=listed(parts, ", "))


def _level(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _tornado(swings: pd.DataFrame | None, measure: str, currency: str, policy: str) -> Iterator[Chart]:
    if swings is None:
        return
    names = list(dict.fromkeys(swings["factor"]))
    share = MEASURES[measure].unit in ("share", "probability")
    unit = msg("points") if share else in_currency(MEASURES[measure].unit, currency)
    ends = {msg("factor at its low end"): "low", msg("factor at its high end"): "high"}
    yield Chart(
        BARS,
        msg("What each factor changes: {measure} under {policy}", measure=msg(MEASURES[measure].title), policy=policy),
        Column(msg("factor")),
        Column(msg("change, {unit}", unit=unit), FIGURE, OF_THE_FIGURE),
        [
            Series(
                title,
                [_named(str(name)) for name in names],
                [
                    float(swings[(swings["factor"] == name) & (swings["end"] == end)]["difference"].iloc[0])
                    * (100.0 if share else 1.0)
                    for name in names
                ],
            )
            for title, end in ends.items()
        ],
    )


def _settings(found: Results, ranked: pd.DataFrame, measure: str, called: Callable[[str], str]) -> Table:
    share = MEASURES[measure].unit in ("share", "probability")
    unit = msg("%") if share else in_currency(MEASURES[measure].unit, found.study.currency)
    scale = 100.0 if share else 1.0
    columns = [
        Column(msg("setting")),
        Column(msg("{title}, {unit}", title=msg(MEASURES[measure].title), unit=unit), FIGURE, OF_THE_FIGURE),
        Column(msg("give or take"), FIGURE, OF_THE_FIGURE),
        *([Column(msg("may be the best"))] if "possible" in ranked else []),
    ]
    rows = [
        [
            _setting(found, row, called),
            scale * float(row["mean"]),
            scale * float(row["half_width"]),
            *([msg("yes") if row["possible"] else msg("no")] if "possible" in ranked else []),
        ]
        for row in ranked.head(MOST_SETTINGS).to_dict("records")
    ]
    title = msg("By setting: the best first ({n} in all)", n=number(len(ranked)))
    return Table(msg("settings"), title, columns, rows)


def _every(found: Results) -> Table:
    """Means of every setting in every measure, for the workbook."""
    from simulator.faces.answer.definition import table_of_frame

    return table_of_frame(msg("all measures"), msg("Every setting in every measure"), found.summary())
