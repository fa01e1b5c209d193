"""Set up a class in the browser: lesson, level, rounds, teams, minutes, events, seed and language; then code, PIN and address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard.classroom.asked import A_DAY, answering, done, keep, spoken_to, with_language
from dashboard.classroom.door import asker, told
from dashboard.classroom.html import BLANK, fill, form, join, page, paragraphs
from dashboard.classroom.markdown import as_page
from dashboard.classroom.review_page import SCORE_PARTS
from dashboard.classroom.room import Class, Room
from dashboard.classroom.trainer import address_picture
from simulator.classroom.game import MOST_TEAMS, ROBOTS, Game
from simulator.classroom.lesson import Weights, guide_of, lesson_names, read_lesson
from simulator.classroom.log import RefusedError
from simulator.classroom.setup import MOST_MINUTES, MOST_WEIGHT, WEIGHT, Choices, changes_of
from simulator.kernel.messages import LANGUAGES, Text, msg, said, speaking, spoken

COOKIE = "sop_setup"


def may_set_up(request: Request) -> bool:
    """Tell if whoever asks came by the address that the command told."""
    room: Room = request.app.state.room
    return room.seal.opens(request.cookies.get(COOKIE, "")) or room.seal.opens(request.query_params.get("key", ""))


@answering
async def set_up(request: Request) -> Response:
    """The page on which a class is set up; only for who was told its address."""
    room: Room = request.app.state.room
    sent = await told(request) if request.method == "POST" else {}
    with spoken_to(request, None):
        room.pins.may_guess(f"new:{asker(request)}")
        if not may_set_up(request):
            room.pins.was_wrong(f"new:{asker(request)}")
            raise RefusedError(
                msg("a class is set up by the address that the command told when it began; open that one")
            )
    answer = await run_in_threadpool(_begin if request.method == "POST" else _ask, request, sent)
    answer.set_cookie(COOKIE, room.seal.key, max_age=A_DAY, path="/", httponly=True, samesite="lax")
    return with_language(request, answer)


@answering
async def guide(request: Request) -> Response:
    """A lesson's guide for trainers, to print: it tells what players should not know."""
    with spoken_to(request, None):
        if not may_set_up(request):
            raise RefusedError(
                msg("a class is set up by the address that the command told when it began; open that one")
            )
        return guide_page(guide_of(request.path_params["lesson"], spoken().language))


def guide_page(guide: str) -> Response:
    """A guide as a page."""
    return HTMLResponse(page(msg("Trainer's guides"), as_page(guide), kind="print"))


def _ask(request: Request, sent: Mapping[str, str], wrong: Markup = BLANK) -> Response:
    with spoken_to(request, None):
        return HTMLResponse(page(msg("Set up a class"), wrong + set_up_form(), kind="phone"), 422 if wrong else 200)


def _begin(request: Request, sent: Mapping[str, str]) -> Response:
    """Open the class, and lead its trainer to it."""
    room: Room = request.app.state.room
    with spoken_to(request, None):
        choices = Choices.read(sent)
        found = read_lesson(choices.lesson)
        with speaking(choices.language, found.texts(choices.language)):
            teams = [(said("Team {n}", n=k + 1), 4, "") for k in range(choices.teams)]
            teams += [(said("Robots {n}", n=k + 1), 4, ROBOTS[k % len(ROBOTS)]) for k in range(choices.robots)]
        game = Game.create(room.log, found, teams, changes_of(found, choices), choices.language)
        answer = done(request, f"/c/{game.code}/trainer/card")
        keep(answer, room.find(game.code, asker(request)), "sop_trainer", room.seal.of(game.code, game.pin))
        return answer


# --- the form ---


