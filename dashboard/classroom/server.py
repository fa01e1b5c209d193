"""The server of the training room: `python -m dashboard.classroom.server` as `sop dashboard --class` starts it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard.classroom import phone, trainer
from dashboard.classroom.door import Door, Headed, asker, told
from dashboard.classroom.html import BLANK, fill, form, page, refusal
from dashboard.classroom.meeting_page import commit, draw_up, meeting, veto
from dashboard.classroom.review_page import afterwards, report_done
from dashboard.classroom.room import Class, Room
from dashboard.classroom.work import prepare
from simulator.classroom.log import RefusedError
from simulator.classroom.roles import ROLES
from simulator.classroom.state import COLLISION, DAYS, DEBRIEF, MEETING, REVIEW, Player
from simulator.kernel.messages import LANGUAGES, msg, said, speaking
from simulator.kernel.units import ScenarioError

FOLDER = Path(__file__).parent
A_DAY = 86_400

Answer = Callable[[Request], Awaitable[Response]]


# --- who asks, and in which language ---


def language_of_reader(request: Request, room: Class | None) -> str:
    """The language a reader chose, or that of the class."""
    asked = (
        request.query_params.get("lang") or request.cookies.get("sop_lang") or (room.front.language if room else "en")
    )
    return asked if asked in LANGUAGES else "en"


@contextmanager
def spoken_to(request: Request, room: Class | None) -> Any:
    """Speak the reader's language, with the company's names in it."""
    language = language_of_reader(request, room)
    with speaking(language, room.texts(language) if room else {}):
        yield


def class_of(request: Request) -> Class:
    """The class in the address."""
    room: Room = request.app.state.room
    return room.find(request.path_params["code"], asker(request))


def player_of(request: Request, room: Class) -> Player | None:
    """The player whose phone asks; nobody if it has not joined."""
    mark = request.cookies.get(f"sop_player_{room.code}", "")
    found = room.state.players.get(mark)
    if found and found.here:
        room.saw(found.id)
        return found
    return None


def is_trainer(request: Request, room: Class) -> bool:
    """Tell if the trainer asks."""
    seal = request.app.state.room.seal
    return seal.fits(request.cookies.get(f"sop_trainer_{room.code}", ""), room.code, room.pin)


def keep(answer: Response, room: Class, name: str, value: str) -> None:
    """Let a browser keep a mark, for this class only and out of reach of scripts."""
    answer.set_cookie(
        f"{name}_{room.code}", value, max_age=A_DAY, path=f"/c/{room.code}", httponly=True, samesite="lax"
    )


# --- answers ---


def from_script(request: Request) -> bool:
    """Tell if the page's own script asks, which wants no page in return."""
    return request.headers.get("x-by") == "script"


def done(request: Request, to: str) -> Response:
    """Say that something was done: to a script in a word, to a browser by the page."""
    return JSONResponse({"ok": True, "to": to}) if from_script(request) else RedirectResponse(to, status_code=303)


def answering(work: Answer) -> Answer:
    """Answer refusals with their one sentence."""

    @wraps(work)
    async def answer(request: Request) -> Response:
        try:
            return await work(request)
        except ScenarioError as wrong:
            with spoken_to(request, None):
                if from_script(request):
                    return JSONResponse({"ok": False, "error": str(wrong)}, status_code=422)
                return HTMLResponse(page(msg("Training room"), welcome(refusal(str(wrong)))), status_code=422)

    return answer


def welcome(wrong: Markup = BLANK, code: str = "") -> Markup:
    """Ask for the code of a class."""
    inside = fill(
        '<label><span>{label}</span><input name=code required maxlength=12 autocomplete=off '
        'autocapitalize=characters class=code value="{code}"></label>',
        label=msg("The code on the trainer's screen"), code=code,
    )  # fmt: skip
    return fill(
        "<h1>{title}</h1>{wrong}{form}",
        title=msg("Training room"),
        wrong=wrong,
        form=form("/", inside, msg("Go on"), "main"),
    )


