"""Pages for one person alone: lessons against the policies, and the puzzle of the day."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections.abc import Mapping

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard.classroom.asked import A_DAY, answering, done, keep, language_of_reader, spoken_to, with_language
from dashboard.classroom.door import asker, told
from dashboard.classroom.html import BLANK, fill, form, inputs, join, page, paragraphs, section, waiting
from dashboard.classroom.meeting_page import outcome_bars, scales_of
from dashboard.classroom.phone import fields_now, once, round_of, values_of
from dashboard.classroom.room import Class, NotYetError, Room, month_stamp
from simulator.classroom.alone import begin_alone, go_on_alone, lessons_alone, minutes_alone, submit_alone
from simulator.classroom.game import Game
from simulator.classroom.lesson import LessonFile
from simulator.classroom.log import RefusedError
from simulator.classroom.puzzle import (
    Puzzle,
    Solved,
    choose,
    day_told,
    judged,
    puzzle,
    puzzle_game,
    shares_of_answers,
    solved,
)
from simulator.classroom.roles import ROLES
from simulator.classroom.setup import MOST_SEED
from simulator.classroom.state import DEBRIEF, MEETING, PHASE_TITLES, PLAN, Player, State
from simulator.kernel.messages import Text, msg, number, plural

GAMES, WHO = "sop_games", "sop_who"
"""Cookies: the codes of one's own games, the latest first; and a random mark by which a first answer to a puzzle stands."""

MOST_KEPT = 8

_one_puzzle = threading.Lock()


# --- the list of lessons ---


def _own_codes(request: Request) -> list[str]:
    return [code for code in request.cookies.get(GAMES, "").split(".") if code.isalnum()][:MOST_KEPT]


@answering
async def alone_home(request: Request) -> Response:
    """The lessons that one may play alone, one's own games, and the way to the puzzle."""
    return with_language(request, await run_in_threadpool(_list, request))


def _list(request: Request) -> Response:
    with spoken_to(request, None):
        body = fill(
            "<h1>{title}</h1><p class=hint>{hint}</p>{own}"
            '<section><h2>{puzzle}</h2><p>{what}</p><p><a class=go href="/alone/puzzle">{go}</a></p></section>'
            "<h2>{lessons}</h2><div class=cards>{list}</div>",
            title=msg("Play alone"),
            hint=msg(
                "You hold all roles and play against the policies on the same luck. No clock, no account: what you decide is kept on this "
                "machine only."
            ),
            own=_own_games(request), puzzle=msg("Puzzle of the day"), go=msg("To the puzzle"), lessons=msg("Lessons"),
            what=msg("One morning, one decision; then the truth, and what each answer was worth."),
            list=join(map(_lesson, lessons_alone())),
        )  # fmt: skip
        return HTMLResponse(page(msg("Play alone"), body))


def _own_games(request: Request) -> Markup:
    room: Room = request.app.state.room
    rows = []
    for code in _own_codes(request):
        try:
            game = Game.open(room.log, code)
        except RefusedError:
            continue
        if game.alone:
            phase = game.phase()
            texts = game.file.texts(language_of_reader(request, None))
            title = texts.get(game.lesson.title, game.lesson.title)
            where: Text = msg("round {n} of {most}, {phase}", n=phase.round, most=phase.rounds, phase=phase.phase_title)
            rows.append(
                fill('<li><a href="/c/{code}">{title}</a> <small>{where}</small></li>', code=code, title=title, where=where)
            )  # fmt: skip
    if not rows:
        return BLANK
    return fill("<section><h2>{title}</h2><ul>{rows}</ul></section>", title=msg("Your games"), rows=join(rows))


def _lesson(found: LessonFile) -> Markup:
    from simulator.kernel.messages import spoken

    texts = found.texts(spoken().language)
    title, note = (texts.get(text, text) for text in (found.lesson.title, found.lesson.note))
    length = plural(
        "{n} month, about {minutes} minutes",
        "{n} months, about {minutes} minutes",
        found.lesson.rounds,
        minutes=minutes_alone(found),
    )
    choice = fill(
        '<label class=touch><input type=checkbox name=luck value=other><span>{other}</span></label>',
        other=msg("on other luck than last time"),
    )  # fmt: skip
    return fill(
        "<section class=card><h3>{title}</h3><p>{note}</p><p><small>{length}</small></p>{begin}</section>",
        title=title, note=note, length=length, begin=form("/alone", choice, msg("Play this lesson"), "small", lesson=found.name),
    )  # fmt: skip


@answering
async def alone_begin(request: Request) -> Response:
    """Begin a game, and lead to it."""
    sent = await told(request)
    return await run_in_threadpool(_begin, request, sent)


