"""Programs that play a team of a class: they are told what a player sees, as JSON, and answer once a round."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.classroom.asked import answering, class_of, clock_of, player_of, spoken_to
from dashboard.classroom.phone import round_of
from dashboard.classroom.room import Class
from dashboard.classroom.work import report_of, scores
from simulator.classroom.log import RefusedError
from simulator.classroom.robots import Seen
from simulator.classroom.roles import for_page
from simulator.classroom.state import DEBRIEF, OPEN, REPORT, Player
from simulator.kernel.messages import listed, msg, spoken

if TYPE_CHECKING:
    from simulator.classroom.scoring import Score


@answering
async def seen(request: Request) -> Response:
    """Tell a program the clock, in a round that is open to it what its player sees, and in the debrief its score."""
    room = class_of(request)
    player = player_of(request, room)
    if player is None:
        return JSONResponse({"gone": True})

    def work() -> Response:
        with spoken_to(request, room):
            told = {**clock_of(room), "seen": seen_by(room, player), "scores": scores_of(room, player)}
            return JSONResponse(for_page(told, spoken().language))

    return await run_in_threadpool(work)


def seen_by(room: Class, player: Player) -> Seen | None:
    """All that a player sees while plans are open: the board and the views of its roles; None before, after, and while it is worked out."""
    state, phase = room.state, room.front.phase()
    if state.phase not in OPEN or state.phase == REPORT or state.round in state.teams[player.team].committed:
        return None
    views = {role: room.view(player.team, role) for role in player.roles}
    board = report_of(room, player.team)
    if board is None or None in views.values():
        return None
    return Seen(f"{phase.title}", player.team, phase.round, phase.rounds, phase.month, board, views)


def scores_of(room: Class, player: Player) -> list[Score] | None:
    """Scores of the debrief once they are worked out: the team's own and the policies', and all where the ranking is shown."""
    found = scores(room) if room.state.phase == DEBRIEF else None
    return found and [each for each in found if room.state.ranking or each.is_policy or each.name == player.team]


def play_as_program(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Submit and commit what a program decides for a team in which nobody else plays."""
    others = [
        p.name
        for p in room.state.players.values()
        if p.team == player.team and p.id != player.id and room.is_here(p.id)
    ]
    if others:
        raise RefusedError(
            msg("a program plays a team of its own; in this one play {names}", names=listed(others, ", "))
        )
    try:
        answer = json.loads(sent.get("answer", ""))
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise RefusedError(
            msg("a decision is one line of JSON, such as {example}", example='{"values": {"overtime:line": 40}}')
        )
    room.front.play_for(player.team, round_of(sent), answer)
