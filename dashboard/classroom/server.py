"""The server of the training room: `python -m dashboard.classroom.server` as `sop dashboard --class` starts it."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard.classroom import phone, program
from dashboard.classroom.alone_page import ALONE_DEEDS, alone_routes, onward, plans_at_once
from dashboard.classroom.asked import (
    Answer,
    answering,
    carefully,
    class_of,
    clock_of,
    done,
    is_trainer,
    keep,
    paper_of,
    player_of,
    spoken_to,
    welcome,
    with_language,
)
from dashboard.classroom.door import Door, Headed, asker, told
from dashboard.classroom.html import BLANK, page
from dashboard.classroom.meeting_page import commit, draw_up, meeting, veto
from dashboard.classroom.paper import certificate
from dashboard.classroom.review_page import afterwards, report_done
from dashboard.classroom.room import MOST_OPEN, Class, Room
from dashboard.classroom.setup_page import set_up_routes
from dashboard.classroom.trainer_server import trainer_routes
from dashboard.classroom.work import prepare
from simulator.classroom.log import RefusedError
from simulator.classroom.roles import ROLES
from simulator.classroom.state import COLLISION, DAYS, DEBRIEF, MEETING, REVIEW, Player
from simulator.kernel.messages import msg, said, speaking

FOLDER = Path(__file__).parent

MOST_ALONE = 8
"""Games of people alone that are held open at once; each takes some hundreds of megabytes."""


@answering
async def front_door(request: Request) -> Response:
    """Ask for the code, and lead to the class."""
    if request.method == "POST":
        sent = await told(request)
        room = request.app.state.room.find(sent.get("code", ""), asker(request))
        return done(request, f"/c/{room.code}")
    with spoken_to(request, None):
        return with_language(request, HTMLResponse(page(msg("Training room"), welcome())))


@answering
async def home(request: Request) -> Response:
    """A player's page; who has not joined yet is asked to."""
    room = class_of(request)
    answer = await run_in_threadpool(_home, request, room)
    return with_language(request, answer)


def _home(request: Request, room: Class, wrong: Markup = BLANK) -> Response:
    with spoken_to(request, room):
        player = player_of(request, room)
        if player is None:
            return HTMLResponse(page(room.front.lesson.title, phone.join_page(room, wrong)), 422 if wrong else 200)
        mark = phone.mark_of(room, player)
        body = phone.player_page(room, player, PHASE_PARTS, ALONE)
        return HTMLResponse(
            page(room.front.lesson.title, wrong + body, f"/c/{room.code}", mark=mark), 422 if wrong else 200
        )


@answering
async def fragment(request: Request) -> Response:
    """The inside of a player's page, when it has changed."""
    room = class_of(request)
    player = player_of(request, room)
    if player is None:
        return JSONResponse({"gone": True})

    def work() -> Response:
        with spoken_to(request, room):
            mark = phone.mark_of(room, player)
            return JSONResponse({"mark": mark, "html": str(phone.player_page(room, player, PHASE_PARTS, ALONE))})

    return await run_in_threadpool(work)


@answering
async def news(request: Request) -> Response:
    """Tell the clock, and whether a page is still as it was; asked for every other second."""
    room = class_of(request)
    player = player_of(request, room)
    if player is None:
        return JSONResponse({"gone": True})
    return JSONResponse({"mark": phone.mark_of(room, player), **clock_of(room)})


@answering
async def join(request: Request) -> Response:
    """Join a team."""
    room, sent = class_of(request), await told(request)

    def work() -> Response:
        name, key = sent.get("new", "").strip() or sent.get("team", ""), sent.get("key", "")
        if sent.get("new", "").strip() and name not in room.state.teams:
            room.front.add_team(name)
        player = room.front.join(name, sent.get("name", ""), tuple(filter(None, sent.get("roles", "").split(","))), key)
        answer = done(request, f"/c/{room.code}")
        keep(answer, room, "sop_player", player.id)
        return answer

    return await carefully(request, room, work, _home)


@answering
async def diploma(request: Request) -> Response:
    """The certificate of a player's team, to print; the trainer may ask for any team's."""
    room = class_of(request)

    def work() -> Response:
        player = player_of(request, room)
        team = request.query_params.get("team", "") if is_trainer(request, room) else player.team if player else ""
        if not team:
            raise RefusedError(msg("nobody in this game has this phone; join again with the code"))
        return paper_of(certificate(room, team))

    return await carefully(request, room, work, _home)