def _begin(request: Request, sent: Mapping[str, str]) -> Response:
    room: Room = request.app.state.room
    known = {each.name: each for each in lessons_alone()}
    with spoken_to(request, None):
        if sent.get("lesson") not in known:
            raise RefusedError(
                msg("there is no lesson {name}; choose one of the list", name=repr(sent.get("lesson"))[:80])
            )
        changes = {"seed": secrets.randbelow(MOST_SEED)} if sent.get("luck") else {}
        game, player = begin_alone(room.log, known[sent["lesson"]], changes, language_of_reader(request, None))
    found = room.find(game.code, asker(request))
    answer = done(request, f"/c/{game.code}")
    keep(answer, found, "sop_player", player.id)
    keep(answer, found, "sop_trainer", room.seal.of(game.code, game.pin))
    own = ".".join([game.code, *_own_codes(request)][:MOST_KEPT])
    answer.set_cookie(GAMES, own, max_age=30 * A_DAY, path="/alone", httponly=True, samesite="lax")
    return answer


# --- a game ---


def plans_at_once(room: Class, player: Player, state: State) -> Markup:
    """The plans of all roles in one form, folded by role; with it one goes on to where they clash."""
    views = {role: room.view(player.team, role) for role in ROLES}
    if any(view is None for view in views.values()):
        return waiting()
    team = state.teams[player.team]
    parts = join(
        fill(
            "<details{is_open}><summary>{title}</summary><p class=does>{does}</p>{news}{fields}<details><summary>{more}</summary>{report}"
            "</details></details>",
            is_open=Markup(" open") if view.news else BLANK, title=ROLES[role].title, does=ROLES[role].does,
            news=fill("<ul class=news>{n}</ul>", n=join(fill("<li>{t}</li>", t=t) for t in view.news)) if view.news else BLANK,
            fields=inputs(fields_now(view.fields, state), dict(team.submitted.get((state.round, role)) or {})),
            more=msg("Figures of this role"), report=join(map(section, view.sections)),
        )
        for role, view in views.items()
    )  # fmt: skip
    hint = msg("Every field is prefilled with what the rules recommend; change what you would do otherwise.")
    own = form(f"/c/{room.code}/plans", parts, msg("These are my plans"), "main", round=state.round)
    return fill("<p class=hint>{hint}</p>{own}", hint=hint, own=own)


def onward(room: Class, state: State) -> Markup:
    """The button to the next phase, and what else one person alone may do."""
    round, phase = state.after
    at = f"{state.round}:{state.phase}"
    to: Text = PHASE_TITLES[phase] if round == state.round else msg("Round {n}", n=round)
    button = BLANK
    if state.phase == MEETING and not state.silence:
        text = msg("Go on without a commitment: the plans as they were submitted stand")
        button = form(f"/c/{room.code}/next", BLANK, text, "small", at=at)
    elif state.phase not in (DEBRIEF, PLAN):
        button = form(f"/c/{room.code}/next", BLANK, msg("Go on: {phase}", phase=to), "main", at=at)
    again = form(f"/c/{room.code}/again", BLANK, msg("Play this month again"), "small", round=state.round)
    return fill(
        '{button}<p class=solo><a href="/alone">{games}</a> · <a href="/c/{code}/trainer/export" download>{book}</a></p>{again}',
        button=button, games=msg("Other games"), code=room.code, book=msg("Workbook of everything"), again=again,
    )  # fmt: skip


