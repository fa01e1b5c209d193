"""Requests to the training room: from a player, the trainer or nobody yet, in which language, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from dashboard.classroom.door import asker
from dashboard.classroom.html import BLANK, fill, form, page, refusal
from dashboard.classroom.room import Class, NotYetError, Room
from simulator.classroom.state import Player
from simulator.kernel.messages import LANGUAGES, msg, speaking
from simulator.kernel.units import ScenarioError

A_DAY = 86_400

Answer = Callable[[Request], Awaitable[Response]]
Show = Callable[[Request, Class, Markup], Response]
"""The page that asked, with a refusal on it."""


# --- who asks, and in which language ---


def language_of_reader(request: Request, room: Class | None) -> str:
    """The language a reader chose, or that of the class."""
    asked = (
        request.query_params.get("lang") or request.cookies.get("sop_lang") or (room.front.language if room else "en")
    )
    return asked if asked in LANGUAGES else "en"


@contextmanager
def spoken_to(request: Request, room: Class | None) -> Iterator[None]:
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


def refused(wrong: ScenarioError) -> JSONResponse:
    """Tell a script in one sentence what is wrong, and whether to ask again in a moment."""
    return JSONResponse({"ok": False, "error": str(wrong)}, status_code=503 if isinstance(wrong, NotYetError) else 422)


def answering(work: Answer) -> Answer:
    """Answer refusals with their one sentence."""

    @wraps(work)
    async def answer(request: Request) -> Response:
        try:
            return await work(request)
        except ScenarioError as wrong:
            with spoken_to(request, None):
                if from_script(request):
                    return refused(wrong)
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


def paper_of(inside: Markup | None) -> Response:
    """A page to print; while it is being worked out, a browser asks again by itself."""
    if inside is None:
        wait = fill("<p class=wait>{text}</p>", text=msg("This page is being worked out; it appears by itself ..."))
        return HTMLResponse(page(msg("One moment ..."), wait, kind="print"), headers={"refresh": "3"})
    return HTMLResponse(page(msg("Debrief"), inside, kind="print"))


def with_language(request: Request, answer: Response) -> Response:
    if request.query_params.get("lang") in LANGUAGES:
        answer.set_cookie("sop_lang", request.query_params["lang"], max_age=A_DAY, httponly=True, samesite="lax")
    return answer


def clock_of(room: Class) -> dict[str, Any]:
    phase = room.front.phase()
    return {"left": phase.left, "paused": phase.paused, "phase": phase.phase, "round": phase.round}


async def carefully(request: Request, room: Class, work: Callable[[], Response], show: Show) -> Response:
    """Do what was asked for beside the clock; a refusal is told on the page that asked."""

    def careful() -> Response:
        with spoken_to(request, room):
            try:
                return work()
            except ScenarioError as wrong:
                if from_script(request):
                    return refused(wrong)
                return show(request, room, refusal(str(wrong)))

    return await run_in_threadpool(careful)
