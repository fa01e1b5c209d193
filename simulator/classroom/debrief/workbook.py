"""All of a game as tables, for a workbook, in the language that is spoken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simulator.classroom.debrief.luck import QUANTILES, Luck
from simulator.classroom.debrief.screens import TeamDebrief
from simulator.classroom.fields import DECIDES
from simulator.classroom.game import Game
from simulator.classroom.roles import AGENDA, ISSUES, ROLES, for_page
from simulator.classroom.scoring import class_scores
from simulator.kernel.messages import Message, Text, in_currency, listed, msg, speaking, spoken, written
from simulator.results.kpis import MEASURES

if TYPE_CHECKING:
    import pandas as pd

TableRows = list[dict[str, Any]]

SHEETS: Mapping[str, Message] = {
    "scores": msg("scores"), "plans": msg("plans"), "commitments": msg("commitments"), "actions": msg("actions"), "log": msg("log"),
    "luck": msg("luck"), "visible then": msg("visible then"), "hindsight": msg("hindsight"),
    "without one decision": msg("without one decision"), "where it broke": msg("where it broke"),
    "private and agreed": msg("private and agreed"), "bias": msg("bias"), "bridge": msg("bridge"),
}  # fmt: skip
"""Sheets of the workbook, by name."""

COLUMN_HEADS: Mapping[str, Message] = {
    "name": msg("name"), "policy": msg("is a policy"), "total": msg("points in all"), "points profit": msg("points: economic profit"),
    "points service": msg("points: service"), "points plan": msg("points: plan kept"), "points actions": msg("points: actions done"),
    "points ranges": msg("points: ranges"), "team": msg("team"), "round": msg("round"), "role": msg("role"),
    "field": msg("field, as programs call it"), "what": msg("what"), "value": msg("value"), "option": msg("option"),
    "reason": msg("reason"), "by": msg("by"), "action": msg("action"), "owner": msg("owner"), "due": msg("due in round"),
    "raised": msg("raised in round"), "done in round": msg("done in round"), "number": msg("number of the entry"), "at": msg("written at"),
    "kind": msg("kind of entry"), "body": msg("entry, as programs read it"), "lucks": msg("other lucks"),
    "quantile of luck": msg("share of lucks that bring less"), "better than silo": msg("share of lucks better than the fair silo"),
    "about": msg("about"), "better": msg("best of its options"), "whole": msg("all of the round"), "month": msg("month"),
    "served": msg("served on the day"),
    "kept": msg("plan kept"), "cause": msg("largest cause"), "units": msg("units not served"), "seen": msg("shown in round"),
    "unseen": msg("would have been shown in round"), "issue": msg("issue of the meeting"), "agenda": msg("agenda"),
    "unit": msg("unit"), "recommended": msg("recommended"), "submitted": msg("submitted"), "agreed": msg("agreed"),
    "bias": msg("bias, share of what came"), "error": msg("error, share of what came"), "months": msg("rounds"),
    "line": msg("line"), "service": msg("service, points"),
}  # fmt: skip
"""Heads of columns, by name."""


def game_tables(
    game: Game, lucks: Sequence[Luck] = (), debriefs: Sequence[TeamDebrief] = ()
) -> dict[str, pd.DataFrame]:
    """All of a game as tables, for a workbook: scores, plans, commitments, actions, the whole log, and what is known of the debrief."""
    import pandas as pd

    language = spoken().language
    currency = game.file.scenario.company.currency
    with speaking(language, game.file.texts(language)):
        found = {**played_tables(game), **debrief_tables(lucks, debriefs)}
        return {
            written(SHEETS[name]): pd.DataFrame(
                [{column: shown_in_cell(value) for column, value in row.items()} for row in rows]
            ).rename(columns=lambda column: written(head_of(column, currency)))
            for name, rows in found.items()
        }


def shown_in_cell(value: Any) -> Any:
    """A cell: sentences and names in the language that is spoken, figures as they are."""
    if isinstance(value, list | tuple):
        return written(listed(value, ", "))
    return for_page(value, spoken().language)


def head_of(column: str, currency: str) -> Text:
    """The head of a column, with its unit where it is a measure or money."""
    if column in MEASURES:
        one = MEASURES[column]
        return msg("{what}, {unit}", what=msg(one.title), unit=in_currency(one.unit, currency))
    if column.startswith("P") and column[1:].isdigit():
        return msg("{n} of 100 lucks bring less than, {currency}", n=column[1:], currency=currency)
    of_money: dict[str, Message] = {
        "happened": msg("came over the scored months, {currency}", currency=currency),
        "missed then": msg("missed over three months from then, {currency}", currency=currency),
        "missed": msg("missed over the scored months, {currency}", currency=currency),
        "profit": msg("economic profit that it brought, {currency}", currency=currency),
        "amount": msg("best policy less team, {currency}", currency=currency),
    }
    return of_money.get(column) or COLUMN_HEADS[column]


def field_in_words(game: Game, key: str) -> Text:
    """A field as it is called on the screens: what it decides or states, of what and for which month."""
    kind, _, about = key.partition(":")
    name, _, month = about.partition("@")
    labels: dict[str, Message] = {each.kind: each.label for each in DECIDES} | {
        "~expects": msg("Demand expected"), "~low": msg("Next month: at least"), "~high": msg("Next month: at most"),
    }  # fmt: skip
    if key.startswith(AGENDA):
        return msg("{what}: {name}", what=msg("Agenda of the meeting"), name=ISSUES[name])
    if kind not in labels:
        return key
    days = game.file.scenario.days
    of = msg("{name}, {month}", name=name, month=days.month_name(int(month) - 1)) if month else name
    return msg("{what}: {name}", what=labels[kind], name=of)


def played_tables(game: Game) -> dict[str, TableRows]:
    """Scores, plans, commitments, actions and the whole log."""
    import json

    state = game.state
    scored = [
        {"name": s.name, "policy": s.is_policy, "total": s.total, **{f"points {k}": v for k, v in s.parts.items()}, **s.measures}
        for s in class_scores(game)
    ]  # fmt: skip
    plans = [
        {"team": team.name, "round": round, "role": ROLES[role].title, "what": field_in_words(game, key), "value": value, "field": key}
        for team in state.teams.values()
        for (round, role), values in sorted(team.submitted.items())
        for key, value in values.items()
    ]  # fmt: skip
    commits = [
        {"team": t.name, "round": c.round, "option": c.option, "reason": c.reason, "by": c.by,
         "what": field_in_words(game, key), "value": value, "field": key}
        for t in state.teams.values()
        for c in t.committed.values()
        for key, value in (dict(c.values) or {"": float("nan")}).items()
    ]  # fmt: skip
    actions = [
        {"team": t.name, "action": a.text, "owner": ROLES[a.owner].title, "due": a.due, "raised": a.raised,
         "done in round": t.done.get(a.number)}
        for t in state.teams.values()
        for c in t.committed.values()
        for a in c.actions
    ]  # fmt: skip
    log = [
        {"number": e.number, "at": dt.datetime.fromtimestamp(e.at).isoformat(" ", "seconds"), "kind": e.kind, "team": e.team,
         "body": json.dumps(e.body, ensure_ascii=False)}
        for e in game.log.entries(game.code)
    ]  # fmt: skip
    found: dict[str, TableRows] = {
        "scores": scored,
        "plans": plans,
        "commitments": commits,
        "actions": actions,
        "log": log,
    }
    return {name: rows or [{"team": "–"}] for name, rows in found.items()}


def debrief_tables(lucks: Sequence[Luck], debriefs: Sequence[TeamDebrief]) -> dict[str, TableRows]:
    """Luck, decisions by what was visible and in hindsight, ghosts, breaks, private plans, biases and bridges, as far as there are any."""
    every: dict[str, TableRows] = {
        "luck": [
            {"name": each.name, "policy": each.is_policy, "happened": each.happened, "lucks": each.lucks,
             "quantile of luck": each.quantile, "better than silo": each.against_silo,
             **{f"P{round(100 * q)}": x for q, x in zip(QUANTILES, each.box, strict=True)}}
            for each in lucks
        ],
        "visible then": [
            {"team": r.team, "round": r.round, "better": r.about, "missed then": r.regret} for of in debriefs for r in of.regrets
        ],
        "hindsight": [
            {"team": r.team, "round": r.round, "better": r.about, "missed": r.regret} for of in debriefs for r in of.hindsight
        ],
        "without one decision": [
            {name: value for name, value in vars(each).items() if name != "what"} for of in debriefs for each in of.ghosts
        ],
        "where it broke": [
            {**vars(each), "issue": ISSUES[each.issue] if each.issue else "", "agenda": [ISSUES[name] for name in each.agenda]}
            for of in debriefs for each in of.again.breaks
        ],
        "private and agreed": [{**vars(each), "role": ROLES[each.role].title} for of in debriefs for each in of.again.private],
        "bias": [{**vars(each), "role": ROLES[each.role].title} for of in debriefs for each in of.biases],
        "bridge": [{"team": of.team, "line": msg(line), "amount": amount} for of in debriefs for line, amount in of.bridge],
    }  # fmt: skip
    return {name: rows for name, rows in every.items() if rows}
