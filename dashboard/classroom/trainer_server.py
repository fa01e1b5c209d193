"""The trainer's part of the server: the PIN, the screen, its buttons and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from dashboard.classroom import trainer
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
    spoken_to,
    with_language,
)
from dashboard.classroom.door import asker, told
from dashboard.classroom.html import BLANK, page
from dashboard.classroom.paper import slides
from dashboard.classroom.room import Class
from dashboard.classroom.setup_page import card, guide_page
from dashboard.classroom.work import debrief_of_team, luck
from simulator.classroom.lesson import common_guide, guide_of, lesson_names
from simulator.classroom.log import RefusedError
from simulator.classroom.state import DEBRIEF
from simulator.kernel.messages import msg, said, spoken


@answering
async def trainer_home(request: Request) -> Response:
    """The trainer's screen; who has no PIN is asked for it."""
    room = class_of(request)
    return with_language(request, await run_in_threadpool(_trainer, request, room))


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

    return await carefully(request, room, work, _trainer)


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
        return await carefully(request, room, lambda: work(request, room, sent), _trainer)

    return answer


def trainer_fragment(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """The inside of the trainer's screen."""
    return JSONResponse({"html": str(trainer.trainer_page(room, request.app.state.address)), "mark": ""})


def trainer_news(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """The clock, and a mark of all that the screen shows."""
    here = sorted(id for id in room.seen if room.is_here(id))
    return JSONResponse({"mark": f"{room.state.last}:{room.desk.sign()}:{hash(tuple(here))}", **clock_of(room)})


def export(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """Everything of the class as a workbook."""
    from io import BytesIO

    import pandas as pd

    from simulator.classroom.debrief.workbook import game_tables

    is_over = room.state.phase == DEBRIEF
    lucks = (luck(room) or []) if is_over else []
    known = [debrief_of_team(room, team) for team in room.state.teams] if is_over else []
    tables = game_tables(room.back, lucks, [each for each in known if each is not None])
    book, plain = BytesIO(), {"strings_to_formulas": False, "strings_to_urls": False}
    with pd.ExcelWriter(book, engine="xlsxwriter", engine_kwargs={"options": plain}) as writer:
        for name, table in tables.items():
            table.to_excel(writer, sheet_name=name[:31], index=False)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(
        book.getvalue(), media_type=kind, headers={"content-disposition": f'attachment; filename="{room.code}.xlsx"'}
    )


def trainer_card(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """Code, PIN and address, for the trainer alone."""
    return HTMLResponse(page(room.front.lesson.title, card(room, request.app.state.address)))


def trainer_guide(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """The guide of the class's lesson, to print; for a lesson of one's own, what every lesson needs."""
    name, language = room.front.file.name, spoken().language
    return guide_page(guide_of(name, language) if name in lesson_names() else common_guide(language))


def trainer_slides(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """The debrief as slides, to show and to print."""
    return paper_of(slides(room))


def trainer_do(request: Request, room: Class, sent: Mapping[str, str]) -> Response:
    """Do what a button asks for."""
    trainer.act(room, sent)
    return done(request, f"/c/{room.code}/trainer")


def trainer_routes() -> list[Route]:
    """Addresses of the trainer; all but the first two are refused to everybody else."""
    return [
        Route("/c/{code}/trainer", trainer_home),
        Route("/c/{code}/trainer/pin", trainer_pin, methods=["POST"]),
        Route("/c/{code}/trainer/page", for_trainer(trainer_fragment)),
        Route("/c/{code}/trainer/news", for_trainer(trainer_news)),
        Route("/c/{code}/trainer/export", for_trainer(export)),
        Route("/c/{code}/trainer/card", for_trainer(trainer_card)),
        Route("/c/{code}/trainer/guide", for_trainer(trainer_guide)),
        Route("/c/{code}/trainer/slides", for_trainer(trainer_slides)),
        Route("/c/{code}/trainer/do", for_trainer(trainer_do), methods=["POST"]),
    ]