def playing(deed: Callable[[Class, Player, Mapping[str, str]], Any]) -> Answer:
    """Something that only who has joined may do."""

    @answering
    async def answer(request: Request) -> Response:
        room, sent = class_of(request), await told(request)

        def work() -> Response:
            player = player_of(request, room)
            if player is None:
                raise RefusedError(msg("nobody in this game has this phone; join again with the code"))
            deed(room, player, sent)
            return done(request, f"/c/{room.code}")

        return await carefully(request, room, work, _home)

    return answer


def submit(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Submit a role's plan."""
    values = phone.values_of(sent)
    room.front.submit(player.id, sent.get("role", ""), phone.round_of(sent), values, phone.once(sent, values))


def take_roles(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Hold other roles."""
    wanted = [role for role in sent.get("roles", "").split(",") if role]
    room.front.take_roles(player.id, sorted(wanted, key=[*ROLES, *wanted].index))


async def is_ready(request: Request) -> JSONResponse:
    """Answer that the server is there."""
    return JSONResponse({"ok": True})


def application(folder: Path, address: str = "", addresses: str | None = None, alone: bool = False) -> Starlette:
    """The training room on a folder of logs; `alone` serves whoever plays by themselves, and opens no class."""
    room = Room(folder, prepare, MOST_ALONE if alone else MOST_OPEN)
    deeds = {**DEEDS, **ALONE_DEEDS} if alone else DEEDS

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        room.start()
        yield
        room.end()

    routes = [
        Route("/", front_door, methods=["GET", "POST"]),
        Route("/ready", is_ready),
        Route("/c/{code}", home),
        Route("/c/{code}/page", fragment),
        Route("/c/{code}/news", news),
        Route("/c/{code}/join", join, methods=["POST"]),
        Route("/c/{code}/seen", program.seen),
        Route("/c/{code}/certificate", diploma),
        *(Route(f"/c/{{code}}/{name}", playing(deed), methods=["POST"]) for name, deed in deeds.items()),
        *trainer_routes(),
        *(alone_routes() if alone else set_up_routes()),
        Mount("/look", StaticFiles(directory=FOLDER / "static")),
    ]
    middleware = [Middleware(Headed), Middleware(Door, addresses=addresses)]
    app = Starlette(routes=routes, lifespan=lifespan, middleware=middleware)
    app.state.room, app.state.address = room, address
    return app


DEEDS = {
    "submit": submit, "roles": take_roles, "commit": commit, "draft": draw_up, "veto": veto, "done": report_done,
    "play": program.play_as_program,
}  # fmt: skip
"""What a player may do, by the last part of the address."""

ALONE = phone.Alone(plans_at_once, onward)

PHASE_PARTS = {COLLISION: meeting, MEETING: meeting, DAYS: afterwards, REVIEW: afterwards, DEBRIEF: afterwards}
"""What a phone shows in the phases after one's own plan."""


def main(words: list[str]) -> int:
    """Serve the class until somebody ends it."""
    import uvicorn

    from simulator.faces.cli.group import STOPPED

    told_by = json.loads(words[0])
    if told_by.get("alone"):
        return serve_alone(told_by["port"])
    app = application(Path(os.environ["SOP_RESULTS"]) / "classes", told_by["address"])
    app.state.room.open_latest()
    with speaking(told_by.get("language", "en")):
        to = f"{told_by['address']}/new?key={app.state.room.seal.key}"
        print(said("Another lesson, other rounds or minutes: {address}", address=to), flush=True)
    own = {"log_level": "warning", "limit_concurrency": 1_000, "server_header": False, "timeout_graceful_shutdown": 3}
    try:
        uvicorn.run(app, host=told_by["host"], port=told_by["port"], **own)
    except KeyboardInterrupt:
        return STOPPED
    return 0


def serve_alone(port: int) -> int:
    """Serve whoever plays alone, on this machine only, for as long as the dashboard that began this is there."""
    import uvicorn

    def end_with_the_dashboard() -> None:
        sys.stdin.buffer.read()  # ends with the other end of the pipe
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_with_the_dashboard, daemon=True).start()
    app = application(Path(os.environ["SOP_RESULTS"]) / "games", "", "", alone=True)
    with suppress(KeyboardInterrupt):
        uvicorn.run(
            app, host="127.0.0.1", port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=2
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