@answering
async def front_door(request: Request) -> Response:
    """Ask for the code, and lead to the class."""
    if request.method == "POST":
        sent = await told(request)
        room = request.app.state.room.find(sent.get("code", ""), asker(request))
        return done(request, f"/c/{room.code}")
    with spoken_to(request, None):
        return _with_language(request, HTMLResponse(page(msg("Training room"), welcome())))


def _with_language(request: Request, answer: Response) -> Response:
    if request.query_params.get("lang") in LANGUAGES:
        answer.set_cookie("sop_lang", request.query_params["lang"], max_age=A_DAY, httponly=True, samesite="lax")
    return answer


@answering
async def home(request: Request) -> Response:
    """A player's page; who has not joined yet is asked to."""
    room = class_of(request)
    answer = await run_in_threadpool(_home, request, room)
    return _with_language(request, answer)


def _home(request: Request, room: Class, wrong: Markup = BLANK) -> Response:
    with spoken_to(request, room):
        player = player_of(request, room)
        if player is None:
            return HTMLResponse(page(room.front.lesson.title, phone.join_page(room, wrong)), 422 if wrong else 200)
        mark = phone.mark_of(room, player)
        body = phone.player_page(room, player, PHASE_PARTS)
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
            return JSONResponse({"mark": mark, "html": str(phone.player_page(room, player, PHASE_PARTS))})

    return await run_in_threadpool(work)


@answering
async def news(request: Request) -> Response:
    """Tell the clock, and whether a page is still as it was; asked for every other second."""
    room = class_of(request)
    player = player_of(request, room)
    if player is None:
        return JSONResponse({"gone": True})
    return JSONResponse({"mark": phone.mark_of(room, player), **_clock(room)})


def _clock(room: Class) -> dict[str, Any]:
    phase = room.front.phase()
    return {"left": phase.left, "paused": phase.paused, "phase": phase.phase, "round": phase.round}


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

    return await _work(request, room, work)


async def _work(request: Request, room: Class, work: Callable[[], Response]) -> Response:
    """Do what was asked for beside the clock; a refusal is told on the page that asked."""

    def careful() -> Response:
        with spoken_to(request, room):
            try:
                return work()
            except ScenarioError as wrong:
                if from_script(request):
                    return JSONResponse({"ok": False, "error": str(wrong)}, status_code=422)
                if "/trainer/" in request.url.path:
                    return _trainer(request, room, refusal(str(wrong)))
                return _home(request, room, refusal(str(wrong)))

    return await run_in_threadpool(careful)


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

        return await _work(request, room, work)

    return answer