def next_phase(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Go on to the next phase."""
    round, _, phase = sent.get("at", "").partition(":")
    go_on_alone(room.front, (round_of({"round": round}), phase[:20]))


def plans(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Submit all plans, and go on to where they clash."""
    values, round = values_of(sent), round_of(sent)
    submit_alone(room.front, player, round, values, once(sent, values))
    go_on_alone(room.front, (round, PLAN))


def again(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Take the month up again from its beginning."""
    if not room.front.alone:
        raise RefusedError(msg("the trainer leads this class"))
    room.front.restart(round_of(sent))


ALONE_DEEDS = {"next": next_phase, "plans": plans, "again": again}
"""What one person alone may do beside a player's deeds, by the last part of the address."""


# --- the puzzle ---


@answering
async def puzzle_page(request: Request) -> Response:
    """The puzzle of a day: the question, and once one has answered, the truth over the distribution."""
    sent = await told(request) if request.method == "POST" else {}
    return with_language(request, await run_in_threadpool(_puzzle, request, sent))


def _puzzle(request: Request, sent: Mapping[str, str]) -> Response:
    room: Room = request.app.state.room
    today = dt.date.today()
    with spoken_to(request, None):
        day = day_told(sent.get("day", "") or request.query_params.get("day", ""), today)
    with _one_puzzle:
        code = puzzle_game(room.log, day).code
    found = room.find(code, asker(request))
    who = request.cookies.get(WHO, "") if len(request.cookies.get(WHO, "")) == 22 else secrets.token_urlsafe(16)
    with spoken_to(request, found):
        if sent:
            choose_of(found, who, sent.get("letter", ""))
            answer: Response = done(request, f"/alone/puzzle?day={day}")
        else:
            body = puzzle_body(found, day, today, found.state.chosen.get(who, ""))
            again = {} if body is not None else {"refresh": "2"}
            answer = HTMLResponse(page(msg("Puzzle of the day"), body or waiting()), headers=again)
    answer.set_cookie(WHO, who, max_age=366 * A_DAY, path="/alone", httponly=True, samesite="lax")
    return answer


def asked_of(room: Class) -> Puzzle | None:
    """The puzzle, or None while it is being worked out."""
    found: Puzzle | None = room.desk.ask(("puzzle",), month_stamp(room.state), lambda: puzzle(room.back))
    return found


def choose_of(room: Class, who: str, letter: str) -> None:
    """Write down an answer, once the answers are known."""
    asked = asked_of(room)
    if asked is None:
        raise NotYetError(msg("the figures of this month are still being worked out; try again in a moment"))
    choose(room.front, asked, who, letter)


def puzzle_body(room: Class, day: dt.date, today: dt.date, letter: str) -> Markup | None:
    """All of a puzzle's page; None while it is being worked out."""
    asked = asked_of(room)
    if asked is None:
        return None
    truth_of(room, asked)  # nobody waits for it later
    earlier = day - dt.timedelta(days=1)
    head = fill(
        "<h1>{title}</h1><p><small>{when}</small></p><p class=hint>{hint}</p>",
        title=msg("Puzzle of {day}", day=day.isoformat()), when=msg("A maker of heaters and fans, a morning in {month}", month=asked.month),
        hint=msg("The date gives the puzzle: everybody has the same one today. Your first answer stands."),
    )  # fmt: skip
    shown = _question(asked, day) if not letter else _truth(room, asked, letter)
    if shown is None:
        return None
    figures = fill(
        "<details{is_open}><summary>{title}</summary>{inside}</details>",
        is_open=BLANK if letter else Markup(" open"), title=msg("The figures of that morning"), inside=join(map(section, asked.sections)),
    )  # fmt: skip
    back = BLANK
    if (today - earlier).days <= 30:
        back = fill(
            '<a href="/alone/puzzle?day={day}">{text}</a> · ', day=earlier.isoformat(), text=msg("The puzzle of the day before")
        )  # fmt: skip
    end = fill('<p>{back}<a href="/alone">{text}</a></p>', back=back, text=msg("Play a whole lesson"))
    return join([head, shown, figures, end])


def truth_of(room: Class, asked: Puzzle) -> list[Solved] | None:
    """All answers after the fact, or None while they are being worked out."""
    found: list[Solved] | None = room.desk.ask(("solved",), month_stamp(room.state), lambda: solved(room.back, asked))
    return found


def _question(asked: Puzzle, day: dt.date) -> Markup:
    choices = join(
        fill(
            '<label class=touch><input type=radio name=letter value="{letter}" required><span>{letter} · {title}</span></label>',
            letter=each.letter, title=each.title,
        )
        for each in asked.options
    )  # fmt: skip
    inside = fill("<fieldset><legend>{question}</legend>{choices}</fieldset>", question=asked.question, choices=choices)
    return form("/alone/puzzle", inside, msg("This is my decision"), "main", day=day.isoformat())


def _truth(room: Class, asked: Puzzle, letter: str) -> Markup | None:
    found = truth_of(room, asked)
    if found is None:
        return None
    currency = room.front.file.scenario.company.currency
    ends = scales_of([each.outcomes for each in found], [each.came for each in found])
    many = shares_of_answers(room.front)
    cards = join(
        fill(
            "<div class='card{mine}'><b>{letter} · {title}</b> <small>{worth}</small>{bars}</div>",
            mine=Markup(" chosen") if each.option.letter == letter else BLANK, letter=each.option.letter, title=each.option.title,
            worth=msg("worth {n} {currency} of economic profit", n=number(each.worth), currency=currency),
            bars=outcome_bars(each.outcomes, ends, each.came),
        )
        for each in found
    )  # fmt: skip
    hint = msg(
        "Three months, in {n} possible futures from that morning: the bar holds eight of ten, the ring is the middle, "
        "the full dot what came.",
        n=room.back.playing.futures,
    )
    people = msg(
        "{n} of {all} who answered on this machine chose {letter} as well.",
        n=max(many.get(letter, 0) - 1, 0), all=max(sum(many.values()) - 1, 0), letter=letter,
    )  # fmt: skip
    others = paragraphs([people]) if sum(many.values()) > 1 else BLANK
    return fill(
        "<section><h2>{question}</h2><p><b>{chose}</b></p>{verdict}{others}<p class=hint>{hint}</p>"
        "<div class=cards>{cards}</div></section>",
        question=asked.question, chose=msg("You chose {letter}.", letter=letter), verdict=paragraphs(judged(found, letter, currency)),
        others=others, hint=hint, cards=cards,
    )  # fmt: skip


def alone_routes() -> list[Route]:
    """Addresses of one person alone."""
    return [
        Route("/alone", alone_home, methods=["GET"]),
        Route("/alone", alone_begin, methods=["POST"]),
        Route("/alone/puzzle", puzzle_page, methods=["GET", "POST"]),
    ]
