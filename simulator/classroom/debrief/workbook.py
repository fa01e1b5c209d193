"""All of a game as tables, for a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from simulator.classroom.debrief.luck import QUANTILES, Luck
from simulator.classroom.debrief.screens import TeamDebrief
from simulator.classroom.game import Game
from simulator.classroom.roles import for_page
from simulator.classroom.scoring import class_scores
from simulator.kernel.messages import spoken

if TYPE_CHECKING:
    import pandas as pd


def game_tables(
    game: Game, lucks: Sequence[Luck] = (), debriefs: Sequence[TeamDebrief] = ()
) -> dict[str, pd.DataFrame]:
    """All of a game as tables, for a workbook: scores, plans, commitments, actions, the whole log, and what is known of the debrief."""
    import json

    import pandas as pd

    state = game.state
    scored = [
        {"name": s.name, "policy": s.is_policy, "total": s.total, **{f"points {k}": v for k, v in s.parts.items()}, **s.measures}
        for s in class_scores(game)
    ]  # fmt: skip
    plans = [
        {"team": team.name, "round": round, "role": role, "field": key, "value": value}
        for team in state.teams.values()
        for (round, role), values in sorted(team.submitted.items())
        for key, value in values.items()
    ]
    commits = [
        {
            "team": t.name,
            "round": c.round,
            "option": c.option,
            "reason": c.reason,
            "by": c.by,
            "field": key,
            "value": value,
        }
        for t in state.teams.values()
        for c in t.committed.values()
        for key, value in (dict(c.values) or {"": float("nan")}).items()
    ]
    actions = [
        {
            "team": t.name,
            "action": a.text,
            "owner": a.owner,
            "due": a.due,
            "raised": a.raised,
            "done in round": t.done.get(a.number),
        }
        for t in state.teams.values()
        for c in t.committed.values()
        for a in c.actions
    ]
    log = [
        {
            "number": e.number,
            "at": dt.datetime.fromtimestamp(e.at).isoformat(" ", "seconds"),
            "kind": e.kind,
            "team": e.team,
            "body": json.dumps(e.body, ensure_ascii=False),
        }
        for e in game.log.entries(game.code)
    ]
    found: dict[str, list[dict[str, Any]]] = {
        "scores": scored,
        "plans": plans,
        "commitments": commits,
        "actions": actions,
        "log": log,
    }
    found |= debrief_tables(lucks, debriefs)
    return {name: pd.DataFrame(rows) for name, rows in found.items()}


def debrief_tables(lucks: Sequence[Luck], debriefs: Sequence[TeamDebrief]) -> dict[str, list[dict[str, Any]]]:
    """Luck, decisions by what was visible and in hindsight, ghosts, breaks, private plans, biases and bridges, as far as there are any."""
    every: dict[str, list[dict[str, Any]]] = {
        "luck": [
            {"name": each.name, "policy": each.is_policy, "happened": each.happened, "lucks": each.lucks,
             "quantile of luck": each.quantile, "better than silo": each.against_silo,
             **{f"P{round(100 * q)}": x for q, x in zip(QUANTILES, each.box, strict=True)}}
            for each in lucks
        ],
        "visible then": [_row(each) for of in debriefs for each in of.regrets],
        "hindsight": [_row(each) for of in debriefs for each in of.hindsight],
        "without one decision": [_row(each) for of in debriefs for each in of.ghosts],
        "where it broke": [_row(each) for of in debriefs for each in of.again.breaks],
        "private and agreed": [_row(each) for of in debriefs for each in of.again.private],
        "bias": [_row(each) for of in debriefs for each in of.biases],
        "bridge": [{"team": of.team, "line": line, "amount": amount} for of in debriefs for line, amount in of.bridge],
    }  # fmt: skip
    return {name: rows for name, rows in every.items() if rows}


def _row(thing: Any) -> dict[str, Any]:
    """A record as a row, its sentences in the language that is spoken."""
    return {name: for_page(value, spoken().language) for name, value in vars(thing).items()}