def set_up_form() -> Markup:
    """All that a trainer chooses; what is left alone is as the lesson has it."""
    inside = join(
        [
            _choice(msg("Lesson"), "lesson", [(name, _title(name)) for name in lesson_names()], "siloed-against-sop"),
            _number(msg("Teams of people"), "teams", 6, 0, MOST_TEAMS),
            _number(msg("Teams played by robots"), "robots", 0, 0, 3),
            _number(msg("Rounds of a month; empty: as the lesson has it"), "rounds", None, 1, 12),
            _choice(msg("Decisions"), "level", [("", msg("as the lesson has it")), *LEVELS], ""),
            _number(msg("Minutes of a month; empty: as the lesson has it"), "minutes", None, 1, MOST_MINUTES),
            _choice(msg("Events and rumours"), "events", [("on", msg("on")), ("off", msg("off"))], "on"),
            _number(msg("Seed of all luck; empty: as the lesson has it"), "seed", None, 0, 2**31 - 1),
            _choice(msg("Language"), "language", LANGUAGES.items(), spoken().language),
            _weights(),
        ]
    )
    hint = msg(
        "Choose a lesson and press the button; everything else may stay as it is. Each lesson has a guide to print."
    )
    guides = join(
        fill('<li><a href="/guide/{name}">{title}</a></li>', name=Markup(name), title=_title(name))
        for name in lesson_names()
    )
    return fill(
        "<h1>{title}</h1><p class=hint>{hint}</p>{form}<details><summary>{guides}</summary><ul>{list}</ul></details>",
        title=msg("Set up a class"), hint=hint, form=form("/new", inside, msg("Open the class"), "main"),
        guides=msg("Trainer's guides"), list=guides,
    )  # fmt: skip


def _weights() -> Markup:
    """Weights of the parts of the score, folded; what is left empty weighs as the lesson has it."""
    usual = Weights()
    fields = join(
        fill(
            '<label><span>{label}</span><input type=number step=any name="{name}" min=0 max={most} placeholder="{usual}"></label>',
            label=title, name=Markup(f"{WEIGHT}{part}"), most=MOST_WEIGHT, usual=Markup(f"{getattr(usual, part):g}"),
        )
        for part, title in SCORE_PARTS.items()
    )  # fmt: skip
    hint = msg("Only their proportions count; 0 leaves a part out. Empty: as the lesson has it.")
    return fill(
        "<details><summary>{title}</summary><p class=hint>{hint}</p>{fields}</details>",
        title=msg("Weights of the score"), hint=hint, fields=fields,
    )  # fmt: skip


LEVELS: list[tuple[str, Text]] = [
    ("1", msg("level 1: forecasts, production, overtime, parts")),
    ("2", msg("level 2: and safety stock, people, work outside, express parts")),
    ("3", msg("level 3: and deals declined, stock kept, promotions, prices")),
]


def _title(lesson: str) -> str:
    found = read_lesson(lesson)
    return found.texts(spoken().language).get(found.lesson.title, found.lesson.title)


def _choice(label: Text, name: str, choices: Iterable[tuple[str, Text]], first: str) -> Markup:
    every = join(
        fill(
            '<option value="{value}"{on}>{shown}</option>',
            value=value,
            shown=shown,
            on=Markup(" selected") if value == first else BLANK,
        )
        for value, shown in choices
    )
    return fill(
        "<label><span>{label}</span><select name={name}>{every}</select></label>",
        label=label,
        name=Markup(name),
        every=every,
    )


def _number(label: Text, name: str, value: int | None, low: int, high: int) -> Markup:
    return fill(
        '<label><span>{label}</span><input type=number name={name} value="{value}" min={low} max={high}></label>',
        label=label, name=Markup(name), value=BLANK if value is None else Markup(f"{value}"), low=Markup(f"{low}"), high=Markup(f"{high}"),
    )  # fmt: skip


# --- after it is open ---


def card(room: Class, address: str) -> Markup:
    """All that a trainer needs once: code, PIN, address, and who can reach it."""
    told = [
        msg("Players open {address} and enter the code, or point their camera at the picture.", address=f"{address}/"),
        msg(
            "Keep the PIN: it opens the trainer's screen on another machine, or after the program was started anew. Do not show it."
        ),
        msg(
            "The program listens on {address}: everybody in this network can reach it until you end it.",
            address=address,
        ),
    ]
    return fill(
        "<h1>{title}</h1><p>{code_is} <b class=big>{code}</b></p><p>{pin_is} <b class=big>{pin}</b></p>{picture}{told}"
        '<p><a class=go href="/c/{code}/trainer">{go}</a></p><p><a href="/c/{code}/trainer/guide">{guide}</a></p>',
        title=room.front.lesson.title, code_is=msg("Code for the class:"), code=room.code, pin_is=msg("Your PIN:"), pin=room.pin,
        picture=address_picture(f"{address}/c/{room.code}"), told=paragraphs(told), go=msg("Open the trainer's screen"),
        guide=msg("The trainer's guide of this lesson, to print"),
    )  # fmt: skip


def set_up_routes() -> list[Route]:
    """Addresses of the set-up page and of the guides."""
    return [Route("/new", set_up, methods=["GET", "POST"]), Route("/guide/{lesson}", guide)]