def submit(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Submit a role's plan."""
    values = phone.values_of(sent)
    room.front.submit(player.id, sent.get("role", ""), phone.round_of(sent), values, phone.once(sent, values))


def take_roles(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Hold other roles."""
    wanted = [role for role in sent.get("roles", "").split(",") if role]
    room.front.take_roles(player.id, sorted(wanted, key=[*ROLES, *wanted].index))


# --- the trainer ---


@answering
async def trainer_home(request: Request) -> Response:
    """The trainer's screen; who has no PIN is asked for it."""
    room = class_of(request)
    return _with_language(request, await run_in_threadpool(_trainer, request, room))


def _trainer(request: Request, room: Class, wrong: Markup = BLANK) -> Response:
    status = 422 if wrong else 200
    with spoken_to(request, room):
        if not is_trainer(request, room):
            return HTMLResponse(page(room.front.lesson.title, trainer.pin_page(room, wrong)), 403 if wrong else 200)
        body = trainer.trainer_page(room, request.app.state.address)
        return HTMLResponse(page(room.front.lesson.title, wrong + body, f"/c/{room.code}/trainer", "wall"), status)


@answering
async def trainer_pin(request: Request) -> Response:
    """Let the trainer in who knows the PIN."""
    room, sent = class_of(request), await told(request)
    pins = request.app.state.room.pins

    def work() -> Response:
        who = f"{room.code}:{asker(request)}"
        pins.may_guess(who)
        if not room.front.is_trainer(sent.get("pin", "")):
            pins.was_wrong(who)
            raise RefusedError(msg("this is not the PIN of this class"))
        answer = done(request, f"/c/{room.code}/trainer")
        keep(answer, room, "sop_trainer", request.app.state.room.seal.of(room.code, room.pin))
        return answer

    return await _work(request, room, work)


def for_trainer(work: Callable[[Request, Class, Mapping[str, str]], Response]) -> Answer:
    """Something that only the trainer may do."""

    @answering
    async def answer(request: Request) -> Response:
        room = class_of(request)
        if not is_trainer(request, room):
            with spoken_to(request, room):
                sentence = said("only the trainer may do this; enter the PIN on the trainer's screen")
            return JSONResponse({"ok": False, "error": sentence}, status_code=403)
        sent = await told(request) if request.method == "POST" else {}
        return await _work(request, room, lambda: work(request, room, sent))

    return answer


def trainer_fragment(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """The inside of the trainer's screen."""
    return JSONResponse({"html": str(trainer.trainer_page(room, request.app.state.address)), "mark": ""})


def trainer_news(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """The clock, and a mark of all that the screen shows."""
    here = sorted(id for id in room.seen if room.is_here(id))
    return JSONResponse({"mark": f"{room.state.last}:{room.desk.sign()}:{hash(tuple(here))}", **_clock(room)})


def export(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """Everything of the class as a workbook."""
    from io import BytesIO

    import pandas as pd

    from simulator.classroom.debrief import game_tables

    book, plain = BytesIO(), {"strings_to_formulas": False, "strings_to_urls": False}
    with pd.ExcelWriter(book, engine="xlsxwriter", engine_kwargs={"options": plain}) as writer:
        for name, table in game_tables(room.back).items():
            table.to_excel(writer, sheet_name=name[:31], index=False)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(
        book.getvalue(), media_type=kind, headers={"content-disposition": f'attachment; filename="{room.code}.xlsx"'}
    )


def trainer_do(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """Do what a button asks for."""
    trainer.act(room, sent)
    return done(request, f"/c/{room.code}/trainer")


async def is_ready(request: Request) -> JSONResponse:
    """Answer that the server is there."""
    return JSONResponse({"ok": True})


def application(folder: Path, address: str = "", addresses: str | None = None) -> Starlette:
    """The training room on a folder of logs."""
    room = Room(folder, prepare)

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
        *(Route(f"/c/{{code}}/{name}", playing(deed), methods=["POST"]) for name, deed in DEEDS.items()),
        Route("/c/{code}/trainer", trainer_home),
        Route("/c/{code}/trainer/pin", trainer_pin, methods=["POST"]),
        Route("/c/{code}/trainer/page", for_trainer(trainer_fragment)),
        Route("/c/{code}/trainer/news", for_trainer(trainer_news)),
        Route("/c/{code}/trainer/export", for_trainer(export)),
        Route("/c/{code}/trainer/do", for_trainer(trainer_do), methods=["POST"]),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]
    middleware = [Middleware(Headed), Middleware(Door, addresses=addresses)]
    app = Starlette(routes=routes, lifespan=lifespan, middleware=middleware)
    app.state.room, app.state.address = room, address
    return app


DEEDS = {
    "submit": submit, "roles": take_roles, "commit": commit, "draft": draw_up, "veto": veto, "done": report_done,
}  # fmt: skip
"""What a player may do, by the last part of the address."""

PHASE_PARTS = {COLLISION: meeting, MEETING: meeting, DAYS: afterwards, REVIEW: afterwards, DEBRIEF: afterwards}
"""What a phone shows in the phases after one's own plan."""


def main(words: list[str]) -> int:
    """Serve the class until somebody ends it."""
    import uvicorn

    from simulator.faces.cli.group import STOPPED

    told_by = json.loads(words[0])
    app = application(Path(os.environ["SOP_RESULTS"]) / "classes", told_by["address"])
    own = {"log_level": "warning", "limit_concurrency": 1_000, "server_header": False, "timeout_graceful_shutdown": 3}
    try:
        uvicorn.run(app, host=told_by["host"], port=told_by["port"], **own)
    except KeyboardInterrupt:
        return STOPPED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
